"""Layers of PyTorch that cannot be differentiated twice as they are, or are differentiated wrongly, and what to do.

MAML's outer gradient differentiates the inner gradient. `tests/learners/test_any_network.py` compares many kinds of
layers with finite differences.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import _WeightNorm
from torch.nn.utils.weight_norm import WeightNorm

#: Ways of computing attention that have no second derivative: is each allowed, and allow it or not. (sdpa_kernel sets
#: the same switches, at a hundred times the cost.)
_FAST = (
    (torch.backends.mha.get_fastpath_enabled, torch.backends.mha.set_fastpath_enabled),
    (torch.backends.cuda.flash_sdp_enabled, torch.backends.cuda.enable_flash_sdp),
    (torch.backends.cuda.mem_efficient_sdp_enabled, torch.backends.cuda.enable_mem_efficient_sdp),
    (torch.backends.cuda.cudnn_sdp_enabled, torch.backends.cuda.enable_cudnn_sdp),
)


@contextmanager
def differentiable_twice(network: nn.Module):
    """Inside the block second derivatives of the network are there and right, and tasks can be mapped.

    Attention takes PyTorch's plain formulas, since its fast ways have no second derivative. The recurrent layers of
    cuDNN have none either (pytorch/pytorch #5261, #25315), and it is the forward pass that has to do without them. The
    second derivative of `torch._weight_norm` is wrong (2.6 to 2.13; `gradgradcheck` says so), so `weight_norm` takes a
    formula of our own.
    What a hook writes into a layer, as the old `weight_norm` does, is gone afterwards.
    """
    with ExitStack() as stack:
        for fast, set_fast in _FAST:
            stack.callback(set_fast, fast())
            set_fast(False)
        if any(isinstance(m, nn.RNNBase) for m in network.modules()):
            stack.enter_context(torch.backends.cudnn.flags(enabled=False))
        for m in network.modules():
            if isinstance(m, _WeightNorm):
                m.forward = partial(_weight_norm, m.dim)  # hides the method of the class
                stack.callback(delattr, m, "forward")
            if m._forward_pre_hooks:
                stack.callback(vars(m).update, {k: v for k, v in vars(m).items() if isinstance(v, Tensor)})
            for hook in m._forward_pre_hooks.values():
                if isinstance(hook, WeightNorm):
                    hook.compute_weight = partial(_old_weight_norm, hook)
                    stack.callback(delattr, hook, "compute_weight")
        yield


def _weight_norm(dim: int | None, size: Tensor, direction: Tensor) -> Tensor:
    """A weight of this size in this direction: Salimans and Kingma 2016 (arXiv:1602.07868), equation 2."""
    axes = [i for i in range(direction.ndim) if i != dim]  # -1 or None: all of them
    return direction * (size / torch.linalg.vector_norm(direction, dim=axes, keepdim=True))


def _old_weight_norm(hook: WeightNorm, layer: nn.Module) -> Tensor:
    return _weight_norm(hook.dim, getattr(layer, f"{hook.name}_g"), getattr(layer, f"{hook.name}_v"))
