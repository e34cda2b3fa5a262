"""The exercises of lesson 06: prototypical networks. The judge of `episode_loss` stands in `losses.py`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Exercise, Problem, compare
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.matching import attention
from course_lib.learners.prototypical import as_linear, episode_loss, prototypes
from course_lib.lessons.lesson06.checks_losses import judge_episode_loss

_G = torch.Generator().manual_seed(6)


def _draw(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_G)


_PAIRS = [(_draw(2, 7, 3), _draw(2, 5, 3)), (2 * _draw(3, 4, 6) + 1, _draw(3, 4, 6))]


def _apart(q, p):
    return q.unsqueeze(2) - p.unsqueeze(1)  # [tasks, n, m, features]


_DISTANCE_MISTAKES = [
    (lambda q, p: squared_distances(q, p).clamp(min=0).sqrt(), "a root was taken. The *squared* distance is the sum "
                                                               "of squares itself."),
    (lambda q, p: squared_distances(p, q), "the axes are exchanged: a row belongs to a query, a column to a point."),
    (lambda q, p: _apart(q, p).square().mean(-1), "it is the mean over the features; add the squares up."),
    (lambda q, p: _apart(q, p).abs().sum(-1), "it adds up absolute differences; square them."),
    (lambda q, p: _apart(q, p).sum(-1).square(), "it adds up first and squares afterwards, so differences cancel. "
                                                 "Square each difference, then add up."),
    (lambda q, p: _apart(q, p).sum(-1), "the square is missing."),
    (lambda q, p: -squared_distances(q, p), "the sign is turned round: a distance is never negative."),
    (lambda q, p: _apart(q, p).square().sum(0).sum(-1), "it adds up over the tasks, too. Tasks have nothing to do "
                                                        "with one another: sum over the features alone."),
    (lambda q, p: _apart(q, p).square().sum(0), "it adds up over the tasks (the first axis). Sum over the features, "
                                                "the last one."),
    (lambda q, p: q.square().sum(-1, keepdim=True) - q @ p.transpose(1, 2) + p.square().sum(-1).unsqueeze(1),
     "the product counts twice: |q - p|² = |q|² - 2 q·p + |p|²."),
    (lambda q, p: q.square().sum(-1, keepdim=True) + 2 * q @ p.transpose(1, 2) + p.square().sum(-1).unsqueeze(1),
     "this is |q + p|². The sign of the product is minus."),
]  # fmt: skip


def _unit(x, axis=-1):
    return F.normalize(x, dim=axis)


_COSINE_MISTAKES = [
    (lambda q, p: q @ p.transpose(1, 2), "nothing is normalised: this is the dot product, which grows with the "
                                         "lengths. Divide by both."),
    (lambda q, p: _unit(q) @ p.transpose(1, 2), "only the queries are normalised: divide the points by their lengths "
                                                "as well, or long points look similar to everything."),
    (lambda q, p: q @ _unit(p).transpose(1, 2), "only the points are normalised: divide the queries by their lengths "
                                                "as well."),
    (lambda q, p: _unit(q, 1) @ _unit(p, 1).transpose(1, 2), "it normalises along the examples. The length of a "
                                                             "vector runs over its features, the last axis."),
    (lambda q, p: 1 - cosine_similarities(q, p), "this is the cosine *distance*, 1 - cosine. The similarity is "
                                                 "wanted: the nearer, the higher."),
    (lambda q, p: -cosine_similarities(q, p), "the sign is turned round: the same direction gives 1."),
    (lambda q, p: cosine_similarities(p, q), "the axes are exchanged: a row belongs to a query, a column to a point."),
    (lambda q, p: q @ p.transpose(1, 2) / (q.square().sum(-1, keepdim=True) * p.square().sum(-1).unsqueeze(1)),
     "it divides by the *squared* lengths: take their roots."),
    (lambda q, p: q @ p.transpose(1, 2) / (q.abs().sum(-1, keepdim=True) * p.abs().sum(-1).unsqueeze(1)),
     "it divides by sums of absolute values. The length is the root of the sum of squares."),
]  # fmt: skip


def _judge_cosine(call):
    """The values; then a vector of zeros, as a ReLU may give it."""
    compare(call, cosine_similarities, _PAIRS, _COSINE_MISTAKES)
    dead = _PAIRS[0][0].clone()
    dead[0, 1] = 0
    got = call(dead, _PAIRS[0][1])
    if not got.isfinite().all():
        raise Problem(
            "right for ordinary vectors, but a vector of zeros gives NaN (0 divided by 0), and a ReLU can make one. "
            "F.normalize knows this case; or divide by length.clamp(min=1e-12)."
        )
    compare(call, cosine_similarities, [(dead, _PAIRS[0][1])])


_LOOKS = [(*pair, name, t) for pair in _PAIRS for name, t in (("cosine", 1.0), ("cosine", 0.1), ("euclidean", 2.0))]


def _near(q, p, name):
    return cosine_similarities(q, p) if name == "cosine" else -squared_distances(q, p)


_ATTENTION_MISTAKES = [
    (lambda q, p, d, t: (_near(q, p, d) / t).softmax(1), "softmax runs over the queries. Each *query* shares out a "
                                                         "look of 1 among the support examples: the last axis."),
    (lambda q, p, d, t: (_near(q, p, d) / t).softmax(0), "softmax runs over the tasks; it runs over the support "
                                                         "examples, the last axis."),
    (lambda q, p, d, t: (_near(q, p, d) / t).flatten(1).softmax(-1).view(len(q), q.shape[1], -1),
     "all queries of a task share out one look. Each query has 1 of its own."),
    (lambda q, p, d, t: _near(q, p, d).softmax(-1), "the temperature is not used."),
    (lambda q, p, d, t: (_near(q, p, d) * t).softmax(-1), "it multiplies by the temperature; divide: a low "
                                                          "temperature makes differences larger."),
    (lambda q, p, d, t: _near(q, p, d).softmax(-1) / t, "it divides after the softmax, so the numbers do not add up "
                                                        "to 1. Divide the nearness first."),
    (lambda q, p, d, t: _near(q, p, d) / t, "the softmax is missing."),
    (lambda q, p, d, t: ((_near(q, p, d) if d == "cosine" else squared_distances(q, p)) / t).softmax(-1),
     "with the Euclidean metric the *farthest* example is looked at most: softmax of a positive distance. Near must "
     "mean a high score: put a minus before the distance."),
    (lambda q, p, d, t: (-_near(q, p, d) / t).softmax(-1), "the farthest example is looked at most: the sign is "
                                                           "turned round."),
    (lambda q, p, d, t: (_near(q, p, "cosine") / t).softmax(-1), "`distance` is not used: \"euclidean\" must give "
                                                                 "another answer than \"cosine\"."),
    (lambda q, p, d, t: (_near(q, p, "euclidean") / t).softmax(-1), "`distance` is not used: \"cosine\" must give "
                                                                    "another answer than \"euclidean\"."),
    (lambda q, p, d, t: ((_near(q, p, d) if d == "cosine" else -squared_distances(q, p).clamp(min=0).sqrt())
                         / t).softmax(-1), "a root was taken of the squared distance; leave it squared."),
    (lambda q, p, d, t: ((q @ p.transpose(1, 2) if d == "cosine" else -squared_distances(q, p)) / t).softmax(-1),
     "a dot product stands where the cosine should: use cosine_similarities."),
]  # fmt: skip

_SETS = [
    (_draw(2, 7, 4), torch.tensor([[2, 0, 1, 0, 2, 2, 0], [1, 1, 0, 2, 1, 1, 1]])),  # uneven shots, mixed order
    (_draw(1, 6, 3), torch.tensor([[1, 0, 2, 2, 1, 0]])),
    (_draw(2, 5, 3), torch.tensor([[4, 3, 0, 1, 2], [0, 1, 2, 3, 4]])),  # one shot
]


def _sums(z, y):
    return F.one_hot(y).to(z.dtype).transpose(1, 2) @ z


def _ways(y):
    return int(y.max()) + 1


def _first_seen(z, y):
    """Means in the order in which the classes turn up in the support set."""
    orders = [list(dict.fromkeys(labels.tolist())) for labels in y]
    return torch.stack([prototypes(z, y)[t, order] for t, order in enumerate(orders)])


_PROTOTYPE_MISTAKES = [
    (_sums, "these are the sums; a prototype is a *mean*: divide by the number of examples of the class."),
    (lambda z, y: _sums(z, y) / z.shape[1], "every sum is divided by the size of the whole support set. Divide each "
                                            "by the number of examples of its own class."),
    (lambda z, y: _sums(z, y) / (z.shape[1] / _ways(y)),
     "every sum is divided by the same number, n / way. Classes may have different numbers of examples: count them."),
    (lambda z, y: _sums(z, y) / (z.shape[1] // _ways(y)),
     "every sum is divided by the same number, n // way. Classes may have different numbers of examples: count them."),
    (lambda z, y: z.mean(1, keepdim=True).expand(-1, _ways(y), -1), "this is the mean over *all* support examples, the "
                                                                    "same for every class. Use the labels."),
    (lambda z, y: z.mean(1), "this is the mean over *all* support examples. There is one prototype for each class: use "
                             "the labels."),
    (lambda z, y: z.mean(-1), "it is the mean over the features (the last axis). Take the mean over the examples of a "
                              "class and keep the features."),
    (lambda z, y: (_sums(z, y) / F.one_hot(y).sum(1).unsqueeze(-1)).mean(0, keepdim=True).expand(len(z), -1, -1),
     "the tasks are mixed: each task has prototypes of its own."),
    (lambda z, y: prototypes(z, y[:1].expand_as(y), _ways(y)), "it reads the labels of the first task for every task."),
    (_first_seen, "the rows stand in the order in which classes turn up in the support set. Row k must belong to label "
                  "k."),
    (lambda z, y: F.normalize(prototypes(z, y), dim=-1), "the means were scaled to length 1; leave them as they are."),
    (lambda z, y: prototypes(F.normalize(z, dim=-1), y), "the embeddings were scaled to length 1 first; leave them as "
                                                         "they are."),
    (lambda z, y: torch.stack([torch.stack([z[t][y[t] == k].median(0).values for k in range(_ways(y))])
                               for t in range(len(z))]), "these are medians; take means."),
]  # fmt: skip

_CENTRES = [(_draw(2, 5, 4),), (_draw(1, 3, 2) + 1,)]


def _length(c):
    return c.square().sum(-1)


_LINEAR_MISTAKES = [
    (lambda c: (2 * c, _length(c)), "the bias has the wrong sign: it is *minus* |c|². A prototype far from 0 would "
                                    "win everywhere."),
    (lambda c: (c, -_length(c)), "the 2 is missing in the weights: -|q - c|² = 2 c·q - |c|² - |q|²."),
    (lambda c: (c, -_length(c) / 2), "both are half as large. The nearest class is the same, but the scores differ by "
                                     "half, so the probabilities come out wrong: 2 c and -|c|²."),
    (lambda c: (-2 * c, _length(c)), "the sign is turned round: the nearest prototype must get the highest score."),
    (lambda c: (-2 * c, -_length(c)), "the weights have the wrong sign: in -|q - c|² the product is + 2 c·q."),
    (lambda c: (2 * c, -_length(c).sqrt()), "the bias is minus the length; take the *squared* length."),
    (lambda c: (2 * c, torch.zeros_like(_length(c))), "the bias is missing: minus the squared length of the prototype. "
                                                      "It is not the same for every class, so it counts."),
    (lambda c: (2 * c, -c.square().mean(-1)), "the bias is a mean over the features; it is a sum."),
    (lambda c: (2 * c, -c.square().sum(1)), "the bias adds up over the classes; add up over the features, the last "
                                            "axis."),
    (lambda c: (2 * c, -_length(c).unsqueeze(-1)), "the bias has one axis too many: [tasks, way]."),
    (lambda c: (2 * c.transpose(1, 2), -_length(c)), "the weights are [features, way]; give them as [way, features]."),
]  # fmt: skip

EXERCISES = {
    "squared_distances": Exercise(
        squared_distances,
        lambda call: compare(call, squared_distances, _PAIRS, _DISTANCE_MISTAKES, axes=("task", "query", "point")),
        ("For one query q and one point p it is ((q - p) ** 2).sum(). The task is to have all pairs at once.",
         "queries.unsqueeze(2) is [tasks, n, 1, features], points.unsqueeze(1) is [tasks, 1, m, features]. Their "
         "difference is [tasks, n, m, features]; square it and sum over the last axis.",
         "Less memory: |q - p|² = |q|² - 2 q·p + |p|², and all products at once are queries @ points.transpose(1, 2)."),
    ),
    "cosine_similarities": Exercise(
        cosine_similarities,
        _judge_cosine,
        ("The cosine of two vectors is their dot product divided by both lengths.",
         "Divide every vector by its length first; then the dot products are the cosines.",
         "F.normalize(queries, dim=-1) @ F.normalize(points, dim=-1).transpose(1, 2)"),
    ),
    "attention": Exercise(
        attention,
        lambda call: compare(call, attention, _LOOKS, _ATTENTION_MISTAKES, axes=("task", "query", "example")),
        ("Nearness first, high for near: cosine_similarities, or minus squared_distances.",
         "Divide it by the temperature. Then softmax over the support examples, the last axis.",
         "near = cosine_similarities(queries, points) if distance == \"cosine\" else -squared_distances(queries, "
         "points); return (near / temperature).softmax(-1)"),
    ),
    "prototypes": Exercise(
        prototypes,
        lambda call: compare(call, prototypes, _SETS, _PROTOTYPE_MISTAKES, axes=("task", "class", "feature")),
        ("For one task: for each class k take the rows where labels == k, and their mean over axis 0.",
         "All at once: with member = F.one_hot(labels).to(embeddings.dtype), [tasks, n, way], the sums are "
         "member.transpose(1, 2) @ embeddings.",
         "Divide the sums by member.sum(1).unsqueeze(-1), the number of examples of each class."),
    ),
    "as_linear": Exercise(
        as_linear,
        lambda call: compare(call, as_linear, _CENTRES, _LINEAR_MISTAKES, ("the weights", "the biases")),
        ("Expand -|q - c|². Three terms come out; which of them depend on the class?",
         "2 c·q - |c|² - |q|². The last is the same for all classes, and softmax does not feel it.",
         "return 2 * prototypes, -prototypes.square().sum(-1)"),
    ),
    "episode_loss": Exercise(
        episode_loss,
        judge_episode_loss,
        ("Four steps: prototypes of the support set, squared distances of the queries, softmax of minus them, minus "
         "the logarithm for the right class.",
         "F.cross_entropy does the last two. It wants scores [n, way] and labels [n]: flatten(0, 1) joins tasks and "
         "queries.",
         "scores = -squared_distances(query_z, prototypes(support_z, support_y)); return "
         "F.cross_entropy(scores.flatten(0, 1), query_y.flatten())"),
    ),
}  # fmt: skip
