"""The meta-gradient: written as loops, in closed form, followed to where it ends, and put to the test.

`learners/maml.py` computes it for all tasks at once. Here it is slow and plain, to be read and to be compared with.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.episode import Episode
from course_lib.learners.maml import Params, inner_step


def maml_outer_step(
    network: Callable[[Params, Tensor], Tensor], params: Params, episode: Episode, inner_lr: float, outer_lr: float,
    steps: int,
) -> tuple[Params, Tensor]:  # fmt: skip
    """One outer step of MAML for regression, one task after the other: lines 4 to 10 of Algorithm 2 of the paper.

    Args:
        network: a function of the parameters and of inputs `[n, ...]`.
        params: the start: leaf tensors that require gradients. They are not changed.
        episode: the meta-batch.
        inner_lr, outer_lr: alpha and beta.
        steps: adaptation steps that each task takes, from `params`.

    Returns: the new start (leaves again, ready for the next step), and the outer loss before the step: the mean over
        tasks of the mean squared error on the query set.

    Source: Finn et al. 2017 (arXiv:1703.03400); the paper adds up the losses of the tasks, here is their mean.
    """
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p, x=support_x, y=support_y: F.mse_loss(network(p, x), y), adapted, inner_lr)
        total = total + F.mse_loss(network(adapted, query_x), query_y)
    outer = total / episode.n_tasks
    gradient = torch.autograd.grad(outer, list(params.values()))
    # detach: the next step starts here and must not remember how it came about
    new = {n: (p - outer_lr * g).detach().requires_grad_() for (n, p), g in zip(params.items(), gradient, strict=True)}
    return new, outer.detach()


def quadratic_meta_gradient(
    theta: Tensor, support: tuple[Tensor, Tensor], query: tuple[Tensor, Tensor], lr: float, steps: int = 1
) -> Tensor:
    """The meta-gradient of one task with quadratic losses, `(theta - c) H (theta - c) / 2` with a symmetric H.

    A step is `theta - lr H_s (theta - c_s)`; its derivative is the constant matrix `I - lr H_s`.

    Args:
        theta: the start, `[n]`.
        support, query: `(H, c)`, the curvature `[n, n]` and the lowest point `[n]` of each loss.
        lr: inner learning rate.
        steps: adaptation steps.

    Returns: the derivative of the query loss after adapting, with respect to the start, `[n]`.
    """
    (H_s, c_s), (H_q, c_q) = support, query
    adapted = theta
    for _ in range(steps):
        adapted = adapted - lr * H_s @ (adapted - c_s)
    gradient = H_q @ (adapted - c_q)  # [n]: of the query loss, at the adapted parameters
    for _ in range(steps):
        gradient = gradient - lr * H_s @ gradient  # the chain rule, one factor I - lr H_s a step
    return gradient


def best_start(curvature: Tensor, lowest: Tensor, lr: float, steps: int, order: int = 2) -> float:
    """Where MAML's training ends on tasks with one parameter and the loss `h (theta - c)^2 / 2`, for support and query.

    After `steps` steps `theta' - c` is `f (theta - c)` with `f = (1 - lr h)^steps`, so the gradient of the query loss
    is `h f (theta - c)`, and the meta-gradient f times that. Their sum over tasks is 0 at a weighted mean of the `c`.

    Args:
        curvature: h of each task, `[tasks]`.
        lowest: c of each task, `[tasks]`.
        lr: inner learning rate.
        steps: adaptation steps; with 0 it is joint training.
        order: 2 for the meta-gradient, 1 for the first-order approximation, which leaves the last f out.

    Returns: the start at which the mean over tasks is 0.
    """
    factor = (1 - lr * curvature) ** steps  # [tasks]
    weight = curvature * factor**order
    return ((weight * lowest).sum() / weight.sum()).item()


def slope(function: Callable[[], Tensor], network: nn.Module, direction: list[Tensor], eps: float = 1e-5) -> float:
    """How fast `function()` changes when the network's parameters move along `direction`, without any gradient.

    The central difference `(f(theta + eps d) - f(theta - eps d)) / (2 eps)`. Use float64: in float32 it has
    about two digits.

    Args:
        function: computes one number with `network`.
        network: its parameters are moved, and put back exactly.
        direction: one tensor a parameter, of its shape.
    """
    start = [p.detach().clone() for p in network.parameters()]

    def at(distance):
        with torch.no_grad():
            for p, s, d in zip(network.parameters(), start, direction, strict=True):
                p.copy_(s + distance * d)
        return function().item()

    try:
        return (at(eps) - at(-eps)) / (2 * eps)
    finally:
        at_start = zip(network.parameters(), start, strict=True)
        with torch.no_grad():
            for p, s in at_start:
                p.copy_(s)


def meta_gradient_test(outer_loss: Callable, network: nn.Module, episode: Episode, lr: float) -> list[str]:
    """What is wrong with a meta-learner, judged by its outer loss and the gradient of it.

    Args:
        outer_loss: a function of `(network, episode, lr)`: adapts to each task by one step from the network's
            parameters and gives the mean loss on the query sets.
        network: smooth (no ReLU) and in float64. Its parameters are left as they were.
        episode: at least two tasks.
        lr: inner learning rate, large enough for the second-order term to show.

    Returns: a sentence for every fault found; an empty list for a sound one.
    """
    network.zero_grad()
    loss = outer_loss(network, episode, lr)
    loss.backward()
    gradient = [p.grad for p in network.parameters()]
    if any(g is None or not g.isfinite().all() or not g.any() for g in gradient):
        return ["a meta-parameter gets no gradient, or one that is zero or not finite"]
    faults = []
    generator = torch.Generator().manual_seed(0)
    direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in network.parameters()]
    expected = slope(lambda: outer_loss(network, episode, lr), network, direction)
    found = sum((g * d).sum() for g, d in zip(gradient, direction, strict=True)).item()
    if abs(found - expected) > 1e-5 * (1 + abs(expected)):
        faults.append(f"the gradient says {found:.4f} along a direction, but the loss changes by {expected:.4f}")
    alone = sum(outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)) / episode.n_tasks
    if abs(alone - loss.item()) > 1e-8 * (1 + abs(alone)):
        faults.append("the loss of a task depends on the tasks before it")
    return faults
