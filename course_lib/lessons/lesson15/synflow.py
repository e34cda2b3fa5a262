"""A score of an architecture that needs no training and no data: how much flows through the network.

Source: Tanaka et al. 2020 (arXiv:2006.05467), where it prunes weights; Abdelfattah et al. 2021 (arXiv:2101.08134), of
    which the abstract was read, rank architectures by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def synflow(forward: Callable[[list[Tensor]], Tensor], weights: Sequence[Tensor]) -> Tensor:
    """The sum over all weights of |w| dR/d|w|, where R is the sum of the outputs of the network with weights |w|.

    In a network without biases whose operations pass positive numbers on as they are (identity, relu), each layer
    gives R once, so that the score is R times the number of layers on a path.

    Args:
        forward: `forward(weights)` gives the outputs `[tasks, ...]` for an input of ones, with these weights. Every
            task has a network of its own: its outputs depend on nothing else.
        weights: tensors `[tasks, ...]`. They stay as they are. One that the architecture does not use gives 0.

    Returns: a score for each task, `[tasks]`.
    """
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    flow = forward(sizes).sum()
    slopes = torch.autograd.grad(flow, sizes, allow_unused=True)
    used = [(w.detach() * s).flatten(1).sum(1) for w, s in zip(sizes, slopes, strict=True) if s is not None]
    return torch.stack(used).sum(0)  # [tasks]
