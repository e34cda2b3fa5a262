"""The stored trainings of lesson 10: whole, made by the script, and read rightly."""

import json
import math
from tempfile import TemporaryDirectory

import pytest
import torch
from click.testing import CliRunner

from benchmarks import words as script
from course_lib.lessons.lesson10 import three_trainings
from course_lib.lessons.lesson10.folding import decode
from course_lib.lessons.lesson10.three_trainings import CURVE, NETWORKS, SEEDS, STEPS, WALL
from course_lib.tasks import Words
from course_lib.tasks.words import words_of


@pytest.fixture(scope="module")
def stored():
    return three_trainings.read()


def test_the_table_holds_what_the_script_plans_and_says_how_it_was_made(stored):
    assert set(stored) == set(three_trainings.planned()) and len(SEEDS) == 3
    assert all(made.date >= "2026-11-27" and made.torch for made in stored.values())
    assert all(made.seconds > 0 for made in stored.values() if made.steps)
    assert json.loads(three_trainings.TABLE.read_text())["command"] == script.COMMAND


@pytest.mark.slow
def test_accuracies_of_the_wall_are_those_of_its_languages(stored):
    for made in stored.values():
        for asked, each in made.languages.items():
            split, shot, _ = asked.split(", ")
            assert set(each) <= set(Words(5, int(shot), 25, split).names)
            assert len(each) >= 0.9 * len(Words(5, int(shot), 25, split).names)
            assert abs(sum(each.values()) / len(each) - made.percent[asked]) < 3  # not all are drawn equally often
    assert {made.part for made in stored.values() if made.languages} == {"wall"}


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    missing = ("wall", "CNN", STEPS["CNN"], 1)
    path = tmp_path / "table.json"
    three_trainings.write([made for identity, made in stored.items() if identity != missing], "command", path)
    asked = []
    monkeypatch.setattr(script, "train", lambda *identity: asked.append(identity) or stored[missing])
    done = CliRunner().invoke(script.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and three_trainings.read(path) == stored


@pytest.mark.parametrize("name", ["plain", "prior"])
def test_what_needs_no_training_is_measured_again_as_it_stands(name, stored):
    again = script.wall(name, 0, 0, 0.0)
    made = stored["wall", name, 0, 0]
    assert again[0] == pytest.approx(made.percent, abs=0.3)
    assert again[1]["families, 5, 1"] == pytest.approx(made.languages["families, 5, 1"], abs=1.5)


@pytest.fixture
def few(monkeypatch):
    """Two test tasks in place of hundreds."""
    monkeypatch.setattr(script, "N_TEST", 2)


@pytest.mark.parametrize("part, name, steps", [
    ("wall", "CNN", 2), ("encoders", "GRU", 2), ("encoders", "pretrained CNN", 2), ("encoders", "MAML, GRU", 1),
    ("invented", "pool", 2), ("invented", "exact", 0),
])  # fmt: skip
def test_the_script_trains_and_judges(part, name, steps, few, stored):
    made = script.train(part, name, steps, 0)
    like = next(known for known in stored.values() if (known.part, known.name) == (part, name))
    assert made.percent.keys() == like.percent.keys()
    assert all(math.isfinite(value) for value in made.percent.values())


def test_the_curve_goes_on_where_it_ended(few, monkeypatch):
    """Four steps in two rows are four steps at once."""
    found = []
    for rows in ((2, 4), (4,)):
        kept = TemporaryDirectory()
        monkeypatch.setattr(script, "KEPT", kept)
        found.append([script.train("curve", "CNN", steps, 5).percent for steps in rows][-1])
    assert found[0] == found[1] and found[0].keys() == {f"{split}, 5, 1" for split in (*WALL, "validation")}
    assert CURVE[0] == 0 and script.train("curve", "CNN", 0, 5).percent != found[0]


def test_labels_of_ordinary_training_mean_the_same_language_in_every_task():
    tasks = script.AllLanguages(2)
    episode = tasks.sample(2, torch.Generator().manual_seed(0))
    lists = list(words_of("train").values())
    for task in range(2):
        for word, label in zip(decode(episode.query_x[task]), episode.query_y[task].tolist(), strict=True):
            assert word in lists[label]


def test_reading(stored):
    assert three_trainings.percent(stored, "wall", "CNN", "words, 5, 1").shape == (3,)
    assert three_trainings.percent(stored, "wall", "plain", "words, 5, 1").shape == (1,)
    codes, values = three_trainings.by_language(stored, "CNN", "families, 5, 1")
    by_hand = [
        sum(stored["wall", "CNN", STEPS["CNN"], s].languages["families, 5, 1"][c] for s in SEEDS) / 3 for c in codes
    ]
    assert codes == sorted(words_of("families")) and values.tolist() == pytest.approx(by_hand)
    other = three_trainings.by_language(stored, "plain", "families, 5, 1")[1]
    mean, half = three_trainings.difference(stored, "CNN", "plain", "families, 5, 1")
    assert mean == pytest.approx((values - other).mean().item())
    assert half == pytest.approx(2.052 * (values - other).std().item() / 28**0.5, rel=1e-3)


@pytest.mark.parametrize("n, t", [(5, 2.776), (10, 2.262), (18, 2.110), (28, 2.052), (64, 1.998)])
def test_students_t(n, t):
    assert three_trainings.student(n) == pytest.approx(t, abs=2e-3)


def test_every_network_is_in_the_plan():
    assert NETWORKS.keys() <= STEPS.keys()
