"""What `check` looks at in squared distances and cosines of lesson 06, and which mistakes it knows."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import compare
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.lessons.lesson06.checks_gradients import finite, lets_learn, without_loop

SQUEEZED = (".squeeze() without a number takes away every axis of size 1: with one task or one query an axis is lost. "
            "Keep all three.")  # fmt: skip
AXES = ("task", "query", "point")
LEARNED = {0: "the queries", 1: "the points"}
_G = torch.Generator().manual_seed(6)


def draw(*shape: int) -> Tensor:
    """Numbers of both signs; the same in every session."""
    return torch.randn(*shape, generator=_G)


def embeddings(*shape: int) -> Tensor:
    """What a ReLU leaves: none below 0, and many that are 0, but no vector of zeros."""
    return draw(*shape).clamp(min=0) + F.one_hot(torch.randint(shape[-1], shape[:-1], generator=_G), shape[-1])


PAIRS = {
    "numbers of both signs": (draw(2, 7, 3), draw(2, 5, 3)),
    "embeddings after a ReLU": (embeddings(3, 4, 6), embeddings(3, 4, 6)),
    "a single task, with one query": (draw(1, 1, 4), draw(1, 3, 4)),
    "one point and one feature": (draw(2, 3, 1), draw(2, 1, 1)),
}
_FEW, _MANY = ((draw(1, n, 4), draw(1, n + 1, 4)) for n in (2, 40))
_WIDE = (draw(1, 2, 64), draw(1, 3, 64))
_SAME = embeddings(2, 4, 5)
_MEETING = {"queries of which some lie on a point": (torch.cat([_SAME, draw(2, 1, 5)], 1), _SAME)}


def _apart(q, p):
    return q.unsqueeze(2) - p.unsqueeze(1)  # [tasks, n, m, features]


def _expanded(q2, qp, p2):
    """|q|² and so on with other factors."""
    return lambda q, p: (q2 * q.square().sum(-1, keepdim=True) + qp * q @ p.transpose(1, 2)
                         + p2 * p.square().sum(-1).unsqueeze(1))  # fmt: skip


_DISTANCE_MISTAKES = [
    (lambda q, p: _apart(q, p).square().sum(-1).sqrt(), "a root was taken. The *squared* distance is the sum "
                                                        "of squares itself."),
    (lambda q, p: squared_distances(p, q), "the axes are exchanged: a row belongs to a query, a column to a point."),
    (lambda q, p: _apart(q, p).square().mean(-1), "it is the mean over the features; add the squares up."),
    (lambda q, p: _apart(q, p).abs().sum(-1), "it adds up absolute differences; square them."),
    (lambda q, p: _apart(q, p).sum(-1).square(), "it adds up first and squares afterwards, so differences cancel. "
                                                 "Square each difference, then add up."),
    (lambda q, p: _apart(q, p).sum(-1), "the square is missing."),
    (lambda q, p: _apart(q, p).square().sum(2), "it adds up over the points (axis 2). Sum over the features, the last "
                                                "axis."),
    (lambda q, p: _apart(q, p).square().sum(1), "it adds up over the queries (axis 1). Sum over the features, the last "
                                                "axis."),
    (lambda q, p: _apart(q, p).square().sum(), "it adds up everything to one number. Sum over the features alone: "
                                               ".sum(-1)."),
    (lambda q, p: _apart(q, p).square().sum(-1).mean(-1), "it takes the mean over the points. Each pair has a distance "
                                                          "of its own."),
    (lambda q, p: _apart(q, p).pow(4).sum(-1), "it squares twice: each difference once, and add up."),
    (lambda q, p: squared_distances(q, p).square(), "it squares once too often: the sum of squares is the squared "
                                                    "distance already."),
    (lambda q, p: squared_distances(q, p) / 2, "it is half of the squared distance."),
    (lambda q, p: _apart(q, p).square(), "the squares are not added up: sum over the features, the last axis."),
    (lambda q, p: _apart(q, p).square().amax(-1), "it takes the largest of the squares; add all of them up."),
    (lambda q, p: -squared_distances(q, p), "the sign is turned round: a distance is never negative."),
    (lambda q, p: _apart(q, p).square().sum(0).sum(-1), "it adds up over the tasks, too. Tasks have nothing to do "
                                                        "with one another: sum over the features alone."),
    (lambda q, p: _apart(q, p).square().sum(0), "it adds up over the tasks (the first axis). Sum over the features, "
                                                "the last one."),
    (_expanded(1, -1, 1), "the product counts twice: |q - p|² = |q|² - 2 q·p + |p|²."),
    (_expanded(1, 2, 1), "this is |q + p|². The sign of the product is minus."),
    (_expanded(1, 0, 1), "the product is missing: |q - p|² = |q|² - 2 q·p + |p|²."),
    (_expanded(0, -2, 1), "|q|² is left out. It is the same for all points, but it belongs to the distance: |q - p|² = "
                          "|q|² - 2 q·p + |p|²."),
    (_expanded(1, -2, 0), "|p|² is left out: |q - p|² = |q|² - 2 q·p + |p|². It differs from point to point."),
    (_expanded(1, -2, -1), "|p|² has the wrong sign: |q - p|² = |q|² - 2 q·p + |p|²."),
    (_expanded(-1, 2, -1), "the sign is turned round: a distance is never negative."),
    (lambda q, p: q @ p.transpose(1, 2), "these are the dot products. The distance is |q|² - 2 q·p + |p|²."),
    (lambda q, p: squared_distances(q, p[:1].expand_as(p)), "it uses the points of the first task for all tasks. Each "
                                                            "task has its own."),
    (lambda q, p: squared_distances(q[:1].expand_as(q), p), "it uses the queries of the first task for all tasks. Each "
                                                            "task has its own."),
    (lambda q, p: squared_distances(F.normalize(q, dim=-1), F.normalize(p, dim=-1)),
     "the vectors are brought to length 1 first; leave them as they are."),
    (lambda q, p: 2 - 2 * cosine_similarities(q, p), "the vectors are brought to length 1 first; leave them as they "
                                                     "are."),
    (lambda q, p: (q - p).square().sum(-1), "it compares query 0 with point 0, query 1 with point 1 and so on. All "
                                            "pairs are wanted: an axis for the queries and one for the points."),
    (lambda q, p: squared_distances(q, p).squeeze(), SQUEEZED),
]  # fmt: skip


def judge_distances(call):
    """`squared_distances`: its numbers, no loop over pairs or features, its gradient."""
    compare(call, squared_distances, PAIRS | _MEETING, _DISTANCE_MISTAKES, axes=AXES)
    without_loop(call, _FEW, _MANY)
    without_loop(call, _FEW, _WIDE)
    lets_learn(call, squared_distances, PAIRS | _MEETING, LEARNED)


def _unit(x, axis=-1):
    return F.normalize(x, dim=axis)


def _dots(q, p):
    return q @ p.transpose(1, 2)


def _lengths(q, p, length):
    return length(q).unsqueeze(2), length(p).unsqueeze(1)


def _over(below):
    """Dot products over something made of the two lengths, `[tasks, n, 1]` and `[tasks, 1, m]`."""
    return lambda q, p: _dots(q, p) / below(*_lengths(q, p, partial(torch.linalg.vector_norm, dim=-1)))


_PADDED = ("what is added to the lengths (or the least length that is allowed) is so large that short vectors feel "
           "it. Take something tiny, such as length.clamp(min=1e-12).")  # fmt: skip
_COSINE_MISTAKES = [
    (_dots, "nothing is normalised: this is the dot product, which grows with the lengths. Divide by both."),
    (lambda q, p: _dots(_unit(q), p), "only the queries are normalised: divide by the lengths of the points as well, "
                                      "or long points look similar to everything."),
    (lambda q, p: _dots(q, _unit(p)), "only the points are normalised: divide by the lengths of the queries as well."),
    (lambda q, p: _dots(_unit(q, 1), _unit(p, 1)), "it normalises along the examples. The length of a vector runs over "
                                                   "its features, the last axis: dim=-1."),
    (lambda q, p: _dots(_unit(q, 0), _unit(p, 0)), "it normalises along the tasks. The length of a vector runs over "
                                                   "its features, the last axis: dim=-1."),
    (lambda q, p: 1 - cosine_similarities(q, p), "this is the cosine *distance*, 1 - cosine. The similarity is "
                                                 "wanted: the nearer, the higher."),
    (lambda q, p: -cosine_similarities(q, p), "the sign is turned round: the same direction gives 1."),
    (lambda q, p: cosine_similarities(p, q), "the axes are exchanged: a row belongs to a query, a column to a point."),
    (_over(lambda a, b: (a * b).square()), "it divides by the *squared* lengths: take their roots."),
    (_over(lambda a, b: (a * b).sqrt()), "it divides by the *root* of the product of the lengths: a root too many."),
    (_over(lambda a, b: a + b), "it divides by the sum of the two lengths; divide by their product."),
    (_over(lambda a, b: torch.maximum(a, b).square()), "it divides by the square of the longer length; divide by the "
                                                       "product of the two."),
    (lambda q, p: _dots(q, p) / (q.abs().sum(-1, keepdim=True) * p.abs().sum(-1).unsqueeze(1)),
     "it divides by sums of absolute values. The length is the root of the sum of squares."),
    (lambda q, p: _dots(q, p) / (q.norm() * p.norm()), "it divides by the length of all numbers together. Each vector "
                                                       "has a length of its own: dim=-1."),
    (lambda q, p: _dots(q - q.mean(-1, keepdim=True), p - p.mean(-1, keepdim=True))
     / _dots(*((x - x.mean(-1, keepdim=True)).norm(dim=-1, keepdim=True) for x in (q, p))),
     "the mean of the features is taken off first: this is the correlation. Leave the vectors where they are."),
    (lambda q, p: cosine_similarities(q, p).clamp(min=0), "similarities below 0 are cut off. Opposite directions have "
                                                          "-1."),
    (lambda q, p: cosine_similarities(q, p).abs(), "the sign is lost: opposite directions have -1, not 1."),
    (lambda q, p: cosine_similarities(q, p).clamp(-1, 1).acos(), "this is the angle. Give its cosine."),
    (lambda q, p: (1 + cosine_similarities(q, p)) / 2, "it is scaled to 0 ... 1. The cosine is -1 for opposite "
                                                       "directions."),
    (lambda q, p: cosine_similarities(q, p[:1].expand_as(p)), "it uses the points of the first task for all tasks. "
                                                              "Each task has its own."),
    (lambda q, p: F.cosine_similarity(q.unsqueeze(2), p.unsqueeze(1)),
     "F.cosine_similarity goes along axis 1 unless it is told: dim=-1, over the features."),
    (lambda q, p: torch.rad2deg(cosine_similarities(q, p).clamp(-1, 1).acos()), "this is the angle. Give its cosine."),
    (lambda q, p: cosine_similarities(q, p).square(), "it is the square of the cosine."),
    (lambda q, p: cosine_similarities(q, p).softmax(-1), "a softmax was taken; give the cosines as they are."),
    (lambda q, p: cosine_similarities(q[:1].expand_as(q), p), "it uses the queries of the first task for all tasks. "
                                                              "Each task has its own."),
    (lambda q, p: F.cosine_similarity(q, p, dim=-1), "it compares query 0 with point 0, query 1 with point 1 and so "
                                                     "on. All pairs are wanted."),
    *((_over(partial(padded, eps=10.0**-k)), _PADDED) for last, padded in (
        (4, lambda a, b, eps: (a + eps) * (b + eps)), (5, lambda a, b, eps: a * b + eps),
        (4, lambda a, b, eps: (a.square() + eps).sqrt() * (b.square() + eps).sqrt()),
        (2, lambda a, b, eps: (a * b).clamp(min=eps)), (1, lambda a, b, eps: a.clamp(min=eps) * b.clamp(min=eps)),
    ) for k in range(last + 1)),
    (lambda q, p: cosine_similarities(q, p).squeeze(), SQUEEZED),
]  # fmt: skip

_Q, _P = embeddings(2, 4, 5), embeddings(2, 3, 5)
_NO_Q, _NO_P = _Q.clone(), _P.clone()
_NO_Q[0, 1], _NO_P[1, 2] = 0, 0
_ZEROS = {"a query of zeros": (_NO_Q, _P), "a point of zeros": (_Q, _NO_P),
          "zeros on both sides": (_NO_Q[:1], _NO_P.flip(0)[:1])}  # fmt: skip
_SHORT = {"vectors of length 0.05": tuple(0.05 * F.normalize(draw(2, n, 5), dim=-1) for n in (4, 3))}
_NAN = ("A vector of zeros has length 0, and 0 divided by 0 is NaN; its similarity should be 0. F.normalize knows this "
        "case; or divide by length.clamp(min=1e-12).")  # fmt: skip
_MADE_UP = ("A vector of zeros has no direction, and its similarity to everything should be 0. Is something added to "
            "its numbers, or another vector put in its place?")  # fmt: skip


def judge_cosine(call):
    """`cosine_similarities`: its numbers, zeros on both sides, no loop, its gradient."""
    compare(call, cosine_similarities, PAIRS | _SHORT, _COSINE_MISTAKES, axes=AXES)
    finite(call, cosine_similarities, _ZEROS, _NAN, _MADE_UP)
    without_loop(call, _FEW, _MANY)
    without_loop(call, _FEW, _WIDE)
    lets_learn(call, cosine_similarities, PAIRS | _SHORT, LEARNED)
    lets_learn(call, cosine_similarities, _ZEROS, LEARNED, zeros=True)
