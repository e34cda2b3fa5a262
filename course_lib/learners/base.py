"""What every meta-learner is: two verbs, adapt and predict."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.episode import Episode


class Learner(nn.Module):
    """A meta-learner. Subclasses write `adapt` and `predict` the way their paper does.

    `forward(episode)` is the two in turn, differentiable in whatever is meta-learned, so one `fit`
    and one `evaluate` serve every method. Keep the constructor's arguments in `self.config`
    (the backbone apart, in `self.backbone`), so that `save` and `load` can rebuild the learner.
    """

    #: Tasks of a meta-batch whose graph is held at once while training; `None` is all of them.
    tasks_at_once: int | None = None
    #: Outer steps that are done. `fit` sets it, for losses that change as training goes on.
    progress: int = 0

    def __init__(self, backbone: nn.Module | None = None, **config):
        super().__init__()
        self.backbone = backbone
        self.config = config

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None):
        """Learn from the support sets of a batch of tasks; return what was learned, in any form.

        Args:
            support_x: `[tasks, n_support, ...]`.
            support_y: `[tasks, n_support]` labels, or real targets.
            way: number of classes. When `None` it is read from the labels, which makes a GPU's host wait.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it adapts: write its adapt().")

    def predict(self, adapted, query_x: Tensor) -> Tensor:
        """Answer for `query_x` `[tasks, n_query, ...]`: class scores `[tasks, n_query, way]` (softmax of them
        gives probabilities), or real predictions."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it predicts: write its predict().")

    def forward(self, episode: Episode) -> Tensor:
        """Predictions for the query set, after adapting to the support set."""
        return self.predict(self.adapt(episode.support_x, episode.support_y, episode.way), episode.query_x)

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """`(inner, outer)`: the loss on the support set and on the query set, both after adapting.

        The outer loss is what `fit` minimises; the inner loss is shown beside it.
        """
        adapted = self.adapt(episode.support_x, episode.support_y, episode.way)
        with torch.no_grad():  # shown, not minimised
            inner = loss_of(self.predict(adapted, episode.support_x), episode.support_y)
        outer = loss_of(self.predict(adapted, episode.query_x), episode.query_y)
        return inner, outer

    def embed(self, x: Tensor) -> Tensor:
        """Run the backbone over all tasks in one pass: `[tasks, n, ...] -> [tasks, n, features]`."""
        flat = self.backbone(x.flatten(0, 1))  # [tasks * n, features]
        return flat.unflatten(0, x.shape[:2])  # [tasks, n, features]


def loss_of(predictions: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy for labels, mean squared error for real targets; a mean over tasks and queries.

    Shapes: `[tasks, n, way]` with int64 `[tasks, n]`, or two equal shapes.
    """
    if targets.is_floating_point():
        if predictions.shape != targets.shape:  # broadcasting here would average the wrong pairs in silence
            raise ValueError(
                f"predictions and targets must have one shape, but they are "
                f"{list(predictions.shape)} and {list(targets.shape)}."
            )
        return F.mse_loss(predictions, targets)
    return F.cross_entropy(predictions.flatten(0, 1), targets.flatten())


def with_gradient(value: Tensor, params: Iterable[Tensor], gradient: Iterable[Tensor]) -> Tensor:
    """`value`, with this gradient for `params` in a backward pass, whatever it was computed from.

    For learners whose outer gradient is not the derivative of their outer loss, such as Reptile.
    """
    linear = sum((p * g.detach()).sum() for p, g in zip(params, gradient, strict=True))
    return value.detach() + (linear - linear.detach())  # adds exactly 0, with the right slope
