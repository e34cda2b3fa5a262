"""The context explorer without a browser: what it answers, says and draws."""

import io
import re
import time

import matplotlib.image
import pytest
import torch

from course_lib.learners import InContext
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson09 import context_worlds as worlds
from course_lib.lessons.lesson09.context_explorer import AT_ONCE, STEPS, ContextExplorer
from course_lib.lessons.lesson09.context_picture import STYLES
from course_lib.models import MLP
from course_lib.tasks import GaussianProcess, Lines


def made(seed=0, **options):
    torch.manual_seed(seed)
    few, many, unsure = (InContext(width=16, layers=1, spread=spread) for spread in (False, False, True))
    return ContextExplorer(
        {
            "sine waves": worlds.sines({"sine waves": many}, MAML(MLP((1, 8, 1)))),
            "lines": worlds.lines({"4 lines": few, "endless lines": many}, Lines(1, intercept=True)),
            "curves": worlds.curves(unsure, GaussianProcess()),
        },
        **options,
    )


def test_it_shows_who_answers_in_the_world_that_is_chosen():
    explorer = made()
    assert [name.split(",")[0] for name in explorer.answers] == [
        "reads in context", "least squares of a sin x + b cos x", "MAML",
    ]  # fmt: skip
    explorer.menu.value = "lines"
    assert list(explorer.answers) == ["reads, trained on endless lines", "ridge"]
    explorer.reader.value = "4 lines"
    assert list(explorer.answers) == ["reads, trained on 4 lines", "ridge"]
    explorer.menu.value = "curves"
    assert list(explorer.answers) == ["reads in context", "exact posterior"]
    assert all(answer.spread.min() > 0 for answer in explorer.answers.values())


def test_controls_that_mean_nothing_in_a_world_are_hidden():
    explorer = made()
    for name, shown in (("sine waves", (None, "none")), ("lines", ("none", None)), ("curves", ("none", "none"))):
        explorer.menu.value = name
        assert (explorer.steps.layout.display, explorer.reader.layout.display) == shown


@pytest.mark.parametrize("steps", STEPS)
def test_maml_answers_with_the_steps_that_are_chosen(steps):
    explorer = made()
    explorer.steps.value = steps
    (name,) = [name for name in explorer.answers if name.startswith("MAML")]
    assert re.fullmatch(rf"MAML, {steps} steps?", name)
    world = explorer.world
    expected = worlds.read(world.walker, explorer.points, world.grid, steps=steps)
    assert torch.allclose(explorer.answers[name].mean, expected.mean)


def test_while_a_point_is_dragged_many_steps_wait():
    explorer = made()
    explorer.steps.value = max(STEPS)
    quick = explorer._answer(AT_ONCE)
    assert not any(name.startswith("MAML") for name in quick) and len(quick) == 2


def test_a_moved_point_has_no_true_curve_and_another_task_has():
    explorer = made(shot=4)
    assert explorer.truth is not None and "true curve, x from -5 to 5:" in explorer.message
    explorer.support.hear({"move": 0, "to": [0.5, 0.05]})
    assert explorer.truth is None and "there is no true curve" in explorer.message
    explorer.support.hear({"move": 0, "to": [0.5, 0.02]})  # up, out of the grey area
    assert "outside the grey area" in explorer.message and "none outside" not in explorer.message
    explorer.another.click()
    assert explorer.truth is not None and len(explorer.points) == 4


def test_what_it_says_are_the_errors_of_the_curves():
    explorer = made(seed=1)
    for world, far in (("curves", 2), ("sine waves", 5)):
        explorer.menu.value = world
        near = explorer.world.grid.abs() <= far  # where training had points
        for name, answer in explorer.answers.items():
            error = (answer.mean - explorer.truth)[near].square().mean().item()
            said = re.search(rf"{re.escape(name)} ([\d.e+-]+?)(; |\.$)", explorer.message)[1]
            assert float(said) == pytest.approx(error, rel=0.06, abs=1e-6) and "e-" not in said
    explorer.support.hear({"move": 0, "to": [0.5, 0.5]})
    grid = explorer.world.grid
    for name, answer in explorer.answers.items():
        at = [answer.mean[(grid - x).abs().argmin()] for x in explorer.points[:, 0]]  # nearly: the nearest place
        error = (torch.stack(at) - explorer.points[:, 1]).square().mean().item()
        said = float(re.search(rf"{re.escape(name)} ([\d.e+-]+?)[;.]($| )", explorer.message)[1])
        assert said == pytest.approx(error, rel=0.5, abs=0.3)


def test_points_are_added_and_removed_but_one_stays():
    explorer = made(shot=1)
    explorer._remove()
    assert len(explorer.points) == 1 and explorer.remove.disabled
    explorer.support.hear({"add": [0.3, 0.3]})
    assert len(explorer.points) == 2 and explorer.shots.value == 2 and not explorer.remove.disabled
    explorer.remove.click()
    assert len(explorer.points) == 1
    explorer.shots.value = 20
    explorer.support.hear({"add": [0.3, 0.3]})
    assert len(explorer.points) == 20 and "at most 20" in explorer.message


def test_more_shots_are_more_points_of_the_same_task():
    explorer = made(shot=3)
    before = explorer.points
    explorer.shots.value = 6
    assert torch.equal(explorer.points[:3], before) and len(explorer.points) == 6


@pytest.mark.parametrize("name", ["sine waves", "lines", "curves"])
def test_extremes_are_drawn(name):
    explorer = made()
    explorer.menu.value = name
    for shots in (1, 20):
        explorer.shots.value = shots
        for source in explorer.source.options:
            explorer.source.value = source
            parts = explorer.view.parts
            assert "nan" not in parts["curves"].lower() and "inf" not in parts["curves"].lower()
            assert parts["points"].count("data-number") == shots
    for to in ([0, 0], [1, 1], [0, 1]):
        explorer.support.hear({"move": 0, "to": to})
        assert "nan" not in explorer.view.parts["curves"].lower()


def test_the_picture_has_every_answer_in_its_legend():
    explorer = made()
    for name in explorer.menu.options:
        explorer.menu.value = name
        figure = explorer.draw()
        labels = {text.get_text() for text in figure.axes[0].get_legend().get_texts()}
        assert {*explorer.answers, "true curve", "points of training", "support point"} <= labels
        picture, words = explorer.snapshot()
        assert matplotlib.image.imread(io.BytesIO(picture)).shape[1] > 600
        assert explorer.message in words
    assert len({color for color, _, _ in STYLES}) == len({dash for _, dash, _ in STYLES}) == 3  # not by colour alone


def test_an_update_is_quick():
    explorer = made()
    taken = []
    for i in range(40):
        begin = time.process_time()
        explorer.support.hear({"move": 0, "to": [0.3 + 0.01 * i, 0.4]})
        taken.append(time.process_time() - begin)
    assert sorted(taken)[37] < 0.1  # seconds, of a reader of one layer; benchmarks/widgets.py has the lesson's


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (({},), "one to four worlds"),
        (({"a": InContext(width=8, layers=1)},), "must map names to a World"),
        (({"a": None}, 3), "must map names to a World"),
    ],
)
def test_bad_worlds_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        ContextExplorer(*arguments)


@pytest.mark.parametrize("shot", [0, 21, True, 2.0])
def test_bad_shots_are_refused(shot):
    with pytest.raises(ValueError, match="whole number from 1 to 20"):
        made(shot=shot)
