"""How far the mean of scores over tasks can be trusted: intervals, differences, and how many tasks they need.

Tasks are independent; the queries of one task are not. So tasks are what is counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor


def ci95(scores: Tensor) -> float:
    """Half the width of the 95 % confidence interval of a mean: 1.96 standard errors.

    Args:
        scores: `[tasks]`, one score a task. Tasks are independent; queries of one task are not,
            so tasks are counted, not queries. With fewer than about 30 tasks the interval is too narrow.

    Returns: a half-width in the units of the scores; infinity for a single task.
    """
    if len(scores) < 2:
        return math.inf
    return 1.96 * scores.double().std().item() / math.sqrt(len(scores))


def paired_difference(first: Tensor, second: Tensor) -> tuple[float, float]:
    """How much better `first` is than `second` on the same tasks, with its 95 % confidence interval.

    A hard task is hard for both. Subtracting task by task removes what they share, so the interval is narrower
    than that of either mean. If it does not contain 0, the difference is more than luck with the tasks.

    Args:
        first, second: `[tasks]` scores of two learners; entry `i` of both belongs to the same task.

    Returns: the mean difference and half the width of its interval, in units of the scores.

    Raises:
        ValueError: if the two do not score the same number of tasks.
    """
    differences = task_by_task(first, second)
    return differences.mean().item(), ci95(differences)


def task_by_task(first: Tensor, second: Tensor) -> Tensor:
    """`[tasks]` scores of two learners on the same tasks, subtracted: `[tasks]`, float64. See `paired_difference`."""
    if first.shape != second.shape:
        raise ValueError(
            f"both learners must be scored on the same tasks, but there are {len(first)} and {len(second)} scores; "
            "evaluate both with the same seed and n_tasks, or cut the longer one: scores[:n]."
        )
    return first.double() - second.double()


def unpaired_difference(first: Tensor, second: Tensor) -> tuple[float, float]:
    """How far the mean of `first` lies above that of `second`, on *different* tasks, with its 95 % confidence interval.

    Between meta-training and meta-test tasks this is the gap that shows meta-overfitting. The two means err
    independently, so their variances add up.

    Args:
        first: `[tasks]` scores. second: `[other tasks]` scores; there may be more or fewer.

    Returns: the difference of the means and half the width of its interval, in units of the scores.
    """
    difference = first.double().mean() - second.double().mean()
    return difference.item(), math.hypot(ci95(first), ci95(second))


def paired_bootstrap(
    first: Tensor, second: Tensor, draws: int = 2000, generator: Generator | None = None
) -> tuple[float, float]:
    """The 95 % percentile interval of the mean difference of two learners on the same tasks.

    A draw is a new test set of equal size: tasks of the old one, with replacement. Both learners are scored on the
    same tasks of a draw, so what makes a task hard for both cancels.

    Args:
        first, second: `[tasks]` scores; entry `i` of both belongs to the same task.
        draws: how many test sets are drawn.
        generator: where all the randomness comes from.

    Returns: the ends of the interval, in units of the scores: 2.5 % of the draws have a mean difference below the
    low end, 2.5 % one above the high end.

    Raises:
        ValueError: if the two do not score the same number of tasks.

    Source: Efron 1979, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7.
    """
    differences = task_by_task(first, second)  # [tasks]
    chosen = torch.randint(len(differences), (draws, len(differences)), generator=generator)  # [draws, tasks]
    means = differences[chosen].mean(1)  # [draws]
    low, high = means.quantile(means.new_tensor([0.025, 0.975])).tolist()
    return low, high


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
