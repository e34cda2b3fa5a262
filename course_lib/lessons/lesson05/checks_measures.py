"""What `check` looks at in the two measures of lesson 05, a similarity and a gap, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson05.similarity import linear_cka
from course_lib.statistics import ci95, paired_difference, unpaired_difference


def _cka_cases():
    generator = torch.Generator().manual_seed(0)
    for n, p, q in ((5, 8, 8), (6, 3, 4), (7, 2, 2)):
        x = torch.randn(n, p, generator=generator, dtype=torch.float64) + 1
        noise = torch.randn(n, q, generator=generator, dtype=torch.float64)
        yield x, noise + x[:, :1] * 2 - 0.5


def _cka(x, y, centre=lambda a: a - a.mean(0), top=lambda a: (a**2).sum(), low=lambda a: (a**2).sum().sqrt()):
    x, y = centre(x), centre(y)
    return top(y.T @ x) / (low(x.T @ x) * low(y.T @ y))


def _by_entries(x, y):
    """Features compared one by one, as if their order meant something."""
    x, y = x - x.mean(0), y - y.mean(0)
    return ((x * y).sum() / (x.norm() * y.norm())) ** 2 if x.shape == y.shape else torch.tensor(math.nan)


def _across(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    return ((x @ y.T) ** 2).sum() / ((x @ x.T).norm() * (y @ y.T).norm()) if x.shape == y.shape else torch.tensor(0.0)


_CKA_MISTAKES = [
    (lambda x, y: _cka(x, y, centre=lambda a: a), "the features are not centred: subtract the mean of every feature."),
    (lambda x, y: _cka(x, y, centre=lambda a: a - a.mean(1, keepdim=True)),
     "the mean is taken over the features of an input. Centre the columns: the mean of a feature over the inputs."),
    (lambda x, y: _cka(x, y, centre=lambda a: a - a.mean()),
     "one mean is taken of all numbers. Each feature (column) has a mean of its own."),
    (lambda x, y: _cka(x, y, low=lambda a: a.new_ones(())), "it is not normalised: divide by the two lengths."),
    (lambda x, y: _cka(x, y, low=lambda a: (a**2).sum()),
     "it is divided by squared lengths. Above stands a square, below the product of two lengths without squares."),
    (lambda x, y: _cka(x, y, top=lambda a: (a**2).sum().sqrt()), "the square above the line is missing."),
    (_across, "X Y^T pairs input with input across the two layers. What is wanted is Y^T X: feature with feature."),
    (_by_entries, "it compares feature 1 with feature 1 and so on. Which feature is which does not matter: use Y^T X."),
]  # fmt: skip


def judge_cka(call):
    """`linear_cka`: layers with more features than inputs and fewer, of equal and of different sizes."""
    compare(call, linear_cka, _cka_cases(), _CKA_MISTAKES)


def _gap_cases():
    generator = torch.Generator().manual_seed(0)
    for n in (40, 60):
        first, second = torch.rand(2, n, generator=generator, dtype=torch.float64)
        yield first + second / 2, second
        yield second, first[: n // 2] * 3


def _half(*scores: Tensor) -> list[float]:
    return [ci95(s) for s in scores]


def _numbers(result):
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Problem("it should return two numbers: the gap and half the width of its interval.")
    return tuple(torch.as_tensor(value, dtype=torch.float64) for value in result)


def _with(half, sign=1):
    return lambda a, b: (sign * (a.mean() - b.mean()).item(), half(a, b))


_GAP_MISTAKES = [
    (_with(lambda a, b: math.hypot(*_half(a, b)), -1), "the sign is turned round: it is the first minus the second."),
    (lambda a, b: paired_difference(a, b) if len(a) == len(b) else (0.0, 0.0),
     "it pairs task i of one with task i of the other. They are different tasks, so nothing is shared that could be "
     "subtracted: use the variances of the two means."),
    (_with(lambda a, b: sum(_half(a, b))),
     "the two half-widths are added. Independent errors partly cancel: it is their squares that add up."),
    (_with(lambda a, b: math.hypot(*_half(a, b)) / 1.96),
     "this is the standard error. A 95 % interval takes 1.96 of it."),
    (_with(lambda a, b: 1.96 * math.hypot(a.std().item(), b.std().item())),
     "this is the spread of the tasks. The mean of n tasks is surer than one task: divide each variance by its n."),
    (_with(lambda a, b: ci95(torch.cat([a, b]))),
     "the scores of both are thrown together, so the gap itself counts as spread. Each has its own variance."),
    (_with(lambda a, b: ci95(a)), "only the first mean's error counts. Both means are uncertain."),
    (_with(lambda a, b: ci95(b)), "only the second mean's error counts. Both means are uncertain."),
]  # fmt: skip


def judge_gap(call):
    """`unpaired_difference`: also for two numbers of tasks."""

    def values(function):
        return lambda first, second: _numbers(function(first, second))

    mistakes = [(values(f), text) for f, text in _GAP_MISTAKES]
    names = ("the gap", "half the width of its interval")
    compare(values(call), values(unpaired_difference), _gap_cases(), mistakes, names)
