"""Batch normalisation when every task has weights of its own, and statistics that must not leak.

Statistics are the mean and the variance by which a layer normalises. They can be those of the batch at hand
(*transductive*, when queries share the batch: each answer then depends on the other queries), or be given
(*inductive*). The functions work on any network with PyTorch's own batch-norm layers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from course_lib.compute.over_tasks import all_at_once
from course_lib.compute.twice import differentiable_twice

Params = dict[str, Tensor]


def batch_norms(network: nn.Module) -> dict[str, nn.Module]:
    """The batch-norm layers of a network, by name."""
    return {n: m for n, m in network.named_modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)}


@contextmanager
def batch_statistics(module: nn.Module):
    """Inside the block, batch normalisation uses the statistics of the batch at hand and records nothing.

    This is *transductive* evaluation when queries share the batch: each query's answer then depends
    on the other queries. Outside the block everything is as it was.
    """
    norms = list(batch_norms(module).values())
    before = [(m.training, m.running_mean, m.running_var, m.num_batches_tracked) for m in norms]
    try:
        for m in norms:
            # Without running statistics, PyTorch normalises by the batch in either mode.
            m.running_mean = m.running_var = m.num_batches_tracked = None
            m.by_batch_at_hand = vars(m).get("by_batch_at_hand", 0) + 1  # blocks may stand inside one another
        yield module
    finally:
        for m, (training, mean, var, count) in zip(norms, before, strict=True):
            m.by_batch_at_hand -= 1
            if not m.by_batch_at_hand:
                del m.by_batch_at_hand
            m.training, m.running_mean, m.running_var, m.num_batches_tracked = training, mean, var, count


def frozen(layer: nn.Module) -> bool:
    """Whether a batch-norm layer is to stay as it is: in evaluation mode, and with weights that require no gradient."""
    own = list(layer.parameters(recurse=False))
    return not layer.training and bool(own) and not any(p.requires_grad for p in own)


def train_all_but_frozen(network: nn.Module):
    """`network.train()`, but frozen batch norm goes on normalising by what it has gathered, and gathers no more."""
    stay = [layer for layer in batch_norms(network).values() if frozen(layer)]
    network.train()
    for layer in stay:
        layer.eval()


def transductive(network: nn.Module) -> bool:
    """Whether the block of `batch_statistics` is around this. (A layer may lack running statistics all the same.)"""
    return any(vars(m).get("by_batch_at_hand") for m in batch_norms(network).values())


def call(network: nn.Module, params: Params, x: Tensor) -> Tensor:
    """The network's output for `x` `[n, ...]` with these parameters; the network itself is not changed.

    Batch norm normalises by `params["....running_mean"]` and `running_var` where they are given, else by the batch.
    Both ways can be differentiated, the given statistics too (PyTorch takes them for constants).
    """
    given = any(name.endswith("running_mean") for name in params)
    with _norms_compute(network, _by_given if given else _by_batch(network)):
        return run(partial(functional_call, network, params), x)


def run(network: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """`network(x)`, for any network that somebody may bring.

    Raises:
        ValueError: if it cannot take whole numbers, and `x` holds them; if it gives something else than a tensor.
    """
    try:
        answer = network(x)
    except RuntimeError as error:
        if x.is_floating_point():
            raise
        raise ValueError("this network cannot take whole numbers, as support_x or query_x holds them here: use "
                         ".float(), or let it begin with nn.Embedding, which looks them up.") from error  # fmt: skip
    if not isinstance(answer, Tensor):
        raise ValueError(f"a network must answer with one tensor, but this one gives a {type(answer).__name__}: wrap "
                         "it in a module whose forward returns the scores (or the features) alone.")  # fmt: skip
    return answer


def statistics(network: nn.Module, params: Params, x: Tensor) -> Params:
    """Mean and variance of what each batch-norm layer sees when `x` `[n, ...]` passes through, each `[channels]`,
    under the names by which `call` takes them. A layer that is passed several times gets the mean over the times."""
    seen, normalise = {}, _by_batch(network)

    def record(name: str, layer: nn.Module, x: Tensor) -> Tensor:
        for kind, value in zip(("running_mean", "running_var"), _mean_and_var(x), strict=True):
            seen.setdefault(f"{name}.{kind}", []).append(value)
        return normalise(name, layer, x)

    with _norms_compute(network, record):
        functional_call(network, params, (x,))
    return {name: each[0] if len(each) == 1 else torch.stack(each).mean(0) for name, each in seen.items()}


@contextmanager
def _norms_compute(network: nn.Module, forward):
    """Inside the block, each batch-norm layer computes `forward(name, layer, x)`. It records nothing."""
    norms = batch_norms(network)
    try:
        for name, layer in norms.items():
            layer.forward = partial(forward, name, layer)  # hides the method of the class
        with differentiable_twice(network):
            yield
    finally:
        for layer in norms.values():
            del layer.forward


def _by_batch(network: nn.Module):
    # PyTorch's own is a third faster, but under vmap its gradient is wrong by about one per cent (2.13; a known fault,
    # pytorch/functorch #534). tests/learners/test_maml_family.py compares both with finite differences.
    return _formula if all_at_once(network) else _native


def _native(name: str, layer: nn.Module, x: Tensor) -> Tensor:
    return F.batch_norm(x, None, None, layer.weight, layer.bias, training=True, eps=layer.eps)


def _formula(name: str, layer: nn.Module, x: Tensor) -> Tensor:
    return normalise_by(x, x, layer.weight, layer.bias, layer.eps)


def _by_given(name: str, layer: nn.Module, x: Tensor) -> Tensor:
    return normalise(x, layer.running_mean, layer.running_var, layer.weight, layer.bias, layer.eps)


def _mean_and_var(x: Tensor) -> tuple[Tensor, Tensor]:
    var, mean = torch.var_mean(x, [i for i in range(x.ndim) if i != 1], correction=0)  # over all but channels
    return mean, var


def normalise(x: Tensor, mean: Tensor, var: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
    """`(x - mean) / sqrt(var + eps) * weight + bias`, channel by channel.

    Args:
        x: `[n, channels, ...]`.
        mean, var, weight, bias: `[channels]` each; `weight` and `bias` may be `None`.
        eps: a small number that is added to the variance.

    Source: Ioffe and Szegedy 2015 (arXiv:1502.03167), Algorithm 1.
    """
    scale = (var + eps).rsqrt() if weight is None else (var + eps).rsqrt() * weight  # [channels]
    shape = (1, -1) + (1,) * (x.ndim - 2)
    out = (x - mean.view(shape)) * scale.view(shape)
    return out if bias is None else out + bias.view(shape)


def normalise_by(reference: Tensor, x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
    """`x` normalised by the statistics of `reference`, channel by channel.

    With `reference = x` this is batch norm as in training. With the support set as reference, each example of `x` is
    computed alone: *inductive*.

    Args:
        reference: `[m, channels, ...]`. Mean and variance (the biased one: divided by their number) are taken over
            all axes but the channels.
        x: `[n, channels, ...]`.
        weight, bias, eps: as in `normalise`.

    Source: Ioffe and Szegedy 2015 (arXiv:1502.03167), Algorithm 1.
    """
    mean, var = _mean_and_var(reference)  # [channels] each
    return normalise(x, mean, var, weight, bias, eps)
