"""A predictor that is meta-learned: it reads a task's labelled points as a set, and says what each cell reaches there.

An episode is a task: its points are what it adapts to, the accuracies of all cells are what it has to predict.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from course_lib.lessons.lesson15.cells import CELLS, LIVING, OPERATIONS, CellTasks

OUTER, BATCH, META_RATE = 2000, 32, 4e-3  # steps of meta-training; tasks of each; the highest rate of AdamW
DECAY, POINTS = 1e-2, 40  # weight decay; how many of the 48 points a meta-training step sees
NEAR = 8  # how many of its neighbours a point is described by


def codes() -> Tensor:
    """The operation on each edge of each cell, as ones and zeros, `[125, 15]`."""
    return F.one_hot(torch.tensor(CELLS), len(OPERATIONS)).flatten(1).float()


def described(x: Tensor, y: Tensor) -> Tensor:
    """Points with what is around them, `[tasks, points, 19]`: the place; the label, -1 or 1; for each of the eight
    nearest points whether it has the same label, 1 or -1; and how far away it is.

    Args:
        x: `[tasks, points, 2]`. y: `[tasks, points]`, 0.0 or 1.0.
    """
    apart = torch.cdist(x, x) + torch.diag(x.new_full((x.shape[1],), torch.inf))  # no point is its own neighbour
    away, near = apart.topk(NEAR, largest=False)  # [tasks, points, near]
    sign = 2 * y - 1
    others = sign.gather(1, near.flatten(1)).view_as(away)
    return torch.cat([x, sign.unsqueeze(-1), others * sign.unsqueeze(-1), away], -1)


class SetPredictor(nn.Module):
    """Scores of all cells from a task's labelled points; the order of the points does not matter.

    Points become a vector of the task, operations a vector of the cell; a cell's score is the product of the two, plus
    a part that is the same for all tasks.

    Args:
        width: of points and tasks. shared: of the two vectors whose product is the score.

    Source of the idea, with data sets and architectures of images: Lee, Hyung and Hwang 2021, *Rapid neural
        architecture search by learning to generate graphs from datasets* (arXiv:2107.00860): abstract read.
    """

    def __init__(self, width: int = 64, shared: int = 32):
        super().__init__()
        self.register_buffer("codes", codes())
        self.point = nn.Sequential(nn.Linear(3 + 2 * NEAR, width), nn.GELU(), nn.Linear(width, width), nn.GELU())
        self.task = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, shared))
        self.cell = nn.Sequential(nn.Linear(self.codes.shape[1], width), nn.GELU(), nn.Linear(width, shared + 1))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Scores `[tasks, 125]` from points x `[tasks, points, 2]` and labels y `[tasks, points]`, 0.0 or 1.0."""
        points = self.point(described(x, y))  # [tasks, points, width]
        task = self.task(torch.cat([points.mean(1), points.square().mean(1)], -1))  # [tasks, shared]
        cells = self.cell(self.codes)  # [125, shared + 1]
        return task @ cells[:, :-1].T / math.sqrt(task.shape[1]) + cells[:, -1]

    @torch.no_grad()
    def scores(self, tasks: CellTasks) -> Tensor:
        """Scores as predictors.py wants them: -inf for cells that cannot learn."""
        return torch.where(LIVING, self(tasks.x, tasks.y), -torch.inf)


def turned(x: Tensor, generator: Generator) -> Tensor:
    """Points `[tasks, points, 2]` of each task turned about the middle, and mirrored half of the time: no boundary
    becomes easier or harder for a cell by that."""
    angle = 2 * math.pi * torch.rand(len(x), generator=generator)
    side = torch.randint(2, (len(x),), generator=generator).mul(2.0).sub(1)
    rows = torch.stack([angle.cos(), -side * angle.sin(), angle.sin(), side * angle.cos()], 1)  # [tasks, 4]
    return x @ rows.to(x.dtype).unflatten(1, (2, 2)).mT


def targets(accuracies: Tensor) -> Tensor:
    """What the predictor has to say of each cell that can learn, `[tasks, 116]`: its accuracy less the mean of all of
    them on that task, in units of their spread over all tasks.

    Args:
        accuracies: `[125, tasks]`, fractions.
    """
    wanted = accuracies[LIVING].T.float()
    wanted = wanted - wanted.mean(1, keepdim=True)
    return wanted / wanted.std()


def meta_train(tasks: CellTasks, accuracies: Tensor, seed: int, outer: int = OUTER) -> SetPredictor:
    """Train a predictor on tasks whose cells were all trained.

    Args:
        tasks: those to learn from. accuracies: what each cell reaches there, `[125, tasks]`.
        seed: of the first weights, the tasks of each step, and how they are turned.
        outer: steps.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        net = SetPredictor()
    g, wanted = Generator().manual_seed(seed), targets(accuracies)
    adam = torch.optim.AdamW(net.parameters(), lr=META_RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, META_RATE, total_steps=outer)
    for _ in range(outer):
        some = torch.randint(len(tasks), (BATCH,), generator=g)
        seen = torch.randperm(tasks.x.shape[1], generator=g)[:POINTS]
        swapped = torch.randint(2, (BATCH, 1), generator=g)
        x, y = turned(tasks.x[some][:, seen], g), (tasks.y[some][:, seen] - swapped).abs()
        loss = (net(x, y)[:, LIVING] - wanted[some]).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        schedule.step()
    return net.eval()
