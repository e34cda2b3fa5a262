"""A network that writes a classifier: the set network of the invented languages."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.learners import Learner
from course_lib.learners.metric import class_sums


class Writer(Learner):
    """Adapting is one pass: of a class, the mean of its embedded words and their number go through a small network,
    which writes the weights of the class in a linear classifier.

    Like a prototypical network, but what a class looks like after few and after many words is learned, too.

    Args:
        backbone: embeds words.
        features: numbers in an embedding.
        hidden: units of the small network.

    After conditional neural processes, Garnelo et al. 2018 (arXiv:1807.01613): what a set of examples says is averaged.
    """

    def __init__(self, backbone: nn.Module, features: int = 64, hidden: int = 128):
        super().__init__(backbone, features=features, hidden=hidden)
        self.write = nn.Sequential(nn.Linear(features + 1, hidden), nn.ReLU(), nn.Linear(hidden, features))
        self.skip = nn.Linear(features + 1, features)
        self.look = nn.Linear(features, features)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """Weights of a classifier, `[tasks, way, features]`."""
        way = int(support_y.max()) + 1 if way is None else way
        sums, n = class_sums(self.embed(support_x), support_y, way)  # [tasks, way, features], [tasks, way, 1]
        seen = torch.cat([sums / n, n.log() / 2], -1)  # [tasks, way, features + 1]
        return self.write(seen) + self.skip(seen)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """Scores `[tasks, n_query, way]`."""
        z = self.look(self.embed(query_x))  # [tasks, n_query, features]
        return z @ adapted.transpose(1, 2) / z.shape[-1] ** 0.5
