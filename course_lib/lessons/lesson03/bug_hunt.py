"""Five meta-learners for the bug hunt of lesson 03. One is sound. The others run, and print losses that look right.

Each gives the outer loss of a meta-batch: from the network's parameters one adaptation step a task, then the mean
squared error on the query set, averaged over tasks. Training calls `backward()` on it.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from course_lib.episode import Episode


def suspect_a(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """The outer loss of a meta-batch, a single number."""
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        start = [p.data for p in network.parameters()]
        loss = F.mse_loss(network(support_x), support_y)
        gradient = torch.autograd.grad(loss, network.parameters(), create_graph=True)
        for p, g in zip(network.parameters(), gradient, strict=True):
            p.data = p.data - lr * g.data
        total = total + F.mse_loss(network(query_x), query_y)
        for p, s in zip(network.parameters(), start, strict=True):
            p.data = s
    return total / episode.n_tasks


def suspect_b(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """The outer loss of a meta-batch, a single number."""
    names, start = zip(*network.named_parameters(), strict=True)
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        loss = F.mse_loss(network(support_x), support_y)
        gradient = torch.autograd.grad(loss, start, create_graph=True)
        adapted = {name: p - lr * g for name, p, g in zip(names, start, gradient, strict=True)}
        total = total + F.mse_loss(functional_call(network, adapted, (query_x,)), query_y)
    return total / episode.n_tasks


def suspect_c(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """The outer loss of a meta-batch, a single number."""
    names, start = zip(*network.named_parameters(), strict=True)
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        loss = F.mse_loss(network(support_x), support_y)
        gradient = torch.autograd.grad(loss, start)
        adapted = {name: p - lr * g for name, p, g in zip(names, start, gradient, strict=True)}
        total = total + F.mse_loss(functional_call(network, adapted, (query_x,)), query_y)
    return total / episode.n_tasks


def suspect_d(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """The outer loss of a meta-batch, a single number."""
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        loss = F.mse_loss(network(support_x), support_y)
        gradient = torch.autograd.grad(loss, network.parameters(), create_graph=True)
        adapted = copy.deepcopy(network)
        with torch.no_grad():
            for new, p, g in zip(adapted.parameters(), network.parameters(), gradient, strict=True):
                new.copy_(p - lr * g)
        total = total + F.mse_loss(adapted(query_x), query_y)
    return total / episode.n_tasks


def suspect_e(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """The outer loss of a meta-batch, a single number."""
    params = dict(network.named_parameters())
    total = 0.0
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):
        loss = F.mse_loss(functional_call(network, params, (support_x,)), support_y)
        gradient = torch.autograd.grad(loss, params.values(), create_graph=True)
        params = {name: p - lr * g for (name, p), g in zip(params.items(), gradient, strict=True)}
        total = total + F.mse_loss(functional_call(network, params, (query_x,)), query_y)
    return total / episode.n_tasks


SUSPECTS = {"A": suspect_a, "B": suspect_b, "C": suspect_c, "D": suspect_d, "E": suspect_e}

#: What `check` says of a bug that a learner's test did not see.
BUGS = {
    "A": "It writes the adapted weights into .data, which autograd does not see. A gradient arrives, but it is not "
    "that of the loss: compare it with finite differences, along a direction.",
    "C": "Without create_graph=True the inner gradient is a constant: first order by accident. A gradient arrives, but "
    "it is not that of the loss: compare it with finite differences. Is your tolerance far below the difference?",
    "D": "It copies the adapted weights into a fresh network under no_grad, so the gradient never reaches the start. "
    "Ask whether every parameter of `network` has a gradient after backward(); old ones must be cleared before it.",
    "E": "Each task starts where the task before it ended. Its gradient is that of its loss, so finite differences see "
    "nothing. Compare the loss of the meta-batch with the mean over its tasks, each alone: episode.task(i).",
}
