"""Meta-learners that `check` tries a learner's test on, beside the suspects that the lesson shows.

Each of the broken ones is wrong in a way that a test with a gap does not see.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from course_lib.episode import Episode
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson03.bug_hunt import suspect_b


def by_library(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """A sound one in another style: all tasks at once, by torch.func."""
    return MAML(network, 1, lr).losses(episode)[1]


def last_task_first(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """A sound one that takes the tasks in another order."""
    return suspect_b(network, episode.map(lambda t: t.flip(0)), lr)


def _with(change):
    """MAML from parameters that are changed first; `change` gets them by name."""

    def outer_loss(network, episode, lr):
        made = change(dict(network.named_parameters()))  # adapting begins at these
        total = 0.0
        for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
            loss = F.mse_loss(functional_call(network, made, (support_x,)), support_y)
            gradient = torch.autograd.grad(loss, list(made.values()), create_graph=True)
            adapted = {n: p - lr * g for (n, p), g in zip(made.items(), gradient, strict=True)}
            total = total + F.mse_loss(functional_call(network, adapted, (query_x,)), query_y)
        return total / episode.n_tasks

    return outer_loss


def _unused(which: int):
    """Zeros in the place of one parameter: it never learns."""

    def change(params):
        name = list(params)[which]
        return params | {name: torch.zeros_like(params[name]).requires_grad_()}

    return change


def _doubled(which: int):
    """One parameter counts as it is, and its gradient twice."""

    def change(params):
        name = list(params)[which]
        return params | {name: 2 * params[name] - params[name].detach()}

    return change


def _rounded(params):
    return {name: p.round(decimals=2) for name, p in params.items()}


def _root_of_zero(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    away = sum((p - p.detach()).square().sum() for p in network.parameters())
    return suspect_b(network, episode, lr) + away.sqrt()


def _joined(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    return suspect_b(network, episode.map(lambda t: t.flatten(0, 1)[None]), lr)


_NUMBERS = ("first", "second", "third", "last")
#: Broken ones, and what `check` says where a learner's test did not see what is wrong.
UNSEEN = {
    f"of which the {number} parameter gets no gradient": (
        _with(_unused(i)), f"Zeros stand in the place of the {number} parameter, so it never learns, and the loss does "
        "not change with it. Ask of *every* parameter whether it has a gradient: one that has none is enough.")
    for i, number in enumerate(_NUMBERS)
} | {
    "whose gradient is nan": (
        _root_of_zero, "Its loss is right, but the gradient is nan (it takes the root of 0). A comparison with nan is "
        "always false, so a difference of nan does not look large: ask for isfinite()."),
    "whose gradient is zero": (
        _with(_rounded), "It rounds the weights before it adapts, so every gradient is there and zero. Finite "
        "differences agree, since a small move changes nothing: ask whether each gradient is all zero."),
} | {
    f"of which the {number} parameter gets a wrong gradient": (
        _with(_doubled(i)), f"The gradient of the {number} parameter is twice what it should be; the others are right. "
        "Does the direction move every parameter, and does the inner product count them all?")
    for i, number in enumerate(_NUMBERS)
} | {
    "that throws all tasks together": (
        _joined, "It adapts once, to the support sets of all tasks. Another order of the tasks changes nothing. "
        "Compute the loss of each task alone, episode.task(i), and compare the mean of those."),
}  # fmt: skip


def turned_round(times: float):
    """The loss of a sound one with minus its gradient, so many times as large."""

    def outer_loss(network, episode, lr):
        loss = suspect_b(network, episode, lr)
        return (1 + times) * loss.detach() - times * loss

    return outer_loss


def straight(slope: float):
    """An outer loss that is a straight line in the one weight of a network: differences have no error but rounding.
    The mean of `support_x` is added, so that each task alone has a loss of its own."""
    return lambda network, episode, lr: slope * network.weight.sum() + episode.support_x.mean()
