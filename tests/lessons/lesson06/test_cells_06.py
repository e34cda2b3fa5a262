"""Cells of lesson 06 may be run twice; a training that was stopped is not taken for a whole one."""

import pytest
import torch

from course_lib import History
from course_lib.stop import Stop
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "06_prototypical_networks.ipynb").cells}


@pytest.fixture
def lesson():
    found = {}
    for name in ("parameters", "prediction", "imports", "tasks", "distances-exercise", "prototypes-exercise",
                 "loss-exercise"):  # fmt: skip
        exec(CELLS[name], found)
    found |= {"STEPS": 4, "N_TEST": 4, "CHANNELS": 8}
    exec(CELLS["first-measure"], found)
    return found


def test_the_cells_of_the_training_run_twice(lesson):
    for name in ("train", "train-picture", "train-picture"):
        exec(CELLS[name], lesson)
    assert len(lesson["curve"]) == 4 and isinstance(lesson["losses"][0], torch.Tensor)


def test_a_loop_that_was_stopped_is_not_taken_for_a_whole_training(lesson):
    exec(CELLS["train"], lesson)
    lesson["losses"].pop()
    with pytest.raises(AssertionError, match="The training was interrupted: run the cell above again"):
        exec(CELLS["train-picture"], lesson)


def test_nor_is_one_by_fit(lesson):
    lesson["fit"] = lambda *_, **__: History(stopped="interrupted")
    exec(CELLS["train"].split("torch.manual_seed")[0], lesson)
    exec(CELLS["two-dimensional"].split("flat = ")[0], lesson)
    with pytest.raises(Stop, match="Training was interrupted after .* Run this cell again"):
        exec(CELLS["cosines"], lesson)


def test_no_name_of_a_later_cell_overwrites_one_that_an_earlier_cell_reads():
    """`mean` and `minus` once did: a cell run again read something else."""
    assert "mean, half" not in CELLS["choices-picture"] and "minus, half" not in CELLS["three-ways"]
