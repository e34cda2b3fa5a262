"""What `check` looks at in `attention` of lesson 06, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from course_lib.exercises.engine import compare
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.matching import attention
from course_lib.lessons.lesson06.checks_gradients import finite, lets_learn
from course_lib.lessons.lesson06.checks_measures import SQUEEZED, draw, embeddings

_PAIRS = ((draw(2, 7, 3), draw(2, 5, 3)), (embeddings(3, 4, 6), embeddings(3, 4, 6)))
_CASES = {
    f'"{name}", temperature {t}': (*pair, name, t)
    for pair in _PAIRS for name, t in (("cosine", 1.0), ("cosine", 0.1), ("euclidean", 2.0), ("euclidean", 0.5))
} | {
    "a temperature that is a tensor": (*_PAIRS[0], "cosine", torch.tensor(0.3)),
    "a single task, with one query": (draw(1, 1, 4), draw(1, 3, 4), "euclidean", 1.5),
    "a single support example": (draw(2, 3, 4), draw(2, 1, 4), "cosine", 0.5),
}  # fmt: skip


def _near(q, p, name):
    return cosine_similarities(q, p) if name == "cosine" else -squared_distances(q, p)


def _apart(q, p):
    return q.unsqueeze(2) - p.unsqueeze(1)


def _shared(scores):
    """The softmax of other scores."""
    return lambda q, p, d, t: scores(q, p, d, t).softmax(-1)


def _by(cosine, euclidean):
    """The softmax of scores that are one thing for cosines and another for squared distances."""
    return _shared(lambda q, p, d, t: (cosine if d == "cosine" else euclidean)(q, p, t))


def _cos(q, p, t):
    return cosine_similarities(q, p) / t


def _minus(q, p, t):
    return -squared_distances(q, p) / t


_SIGN = "the farthest example gets the largest weight: the sign is turned round for both kinds of nearness."
_OVERS = "so the numbers of a query do not add up to 1. Divide the nearness first."
_MISTAKES = [
    (lambda q, p, d, t: (_near(q, p, d) / t).softmax(1), "softmax runs over the queries. Each *query* shares out a "
                                                         "total of 1 among the support examples: the last axis."),
    (lambda q, p, d, t: (_near(q, p, d) / t).softmax(0), "softmax runs over the tasks; it runs over the support "
                                                         "examples, the last axis."),
    (lambda q, p, d, t: (_near(q, p, d) / t).flatten(1).softmax(-1).view(len(q), q.shape[1], -1),
     "all queries of a task share out one total. Each query has 1 of its own."),
    (_shared(lambda q, p, d, t: _near(q, p, d)), "the temperature is not used."),
    (_shared(lambda q, p, d, t: _near(q, p, d) * t), "it multiplies by the temperature; divide: a low temperature "
                                                     "makes differences larger."),
    (_shared(lambda q, p, d, t: _near(q, p, d) / t**2), "it divides by the square of the temperature."),
    (_shared(lambda q, p, d, t: _near(q, p, d) / t**0.5), "it divides by the root of the temperature."),
    (lambda q, p, d, t: _near(q, p, d).softmax(-1) / t, f"it divides after the softmax, {_OVERS}"),
    (lambda q, p, d, t: _near(q, p, d).softmax(-1) * t, "it multiplies by the temperature after the softmax. Divide "
                                                        "the nearness by it first."),
    (lambda q, p, d, t: _near(q, p, d) / t, "the softmax is missing."),
    (lambda q, p, d, t: (_near(q, p, d) / t).exp(), "these are the powers of e; divide them by their sum, or take the "
                                                    "softmax."),
    (lambda q, p, d, t: (_near(q, p, d) / t).log_softmax(-1), "this is the logarithm of the weights: softmax, not "
                                                              "log_softmax."),
    (lambda q, p, d, t: (_near(q, p, d) / t).sigmoid(), "a sigmoid judges each example alone. The weights of a query "
                                                        "share out 1: softmax."),
    (_by(_cos, lambda q, p, t: squared_distances(q, p) / t),
     "with \"euclidean\" the *farthest* example gets the largest weight: softmax of a positive distance. Near must "
     "mean a high score: put a minus before the distance."),
    (_by(lambda q, p, t: -_cos(q, p, t), _minus),
     "with \"cosine\" the farthest example gets the largest weight. A cosine is high for what is near already: no "
     "minus, and no 1 - cosine, which is a distance."),
    (_shared(lambda q, p, d, t: -_near(q, p, d) / t), _SIGN),
    (_shared(lambda q, p, d, t: _cos(q, p, t)), "`distance` is not used: \"euclidean\" must give another answer than "
                                                "\"cosine\"."),
    (_shared(lambda q, p, d, t: _minus(q, p, t)), "`distance` is not used: \"cosine\" must give another answer than "
                                                  "\"euclidean\"."),
    (lambda q, p, d, t: _by(_minus, _cos)(q, p, d, t), "the two kinds of nearness are exchanged: \"euclidean\" is for "
                                                       "minus the squared distance."),
    (_by(lambda q, p, t: cosine_similarities(q, p), _minus),
     "the temperature divides the squared distance alone; divide the cosine by it as well. (A conditional expression "
     "takes in all that stands beside it: use brackets.)"),
    (_by(_cos, lambda q, p, t: -squared_distances(q, p)),
     "the temperature divides the cosine alone; divide the squared distance by it as well. (A conditional expression "
     "takes in all that stands beside it: use brackets.)"),
    (_by(_cos, lambda q, p, t: -squared_distances(q, p).clamp(min=0).sqrt() / t),
     "with \"euclidean\" a root was taken of the squared distance; leave it squared."),
    (_by(lambda q, p, t: q @ p.transpose(1, 2) / t, _minus),
     "with \"cosine\" a dot product stands where the cosine should: use cosine_similarities."),
    (_by(lambda q, p, t: F.normalize(q, dim=-1) @ p.transpose(1, 2) / t, _minus),
     "with \"cosine\" only the queries are divided by their length: use cosine_similarities."),
    (_by(lambda q, p, t: q @ F.normalize(p, dim=-1).transpose(1, 2) / t, _minus),
     "with \"cosine\" only the points are divided by their length: use cosine_similarities."),
    *((lambda q, p, d, t, e=e: (_cos(q, p, t).softmax(-1) if d == "cosine" else
                                F.normalize(1 / (squared_distances(q, p) / t + e), p=1, dim=-1)),
       "with \"euclidean\" the weights go with 1 over the distance. What is meant is the softmax of minus the squared "
       "distance.") for e in (0, 1e-8, 1e-6, 1e-4, 1e-2, 1)),
    (lambda q, p, d, t: F.normalize(_near(q, p, d) / t, p=1, dim=-1),
     "each nearness is divided by the sum of them (or of their sizes). Take the softmax: it can deal with any sign."),
    (lambda q, p, d, t: _near(q, p, d) / _near(q, p, d).sum(-1, keepdim=True),
     "each nearness is divided by the sum of them. Take the softmax: it can deal with any sign."),
    (lambda q, p, d, t: F.one_hot(_near(q, p, d).argmax(-1), p.shape[1]).to(q.dtype),
     "the nearest example gets all. Each gets a share: the softmax."),
    (lambda q, p, d, t: attention(q, p, d, t) @ p, "these are means of the examples. Return the weights alone."),
    (_by(_cos, lambda q, p, t: -squared_distances(q, p) / t**2),
     "with \"euclidean\" the distance is divided by the temperature before it is squared; divide the squared one."),
    (_by(_cos, lambda q, p, t: -_apart(q, p).abs().sum(-1) / t),
     "with \"euclidean\" absolute differences are added up: use squared_distances."),
    (_by(_cos, lambda q, p, t: -squared_distances(q, p) / t / q.shape[-1]),
     "with \"euclidean\" it is the mean over the features; add the squares up, as squared_distances does."),
    (lambda q, p, d, t: attention(q, p, d, t).transpose(1, 2), "the axes are exchanged: a row belongs to a query, a "
                                                               "column to a support example."),
    (lambda q, p, d, t: attention(p, q, d, t), "queries and support examples are exchanged: each *query* shares out 1 "
                                               "among the examples."),
    (lambda q, p, d, t: attention(q, p[:1].expand_as(p), d, t), "it uses the support set of the first task for all "
                                                                "tasks. Each task has its own."),
    (lambda q, p, d, t: attention(q, p, d, t).squeeze(), SQUEEZED),
]  # fmt: skip

_FAR = (20 * draw(2, 3, 4), 20 * draw(2, 5, 4))
_LARGE = {
    "a temperature of 0.01": (*_PAIRS[1], "cosine", 0.01),
    "squared distances in the hundreds": (*_FAR, "euclidean", 1.0),
}
_SHIFT = ("A power of e gets too large for a float (or all of them become 0) before it is divided by the sum. "
          ".softmax(-1) is safe; by hand, take the largest nearness of each query off first.")  # fmt: skip
_NO_Q, _NO_P = _PAIRS[1][0].clone(), _PAIRS[1][1].clone()
_NO_Q[0, 1], _NO_P[1, 2] = 0, 0
_ZEROS = {
    "a query of zeros": (_NO_Q, _PAIRS[1][1], "cosine", 0.5),
    "a point of zeros": (_PAIRS[1][0], _NO_P, "cosine", 0.5),
}
_LENGTH = "The cosine with a vector of zeros is 0, as in exercise 5: use cosine_similarities."
_LEARNED = {
    f'"{name}"': (*pair, name, torch.tensor(t)) for pair in _PAIRS for name, t in (("cosine", 0.4), ("euclidean", 2.0))
}


def judge_attention(call):
    """`attention`: its weights, low temperatures and large distances, zeros, its gradient in all that is learned."""
    compare(call, attention, _CASES, _MISTAKES, axes=("task", "query", "example"))
    finite(call, attention, _LARGE, _SHIFT)
    finite(call, attention, _ZEROS, _LENGTH)
    lets_learn(call, attention, _LEARNED, {0: "the queries", 1: "the points", 3: "the temperature"})
    lets_learn(call, attention, _ZEROS, {0: "the queries", 1: "the points"}, zeros=True)
