"""A space of 125 small networks, cells, on tasks of two inputs and two classes: small enough to train them all.

A cell has three nodes, as a cell of NAS-Bench-201 has four. Node 0 is a linear map of the input; an operation stands on
each of the three edges 0 > 1, 0 > 2 and 1 > 2; a node is the sum of what its edges bring; a linear map reads node 2.
All networks of one cell, one for each task, are trained side by side.

Source: Dong and Yang 2020, *NAS-Bench-201* (arXiv:2001.00326), from what others tell of its cells; other operations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

OPERATIONS = ("none", "identity", "relu", "tanh", "sine")
EDGES = ("0 > 1", "0 > 2", "1 > 2")
CELLS = tuple(product(range(len(OPERATIONS)), repeat=len(EDGES)))  #: the operation on each edge, by its number
WIDTH, TRAINED_ON, JUDGED_ON = 16, 48, 256  # units of a node; labelled points of a task; points of its judgement
STEPS, RATE = 100, 0.02  # of Adam; the rate falls along a straight line
FAMILIES = ("line", "waves", "corners", "ring", "bumps")
_SHARE, _FLIPPED = 4.0, 0.05  # the side of the square that points lie in; wrong labels among those to train on


@dataclass
class CellTasks:
    """Tasks side by side: points of a square, and on which side of a boundary they lie.

    Args:
        x: `[tasks, 48, 2]` and y: `[tasks, 48]`, 0.0 or 1.0: to train on; one label in twenty is wrong.
        judged_x: `[tasks, 256, 2]` and judged_y: `[tasks, 256]`, what they are judged on, without wrong labels.
        family: `[tasks]`, which of FAMILIES the boundary is of.
    """

    x: Tensor
    y: Tensor
    judged_x: Tensor
    judged_y: Tensor
    family: Tensor

    def __len__(self):
        return len(self.x)

    def __getitem__(self, chosen) -> CellTasks:
        """Some of the tasks, by a slice or a list of numbers."""
        return CellTasks(*(part[chosen] for part in (self.x, self.y, self.judged_x, self.judged_y, self.family)))


def draw_tasks(n: int, seed: int) -> CellTasks:
    """`n` tasks; the boundary of each has its own family, size, place and turn."""
    g, points = Generator().manual_seed(seed), TRAINED_ON + JUDGED_ON
    x = _SHARE * (torch.rand(n, points, 2, generator=g) - 0.5)  # [tasks, points, 2]
    turn = 2 * math.pi * torch.rand(n, 1, generator=g)
    u = x[..., 0] * turn.cos() + x[..., 1] * turn.sin()  # [tasks, points]
    v = x[..., 1] * turn.cos() - x[..., 0] * turn.sin()
    size, place = 0.7 + 0.8 * torch.rand(n, 1, generator=g), 2 * torch.rand(n, 1, generator=g) - 1
    family = torch.randint(len(FAMILIES), (n,), generator=g)
    heights = torch.stack([u + 0.4 * place, torch.sin(2.5 * size * u + place), u * v + 0.2 * place,
                           (u.square() + v.square()).sqrt() - 1.2 * size,
                           torch.sin(2 * size * u) + torch.sin(2 * size * v)])  # [families, tasks, points]  # fmt: skip
    y = (heights[family, torch.arange(n)] > 0).float()  # [tasks, points]
    wrong = torch.rand(n, TRAINED_ON, generator=g) < _FLIPPED
    seen = torch.where(wrong, 1 - y[:, :TRAINED_ON], y[:, :TRAINED_ON])
    return CellTasks(x[:, :TRAINED_ON], seen, x[:, TRAINED_ON:], y[:, TRAINED_ON:], family)


def living(cell: tuple[int, int, int]) -> bool:
    """Whether anything of the input reaches node 2. Other cells can only guess the commoner label."""
    first, straight, last = cell
    return straight != 0 or (first != 0 and last != 0)


LIVING = torch.tensor([living(cell) for cell in CELLS])  #: [125]


def weights_of(cell: tuple[int, int, int]) -> list[int]:
    """The edges that carry a map with weights and reach node 2: those with relu, tanh or sine."""
    first, _, last = cell
    passes = first != 0 and last != 0
    return [edge for edge, name in enumerate(cell) if name > 1 and (edge == 1 or passes)]


def computes(cell: tuple[int, int, int]) -> tuple[tuple[int, ...], ...]:
    """What node 2 is a sum of: for each part, the operations that node 0 goes through, in turn.

    Cells with the same parts are the same network, trained twice: (none, relu, none) is (identity, none, relu) too.
    """
    first, straight, last = cell
    parts = [(straight,)] if straight else []
    if first and last:
        parts.append((first, last))
    return tuple(sorted(tuple(name for name in part if name != 1) for part in parts))


def start(n: int, generator: Generator) -> list[Tensor]:
    """First weights of `n` networks: pairs of a map `[n, from, to]` and a bias `[n, 1, to]`, of the input, of the three
    edges, and of the answer."""
    maps = [(2, WIDTH, 1.5), (WIDTH, WIDTH, 1.4), (WIDTH, WIDTH, 1.4), (WIDTH, WIDTH, 1.4), (WIDTH, 1, 1.0)]
    found = []
    for come, go, gain in maps:
        found += [gain / come**0.5 * torch.randn(n, come, go, generator=generator), torch.zeros(n, 1, go)]
    return found


def operate(number: int, node: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor | None:
    """What an edge with that operation makes of `node [n, points, width]`; nothing, where there is no edge."""
    if number < 2:
        return node if number else None
    through = torch.baddbmm(bias, node, weight)
    return (torch.relu, torch.tanh, lambda z: torch.sin(2 * z))[number - 2](through)


def nodes(weights: list[Tensor], x: Tensor, cell: tuple[int, int, int]) -> list[Tensor | None]:
    """The three nodes `[n, points, width]` of networks at `x [n, points, 2]`; None for one that has no part in it."""
    zero = torch.baddbmm(weights[1], x, weights[0])
    one = operate(cell[0] if cell[2] else 0, zero, *weights[2:4])
    brought = [operate(cell[1], zero, *weights[4:6]), None if one is None else operate(cell[2], one, *weights[6:8])]
    brought = [part for part in brought if part is not None]
    return [zero, one, sum(brought) if brought else None]


def logits(weights: list[Tensor], x: Tensor, cell: tuple[int, int, int]) -> Tensor:
    """What networks answer at `x [n, points, 2]`: above 0 for class 1, `[n, points]`."""
    two = nodes(weights, x, cell)[2]
    if two is None:
        return weights[9].expand(-1, x.shape[1], -1)[..., 0]
    return torch.baddbmm(weights[9], two, weights[8])[..., 0]


def losses(answers: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy in nats of each network, `[n]`, from answers and labels `[n, points]`."""
    return F.binary_cross_entropy_with_logits(answers, y, reduction="none").mean(1)


def train_cell(weights: list[Tensor], x: Tensor, y: Tensor, cell: tuple[int, int, int], steps: int = STEPS,
               rate: float = RATE) -> list[Tensor]:  # fmt: skip
    """Train `n` networks of one cell, each on its own points, all in every step.

    Args:
        weights: of `start`; they are not changed.
        x: `[n, points, 2]`. y: `[n, points]`.
        cell: one of CELLS.
        steps: of Adam. rate: at the first step; it falls along a straight line and ends near 0.

    Returns: the weights after the last step, without a graph.
    """
    used = [0, 1, 8, 9] + [2 * edge + 2 + part for edge in weights_of(cell) for part in (0, 1)]
    weights = [w.detach().clone() for w in weights]
    learned = [weights[i].requires_grad_() for i in (used if living(cell) else [9])]
    adam = torch.optim.Adam(learned, lr=rate, fused=True)
    for step in range(steps):
        adam.param_groups[0]["lr"] = rate * (1 - step / steps)
        adam.zero_grad()
        losses(logits(weights, x, cell), y).sum().backward()
        adam.step()
    return [w.detach() for w in weights]


@torch.no_grad()
def errors(weights: list[Tensor], tasks: CellTasks, cell: tuple[int, int, int]) -> Tensor:
    """How many of the 256 points of judgement each network gets wrong, `[tasks]`, whole numbers."""
    return ((logits(weights, tasks.judged_x, cell) > 0) != (tasks.judged_y > 0.5)).sum(1)
