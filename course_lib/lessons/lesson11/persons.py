"""Means and intervals that count people: windows of one person are not independent."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def over_people(
    scores: Tensor, person: Tensor, other: Tensor | None = None, factor: float = 2.262
) -> tuple[float, float]:
    """Mean over people and half the width of its 95 % interval; or that of a difference, person by person.

    Args:
        scores: `[n]`, one a window: right or wrong (bool), or a number.
        person: `[n]` int64: whose window it is. Each person counts once, whatever the number of windows.
        other: `[n]`, the scores of another method on the same windows; then the result is for `scores - other`.
        factor: how many standard errors the interval reaches to each side; 2.262 is that of the t distribution with 9
            degrees of freedom, for ten people.

    Returns: the mean and half the width of the interval, in units of the scores; infinity for one person.
    """
    values = scores.double() if other is None else scores.double() - other.double()
    each = torch.stack([values[person == who].mean() for who in person.unique()])  # [people]
    half = factor * each.std().item() / math.sqrt(len(each)) if len(each) > 1 else math.inf
    return each.mean().item(), half
