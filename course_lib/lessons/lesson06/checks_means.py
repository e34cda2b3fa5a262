"""What `check` looks at in prototypes, and in the linear classifier that they are, of lesson 06."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import form
from course_lib.learners.prototypical import as_linear, prototypes
from course_lib.lessons.lesson06.checks_gradients import lets_learn
from course_lib.lessons.lesson06.checks_measures import SQUEEZED, draw

_SETS = {  # few: each is a call of the learner's function
    "uneven shots, in mixed order": (draw(2, 6, 4), torch.tensor([[2, 0, 0, 0, 2, 1], [1, 1, 0, 2, 1, 1]])),
    "a single task, one shot, one feature": (draw(1, 5, 1), torch.tensor([[4, 3, 0, 1, 2]])),
}
_LEARNED = {"uneven shots, in mixed order": _SETS["uneven shots, in mixed order"]}


def _members(y) -> Tensor:
    return F.one_hot(y)


def _sums(z, y):
    return _members(y).to(z.dtype).transpose(1, 2) @ z


def _counts(y):
    return _members(y).sum(1).unsqueeze(-1)  # [tasks, way, 1]


def _ways(y):
    return int(y.max()) + 1


def _order_of(z, y, order):
    """Means in another order of the classes; `order(labels)` gives it for a task."""
    return torch.stack([prototypes(z, y)[t, order(labels)] for t, labels in enumerate(y)])


def _each(z, y, of_class):
    return torch.stack([torch.stack([of_class(z[t][y[t] == k]) for k in range(_ways(y))]) for t in range(len(z))])


def _sorted_parts(z, y):
    order = y.argsort(dim=1, stable=True).unsqueeze(-1).expand_as(z)
    return torch.stack([part.mean(1) for part in z.gather(1, order).tensor_split(_ways(y), 1)], 1)


def _over_tasks(z, y):
    return torch.stack([z[y == k].mean(0) for k in range(_ways(y))]).expand(len(z), -1, -1)


def _running(z, y, weight):
    """A mean that is kept up to date one example after the other, in which a new one counts by `weight(its number)`."""

    def of_class(own):
        mean = own[0]
        for i, row in enumerate(own[1:], 2):
            mean = mean + weight(i) * (row - mean)
        return mean

    return _each(z, y, of_class)


_CUT_UP = ("it cuts the support set into equal parts, as if every class had as many examples, class by class. "
           "Classes may have different numbers, in any order: use the labels.")  # fmt: skip
_FIXED = "every sum is divided by the same number, {}. Classes may have different numbers of examples: count them."
_PROTOTYPE_MISTAKES = [
    (_sums, "these are the sums; a prototype is a *mean*: divide by the number of examples of the class."),
    (lambda z, y: _sums(z, y) / z.shape[1], "every sum is divided by the size of the whole support set. Divide each "
                                            "by the number of examples of its own class."),
    (lambda z, y: _sums(z, y) / (z.shape[1] / _ways(y)), _FIXED.format("n / way")),
    (lambda z, y: _sums(z, y) / _ways(y), _FIXED.format("the number of classes")),
    (lambda z, y: _sums(z, y) / (_counts(y) + 1), "each sum is divided by one more than the number of examples. Is "
                                                  "something counted that is no example, such as the zeros to start "
                                                  "with?"),
    (lambda z, y: _sums(z, y) / _counts(y[:1]), "every task is divided by the numbers of examples of the first task."),
    (lambda z, y: z.mean(1, keepdim=True).expand(-1, _ways(y), -1), "this is the mean over *all* support examples, the "
                                                                    "same for every class. Use the labels."),
    (lambda z, y: z.mean(1), "this is the mean over *all* support examples. There is one prototype for each class: use "
                             "the labels."),
    (lambda z, y: z.mean(-1), "it is the mean over the features (the last axis). Take the mean over the examples of a "
                              "class and keep the features."),
    (lambda z, y: prototypes(z, y).mean(0, keepdim=True).expand(len(z), -1, -1),
     "the tasks are mixed: each task has prototypes of its own."),
    (_over_tasks, "the mean of a class is taken over the examples of all tasks together. Label 0 is another class in "
                  "each task: each has prototypes of its own."),
    (lambda z, y: _over_tasks(z, y)[0], "the mean of a class is taken over the examples of all tasks together. Label 0 "
                                        "is another class in each task: each has prototypes of its own."),
    (lambda z, y: prototypes(z, y[:1].expand_as(y), _ways(y)), "it reads the labels of the first task for every task."),
    (lambda z, y: prototypes(z, y)[0], "it returns the prototypes of the first task alone."),
    (lambda z, y: _order_of(z, y, lambda labels: list(dict.fromkeys(labels.tolist()))),
     "the rows stand in the order in which classes turn up in the support set. Row k must belong to label k."),
    (lambda z, y: prototypes(z, y).flip(1), "the rows stand in the opposite order. Row k must belong to label k."),
    (lambda z, y: F.normalize(prototypes(z, y), dim=-1), "the means were scaled to length 1; leave them as they are."),
    (lambda z, y: prototypes(F.normalize(z, dim=-1), y), "the embeddings were scaled to length 1 first; leave them as "
                                                         "they are."),
    (lambda z, y: _each(z, y, lambda own: own.median(0).values), "these are medians; take means."),
    (lambda z, y: _each(z, y, lambda own: own.amax(0)), "these are the largest values of a class; take means."),
    (lambda z, y: _each(z, y, lambda own: own[0]), "it takes the first example of each class. A prototype is the mean "
                                                   "of all of them."),
    (lambda z, y: _each(z, y, lambda own: own[-1]), "it keeps the last example of each class. A prototype is the mean "
                                                    "of all of them."),
    (lambda z, y: _each(z, y, lambda own: own.mean()), "each prototype is one number: the mean over the features as "
                                                       "well. Keep the features: .mean(0) of a class's examples."),
    *((lambda z, y, w=w: _running(z, y, lambda i: w), "a running mean gives each new example the same share, so later "
       "examples weigh more. All examples of a class weigh the same: the sum, divided by their number.")
      for w in (0.5, 0.1, 0.9)),
    (lambda z, y: _running(z, y, lambda i: 1 / (i + 1)), "a running mean gives each new example too small a share: the "
                                                         "i-th of them (from 1) has 1 / i."),
    (lambda z, y: _running(z, y, lambda i: 1 / (i - 1)), "a running mean gives each new example too large a share: the "
                                                         "i-th of them (from 1) has 1 / i."),
    (_sorted_parts, "it sorts by label and then cuts into equal parts. Classes may have different numbers of examples: "
                    "count them."),
    (lambda z, y: z.view(len(z), _ways(y), -1, z.shape[-1]).mean(2), _CUT_UP),
    (lambda z, y: z.view(len(z), -1, _ways(y), z.shape[-1]).mean(1), _CUT_UP),
    (lambda z, y: torch.Size([len(z), 5, z.shape[-1]]), "it makes five rows whatever the task is. The way is in the "
                                                        "labels: the largest of them plus 1."),
    (lambda z, y: prototypes(z, y).transpose(1, 2), "the axes are exchanged: [tasks, way, features]."),
    (lambda z, y: torch.Size([len(z), z.shape[1], z.shape[-1]]), "it returns a row for each *example*; one for each "
                                                                 "class is wanted, in the order of the labels."),
    (lambda z, y: prototypes(z, y)[:, :-1], "the last class is missing: labels run from 0 to way - 1, so way is the "
                                            "largest label *plus* 1."),
    (lambda z, y: prototypes(z, y)[:, 1:], "class 0 is missing: labels run from 0 to way - 1."),
    (lambda z, y: prototypes(z, y).flatten(0, 1), "the tasks stand one after the other in one axis. Keep them apart: "
                                                  "[tasks, way, features]."),
    (lambda z, y: prototypes(z, y) / _ways(y), "the means are divided by the number of classes as well."),
    (lambda z, y: prototypes(z, y) - z.mean(1, keepdim=True), "the mean of all examples is taken off; leave it in."),
    (lambda z, y: prototypes(z, y).squeeze(), SQUEEZED),
]  # fmt: skip


def judge_prototypes(call):
    """`prototypes`: uneven classes, mixed order, other labels in each task; and its gradient."""
    compare(call, prototypes, _SETS, _PROTOTYPE_MISTAKES, axes=("task", "class", "feature"))
    lets_learn(call, prototypes, _LEARNED, {0: "the embeddings"})


_CENTRES = {
    "five classes": (0.6 * draw(2, 5, 4), 0.6 * draw(2, 6, 4)),
    "three classes away from 0": (0.5 * draw(1, 3, 2) + 1, 0.5 * draw(1, 6, 2)),
    "two classes and one feature": (draw(2, 2, 1), draw(2, 4, 1)),
}


def _length(c):
    return c.square().sum(-1)


_LINEAR_MISTAKES = [
    (lambda c: (2 * c, _length(c)), "the bias has the wrong sign: a prototype far from 0 would win everywhere."),
    (lambda c: (c, -_length(c)), "the weights are half as large as they should be beside the biases: multiply "
                                 "(q - c)² out, and mind the factor of the product."),
    (lambda c: (c, -_length(c) / 2), "the nearest class gets the highest score, but the scores differ by half as much "
                                     "as minus the squared distances do, so the softmax is another one."),
    (lambda c: (-2 * c, _length(c)), "the sign is turned round: the nearest prototype must get the highest score."),
    (lambda c: (-c, _length(c)), "the sign is turned round, and a factor of 2 is missing in the weights."),
    (lambda c: (-2 * c, -_length(c)), "the weights have the wrong sign: in *minus* the squared distance, what q and c "
                                      "have in common counts for c."),
    (lambda c: (2 * c, -_length(c).sqrt()), "the bias is minus the length; take the *squared* length."),
    (lambda c: (2 * c, _length(c).sqrt()), "the bias is the length; take *minus* the *squared* length."),
    (lambda c: (2 * c, torch.zeros_like(_length(c))), "the bias is missing, or the same for all classes. The "
                                                      "squared lengths of the prototypes differ from class to class, "
                                                      "so softmax feels them."),
    (lambda c: (c, torch.zeros_like(_length(c))), "the bias is missing, and a factor of 2 in the weights. The squared "
                                                  "lengths of the prototypes differ from class to class."),
    (lambda c: (2 * c, -c.square().mean(-1)), "the bias is a mean over the features; it is a sum."),
    (lambda c: (2 * c, -c.sum(-1)), "the bias adds up the numbers themselves; square them first."),
    (lambda c: (2 * c, -_length(c) / 2), "the biases are half as large as they should be."),
    (lambda c: (2 * c, -2 * _length(c)), "the biases are twice as large as they should be."),
    (lambda c: (2 * c, -4 * _length(c)), "the biases are four times as large as they should be: are they made from the "
                                         "weights? Make them from the prototypes."),
    (lambda c: (4 * c, -2 * _length(c)), "the scores differ by twice as much as minus the squared distances do, so the "
                                         "softmax is another one."),
    *((lambda c, of=of: (2 * (c - of(c)), -_length(c - of(c))),
       "the prototypes are moved first (their mean or one of them is taken off), and the queries are not: distances "
       "are others then. Leave them where they are, or move the biases along.")
      for of in (lambda c: c.mean(1, keepdim=True), lambda c: c[:, :1], lambda c: c[:, -1:])),
    (lambda c: (2 * F.normalize(c, dim=-1), -_length(c)), "the prototypes were scaled to length 1; leave them as they "
                                                          "are."),
    (lambda c: (2 * F.normalize(c, dim=-1), torch.zeros_like(_length(c))), "the prototypes were scaled to length 1; "
                                                                           "leave them as they are."),
]  # fmt: skip


def _answers(function, strict=False):
    """What the linear classifier of a function answers: prototypes and queries to probabilities."""

    def probabilities(centres, queries):
        found = function(centres)
        if strict:
            _parts(found, centres)
        weights, biases = found
        return (queries @ weights.transpose(1, 2) + biases.unsqueeze(1)).softmax(-1)

    return probabilities


def _parts(found, centres):
    """Refuse what is not two tensors of the right shapes."""
    if not isinstance(found, tuple | list) or len(found) != 2 or not all(isinstance(part, Tensor) for part in found):
        raise Problem(f"it should return two tensors, the weights and the biases, but it returned {form(found)}.")
    shapes = [list(part.shape) for part in found]
    right = [list(centres.shape), list(centres.shape[:2])]
    if shapes == right:
        return
    if shapes == right[::-1]:
        raise Problem("the two are in the wrong order: weights first, then biases.")
    if shapes[0] != shapes[0][:1] + right[0][1:] and shapes[0] == [right[0][i] for i in (0, 2, 1)]:
        raise Problem("the weights are [tasks, features, way]; give them as [tasks, way, features].")
    if shapes == [[part[0], part[1] - 1, *part[2:]] for part in right]:
        raise Problem(f"a class is missing: there are {right[0][1]} classes, but weights and biases for "
                      f"{right[0][1] - 1}. A class to which others are compared has a row, too, of zeros.")  # fmt: skip
    for name, shape, want, axes in zip(("weights", "biases"), shapes, right, ("[tasks, way, features]", "[tasks, way]"),
                                       strict=True):  # fmt: skip
        if shape == [*want, 1]:
            raise Problem(f"the {name} have one axis too many, of size 1 (keepdim=True or unsqueeze made it): {axes}.")
        if shape != want:
            raise Problem(f"the {name} should be {axes}, here {want}, but they are {shape}.")


def judge_linear(call):
    """`as_linear`: the probabilities of its classifier; what is added to all classes alike is nobody's business."""
    try:
        compare(_answers(call, strict=True), _answers(as_linear), _CENTRES, [(_answers(f), text) for f, text in
                _LINEAR_MISTAKES], axes=("task", "query", "class"))  # fmt: skip
    except Problem as problem:
        if not str(problem).startswith("the numbers differ"):
            raise
        raise Problem(f"its probabilities are not those of minus the squared distances. With your weights and biases, "
                      f"{problem}") from None  # fmt: skip
