"""Twenty hyperparameters at once: a weight decay for each weight of a linear regression, by the implicit gradient.

At the lowest point of the train loss its gradient is 0, and that alone says how the point moves with the decays:
`- H^-1 M` with H the Hessian in the weights, and M the derivative of the gradient in the hyperparameters. A Neumann
series takes the place of H^-1: `rate * sum of (I - rate H)^j`.

Source: Lorraine, Vicol and Duvenaud, AISTATS 2020 (arXiv:1911.02590), of which the abstract was read: the
    implicit function theorem and an approximate inverse Hessian. That theirs is this series is second-hand.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.func import grad

from course_lib.learners.implicit import conjugate_gradients

USEFUL = 5  # of the inputs


class ManyDecays:
    """Linear regression with 20 inputs, of which the first 5 say something; float64; noise of variance 1.

    Attributes: `x [n, 20]`, `y [n]` to train on, `new_x`, `new_y` for validation, `test_x`, `test_y`.

    Args:
        seed: of all that is drawn.
        examples, new, tests: how many of each.
        inputs: how many.
    """

    def __init__(self, seed: int = 1, examples: int = 60, new: int = 300, tests: int = 5000, inputs: int = 20):
        g = Generator().manual_seed(seed)
        true = torch.zeros(inputs, dtype=torch.float64)
        true[:USEFUL] = 2 * torch.randn(USEFUL, generator=g, dtype=torch.float64)
        drawn = [torch.randn(n, inputs, generator=g, dtype=torch.float64) for n in (examples, new, tests)]
        self.x, self.new_x, self.test_x = drawn
        self.y, self.new_y, self.test_y = (
            x @ true + torch.randn(len(x), generator=g, dtype=torch.float64) for x in drawn
        )

    def train_loss(self, weights: Tensor, log_decays: Tensor) -> Tensor:
        """Half the mean squared error, and half of each squared weight times its decay: a number."""
        return ((self.x @ weights - self.y) ** 2).mean() / 2 + (log_decays.exp() * weights**2).sum() / 2

    def validation_loss(self, weights: Tensor) -> Tensor:
        """Half the mean squared error of the validation examples, a number."""
        return ((self.new_x @ weights - self.new_y) ** 2).mean() / 2

    def test_loss(self, weights: Tensor) -> float:
        """Half the mean squared error of the test examples; half of the noise's variance, 0.5, is the best there is."""
        return ((self.test_x @ weights - self.test_y) ** 2).mean().item() / 2

    def hessian(self, log_decays: Tensor) -> Tensor:
        """Of the train loss in the weights, `[20, 20]`; it is the same everywhere."""
        return self.x.T @ self.x / len(self.x) + torch.diag(log_decays.exp())

    def solve(self, log_decays: Tensor) -> Tensor:
        """The weights `[20]` at which the train loss is lowest; differentiable in the decays."""
        return torch.linalg.solve(self.hessian(log_decays), self.x.T @ self.y / len(self.x))


def implicit_hypergradient(
    train_loss: Callable[[Tensor, Tensor], Tensor], validation_loss: Callable[[Tensor], Tensor], weights: Tensor,
    hyper: Tensor, rate: float, terms: int,
) -> Tensor:  # fmt: skip
    """How the validation loss changes with hyperparameters, if the weights are always trained to the end.

    The Hessian of the train loss is never built: it is only multiplied by vectors.

    Args:
        train_loss: `train_loss(weights, hyper)`, a number; twice differentiable.
        validation_loss: `validation_loss(weights)`, a number.
        weights: where the train loss is lowest for these hyperparameters, `[n]`.
        hyper: the hyperparameters, `[k]`.
        rate: of the Neumann series; below 2 / largest curvature it converges.
        terms: of the series: 1 is `rate` times the identity in place of the inverse, and so on.

    Returns: the derivative of the validation loss in each hyperparameter, `[k]`.
    """
    weights, hyper = weights.detach().clone().requires_grad_(), hyper.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(train_loss(weights, hyper), weights, create_graph=True)  # [n]
    (slope,) = torch.autograd.grad(validation_loss(weights), weights)  # [n]
    term, inverse = rate * slope, torch.zeros_like(slope)  # the sum will be the inverse of H, times the slope
    for _ in range(terms):
        inverse = inverse + term
        (bent,) = torch.autograd.grad(gradient, weights, term, retain_graph=True)  # H term, since H is symmetric
        term = term - rate * bent
    return -torch.autograd.grad(gradient, hyper, inverse)[0]  # inverse M


def conjugate_hypergradient(problem: ManyDecays, log_decays: Tensor, steps: int) -> Tensor:
    """As `exact_hypergradient`, with the system solved by `steps` conjugate gradients, those of lesson 05: `[20]`."""
    hessian, weights = problem.hessian(log_decays), problem.solve(log_decays)
    right = {"weights": grad(problem.validation_loss)(weights)}
    solved = conjugate_gradients(lambda v: {"weights": hessian @ v["weights"]}, right, steps)["weights"]
    return -log_decays.exp() * weights * solved  # M is diagonal here: of decay * weight in log decay


def exact_hypergradient(problem: ManyDecays, log_decays: Tensor) -> Tensor:
    """The same through the solution of the linear system itself: `[20]`."""
    return grad(lambda h: problem.validation_loss(problem.solve(h)))(log_decays)


def unrolled_hypergradient(problem: ManyDecays, log_decays: Tensor, steps: int, rate: float) -> Tensor:
    """The derivative of the validation loss after `steps` steps of gradient descent from weights of 0: `[20]`."""

    def loss(h):
        weights = torch.zeros_like(h)
        for _ in range(steps):
            weights = weights - rate * grad(problem.train_loss)(weights, h)
        return problem.validation_loss(weights)

    return grad(loss)(log_decays)


def compared(estimate: Tensor, exact: Tensor) -> tuple[float, float]:
    """The cosine of the angle between two arrows `[k]`, and the length of the first in lengths of the second."""
    return torch.cosine_similarity(estimate, exact, 0).item(), (estimate.norm() / exact.norm()).item()


def tune_decays(problem: ManyDecays, log_decay: float = -2.0, outer: int = 100, lr: float = 0.2,
                terms: int = 20) -> Tensor:  # fmt: skip
    """Twenty log decays `[20]` by Adam on the implicit gradient, from the same first one.

    Args:
        problem: the regression, which is solved anew after each step.
        log_decay: where all begin.
        outer: steps of Adam.
        lr: its rate.
        terms: of the Neumann series, whose rate is 1 / largest curvature.
    """
    decays = torch.full((problem.x.shape[1],), log_decay, dtype=torch.float64)
    optimizer = torch.optim.Adam([decays], lr=lr)
    for _ in range(outer):
        rate = 1 / torch.linalg.eigvalsh(problem.hessian(decays)).max().item()
        decays.grad = implicit_hypergradient(problem.train_loss, problem.validation_loss, problem.solve(decays), decays,
                                             rate, terms)  # fmt: skip
        optimizer.step()
    return decays


def best_single_decay(problem: ManyDecays) -> float:
    """The log decay, of 91 from -6 to 3, that has the lowest validation loss if all weights share it."""
    n = problem.x.shape[1]
    tried = torch.linspace(-6, 3, 91, dtype=torch.float64)
    losses = [problem.validation_loss(problem.solve(one.expand(n))).item() for one in tried]
    return tried[losses.index(min(losses))].item()
