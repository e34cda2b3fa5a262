"""Two searches that train one large network instead of 125 small ones: weight sharing, and DARTS.

Each operation with weights has its own map on each edge; the maps of the input and of the answer serve all cells. Half
of a task's labelled points train weights, the other half judges cells. Scores are as in predictors.py.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.lessons.lesson15.cells import (
    CELLS,
    EDGES,
    LIVING,
    OPERATIONS,
    TRAINED_ON,
    CellTasks,
    logits,
    losses,
    operate,
    start,
)
from course_lib.lessons.lesson15.predictors import cell_by_cell

HALF = TRAINED_ON // 2
SHARED_STEPS, DARTS_STEPS = 500, 250
WEIGHT_RATE, MIXTURE_RATE = 0.01, 0.02


class Supernet:
    """The weights of all cells at once, for `n` tasks side by side.

    `ends` are the four tensors of the input's map and of the answer's; `of(edge, operation)` is the map and the bias of
    an operation with weights on an edge.
    """

    def __init__(self, n: int, generator: Generator):
        sets = [start(n, generator) for _ in range(3)]  # one for each operation with weights
        self.ends = [w.requires_grad_() for w in sets[0][:2] + sets[0][8:]]
        self.maps = [[w.requires_grad_() for w in one[2:8]] for one in sets]

    def of(self, edge: int, operation: int) -> list[Tensor]:
        """`[n, 16, 16]` and `[n, 1, 16]`; none, for an operation without weights."""
        return self.maps[operation - 2][2 * edge : 2 * edge + 2] if operation > 1 else []

    def weights(self, cell: tuple[int, int, int]) -> list[Tensor]:
        """What that cell takes from it, in the order of `cells.start`."""
        inner = [part for edge, name in enumerate(cell) for part in (self.of(edge, name) or self.of(edge, 2))]
        return [*self.ends[:2], *inner, *self.ends[2:]]

    def parameters(self) -> list[Tensor]:
        """All weights."""
        return [*self.ends, *(w for one in self.maps for w in one)]


def weight_sharing(tasks: CellTasks, generator: Generator, steps: int = SHARED_STEPS) -> Tensor:
    """Train one cell drawn at random in each step, with the weights that all share; judge each with what it inherits.

    The score is the share of right answers in the other half. (Its loss says less here: a network that knows 24 points
    by heart is sure of itself where it is wrong.)

    Source: Guo et al. 2020, *Single path one-shot NAS with uniform sampling* (arXiv:1904.00420): abstract read.
    """
    net = Supernet(len(tasks), generator)
    adam, some = torch.optim.Adam(net.parameters(), lr=WEIGHT_RATE), LIVING.nonzero()[:, 0].tolist()
    for _ in range(steps):
        cell = CELLS[some[torch.randint(len(some), (), generator=generator)]]
        adam.zero_grad()
        losses(logits(net.weights(cell), tasks.x[:, :HALF], cell), tasks.y[:, :HALF]).sum().backward()
        adam.step()

    def right(cell):
        answers = logits(net.weights(cell), tasks.x[:, HALF:], cell)  # [tasks, 24]
        return ((answers > 0) == (tasks.y[:, HALF:] > 0.5)).float().mean(1)

    return cell_by_cell(right, tasks)


def mixed(net: Supernet, mixture: Tensor, x: Tensor) -> Tensor:
    """What the network answers, `[n, points]`, whose edges bring a mixture of all operations.

    Args:
        mixture: shares of the operations on each edge, `[n, 3, 5]`, with sum 1.
        x: `[n, points, 2]`.
    """

    def edge(number, node):
        parts = [(name, operate(name, node, *net.of(number, name))) for name in range(1, len(OPERATIONS))]
        return sum(mixture[:, number, name, None, None] * part for name, part in parts)  # [n, points, width]

    zero = torch.baddbmm(net.ends[1], x, net.ends[0])
    two = edge(1, zero) + edge(2, edge(0, zero))
    return torch.baddbmm(net.ends[3], two, net.ends[2])[..., 0]


def darts(tasks: CellTasks, generator: Generator, steps: int = DARTS_STEPS) -> Tensor:
    """Let a gradient choose: weights go down the loss of one half of the points, mixtures down that of the other half.

    First order: the step of the mixture takes the weights as they are. A cell's score is the sum of its operations' log
    shares. As in the paper "none" is never chosen: on its edge it comes after all others.

    Source: Liu, Simonyan and Yang 2019, *DARTS* (arXiv:1806.09055): introduction read, the rest second-hand.
    """
    net, n = Supernet(len(tasks), generator), len(tasks)
    logit = torch.zeros(n, len(EDGES), len(OPERATIONS), requires_grad=True)
    halves = {"weights": slice(HALF), "mixture": slice(HALF, None)}
    adams = {"mixture": torch.optim.Adam([logit], lr=MIXTURE_RATE),
             "weights": torch.optim.Adam(net.parameters(), lr=WEIGHT_RATE)}  # fmt: skip
    for _ in range(steps):
        for what, adam in adams.items():
            for w in (logit, *net.parameters()):
                w.grad = None
            points = halves[what]
            losses(mixed(net, logit.softmax(-1), tasks.x[:, points]), tasks.y[:, points]).sum().backward()
            adam.step()
    share = logit.detach().log_softmax(-1)  # [n, edges, operations]
    share[..., 0] = share[..., 1:].amin(-1) - 1e-3
    return cell_by_cell(lambda cell: sum(share[:, edge, name] for edge, name in enumerate(cell)), tasks)
