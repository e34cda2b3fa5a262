"""The person explorer without a browser: it answers what a plain loop answers, and says what it shows."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson11.bench import METHODS, QUERIES, Bench, Settings
from course_lib.lessons.lesson11.mirror import mirrored, six_signs
from course_lib.lessons.lesson11.networks import make_global, make_prototypical, population, scene
from course_lib.lessons.lesson11.person_explorer import PersonExplorer
from course_lib.tasks.people import AFTER, BEFORE, arms_of, cut, folds, read_recordings, scaled

ALL = Settings("left", (1, 1, 1), 64, (0.5,) * 7, (True,) * 7, False, 1.0)


@pytest.fixture(scope="module")
def learners():
    torch.manual_seed(0)
    return [(make_global(), make_prototypical()) for _ in range(5)]


@pytest.fixture(scope="module")
def made(learners):
    return PersonExplorer(learners, person=2)


@pytest.fixture
def explorer(made):
    """As at first."""
    for control, value in ((made.arm, "left"), (made.window, 64), (made.trust, 1.0), (made.person, 3)):
        control.value = value
    for control, value in (*((sign, False) for sign in made.signs), *((label, True) for label in made.labels)):
        control.value = value
    made.lend.value = False
    made.places, made.chosen = [0.5] * 7, 0
    made.redraw()
    return made


@pytest.fixture
def bench(made):
    return made.bench


def by_hand(bench, settings, person):
    """One person's answers, written out: a window at a time."""
    fold, raw = person // 2, read_recordings()
    recordings = mirrored(raw, six_signs(*settings.signs), settings.side)
    train, _ = folds()[fold]
    seen = raw.signal[arms_of(train, ("right",))]
    real = torch.arange(raw.signal.shape[2]) < raw.length[arms_of(train, ("right",))].unsqueeze(-1)
    mean, deviation = seen[real].mean(0)[:, None], seen[real].std(0)[:, None]
    (arm,) = arms_of([person], (settings.side,)).tolist()
    right = {name: 0 for name in METHODS[:3]}
    one = scene(fold, ("right",))
    plain, prototypical = bench.learners[fold]
    with torch.no_grad():
        means = {}
        for name, learner in zip(METHODS[1:3], (plain, prototypical), strict=True):
            means[name] = population(learner.embed, one)
            for k in range(7):
                free = int(BEFORE * raw.length[arm, k]) - settings.window
                window = cut(recordings, arm, k, round(settings.places[k] * free), settings.window)
                if settings.labelled[k]:
                    own = learner.embed(((window - mean) / deviation)[None, None])[0, 0]
                    means[name][k] = settings.trust * own + (1 - settings.trust) * means[name][k]
        for k in range(7):
            for start in bench._starts[arm, k].tolist():
                x = ((cut(recordings, arm, k, start) - mean) / deviation)[None, None]
                right["global"] += plain.predict(None, x).argmax().item() == k
                for name, learner in zip(METHODS[1:3], (plain, prototypical), strict=True):
                    near = (learner.embed(x)[0, 0] - means[name]).square().sum(-1).argmin()
                    right[name] += near.item() == k
    return {name: 100 * n / (7 * QUERIES) for name, n in right.items()}


@pytest.mark.parametrize(("settings", "person"), [
    (ALL, 0), (ALL._replace(signs=(-1, 1, 1), window=16, places=(0.0, 0.2, 1.0, 0.4, 0.5, 0.9, 0.1), trust=0.3), 5),
    (ALL._replace(side="right", signs=(1, -1, -1), labelled=(True, False) * 3 + (False,), window=8), 9),
])  # fmt: skip
def test_the_answers_are_those_of_a_plain_loop(bench, settings, person):
    found, wanted = bench.scores(settings), by_hand(bench, settings, person)
    assert {name: found[name][person] for name in wanted} == pytest.approx(wanted, abs=100 / (7 * QUERIES) + 0.01)
    assert sum(abs(found[name][person] - wanted[name]) for name in wanted) < 100 / (7 * QUERIES) + 0.01


def test_windows_to_calibrate_with_lie_before_the_queries_and_inside(bench):
    raw = bench.raw
    for window in (8, 64):
        for place in (0.0, 1.0):
            starts = bench.starts(ALL._replace(window=window, places=(place,) * 7), raw.length)
            assert (starts >= 0).all() and (starts + window <= BEFORE * raw.length).all()
    assert (bench._starts >= AFTER * raw.length.unsqueeze(-1)).all()
    assert (bench._starts + 64 <= raw.length.unsqueeze(-1)).all()


def test_signs_of_the_tested_do_not_touch_the_scale(bench):
    """Only the two people's own signals turn: the scale is that of the training people as they are."""
    plain, turned = (bench._worn["right", signs, 1] for signs in ((1, 1, 1), (-1, 1, 1)))
    raw = read_recordings()
    one = scaled(raw, arms_of(folds()[1][0], ("right",)))
    assert torch.allclose(plain.signal, one.signal[arms_of([2, 3], ("right",))])
    middle = (plain.signal + turned.signal) / 2  # what stays is minus the mean over the deviation, or the signal
    assert torch.allclose(middle[..., 0], middle[0, 0, 0, 0].expand_as(middle[..., 0]), atol=1e-5)
    assert torch.allclose(plain.signal[..., 1], turned.signal[..., 1])


def test_without_labels_or_trust_the_population_answers(bench):
    nobody = bench.scores(ALL._replace(labelled=(False,) * 7))
    distrusted = bench.scores(ALL._replace(trust=0.0))
    for name in METHODS[:3]:
        assert (nobody[name] == distrusted[name]).all()
    assert (bench.trained("fine-tuned", ALL._replace(labelled=(False,) * 7)) == nobody["global"]).all()


def test_what_was_not_labelled_is_named_only_after_strangers_lend(bench):
    three = ALL._replace(labelled=(True,) * 3 + (False,) * 4)
    assert bench.trained("from scratch", three).max() <= 100 * 3 / 7 + 0.01
    x, y = bench._support(three._replace(lend=True), 0)
    assert sorted(y[0].tolist()) == [0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6] and x.shape == (2, 11, 6, 64)
    x, _ = bench._support(three._replace(lend=True, window=16), 0)
    assert x.shape == (2, 11, 6, 16)


def test_each_control_is_heard(explorer):
    for act, words in (
        (lambda e: setattr(e.arm, "value", "right"), "Right arm"),
        (lambda e: setattr(e.signs[0], "value", True), "signs of x turned"),
        (lambda e: setattr(e.window, "value", 8), "0.32 s of each"),
        (lambda e: setattr(e.labels[4], "value", False), "6 of 7 exercises"),
        (lambda e: setattr(e.person, "value", 10), "Person 10"),
    ):
        number = explorer.view.parts["number"]
        act(explorer)
        assert words in explorer.message and explorer.view.parts["number"] == number + 1
    assert explorer.scores["fine-tuned"] is None and "Not trained" in explorer.message
    before = explorer.scores["prototypical"].copy()
    explorer.trust.value = 0.2
    assert (explorer.scores["prototypical"] != before).any()


def test_what_was_trained_is_kept_and_no_trust_changes_it(explorer):
    scratch = explorer.scores["from scratch"]
    explorer.trust.value = 0.5
    assert explorer.scores["from scratch"] is scratch and explorer.button.disabled
    explorer.labels[0].value = False
    assert explorer.scores["from scratch"] is None and not explorer.button.disabled
    assert explorer.view.parts["columns"].count("press Train") == 2
    explorer.labels[0].value = True
    assert explorer.scores["from scratch"] is scratch


def test_windows_move_with_the_mouse_and_with_keys(explorer):
    strip = explorer._strip(explorer.settings, 2)
    explorer._hear({"move": 4, "to": [0.9, 0.1]})
    assert explorer.places[4] == 1.0 and explorer.chosen == 4
    explorer._hear({"add": [0.0, 0.99]})
    assert explorer.places[6] == 0.0 and explorer.chosen == 6
    explorer._hear({"nudge": [1, -1]})
    assert explorer.chosen == 5 and explorer.places[5] == pytest.approx(0.55)
    explorer._hear({"choose": 1})
    assert explorer.chosen == 1 and explorer.places[1] == 0.5
    at = (strip.middles[1] + 0.4) / strip.longest  # 0.4 s further; the names stand left of second 0
    explorer._hear({"move": 1, "to": [(at + 0.3) / 1.3, 0.2]})
    assert explorer._strip(explorer.settings, 2).middles[1] == pytest.approx(strip.middles[1] + 0.4, abs=0.03)


def test_signals_travel_only_when_they_change(explorer):
    kept = explorer.view.kept
    explorer.trust.value = 0.4
    assert explorer.view.kept is kept
    explorer.signs[2].value = True
    assert explorer.view.kept["strip"] != kept["strip"]


def test_every_person_has_a_dot_and_the_means_are_written(explorer):
    columns = explorer.view.parts["columns"]
    assert columns.count('r="4"') == 50 and columns.count('r="8"') == 5
    for values in explorer.scores.values():
        assert f">{np.mean(values):.0f}</text>" in columns


def test_the_picture_has_the_words_of_the_widget(explorer):
    png, alt = explorer.snapshot()
    assert explorer.message in alt and Image.open(io.BytesIO(png)).size[0] > 800
    explorer.labels[2].value = False  # a window without label, and two methods that wait
    assert Image.open(io.BytesIO(explorer.snapshot()[0])).size[0] > 800


def test_what_it_cannot_use_gets_a_sentence(learners):
    with pytest.raises(ValueError, match="five pairs"):
        Bench(learners[:4])
    with pytest.raises(ValueError, match="five pairs"):
        PersonExplorer([(b, a) for a, b in learners])
    with pytest.raises(ValueError, match="person must be"):
        PersonExplorer(learners, person=10)
