"""What may tell good cells from bad ones before they are trained, or after ten steps: scores, and how they are judged.

Scores are `[tasks, 125]` in the order of CELLS: higher is better, and -inf stands for the nine cells that no input gets
through. Whatever a score needs to draw comes from a generator: other starts give other scores.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from course_lib.lessons.lesson15.cells import (
    CELLS,
    FAMILIES,
    LIVING,
    OPERATIONS,
    CellTasks,
    living,
    logits,
    losses,
    nodes,
    start,
    train_cell,
    weights_of,
)
from course_lib.lessons.lesson15.kendall import kendall_tau
from course_lib.lessons.lesson15.portfolio import portfolio
from course_lib.lessons.lesson15.posterior import learned_posterior, squared_exponential
from course_lib.lessons.lesson15.synflow import synflow

TEN, TEN_RATE = 10, 0.2  # steps of a first impression; the rate of its Adam, best of 0.02 to 0.4 on other tasks


def judged(scores: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """How good scores are on each task, among the 116 cells that can learn.

    Args:
        scores: `[tasks, 125]`.
        truth: accuracies `[125, tasks]`, fractions.

    Returns: Kendall's tau-b, `[tasks]`; and how many points of accuracy (of 100) the first choice lies below the best
        cell, `[tasks]`. Of several first choices with the same score, the mean.
    """
    scores, truth = scores[:, LIVING].double(), truth.T[:, LIVING].double()  # [tasks, 116]
    first = (scores == scores.amax(1, keepdim=True)).double()
    chosen = (first * truth).sum(1) / first.sum(1)  # [tasks]
    return kendall_tau(scores, truth), 100 * (truth.amax(1) - chosen)


def cell_by_cell(score: Callable[[tuple[int, int, int]], Tensor], tasks: CellTasks) -> Tensor:
    """`score(cell)`, `[tasks]`, of every cell that can learn, as `[tasks, 125]`."""
    nothing = tasks.x.new_full((len(tasks),), -torch.inf)
    return torch.stack([score(cell).detach() if living(cell) else nothing for cell in CELLS], 1)


def random_scores(tasks: CellTasks, generator: Generator) -> Tensor:
    """Luck."""
    return cell_by_cell(lambda cell: torch.rand(len(tasks), generator=generator), tasks)


def counted_operations(tasks: CellTasks, generator: Generator | None = None) -> Tensor:
    """How many of a cell's edges carry weights that reach its end: 0 to 3, the same for every task."""
    return cell_by_cell(lambda cell: torch.full((len(tasks),), float(len(weights_of(cell)))), tasks)


def mean_elsewhere(accuracies: Tensor, tasks: CellTasks) -> Tensor:
    """The mean accuracy over other tasks, `accuracies [125, others]`: the same scores for every task."""
    means = torch.where(LIVING, accuracies.mean(1), -torch.inf)  # [125]
    return means.expand(len(tasks), -1)


def mean_of_family(accuracies: Tensor, others: CellTasks, tasks: CellTasks) -> Tensor:
    """The mean over other tasks of the same family. Nobody says the family of a new task: it is a yardstick only."""
    kinds = range(len(FAMILIES))
    means = torch.stack([mean_elsewhere(accuracies[:, others.family == kind], tasks[:1])[0] for kind in kinds])
    return means[tasks.family]  # [tasks, 125]


def trials_to_make(accuracies: Tensor, how_many: int) -> list[int]:
    """Numbers of the cells to try first on a new task: the `portfolio` of other tasks, `accuracies [125, others]`."""
    living_ones = LIVING.nonzero()[:, 0]
    return living_ones[portfolio(1 - accuracies[LIVING].T, how_many)].tolist()


def after_trials(accuracies: Tensor, tried: list[int], values: Tensor) -> Tensor:
    """What other tasks and a few trained cells say of all cells: the posterior mean of lesson 15's search.

    Args:
        accuracies: on other tasks, `[125, others]`. tried: numbers of the cells that were trained on each task.
        values: the accuracies that they reached, `[len(tried), tasks]`.
    """
    place = LIVING.cumsum(0) - 1  # among the 116
    codes = F.one_hot(torch.tensor(CELLS)[LIVING], len(OPERATIONS)).flatten(1).to(accuracies.dtype)  # [116, 15]
    kernel, seen = squared_exponential(codes, 2**0.5), [place[cell].item() for cell in tried]
    scores = accuracies.new_full((values.shape[1], len(CELLS)), -torch.inf)
    for task, reached in enumerate(values.T):
        mean, _ = learned_posterior(1 - accuracies[LIVING].T, kernel, seen, 1 - reached)
        scores[task, LIVING] = -mean
    return scores


def gradient_norm(tasks: CellTasks, generator: Generator) -> Tensor:
    """The length of the loss's gradient at the start, on all labelled points of a task.

    Source: Abdelfattah et al. 2021, *Zero-cost proxies for lightweight NAS* (arXiv:2101.08134): abstract read.
    """

    def length(cell):
        weights = [w.requires_grad_() for w in start(len(tasks), generator)]
        loss = losses(logits(weights, tasks.x, cell), tasks.y).sum()
        slopes = torch.autograd.grad(loss, weights, allow_unused=True)
        return sum(slope.square().sum((1, 2)) for slope in slopes if slope is not None).sqrt()  # [tasks]

    return cell_by_cell(length, tasks)


@torch.no_grad()
def naswot(tasks: CellTasks, generator: Generator) -> Tensor:
    """How differently a network at its start sees the points: the log determinant of how alike their codes are.

    The code of a point says of every unit whether it is above 0. Two points are as alike as the units that agree.
    Here units of all kinds count, not only those with ReLU, and a little is added to the diagonal.

    Source: Mellor et al. 2021, *Neural architecture search without training* (arXiv:2006.04647): abstract read.
    """

    def spread(cell):
        found = nodes(start(len(tasks), generator), tasks.x, cell)
        above = (torch.cat([node for node in found if node is not None], -1) > 0).float()  # [tasks, points, units]
        alike = above @ above.mT + (1 - above) @ (1 - above).mT  # [tasks, points, points]
        return torch.linalg.slogdet(alike + 1e-3 * torch.eye(alike.shape[-1]))[1]

    return cell_by_cell(spread, tasks)


def synflow_scores(tasks: CellTasks, generator: Generator) -> Tensor:
    """The logarithm of `synflow`, which sees no data; the same formula for operations that are not ReLU."""
    ones = torch.ones(len(tasks), 1, 2)

    def flow(cell):
        score = synflow(lambda weights: logits(weights, ones, cell), start(len(tasks), generator))
        return score.clamp(min=1e-9).log()

    return cell_by_cell(flow, tasks)


def ten_steps(tasks: CellTasks, generator: Generator) -> Tensor:
    """Minus the loss on the labelled points after a tenth of a training."""

    def impression(cell):
        weights = train_cell(start(len(tasks), generator), tasks.x, tasks.y, cell, TEN, TEN_RATE)
        with torch.no_grad():
            return -losses(logits(weights, tasks.x, cell), tasks.y)

    return cell_by_cell(impression, tasks)
