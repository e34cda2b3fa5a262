"""Formulas of mistakes that take their time, each computed once for a case of lesson 14's checks."""

from __future__ import annotations

from collections.abc import Callable, Hashable


def once(formula: Callable, key: Callable[..., Hashable]) -> Callable:
    """The same function, which remembers what it gave for a key.

    Args:
        formula: a mistake.
        key: a function of the same arguments, different for different cases.
    """
    known = {}

    def remembered(*args):
        of = key(*args)
        if of not in known:
            known[of] = formula(*args)
        return known[of]

    return remembered
