"""The exercises of lesson 04: MAML on images. The judge of `query_dependence` stands in `dependence.py`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.compute.batch_norm import normalise, normalise_by
from course_lib.exercises.engine import Exercise, Problem, compare
from course_lib.learners.maml_plus_plus import multi_step_weights
from course_lib.lessons.lesson04.adaptation import classification_loss, feature_gradient, query_dependence
from course_lib.lessons.lesson04.checks_dependence import judge_dependence

_G = torch.Generator().manual_seed(4)


def _draw(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_G)


def _network(params, x):
    return x.flatten(1) @ params["weight"].T + params["bias"]


def _start(way: int) -> dict:
    return {"weight": _draw(way, 12).requires_grad_(), "bias": _draw(way).requires_grad_()}


_IMAGES = [
    (_network, _start(5), _draw(5, 1, 4, 3), torch.tensor([3, 0, 4, 1, 2])),
    (_network, _start(3), _draw(7, 1, 4, 3), torch.tensor([2, 2, 0, 1, 1, 0, 2])),
]

_LOSS_MISTAKES = [
    (lambda n, p, x, y: F.cross_entropy(n(p, x).softmax(-1), y),
     "softmax is applied twice: F.cross_entropy takes the scores as they are and applies it inside. Training still "
     "runs, with gradients that are far too small."),
    (lambda n, p, x, y: F.cross_entropy(n(p, x), y, reduction="sum"),
     "the losses of the images are added up. Take their mean, or the inner learning rate depends on the shot."),
    (lambda n, p, x, y: F.nll_loss(n(p, x), y),
     "nll_loss wants logarithms of probabilities, and these are scores: use F.cross_entropy, or log_softmax first."),
    (lambda n, p, x, y: F.nll_loss(n(p, x).softmax(-1), y),
     "the logarithm is missing: the loss of an image is minus the *logarithm* of the probability of its class."),
    (lambda n, p, x, y: F.mse_loss(n(p, x).softmax(-1), F.one_hot(y, n(p, x).shape[1]).float()),
     "this is a squared error between probabilities and labels. Use cross-entropy."),
    (lambda n, p, x, y: F.mse_loss(n(p, x), F.one_hot(y, n(p, x).shape[1]).float()),
     "this is a squared error between scores and labels. Use cross-entropy."),
    (lambda n, p, x, y: -F.cross_entropy(n(p, x), y), "the sign is turned round: descending would make the answers "
                                                      "worse."),
    (lambda n, p, x, y: (n(p, x).argmax(-1) == y).float().mean(), "this is the accuracy. It has no slope: use "
                                                                  "cross-entropy."),
    (lambda n, p, x, y: F.cross_entropy(n(p, x).T.softmax(-1).T.log(), y),
     "softmax runs over the images. It runs over the classes, the last axis."),
]  # fmt: skip


def _judge_loss(call):
    """The value; then whether it can be differentiated with respect to the parameters that were given."""
    compare(lambda *args: _number(call(*args)), classification_loss, _IMAGES, _LOSS_MISTAKES)
    for args in _IMAGES:
        loss = call(*args)
        if not isinstance(loss, Tensor) or not loss.requires_grad:
            raise Problem(
                "the number is right, but it has no connection to `params`, so no step can be taken: leave out "
                ".item(), .detach() and no_grad."
            )


def _number(loss):
    return torch.tensor(loss) if isinstance(loss, float) else loss


_HEADS = [
    (_draw(5, 8), torch.tensor([0, 1, 2, 3, 4]), _draw(5, 8), _draw(5)),
    (_draw(6, 4), torch.tensor([2, 0, 1, 1, 0, 2]), _draw(3, 4), _draw(3)),
]


def _p(f, w, b):
    return (f @ w.T + b).softmax(-1)


def _e(y, w):
    return F.one_hot(y, len(w)).float()


_GRADIENT_MISTAKES = [
    (lambda f, y, w, b: (_p(f, w, b) - _e(y, w)) @ w, "it is that of the *sum* of the losses. The loss is a mean over "
                                                      "the examples: divide by n."),
    (lambda f, y, w, b: (_e(y, w) - _p(f, w, b)) @ w / len(f), "the sign is turned round: it is p - e."),
    (lambda f, y, w, b: _p(f, w, b) @ w / len(f), "the label is not used: subtract its one-hot vector from the "
                                                  "probabilities."),
    (lambda f, y, w, b: (f @ w.T + b - _e(y, w)) @ w / len(f), "it takes scores for probabilities: softmax is "
                                                               "missing."),
    (lambda f, y, w, b: ((f @ w.T).softmax(-1) - _e(y, w)) @ w / len(f), "the bias is forgotten in the scores."),
    (lambda f, y, w, b: (_p(f, w, b) - _e(y, w)).T @ f / len(f), "this is the gradient for the *weight* of the head. "
                                                                 "The question is about the features."),
    (lambda f, y, w, b: (_p(f, w, b) - _e(y, w)) / len(f), "this is the gradient at the scores. One factor of the "
                                                           "chain rule is missing: multiply by the weight."),
    (lambda f, y, w, b: ((f @ w.T + b).softmax(0) - _e(y, w)) @ w / len(f), "softmax runs over the examples. It runs "
                                                                            "over the classes, the last axis."),
    (lambda f, y, w, b: (_p(f, w, b) - _e(y, w)) @ w / len(w), "it divides by the number of classes; divide by the "
                                                               "number of examples."),
]  # fmt: skip


def _layer(channels: int):
    return _draw(channels), _draw(channels)


_MAPS = [
    (_draw(5, 3, 4, 4), 2 * _draw(7, 3, 4, 4) + 1, *_layer(3), 0.3),
    (_draw(4, 2, 3, 5) - 1, _draw(4, 2, 3, 5), *_layer(2), 1e-5),
    (_draw(10, 6), _draw(1, 6), *_layer(6), 0.1),  # after a linear layer: no height, no width
]


def _by(reference, x, weight, bias, eps, *, axes=None, correction=0, root=lambda v, e: (v + e).sqrt()):
    """Batch norm with one mistake."""
    axes = [i for i in range(x.ndim) if i != 1] if axes is None else axes
    mean, var = reference.mean(axes, keepdim=True), reference.var(axes, correction=correction, keepdim=True)
    shape = (1, -1) + (1,) * (x.ndim - 2)
    return (x - mean) / root(var, eps) * weight.view(shape) + bias.view(shape)


_NORM_MISTAKES = [
    (lambda r, x, w, b, e: normalise_by(x, x, w, b, e),
     "x is normalised by its own statistics, so each query depends on the other queries. Use those of `reference`."),
    (lambda r, x, w, b, e: normalise_by(torch.cat([r, x]), x, w, b, e),
     "the statistics are those of `reference` and x together. Queries must not take part: use `reference` alone."),
    (lambda r, x, w, b, e: normalise(x, r.mean([0, *range(2, r.ndim)]), x.var([0, *range(2, x.ndim)], correction=0),
                                     w, b, e),
     "the mean is that of `reference`, but the variance is that of x. Take both from `reference`."),
    (lambda r, x, w, b, e: normalise_by(r, r, w, b, e), "it normalises `reference`. Return x, normalised by the "
                                                        "statistics of `reference`."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, axes=[0]),
     "mean and variance are taken over the images only. A channel has one mean: average over height and width too."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, axes=list(range(r.ndim))),
     "mean and variance are taken over everything. Each channel has its own: leave axis 1 out."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, correction=1),
     "the variance is the one that divides by n - 1. Batch norm divides by n: var(..., correction=0)."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, root=lambda v, e: v.sqrt() + e),
     "eps stands outside the root. It is added to the variance: sqrt(var + eps)."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, root=lambda v, e: v + e),
     "it divides by the variance. Divide by its square root."),
    (lambda r, x, w, b, e: _by(r, x, w, b, e, root=lambda v, e: v.sqrt()), "eps is not used."),
    (lambda r, x, w, b, e: normalise_by(r, x, None, b, e), "`weight` is not used: multiply each channel by its own."),
    (lambda r, x, w, b, e: normalise_by(r, x, w, None, e), "`bias` is not used: add each channel's own."),
    (lambda r, x, w, b, e: normalise_by(r, x, None, None, e), "`weight` and `bias` are not used."),
    (lambda r, x, w, b, e: normalise_by(r, x, w, b * w, e), "the bias is multiplied by the weight. Add it last."),
]  # fmt: skip


def _judge_weights(call):
    """`multi_step_weights`, as a tensor whatever the learner returns."""

    def as_tensor(function):
        return lambda *args: _numbers(function(*args))

    compare(as_tensor(call), as_tensor(multi_step_weights), [(5, 0.25), (5, 0.0), (4, 0.5), (3, 1.0), (1, 0.3)],
            [(as_tensor(f), text) for f, text in _WEIGHT_MISTAKES])  # fmt: skip


def _numbers(weights) -> Tensor:
    if not isinstance(weights, list | tuple | Tensor):
        raise Problem(f"it should return a list of `steps` numbers, but it returned a {type(weights).__name__}.")
    return torch.as_tensor(weights, dtype=torch.float64)


_WEIGHT_MISTAKES = [
    (lambda s, d: [1 / s] * s, "all steps count alike at all times: `done` is not used."),
    (lambda s, d: [0.0] * (s - 1) + [1.0], "only the last step counts at all times: `done` is not used."),
    (lambda s, d: multi_step_weights(s, 1 - d), "it runs the wrong way: at done = 0 all steps count alike."),
    (lambda s, d: [d + (1 - d) / s] + [(1 - d) / s] * (s - 1), "the weight moves to the *first* step. It moves to the "
                                                               "last one, the one that is used after training."),
    (lambda s, d: [(1 - d) / s] * (s - 1) + [1 / s], "the weights do not add up to 1: what the early steps lose must "
                                                     "go to the last one."),
    (lambda s, d: [(1 - d) / s] * s, "the weights do not add up to 1: what the early steps lose must go to the last "
                                     "one."),
    (lambda s, d: [1 - d] * (s - 1) + [1.0], "the weights do not add up to 1: at done = 0 each is 1 / steps."),
    (lambda s, d: [(1 - d) / s] * s + [d], "there is one weight too many: one for each step, `steps` in all."),
    (lambda s, d: [(1 - d) / s] * (s - 1) + [d], "the last step lost its own share: at done = 0 it counts 1 / steps, "
                                                 "like the others."),
]  # fmt: skip

EXERCISES = {
    "classification_loss": Exercise(
        classification_loss,
        _judge_loss,
        (
            "network(params, x) gives the scores [n, way].",
            "F.cross_entropy takes scores (not probabilities) and labels, and gives the mean.",
            "return F.cross_entropy(network(params, x), y)",
        ),
    ),
    "feature_gradient": Exercise(
        feature_gradient,
        lambda call: compare(call, feature_gradient, _HEADS, _GRADIENT_MISTAKES),
        (
            "The scores are features @ weight.T + bias. Softmax of them, over the last axis, gives p.",
            "F.one_hot(labels, len(weight)) gives e. By how much a score should move is p - e.",
            "A score moves with the features by its row of `weight`: (p - e) @ weight. The loss is a mean: divide by "
            "the number of examples.",
        ),
    ),
    "normalise_by": Exercise(
        normalise_by,
        lambda call: compare(call, normalise_by, _MAPS, _NORM_MISTAKES),
        (
            "Take mean and variance of `reference` over every axis but 1: axes = [0, *range(2, x.ndim)].",
            "reference.var(axes, correction=0, keepdim=True) divides by n. Divide by sqrt(var + eps).",
            "weight and bias are [channels]. weight.view(1, -1, *[1] * (x.ndim - 2)) lines them up with axis 1.",
        ),
    ),
    "query_dependence": Exercise(
        query_dependence,
        judge_dependence,
        (
            "Adapt once, to the support set. Then predict twice: all queries together, and each alone.",
            "episode.query_x[:, i : i + 1] is query i alone, with its task axis. Put the answers together again with "
            "torch.cat(..., 1).",
            "Softmax of both over the last axis; then (together - alone).abs().max().item().",
        ),
    ),
    "multi_step_weights": Exercise(
        multi_step_weights,
        _judge_weights,
        (
            "At done = 0 it is [1 / steps] * steps; at done = 1 it is zeros and a 1 at the end.",
            "An early step has (1 - done) / steps. What is missing to 1 goes to the last step.",
            "return [(1 - done) / steps] * (steps - 1) + [(1 - done) / steps + done]",
        ),
    ),
}  # fmt: skip
