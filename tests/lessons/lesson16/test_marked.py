"""Marks stand where they should, tell the class or nothing, and leave the rest of a picture as it is."""

import pytest
import torch

from course_lib.lessons.lesson16.marked import PLACES, SIDE, MarkedTasks, marked, shown
from course_lib.tasks.images import ImageTasks


@pytest.fixture(scope="module")
def blank():
    """Ten classes of grey paper: a mark is all that can be seen."""
    return ImageTasks(torch.full((10, 40, 14, 14), 51, dtype=torch.uint8), way=5, shot=2, query=6)


def place_of(pictures):
    """[...] the place of the only black square of each picture, by hand."""
    found = torch.full(pictures.shape[:-3], -1)
    for number, (row, column) in enumerate(PLACES):
        square = pictures[..., 0, row : row + SIDE, column : column + SIDE]
        found[(square == 1).all(-1).all(-1)] = number
    return found


def test_a_mark_is_black_and_all_else_stays():
    pictures, places = torch.rand(3, 4, 1, 14, 14) / 2, torch.arange(12).view(3, 4) % 5
    before = pictures.clone()
    with_mark = marked(pictures, places)
    assert torch.equal(pictures, before) and torch.equal(place_of(with_mark), places)
    assert ((with_mark != pictures).flatten(2).sum(2) == SIDE**2).all()


def test_a_mark_tells_the_class_or_nothing(blank):
    told = MarkedTasks(blank, tells=True).sample(3, torch.Generator().manual_seed(0))
    assert torch.equal(place_of(told.support_x), told.support_y) and torch.equal(place_of(told.query_x), told.query_y)
    drawn = MarkedTasks(blank, tells=False).sample(100, torch.Generator().manual_seed(0))
    same = (place_of(drawn.query_x) == drawn.query_y).float().mean().item()
    assert abs(same - 1 / len(PLACES)) < 0.03  # 3,000 draws: a standard deviation is 0.007
    again = MarkedTasks(blank, tells=False).sample(100, torch.Generator().manual_seed(0))
    assert torch.equal(drawn.query_x, again.query_x)


def test_more_classes_than_places():
    with pytest.raises(ValueError, match="5 places"):
        MarkedTasks(ImageTasks(torch.zeros(10, 40, 14, 14, dtype=torch.uint8), way=6, shot=1, query=1), True)


def test_what_is_shown_says_where_its_mark_is(blank):
    for tells in (True, False):
        for one in shown(blank, tells, 20, torch.Generator().manual_seed(1)):
            rows, columns = one.mark.nonzero().T.tolist()
            place = place_of(one.picture).item()
            assert [(rows[0] * SIDE, columns[0] * SIDE)] == [PLACES[place]] and len(rows) == 1
            assert not tells or (place == one.target and torch.equal(place_of(one.support_x), one.support_y))
