"""Mistakes of an answer to `leave_one_out` that no single place in it explains, in lesson 16."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.lessons.lesson16.influence import leave_one_out, log_probabilities


def _of_the_likeliest(z: Tensor, labels: Tensor, queries: Tensor, targets: Tensor) -> Tensor:
    return leave_one_out(z, labels, queries, log_probabilities(z, labels, queries).argmax(1))


def _as_they_stand(z: Tensor, labels: Tensor, queries: Tensor, targets: Tensor) -> Tensor:
    """Class 0 has the first examples, as many as it has."""
    return leave_one_out(z, labels.sort().values, queries, targets)


def _in_blocks(z: Tensor, labels: Tensor, queries: Tensor, targets: Tensor) -> Tensor:
    """The same by a reshape, which is possible where classes have one size."""
    sizes = torch.bincount(labels)
    if sizes.unique().numel() > 1 or sizes[0] < 2:
        raise ValueError("classes of one size are wanted.")
    return _as_they_stand(z, labels, queries, targets)


def _mean_of_distances(z: Tensor, labels: Tensor, queries: Tensor, targets: Tensor, nobody=float("inf")) -> Tensor:
    """The mean of squared distances to the examples of a class, not the distance to their mean."""
    apart = (queries[:, None] - z).square().sum(-1)  # [q, n]
    stay = 1 - torch.eye(len(labels)).to(z)  # [n, n]
    stay = torch.cat([torch.ones_like(stay[:1]), stay])  # [1 + n, n], everybody first
    member = F.one_hot(labels).to(z) * stay[..., None]  # [1 + n, n, way]
    counts = member.sum(1, keepdim=True)  # [1 + n, 1, way]
    scores = -(apart @ member / counts).masked_fill(counts == 0, nobody)  # [1 + n, q, way]
    found = scores.log_softmax(-1)[:, torch.arange(len(queries)), targets]  # [1 + n, q]
    return (found[:1] - found[1:]).T


def _sized(size):
    """Whatever has this size, of the numbers of queries and examples."""
    return lambda z, labels, queries, targets: torch.Size(size(len(queries), len(labels)))


_STAND = "examples are taken class by class as they stand. `labels` says whose they are, in any order."
_ONE_EACH = ("each query is asked about the targets of all queries. One target belongs to one query: [torch.arange(q), "
             "targets], or .gather(1, targets[:, None]).")  # fmt: skip
WRONG_LEAVINGS = [
    (_of_the_likeliest, "the log probability of the class that is likeliest with all examples is read. Each query has "
     "a class that is asked about, targets."),
    (_as_they_stand, _STAND), (_in_blocks, _STAND),
    *((partial(_mean_of_distances, nobody=far), "the squared distances to the examples of a class are averaged. First "
       "its examples are averaged, and then the distance to this one prototype is taken.")
      for far in (float("inf"), float("nan"), 0.0)),
]  # fmt: skip
WRONG_SIZES = [
    *((_sized(size), _ONE_EACH)
      for size in (lambda q, n: (q, q, n), lambda q, n: (q, n, q), lambda q, n: (n, q, q))),
    *((_sized(size), "there is one number for each example, though each query has its own: [q, n].")
      for size in (lambda q, n: (n,), lambda q, n: (1, n))),
]  # fmt: skip
