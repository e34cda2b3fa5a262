"""Networks, maps and new weights on which the test by random weights of lesson 16 is tried."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn


def _fill(parameter: Tensor, shift: float):
    """Weights that look random and hang on nothing but their number."""
    steps = torch.arange(parameter.numel(), dtype=torch.float64)
    parameter.data.copy_((0.6 * torch.sin(12.9898 * steps + shift)).view(parameter.shape))


def _network(layers: list[nn.Module]) -> nn.Sequential:
    network = nn.Sequential(*layers).double().eval()
    for i, parameter in enumerate(network.parameters()):
        _fill(parameter, 1.7 * i + 1)
    return network.requires_grad_()


def renew(layer):
    """New weights for all that is in a layer, in place; the same ones each time."""
    if not isinstance(layer, nn.Module):
        raise TypeError("renew(layer) wants a layer of the network.")
    for i, parameter in enumerate(layer.parameters()):
        _fill(parameter, 40.0 + 3.1 * i + parameter.numel())
    for name, kept in layer.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            kept.fill_(0.8)  # both have to be renewed and put back, too


def _slopes(network: nn.Module, picture: Tensor) -> Tensor:
    if not isinstance(network, nn.Module):
        raise TypeError("explain(network, picture) wants the network first.")
    at = picture.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(network(at[None])[0, 0], at)
    return slope[0]  # [rows, columns]


def sizes(network: nn.Module, picture: Tensor) -> Tensor:
    """Sizes of derivatives, a number a pixel, with a few very large ones."""
    return _slopes(network, picture).abs().exp()


def signed(network: nn.Module, picture: Tensor) -> Tensor:
    """Derivatives with their signs."""
    return _slopes(network, picture) * 5


def picture_too(network: nn.Module, picture: Tensor) -> Tensor:
    """A map that hangs on the network, and more on the picture."""
    return 4 * picture[0] + _slopes(network, picture)


def picture_alone(network: nn.Module, picture: Tensor) -> Tensor:
    """A map that reads no network."""
    return picture[0].square()


@cache
def cases() -> dict[str, tuple]:
    """Networks with a map each and a picture, by name; several have layers that are easily passed over."""
    picture = torch.rand(1, 6, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    linear = [nn.Flatten(), nn.Linear(30, 8), nn.Tanh(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 3)]
    conv = [nn.Conv2d(1, 3, 3), nn.Softplus(), nn.Conv2d(3, 2, 3), nn.Softplus(), nn.Flatten(), nn.Linear(4, 2)]
    norm = [nn.Flatten(), nn.Linear(30, 7), nn.LayerNorm(7), nn.Tanh(), nn.Linear(7, 3), nn.Tanh()]
    blocks = [nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Softplus()), nn.Flatten(),
              nn.Sequential(nn.Linear(36, 6), nn.Tanh(), nn.Linear(6, 4)), nn.Tanh(), nn.Linear(4, 2)]  # fmt: skip
    train = _network([nn.Flatten(), nn.Linear(30, 5), nn.Softplus(), nn.Linear(5, 2)]).train()
    return {
        "three linear layers": (sizes, _network(linear), picture, renew),
        "two convolutions and a linear layer, a map with signs": (signed, _network(conv), picture, renew),
        "a map that hangs on the picture, too": (picture_too, _network(linear), picture, renew),
        "a normalisation among the layers": (sizes, _network(norm), picture, renew),
        "layers that are blocks of several": (signed, _network(blocks), picture, renew),
        "a map that reads no network": (picture_alone, _network(linear), picture, renew),
        "a network in training mode": (signed, train, picture, renew),
    }
