"""How the tasks of a meta-batch are computed: all at once, or one after the other. It is decided here alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import contextmanager
from weakref import WeakSet

import torch
from torch import Tensor, nn
from torch._C._functorch import is_batchedtensor
from torch.func import vmap
from torch.utils._pytree import tree_leaves, tree_map

_forced: bool | None = None
_known, _one_by_one = WeakSet(), WeakSet()  # networks that vmap has met; and those that it cannot map


@contextmanager
def forced(at_once: bool):
    """Inside the block `all_at_once` is what is said here, for tests and to measure both ways."""
    global _forced
    before, _forced = _forced, at_once
    try:
        yield
    finally:
        _forced = before


def all_at_once(network: nn.Module) -> bool:
    """Whether `vmap` over tasks is the faster way for this network, where it is.

    On a CPU it is about 7 times faster than a loop for the sinusoid network, whose matrices are tiny, and 2 to 3 times
    slower for convolutions: with weights of its own for every task they become grouped ones (`benchmarks/maml.py`).
    Recurrent layers cannot be mapped, nor can much else, such as an `if` on values: `over_tasks` finds out.
    """
    if network in _one_by_one:
        return False
    if _forced is not None:
        return _forced
    convolves = any(isinstance(m, nn.modules.conv._ConvNd) for m in network.modules())
    recurs = any(isinstance(m, nn.RNNBase) for m in network.modules())
    device = next((p.device.type for p in network.parameters()), "cpu")
    return not recurs and not (convolves and device == "cpu")


def over_tasks(function: Callable, network: nn.Module, *args):
    """`function` of each task, stacked along a task axis.

    Args:
        function: takes the arguments of one task, without a task axis; gives tensors in tuples, lists or dicts.
        network: the network that `function` runs; it decides how.
        args: tensors `[tasks, ...]`, or tuples, lists or dicts of them.
    """
    if all_at_once(network):
        before = [] if network in _known else tensors_of(network)
        try:
            found = vmap(function, randomness="different")(*args)
            if not any(is_batchedtensor(held[name]) for held, name, _ in before):
                _known.add(network)
                return found
            why = "it keeps what it computed"
        except Exception as error:  # perhaps vmap's: if not, the same comes again below, where nothing is mapped
            why = str(error)
        for held, name, value in before:
            held[name] = value
        found = _each(function, *args)
        _one_by_one.add(network)
        warnings.warn(f"{type(network).__name__} cannot be computed for all tasks at once (torch.func.vmap: "
                      f"{why.strip().partition(chr(10))[0][:150]}). From now on its tasks are computed one after the "
                      "other: the same numbers, more slowly.", stacklevel=2)  # fmt: skip
        return found
    return _each(function, *args)


def tensors_of(network: nn.Module) -> list[tuple[dict, str, Tensor]]:
    """The buffers of a network and the tensors among its attributes, and where each is held."""
    held = [place for m in network.modules() for place in (m._buffers, vars(m))]
    return [(place, name, value) for place in held for name, value in place.items() if isinstance(value, Tensor)]


def _each(function: Callable, *args):
    """`over_tasks`, one after the other."""

    def of_one(*args):  # tensors [1, ...]
        return tree_map(lambda t: t.unsqueeze(0), function(*tree_map(lambda t: t.squeeze(0), args)))

    return _joined(of_one, *args)


def in_parts(function: Callable, network: nn.Module, *args):
    """`function` of all tasks, or of one after the other, joined again: then the graph of one is freed before the next.

    Args:
        function: takes and gives what has a task axis, if only for one task.
        network, args: as in `over_tasks`.
    """
    if all_at_once(network):
        return function(*args)
    return _joined(function, *args)


def _joined(function: Callable, *args):
    n = len(tree_leaves(args)[0])
    if n == 1:
        return function(*args)
    results = [function(*tree_map(lambda t, i=i: t[i : i + 1], args)) for i in range(n)]
    return tree_map(lambda *parts: torch.cat(parts), *results)
