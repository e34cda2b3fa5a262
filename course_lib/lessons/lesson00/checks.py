"""The exercises of lesson 00: what the sketchpad does between your drawing and its answer."""

from __future__ import annotations

import torch

from course_lib.exercises.engine import Exercise, compare
from course_lib.lessons.lesson00.drawing import SIDE, centre
from course_lib.lessons.lesson00.sketch import distances_to, probabilities

_DISTANCES = {
    "two queries and three classes": (torch.tensor([[4.0, 1.0, 9.0], [0.5, 2.0, 3.0]]),),
    "one query and five classes": (torch.tensor([[7.0, 3.0, 3.5, 8.0, 2.0]]),),
    "six queries and four classes": (torch.rand(6, 4, generator=torch.Generator().manual_seed(0)) * 20,),
    "distances around 2000": (torch.tensor([[2000.0, 2001.0], [5.0, 3000.0]]),),
}

def _cases():
    """What the lesson has, five embeddings of 64 numbers; and where one axis could pass for another."""
    draws = torch.Generator().manual_seed(0)
    five, twelve = (torch.randn(n, 64, generator=draws) for n in (5, 12))
    three = torch.tensor([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0], [3.0, 3.0, -2.0]])
    return {
        "five examples of 64 values": (five[2] + 0.3 * torch.randn(64, generator=draws), five),
        "three examples of three values": (torch.tensor([1.0, 0.0, -2.0]), three),
        "a single example": (torch.tensor([2.0, 1.0]), torch.tensor([[5.0, -3.0]])),
        "a query that equals an example": (three[1].clone(), three),
        "twelve examples, far away": (50 * torch.randn(64, generator=draws), 50 * twelve),
    }


_TO_MISTAKES = [
    (lambda q, e: q - e, "it returns the differences themselves. Square them, and add up those of each example."),
    (lambda q, e: e - q, "it returns the differences themselves. Square them, and add up those of each example."),
    (lambda q, e: (q - e).square(), "the squares are right; now add up those of each example, along the last axis."),
    (lambda q, e: (q - e).square().sum(0), "it adds up over the *examples*: each example needs a sum of its own, over "
                                           "its values, which are the last axis."),
    (lambda q, e: (q - e).square().sum(), "it gives one number for all examples: add up along the last axis."),
    (lambda q, e: (q - e).square().sum(-1, keepdim=True), "the numbers are right, but as a column [n, 1]: without "
                                                          "keepdim=True it is [n]."),
    (lambda q, e: (q - e).square().sum(-1)[None], "the numbers are right, but the shape is [1, n] and should be [n]."),
    (lambda q, e: (q - e).square().mean(-1), "it takes the *mean* of the squares: add them up, and do not divide."),
    (lambda q, e: (q - e).square().mean(), "it takes the mean over everything; each example needs a sum of its own."),
    (lambda q, e: (q - e).norm(dim=-1), "that is the distance. The *squared* distance has no root."),
    (lambda q, e: (q - e).abs().sum(-1), "it adds up the absolute differences: square them instead."),
    (lambda q, e: (q - e).sum(-1), "it adds up differences without squares: those of opposite signs cancel."),
    (lambda q, e: (e - q).sum(-1), "it adds up differences without squares: those of opposite signs cancel."),
    (lambda q, e: (q - e).sum(-1).square(), "it adds up first and squares then: differences of opposite signs cancel. "
                                            "Square first."),
    (lambda q, e: (q + e).square().sum(-1), "it adds query and example where it should take their difference."),
    (lambda q, e: (q.square() - e.square()).sum(-1), "(a - b)² is not a² - b²: take the difference first, then "
                                                     "square."),
    (lambda q, e: (q.square() - e.square()).sum(-1).abs(), "(a - b)² is not a² - b²: take the difference first, then "
                                                           "square."),
    (lambda q, e: q.square().sum() + e.square().sum(-1), "(a - b)² is not a² + b²: take the difference first, then "
                                                         "square."),
    (lambda q, e: e @ q, "that is the dot product, which is large where the two point the same way. Take differences."),
    (lambda q, e: -(q - e).square().sum(-1), "the sign is turned round: a distance is never below 0."),
    (lambda q, e: (q - e).square().sum(-1).sort().values, "the numbers are right but sorted: keep them in the order of "
                                                          "the examples."),
    (lambda q, e: (q - e).square().sum(-1).min(), "it returns the smallest distance alone; the task asks for that to "
                                                  "each example."),
    (lambda q, e: (q - e).square().sum(-1).argmin(), "it says which example is nearest; the task asks for the distance "
                                                     "to each."),
    (lambda q, e: (q - e).square().amax(-1), "it takes the largest square of each example: add all of them up."),
    (lambda q, e: (q - e[0]).square().sum(), "it measures the first example alone; the task asks for each."),
    (lambda q, e: 1 - torch.cosine_similarity(q[None], e), "it compares directions (the cosine); the task asks for "
                                                           "squares of differences."),
    (lambda q, e: (q - e).square().sum(-1) / 2, "it is half as large: do not divide by 2."),
    (lambda q, e: (q - e).square().sum(-1).square(), "it is squared twice: square the differences, then add up."),
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
    "distances_to": Exercise(
        distances_to,
        lambda call: compare(call, distances_to, _cases(), _TO_MISTAKES, axes=("example",)),
        (
            "query - examples takes the query away from every row of examples at once: [n, values].",
            "Square each difference with .square() or ** 2; then no two can cancel.",
            "Now add up each row: .sum(-1) adds along the last axis and leaves [n].",
            "return (query - examples).square().sum(-1)",
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
