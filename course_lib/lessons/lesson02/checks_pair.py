"""What `check` looks at in `paired_difference` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import compare
from course_lib.lessons.lesson02.checks_interval import CI_MISTAKES, given, known_sizes
from course_lib.statistics import ci95, paired_difference

_G = torch.Generator().manual_seed(3)


def _rand(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=_G)


_BASE = _rand(300)  # how easy each task is
_PAIRS = {
    "300 tasks, on which the first is better": (_BASE + 0.1 * _rand(300), _BASE),
    "30 tasks": (_BASE[:30] + 0.1 * _rand(30), _BASE[:30]),
    "three tasks": (torch.tensor([0.9, 0.5, 0.7]), torch.tensor([0.8, 0.3, 0.7])),
    "12 tasks": (_rand(12), _rand(12)),
    "30 tasks, on which the first is worse": (_BASE[30:60] - 0.2 * _rand(30), _BASE[30:60]),
}


def _gap(a, b):
    return (a - b).mean().item()


def _gap_and(half):
    """The right mean difference, with this for half the width."""
    return lambda a, b: (_gap(a, b), half(a, b))


def _of_each(change):
    """Both results of differences that were made in another way."""
    return lambda a, b: (change(a, b).mean(), ci95(change(a, b)))


def _covariance(a, b, factor, correction):
    c = ((a - a.mean()) * (b - b.mean())).sum() / (len(a) - correction)
    return 1.96 * ((a.var() + b.var() - factor * c) / len(a)).sqrt()


def _every_pair(a, b):
    return (a[:, None] - b).flatten()


_NAMES = ("the mean difference", "half the width of its interval")
_TASK_BY_TASK = "Subtract task by task first, then take the interval of the differences."
_RELATIVE = "it divides by scores, which makes it relative; give the difference itself, in the units of the scores."
_UNITS = ("it divides the mean difference by how much it varies. Give the difference itself, in the units of the "
          "scores.")  # fmt: skip
_SORTED = ("it sorts the scores, so that entry i of both is no longer the same task. Leave them in their order: "
           "subtract task by task.")  # fmt: skip
_EVERY = "it subtracts every task from *every* other one. Entry i of both is the same task: first - second."
_MEDIAN = "it takes the median; take the mean of the differences."
_PAIR_MISTAKES = [
    (_gap_and(lambda a, b: 1.96 * math.sqrt((a.var() + b.var()) / len(a))),
     f"it treats the two as if they had met *different* tasks. {_TASK_BY_TASK}"),
    (_gap_and(lambda a, b: ci95(a) + ci95(b)), f"it adds the two intervals. {_TASK_BY_TASK}"),
    *((_gap_and(lambda a, b, sign=sign: sign(ci95(a) - ci95(b))),
       "it subtracts the two intervals. Subtract the *scores*, task by task, and take the interval of those.")
      for sign in (abs, float, lambda x: -x)),
    (_gap_and(lambda a, b: (ci95(a) + ci95(b)) / 2), f"it takes the mean of the two intervals. {_TASK_BY_TASK}"),
    (_gap_and(lambda a, b: max(ci95(a), ci95(b))), f"it takes the larger of the two intervals. {_TASK_BY_TASK}"),
    (_gap_and(lambda a, b: min(ci95(a), ci95(b))), f"it takes the smaller of the two intervals. {_TASK_BY_TASK}"),
    (lambda a, b: (_gap(b, a), ci95(a - b)), "the sign is turned round: `first` better is positive."),
    (_of_each(lambda a, b: (a - b).abs()),
     "it takes absolute values, so losses count as wins. Keep the sign of each difference."),
    (_gap_and(lambda a, b: 1.96 * (a - b).std()), "the standard deviation of the differences must be divided by the "
                                                  "square root of the number of tasks; ci95 does that."),
    (lambda a, b: (abs(_gap(a, b)), ci95(a - b)), "the mean difference lost its sign, which says who is better."),
    (lambda a, b: ((a - b).abs().mean(), ci95(a - b)), "it takes absolute values, so losses count as wins."),
    (lambda a, b: (_gap(a, b) - ci95(a - b), _gap(a, b) + ci95(a - b)), "these are the two ends of the interval. Give "
                                                                        "its middle and half its width."),
    (lambda a, b: (ci95(a - b), _gap(a, b)), "the two are exchanged: first the mean difference, then half the width."),
    (_gap_and(lambda a, b: (a - b).std()), "that is the standard deviation of the differences; ci95 of them is half "
                                           "the width of the interval."),
    (_gap_and(lambda a, b: (a - b).std() / math.sqrt(len(a))), "that is the standard error of the differences; half "
                                                               "the width is 1.96 of them."),
    (_gap_and(lambda a, b: 2 * ci95(a - b)), "that is the *whole* width of the interval; give half of it."),
    (lambda a, b: (100 * _gap(a, b), 100 * ci95(a - b)), "it is in percent; give it in the units of the scores."),
    (_gap_and(lambda a, b: ci95(a)), "that is the interval of the first one's scores. Take that of the differences."),
    (_gap_and(lambda a, b: ci95(b)), "in half the width of its interval, the numbers are those of the second one's "
                                     "scores. Take the interval of the differences."),
    (lambda a, b: (a - b, ci95(a - b)), "these are the differences themselves, one for each task. Take their mean."),
    (lambda a, b: a - b, "these are the differences themselves. Return their mean, and ci95 of them."),
    (lambda a, b: ((a - b).sum(), ci95(a - b)), "it adds up the differences; take their mean."),
    (lambda a, b: (a.mean(), b.mean()), "these are the means of both. Return the mean *difference*, and half the width "
                                        "of its interval."),
    (lambda a, b: ((a - b).mean() / (a - b).std(), 1.96 / math.sqrt(len(a))), _UNITS),
    (lambda a, b: ((a - b).mean() / (a - b).std(), ci95(a - b)), _UNITS),
    (lambda a, b: (1.96 * _gap(a, b) / ci95(a - b), 1.96), _UNITS),
    (lambda a, b: (1.96 * _gap(a, b) / ci95(a - b), ci95(a - b)), _UNITS),
    *((lambda a, b, end=end: (_gap(a, b) + end * ci95(a - b), ci95(a - b)),
       "the first number is an end of the interval; give its middle, the mean difference.") for end in (-1, 1)),
    (lambda a, b: (a.mean(), ci95(a - b)), "the mean is that of `first` alone; give that of the differences."),
    (lambda a, b: (b.mean(), ci95(a - b)), "the mean is that of `second` alone; give that of the differences."),
    (_of_each(lambda a, b: a + b), "it adds the scores of both; subtract them."),
    (_of_each(lambda a, b: (a - b).clamp(min=0)), "it takes losses for 0, so that only wins count. Keep negative "
                                                  "differences as well."),
    *((_of_each(neighbours), "it subtracts scores of *neighbouring* tasks: entry i of both is the same task.")
      for neighbours in (lambda a, b: a[1:] - b[:-1], lambda a, b: a[:-1] - b[1:])),
    (_of_each(lambda a, b: a.sort().values - b.sort().values), _SORTED),
    (_of_each(lambda a, b: a.sort(descending=True).values - b.sort().values), _SORTED),
    (_of_each(lambda a, b: (a - b) / b), _RELATIVE),
    (_of_each(lambda a, b: (a - b) / a), _RELATIVE),
    (lambda a, b: (_gap(a, b) / b.mean(), ci95(a - b)), _RELATIVE),
    (lambda a, b: (_gap(a, b) / b.mean(), ci95(a - b) / b.mean()), _RELATIVE),
    (lambda a, b: ((a - b).median(), ci95(a - b)), _MEDIAN),
    (lambda a, b: ((a - b).quantile(0.5), ci95(a - b)), _MEDIAN),
    (lambda a, b: (a.median() - b.median(), ci95(a - b)), _MEDIAN),
    (_of_each(lambda a, b: (a > b).float()),
     "it counts who wins each task, not by how much. Take the differences themselves."),
    (_of_each(lambda a, b: (a >= b).float()),
     "it counts who wins each task, not by how much. Take the differences themselves."),
    (_of_each(lambda a, b: (a - b).sign()), "it keeps only the sign of each difference, not how large it is."),
    (_of_each(lambda a, b: (a - b).square()), "it squares the differences, so that losses count as wins."),
    (_gap_and(lambda a, b: ci95(torch.cat([a, b]))),
     f"it puts the scores of both together and takes one interval of all. {_TASK_BY_TASK}"),
    (_gap_and(lambda a, b: ci95(torch.cat([a, b])) * math.sqrt(2)),
     f"it puts the scores of both together and takes the standard deviation of all. {_TASK_BY_TASK}"),
    (_of_each(_every_pair), _EVERY),
    (_gap_and(lambda a, b: 1.96 * _every_pair(a, b).std() / math.sqrt(len(a))), _EVERY),
    (_gap_and(lambda a, b: _covariance(a, b, -2, 1)),
     "it adds the covariance; what both share drops out of a difference, so subtract it: var + var - 2 cov."),
    (_gap_and(lambda a, b: _covariance(a, b, 1, 1)), "the covariance is subtracted once; subtract it twice."),
    (_gap_and(lambda a, b: _covariance(a, b, 2, 0)),
     "the covariance divides by n and the variances by n - 1. Divide all by n - 1."),
    (_of_each(lambda a, b: (a - b)[a != b]),
     "it leaves out tasks on which both are equal. They count as well: their difference is 0."),
    *((_of_each(lambda a, b, k=k: (a - b)[:k]), f"it looks at the first {k} tasks only; take all.")
      for k in range(2, 300)),
    *((_gap_and(lambda a, b, half=half: half((a - b))), f"in half the width of its interval: {message}")
      for half, message in CI_MISTAKES),
]  # fmt: skip


def judge_pair(call):
    """`paired_difference`."""

    def mistakes():
        yield from _PAIR_MISTAKES
        a, b = _PAIRS["30 tasks"]
        got = given(call, a, b)
        for half, message in known_sizes(got[1], a - b) if isinstance(got, tuple | list) and len(got) == 2 else ():
            yield (_gap_and(lambda a, b, half=half: half(a - b)),
                   f"in half the width of its interval: {message}")  # fmt: skip

    compare(call, paired_difference, _PAIRS, mistakes(), _NAMES)
