"""What every meta-learner is: two verbs, adapt and predict."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_network, may_look
from course_lib.compute.batch_norm import batch_norms, run
from course_lib.episode import Episode

AT_ONCE = 72  # examples


def within(scores: Tensor, way: int | None) -> Tensor:
    """The scores `[..., way]` of a task's own classes: a network may have more outputs than the task has classes.

    Args:
        scores: `[..., outputs]`.
        way: number of classes; `None` leaves the scores as they are.

    Raises:
        ValueError: if there are fewer outputs than classes.
    """
    if way is not None and scores.shape[-1] < way:
        raise ValueError(
            f"this network has {scores.shape[-1]} outputs, too few for a {way}-way task. The number of classes "
            f"belongs to the network: build it with {way} outputs, such as Conv4(out={way}), and train it."
        )
    return scores if way is None else scores[..., :way]


def loss_of(predictions: Tensor, targets: Tensor, way: int | None = None) -> Tensor:
    """Cross-entropy for labels, mean squared error for real targets; a mean over tasks and queries.

    Shapes: `[tasks, n, way]` with int64 `[tasks, n]`, or two equal shapes. Of scores only those of the `way` classes
    count (see `within`).
    """
    if targets.is_floating_point():
        if predictions.shape != targets.shape:  # broadcasting here would average the wrong pairs in silence
            raise ValueError(
                f"predictions and targets must have one shape, but they are "
                f"{list(predictions.shape)} and {list(targets.shape)}."
                + " If the targets are class labels, they must be int64: use .long()."
                * (targets.ndim == predictions.ndim - 1)
            )
        return F.mse_loss(predictions, targets)
    return F.cross_entropy(within(predictions, way).flatten(0, 1), targets.flatten())


class Learner(nn.Module):
    """A meta-learner. Subclasses write `adapt` and `predict` the way their paper does.

    `forward(episode)` is the two in turn, differentiable in whatever is meta-learned, so one `fit`
    and one `evaluate` serve every method. Keep the constructor's arguments in `self.config`
    (the backbone apart, in `self.backbone`), so that `save` and `load` can rebuild the learner.
    """

    #: Tasks of a meta-batch whose graph is held at once while training; `None` is all of them.
    tasks_at_once: int | None = None
    #: By what answers are judged in training, `(predictions, targets, way)`: see the function of that name.
    loss_of = staticmethod(loss_of)
    #: Outer steps that are done. `fit` sets it, for losses that change as training goes on,
    progress: int = 0
    #: and outer steps after which they are computed in one way.
    settles_at: int = 0

    def __init__(self, backbone: nn.Module | None = None, **config):
        super().__init__()
        if backbone is not None:
            check_network(backbone=backbone)
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
        adapted = self.adapt(episode.support_x, episode.support_y, episode.way)
        return within(self.predict(adapted, episode.query_x), episode.way)

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """`(inner, outer)`: the loss on the support set and on the query set, both after adapting.

        The outer loss is what `fit` minimises; the inner loss is shown beside it.
        """
        adapted = self.adapt(episode.support_x, episode.support_y, episode.way)
        with torch.no_grad():  # shown, not minimised
            inner = self.loss_of(self.predict(adapted, episode.support_x), episode.support_y, episode.way)
        outer = self.loss_of(self.predict(adapted, episode.query_x), episode.query_y, episode.way)
        return inner, outer

    def embed(self, x: Tensor) -> Tensor:
        """Run the backbone over all tasks in one pass: `[tasks, n, ...] -> [tasks, n, features]`.

        Where examples cannot feel one another, a CPU takes `AT_ONCE` at a time: the same answers, in less memory."""
        flat = x.flatten(0, 1)  # [tasks * n, ...]
        at_once = AT_ONCE if self._each_alone(x) else len(flat)
        flat = torch.cat([run(self.backbone, part) for part in flat.split(at_once)])  # [tasks * n, features]
        return flat.unflatten(0, x.shape[:2])  # [tasks, n, features]

    def _each_alone(self, x: Tensor) -> bool:
        fixed = all(m.running_mean is not None for m in batch_norms(self.backbone).values())
        return x.device.type == "cpu" and fixed and not (self.training or torch.is_grad_enabled())


def way_of(labels: Tensor, way: int | None) -> int | None:
    """The number of classes: what is given, or else what the labels say; `None` for real targets."""
    return int(labels.max()) + 1 if way is None and not labels.is_floating_point() else way


def check_support(support_x: Tensor, support_y: Tensor, way: int | None):
    """What `adapt` is given: the same checks as in an `Episode`, and the same errors."""
    Episode(support_x, support_y, support_x, support_y, way)


def check_pixels(**values: Tensor):
    """Examples that are compared as they are, without a network that could look whole numbers up."""
    for name, x in values.items():
        if not x.is_floating_point():
            raise ValueError(f"{name} must be floating point here, but it is {x.dtype}; use {name}.float().")


def check_queries(query_x: Tensor, support_x: Tensor | None = None):
    """What `predict` is given; beside `support_x` where the two are compared as they are.

    Raises:
        ValueError: if it is not a floating-point tensor `[tasks, n_query, ...]` of finite numbers. There may be no
            query, which has no answer.
    """
    fits = isinstance(query_x, Tensor) and query_x.ndim > 2 and len(query_x)
    if not fits or not (query_x.is_floating_point() or query_x.dtype == torch.int64):
        found = f"{query_x.dtype} {list(query_x.shape)}" if isinstance(query_x, Tensor) else type(query_x).__name__
        raise ValueError(f"query_x must be a floating-point tensor [tasks, n_query, ...], but it is {found}.")
    if may_look(query_x) and not (query_x.sum().isfinite() or query_x.isfinite().all()):
        raise ValueError("query_x holds NaN or infinite values; remove or replace them first.")
    if support_x is not None and (len(query_x) != len(support_x) or query_x.shape[2:] != support_x.shape[2:]):
        raise ValueError(
            f"query_x must hold as many tasks as the support set, and examples of its shape, but they are "
            f"{list(query_x.shape)} and {list(support_x.shape)}."
        )


def with_gradient(value: Tensor, params: Iterable[Tensor], gradient: Iterable[Tensor | None]) -> Tensor:
    """`value`, with this gradient for `params` in a backward pass (`None`: none), whatever it was computed from.

    For learners whose outer gradient is not the derivative of their outer loss, such as Reptile; and where the gradient
    is known already, as in `compute/compiled.py`.
    """
    return _Known.apply(value, list(gradient), *params)


class _Known(torch.autograd.Function):
    """What `with_gradient` does."""

    @staticmethod
    def forward(ctx, value: Tensor, gradient: list[Tensor | None], *params: Tensor) -> Tensor:
        ctx.gradient = gradient
        return value.clone()

    @staticmethod
    def backward(ctx, above: Tensor):
        return None, None, *(g if g is None else g.detach() * above for g in ctx.gradient)
