"""Relation Networks (Sung et al., CVPR 2018, arXiv:1711.06025)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_one_of, check_whole
from course_lib.learners.base import loss_of
from course_lib.learners.metric import MetricLearner, class_sums, one_hot
from course_lib.models import HalfSize


def concatenate_pairs(classes: Tensor, queries: Tensor) -> Tensor:
    """Put every class beside every query: first the class's channels, then the query's.

    Args:
        classes: `[tasks, way, channels, ...]`.
        queries: `[tasks, n_query, channels, ...]`.

    Returns: `[tasks, n_query, way, 2 * channels, ...]`.
    """
    n_query, way = queries.shape[1], classes.shape[1]
    classes = classes.unsqueeze(1).expand(-1, n_query, *classes.shape[1:])  # [tasks, n_query, way, channels, ...]
    queries = queries.unsqueeze(2).expand(-1, n_query, way, *queries.shape[2:])  # the same
    return torch.cat([classes, queries], 3)


def first_layer(classes: Tensor, queries: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer's answer to every pair that `concatenate_pairs` would build, from one answer for each vector.

    The layer is linear, so its answer to (class, query) is a part from the class plus a part from the query.

    Args:
        classes: `[tasks, way, channels]`.
        queries: `[tasks, n_query, channels]`.
        weight: `[out, 2 * channels]`: the left half is for the class, the right half for the query.
        bias: `[out]`.

    Returns: `[tasks, n_query, way, out]`.
    """
    channels = classes.shape[-1]
    of_class = F.linear(classes, weight[:, :channels])  # [tasks, way, out]
    of_query = F.linear(queries, weight[:, channels:], bias)  # [tasks, n_query, out]; the bias counts once
    return of_class.unsqueeze(1) + of_query.unsqueeze(2)


def relation_loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Mean squared error between relation scores and 1 for the query's own class, 0 for the others: equation 2.

    Args:
        scores: `[tasks, n_query, way]`, 0 ... 1.
        labels: `[tasks, n_query]`, int64.
    """
    return F.mse_loss(scores, one_hot(labels, scores.shape[-1], scores.dtype))


class RelationModule(nn.Module):
    """How much do a class and a query belong together? A small network looks at the feature maps of both.

    Args:
        channels: of each feature map.
        size: height and width of the maps. The paper's are 5 x 5 for 28 x 28 images, see `Conv4(maps=True)`. 1 is
            for embeddings that are vectors: the module is then fully connected.
        hidden: units before the last layer.

    Source: section 3.3 and figure 2 of the paper: two blocks of 64 filters, then layers of 8 and 1 units.
    """

    def __init__(self, channels: int, size: int, hidden: int):
        super().__init__()
        if size == 1:
            self.first, self.rest = nn.Linear(2 * channels, channels), nn.Sequential(nn.ReLU())
            left = channels
        elif size < 4:
            raise ValueError(f"the relation module halves maps twice, so they must be 4 x 4 or larger, not {size}.")
        else:
            self.first = nn.Conv2d(2 * channels, channels, 3, padding=1)
            self.rest = nn.Sequential(
                nn.BatchNorm2d(channels), HalfSize(), nn.ReLU(),  # [n, channels, size // 2, size // 2]
                nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), HalfSize(), nn.ReLU(),
                nn.Flatten(),  # [n, channels * (size // 4) ** 2]
            )  # fmt: skip
            left = channels * (size // 4) ** 2
        self.score = nn.Sequential(nn.Linear(left, hidden), nn.ReLU(), nn.Linear(hidden, 1))
        self.to(memory_format=torch.channels_last)

    def score_pairs(self, pairs: Tensor) -> Tensor:
        """Logits of relation scores, as the paper writes them: `[tasks, n_query, way, 2 * channels, ...]`, from
        `concatenate_pairs`, to `[tasks, n_query, way]`."""
        out = self.score(self.rest(self.first(pairs.flatten(0, 2))))  # [tasks * n_query * way, 1]
        return out.view(pairs.shape[:3])

    def forward(self, classes: Tensor, queries: Tensor) -> Tensor:
        """`score_pairs(concatenate_pairs(classes, queries))`, several times faster.

        The first layer is linear, so its answer to a pair is a part from the class plus a part from the query, and
        each part is computed once for an image in place of once for a pair.

        Args:
            classes: `[tasks, way, channels, ...]`.
            queries: `[tasks, n_query, channels, ...]`.

        Returns: `[tasks, n_query, way]`.
        """
        if classes.ndim == 3:
            pairs = first_layer(classes, queries, self.first.weight, self.first.bias)  # [tasks, n_query, way, channels]
        else:
            channels = classes.shape[2]
            of_class = self._part(classes, self.first.weight[:, :channels], None).unsqueeze(1)
            of_query = self._part(queries, self.first.weight[:, channels:], self.first.bias).unsqueeze(2)
            pairs = of_class + of_query  # [tasks, n_query, way, height, width, channels]
        shape = pairs.shape[:3]
        pairs = pairs.flatten(0, 2).movedim(-1, 1)  # [tasks * n_query * way, channels(, height, width)]
        return self.score(self.rest(pairs)).view(shape)

    def _part(self, maps: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """What one half of the first layer says of maps, channels last, as memory has them:
        `[tasks, n, channels, height, width] -> [tasks, n, height, width, channels]`."""
        out = F.conv2d(maps.flatten(0, 1), weight, bias, padding=1)
        return out.movedim(1, -1).unflatten(0, maps.shape[:2])


class RelationNet(MetricLearner):
    """The comparison itself is learned: a class is the sum of its support examples' feature maps, and a network
    scores the relation of every class to every query (section 3.2).

    Args:
        backbone: embeds images as maps `[n, channels, size, size]`, `Conv4(maps=True)`; or, with `size=1`, as vectors.
        channels: of the feature maps, or numbers in a vector.
        size: height and width of the maps.
        hidden: units before the last layer of the relation module.
        shots: "sum" over a class's examples, as in the paper; or "mean", which does not care how many there are.
        loss: "mse", as in the paper; or "cross_entropy" over the classes of the task.
        attributes: how many numbers describe a class, for zero-shot learning (see `MetricLearner`); needs `size=1`.

    Raises:
        ValueError: for an unknown way to combine shots, an unknown loss, attributes beside maps, or a task of one
            class.
    """

    takes_maps = True

    def __init__(self, backbone: nn.Module, channels: int = 64, size: int = 5, hidden: int = 8, shots: str = "sum",
                 loss: str = "mse", attributes: int | None = None):  # fmt: skip
        check_one_of(("sum", "mean"), shots=shots)
        check_one_of(("mse", "cross_entropy"), loss=loss)
        check_whole(channels=channels, size=size, hidden=hidden)
        if attributes is not None:
            check_whole(attributes=attributes)
        if attributes is not None and size != 1:
            raise ValueError("attributes are compared with vectors, not maps: give size=1 and such a backbone.")
        describe = None if attributes is None else nn.Linear(attributes, channels)
        super().__init__(backbone, describe, channels=channels, size=size, hidden=hidden, shots=shots, loss=loss,
                         attributes=attributes)  # fmt: skip
        self.module = RelationModule(channels, size, hidden)

    def remember(self, support_z: Tensor, support_y: Tensor, way: int) -> Tensor:
        """One map a class, `[tasks, way, channels, ...]`."""
        sums, counts = class_sums(support_z.flatten(2), support_y, way)  # [tasks, way, numbers], [tasks, way, 1]
        found = sums / counts if self.config["shots"] == "mean" else sums
        return found.unflatten(2, support_z.shape[2:])

    def compare(self, adapted: Tensor, query_z: Tensor) -> Tensor:
        """Logarithms of relation scores; with cross-entropy, their logits. `[tasks, n_query, way]`."""
        logits = self.module(adapted, query_z)
        return logits if self.config["loss"] == "cross_entropy" else F.logsigmoid(logits)

    def relation_scores(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """How much each query belongs to each class, 0 ... 1: `[tasks, n_query, way]` (equation 1)."""
        return self.module(adapted, self.embed(query_x)).sigmoid()

    def loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        """`relation_loss`, or cross-entropy."""
        if self.config["loss"] == "cross_entropy":
            return loss_of(scores, labels)
        return relation_loss(scores.exp(), labels)
