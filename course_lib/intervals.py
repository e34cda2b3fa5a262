"""What the interval of a mean over tasks covers, and how many tasks make it narrow."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor


def tasks_needed(scores: Tensor, half: float) -> int:
    """How many test tasks make the 95 % interval of a mean as narrow as ± `half`.

    Args:
        scores: `[tasks]`, one score a task, from a first and smaller test: they say how much tasks differ.
        half: half the width wanted, in units of the scores, above 0.

    Returns: the smallest `n` with `1.96 * std / sqrt(n) <= half`, and at least 2.

    Raises:
        ValueError: if `half` is not above 0.
    """
    if not half > 0:
        raise ValueError(f"half must be above 0, but it is {half}.")
    spread = scores.double().std().item()  # of single tasks
    return max(2, math.ceil((1.96 * spread / half) ** 2))


def ci95_of_queries(scores: Tensor, queries: int) -> float:
    """Half the width of the interval that one gets by counting every query as an independent trial. It is too narrow
    wherever tasks differ: the queries of a task share its support set. It stands here to be caught.

    Args:
        scores: `[tasks]` accuracies, fractions. queries: query images of a task.
    """
    mean = scores.double().mean().item()
    return 1.96 * math.sqrt(mean * (1 - mean) / (len(scores) * queries))


def coverage(
    scores: Tensor, n: int, half_width: Callable, draws: int = 1000, generator: Generator | None = None
) -> float:
    """How often an interval holds what it should: `scores` play all the tasks there are, and their mean the truth.

    Args:
        scores: `[tasks]`.
        n: tasks of one test; they are drawn with replacement.
        half_width: a function of `[n]` scores, such as `ci95`.
        draws: how many tests are made.
        generator: where all the randomness comes from.

    Returns: the share of the tests whose `mean ± half_width` contains the truth.
    """
    truth = scores.double().mean().item()
    chosen = torch.randint(len(scores), (draws, n), generator=generator)  # [draws, n]
    tests = scores.double()[chosen]  # [draws, n]
    return sum(abs(test.mean().item() - truth) <= half_width(test) for test in tests) / draws
