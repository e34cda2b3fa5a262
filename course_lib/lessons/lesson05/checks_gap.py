"""What `check` looks at in `unpaired_difference` of lesson 05, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.statistics import unpaired_difference


def _gap_cases():
    generator = torch.Generator().manual_seed(0)
    for n in (40, 60):
        first, second = torch.rand(2, n, generator=generator, dtype=torch.float64)
        yield f"{n} tasks each", (first + second / 2, second)
        yield f"{n} tasks and {n // 2} others", (second, first[: n // 2] * 3)
    yield "10 tasks and 300 others, in float32", (torch.rand(10, generator=generator),
                                                  torch.rand(300, generator=generator) + 0.2)  # fmt: skip


def _numbers(function):
    """The function with its two numbers as Python numbers."""

    def numbers(first, second):
        result = function(first, second)
        pair = isinstance(result, tuple | list) or (isinstance(result, Tensor) and result.ndim == 1)
        if not pair or len(result) != 2:
            raise Problem("it should return two numbers: the gap and half the width of its interval. It returned "
                          f"{form(result)}.")  # fmt: skip
        if any(as_number(value) is None for value in result):
            odd = next(value for value in result if as_number(value) is None)
            raise Problem(f"it should return two numbers, but one of them is {form(odd)}.")
        return tuple(as_number(value) for value in result)

    return numbers


def _gap(a, b):
    return a.mean() - b.mean()


def _variance(a, b):
    return a.var() / len(a) + b.var() / len(b)


def _half(half, gap=_gap):
    return lambda a, b: (gap(a, b), half(a, b))


def _right_half(a, b):
    return 1.96 * _variance(a, b).sqrt()


def _paired(a, b):
    d = a - b
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))


def _cut(a, b):
    n = min(len(a), len(b))
    return _gap(a[:n], b[:n]), _right_half(a[:n], b[:n])


def _pooled(a, b):
    n, m = len(a), len(b)
    return 1.96 * (((n - 1) * a.var() + (m - 1) * b.var()) / (n + m - 2) * (1 / n + 1 / m)).sqrt()


_PAIRED = ("it pairs task i of one with task i of the other. They are different tasks, so nothing is shared that could "
           "be subtracted: use the variances of the two means.")  # fmt: skip
_OWN_N = "the number of tasks of {} is used for both. Each variance is divided by its own n."
_GAP_MISTAKES = [
    (_half(_right_half, lambda a, b: -_gap(a, b)), "the sign is turned round: it is the first minus the second."),
    (_half(_right_half, lambda a, b: _gap(a, b).abs()),
     "it takes the absolute value of the gap. Its sign says which mean is higher: first minus second."),
    (_half(_right_half, lambda a, b: a.median() - b.median()), "it compares medians. Take the means."),
    (_half(_right_half, lambda a, b: a.mean()), "that is the mean of the first alone. The gap is first minus second."),
    (_half(_right_half, lambda a, b: a.sum() - b.sum()), "it compares sums. Take the means."),
    (_paired, _PAIRED),
    (_half(lambda a, b: _paired(a, b)[1]), _PAIRED),
    (_cut, "it cuts the longer one to as many tasks as the other has. All tasks count: each mean has its own n."),
    (_half(lambda a, b: 1.96 * (a.std() / math.sqrt(len(a)) + b.std() / math.sqrt(len(b)))),
     "the two half-widths are added. Independent errors partly cancel: it is their squares that add up."),
    (_half(lambda a, b: 1.96 * (a.var() / len(a) - b.var() / len(b)).abs().sqrt()),
     "the variances are subtracted. Both means are uncertain: add them, though the means are subtracted."),
    (_half(lambda a, b: torch.maximum(1.96 * (a.var() / len(a)).sqrt(), 1.96 * (b.var() / len(b)).sqrt())),
     "only the larger of the two errors counts. Both means are uncertain: 3 and 4 gave 5."),
    (_half(lambda a, b: 1.96 * (a.std() / len(a) ** 0.5 + b.std() / len(b) ** 0.5).sqrt()),
     "the two errors are added under the root. It is their squares that add up: 9 + 16 = 25."),
    (_half(lambda a, b: 1.96 * (a.var() / len(a) ** 2 + b.var() / len(b) ** 2).sqrt()),
     "a standard deviation is divided by n. The error of a mean of n tasks is the standard deviation divided by the "
     "*root* of n."),
    (_half(lambda a, b: _variance(a, b).sqrt()), "this is the standard error. A 95 % interval takes 1.96 of it."),
    (_half(_variance), "this is the variance of the gap. Half the width is 1.96 times its square root."),
    (_half(lambda a, b: 1.96 * _variance(a, b)), "the square root is missing: half the width is 1.96 times the root of "
                                                 "the summed variances."),
    (_half(lambda a, b: 2 * _right_half(a, b)), "this is the whole width of the interval. Give half of it."),
    (_half(lambda a, b: _right_half(a, b) / 2), "this is a quarter of the width of the interval. Give half of it."),
    *((_half(lambda a, b, z=z: z * _variance(a, b).sqrt()), f"it takes {z:g} standard errors; take 1.96.")
      for z in (2.0, 1.645, 2.576, 2.58, 1.64)),
    (_half(lambda a, b: 1.96 * (a.var(correction=0) / len(a) + b.var(correction=0) / len(b)).sqrt()),
     "its variances divide by n (correction=0, and NumPy's var). The means were estimated from the same scores: divide "
     "by n - 1, as .var() of torch does."),
    (_half(lambda a, b: 1.96 * (a.var() / (len(a) - 1) + b.var() / (len(b) - 1)).sqrt()),
     "it divides the variances by n - 1 once more. The variance of a mean of n tasks is .var() / n."),
    (_half(lambda a, b: 1.96 * (a.var() / len(a) ** 0.5 + b.var() / len(b) ** 0.5).sqrt()),
     "it divides variances by the square root of n. A variance is divided by n, a standard deviation by its root."),
    (_half(lambda a, b: 1.96 * (a.std() / len(a) + b.std() / len(b)).sqrt()),
     "it adds standard deviations under the root. Variances are what adds up: .var() / n."),
    (_half(lambda a, b: 1.96 * (a.var() + b.var()).sqrt()),
     "this is the spread of the tasks. The mean of n tasks is surer than one task: divide each variance by its n."),
    (_half(lambda a, b: 1.96 * torch.cat([a, b]).std() / math.sqrt(len(a) + len(b))),
     "the scores of both are thrown together, so the gap itself counts as spread. Each has its own variance."),
    (_half(lambda a, b: 1.96 * torch.cat([a, b]).std() * (1 / len(a) + 1 / len(b)) ** 0.5),
     "the scores of both are thrown together, so the gap itself counts as spread. Each has its own variance."),
    (_half(lambda a, b: 1.96 * ((a.var() + b.var()) / len(a)).sqrt()), _OWN_N.format("`first`")),
    (_half(lambda a, b: 1.96 * ((a.var() + b.var()) / len(b)).sqrt()), _OWN_N.format("`second`")),
    (_half(lambda a, b: 1.96 * ((a.var() + b.var()) / min(len(a), len(b))).sqrt()), _OWN_N.format("the shorter one")),
    (_half(lambda a, b: 1.96 * ((a.var() + b.var()) / (len(a) + len(b))).sqrt()),
     "the numbers of tasks are added. Each variance is divided by its own n."),
    (_half(lambda a, b: 1.96 * (a.var() / len(b) + b.var() / len(a)).sqrt()), "the numbers of tasks are exchanged: "
                                                                              "each variance is divided by its own n."),
    (_half(_pooled), "it pools the variances, as if both kinds of tasks spread alike. Each mean has its own variance: "
                     ".var() / n, and then add."),
    (_half(lambda a, b: 1.96 * (a.var() / len(a)).sqrt()), "only the first mean's error counts. Both means are "
                                                           "uncertain."),
    (_half(lambda a, b: 1.96 * (b.var() / len(b)).sqrt()), "only the second mean's error counts. Both means are "
                                                           "uncertain."),
    (lambda a, b: (_gap(a, b) - _right_half(a, b), _gap(a, b) + _right_half(a, b)),
     "these are the two ends of the interval. Return the gap and half the width."),
    (_half(lambda a, b: 0.98 * (a.std() / math.sqrt(len(a)) + b.std() / math.sqrt(len(b)))),
     "it is the mean of the two half-widths. The gap is less sure than either mean: add the two variances."),
    (_half(lambda a, b: _gap(a, b) / _right_half(a, b)), "it divides the gap by half the width. Give half the width."),
    (lambda a, b: (_right_half(a, b), _gap(a, b)), "the two numbers are exchanged: the gap comes first."),
]  # fmt: skip


def judge_gap(call):
    """`unpaired_difference`: also for two numbers of tasks."""
    mistakes = [(_numbers(f), text) for f, text in _GAP_MISTAKES]
    names = ("the gap", "half the width of its interval")
    compare(_numbers(call), _numbers(unpaired_difference), dict(_gap_cases()), mistakes, names)
