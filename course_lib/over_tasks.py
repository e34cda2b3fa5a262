"""How the tasks of a meta-batch are computed: all at once, or one after the other. It is decided here alone."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.func import vmap
from torch.utils._pytree import tree_leaves, tree_map


def all_at_once(network: nn.Module) -> bool:
    """Whether `vmap` over tasks is the faster way for this network, where it is.

    On a CPU it is 7 to 9 times faster than a loop for the sinusoid network, whose matrices are tiny, and slower for
    convolutions: with weights of its own for every task they become grouped ones (`benchmarks/maml.py`). Recurrent
    layers cannot be mapped.
    """
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
        return vmap(function, randomness="different")(*args)
    tasks = range(len(tree_leaves(args)[0]))
    results = [function(*tree_map(lambda t, i=i: t[i], args)) for i in tasks]
    return tree_map(lambda *parts: torch.stack(parts), *results)
