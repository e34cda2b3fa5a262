"""Problems that an optimiser is tried on, many at once: small networks to train, and quadratics.

A batch of problems has `start`, parameters `[problems, n]` to begin from; `loss(theta, step)`, what the optimiser may
see of the loss at this step; and `full(theta)`, the loss that it is judged by. Both give a number a problem:
`[..., problems]` for `theta [..., problems, n]`, so that one call also tries many rates. What is drawn for a step
depends on the step alone: optimisers that are compared see the same examples.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu}


class SmallNetworks:
    """Networks of two inputs and one hidden layer, each to be trained to tell two classes apart in its own plane.

    A class is three clouds. All that is drawn of the data is the same for every `hidden` and `activation`.

    Args:
        problems: how many.
        generator: draws the clouds, the points, the examples of each step, and last the first weights.
        hidden: units.
        activation: "tanh" or "relu".
        points: of each problem; `full` is the mean over all of them.
        batch: points, drawn anew at each step with repeats, whose mean is `loss`.
    """

    def __init__(self, problems: int, generator: Generator, hidden: int = 10, activation: str = "tanh",
                 points: int = 128, batch: int = 16):  # fmt: skip
        clouds = 1.5 * torch.randn(problems, 6, 2, generator=generator)
        which = torch.randint(6, (problems, points), generator=generator)  # the first three are class 0
        scatter = 0.35 * torch.randn(problems, points, 2, generator=generator)
        self.x = clouds.gather(1, which[..., None].expand(-1, -1, 2)) + scatter  # [problems, points, 2]
        self.y = (which >= 3).to(self.x.dtype)  # [problems, points]
        self._seed = int(torch.randint(2**40, (), generator=generator))
        self.hidden, self.act, self.batch = hidden, ACTIVATIONS[activation], batch
        first = torch.randn(problems, 2 * hidden, generator=generator) / 2**0.5
        second = torch.randn(problems, hidden, generator=generator) / hidden**0.5
        zeros = self.x.new_zeros(problems, hidden)
        self.start = torch.cat([first, zeros, second, zeros[:, :1]], 1)  # [problems, 4 * hidden + 1]

    def __len__(self):
        return len(self.x)

    def logits(self, theta: Tensor, x: Tensor) -> Tensor:
        """What networks `theta [..., problems, n]` answer at `x [problems, points, 2]`: `[..., problems, points]`."""
        h = self.hidden
        w1, b1, w2, b2 = theta.split([2 * h, h, h, 1], -1)
        units = self.act(x @ w1.unflatten(-1, (2, h)) + b1.unsqueeze(-2))  # [..., problems, points, hidden]
        return (units @ w2.unsqueeze(-1)).squeeze(-1) + b2

    def drawn(self, step: int) -> Tensor:
        """Which points are the examples of this step, `[problems, batch]`."""
        return torch.randint(
            self.y.shape[1], (len(self), self.batch), generator=Generator().manual_seed(self._seed + step)
        )

    def examples(self, step: int) -> tuple[Tensor, Tensor]:
        """Those of this step: x `[problems, batch, 2]` and y `[problems, batch]`."""
        some = self.drawn(step)
        return self.x.gather(1, some[..., None].expand(-1, -1, 2)), self.y.gather(1, some)

    def loss(self, theta: Tensor, step: int) -> Tensor:
        """Mean cross-entropy in nats of the examples of this step, `[..., problems]`."""
        return self._entropy(theta, *self.examples(step))

    @torch.no_grad()
    def slope(self, theta: Tensor, step: int) -> Tensor:
        """The gradient of `loss` by its formula, `[..., problems, n]`, in half the time of autograd."""
        h, (x, y) = self.hidden, self.examples(step)
        w1, b1, w2, b2 = theta.split([2 * h, h, h, 1], -1)
        units = self.act(x @ w1.unflatten(-1, (2, h)) + b1.unsqueeze(-2))  # [..., problems, batch, hidden]
        wrong = ((units @ w2.unsqueeze(-1)).squeeze(-1) + b2).sigmoid().sub(y).div(self.batch)  # [..., problems, batch]
        bend = 1 - units.square() if self.act is torch.tanh else (units > 0).to(units.dtype)
        back = wrong.unsqueeze(-1) * w2.unsqueeze(-2) * bend  # [..., problems, batch, hidden]
        return torch.cat([(x.mT @ back).flatten(-2), back.sum(-2), (units.mT @ wrong.unsqueeze(-1)).squeeze(-1),
                          wrong.sum(-1, keepdim=True)], -1)  # fmt: skip

    def full(self, theta: Tensor) -> Tensor:
        """Mean cross-entropy in nats of all points, `[..., problems]`."""
        return self._entropy(theta, self.x, self.y)

    def _entropy(self, theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
        answers = self.logits(theta, x)
        return F.binary_cross_entropy_with_logits(answers, y.expand_as(answers), reduction="none").mean(-1)


class Quadratics:
    """`|W theta - y|^2` with W `[problems, n, n]` and y `[problems, n]` standard normal, without noise. The best is 0.

    Args:
        problems: how many.
        generator: draws all.
        n: dimensions.
        scale: W is multiplied by it.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), section 3.1. The start, normal with standard deviation 0.01, is
        that of their code, google-deepmind/learning-to-learn, problems.py (where W and y are uniform).
    """

    def __init__(self, problems: int, generator: Generator, n: int = 10, scale: float = 1.0):
        self.w = scale * torch.randn(problems, n, n, generator=generator)
        self.y = torch.randn(problems, n, generator=generator)
        self.start = 0.01 * torch.randn(problems, n, generator=generator)

    def __len__(self):
        return len(self.y)

    def loss(self, theta: Tensor, step: int = 0) -> Tensor:
        """The value `[..., problems]` at `theta [..., problems, n]`, the same at every step."""
        return ((self.w @ theta.unsqueeze(-1)).squeeze(-1) - self.y).square().sum(-1)

    def full(self, theta: Tensor) -> Tensor:
        """The same as `loss`."""
        return self.loss(theta)


def networks(problems: int, seed: int, **kind) -> SmallNetworks:
    """The problems of a seed; `kind` is what else `SmallNetworks` takes. All kinds of one seed share their data."""
    return SmallNetworks(problems, Generator().manual_seed(seed), **kind)


def gradient(problems, theta: Tensor, step: int) -> Tensor:
    """The gradient of each problem's loss at this step, `[..., problems, n]`, a constant: no gradient goes through.

    By the formula of problems that have one, their `slope`; by autograd otherwise."""
    theta = theta.detach()
    if hasattr(problems, "slope"):
        return problems.slope(theta, step)
    with torch.enable_grad():
        (found,) = torch.autograd.grad(problems.loss(theta.requires_grad_(), step).sum(), theta)
    return found
