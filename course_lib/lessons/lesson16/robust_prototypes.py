"""Prototypes that one wrong label cannot carry off: medians in place of means."""

from __future__ import annotations

import torch
from torch import Tensor


def robust_prototypes(support_z: Tensor, labels: Tensor, steps: int = 50, nearest: float = 1e-6) -> Tensor:
    """The geometric median of each class: the point whose distances to the examples have the lowest sum.

    Weiszfeld's steps, from the mean: each time the mean of the examples again, weighted by 1 / distance to where one
    is. A distance below `nearest` counts as `nearest`.

    Args:
        support_z: embedded support set `[n, d]`.
        labels: `[n]`, int64, 0 ... way-1, in any order; classes may have different numbers of examples.
        steps: how often; with 0 it is the mean.
        nearest: the shortest distance that counts.

    Returns: `[way, d]`.

    Source: E. Weiszfeld 1937, as in Beck and Sabach, J. Optim. Theory Appl. 164 (2015), read second-hand.
    """
    found = []
    for label in range(int(labels.max()) + 1):
        points = support_z[labels == label]  # [shots, d]
        at = points.mean(0)  # [d]
        for _ in range(steps):
            weights = 1 / (points - at).norm(dim=1, keepdim=True).clamp(min=nearest)  # [shots, 1]
            at = (weights * points).sum(0) / weights.sum()
        found.append(at)
    return torch.stack(found)  # [way, d]


def geometric_median(points: Tensor, steps: int = 50, nearest: float = 1e-6) -> Tensor:
    """The geometric median of many sets of points at once: `[..., shots, d]` to `[..., d]`; see `robust_prototypes`."""
    at = points.mean(-2)  # [..., d]
    for _ in range(steps):
        weights = 1 / (points - at.unsqueeze(-2)).norm(dim=-1, keepdim=True).clamp(min=nearest)  # [..., shots, 1]
        at = (weights * points).sum(-2) / weights.sum(-2)
    return at


def medoids(support_z: Tensor, labels: Tensor) -> Tensor:
    """Of each class the example whose distances to the others of its class have the lowest sum: `[way, d]`.

    Args:
        support_z: `[n, d]`; labels: `[n]`, int64, 0 ... way-1. Of equally good ones the first is taken.
    """
    classes = [support_z[labels == label] for label in range(int(labels.max()) + 1)]
    return torch.stack([points[torch.cdist(points, points).sum(0).argmin()] for points in classes])


def trimmed_prototypes(support_z: Tensor, labels: Tensor) -> Tensor:
    """Means, without the example of each class that lies farthest from the mean of the others: `[way, d]`.

    It is also the one that lies farthest from the mean of all, itself included: with n examples that distance is
    (n - 1) / n of the other, for each of them. Classes of one or two examples keep theirs.

    Args:
        support_z: `[n, d]`; labels: `[n]`, int64, 0 ... way-1.
    """
    found = []
    for label in range(int(labels.max()) + 1):
        points = support_z[labels == label]  # [shots, d]
        if len(points) > 2:
            far = (points - points.mean(0)).norm(dim=1).argmax()
            points = points[torch.arange(len(points), device=points.device) != far]
        found.append(points.mean(0))
    return torch.stack(found)
