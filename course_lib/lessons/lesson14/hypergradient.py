"""A gradient through a training: how the loss at its end changes with the rate of its steps.

Reverse mode is what `backward` does: it keeps every step. Forward mode carries a derivative along, and keeps none.

Source: Franceschi, Donini, Frasconi and Pontil, ICML 2017 (arXiv:1703.01785): both modes for hyperparameters. The
    abstract was read.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.func import grad

from course_lib.arguments import check_whole

Loss = Callable[[Tensor], Tensor]


class SmallTraining:
    """A network of two inputs and `hidden` tanh units that learns whether its inputs have the same sign.

    Its weights are one vector of 4 * hidden + 1 numbers, of dtype float64. Attributes: `start`, the first weights; `x`,
    `y`, what it trains on; `new_x`, `new_y`, what it is judged on.

    Args:
        seed: of the data and the first weights.
        examples, new: how many of each.
        hidden: units.
    """

    def __init__(self, seed: int = 0, examples: int = 40, new: int = 200, hidden: int = 8):
        g, self.hidden = Generator().manual_seed(seed), hidden
        self.x, self.new_x = (torch.randn(n, 2, generator=g, dtype=torch.float64) for n in (examples, new))  # [n, 2]
        self.y, self.new_y = ((x.prod(1) > 0).double() for x in (self.x, self.new_x))  # [n]
        self.start = 0.7 * torch.randn(4 * hidden + 1, generator=g, dtype=torch.float64)

    def logits(self, weights: Tensor, x: Tensor) -> Tensor:
        """What the network answers at `x [n, 2]`: `[n]`, above 0 for "the same sign"."""
        h = self.hidden
        w1, b1, w2, b2 = weights.split([2 * h, h, h, 1])
        return torch.tanh(x @ w1.view(2, h) + b1) @ w2 + b2

    def train_loss(self, weights: Tensor) -> Tensor:
        """Mean cross-entropy in nats of the training examples, a number."""
        return F.binary_cross_entropy_with_logits(self.logits(weights, self.x), self.y)

    def validation_loss(self, weights: Tensor) -> Tensor:
        """Mean cross-entropy in nats of the new examples, a number."""
        return F.binary_cross_entropy_with_logits(self.logits(weights, self.new_x), self.new_y)


def trained(train_loss: Loss, start: Tensor, log_rate: Tensor | float, steps: int) -> Tensor:
    """The weights `[n]` after gradient descent from `start [n]`, differentiable in all of its arguments."""
    weights, rate = start, torch.as_tensor(log_rate, dtype=start.dtype).exp()
    for _ in range(steps):
        weights = weights - rate * grad(train_loss)(weights)
    return weights


def reverse_hypergradient(
    train_loss: Loss, validation_loss: Loss, start: Tensor, log_rate: float, steps: int
) -> tuple[Tensor, Tensor]:
    """As `forward_hypergradient`, back through all steps, which are kept in memory until then."""
    at = torch.tensor(float(log_rate), dtype=start.dtype, requires_grad=True)
    weights = start.detach()
    for _ in range(steps):
        kept = weights if weights.requires_grad else weights.clone().requires_grad_()
        (slope,) = torch.autograd.grad(train_loss(kept), kept, create_graph=True)
        weights = kept - at.exp() * slope
    loss = validation_loss(weights)
    (found,) = torch.autograd.grad(loss, at)
    return loss.detach(), found


def forward_hypergradient(
    train_loss: Loss, validation_loss: Loss, start: Tensor, log_rate: float, steps: int
) -> tuple[Tensor, Tensor]:
    """The loss after a training, and its derivative in the logarithm of the training's rate.

    The training is `steps` steps `w <- w - rate * gradient(w)` down the train loss. Beside the weights goes their
    derivative `moves`, so memory does not grow with the steps.

    Args:
        train_loss, validation_loss: functions of weights `[n]` that return a number; twice differentiable.
        start: the first weights, `[n]`.
        log_rate: the natural logarithm of the rate, a number.
        steps: how many.

    Returns: the validation loss at the last weights, and its derivative: two numbers.
    """
    check_whole(0, steps=steps)
    rate = torch.as_tensor(log_rate, dtype=start.dtype).exp()
    weights, moves = start.detach().clone(), torch.zeros_like(start)  # [n], [n]
    for _ in range(steps):
        weights.requires_grad_()
        (slope,) = torch.autograd.grad(train_loss(weights), weights, create_graph=True)  # [n]
        (bent,) = torch.autograd.grad(slope @ moves, weights)  # the Hessian times moves, [n]
        weights, slope = weights.detach(), slope.detach()  # nothing of this step is kept
        moves = moves - rate * slope - rate * bent
        weights = weights - rate * slope
    loss = validation_loss(weights.requires_grad_())
    (slope,) = torch.autograd.grad(loss, weights)
    return loss.detach(), slope @ moves


def finite_difference(
    train_loss: Loss, validation_loss: Loss, start: Tensor, log_rate: float, steps: int, width: float = 1e-5
) -> float:
    """The derivative once more, from two trainings whose log rates are 2 * `width` apart."""
    low, high = (validation_loss(trained(train_loss, start, log_rate + side * width, steps)).item() for side in (-1, 1))
    return (high - low) / (2 * width)


def descend_on_rate(training: SmallTraining, log_rate: float = -3.0, steps: int = 50, outer: int = 25,
                    lr: float = 0.3) -> Tensor:  # fmt: skip
    """Tune the rate of a training by Adam on its logarithm: rates and validation losses, `[outer, 2]`.

    Args:
        training: what is trained.
        log_rate: the first logarithm.
        steps: of each training.
        outer: how many trainings.
        lr: of Adam.
    """
    at = torch.tensor(log_rate, dtype=torch.float64, requires_grad=True)
    optimizer, path = torch.optim.Adam([at], lr=lr), []
    for _ in range(outer):
        now = at.item()
        loss, at.grad = forward_hypergradient(training.train_loss, training.validation_loss, training.start, now, steps)
        path.append((at.detach().exp(), loss))
        optimizer.step()
    return torch.tensor(path, dtype=torch.float64)


def losses_at(training: SmallTraining, log_rates: Tensor, steps: int = 50) -> Tensor:
    """The validation loss after trainings with these log rates `[k]`, all at once: `[k]`."""
    starts = training.start.expand(len(log_rates), -1)  # [k, n]
    rates, slope = log_rates.to(starts.dtype).exp().unsqueeze(-1), torch.vmap(grad(training.train_loss))
    for _ in range(steps):
        starts = starts - rates * slope(starts)
    return torch.vmap(training.validation_loss)(starts)
