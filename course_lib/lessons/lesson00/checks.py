"""The exercises of lesson 00: what the sketchpad does between your drawing and its answer."""

from __future__ import annotations

import torch

from course_lib.exercises.engine import Exercise, compare
from course_lib.lessons.lesson00.drawing import SIDE, centre
from course_lib.lessons.lesson00.sketch import nearest, probabilities

_DISTANCES = {
    "two queries and three classes": (torch.tensor([[4.0, 1.0, 9.0], [0.5, 2.0, 3.0]]),),
    "one query and five classes": (torch.tensor([[7.0, 3.0, 3.5, 8.0, 2.0]]),),
    "six queries and four classes": (torch.rand(6, 4, generator=torch.Generator().manual_seed(0)) * 20,),
    "distances around 2000": (torch.tensor([[2000.0, 2001.0], [5.0, 3000.0]]),),
}

_NEAREST_MISTAKES = [
    (lambda d: d.argmax(-1), "it picks the class at the *largest* distance; the nearest has the smallest."),
    (lambda d: d.amin(-1), "it returns the smallest distance itself; return *which* class has it: its position."),
    (lambda d: d.argmin(0), "it compares queries with one another: look for the smallest value *in each row*, "
                            "along the last axis."),
    (lambda d: d.argmin(), "it gives one number for all queries together; each row needs its own answer."),
    (lambda d: d.argmin(-1) + 1, "it counts classes from 1. Positions count from 0, as always in Python."),
    (lambda d: tuple(d.min(-1)), "min(-1) gives two things, the values and their positions. Return the positions: "
                                 ".indices, or argmin."),
]  # fmt: skip

_PROBABILITIES_MISTAKES = [
    (lambda d: d.softmax(-1), "the far classes get the high probabilities; mind the sign: small distances count most."),
    (lambda d: (-d).softmax(0), "each *column* sums to 1. Classes compete for each query: sum along the last axis."),
    (lambda d: d / d.sum(-1, keepdim=True),
     "dividing by the sum is right, but the exponential of the *negative* distances is missing before it."),
    (lambda d: (1 / d) / (1 / d).sum(-1, keepdim=True),
     "1 / distance does favour what is near, but the softmax uses the exponential of the negative distance."),
    (lambda d: (-d).exp(), "the rows do not sum to 1: divide each by its sum."),
    (lambda d: (-d).exp() / (-d).exp().sum(), "the whole table sums to 1, but each row should."),
    (lambda d: (-d.sqrt()).softmax(-1), "the distances are squared already, and the softmax takes them so: no root."),
    (lambda d: (-d).log_softmax(-1), "these are logarithms of the probabilities."),
    (lambda d: (-d).exp() / (-d).exp().sum(-1, keepdim=True),
     "for small distances it is right, but at distances around 2000 every exponential is 0, and 0 / 0 is not a "
     "number. Take the smallest distance of each row away first (the ratios stay the same), or use torch.softmax."),
    (lambda d: (-d).exp() / ((-d).exp().sum(-1, keepdim=True) + 1e-8),
     "at distances around 2000 every exponential is 0, and the row comes out as zeros: a small number in the "
     "denominator, or nan_to_num, hides 0 / 0 and does not give probabilities. Take the smallest distance of each row "
     "away first (the ratios stay the same), or use torch.softmax."),
    (lambda d: _shifted(d, d.amax(-1, keepdim=True)),
     "what is taken away from the distances makes some exponentials larger than any number (inf / inf is not a "
     "number). Take the *smallest* distance of each row away: then the largest exponential is 1."),
    (lambda d: (-d / d.max()).softmax(-1), "the distances are divided by the largest one first. Take them as they "
                                           "are."),
    (lambda d: (-d / d.amax(-1, keepdim=True)).softmax(-1), "each row is divided by its largest distance first. Take "
                                                            "the distances as they are."),
    (lambda d: (-d.square()).softmax(-1), "the distances are squared already, and the softmax takes them so."),
]  # fmt: skip


def _shifted(d, by):
    weights = (by - d).exp()
    return weights / weights.sum(-1, keepdim=True)


_BOX = torch.tensor([[2.0, 1.0], [7.0, 1.0], [7.0, 4.0], [6.0, 2.0]])  # [4, 2]
_POINTS = {
    "four points": (_BOX, 18.0),
    "three points in a square of size 1": (torch.tensor([[0.1, 0.9], [0.2, 0.1], [0.15, 0.3]]), SIDE),
    "a level line, whose box has no height": (torch.tensor([[-30.0, 5.0], [10.0, 5.0]]), 20.0),
    "a single dot": (torch.tensor([[0.4, 0.7]]), 18.0),
    "two points at one place": (torch.tensor([[3.0, 4.0], [3.0, 4.0]]), 18.0),
}


def _sides(points):
    return points.amax(0) - points.amin(0)


def _middle(points):
    return (points.amax(0) + points.amin(0)) / 2


_CENTRE_MISTAKES = [
    (lambda p, side: (p - _middle(p)) * side / _sides(p).max(),  # differs from the right answer for a dot alone
     "for a single dot the box has no size, and 0 / 0 is not a number. Only move a dot, do not scale it."),
    (lambda p, side: p - _middle(p), "the box is in the middle, but its longer side is not `side`: scale it."),
    (lambda p, side: p * side / _sides(p).max(), "the size is right, but the middle of the box is not at 0: move it."),
    (lambda p, side: (p - p.mean(0)) * side / _sides(p).max(),
     "the *mean of the points* is at 0, and it leans to where there are many points. Use the middle of the box."),
    (lambda p, side: (p - p.amin(0)) * side / _sides(p).max(), "the *corner* of the box is at 0, not its middle."),
    (lambda p, side: (p - _middle(p)) * side / _sides(p),
     "x and y are scaled differently, so a thin line becomes a square. Scale both by the longer side."),
    (lambda p, side: (p - _middle(p)) * side / _sides(p).min(), "the *shorter* side is `side` long: use the longer."),
    (lambda p, side: (p - _middle(p)) * 2 * side / _sides(p).max(),
     "it is twice too large: the whole longer side should be `side`, not half of it."),
    (lambda p, side: (p - _middle(p)) * side / _sides(p).max() / 2, "it is half as large: the whole longer side should "
                                                                    "be `side`, not half of it."),
    (lambda p, side: p * side / _sides(p).max() - _middle(p),
     "it scales first and then takes away the middle of the points as they *were*. Move first, then scale."),
    (lambda p, side: (p - (p.amax() + p.amin()) / 2) * side / (p.amax() - p.amin()),
     "x and y are mixed: take smallest and largest separately for each column, with amin(0) and amax(0)."),
]  # fmt: skip


EXERCISES = {
    "nearest": Exercise(
        nearest,
        lambda call: compare(call, nearest, _DISTANCES, _NEAREST_MISTAKES, axes=("query",)),
        (
            "A row of `distances` belongs to one query. Its smallest value stands at the class that you want.",
            "PyTorch can tell where the smallest value stands: look at torch.argmin and its argument dim.",
            "return distances.argmin(-1)",
        ),
    ),
    "probabilities": Exercise(
        probabilities,
        lambda call: compare(
            call, probabilities, _DISTANCES, _PROBABILITIES_MISTAKES, axes=("query", "class")
        ),
        (
            "Softmax is two steps: the exponential of each number, then each row divided by its sum.",
            "Small distances should give large probabilities, so the numbers that enter are the negative distances.",
            "With keepdim=True the sum stays [n, 1], so that each row is divided by its own. For large distances take "
            "each row's smallest distance away first; torch.softmax does that for you.",
            "return torch.softmax(-distances, dim=-1)",
        ),
    ),
    "centre": Exercise(
        centre,
        lambda call: compare(call, centre, _POINTS, _CENTRE_MISTAKES, axes=("point", "coordinate")),
        (
            "points.amin(0) is the corner of the box with the smallest x and y; points.amax(0) is the opposite corner.",
            "The middle is half way between the two corners. The sides are their difference; the longer one is its "
            "max().",
            "Move first, then scale: (points - middle) * side / longer.",
            "A dot has longer == 0: return points - middle for it.",
        ),
    ),
}
