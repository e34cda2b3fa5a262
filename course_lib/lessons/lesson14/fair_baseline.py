"""A baseline at its best: its rate is chosen on some problems, and it is judged on others."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def tuned_baseline(ends: Callable[[object, Tensor], Tensor], tuning, judging, rates: Tensor) -> tuple[float, Tensor]:
    """The best rate of a rule, and what the rule reaches with it on problems that had no say in the choice.

    The best rate has the lowest mean loss over the tuning problems. A rate with which *any* of them went out of bounds
    (nan or infinite) is out. Where the best rate is the lowest or the highest that was tried, a better one may lie
    beyond: the next rate there, a factor farther, is tried too, and so on, as long as it is better.

    Args:
        ends: `ends(problems, rates)` trains all problems with each of the rates `[k]`; the losses at the end are
            `[k, problems]`.
        tuning: problems to choose the rate on.
        judging: other problems. They are trained once, with the chosen rate alone.
        rates: to be tried, `[k]`, at least two, from low to high, each the same factor above the one before.

    Returns: the rate, a number; and the losses of the judging problems, `[problems]`.
    """
    factor = rates[1] / rates[0]

    def means(some: Tensor) -> Tensor:
        losses = ends(tuning, some).mean(1)  # [k]: a single nan or infinity is in the mean
        return torch.where(losses.isfinite(), losses, torch.inf)

    losses = means(rates)
    best, lowest = rates[losses.argmin()], losses.min()
    farther = factor if best == rates[-1] else 1 / factor if best == rates[0] else None
    while farther is not None:
        (loss,) = means(best.view(1) * farther)
        if not loss < lowest:
            break
        best, lowest = best * farther, loss
    return best.item(), ends(judging, best.view(1))[0]
