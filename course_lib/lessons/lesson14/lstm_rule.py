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
    """Two numbers for each gradient g, `[..., 2]` for `[...]`: log|g| / p, but -1 at least; and e^p g, cut to -1 to 1,
    which is the sign for all but the tiniest.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), appendix A, as their code has it
        (google-deepmind/learning-to-learn, preprocess.py; there p = 5 is the usual value).
    """
    size = gradient.abs().clamp_min(math.exp(-p)).log() / p
    return torch.stack([size, (math.exp(p) * gradient).clamp(-1, 1)], -1)


class LSTMRule(nn.Module):
    """Two LSTM layers read the gradients of one parameter, step after step, and say how to move it.

    Args:
        hidden: size of each layer.
        scale: of what comes out, so that a rule that has learned nothing takes small steps.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), section 2.1, of which a summary was read, and their code
        (google-deepmind/learning-to-learn, networks.py, util.py): two layers of 20, every parameter apart. For
        quadratics their code gives the LSTM the gradient itself and takes its answer as it is; here both are scaled.
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
