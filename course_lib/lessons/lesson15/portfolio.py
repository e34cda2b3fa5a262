"""A list of settings to try one after the other, chosen on other tasks so that they complement each other.

Source: portfolios that are built greedily stand in Feurer et al. 2022 (Auto-sklearn 2.0, arXiv:2007.04074).
"""

from __future__ import annotations

import torch
from torch import Tensor


def portfolio(losses: Tensor, length: int) -> list[int]:
    """Greedily, the settings whose *best* is lowest on average over tasks.

    The first is the setting with the lowest mean loss. Each next one is the setting that, added to those before it,
    makes the mean over tasks of the lowest loss so far as low as can be. No setting comes twice; of several that are
    equally good, or if none helps any more, it is the one with the lowest index.

    Args:
        losses: of each task and setting, `[tasks, n]`.
        length: how many settings, at most n.

    Returns: their indices, in order.
    """
    lowest, chosen = torch.full_like(losses[:, :1], torch.inf), []  # [tasks, 1]
    for _ in range(length):
        means = torch.minimum(lowest, losses).mean(0)  # [n]
        means[chosen] = torch.inf
        chosen.append(means.argmin().item())
        lowest = torch.minimum(lowest, losses[:, chosen[-1:]])  # [tasks, 1]
    return chosen
