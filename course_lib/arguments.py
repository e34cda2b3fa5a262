"""What arguments may be. Constructors and functions of the course ask here, so that a wrong one gets its sentence."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.fx.experimental.proxy_tensor import get_proxy_mode
from torch.nn.parameter import UninitializedParameter


def check_whole(low: int = 1, high: int | None = None, **values):
    """Whole numbers from `low` to `high` (or without an end), by the names of the arguments.

    Raises:
        ValueError: for any other number, and for True and False.
    """
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < low or (high and value > high):
            kind = f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high:,}"
            raise ValueError(f"{name} must be {kind}, but it is {value!r}.")


def check_number(low: float = 0.0, high: float = math.inf, above: float = -math.inf, **values):
    """Finite numbers from `low` to `high`, and greater than `above`, by the names of the arguments.

    Raises:
        ValueError: for anything else.
    """
    for name, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not low <= value <= high or value <= above:
            limits = f"{low:g} to {high:g}" if high < math.inf else f"{low:g} or more, and finite"
            limits = f"above {above:g}, and finite" if above > -math.inf else limits
            raise ValueError(f"{name} must be {limits}, but it is {value!r}.")


def check_range(**values):
    """Pairs of finite numbers, the lower one first, by the names of the arguments.

    Raises:
        ValueError: for anything else.
    """
    for name, value in values.items():
        pair = tuple(value) if isinstance(value, tuple | list) else ()
        finite = all(isinstance(v, int | float) and math.isfinite(v) for v in pair)
        if len(pair) != 2 or not finite or pair[0] > pair[1]:
            raise ValueError(f"{name} must be two finite numbers, the lower first, but it is {value!r}.")


def check_one_of(known, **values):
    """Words (or numbers) of a list, by the names of the arguments.

    Raises:
        ValueError: for any other.
    """
    for name, value in values.items():
        if isinstance(value, bool) or value not in tuple(known):
            words = [repr(word) for word in known]
            raise ValueError(f"{name} must be {', '.join(words[:-1])} or {words[-1]}, but it is {value!r}.")


def check_network(**values):
    """Networks, by the names of the arguments.

    Raises:
        ValueError: for anything that is not a `torch.nn.Module`.
    """
    for name, value in values.items():
        if not isinstance(value, nn.Module):
            raise ValueError(f"{name} must be a network (a torch.nn.Module), but it is a {type(value).__name__}.")
        if any(isinstance(p, UninitializedParameter) for p in value.parameters()):
            raise ValueError(f"{name} has lazy layers that do not know their sizes yet: run it once, network(x), on "
                             "examples like those of your tasks.")  # fmt: skip


def check_tasks(**values):
    """Task distributions, by the names of the arguments.

    Raises:
        ValueError: for anything without a method `sample`.
    """
    for name, value in values.items():
        if not callable(getattr(value, "sample", None)):
            raise ValueError(
                f"{name} must be a task distribution with a method sample(n_tasks, generator), such as Scripts(), "
                f"but it is a {type(value).__name__}."
            )


def check_draw(n_tasks: int, generator):
    """What every `sample` takes.

    Raises:
        ValueError: if there is no whole number of tasks, or no generator.
    """
    check_whole(n_tasks=n_tasks)
    if not (generator is None or isinstance(generator, torch.Generator)):
        raise ValueError(
            f"generator must be a torch.Generator or None, but it is {generator!r}; "
            "torch.Generator().manual_seed(0) makes one."
        )


def may_look(x: Tensor) -> bool:
    """Whether the values of `x` can be looked at for nothing: a GPU's host would wait, and while operations are listed
    (`compute/compiled.py`) there are none."""
    return x.device.type == "cpu" and not torch.compiler.is_compiling() and get_proxy_mode() is None
