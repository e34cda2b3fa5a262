"""The support points of the inner-loop explorer: all can be seen and taken hold of, and there is an end to them."""

import pytest
import torch

from course_lib.lessons.lesson03 import InnerLoopExplorer
from course_lib.lessons.lesson03.inner_loop_explorer import SIZE, apart
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.widgets.points import EDGES, MOST, sine_task


def network(seed=0):
    torch.manual_seed(seed)
    return MLP((1, 8, 1))


@pytest.mark.parametrize("seed", range(12))
def test_no_support_point_of_a_new_task_hides_another(seed):
    explorer = InnerLoopExplorer({"random": network()}, Sinusoids(10), seed=seed)
    pixels = explorer.points / torch.from_numpy(EDGES[1] - EDGES[0]) * SIZE
    assert len(pixels) == 10 and torch.pdist(pixels).min() >= 13  # a point is 11 pixels wide, and has an edge
    assert sorted(map(tuple, explorer.pool.tolist())) == sorted(map(tuple, sine_task(Sinusoids(10), seed)[0].tolist()))


def test_points_that_hide_one_another_come_last():
    points = torch.tensor([[0.0, 0.0], [0.1, 0.1], [3.0, 0.0], [0.1, 0.0]], dtype=torch.float64)
    assert torch.equal(apart(points), points[[0, 2, 1, 3]])


def test_that_no_more_points_fit_is_still_said_after_the_picture_is_drawn_again():
    explorer = InnerLoopExplorer({"random": network(0), "other": network(1)}, Sinusoids(10), shot=MOST)
    explorer.support.hear({"add": [0.5, 0.5]})
    assert explorer.message.startswith("There can be at most 20")
    explorer.redraw()  # as when the other starts have followed, or a slider moves
    assert explorer.message.startswith("There can be at most 20 support points; remove one first. 20 support points.")
    explorer.support.remove()
    assert "at most" not in explorer.message and explorer.message.startswith("19 support points")
