"""Prototypical Networks (Snell, Swersky and Zemel, NeurIPS 2017, arXiv:1703.05175)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.learners.base import Learner, loss_of


def prototypes(embeddings: Tensor, labels: Tensor, way: int | None = None) -> Tensor:
    """The mean embedding of each class: equation 1 of the paper.

    Args:
        embeddings: `[tasks, n, features]`.
        labels: `[tasks, n]`, int64, 0 ... way-1. Classes may have different numbers of examples.
        way: number of classes; read from the labels when `None`.

    Returns: `[tasks, way, features]`.
    """
    if way is None:
        way = int(labels.max()) + 1
    member = labels.unsqueeze(-1) == torch.arange(way, device=labels.device)  # [tasks, n, way]
    member = member.to(embeddings.dtype)
    totals = member.transpose(1, 2) @ embeddings  # [tasks, way, features]
    return totals / member.sum(1).unsqueeze(-1)  # divided by [tasks, way, 1] counts


def squared_distances(queries: Tensor, points: Tensor) -> Tensor:
    """Squared Euclidean distance of every query to every point, by |q|^2 - 2 q.p + |p|^2.

    Args:
        queries: `[tasks, n, features]`.
        points: `[tasks, m, features]`.

    Returns: `[tasks, n, m]`.
    """
    q2 = queries.square().sum(-1, keepdim=True)  # [tasks, n, 1]
    p2 = points.square().sum(-1).unsqueeze(1)  # [tasks, 1, m]
    return q2 - 2 * queries @ points.transpose(1, 2) + p2


class PrototypicalNet(Learner):
    """Adapting is averaging: a class is the mean of its embedded support examples (its prototype),
    and a query belongs to the nearest prototype by squared Euclidean distance (section 2.3)."""

    def __init__(self, backbone: nn.Module):
        super().__init__(backbone)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """Prototypes `[tasks, way, features]`."""
        return prototypes(self.embed(support_x), support_y, way)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """Negative squared distances `[tasks, n_query, way]`; their softmax is equation 2."""
        return -squared_distances(self.embed(query_x), adapted)

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`, but each image is embedded once, though the support set serves both losses.

        So while training, batch normalisation sees support and query set together, as in the authors' code."""
        n_support = episode.support_x.shape[1]
        z = self.embed(torch.cat([episode.support_x, episode.query_x], 1))  # [tasks, n_support + n_query, features]
        adapted = prototypes(z[:, :n_support], episode.support_y, episode.way)
        scores = -squared_distances(z, adapted)  # [tasks, n_support + n_query, way]
        inner = loss_of(scores[:, :n_support].detach(), episode.support_y)
        return inner, loss_of(scores[:, n_support:], episode.query_y)
