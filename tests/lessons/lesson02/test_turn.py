"""The stored trainings of lesson 02: whole, of the settings that the script and the lesson have, and read rightly."""

import json
from itertools import product

import pytest
import torch
from click.testing import CliRunner

from benchmarks import baselines_turn
from course_lib.lessons.lesson02 import turn
from course_lib.statistics import ci95
from tools.notebooks import ROOT, read

PLANNED = set(product(turn.METHODS, turn.WORLDS, turn.STEPS, turn.SEEDS))


@pytest.fixture(scope="module")
def stored():
    return turn.read()


def test_the_table_holds_what_the_script_plans_and_says_how_it_was_made(stored):
    assert set(stored) == PLANNED and len(turn.SEEDS) >= 3
    assert all(len(made.right) == turn.SETTINGS["test tasks"] for made in stored.values())
    assert all(made.seconds > 0 and made.date >= "2026-11-26" and made.torch for made in stored.values())
    command = json.loads(turn.TABLE.read_text())["command"]
    assert command == baselines_turn.COMMAND and "benchmarks.baselines_turn" in command


def test_a_table_of_other_settings_is_refused(tmp_path):
    table = json.loads(turn.TABLE.read_text())
    table["settings"]["lr"] = 0.02
    (tmp_path / "turn.json").write_text(json.dumps(table))
    with pytest.raises(ValueError, match="was made with another lr; delete it and run"):
        turn.read(tmp_path / "turn.json")


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    missing = ("meta", "few", 100, 1)
    path = tmp_path / "turn.json"
    turn.write([made for identity, made in stored.items() if identity != missing], "command", path)
    asked = []
    monkeypatch.setattr(baselines_turn, "train", lambda *identity: asked.append(identity) or stored[identity])
    done = CliRunner().invoke(baselines_turn.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and turn.read(path) == stored


@pytest.mark.parametrize(("method", "world"), list(product(turn.METHODS, turn.WORLDS)))
def test_the_script_trains_as_the_lesson_does(method, world, monkeypatch):
    """Three steps of both, in the lesson's own code."""
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "02_baselines.ipynb").cells}
    lesson = {}
    for name in ("parameters", "imports", "tasks", "trained"):
        exec(cells[name], lesson)
    tasks, channels = lesson[world], lesson["channels"]
    if method == "probe":
        tasks = lesson["AllClasses"](tasks, batch=lesson["images_a_step"])
        learner = lesson["Joint"](lesson["backbone"](), features=channels, classes=tasks.way)
    else:
        learner = lesson["PrototypicalNet"](lesson["backbone"]())
    learner, _ = lesson["trained"](learner, tasks, n_steps=3)
    learner = lesson["LinearProbe"](learner.backbone) if method == "probe" else learner
    result = lesson["evaluate"](learner, lesson["test_tasks"], 4, seed=lesson["SEED"])
    assert lesson["n_tasks"] == turn.SETTINGS["test tasks"] and lesson["steps"] in turn.STEPS
    monkeypatch.setitem(turn.SETTINGS, "test tasks", 4)
    made = baselines_turn.train(method, world, 3, 0)
    assert abs(made.scores / 100 - result.scores).max() < 0.1  # another number of threads may round otherwise


def test_gaps_tell_the_two_kinds_of_luck_apart():
    def scored(method, seed, shift):
        first = 30 + shift if method == "meta" else 33 + shift + seed
        return turn.Training(method, "few", 0, seed, tuple(range(first, first + 4)), 0.0, 1.0, "", "")

    found = {(m, "few", n, s): scored(m, s, n // 400) for m in turn.METHODS for n in turn.STEPS for s in turn.SEEDS}
    gap, by_tasks, by_trainings = turn.gaps(found, "few")
    assert gap[0] == pytest.approx(100 * 4 / 75)  # 3, 4 and 5 more right of 75
    assert by_tasks[0] == pytest.approx(0, abs=1e-9)  # every task alike
    assert by_trainings[0] == pytest.approx(4.30 * (100 / 75) / 3**0.5)


def test_the_interval_over_tasks_is_that_of_the_mean_training(stored):
    _, by_tasks, _ = turn.gaps(stored, "many")
    difference = sum(stored["probe", "many", 50, s].scores - stored["meta", "many", 50, s].scores for s in turn.SEEDS)
    assert by_tasks[0] == pytest.approx(ci95(difference / len(turn.SEEDS)))


def test_a_verdict_needs_more_than_both_kinds_of_luck():
    assert turn.verdict(2.0, 1.0, 1.9) == "`probe` ahead"
    assert turn.verdict(-2.0, 1.9, 1.0) == "`meta` ahead"
    assert turn.verdict(-2.0, 2.1, 1.0) == turn.verdict(2.0, 1.0, 2.1) == "cannot tell"


def test_the_figure_shows_every_training_and_the_learners_own(stored):
    from course_lib.evaluation import Result

    mine = Result(torch.tensor([0.5, 0.6, 0.7]), torch.zeros(3), torch.zeros(3), torch.zeros(3))
    few, many = turn.plot_turn(stored, {("meta", "few"): (200, mine)}).axes
    dots = [line for line in many.lines if line.get_marker() == "."]
    assert sum(len(line.get_ydata()) for line in dots) == len(turn.METHODS) * len(turn.STEPS) * len(turn.SEEDS)
    labels = few.get_legend_handles_labels()[1]
    assert "meta, yours" in labels and "probe, yours" not in labels
