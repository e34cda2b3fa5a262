"""How near is a query to a point? The fixed metrics of the course, for all pairs at once."""

from __future__ import annotations

from contextlib import nullcontext

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.arguments import check_one_of


def squared_distances(queries: Tensor, points: Tensor) -> Tensor:
    """Squared Euclidean distance of every query to every point, by |q|^2 - 2 q.p + |p|^2.

    Args:
        queries: `[tasks, n, features]`.
        points: `[tasks, m, features]`.

    Returns: `[tasks, n, m]`, none of them negative; of half precision in single. Each is right to a share of the
    square of how far the points spread: about 1e-7 in single precision. Where some lie a thousand times farther apart
    than those to be told, use double.
    """
    queries, points = _beside_zero(queries, points)  # far from it, these large terms would cancel and leave rounding
    q2 = queries.square().sum(-1, keepdim=True)  # [tasks, n, 1]
    p2 = points.square().sum(-1).unsqueeze(1)  # [tasks, 1, m]
    return (q2 - 2 * _products(queries, points) + p2).clamp(min=0)


def _beside_zero(queries: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
    """Both, in single precision at least, and shifted by the mean of the points where that is far from zero beside
    how far they are apart: distances do not feel it. (Elsewhere a shift would only cost the last digit.)"""
    queries, points = _single(queries), _single(points)
    middle = points.mean(1, keepdim=True).detach()  # [tasks, 1, features]
    spread = (points - middle).square().sum(-1, keepdim=True).mean(1, keepdim=True)  # [tasks, 1, 1]
    far = middle.square().sum(-1, keepdim=True) > 1000 * spread  # [tasks, 1, 1]
    shift = middle.where(far, torch.zeros_like(middle))
    return queries - shift, points - shift


def _single(x: Tensor) -> Tensor:
    return x.float() if x.dtype in (torch.bfloat16, torch.float16) else x


def _products(queries: Tensor, points: Tensor) -> Tensor:
    """The product of every query with every point, `[tasks, n, m]`, in the precision that they have: autocast would
    compute it in bfloat16."""
    device = queries.device.type
    with torch.autocast(device, enabled=False) if torch.amp.is_autocast_available(device) else nullcontext():
        return queries @ points.transpose(1, 2)


def cosine_similarities(queries: Tensor, points: Tensor) -> Tensor:
    """Cosine of the angle between every query and every point: 1 in the same direction, -1 in the opposite one.

    Args:
        queries: `[tasks, n, features]`.
        points: `[tasks, m, features]`. A vector of zeros has no direction; its similarity is 0.
            (Shorter than 1e-12, a vector is on the way there.)

    Returns: `[tasks, n, m]`.
    """
    return _products(F.normalize(_single(queries), dim=-1), F.normalize(_single(points), dim=-1))


def _minus_squared_distances(queries: Tensor, points: Tensor) -> Tensor:
    return -squared_distances(queries, points)


#: Class scores by name of the metric: the nearer, the higher.
NEARNESS = {"euclidean": _minus_squared_distances, "cosine": cosine_similarities}


def nearness(name: str):
    """The function for a metric's name.

    Raises:
        ValueError: for a name that is none of NEARNESS.
    """
    check_one_of(NEARNESS, distance=name)
    return NEARNESS[name]
