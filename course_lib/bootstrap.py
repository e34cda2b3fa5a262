"""The paired bootstrap: an interval of a difference that assumes no formula."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.evaluation import task_by_task


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
