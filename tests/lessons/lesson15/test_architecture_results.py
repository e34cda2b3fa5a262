"""The stored table of predictors: whole, within its bounds, and summed up as it should be."""

import pytest
import torch

from course_lib.lessons.lesson15 import cell_table
from course_lib.lessons.lesson15.architecture_results import (
    CEILINGS,
    Predicted,
    difference,
    mean_and_interval,
    numbers,
    planned,
    read,
    write,
)
from course_lib.lessons.lesson15.cell_table import TESTED
from course_lib.lessons.lesson15.cells import LIVING
from course_lib.lessons.lesson15.kendall import kendall_tau


def row(name, seed, tau, others=0):
    return Predicted(name, others, seed, tau, [2 * t for t in tau], [0.0, 0.0], "2")


def test_the_table_holds_what_is_planned():
    found = read()
    assert sorted(found) == sorted(planned())
    for made in found.values():
        assert len(made.tau) == len(made.lost) == TESTED and max(map(abs, made.tau)) <= 1 and min(made.lost) >= 0


def test_ceilings_are_those_of_the_stored_cells():
    known = cell_table.tested_accuracies()
    truth, more = known[:3].mean(0), known[3:]
    for name, how_many in zip(CEILINGS, (1, 2, 3), strict=True):
        tau = kendall_tau(more[:how_many].mean(0)[LIVING].T, truth[LIVING].T)
        torch.testing.assert_close(numbers(read(), name)[0], tau, atol=1e-4, rtol=0)


def test_intervals_are_over_tasks_and_differences_task_by_task():
    rows = [row("a", 1, [0.5, 0.7], 3), row("a", 0, [0.3, 0.9], 3), row("a", 0, [0.0, 0.0], 1), row("b", 0, [0.1, 0.2])]
    found = {made.identity: made for made in rows}
    assert numbers(found, "a").tolist() == [[0.3, 0.9], [0.5, 0.7]]
    assert numbers(found, "a", others=1).tolist() == [[0.0, 0.0]]
    mean, half = mean_and_interval(numbers(found, "a"))
    assert mean == pytest.approx(0.6) and half == pytest.approx(1.96 * 0.2)  # means over makings are 0.4 and 0.8
    gap, half, each = difference(found, "a", "b")
    assert gap == pytest.approx(0.45) and half == pytest.approx(1.96 * 0.15)
    assert each.tolist() == pytest.approx([0.45, 0.45])
    assert difference(found, "a", "b", "lost")[0] == pytest.approx(0.9)


def test_rows_are_stored_and_read_again(tmp_path):
    rows = [row("a", 1, [0.5, 0.7], 3), row("b", 0, [0.1, 0.2])]
    write(rows, "some command", tmp_path / "some.json")
    assert list(read(tmp_path / "some.json").values()) == rows
