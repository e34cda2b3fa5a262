"""What metric learners share: adapting is remembering embeddings, predicting is comparing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.learners.base import Learner, check_queries, check_support, loss_of, way_of


class MetricLearner(Learner):
    """A learner without an inner loop. Subclasses say, for embeddings, what to `remember` and how to `compare`.

    Args:
        backbone: embeds images.
        describe: for *zero-shot* learning: then the support set holds a description of each class,
            `[tasks, way, attributes]`, in place of images, and this network places it among the embeddings.
        config: arguments of the subclass, to be kept.
    """

    #: Whether embeddings may be maps, `[tasks, n, channels, height, width]`, in place of vectors.
    takes_maps = False

    def __init__(self, backbone: nn.Module, describe: nn.Module | None = None, **config):
        super().__init__(backbone, **config)
        self.describe = describe

    def remember(self, support_z: Tensor, support_y: Tensor, way: int):
        """What is kept of the support set: of embeddings `[tasks, n_support, ...]` and labels `[tasks, n_support]`."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it keeps: write its remember().")

    def compare(self, adapted, query_z: Tensor) -> Tensor:
        """Class scores `[tasks, n_query, way]` for embeddings `[tasks, n_query, ...]`."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it compares: write its compare().")

    def embed(self, x: Tensor) -> Tensor:
        """As in `Learner`.

        Raises:
            ValueError: if the backbone gives maps, and the learner compares vectors.
        """
        z = super().embed(x)
        if z.ndim != 3 and not self.takes_maps:
            raise ValueError(f"{type(self).__name__} compares vectors, but this backbone gives {list(z.shape[2:])} for "
                             "an example: end it with nn.Flatten().")  # fmt: skip
        return z

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None):
        """Embed the support set and remember it."""
        check_support(support_x, support_y, way)
        embed = self.embed if self.describe is None else self.describe
        return self.remember(embed(support_x), support_y, _ways(support_y, way))

    def predict(self, adapted, query_x: Tensor) -> Tensor:
        """Embed the queries and compare: class scores `[tasks, n_query, way]`."""
        check_queries(query_x)
        return self.compare(adapted, self.embed(query_x))

    def loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The outer loss, from `compare`'s scores and labels `[tasks, n_query]`: cross-entropy."""
        return loss_of(scores, labels)

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`, but all images of all tasks are embedded in one pass.

        So while training, batch normalisation sees support and query set together, as in the authors' code. There is
        no inner loop, so there is no inner loss to watch: both are the outer loss."""
        if self.describe is None:
            n_support = episode.support_x.shape[1]
            z = self.embed(torch.cat([episode.support_x, episode.query_x], 1))  # [tasks, n_support + n_query, ...]
            support_z, query_z = z[:, :n_support], z[:, n_support:]
        else:
            support_z, query_z = self.describe(episode.support_x), self.embed(episode.query_x)
        adapted = self.remember(support_z, episode.support_y, _ways(episode.support_y, episode.way))
        outer = self.loss(self.compare(adapted, query_z), episode.query_y)
        return outer.detach(), outer


def class_sums(values: Tensor, labels: Tensor, way: int) -> tuple[Tensor, Tensor]:
    """The sum over each class, and how many there were.

    Args:
        values: `[tasks, n, features]`.
        labels: `[tasks, n]`, int64, 0 ... way-1. Classes may have different numbers of examples.
        way: number of classes.

    Returns: sums `[tasks, way, features]` and counts `[tasks, way, 1]`.
    """
    member = one_hot(labels, way, values.dtype)  # [tasks, n, way]
    return member.transpose(1, 2) @ values, member.sum(1).unsqueeze(-1)


def one_hot(labels: Tensor, way: int, dtype: torch.dtype) -> Tensor:
    """`[..., n] -> [..., n, way]`, as `F.one_hot`, which looks at the labels and so cannot be compiled with `fit`."""
    return (labels.unsqueeze(-1) == torch.arange(way, device=labels.device)).to(dtype)


def _ways(labels: Tensor, way: int | None) -> int:
    way = way_of(labels, way)
    if way < 2:
        raise ValueError("with one class there is nothing to compare: give a task of two classes or more.")
    return way
