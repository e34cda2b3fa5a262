"""What other tasks say about a new one's losses before the first trial, and what trials then change.

A task is a list of losses, one for each of n settings. Over many tasks these lists have a mean and a covariance; they
are the prior. The posterior after some trials is that of any normal distribution.

Source: Wang et al. 2021-24 (HyperBO, arXiv:2109.08215), of which the abstract was read: the mean and the kernel of a
    Gaussian process come from other tasks. Here all tasks have the same n settings, so that no kernel has to be
    trained.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def squared_exponential(places: Tensor, lengths: Tensor | float) -> Tensor:
    """How alike settings are by how near they lie: exp(-d^2 / 2), `[n, n]`, with 1 on the diagonal.

    Args:
        places: of the n settings, `[n, axes]`.
        lengths: how far along each axis one has to go for d = 1, `[axes]` or a number.
    """
    apart = (places.unsqueeze(1) - places) / torch.as_tensor(lengths, dtype=places.dtype)  # [n, n, axes]
    return torch.exp(-apart.square().sum(-1) / 2)


def prior_from_tasks(losses: Tensor, kernel: Tensor, shrink: float = 0.1) -> tuple[Tensor, Tensor]:
    """Mean `[n]` and covariance `[n, n]` of the losses of n settings, over tasks.

    T tasks tell T - 1 directions apart, and n settings have n: in all others the covariance of the tasks says that
    nothing can vary. So a part of it is given to a kernel, which is scaled to the same mean variance.

    Args:
        losses: of each task and setting, `[tasks, n]`, two tasks or more.
        kernel: how alike settings are, `[n, n]`, with 1 on the diagonal.
        shrink: the kernel's part, from 0 to 1.
    """
    mean = losses.mean(0)
    apart = losses - mean  # [tasks, n]
    covariance = apart.T @ apart / (len(losses) - 1)  # [n, n]
    return mean, (1 - shrink) * covariance + shrink * covariance.diagonal().mean() * kernel


def posterior(
    mean: Tensor, covariance: Tensor, seen: Sequence[int], values: Tensor, noise: float = 1e-3
) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of all n losses after some of them were tried.

    Args:
        mean, covariance: before the first trial, `[n]` and `[n, n]`.
        seen: which settings were tried, k indices; none at all gives what was there before.
        values: their losses, `[k]`.
        noise: the variance of what a trial adds to its loss.

    Returns: `[n]` and `[n]`, of the losses themselves, without a trial's noise.
    """
    at = torch.as_tensor(seen, dtype=torch.long)
    rows = covariance[at]  # [k, n]
    among = rows[:, at] + noise * torch.eye(len(at), dtype=covariance.dtype)  # [k, k]
    weights = torch.linalg.solve(among, rows)  # [k, n]
    variance = covariance.diagonal() - (weights * rows).sum(0)  # [n]
    return mean + (values - mean[at]) @ weights, variance.clamp(min=0).sqrt()


def learned_posterior(
    others: Tensor, kernel: Tensor, seen: Sequence[int], values: Tensor, shrink: float = 0.1, noise: float = 1e-3
) -> tuple[Tensor, Tensor]:
    """What other tasks and a few trials say of all n settings of a new task.

    Args:
        others: losses of each setting on other tasks, `[tasks, n]`.
        kernel: how alike settings are, `[n, n]`, with 1 on the diagonal.
        seen: which settings were tried on the new task, a list of k indices; it may be empty.
        values: their losses there, `[k]`.
        shrink: which part of the covariance is the kernel, scaled to the mean variance of the others.
        noise: the variance of what a trial adds to its loss.

    Returns: mean and standard deviation of the new task's losses, `[n]` and `[n]`.
    """
    mean, covariance = prior_from_tasks(others, kernel, shrink)
    return posterior(mean, covariance, seen, values, noise)
