"""What `check` looks at in `episode_loss` of lesson 06: its value, and whether the backbone can learn from it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import form
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.matching import attention
from course_lib.learners.prototypical import episode_loss, prototypes
from course_lib.lessons.lesson06.checks_gradients import CUT, finite, lets_learn

_G = torch.Generator().manual_seed(66)


def _draw(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_G)


# Queries stand in mixed order, and not every class has as many as the others.
_EPISODES = {
    "two shots, queries in mixed order": (
        _draw(2, 6, 4), torch.tensor([[2, 0, 1, 0, 2, 1], [1, 1, 0, 2, 0, 2]]),
        _draw(2, 7, 4), torch.tensor([[1, 0, 2, 2, 0, 1, 1], [2, 0, 1, 0, 1, 2, 0]])),
    "one shot, five classes": (
        _draw(1, 5, 3), torch.tensor([[3, 0, 4, 1, 2]]),
        _draw(1, 10, 3), torch.tensor([[3, 3, 0, 4, 1, 2, 2, 1, 0, 4]])),
    "uneven shots, four classes, as many queries": (
        _draw(3, 7, 4), torch.tensor([[0, 1, 2, 3, 3, 3, 0], [3, 2, 1, 0, 0, 0, 0], [1, 2, 0, 3, 2, 1, 1]]),
        _draw(3, 4, 4), torch.tensor([[3, 1, 0, 2], [0, 2, 3, 1], [2, 2, 1, 0]])),
}  # fmt: skip


def _scores(support_z, support_y, query_z):
    return -squared_distances(query_z, prototypes(support_z, support_y))  # [tasks, n_query, way]


def _cross(scores, labels, **options):
    return F.cross_entropy(scores.flatten(0, 1), labels.flatten(), **options)


def _in_order(labels, way):
    """Labels as they would be if queries stood class by class."""
    n = labels.shape[1]
    return (torch.arange(n) * way // n).expand_as(labels)


def _unsorted(support_y, query_y):
    """The classes that are asked for when prototypes stand in order of appearance and labels are left as they are."""
    orders = [torch.tensor(list(dict.fromkeys(labels.tolist()))) for labels in support_y]
    return torch.stack([order[labels] for order, labels in zip(orders, query_y, strict=True)])


def _by_class(s, y, q, t, groups):
    """The mean of the means of groups of queries."""
    each = _cross(_scores(s, y, q), t, reduction="none").view_as(t)
    return torch.stack([each[groups == k].mean() for k in groups.unique()]).mean()


def _matched(s, y, q, t):
    look = attention(q, s, "euclidean", 1.0)
    return -(look * (y.unsqueeze(1) == t.unsqueeze(2))).sum(-1).log().mean()


def _first_means(s, y):
    return prototypes(s, y[:1].expand_as(y), int(y.max()) + 1)


def _root(s, y, q):
    return -(-_scores(s, y, q)).clamp(min=1e-12).sqrt()


_MISTAKES = [
    (lambda s, y, q, t: _cross(-_scores(s, y, q), t),
     "softmax of a *positive* distance: the farthest prototype gets the highest probability. Put a minus before the "
     "distances."),
    (lambda s, y, q, t: _cross(_root(s, y, q), t), "the distances are not squared (a root was taken)."),
    (lambda s, y, q, t: _cross(_scores(s, y, q).softmax(-1), t),
     "softmax is applied twice: F.cross_entropy takes the scores as they are and applies it inside."),
    (lambda s, y, q, t: F.nll_loss(_scores(s, y, q).softmax(1).log().flatten(0, 1), t.flatten()),
     "softmax runs over the queries. It runs over the classes, the last axis."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, reduction="sum"),
     "the losses of the queries are added up; take their mean."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, reduction="sum") / len(s),
     "it adds up over the queries of a task; take the mean over queries *and* tasks."),
    (lambda s, y, q, t: F.nll_loss(_scores(s, y, q).flatten(0, 1), t.flatten()),
     "the softmax is missing: the distance to the right prototype alone can be made small by mapping every image to "
     "one point."),
    (lambda s, y, q, t: F.nll_loss(_scores(s, y, q).softmax(-1).flatten(0, 1), t.flatten()),
     "the logarithm is missing: the loss is minus the *logarithm* of the probability."),
    (lambda s, y, q, t: -_cross(_scores(s, y, q), t),
     "the sign is turned round: training would make answers worse."),
    (lambda s, y, q, t: _cross(_scores(s, y, s), y),
     "it is the loss on the support set, which is near 0 with one example each. The outer loss is that of the "
     "queries."),
    (lambda s, y, q, t: _cross(_scores(q, t, q), t),
     "the prototypes are made of the queries: the answers leak in. Make them of the support set."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), _in_order(t, int(y.max()) + 1)),
     "it takes for granted that queries stand class by class. They come in any order: use query_y."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), _unsorted(y, t)),
     "the labels are not re-indexed: your prototypes stand in order of appearance, but query_y counts classes "
     "0 ... way-1. Row k must be class k."),
    (lambda s, y, q, t: _cross(cosine_similarities(q, prototypes(s, y)), t),
     "these are cosines; use squared distances."),
    (lambda s, y, q, t: (_scores(s, y, q).argmax(-1) == t).float().mean(),
     "this is the accuracy. It has no slope, so nothing can be learned from it."),
    (lambda s, y, q, t: _cross(-squared_distances(q, s), _place(y, t)),
     "it compares with single examples; compare with the prototypes."),
    (_matched, "a query is compared with every single example, as in a matching network. Compare it with one mean for "
               "each class."),
    (lambda s, y, q, t: F.cross_entropy(_scores(s, y, q).reshape(len(q), -1, q.shape[1]), t),
     "the axes of the scores are relabelled by reshape, so scores land at other queries and classes. Exchange them: "
     ".transpose(1, 2), or flatten tasks and queries: .flatten(0, 1)."),
    (lambda s, y, q, t: _cross(_scores(s, y, q)[:1], t[:1]), "only the first task counts. Take the mean over the "
                                                             "queries of all tasks."),
    (lambda s, y, q, t: _cross(_scores(s, y, q)[-1:], t[-1:]), "only the last task counts. Take the mean over the "
                                                               "queries of all tasks."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t) * len(s), "the losses of the tasks are added up; take the mean "
                                                              "over queries *and* tasks."),
    (lambda s, y, q, t: _cross(_scores(s, y, q) / q.shape[-1], t), "the distances are divided by the number of "
                                                                   "features; take the sum over them, not the mean."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, reduction="none").view_as(t),
     "there is a loss for each query; take their mean."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, reduction="none"),
     "there is a loss for each query; take their mean."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, reduction="none").view_as(t).mean(1),
     "there is a loss for each task; take the mean over the tasks, too."),
    (lambda s, y, q, t: _by_class(s, y, q, t, t), "it takes a mean for each class first, then the mean of these, so a "
                                                  "query of a rare class weighs more. Take the mean over all queries."),
    (lambda s, y, q, t: _by_class(s, y, q, t, t + 99 * torch.arange(len(t)).unsqueeze(1)),
     "it takes a mean for each class first, then the mean of these, so a query of a rare class weighs more. Take the "
     "mean over all queries."),
    (lambda s, y, q, t: (_scores(s, y, q).softmax(-1) - F.one_hot(t, _scores(s, y, q).shape[-1])).square().mean(),
     "it is a squared error of the probabilities. The loss is minus the logarithm of the probability of the class."),
    (lambda s, y, q, t: -_scores(s, y, q).log_softmax(-1).mean(), "it takes the logarithms of *all* classes. Take that "
                                                                  "of the query's own class alone: query_y."),
    (lambda s, y, q, t: _cross(_scores(torch.cat([s, q], 1), torch.cat([y, t], 1), q), t),
     "the prototypes are made of support set *and* queries: the answers leak in. Make them of the support set."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t) / (int(y.max()) + 1),
     "it is divided by the number of classes, too. Take the mean over the queries."),
    (lambda s, y, q, t: _cross(_scores(F.normalize(s, dim=-1), y, F.normalize(q, dim=-1)), t),
     "the embeddings are brought to length 1 first; leave them as they are."),
    (lambda s, y, q, t: F.binary_cross_entropy_with_logits(_scores(s, y, q), F.one_hot(t, int(y.max()) + 1).float()),
     "each class is judged alone, by a sigmoid. The probabilities of a query share out 1: softmax."),
    (lambda s, y, q, t: _cross(-squared_distances(q, F.one_hot(y).to(s.dtype).mT @ s), t),
     "the prototypes are sums; divide by the number of examples of each class."),
    (lambda s, y, q, t: _cross(-squared_distances(q, F.one_hot(y).to(s.dtype).mT @ s / s.shape[1]), t),
     "the prototypes are divided by the size of the whole support set, each by the same number. Count the examples of "
     "each class."),
    (lambda s, y, q, t: _cross(-squared_distances(q, s.unflatten(1, (int(y.max()) + 1, -1)).mean(2)), t),
     "the prototypes are made of equal parts of the support set, as if it were sorted by class. Use support_y."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t).exp(), "it is e to the power of the loss."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t, label_smoothing=0.1), "the labels are smoothed; take them as they "
                                                                          "are."),
    (lambda s, y, q, t: 1 - _scores(s, y, q).softmax(-1).gather(-1, t.unsqueeze(-1)).mean(),
     "it is 1 minus the mean probability. The loss is minus the *logarithm* of the probability."),
    (lambda s, y, q, t: -_scores(s, y, q).softmax(-1).gather(-1, t.unsqueeze(-1)).mean().log(),
     "it takes the logarithm of the mean probability. Take the mean of the logarithms."),
    (lambda s, y, q, t: _cross(_scores(s, y, q), t) / math.log(2), "it takes logarithms to base 2; take natural ones."),
    (lambda s, y, q, t: _cross(-squared_distances(q, _first_means(s, y)), t),
     "the prototypes are made with the labels of the first task. Each task has its own."),
]  # fmt: skip


def _place(support_y, query_y):
    """Where the first example of each query's class stands."""
    return (support_y.unsqueeze(1) == query_y.unsqueeze(2)).float().argmax(-1)


_FAR = {f"{words}, far apart": (12 * s, y, 12 * q, t) for words, (s, y, q, t) in list(_EPISODES.items())[:2]}
_UNDER = ("Squared distances are in the hundreds here, a probability becomes 0, and its logarithm infinite. Do both in "
          "one step: F.cross_entropy takes the scores, or .log_softmax(-1); or take the largest score off before "
          "exp.")  # fmt: skip
_CAPPED = ("Squared distances are in the hundreds here, and the loss of a query may be as large. What is added to a "
           "probability before the logarithm, or a least value for it, sets a bound. Do both in one step: "
           "F.cross_entropy takes the scores, or .log_softmax(-1).")  # fmt: skip


def judge_episode_loss(call):
    """The value, for near and for far prototypes; then whether it has a slope in both sets of embeddings."""
    safe = _tensor(call)
    compare(safe, episode_loss, _EPISODES, _MISTAKES)
    finite(safe, episode_loss, _FAR, _UNDER, _CAPPED)
    parts = {0: "the embeddings of the support set", 2: "the embeddings of the queries"}
    lets_learn(safe, episode_loss, _EPISODES, parts)


def _tensor(call):
    """The loss as it comes; a number that is no tensor has lost its slope."""

    def loss(*args):
        try:
            found = call(*args)
        except Stopped as problem:
            if "does not require grad" in str(problem):
                raise Problem("it asks for gradients itself (.backward() or autograd.grad). Return the loss; the loop "
                              "of the training does the rest.") from None  # fmt: skip
            raise
        if isinstance(found, float):
            right = episode_loss(*args).item()
            if abs(found - right) < 1e-4 * max(1, abs(right)):
                raise Problem(f"it returns {form(found)}. Its value is right, but it has no connection to the "
                              f"embeddings: {CUT}")  # fmt: skip
            return torch.tensor(found)
        if isinstance(found, Tensor) and found.ndim and found.numel() == 1:
            raise Problem(
                f"it returns {form(found)}. A tensor without axes is asked for: .squeeze(), or take the mean."
            )
        return found

    return loss
