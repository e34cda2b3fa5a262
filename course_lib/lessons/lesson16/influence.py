"""Which support example decided? What taking one out does to the answers of a prototypical network, exactly and to
first order; and whose gradient moved an answer.

One task at a time: its support set is embedded to `[n, d]`, and a class is the mean of its examples.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def log_probabilities(support_z: Tensor, labels: Tensor, query_z: Tensor, weights: Tensor | None = None) -> Tensor:
    """What a prototypical network says to queries: log softmax of minus the squared distances to the prototypes.

    Args:
        support_z: embedded support set `[n, d]`.
        labels: `[n]`, int64, 0 ... way-1, in any order.
        query_z: embedded queries `[q, d]`.
        weights: how much each example counts in the mean of its class `[n]`; 1 each when `None`.

    Returns: `[q, way]`, nats. A class whose examples have no weight has no prototype: -inf.

    Source: Snell et al. 2017 (arXiv:1703.05175), equations 1 and 2.
    """
    member = F.one_hot(labels).to(support_z)  # [n, way]
    if weights is not None:
        member = member * weights[:, None]
    counts = member.sum(0)  # [way]
    means = (member.T @ support_z) / counts.where(counts > 0, 1).unsqueeze(1)  # [way, d]
    scores = -(query_z.unsqueeze(1) - means).square().sum(-1)  # [q, way]
    return scores.masked_fill(counts == 0, -torch.inf).log_softmax(-1)


def leave_one_out(support_z: Tensor, labels: Tensor, query_z: Tensor, targets: Tensor) -> Tensor:
    """By how much the log probability of a query's target falls when one support example is taken out.

    Args:
        support_z: embedded support set `[n, d]`; labels: `[n]`, int64, 0 ... way-1, in any order.
        query_z: embedded queries `[q, d]`; targets: the class asked about, one for each query `[q]`.

    Returns: `[q, n]`, nats: with all examples minus without this one. Above 0 where the example spoke for the target.
    A class that loses its only example can no longer be chosen: inf where it was the target.
    """

    def of_targets(weights: Tensor) -> Tensor:
        found = log_probabilities(support_z, labels, query_z, weights)  # [q, way]
        return found.gather(1, targets[:, None]).squeeze(1)  # [q]

    everybody = torch.ones(len(labels)).to(support_z)  # [n]
    out = 1 - torch.eye(len(labels)).to(support_z)  # [n, n]: row i leaves example i out
    return of_targets(everybody).unsqueeze(1) - torch.stack([of_targets(row) for row in out], 1)  # [q, n]


def first_order(support_z: Tensor, labels: Tensor, query_z: Tensor, targets: Tensor) -> Tensor:
    """The derivative of the log probability of a query's target in the weight of each support example, at weight 1.

    A weight that goes from 1 to 0 takes the example out, so this estimates `leave_one_out` to first order. A prototype
    moves by (p - z) / (shots - 1) when z leaves, and the derivative says (p - z) / shots: of a single shot, nothing.

    Args, returns: as of `leave_one_out`; always finite.

    Source: the idea is that of influence functions (Koh and Liang, ICML 2017, arXiv:1703.04730), which weigh a
    training example up by a little; means need no Hessian.
    """
    member = F.one_hot(labels).to(support_z)  # [n, way]
    shots = member.sum(0)  # [way]
    means = (member.T @ support_z) / shots.unsqueeze(1)  # [way, d]
    p = (-(query_z.unsqueeze(1) - means).square().sum(-1)).softmax(-1)  # [q, way]
    own = means[labels]  # [n, d]: the prototype of each example's class
    # d(-|q - p|^2) / dw = 2 (q - p).(z - p) / shots, with p the prototype of the example's class
    slope = 2 * ((query_z.unsqueeze(1) - own) * (support_z - own)).sum(-1) / shots[labels]  # [q, n]
    return (F.one_hot(targets, len(shots)).to(p) - p)[:, labels] * slope  # [q, n]


def gradient_influence(
    network: nn.Module, support_x: Tensor, support_y: Tensor, query_x: Tensor, query_y: Tensor
) -> Tensor:
    """How much each support example lowers the loss of each query in one inner step, per unit of the learning rate.

    The step goes down the mean cross-entropy of the support set. To first order the query's loss falls by the rate
    times the product of its own gradient with that of the support set, which is a mean over examples: their shares.

    Args:
        network: from inputs to scores `[n, way]`; it should be in eval mode, so that examples do not mix.
        support_x, support_y: `[n, ...]` and `[n]`; query_x, query_y: `[q, ...]` and `[q]`.

    Returns: `[q, n]`. The sum of a row is what the whole step does to that query.

    Source: the product of two gradients is TracIn's (Pruthi et al., NeurIPS 2020, arXiv:2002.08484), for one step.
    """

    def gradients(x: Tensor, y: Tensor) -> Tensor:
        losses = F.cross_entropy(network(x), y, reduction="none")  # [m]
        weights = [w for w in network.parameters() if w.requires_grad]
        found = [torch.autograd.grad(loss, weights, retain_graph=True) for loss in losses]
        return torch.stack([torch.cat([g.flatten() for g in one]) for one in found])  # [m, number of weights]

    return gradients(query_x, query_y) @ gradients(support_x, support_y).T / len(support_y)  # [q, n]
