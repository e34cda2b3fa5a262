"""Results of known mistakes are kept: a check asks for the same ones of the same data again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps

from torch import Tensor


def numbers_of(*args) -> Hashable:
    """What tells arguments apart: of tensors dtype, shape and numbers, and anything else itself."""
    return tuple(
        (arg.dtype, tuple(arg.shape), arg.detach().cpu().numpy().tobytes()) if isinstance(arg, Tensor) else arg
        for arg in args
    )


def once(formula: Callable, key: Callable[..., Hashable] = numbers_of) -> Callable:
    """The formula, which computes once what it is asked for several times. Nobody may change what it returns.

    Args:
        formula: what is computed, often a known mistake.
        key: a function of the same arguments, different for different cases.
    """
    kept = {}

    @wraps(formula)
    def again(*args):
        case = key(*args)
        if case not in kept:
            kept[case] = formula(*args)
        return kept[case]

    return again
