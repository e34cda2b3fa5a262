"""What `check` looks at in `distances_to` of lesson 00, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, product

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson00.sketch import distances_to


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


def _power(q: Tensor, e: Tensor, power: float) -> Tensor:
    """The length of the difference to this power, from each example."""
    return distances_to(q, e) ** (power / 2)


def _without(q: Tensor, e: Tensor, place: int, fill: bool) -> Tensor:
    """One example was left out: there is a number too few, or a 0 in its place."""
    right = distances_to(q, e)
    if fill:
        right[place] = 0
        return right
    return right[1:] if place == 0 else right[:-1]


def _unit(x: Tensor) -> Tensor:
    return x / x.norm(dim=-1, keepdim=True)


def _products(q: Tensor, e: Tensor, of_query: int, of_both: int, of_example: int) -> Tensor:
    """A sum of q², q·e and e², so many times each."""
    return of_query * q @ q + of_both * e @ q + of_example * e.square().sum(-1)


def _expanded() -> list:
    """Ways in which (q - e)² = q² - 2 q·e + e² goes wrong."""
    mistakes = []
    for times in product((-1, 0, 1), (-2, -1, 0, 1, 2), (-1, 0, 1)):
        if times in ((1, -2, 1), (0, 0, 0)):
            continue
        parts = [(n, part) for n, part in zip(times, ("q²", "q·e", "e²"), strict=True) if n]
        text = " ".join(f"{'-' if n < 0 else '+'} {'2 ' if abs(n) == 2 else ''}{part}" for n, part in parts)
        message = (
            f"it adds up to {text.removeprefix('+ ').replace('- ', '-', text[0] == '-')} (q the query, e an example), "
            f"but (q - e)² is q² - 2 q·e + e². "
            "Take the difference first, then square."
        )
        mistakes.append((partial(_products, of_query=times[0], of_both=times[1], of_example=times[2]), message))
    return mistakes


_NOT_SQUARED = "it returns the differences themselves. Square them, and add up those of each example."
_CANCEL = "it adds up differences without squares: those of opposite signs cancel."
_SQUARES = "(a - b)² is not a² - b²: take the difference first, then square."
_LOST = (
    "the numbers are nearly right, but digits are lost: half precision has three. Compute in the precision of what "
    "comes in, float32."
)
_TURNED = (
    "the query's values are taken away along the wrong axis: value i of the query belongs to value i of each example, "
    "the last axis. query - examples does that for every row."
)

MISTAKES = [
    (lambda q, e: q - e, _NOT_SQUARED),
    (lambda q, e: e - q, _NOT_SQUARED),
    (lambda q, e: (q - e).abs(), _NOT_SQUARED),
    (lambda q, e: (q - e).square(), "the squares are right; now add up those of each example, along the last axis."),
    (lambda q, e: (q - e).square().sum(0), "it adds up over the *examples*: each example needs a sum of its own, over "
                                           "its values, which are the last axis."),
    (lambda q, e: (q - e).square().sum(), "it gives one number for all examples: add up along the last axis."),
    (lambda q, e: distances_to(q, e)[:, None], "the numbers are right, but as a column [n, 1]: without keepdim=True it "
                                               "is [n]."),
    (lambda q, e: distances_to(q, e)[None], "the numbers are right, but the shape is [1, n] and should be [n]."),
    (lambda q, e: distances_to(q, e)[None, None], "the numbers are right, but the shape is [1, 1, n], with an axis for "
                                                  "tasks and one for queries: [0, 0] takes them away."),
    (lambda q, e: (q - e).square().mean(-1), "it takes the *mean* of the squares: add them up, and do not divide."),
    (lambda q, e: (q - e).square().mean(), "it takes the mean over everything; each example needs a sum of its own."),
    (lambda q, e: (q - e).square().mean(-1).sqrt(), "it takes the mean of the squares and a root of it: add the "
                                                    "squares "
                                                    "up, and that is all."),
    (lambda q, e: (q - e).norm(dim=-1), "that is the distance. The *squared* distance has no root."),
    (lambda q, e: (q - e).norm(), "that is one distance for all together; each example needs a sum of its own."),
    (lambda q, e: (q - e).abs().sum(-1), "it adds up the absolute differences: square them instead."),
    (lambda q, e: (q - e).abs().mean(-1), "it averages absolute differences: square them, and add them up."),
    (lambda q, e: (q - e).sum(-1), _CANCEL),
    (lambda q, e: (e - q).sum(-1), _CANCEL),
    (lambda q, e: (q - e).sum(-1).abs(), _CANCEL),
    (lambda q, e: (q - e).sum(-1).square(), "it adds up first and squares then: differences of opposite signs cancel. "
                                            "Square first."),
    (lambda q, e: (q.sum() - e.sum(-1)).square(), "it adds up first and squares then: differences of opposite signs "
                                                  "cancel. Square first."),
    (lambda q, e: (q - e).mean(-1).square(), "it averages first and squares then: differences of opposite signs "
                                             "cancel. Square first."),
    (lambda q, e: (q - e) ** 3, "these are cubes, and not yet added up."),
    (lambda q, e: ((q - e) ** 3).sum(-1), "it takes the third power; the square is the second: ** 2."),
    (lambda q, e: 2 * (q - e).sum(-1), "it doubles the differences; their square is ** 2, not * 2."),
    (lambda q, e: ((q - e) * 2).abs().sum(-1), "it doubles the differences; their square is ** 2, not * 2."),
    (lambda q, e: (q + e).square().sum(-1), "it adds query and example where it should take their difference."),
    (lambda q, e: (q.square() - e.square()).sum(-1), _SQUARES),
    (lambda q, e: (e.square() - q.square()).sum(-1), _SQUARES),
    (lambda q, e: (q.square() - e.square()).sum(-1).abs(), _SQUARES),
    (lambda q, e: (q.square() - e.square()).square().sum(-1), "it squares twice: the numbers before their difference, "
                                                              "too. Take the difference first, then square."),
    (lambda q, e: (q.norm() - e.norm(dim=-1)).square(), "it compares the *lengths* of the two. Two embeddings can be "
                                                        "equally long and far apart: take differences value by value."),
    (lambda q, e: (q.norm() - e.norm(dim=-1)).abs(), "it compares the *lengths* of the two. Two embeddings can be "
                                                     "equally long and far apart: take differences value by value."),
    (lambda q, e: e @ q, "that is the dot product, which is large where the two point the same way. Take differences."),
    (lambda q, e: -(e @ q), "that is the dot product, with its sign turned round. Take differences."),
    (lambda q, e: -distances_to(q, e), "the sign is turned round: a distance is never below 0."),
    (lambda q, e: distances_to(q, e).sort().values, "the numbers are right but sorted: keep them in the order of the "
                                                    "examples."),
    (lambda q, e: distances_to(q, e).flip(0), "the numbers are right but the other way round: keep the order of the "
                                              "examples."),
    (lambda q, e: distances_to(q, e).min(), "it returns the smallest distance alone; the task asks for that to "
                                            "each example."),
    (lambda q, e: distances_to(q, e).argmin(), "it says which example is nearest; the task asks for the distance "
                                               "to each."),
    (lambda q, e: distances_to(q, e).argsort(), "it ranks the examples; the task asks for the distance to each."),
    (lambda q, e: (-distances_to(q, e)).softmax(0), "these are probabilities already; the task asks for the "
                                                    "distances."),
    (lambda q, e: (q - e).square().amax(-1), "it takes the largest square of each example: add all of them up."),
    (lambda q, e: (q - e).abs().amax(-1), "it takes the largest difference of each example: square all, and add up."),
    (lambda q, e: (q - e[0]).square().sum(), "it measures the first example alone; the task asks for each."),
    (lambda q, e: (q - e[0]).square().sum()[None], "it measures the first example alone; the task asks for each. Is "
                                                   "the return inside the loop?"),
    (lambda q, e: (q - e[-1]).square().sum(), "it measures the last example alone; the task asks for each."),
    (lambda q, e: (q - e.mean(0)).square().sum(), "it measures the distance to the *mean* of the examples; the task "
                                                  "asks for each."),
    (lambda q, e: (q - e.mean(0)).square().sum().expand(len(e)), "it measures the distance to the *mean* of the "
                                                                 "examples; the task asks for each."),
    (lambda q, e: (e - e.mean(0)).square().sum(-1), "the query is not in it: it measures from the mean of the "
                                                    "examples."),
    (lambda q, e: e.square().sum(-1), "the query is not in it: take query - examples before you square."),
    (lambda q, e: 1 - torch.cosine_similarity(q[None], e), "it compares directions (the cosine); the task asks for "
                                                           "squares of differences."),
    (lambda q, e: torch.cosine_similarity(q[None], e), "it compares directions (the cosine); the task asks for "
                                                       "squares of differences."),
    (lambda q, e: distances_to(_unit(q), _unit(e)), "it scales the embeddings to length 1 first; take them as they "
                                                    "are."),
    (lambda q, e: distances_to(q.softmax(-1), e.softmax(-1)), "it takes a softmax of the embeddings first; take them "
                                                              "as they are."),
    (lambda q, e: distances_to(q, e) / 2, "it is half as large: do not divide by 2."),
    (lambda q, e: distances_to(q, e).square(), "it is squared twice: square the differences, then add up."),
    (lambda q, e: distances_to(q, e) / distances_to(q, e).sum(), "it divides by the sum of all; return the distances "
                                                                 "as they are."),
    (lambda q, e: distances_to(q, e) / distances_to(q, e).max(), "it divides by the largest; return the distances as "
                                                                 "they are."),
    (lambda q, e: distances_to(q[1:], e[:, 1:]), "the first value of each embedding is left out: Python counts from "
                                                 "0."),
    (lambda q, e: distances_to(q[:-1], e[:, :-1]), "the last value of each embedding is left out: range(n) ends at "
                                                   "n - 1 by itself."),
    (lambda q, e: _without(q, e, -1, True), "the last example is left out: range(n) ends at n - 1 by itself."),
    (lambda q, e: _without(q, e, -1, False), "the last example is left out: range(n) ends at n - 1 by itself."),
    (lambda q, e: _without(q, e, 0, True), "the first example is left out: Python counts from 0."),
    (lambda q, e: _without(q, e, 0, False), "the first example is left out: Python counts from 0."),
    (lambda q, e: distances_to(q, e).long(), "the numbers are cut to whole numbers: keep what is behind the point. A "
                                             "tensor that you fill should be of a float dtype."),
    (lambda q, e: (q - e).half().square().sum(-1).float(), _LOST),
    (lambda q, e: (q.half() - e.half()).square().sum(-1).float(), _LOST),
    (lambda q, e: distances_to(q, e).half().float(), _LOST),
    (lambda q, e: (q[:, None] - e).square().sum(1), _TURNED),
    (lambda q, e: (q[:, None] - e).square().sum(0), _TURNED),
    (lambda q, e: (q - e.T).square().sum(-1), "it goes through the columns of `examples`. An example is a row: "
                                              "examples[i], or for example in examples."),
    (lambda q, e: torch.Size([len(e), len(e)]), "the result has a number for each *pair* of examples. Each example is "
                                                "compared with the query alone: one number an example."),
    (lambda q, e: torch.Size([len(q)]), "the result has a number for each *value*: add up over the values, the last "
                                        "axis, so that one number is left for each example."),
    (lambda q, e: distances_to(q, e).cumsum(0), "the sum goes on from one example to the next: begin at 0 for each."),
    *_expanded(),
    *[
        (partial(_power, power=power), f"it is the distance to the power {power}; the squared distance is the power 2.")
        for power in (3, 4)
    ],
]  # fmt: skip


def judge_distances(call):
    """`distances_to`: the lesson's five embeddings, and few, many, far, and square ones."""
    compare(call, distances_to, _cases(), chain(MISTAKES, _seen(call)), axes=("example",))


def _seen(call) -> Iterator[tuple]:
    """What a squared distance never does and this answer does, as mistakes that are always made."""
    draws = torch.Generator().manual_seed(1)
    q, e = 9 * torch.randn(6, generator=draws), 9 * torch.randn(4, 6, generator=draws)  # large: rounding is no mistake
    if not _is_row(got := _tried(call, q, e), 4):
        return
    if getattr(call, "drew", ""):  # chance is told by `compare`
        return

    def unlike(found, factor: float = 1.0) -> bool:
        return _is_row(found, 4) and not torch.allclose(found, factor * got, rtol=0.02, atol=1e-3)

    alone = [_tried(call, q, e[i : i + 1]) for i in range(4)]
    if all(_is_row(one, 1) for one in alone) and unlike(torch.cat(alone)):
        yield call, "the distance to an example changes with the *other* examples. It depends on that example alone."
    if unlike(_tried(call, q + 1, e + 1)):
        yield call, ("the result changes if 1 is added to all numbers of query and examples; their differences, and so "
                     "the distances, stay. Take query - examples first, and go on with that alone.")  # fmt: skip
    if unlike(_tried(call, -q, -e)):
        yield call, ("the result changes if query and examples change their sign: positive and negative differences "
                     "do not count alike. A square does that.")  # fmt: skip
    if unlike(_tried(call, q.flip(0), e.flip(1))):
        yield call, ("the result changes with the order of the values: some count more than others, or not at all. Add "
                     "up the squares of all.")  # fmt: skip
    if unlike(doubled := _tried(call, 2 * q, 2 * e), 4) and _is_row(doubled, 4):
        ratio = (doubled / got).median().item()
        yield call, (f"if all numbers are twice as large, the result is {ratio:.3g} times as large; squares are 4 "
                     "times as large. Is each difference squared, once, and no root taken?")  # fmt: skip
    if unlike(_tried(call, torch.cat([q, q]), torch.cat([e, e], 1)), 2):
        yield call, ("with every value given twice, the result should be twice as large, and it is not: the squares of "
                     "all values are to be *added up*.")  # fmt: skip


def _tried(call, q: Tensor, e: Tensor):
    try:
        return call(q.clone(), e.clone())
    except Problem:
        return None


def _is_row(found, n: int) -> bool:
    return isinstance(found, Tensor) and found.shape == (n,) and found.is_floating_point()
