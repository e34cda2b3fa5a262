"""How alike two networks see the same inputs, layer by layer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.compute.batch_norm import Params, call


def linear_cka(first: Tensor, second: Tensor) -> Tensor:
    """Linear centred kernel alignment: how alike two layers arrange the same inputs, from 0 to 1.

    1 if one is the other turned, mirrored or scaled as a whole. Which feature is which does not matter, and the two may
    have different numbers of them.

    Args:
        first: `[n, features]`, what one layer gives for n inputs.
        second: `[n, other features]`, what another gives for the same inputs, in the same order.

    Returns: a single number.

    Source: Kornblith et al. 2019 (arXiv:1905.00414), section 3: `|Y^T X|^2 / (|X^T X| |Y^T Y|)` of centred features.
    """
    x, y = first - first.mean(0), second - second.mean(0)  # every feature has mean 0 over the inputs
    k, m = x @ x.T, y @ y.T  # [n, n]: how alike each layer finds every two inputs
    return (k * m).sum() / (k.norm() * m.norm())


def layer_outputs(network: nn.Sequential, params: Params, x: Tensor) -> list[Tensor]:
    """What each part of a network gives for `x` `[n, ...]` with these parameters of one task: `[n, features]` each.

    Parts without parameters of their own, such as ReLU, are left out.
    """
    found = []
    parts = [part for part in network if any(True for _ in part.parameters())]
    hooks = [part.register_forward_hook(lambda _, __, out: found.append(out.flatten(1))) for part in parts]
    try:
        with torch.no_grad():
            call(network, params, x)
    finally:
        for hook in hooks:
            hook.remove()
    return found
