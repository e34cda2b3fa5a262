"""Features are meta-learned, and each task solves for the last layer: ridge regression towards a learned mean."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_whole
from course_lib.learners.base import Learner, check_queries, check_support, way_of


def ridge_head(features: Tensor, targets: Tensor, mean: Tensor, precision: Tensor) -> Tensor:
    """The weights w with the least `|features w - targets|^2 + sum of precision * (w - mean)^2`.

    Args:
        features: `[tasks, n, k]`; n may be 0.
        targets: `[tasks, n, outputs]`.
        mean: `[k, outputs]`: what w is before anything is seen.
        precision: `[k]`, above 0: how firmly each row of `mean` is believed, in units of the noise's.

    Returns: `[tasks, k, outputs]`; the mean where n is 0.

    Source: the mean of w given the points in ALPaCA (Harrison et al. 2018, arXiv:1807.08912), with a diagonal
        precision; with mean 0 and one precision, the inside of R2D2 (Bertinetto et al. 2019, arXiv:1805.08136).
    """
    among = features.mT @ features + torch.diag(precision)  # [tasks, k, k]
    # Not torch.linalg.solve, the same up to rounding: Apple's GPU lacks its gradient.
    return mean + torch.linalg.inv(among) @ (features.mT @ (targets - features @ mean))


class RidgeHead(Learner):
    """Adapting is solving for the weights of a linear layer, exactly; backbone, mean and precision are meta-learned.

    Args:
        backbone: gives features `[n, features]`. A 1 is put after them, for the constant.
        features: how many.
        outputs: numbers in a target. `None` is for classes: targets are one-hot, the mean is 0 since names of classes
            mean nothing, all features have one precision, and a learned factor makes scores of the answers (R2D2).

    Source: ALPaCA and R2D2, see `ridge_head`. The answer's spread, which ALPaCA has too, is left out.
    """

    def __init__(self, backbone: nn.Module, features: int, outputs: int | None = None):
        check_whole(features=features, **({} if outputs is None else {"outputs": outputs}))
        super().__init__(backbone, features=features, outputs=outputs)
        rows = features + 1
        self.mean = None if outputs is None else nn.Parameter(0.1 * torch.randn(rows, outputs))
        self.log_precision = nn.Parameter(torch.zeros(1 if outputs is None else rows))
        self.scale = nn.Parameter(torch.tensor(10.0)) if outputs is None else 1.0

    @property
    def precision(self) -> Tensor:
        """How firmly each row of the mean is believed, `[features + 1]`. Its logarithm is learned, so it is above 0."""
        return self.log_precision.exp().expand(self.config["features"] + 1)

    def phi(self, x: Tensor) -> Tensor:
        """The features of examples and a 1: `[tasks, n, ...] -> [tasks, n, features + 1]`."""
        return F.pad(self.embed(x), (0, 1), value=1.0)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """Weights `[tasks, features + 1, outputs]`, for classes `[tasks, features + 1, way]`. Without a support point
        they are the mean."""
        if support_x.shape[1]:
            check_support(support_x, support_y, way)
        way = way_of(support_y, way)
        targets = support_y if way is None else F.one_hot(support_y, way).to(support_x.dtype)  # [tasks, n, outputs]
        phi = self.phi(support_x)
        mean = phi.new_zeros(phi.shape[-1], way) if self.mean is None else self.mean
        return ridge_head(phi, targets, mean, self.precision)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, outputs]`, or scores `[tasks, n_query, way]`."""
        check_queries(query_x)
        return self.scale * (self.phi(query_x) @ adapted)
