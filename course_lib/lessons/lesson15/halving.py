"""Successive halving: train many settings a little, and only the best of them longer.

Source: Jamieson and Talwalkar 2016 (arXiv:1502.07943), after Karnin, Koren and Somekh 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import torch
from torch import Tensor


def successive_halving(
    losses_after: Callable[[list[int], int], Tensor], settings: Sequence[int], rungs: Sequence[int], factor: int = 3
) -> tuple[int, int]:
    """Which of many settings is left in the end, and how many steps of training it took to find it.

    All settings are trained for `rungs[0]` steps. The best of them, one in `factor` (rounded up), go on to `rungs[1]`
    steps, and so on; at the last rung the best one wins.

    Args:
        losses_after: `losses_after(settings, steps)` gives the validation losses `[k]` of k settings after so many
            steps of training, counted from their start. Whoever is asked for a later step goes on with its training.
        settings: the indices of those to begin with.
        rungs: steps of training from the start, rising: (5, 15, 45).
        factor: how many are there for each that goes on.

    Returns: the winner's index, and the price: steps of all trainings in all. A loss that is nan or infinite is worse
        than any other; of equal ones the one that comes earlier in `settings` is better.
    """
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        price += len(alive) * (steps - before)
        losses = losses_after(alive, steps)  # [k]
        order = torch.where(losses.isnan(), torch.inf, losses).argsort(stable=True).tolist()
        left = 1 if i == len(rungs) - 1 else ceil(len(alive) / factor)
        alive, before = [alive[place] for place in sorted(order[:left])], steps  # in the order of `settings`
    return alive[0], price
