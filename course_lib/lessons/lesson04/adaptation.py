"""What adapting does to a classifier, step by step, and what its answers depend on. For lesson 04 and its scrubber."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.episode import Episode


@dataclass(eq=False)
class Adaptation:
    """A learner's answers before the first adaptation step, after it, and so on.

    Args:
        probabilities: `[steps + 1, tasks, n_query, way]`.
        accuracy: `[steps + 1, tasks]`, a fraction of the queries.
        support_loss, query_loss: `[steps + 1, tasks]`, cross-entropy in nats.
    """

    probabilities: Tensor
    accuracy: Tensor
    support_loss: Tensor
    query_loss: Tensor


@torch.no_grad()
def follow(learner: nn.Module, episode: Episode, steps: int, batch_norm: str = "inductive") -> Adaptation:
    """Adapt to each task of a classification episode and look at the answers after every step.

    Args:
        learner: one with a method `path`, such as `MAML`, in evaluation mode. It is not changed.
        episode: any tasks that the learner can answer.
        steps: how many; there may be more than in training.
        batch_norm: as in `evaluate`. "inductive" normalises by the support set's statistics, "transductive" by those
            of the batch at hand: in `predict`, all queries of a task.
    """
    with batch_statistics(learner) if batch_norm == "transductive" else nullcontext():
        path = learner.path(episode.support_x, episode.support_y, steps, episode.way)
        support = torch.stack([learner.predict(adapted, episode.support_x) for adapted in path])
        query = torch.stack([learner.predict(adapted, episode.query_x) for adapted in path])
    return Adaptation(
        query.softmax(-1),  # [steps + 1, tasks, n_query, way]
        (query.argmax(-1) == episode.query_y).float().mean(-1),
        *(_cross_entropy(s, y) for s, y in ((support, episode.support_y), (query, episode.query_y))),
    )


def _cross_entropy(scores: Tensor, y: Tensor) -> Tensor:
    """Of `[steps, tasks, n, way]` with labels `[tasks, n]`: `[steps, tasks]`."""
    steps = [F.cross_entropy(s.flatten(0, 1), y.flatten(), reduction="none") for s in scores]
    return torch.stack(steps).unflatten(1, y.shape).mean(-1)


def feature_gradient(features: Tensor, labels: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """How the mean cross-entropy changes with the features that enter a linear head: what reaches the body.

    For an example with probabilities p and the one-hot vector e of its label, it is `(p - e) @ weight / n`.

    Args:
        features: `[n, d]`.
        labels: `[n]`, 0 ... way-1.
        weight, bias: of the head, `[way, d]` and `[way]`.

    Returns: `[n, d]`. Zero for every example when all rows of `weight` are alike, since p - e adds up to 0.
    """
    p = (features @ weight.T + bias).softmax(-1)  # [n, way]
    e = F.one_hot(labels, len(weight))  # [n, way]
    return (p - e) @ weight / len(features)


@torch.no_grad()
def query_dependence(learner: nn.Module, episode: Episode) -> float:
    """By how much a query's class probabilities change, at most, when it is asked alone and not with the others.

    Args:
        learner: any `Learner`; its mode and its batch norm are left as they are.
        episode: one task.

    Returns: the largest absolute difference over queries and classes, from 0 to 1. It is 0 (but for rounding) if
        queries tell the learner nothing about one another: *inductive*.
    """
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together = learner.predict(adapted, episode.query_x)[0].softmax(-1)  # [n_query, way]
    queries = episode.query_x[0].split(1)  # n_query of [1, ...]
    alone = torch.cat([learner.predict(adapted, q.unsqueeze(0))[0] for q in queries]).softmax(-1)  # [n_query, way]
    return (together - alone).abs().max().item()
