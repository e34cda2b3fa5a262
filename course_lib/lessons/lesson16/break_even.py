"""When a price that is paid once comes back."""

from __future__ import annotations

import math


def paid_after(once: int, each: int, instead: int) -> int | float:
    """The smallest number of new tasks for which it was cheaper to have meta-trained.

    Args:
        once: what meta-training costs before the first new task (FLOPs, a whole number).
        each: what adapting to a new task costs after it.
        instead: what a new task costs without meta-training.

    Returns: a whole number, 1 or more; `math.inf` if it is never cheaper.
    """
    saved = instead - each
    return once // saved + 1 if saved > 0 else math.inf
