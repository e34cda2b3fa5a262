"""The explorer of cells without a browser: what was tried is looked up rightly, and nothing else is shown before."""

import io

import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson15 import cell_picture as picture
from course_lib.lessons.lesson15.cell_explorer import CellExplorer, name_of
from course_lib.lessons.lesson15.cells import CELLS, LIVING, draw_tasks

REACHED = torch.stack([torch.linspace(0.5, 0.75, 125), torch.linspace(0.9, 0.6, 125)], 1)  # [125, 2]


@pytest.fixture
def explorer():
    return CellExplorer(draw_tasks(2, 0), REACHED)


def choose(explorer, cell):
    for menu, operation in zip(explorer.menus, cell, strict=True):
        menu.value = operation


def test_a_cell_is_looked_up_beside_the_guess(explorer):
    choose(explorer, (4, 4, 4))
    explorer.guess.value = 85
    explorer.go.click()
    assert explorer.tried == [(124, 85)] and "you guessed 85; it reaches 75.0 %" in explorer.message
    choose(explorer, (0, 0, 0))
    explorer.guess.value = 50
    explorer.go.click()
    assert "off by 5.0 points on average" in explorer.message and explorer.view.parts["reached"].count("<text") == 2


def test_other_cells_are_hidden_until_they_are_asked_for(explorer):
    explorer.go.click()
    assert picture.OTHERS not in explorer.view.parts["reached"] and "The best" not in explorer.message
    explorer.all.click()
    assert explorer.view.parts["reached"].count(picture.OTHERS) == int(LIVING.sum()) == 116
    assert "The best of 116 cells: sine, sine, sine, 75.0 %" in explorer.message
    mine = REACHED[CELLS.index((2, 2, 2)), 0]
    assert f"Better than your best: {int((REACHED[LIVING, 0] > mine).sum())}." in explorer.message


def test_another_task_begins_anew(explorer):
    before = explorer.view.parts["task"]
    explorer.try_cell()
    explorer.new_task()
    assert explorer.view.parts["task"] != before and not explorer.tried and "Task 2" in explorer.message
    explorer.show_all()
    best = REACHED[:, 1].masked_fill(~LIVING, 0).argmax().item()
    assert name_of(best) in explorer.message
    explorer.new_task()
    assert explorer.number == 0 and explorer.view.parts["task"] == before


def test_piles_hold_every_cell_on_the_picture():
    for reached in (100 * REACHED[:, 0], torch.full((125,), 50.0)):
        across, up = picture.piles(reached)
        assert len(across) == 116 and up.max() < picture.ROWS and across.min() >= picture.LOWEST
        assert len(set(zip(across.tolist(), up.tolist(), strict=True))) == 116  # no two at one place


def test_a_picture_for_readers_without_a_kernel(explorer):
    explorer.try_cell()
    explorer.show_all()
    png, alt = explorer.snapshot()
    assert Image.open(io.BytesIO(png)).size[0] > 800 and explorer.message in alt


def test_before_any_try_the_picture_is_an_example_on_the_last_task(explorer):
    cell = CELLS.index((1, 4, 1))
    png, alt = explorer.snapshot()
    assert f"identity, sine, identity: guessed 80, it reaches {100 * REACHED[cell, 1]:.1f} %" in alt
    assert Image.open(io.BytesIO(png)).size[0] > 800 and not explorer.tried and not explorer.shown_all


def test_accuracies_of_all_cells_are_wanted():
    with pytest.raises(ValueError, match=r"accuracies must be \[125, 2\], not \[124, 2\]"):
        CellExplorer(draw_tasks(2, 0), REACHED[:124])
