"""What `check` looks at in `nearest_neighbour` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.learners import nearest_neighbour, squared_distances

_G = torch.Generator().manual_seed(2)


def _randn(*shape: int) -> Tensor:
    return 0.2 * torch.randn(*shape, generator=_G)


def _labels(tasks: int, way: int, shot: int) -> Tensor:
    """`[tasks, way * shot]`: the labels of each task in an order of its own."""
    rows = [torch.randperm(way * shot, generator=_G) % way for _ in range(tasks)]
    return torch.stack(rows)


_TIES = torch.randint(9, (2, 11, 6), generator=_G) / 32  # exact in float32, so that the same images are equally near

# Numbers are small, so that all distances are below 1 before the last case. Sizes that are the same let mistakes with
# axes run through, so that they get their own hint; others tell them apart.
_CASES = {
    "75 queries and five support images of 28 x 28 pixels": (
        0.08 * torch.rand(5, 75, 784, generator=_G), 0.08 * torch.rand(5, 5, 784, generator=_G), _labels(5, 5, 1)),
    "five tasks of five queries and five support examples, with three features": (
        _randn(5, 5, 3), _randn(5, 5, 3), _labels(5, 5, 1)),
    "one shot, and labels in mixed order": (_randn(2, 7, 3), _randn(2, 5, 3), _labels(2, 5, 1)),
    "two shots, and labels in mixed order": (_randn(3, 4, 6), _randn(3, 6, 6), _labels(3, 3, 2)),
    "a single task": (_randn(1, 6, 4), _randn(1, 4, 4), _labels(1, 4, 1)),
    "five shots, 25 support examples": (_randn(2, 9, 6), _randn(2, 25, 6), _labels(2, 5, 5)),
    "20 classes": (_randn(2, 8, 10), _randn(2, 20, 10), _labels(2, 20, 1)),
    "two images of a class that are the same, so that two are nearest": (_TIES[:, :7], _TIES[:, [7, 8, 9, 8, 10, 9]],
                                                                         torch.tensor([[0, 2, 3, 2, 1, 3]] * 2)),
}  # fmt: skip
_FAR = {
    "vectors that lie far apart": (1000 * _randn(2, 5, 784), 1000 * _randn(2, 4, 784), torch.tensor([[2, 0, 3, 1]] * 2))
}


def _scores(score):
    """The label of the support example with the largest `score(differences)` `[tasks, n_query, n_support]`."""
    return lambda q, p, y: y.gather(1, score(q.unsqueeze(2) - p.unsqueeze(1)).argmax(-1))


def _near(q, p, k):
    """The places of the `k` nearest: `[tasks, n_query, k]`."""
    return squared_distances(q, p).topk(k, largest=False).indices


def _labels_of(y, places):
    return y.unsqueeze(1).expand(-1, places.shape[1], -1).gather(2, places)


def _voted(q, p, y, k):
    return _labels_of(y, _near(q, p, k)).mode(-1).values


def _hot(y):
    return F.one_hot(y, int(y.max()) + 1).float()


def _class_means(q, p, y):
    hot = _hot(y)
    return squared_distances(q, hot.mT @ p / hot.sum(1).clamp(min=1).unsqueeze(-1))


def _softmax_mean(q, p, y, root=False):
    distance = squared_distances(q, p).clamp(min=0)
    return ((-(distance.sqrt() if root else distance)).softmax(-1) @ y.float().unsqueeze(-1)).squeeze(-1)


def _taken(q, p, y, step):
    """Flattened labels, in which each task begins `step` after the one before."""
    return y.flatten()[squared_distances(q, p).argmin(-1) + step * torch.arange(len(q)).unsqueeze(1)]


def _clamped(q, p, y):
    return y.gather(1, squared_distances(q, p).argmin(1).clamp(max=y.shape[1] - 1))


def _first_queries(q, p, y, most):
    found = nearest_neighbour(q, p, y)
    found[:, most:] = 0
    return found


def _size(*axes: str):
    """The shape of a result that has these axes, whatever its numbers."""

    def shape(q, p, y):
        sizes = {"task": len(q), "query": q.shape[1], "support": p.shape[1], "feature": q.shape[2], "1": 1}
        return torch.Size([sizes[axis] for axis in axes])

    return shape


_MEAN_OF_LABELS = ("it takes a mean of labels. Labels are names, not amounts: between class 0 and class 4 there is no "
                   "class 2. Return the label of the *one* nearest example.")  # fmt: skip
_QUERY_FOR_SUPPORT = ("it finds the nearest *query* for each support example: look for the smallest value along the "
                      "last axis, that of the support examples.")  # fmt: skip
_OTHER_TASK = ("it reads labels of another task: with labels flattened, those of task t begin at t * n_support. "
               "labels.gather(1, positions) keeps tasks apart.")  # fmt: skip

_MISTAKES = [
    (lambda q, p, y: squared_distances(q, p).argmin(-1),
     "it returns the *position* of the nearest support example; return the label that stands at that position."),
    (lambda q, p, y: y.gather(1, squared_distances(q, p).argmax(-1)),
     "it picks the support example that is *farthest* away: the nearest has the smallest distance."),
    (lambda q, p, y: y[0][squared_distances(q, p).argmin(-1)],
     "it reads the labels of the first task for every task. labels.gather(1, positions) reads each task's own."),
    (lambda q, p, y: y[-1][squared_distances(q, p).argmin(-1)],
     "it reads the labels of the last task for every task. labels.gather(1, positions) reads each task's own."),
    (lambda q, p, y: y[squared_distances(q, p).argmin(-1)],
     "labels[positions] takes the positions for numbers of *tasks*, which makes an axis too many or an IndexError. "
     "labels.gather(1, positions) reads each task's own labels."),
    (lambda q, p, y: y.gather(0, squared_distances(q, p).argmin(-1)),
     "gather(0, ...) takes the positions for numbers of *tasks*. Axis 1 counts the support examples: gather(1, ...)."),
    (lambda q, p, y: squared_distances(q, p).min(-1),
     "min(-1) gives two things, the smallest distances and where they stand. Take the second, .indices, and then the "
     "label that stands there."),
    (lambda q, p, y: y.flatten()[torch.cdist(q.flatten(0, 1), p.flatten(0, 1)).argmin(-1)].view(q.shape[:2]),
     "it looks for the nearest example in the support sets of *all* tasks. Each task has its own."),
    *((lambda q, p, y, part=part: y[:, part].expand(q.shape[:2]),
       f"every query gets the label of the {word} support example. In a loop: is the smallest distance so far kept?")
      for part, word in ((slice(-1, None), "last"), (slice(1), "first"))),
    (lambda q, p, y: y.mode(-1, keepdim=True).values.expand(q.shape[:2]),
     "every query gets the most frequent label of its task; take that of the *nearest* support example."),
    (lambda q, p, y: nearest_neighbour(q, p[:, 1:], y[:, 1:]), "it leaves out the first support example."),
    (lambda q, p, y: nearest_neighbour(q, p[:, :-1], y), "it leaves out the last support example."),
    *((lambda q, p, y, most=most: _first_queries(q, p, y, most(q, p)),
       f"only {words} get an answer, the others are left at 0: the loop goes over all queries.")
      for most, words in ((lambda q, p: 1, "the first queries"), (lambda q, p: p.shape[1], "as many queries as there "
      "are support examples"), (lambda q, p: len(q), "as many queries as there are tasks"))),
    (lambda q, p, y: nearest_neighbour(q[..., :1], p[..., :1], y),
     "it compares the first feature only; the squared distance adds up all of them."),
    *((lambda q, p, y, axis=axis: y.gather(1, (q.unsqueeze(2) - p.unsqueeze(1)).square().sum(axis).argmin(-1)),
       f"it adds up the squares over the {words} (axis {axis}); add them up over the features, the last axis.")
      for axis, words in ((1, "queries"), (2, "support examples"))),
    (lambda q, p, y: squared_distances(q, p).argmin(1), _QUERY_FOR_SUPPORT),
    (_clamped, _QUERY_FOR_SUPPORT),
    (lambda q, p, y: y.gather(1, squared_distances(q, p).argmin(1) % y.shape[1]), _QUERY_FOR_SUPPORT),
    (lambda q, p, y: y.gather(1, (q @ p.mT).argmax(-1)),
     "it takes the largest dot product. That favours long vectors; use the distance between query and example."),
    (lambda q, p, y: y.gather(1, (q @ p.mT).argmin(-1)),
     "it takes the smallest dot product, which is no distance; use the distance between query and example."),
    (lambda q, p, y: y.gather(1, F.cosine_similarity(q.unsqueeze(2), p.unsqueeze(1), dim=-1).argmax(-1)),
     "it compares directions (cosine) and forgets how long vectors are; use the squared distance."),
    (_scores(lambda d: -d.abs().sum(-1)),
     "it adds up *absolute* differences; the squared distance adds up their squares, and another may be nearest."),
    (_scores(lambda d: -d.abs().amax(-1)), "it looks at the largest difference only; add up the squares of all."),
    (_scores(lambda d: -d.sum(-1)), "it adds up differences that are not squared, so that they cancel. Square each."),
    (_scores(lambda d: d.sum(-1)), "it adds up differences that are not squared, so that they cancel. Square each."),
    (_scores(lambda d: -d.sum(-1).abs()),
     "it adds up the differences before it squares them, so that they cancel. Square each one first."),
    (lambda q, p, y: squared_distances(q, p).amin(-1),
     "it returns the smallest distance; return the label of the example that has it."),
    (lambda q, p, y: squared_distances(q, p).amin(-1).clamp(min=0).sqrt(),
     "it returns the smallest distance; return the label of the example that has it."),
    (lambda q, p, y: squared_distances(q, p).argmin(-1) // (y.shape[1] // (int(y.max()) + 1)),
     "it takes for granted that the support set is sorted by class, with the same number of each. Read the label: "
     "labels.gather(1, positions)."),
    (lambda q, p, y: squared_distances(q, p).argmin(-1) % (int(y.max()) + 1),
     "it takes for granted that labels run 0, 1, 2, ... through the support set. Read the label: "
     "labels.gather(1, positions)."),
    (lambda q, p, y: _class_means(q, p, y).argmin(-1),
     "it looks for the nearest class *mean*; here each query gets the label of the nearest single example."),
    (lambda q, p, y: (squared_distances(q, p) @ _hot(y) / _hot(y).sum(1, keepdim=True)).argmin(-1),
     "it takes the class that is nearest *on average*; take the label of the nearest single example."),
    *((lambda q, p, y, k=k: _voted(q, p, y, min(k, y.shape[1])),
       f"it lets the {k} nearest examples vote; the nearest *one* decides.") for k in (2, 3, 4, 5, 7)),
    *((lambda q, p, y, k=k: _labels_of(y, _near(q, p, k))[..., -1],
       f"it takes the label of the example that comes {k} in order of distance; the nearest comes first.")
      for k in (2, 3)),
    *((lambda q, p, y, k=k: nearest_neighbour(q, p[:, :k], y),
       f"it looks at the first {k} support examples only; there may be more. Compare with all.")
      for k in (1, 2, 3, 4, 5, 10, 15, 20)),
    (lambda q, p, y: ((squared_distances(q, p) == squared_distances(q, p).amin(-1, keepdim=True)).long()
                      * y.unsqueeze(1)).sum(-1),
     "where two support examples are equally near it adds up their labels. Take one of them: argmin names one place."),
    (lambda q, p, y: _softmax_mean(q, p, y).round().long(), _MEAN_OF_LABELS),
    (_softmax_mean, _MEAN_OF_LABELS),
    (lambda q, p, y: _softmax_mean(q, p, y).long(), _MEAN_OF_LABELS),
    (lambda q, p, y: _softmax_mean(q, p, y, True).round().long(), _MEAN_OF_LABELS),
    (lambda q, p, y: ((-squared_distances(q, p)).softmax(-1) @ _hot(y)).argmax(-1),
     "it adds up weights of all examples of a class. The nearest *one* decides, however many others there are."),
    (lambda q, p, y: _taken(q, p, y, q.shape[1]), _OTHER_TASK),
    (lambda q, p, y: _taken(q, p, y, 0),
     "it reads the labels of the first task for every task. labels.gather(1, positions) reads each task's own."),
    (lambda q, p, y: nearest_neighbour(q, p, y) + 1, "every label is 1 too large: labels count from 0."),
    (lambda q, p, y: F.one_hot(nearest_neighbour(q, p, y), int(y.max()) + 1),
     "it returns a row of 0 and 1 for each query (one-hot); return the label itself."),
    (lambda q, p, y: y.gather(1, (q - p).square().sum(-1).argmin(-1, keepdim=True)),
     "query i meets support example i only, since an axis is missing: compare every query with every example, "
     "queries.unsqueeze(2) - points.unsqueeze(1)."),
    (_size("1", "query"), "it answers for one task only. Is a `return` inside the loop over tasks?"),
    (_size("query"), "it answers for one task only: return one row of labels for each task."),
    (_size("task", "support"),
     "it gives one answer for each *support* example; give one for each query. Look for the smallest along the last "
     "axis of [tasks, n_query, n_support]."),
    (_size("task", "query", "support"),
     "it gives a number for each pair of a query and a support example; give one label for each query: the smallest "
     "along the last axis decides."),
    (_size("task"), "it gives one answer for each task; give one for each *query* of each task."),
    (_size("task", "query", "feature"), "it returns vectors, one for each query; return labels."),
]  # fmt: skip


def judge_neighbour(call):
    """`nearest_neighbour`; large distances come last, where all else is right."""
    compare(call, nearest_neighbour, _CASES, _MISTAKES, axes=("task", "query"))
    try:
        compare(call, nearest_neighbour, _FAR, axes=("task", "query"))
    except Problem as problem:
        raise Problem(f"{problem}\n  Where distances are small it is right. A search that starts with a number, such "
                      "as best = 100, misses all that is farther away: start with math.inf.") from None  # fmt: skip
