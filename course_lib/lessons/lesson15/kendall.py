"""Kendall's tau, and how high it can be where the truth was measured with noise.

Sources: tau-b as Kendall corrects it for ties (Biometrika 33, 1945; not read: from its usual definition). That two
    normal variables with correlation rho have tau = 2/pi asin(rho), and what averages do for a correlation (Spearman,
    Brown, 1910), is textbook knowledge; the tests check both against draws.
"""

from __future__ import annotations

from itertools import combinations
from math import asin, pi, sin, sqrt

import torch
from torch import Tensor


def kendall_tau(a: Tensor, b: Tensor) -> Tensor:
    """Kendall's tau-b over the last axis: pairs in the same order less pairs in the other one, as a share.

    Pairs that are equal on a side are left out of that side's count: the sum of signs is divided by the root of the
    numbers of pairs that differ in `a` and in `b`. Where all are equal on one side it is 0.

    Args:
        a, b: scores of the same n things, `[..., n]`; axes before the last are compared one by one.

    Returns: between -1 and 1, `[...]`, of a's dtype.
    """
    one, other = ((s.unsqueeze(-1) - s.unsqueeze(-2)).sign() for s in (a, b))  # [..., n, n]
    over = (-1, -2)
    together = (one * other.to(one.dtype)).sum(over)  # [...]
    pairs = one.square().sum(over) * other.square().sum(over)
    return together / pairs.sqrt().clamp(min=1.0)  # where pairs is 0, so is `together`; else it is 2 or more


def ceiling(agreement: float, seeds: int = 1) -> float:
    """The tau that perfect knowledge has with a truth that was measured `seeds` times and averaged.

    A measurement is what is true of an architecture, and luck of its own. If both are normal, and two measurements
    agree with correlation rho, what is true has correlation sqrt(S rho / (1 + (S - 1) rho)) with the mean of S. That is
    above rho itself: two measurements have two lucks between them, a perfect predictor and a measurement have one.

    Args:
        agreement: Kendall's tau between two single measurements; below 0 it counts as 0.
        seeds: S, how many measurements are averaged.
    """
    rho = sin(pi / 2 * max(agreement, 0.0))
    return 2 / pi * asin(sqrt(seeds * rho / (1 + (seeds - 1) * rho)))


def tau_and_ceiling(scores: Tensor, truths: Tensor) -> tuple[float, float]:
    """Kendall's tau-b of a predictor with the measured truth, and the highest that it could be expected to have.

    Args:
        scores: what the predictor says of each architecture, `[n]`; only the order counts.
        truths: what each of S trainings measured, `[S, n]`, two or more. The mean over trainings is the truth.

    Returns: tau of the scores with the mean of the trainings; and the tau that perfect knowledge would have with it:
        `ceiling` of the mean tau-b over all pairs of two trainings.
    """
    pairs = [kendall_tau(one, other).item() for one, other in combinations(truths, 2)]
    top = ceiling(sum(pairs) / len(pairs), len(truths))
    return kendall_tau(scores, truths.mean(0)).item(), top


def same_order_share(tau: float | Tensor) -> float | Tensor:
    """The share of pairs (without ties) in the same order: a tau of 0.5 is 3 of 4."""
    return (1 + tau) / 2


def noisy_truths(agreement: float, seeds: int, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """What is true of n things, `[n]`, and noisy measurements of it, `[seeds, n]`, two of which agree with this tau."""
    rho = sin(pi / 2 * agreement)
    true = torch.randn(n, generator=generator, dtype=torch.float64)
    luck = torch.randn(seeds, n, generator=generator, dtype=torch.float64)
    return true, sqrt(rho) * true + sqrt(1 - rho) * luck
