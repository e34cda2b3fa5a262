"""The judge of lesson 06's `episode_loss`: its value, and whether the backbone can learn from it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.prototypical import episode_loss, prototypes

_G = torch.Generator().manual_seed(66)


def _draw(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_G).requires_grad_()


# Queries stand in mixed order, and not every class has as many as the others.
_EPISODES = [
    (_draw(2, 6, 4), torch.tensor([[2, 0, 1, 0, 2, 1], [1, 1, 0, 2, 0, 2]]),
     _draw(2, 7, 4), torch.tensor([[1, 0, 2, 2, 0, 1, 1], [2, 0, 1, 0, 1, 2, 0]])),
    (_draw(1, 5, 3), torch.tensor([[3, 0, 4, 1, 2]]), _draw(1, 10, 3), torch.tensor([[3, 3, 0, 4, 1, 2, 2, 1, 0, 4]])),
]  # fmt: skip


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
]  # fmt: skip


def _place(support_y, query_y):
    """Where the first example of each query's class stands."""
    return (support_y.unsqueeze(1) == query_y.unsqueeze(2)).float().argmax(-1)


def judge_episode_loss(call):
    """The value; then whether it has a slope in both sets of embeddings."""
    compare(lambda *args: _tensor(call(*args)), episode_loss, _EPISODES, _MISTAKES)
    for args in _EPISODES:
        slopes = torch.autograd.grad(_connected(call(*args)), (args[0], args[2]), allow_unused=True)
        wanted = torch.autograd.grad(episode_loss(*args), (args[0], args[2]))
        for slope, right, part in zip(slopes, wanted, ("support set", "queries"), strict=True):
            if slope is None or not torch.allclose(slope, right, rtol=1e-3, atol=1e-5):
                raise Problem(
                    f"the number is right, but its slope in the embeddings of the {part} is not, so the backbone "
                    "cannot learn from them: leave out .item(), .detach() and no_grad."
                )


def _tensor(loss):
    return torch.tensor(loss) if isinstance(loss, float) else loss


def _connected(loss) -> Tensor:
    if not isinstance(loss, Tensor) or not loss.requires_grad:
        raise Problem("the number is right, but it has no connection to the embeddings: leave out .item(), .detach() "
                      "and no_grad.")  # fmt: skip
    return loss
