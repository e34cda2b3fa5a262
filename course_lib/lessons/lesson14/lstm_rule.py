"""The first learned rule of its kind: an LSTM for every parameter, with weights shared by all."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Cells(NamedTuple):
    """What the LSTM remembers: hidden and cell states of both layers, each `[numbers, hidden]`, and the steps taken."""

    states: tuple[Tensor, Tensor, Tensor, Tensor]
    steps: int

    def detached(self) -> Cells:
        """The same numbers, behind which no gradient goes."""
        return Cells(tuple(state.detach() for state in self.states), self.steps)


def sizes_and_signs(gradient: Tensor, p: float = 10.0) -> Tensor:
    """Two numbers for each gradient, `[..., 2]` for `[...]`: of large ones log|g| / p and the sign; of those below
    e^-p in size -1 and e^p g. So neither is much beyond -1 to 1, however large or small gradients become.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), appendix A, with their p = 10.
    """
    large = gradient.abs() >= math.exp(-p)
    size = torch.where(large, gradient.abs().clamp_min(math.exp(-p)).log() / p, -1.0)
    return torch.stack([size, torch.where(large, gradient.sign(), math.exp(p) * gradient)], -1)


class LSTMRule(nn.Module):
    """Two LSTM layers read the gradient of one parameter after the other steps' gradients, and say its step.

    Args:
        hidden: size of each layer.
        scale: of what comes out, so that a rule that has learned nothing takes small steps.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), section 2.1: two layers of 20, all parameters apart.
    """

    def __init__(self, hidden: int = 20, scale: float = 0.1):
        super().__init__()
        self.first, self.second = nn.LSTMCell(2, hidden), nn.LSTMCell(hidden, hidden)
        self.out, self.hidden, self.scale = nn.Linear(hidden, 1), hidden, scale

    def begin(self, theta: Tensor) -> Cells:
        """An empty memory for parameters `theta [..., n]`."""
        return Cells((theta.new_zeros(theta.numel(), self.hidden),) * 4, 0)

    def forward(self, gradient: Tensor, memory: Cells) -> tuple[Tensor, Cells]:
        """What to add to the parameters, `[..., n]`, and what to remember, for a gradient `[..., n]`."""
        h1, c1, h2, c2 = memory.states
        h1, c1 = self.first(sizes_and_signs(gradient).flatten(0, -2), (h1, c1))  # [numbers, hidden]
        h2, c2 = self.second(h1, (h2, c2))
        return self.scale * self.out(h2).view_as(gradient), Cells((h1, c1, h2, c2), memory.steps + 1)
