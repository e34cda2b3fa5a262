"""Siamese networks (Koch, Zemel and Salakhutdinov, ICML 2015 Deep Learning Workshop)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_whole
from course_lib.learners.metric import MetricLearner, one_hot


class SiameseNet(MetricLearner):
    """One network looks at two images, and a weighted distance of the embeddings says whether they show one class.

    Trained on pairs, "same" or "different"; a query then gets the class of the support example that is most likely
    the same (section 3.1 and 4.3 of the paper).

    Args:
        backbone: embeds images.
        features: numbers in an embedding.

    Raises:
        ValueError: for a task of one class.
    """

    def __init__(self, backbone: nn.Module, features: int = 64):
        check_whole(features=features)
        super().__init__(backbone, features=features)
        self.weigh = nn.Linear(features, 1)

    def remember(self, support_z: Tensor, support_y: Tensor, way: int):
        """The embedded support set, its labels, and the number of classes."""
        return support_z, support_y, way

    def compare(self, adapted, query_z: Tensor) -> Tensor:
        """The logit of "same" for the most similar example of each class: `[tasks, n_query, way]`."""
        support_z, support_y, way = adapted
        apart = (query_z.unsqueeze(2) - support_z.unsqueeze(1)).abs()  # [tasks, n_query, n_support, features]
        same = self.weigh(apart).squeeze(-1)  # [tasks, n_query, n_support]
        label = support_y.unsqueeze(1).expand_as(same)
        lowest = same.new_full((*same.shape[:2], way), -torch.inf)
        return lowest.scatter_reduce(2, label, same, "amax")  # [tasks, n_query, way]

    def loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Binary cross-entropy of "same or different", with as much weight on the pairs that are the same as on the
        others: of `way` pairs of a query only one is the same."""
        same = one_hot(labels, scores.shape[-1], scores.dtype)  # [tasks, n_query, way]
        way = scores.new_tensor(scores.shape[-1])
        weight = same * way / 2 + (1 - same) * way / (2 * (way - 1))
        return F.binary_cross_entropy_with_logits(scores, same, weight)
