"""The maths of the inner-loop explorer: one task's inner loop step by step, and a plane through its loss surface."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.learners.maml import MAML, Params
from course_lib.widgets.points import GRID

SHAPE = (13, 21)  # rows and columns: where the loss surface is computed
MARGIN = 0.35  # of the path's length: what is shown around it
ASPECT = 0.6  # height of the surface's picture over its width: a unit of weights is as long in both directions
TOO_LARGE = 1e6  # a loss above this is called divergence


@dataclass(eq=False)
class Descent:
    """What one start becomes on one task, step by step. All tensors are on the CPU.

    Args:
        curves: `[steps + 1, len(GRID)]`: the network's curve before the first step, after it, and so on. One row
            only when there are no steps to show.
        support: `[steps + 1]`, loss on the support points; nan without any.
        query: `[steps + 1]`, loss over the whole true curve.
        weights: `[steps + 2, n_weights]`: the parameters before the first step and so on, and those after one more
            step than was asked for, which give the plane its second direction after a single step. `None` without path.
        loss: the support loss of parameters, `[n, n_weights] -> [n]`. `None` without a path or without points.
        note: why there is less to see than steps were asked for. Empty when all is there.
    """

    curves: Tensor
    support: Tensor
    query: Tensor
    weights: Tensor | None = None
    loss: Callable[[Tensor], Tensor] | None = None
    note: str = ""


def settle(start: nn.Module, steps: int, lr: float) -> nn.Module:
    """`start` as a learner with these steps and this inner learning rate. `start` is not changed.

    A network by itself becomes plain gradient descent from its weights. A learner keeps what else it is; one that has
    no `lr` or no `steps` in its `config` has no use for ours.
    """
    if not hasattr(start, "adapt"):
        return MAML(start, steps, lr)
    learner = copy.copy(start)  # shares the weights
    config = getattr(start, "config", {})
    learner.config = {**config, **{k: v for k, v in {"steps": steps, "lr": lr}.items() if k in config}}
    return learner


@torch.no_grad()
def descend(start: nn.Module, points: Tensor, truth: Tensor, steps: int, lr: float) -> Descent:
    """Run the inner loop on support points and look at it after every step.

    Args:
        start: a network from a number to a number, or a learner of regression. One with a method `path` that gives
            dicts of parameters, as MAML's, is shown step by step; of any other, the adapted curve alone.
        points: `[shot, 2]`, x and y. There may be none: then nothing is adapted.
        truth: `[len(GRID)]`, the true curve.
        steps, lr: adaptation steps and inner learning rate.
    """
    learner = settle(start, steps if len(points) else 0, lr)
    like = next(learner.parameters(), torch.zeros(()))
    x, y = points.to(like).T[..., None].unsqueeze(1)  # each [1, shot, 1]: one task
    grid = GRID.to(like)
    if not hasattr(learner, "path"):
        adapted = learner.adapt(x, y)
        curves, fitted = learner.predict(adapted, grid)[..., 0], learner.predict(adapted, x)[..., 0]
        note = f"{type(learner).__name__} does not say what happens between its steps" if len(points) else ""
        return _look(curves, fitted, y, truth, note=note)
    path = learner.path(x, y, steps + 1 if len(points) else 0)
    each = {name: torch.cat([params[name] for params in path]) for name in path[0]}  # [steps + 2, *its shape]
    curves, fitted = _predict(learner, each, grid), _predict(learner, each, x)  # [steps + 2, 101], [steps + 2, shot]
    weights = torch.cat([p.flatten(1) for p in each.values()], 1)  # [steps + 2, n_weights]

    def loss(weights: Tensor) -> Tensor:
        parts = weights.to(like).split([p[0].numel() for p in each.values()], 1)
        params = {name: part.view(-1, *p.shape[1:]) for part, (name, p) in zip(parts, each.items(), strict=True)}
        return _mean_square(_predict(learner, params, x), y[..., 0]).cpu()

    rows = slice(steps + 1)  # without the one step more
    return _look(curves[rows], fitted[rows], y, truth, weights.cpu(), loss if len(points) else None)


def _predict(learner, params: Params, x: Tensor) -> Tensor:
    """The curves of many parameters, which take the place of tasks: `[n, len(x)]`."""
    return learner.predict(params, x.expand(len(next(iter(params.values()))), -1, -1))[..., 0]


def _mean_square(curves: Tensor, target: Tensor) -> Tensor:
    return F.mse_loss(curves, target.expand_as(curves), reduction="none").mean(-1)


def _look(curves, fitted, y, truth, weights=None, loss=None, note="") -> Descent:
    """Put the pieces together, and cut them off where gradient descent leaves what can be drawn."""
    support, query = _mean_square(fitted, y[..., 0]).cpu(), _mean_square(curves.cpu(), truth.to(curves).cpu())
    bad = ~(query < TOO_LARGE) | (support >= TOO_LARGE)
    if bad.any():
        k = int(bad.nonzero()[0])
        note = f"the loss grows without bound (step {k}): choose a smaller inner learning rate"
        if k == 0:
            note = "this start predicts numbers too large to draw, or none"
        return Descent(curves[:k].cpu(), support[:k], query[:k], note=note)
    return Descent(curves.cpu(), support, query, weights, loss, note)


@dataclass(eq=False)
class Plane:
    """A plane in the space of weights.

    Args:
        origin: `[n_weights]`, a point in it.
        axes: `[2, n_weights]`, two directions of length 1 at a right angle.
    """

    origin: Tensor
    axes: Tensor

    def coordinates(self, weights: Tensor) -> Tensor:
        """Where weights `[..., n_weights]` fall on the plane when projected at a right angle: `[..., 2]`."""
        return (weights - self.origin) @ self.axes.T

    def weights(self, coordinates: Tensor) -> Tensor:
        """The weights at places of the plane: `[..., 2] -> [..., n_weights]`."""
        return self.origin + coordinates.to(self.axes) @ self.axes

    def share(self, path: Tensor) -> float:
        """How much of a path lies in the plane: of its squared distances from the origin, a fraction."""
        return (self.coordinates(path).square().sum() / (path - self.origin).square().sum()).item()


def plane_of(path: Tensor, last: int) -> Plane | None:
    """The plane through the first and the `last` point of a path, along the largest direction of what remains of it.

    Args:
        path: `[points, n_weights]`; points after `last` only help to find the second direction.

    Returns: the plane. Its origin is the start, its first axis points to the end (to the path's end, where `last` is
    the start itself). `None` if the path does not move.
    """
    away = path - path[0]  # [points, n_weights]
    end = away[last] if away[last].any() else away[-1]
    if not end.any():
        return None
    first = F.normalize(end, dim=0)
    rest = away - (away @ first)[:, None] * first  # at a right angle to the first axis
    if rest.norm() < 1e-3 * end.norm():  # a straight path: any second direction will do
        rest = torch.randn(1, len(first), generator=torch.Generator().manual_seed(0)).to(path)
        rest = rest - (rest @ first)[:, None] * first
    second = torch.linalg.svd(rest, full_matrices=False).Vh[0]
    second = second - (second @ first) * first
    # A direction is as good as its opposite. This choice keeps the picture from turning over while a point moves.
    second = F.normalize(second, dim=0) * (1 if (rest @ second).sum() >= 0 else -1)
    return Plane(path[0], torch.stack([first, second]))


def window(places: Tensor) -> tuple[Tensor, Tensor]:
    """The part of the plane to show around the places `[points, 2]` of a path: lowest and highest, each `[2]`."""
    low, high = places.amin(0), places.amax(0)
    width = max((high - low)[0], (high - low)[1] / ASPECT, high.new_tensor(1e-6)) * (1 + 2 * MARGIN)
    half = width / 2 * high.new_tensor([1.0, ASPECT])
    return (low + high) / 2 - half, (low + high) / 2 + half


def loss_surface(loss: Callable, plane: Plane, low: Tensor, high: Tensor, shape=SHAPE) -> Tensor:
    """The loss on a grid over a part of the plane.

    Args:
        loss: `[n, n_weights] -> [n]`.
        plane: where the weights come from.
        low, high: the part's corners, each `[2]`, in coordinates of the plane.
        shape: rows and columns.

    Returns: `[rows, columns]`, the first row at the lowest second coordinate.
    """
    v, u = (torch.linspace(low[i], high[i], n, dtype=low.dtype) for i, n in zip((1, 0), shape, strict=True))
    v, u = torch.meshgrid(v, u, indexing="ij")  # [rows, columns] each
    with torch.no_grad():
        return loss(plane.weights(torch.stack([u, v], -1).flatten(0, 1))).view(shape)
