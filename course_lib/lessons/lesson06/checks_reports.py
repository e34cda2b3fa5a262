"""What `check` looks at in `zero_shot_report` of lesson 06, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson06.zero_shot import zero_shot_report

NAMES = (
    "the accuracy on unseen classes among themselves", "the accuracy on seen classes among all",
    "the accuracy on unseen classes among all", "the harmonic mean",
)  # fmt: skip
_G = torch.Generator().manual_seed(666)


def _drawn(counts: list[int], seen: list[int], favour: float) -> tuple:
    """Images of some classes in mixed order, most of them near their own prototype, and seen classes favoured."""
    labels = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    labels = labels[torch.randperm(len(labels), generator=_G)]
    known = torch.tensor(seen, dtype=torch.bool)
    distances = 3 + 2 * torch.rand(len(labels), len(counts), generator=_G)
    distances[torch.arange(len(labels)), labels] -= 1.6 * torch.rand(len(labels), generator=_G)
    return distances - favour * known, labels, known


_CASES = {
    "eight classes, three of them unseen": _drawn([3, 9, 2, 7, 1, 6, 8, 4], [1, 0, 1, 1, 0, 1, 0, 1], 0.5),
    "four classes, two of them unseen": _drawn([5, 2, 12, 6], [0, 1, 1, 0], 0.2),
}
_NONE_RIGHT = {
    "images of which not one is named right": (
        torch.tensor([[2.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0, 3.0], [1.0, 3.0, 4.0, 2.0], [3.0, 1.0, 2.0, 4.0]]),
        torch.tensor([0, 1, 2, 3]), torch.tensor([True, True, False, False])),
    "unseen images of which not one is right among all": (
        torch.tensor([[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 4.0, 3.0], [1.0, 3.0, 2.0, 4.0], [3.0, 1.0, 4.0, 2.0]]),
        torch.tensor([0, 1, 2, 3]), torch.tensor([True, True, False, False])),
}  # fmt: skip


def _share(right: Tensor, chosen: Tensor) -> float:
    return right[chosen].double().mean().item()


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def _masked(d, seen):
    return d.masked_fill(seen, math.inf)


def _by(alone=None, right=None, old=None, share=_share, mean=_harmonic):
    """The report with one step of it done otherwise; each step gets distances, labels and seen."""

    def report(d, y, seen):
        known = old(d, y, seen) if old else seen[y]
        lone = alone(d, y, seen) if alone else _masked(d, seen).argmin(1) == y
        hits = right(d, y, seen) if right else d.argmin(1) == y
        a, b = share(hits, known), share(hits, ~known)
        return share(lone, ~known), a, b, mean(a, b)

    return report


def _columns(d, y, seen):
    """Among the unseen columns alone, and their places are not turned back into classes."""
    return d[:, ~seen].argmin(1) == y


def _each_class(d, y, seen):
    known, rights = seen[y], (_masked(d, seen).argmin(1) == y, d.argmin(1) == y)

    def of(right, kind):
        return torch.stack([right[y == k].double().mean() for k in y[kind].unique()]).mean().item()

    a, b = of(rights[1], known), of(rights[1], ~known)
    return of(rights[0], ~known), a, b, _harmonic(a, b)


def _parts(order, change=tuple):
    """The right report with its parts in another order, or some of them changed."""

    def report(d, y, seen):
        found = zero_shot_report(d, y, seen)
        return change(tuple(found[i] for i in order))

    return report


def _own_kind(d, y, seen):
    own = seen[y].unsqueeze(1) == seen  # [n, classes]: of the same kind as the image
    return d.masked_fill(~own, math.inf).argmin(1) == y


def _by_place(d, y, seen):
    return seen.repeat(len(y) // len(seen) + 1)[: len(y)]


_FARTHEST = "the *farthest* prototype names an image: take the nearest, the lowest distance."
_RELABEL = ("in the first number, argmin counts among the columns that were kept, but labels count among all "
            "classes. Turn one into the other; or keep all columns and make seen ones infinite.")  # fmt: skip
_MISTAKES = [
    (_by(alone=lambda d, y, seen: d.argmin(1) == y), "in the first number, images are named among *all* classes where "
                                                     "it should be among the unseen ones alone."),
    (_by(alone=lambda d, y, seen: d.masked_fill(seen, -math.inf).argmax(1) == y,
         right=lambda d, y, seen: d.argmax(1) == y), _FARTHEST),
    (_by(right=lambda d, y, seen: d.argmax(1) == y), _FARTHEST),
    (_by(alone=lambda d, y, seen: d.argmax(1) == y, right=lambda d, y, seen: d.argmax(1) == y), _FARTHEST),
    (_by(alone=lambda d, y, seen: d[:, ~seen].argmax(1) == y, right=lambda d, y, seen: d.argmax(1) == y), _FARTHEST),
    (_by(alone=_columns), _RELABEL),
    (_by(alone=lambda d, y, seen: d.masked_fill(~seen, math.inf).argmin(1) == y),
     "in the first number, a *seen* class wins each time, and none may be named there. Make the distances of seen "
     "classes infinite (0 would be the nearest of all), and leave those of unseen ones."),
    (_by(right=_own_kind), "in the last three numbers, an image is named among classes of its own kind alone. All "
                           "classes may be named there: the network is not told which kind it is."),
    (_by(mean=lambda a, b: (a + b) / 2), "the last number is the arithmetic mean of the two. Take the harmonic one: "
                                         "2ab / (a + b)."),
    (_by(mean=lambda a, b: (a * b) ** 0.5), "the last number is the geometric mean of the two. Take the harmonic one: "
                                            "2ab / (a + b)."),
    (_by(mean=lambda a, b: _harmonic(a, b) / 2), "the last number is half of the harmonic mean: 2ab / (a + b)."),
    (_by(mean=lambda a, b: a * b), "the last number is the product of the two. Take the harmonic mean: "
                                   "2ab / (a + b)."),
    (_by(mean=min), "the last number is the smaller of the two. Take the harmonic mean: 2ab / (a + b)."),
    (lambda d, y, seen: (*zero_shot_report(d, y, seen)[:3], (d.argmin(1) == y).double().mean().item()),
     "the last number is the accuracy on all images together. Take the harmonic mean of the two: 2ab / (a + b)."),
    (lambda d, y, seen: (*(f := zero_shot_report(d, y, seen))[:3], _harmonic(f[0], f[1])),
     "the harmonic mean is made with the first number. Make it of the two accuracies among *all* classes."),
    (lambda d, y, seen: (*(f := zero_shot_report(d, y, seen))[:3], _harmonic(f[0], f[2])),
     "the harmonic mean is made with the first number. Make it of the two accuracies among *all* classes."),
    (_by(old=_by_place), "whether an image is of a seen class is read by their place: seen[i] for image i. It belongs "
                         "to the classes: seen[labels]."),
    (_by(old=lambda d, y, seen: seen[d.argmin(1)]), "images are divided by the class that was *answered*. Divide them "
                                                    "by their own: seen[labels]."),
    (_by(old=lambda d, y, seen: ~seen[y]), "seen and unseen images are exchanged: seen[labels] is True for an image of "
                                           "a seen class."),
    (lambda d, y, seen: zero_shot_report(d, y, ~seen), "seen and unseen classes are exchanged all through: `seen` is "
                                                       "True for a seen class."),
    (_by(share=lambda right, kind: (right & kind).double().mean().item()),
     "what is right is divided by the number of *all* images. Divide by the number of images of that kind."),
    (_by(share=lambda right, kind: float((right & kind).sum())), "these are numbers of images; give shares of the "
                                                                 "images of that kind."),
    (_by(share=lambda right, kind: 1 - _share(right, kind)), "these are the shares that are *wrong*."),
    (_each_class, "each accuracy is the mean over *classes*, so a class with few images weighs as much as one with "
                  "many. Take the share of images."),
    (_by(share=lambda right, kind: 100 * _share(right, kind)), "it is in percent; give shares, 0 to 1."),
    (_parts((0, 2, 1, 3)), "the second and the third number are exchanged: seen classes come first."),
    (_parts((1, 2, 0, 3)), "the numbers are right, but in another order: first the unseen classes among themselves."),
    (_parts((1, 2, 3, 0)), "the numbers are right, but in another order: first the unseen classes among themselves."),
    (_parts((1, 2, 3)), "the first number is missing: the accuracy on unseen classes among themselves."),
]  # fmt: skip
_ZERO = ("0 divided by 0 is not a number, and Python stops at it. The harmonic mean is high only when both are, so "
         "call it 0 where both are 0.")  # fmt: skip


def judge_report(call):
    """`zero_shot_report`: its four numbers; and 0 where nothing is right."""

    def listed(*args):
        found = call(*args)
        return tuple(found.tolist()) if isinstance(found, Tensor) and found.shape == (4,) else found

    compare(listed, zero_shot_report, _CASES, _MISTAKES, names=NAMES)
    for words, args in _NONE_RIGHT.items():
        try:
            compare(listed, zero_shot_report, [args], names=NAMES)
        except Problem as problem:
            because = _ZERO if any(sign in str(problem).lower() for sign in ("nan", "zerodivision")) else ""
            raise Problem(f"elsewhere it is right. For {words}, {problem}\n  {because}".rstrip()) from None
