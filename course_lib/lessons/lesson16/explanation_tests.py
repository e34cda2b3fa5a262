"""Tests of explanations: does a map change when the network's weights do, and does it find a cue that was planted?"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn


def rank_correlation(one: Tensor, other: Tensor) -> float:
    """Spearman's rank correlation of two maps of one shape, between -1 and 1.

    Equal numbers share the mean of their ranks. Where all numbers of a map are equal it says nothing, and this is 0.

    Raises:
        ValueError: if the maps differ in shape.
    """
    if one.shape != other.shape:
        raise ValueError(f"two maps of one shape are wanted, not {list(one.shape)} and {list(other.shape)}.")
    a, b = (_ranks(x.detach().flatten().double()) for x in (one, other))
    spread = (a.norm() * b.norm()).item()
    return (a @ b).item() / spread if spread else 0.0


def _ranks(values: Tensor) -> Tensor:
    """Ranks `[n]` around 0: how many numbers lie below less how many lie above, halved."""
    return (values[:, None] - values).sign().sum(1) / 2


def randomised_similarity(
    explain: Callable[[nn.Module, Tensor], Tensor],
    network: nn.Sequential,
    picture: Tensor,
    renew: Callable[[nn.Module], object],
) -> Tensor:
    """How alike an explanation stays while the network loses what it has learned, layer by layer from the last one.

    Args:
        explain: from a network and a picture to a map `[rows, columns]`.
        network: its layers; those without weights are passed over. It stays as it is.
        picture: what is explained.
        renew: gives a layer new random weights, in place.

    Returns: `[layers with weights]`: the rank correlation of the map with that of the trained network, with the last
    layer new, with the last two, ..., with all.

    Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018 (arXiv:1810.03292): cascading
    randomisation.
    """
    trained, found = explain(network, picture), []
    network = copy.deepcopy(network)
    for layer in reversed(network):
        if any(True for _ in layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(network, picture)))
    return torch.tensor(found)


def renewer(seed: int) -> Callable[[nn.Module], None]:
    """A function that gives a layer the weights of a fresh one, drawn from a generator of its own.

    Weights of linear and convolutional layers are uniform between -1 and 1 over the root of what feeds a unit, as
    PyTorch begins; those of normalisations 1 and 0, and their running averages as at the beginning.
    """
    generator = torch.Generator().manual_seed(seed)

    @torch.no_grad()
    def renew(layer: nn.Module):
        for part in layer.modules():
            weight = getattr(part, "weight", None)
            if isinstance(weight, Tensor) and weight.ndim > 1:
                bound = weight[0].numel() ** -0.5
                for own in (w for w in part.parameters(recurse=False)):
                    own.copy_(torch.rand(own.shape, generator=generator) * 2 * bound - bound)
            elif isinstance(part, nn.modules.batchnorm._NormBase | nn.LayerNorm | nn.GroupNorm):
                part.reset_parameters()

    return renew


def cue_share(importance: Tensor, cue: Tensor) -> float:
    """Which share of a map's importance lies on a planted cue; numbers below 0 count as 0.

    Args:
        importance: `[rows, columns]`; cue: the same shape, bool, true where the cue is.

    Returns: 0 ... 1; 0 if nothing is important. A map without any idea gets the cue's share of the patches.
    """
    above = importance.clamp(min=0)
    total = above.sum().item()
    return above[cue].sum().item() / total if total > 0 else 0.0


def cue_found(importance: Tensor, cue: Tensor) -> bool:
    """Whether the most important patches are just those of the cue: `[rows, columns]`, and bool."""
    n = int(cue.sum())
    best = importance.flatten().topk(n).indices
    return bool(cue.flatten()[best].all())
