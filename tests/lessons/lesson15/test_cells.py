"""The space of cells, its tasks, and how cells are trained."""

from itertools import product

import pytest
import torch
from torch import Generator

from course_lib.lessons.lesson15.cells import (
    CELLS,
    FAMILIES,
    LIVING,
    CellTasks,
    computes,
    draw_tasks,
    errors,
    living,
    logits,
    losses,
    nodes,
    start,
    train_cell,
    weights_of,
)

ACTIVATIONS = {2: torch.relu, 3: torch.tanh, 4: lambda z: torch.sin(2 * z)}


def random_weights(n, seed=0):
    """Weights of `n` networks in float64, with biases that are not 0."""
    g = Generator().manual_seed(seed)
    return [w.double() + 0.1 * torch.randn(w.shape, generator=g, dtype=torch.float64) for w in start(n, g)]


def by_hand(weights, x, cell):
    """The answer of one network at one point, edge by edge; `weights` without their first axis."""

    def edge(number, node):
        if cell[number] == 0:
            return torch.zeros_like(node)
        if cell[number] == 1:
            return node
        return ACTIVATIONS[cell[number]](node @ weights[2 * number + 2] + weights[2 * number + 3][0])

    zero = x @ weights[0] + weights[1][0]
    one = edge(0, zero)
    # without an edge into it, node 1 has nothing to pass on, not even a bias
    two = edge(1, zero) + edge(2, one) if cell[0] else edge(1, zero)
    return (two @ weights[8] + weights[9][0])[0]


def test_there_are_125_cells_of_which_nine_cannot_learn():
    assert len(set(CELLS)) == 125 and LIVING.sum() == 116
    assert [cell for cell in CELLS if not living(cell)] == [
        (a, 0, c) for a, c in product(range(5), repeat=2) if not a * c
    ]


@pytest.mark.parametrize("cell", CELLS[::3])
def test_answers_are_those_of_a_network_computed_by_hand(cell):
    weights, x = random_weights(2), torch.randn(2, 3, 2, dtype=torch.float64, generator=Generator().manual_seed(1))
    for task, point in product(range(2), range(3)):
        alone = by_hand([w[task] for w in weights], x[task, point], cell)
        torch.testing.assert_close(logits(weights, x, cell)[task, point], alone)


def test_the_answers_of_cells_that_cannot_learn_do_not_depend_on_the_input():
    weights, x = random_weights(2), torch.randn(2, 9, 2, dtype=torch.float64)
    for cell in CELLS:
        moves = logits(weights, x, cell).std(1).amin() > 1e-6
        assert moves == living(cell), cell


def test_only_edges_with_weights_that_reach_the_end_have_a_gradient():
    x = torch.randn(1, 9, 2, dtype=torch.float64)
    for cell in CELLS:
        weights = [w.requires_grad_() for w in random_weights(1)]
        slopes = torch.autograd.grad(logits(weights, x, cell).sum(), weights, allow_unused=True)
        moved = [edge for edge in range(3) if slopes[2 * edge + 2] is not None]
        assert moved == weights_of(cell), cell


def test_cells_that_compute_the_same_give_the_same_answers_when_maps_are_exchanged():
    weights, x = random_weights(2), torch.randn(2, 9, 2, dtype=torch.float64)
    same = [w[:] for w in weights]
    same[4:6], same[6:8] = weights[6:8], weights[4:6]  # the maps of 0 > 2 and 1 > 2
    for b, c in product(range(5), repeat=2):
        assert computes((1, b, c)) == computes((1, c, b))
        torch.testing.assert_close(logits(weights, x, (1, b, c)), logits(same, x, (1, c, b)))
    for b, c in product(range(5), repeat=2):
        assert computes((0, b, c)) == computes((c, b, 0)) == computes((0, b, 0))
        torch.testing.assert_close(logits(weights, x, (0, b, c)), logits(weights, x, (c, b, 0)))


def test_sixty_of_the_cells_are_different_networks():
    assert len({computes(cell) for cell in CELLS}) == 60
    assert len({computes(cell) for cell in CELLS if living(cell)}) == 59
    assert all((computes(cell) == ()) != living(cell) for cell in CELLS)


def test_node_one_is_left_out_where_nothing_leaves_it():
    weights, x = random_weights(1), torch.randn(1, 4, 2, dtype=torch.float64)
    assert [node is None for node in nodes(weights, x, (2, 2, 0))] == [False, True, False]
    assert [node is None for node in nodes(weights, x, (2, 0, 0))] == [False, True, True]


def test_one_step_is_that_of_adam_and_the_start_stays():
    tasks, cell = draw_tasks(3, 0), (2, 3, 4)
    begun = start(3, Generator().manual_seed(0))
    before = [w.clone() for w in begun]
    after = train_cell(begun, tasks.x, tasks.y, cell, steps=1, rate=0.01)
    assert all(torch.equal(w, b) for w, b in zip(begun, before, strict=True))
    leaves = [w.clone().requires_grad_() for w in before]
    slopes = torch.autograd.grad(losses(logits(leaves, tasks.x, cell), tasks.y).sum(), leaves)
    for w, b, slope in zip(after, before, slopes, strict=True):  # the first step of Adam: rate * g / (|g| + eps)
        torch.testing.assert_close(w, b - 0.01 * slope / (slope.abs() + 1e-8), atol=1e-5, rtol=0)


def test_training_of_a_task_does_not_depend_on_the_others_and_lowers_the_loss():
    tasks, cell = draw_tasks(4, 1), (2, 1, 0)
    begun = start(4, Generator().manual_seed(0))
    together = train_cell(begun, tasks.x, tasks.y, cell, steps=20)
    alone = train_cell([w[2:3] for w in begun], tasks.x[2:3], tasks.y[2:3], cell, steps=20)
    for w, one in zip(together, alone, strict=True):
        torch.testing.assert_close(w[2:3], one, atol=1e-4, rtol=1e-3)

    def loss(w):
        return losses(logits(w, tasks.x, cell), tasks.y)

    assert (loss(together) < loss(begun)).all()


def test_a_cell_that_cannot_learn_guesses_the_commoner_label():
    tasks = draw_tasks(6, 2)
    wrong = errors(train_cell(start(6, Generator().manual_seed(0)), tasks.x, tasks.y, (0, 0, 3)), tasks, (0, 0, 3))
    guess = (tasks.y.mean(1) > 0.5).float()
    assert wrong.tolist() == (tasks.judged_y != guess.unsqueeze(1)).sum(1).tolist()


def test_losses_and_errors_are_counted_point_by_point():
    answers, y = torch.tensor([[0.3, -2.0]], dtype=torch.float64), torch.tensor([[1.0, 1.0]], dtype=torch.float64)
    torch.testing.assert_close(losses(answers, y), -torch.log(torch.sigmoid(answers)).mean(1))
    x = torch.zeros(1, 4, 2)
    tasks = CellTasks(x, torch.zeros(1, 4), x, torch.tensor([[1.0, 0.0, 1.0, 1.0]]), torch.zeros(1))
    weights = [torch.zeros_like(w) for w in start(1, Generator())]
    assert errors(weights, tasks, (1, 1, 1)).tolist() == [3]  # 0 is not above 0: class 0 everywhere


def test_tasks_are_what_they_are_said_to_be():
    tasks = draw_tasks(200, 3)
    again, other = draw_tasks(200, 3), draw_tasks(200, 4)
    assert torch.equal(tasks.x, again.x) and torch.equal(tasks.y, again.y) and not torch.equal(tasks.x, other.x)
    assert tasks.x.abs().max() <= 2 and tasks.x.shape == (200, 48, 2) and tasks.judged_x.shape == (200, 256, 2)
    assert set(tasks.y.unique().tolist()) == {0.0, 1.0} and len(tasks.family.unique()) == len(FAMILIES)
    some = tasks[[5, 7]]
    assert len(some) == 2 and torch.equal(some.judged_y[1], tasks.judged_y[7])


def test_one_label_in_twenty_of_those_to_train_on_is_wrong():
    """On lines a straight cut separates the clean points, so that wrong labels can be counted."""
    tasks = draw_tasks(400, 5)
    lines = tasks[tasks.family == FAMILIES.index("line")]
    ones = torch.ones(len(lines), 256, 1)
    design, signs = torch.cat([lines.judged_x, ones], -1).double(), 2 * lines.judged_y.double() - 1
    cut = torch.linalg.lstsq(design, signs.unsqueeze(-1)).solution
    seen = torch.cat([lines.x, ones[:, :48]], -1).double() @ cut
    wrong = ((seen[..., 0] > 0) != (lines.y > 0.5)).double().mean()
    assert 0.03 < wrong < 0.09  # some points near the line are on the wrong side of the fitted cut
