"""The picture of the ring: squares outside the disc of the next class, in the colour of what is named."""

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_rgba

from course_lib.lessons.lesson07 import draw_ring
from course_lib.lessons.lesson07.vectors import ring_task
from course_lib.plots import COLORS


@pytest.mark.parametrize("named", [None, torch.tensor([1, 2, 3, 4, 0])])
def test_discs_and_squares_stand_where_the_task_says(named):
    support, query = (points[0] for points in ring_task(torch.tensor([0.3]), 5))
    figure = draw_ring(support, query, {"a": named, "b": torch.arange(5)})
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("a", "b")
    for ax, classes in ((left, named), (right, torch.arange(5))):
        discs, squares = ax.collections[::2], ax.collections[1::2]
        for k in range(5):
            assert discs[k].get_offsets()[0].tolist() == pytest.approx(support[k].tolist())
            outside = 1.35 * support[(k + 1) % 5]
            assert squares[k].get_offsets()[0].tolist() == pytest.approx(outside.tolist(), abs=1e-6)
            frame = "grey" if classes is None else COLORS[int(classes[k])]
            assert tuple(squares[k].get_edgecolor()[0]) == to_rgba(frame)
        assert [text.get_text() for text in ax.texts] == [str(k) for k in range(5) for _ in range(2)]
    plt.close(figure)


def test_one_panel_is_enough():
    support, query = (points[0] for points in ring_task(torch.tensor([0.3]), 5))
    figure = draw_ring(support, query, {"": None})
    assert len(figure.axes) == 1
    plt.close(figure)
