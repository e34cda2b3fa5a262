"""Cells of lesson 05 that meet something unusual say one sentence, or do what they did before."""

import pytest
import torch

from course_lib import History
from course_lib.stop import Stop
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "05_the_maml_family.ipynb").cells}


@pytest.fixture
def lesson():
    found = {}
    for name in ("parameters", "prediction", "imports"):
        exec(CELLS[name], found)
    return found


def test_a_profile_that_does_not_exist():
    found = {}
    for name in ("parameters", "prediction"):
        exec(CELLS[name], found)
    found["PROFILE"] = "fast"
    with pytest.raises(Stop, match='PROFILE is "quick" or "full", and not \'fast\''):
        exec(CELLS["imports"], found)


@pytest.mark.parametrize("cell", ["train", "overfit", "memorise"])
def test_the_lesson_does_not_go_on_with_a_network_whose_training_was_stopped(cell, lesson, monkeypatch):
    interrupted = lambda *_, **__: History(stopped="interrupted")  # noqa: E731 (in place of fit)
    lesson["fit"] = interrupted
    monkeypatch.setattr("course_lib.lessons.lesson05.overfitting.fit", interrupted)
    lesson["image_tasks"] = lesson["Scripts"](way=5, shot=1, query=5, split="test")
    with pytest.raises(Stop, match="Training was interrupted after .* Run this cell again"):
        exec(CELLS[cell], lesson)


def test_the_first_picture_drawn_again_changes_nothing(lesson):
    """Once it left a float32 theta behind, and the numbers of section 1 were no longer exact."""
    for name in ("arrows", "reptile-exercise", "reptile-use", "arrows", "implicit-exercise", "implicit-use", "toy"):
        exec(CELLS[name], lesson)
    assert lesson["theta"].dtype == torch.float64
    assert max(lesson["reptile_gap"], lesson["implicit_gap"]) < 1e-10


def test_the_four_moves_of_exercise_1_are_reptiles():
    from course_lib.learners.reptile import reptile_step

    text = CELLS["reptile-text"]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == 4
    for start, ends, rate, new in rows:
        ends = [{"w": torch.tensor(float(end))} for end in ends.split(",")]
        found = reptile_step({"w": torch.tensor(float(start))}, ends, float(rate))["w"]
        assert found == float(new)


def test_the_spread_of_a_difference_shows_its_rule(lesson, capsys):
    exec(CELLS["gap-luck"], lesson)
    said = capsys.readouterr().out
    for first, second, found in ((3, 4, 5.0), (5, 12, 13.0), (8, 15, 17.0), (1, 1, 1.4), (10, 3, 10.4)):
        assert f"{first} and {second}: the error of the difference is {found:.1f}" in said
