"""What `check` looks at in `ci95` and `paired_difference` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number
from course_lib.statistics import ci95, paired_difference

_G = torch.Generator().manual_seed(2)


def _rand(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=_G)


def _accuracies(n: int) -> Tensor:
    """`[n]` scores as the lesson has them: 75 queries a task."""
    return torch.binomial(torch.full((n,), 75.0), 0.5 + 0.45 * _rand(n), generator=_G) / 75


_SCORES = {
    "150 tasks": (_accuracies(150),),
    "five scores": (torch.tensor([0.8, 1.0, 0.6, 0.8, 0.6]),),
    "40 scores": (_rand(40),),
    "nine scores around 2": (2 + 3 * torch.randn(9, generator=_G),),
    "600 tasks": (_accuracies(600),),
}
_CLOSE = {"150 scores that are nearly the same": (99 + 0.02 * torch.randn(150, generator=_G),)}


def _error(s):
    return s.std() / math.sqrt(len(s))


def _binomial(s, queries=1):
    return 1.96 * (s.mean() * (1 - s.mean()) / (len(s) * queries)).sqrt()


def _squares(s, n=None):
    """1.96 / sqrt(n) times the root of the sum of these squares over n - 1."""
    n = len(s) if n is None else n
    return 1.96 * (s.square().sum() / (n - 1)).sqrt() / math.sqrt(n)


def _quantile(s, low):
    return s.quantile(1 - low) - s.quantile(low)


_SPREAD = ("that says how much single *tasks* vary: where the middle 95 % of them lie. Wanted is how far the *mean* "
           "can be trusted: 1.96 standard errors.")  # fmt: skip
_LAST = "the last score is left out of the sum: does the loop go on to len(scores)?"
_ROOT = "the square root goes around n alone, not around the standard deviation: std / sqrt(n)."

_CI_MISTAKES = [
    (lambda s: 1.96 * s.std(), "that says how much single *tasks* vary. The mean of n tasks varies less: divide the "
                               "standard deviation by the square root of n."),
    (lambda s: s.std(), "that is the standard deviation: how much single *tasks* vary. Divide it by the square root of "
                        "n, and multiply by 1.96."),
    (lambda s: 1.96 * s.std() / len(s), "it divides by the number of tasks; divide by its square root."),
    (lambda s: 1.96 * s.std(correction=0) / math.sqrt(len(s)),
     "it uses the standard deviation that divides by n (correction=0, and NumPy's std). The mean was estimated from "
     "the same tasks, so divide by n - 1, as Tensor.std does by default."),
    (lambda s: 1.96 * s.std() / math.sqrt(len(s) - 1),
     "n - 1 is used twice: Tensor.std has it inside already, so divide by the square root of n."),
    (_error, "that is the standard error. 95 % of a normal curve lies within 1.96 of them: multiply by it."),
    (lambda s: 2 * 1.96 * _error(s), "that is the *whole* width of the interval; we write mean ± half of it."),
    (lambda s: 0.98 * _error(s), "that is half of half the width: 1.96 standard errors on each side are wanted."),
    (lambda s: 1.96 * s.var() / math.sqrt(len(s)), "it uses the variance; use the standard deviation."),
    (lambda s: 1.96 * s.var() / len(s), "it uses the variance; take the square root: std / sqrt(n)."),
    (lambda s: 196 * _error(s), "it is in percent; give it in the units of the scores."),
    (lambda s: 1.96 * (s - s.mean()).square().sum().sqrt() / math.sqrt(len(s)),
     "the squares are added up and not divided by n - 1: a standard deviation takes their mean."),
    (lambda s: 2 * _error(s), "it takes 2 for 1.96. That is a good rule by heart; here give the number itself."),
    (lambda s: 1.645 * _error(s), "1.645 standard errors make an interval of 90 %; for 95 % it is 1.96."),
    (lambda s: 2.576 * _error(s), "2.576 standard errors make an interval of 99 %; for 95 % it is 1.96."),
    (lambda s: 0.95 * _error(s), "it multiplies by 0.95. That is how much of a normal curve lies within 1.96 standard "
                                 "errors; multiply by 1.96."),
    (lambda s: s.mean(), "that is the mean. What is wanted is how far it can be trusted."),
    (lambda s: s.mean() + 1.96 * _error(s), "that is the upper end of the interval; give half its width alone."),
    (lambda s: s.mean() - 1.96 * _error(s), "that is the lower end of the interval; give half its width alone."),
    (lambda s: (s.mean() - 1.96 * _error(s), s.mean() + 1.96 * _error(s)),
     "these are the two ends of the interval; give one number, half its width."),
    (lambda s: (s.mean(), 1.96 * _error(s)), "the result should be a number, but it is a tuple: leave the mean out."),
    (lambda s: _quantile(s, 0.025) / 2, _SPREAD),
    (lambda s: _quantile(s, 0.025), _SPREAD),
    (lambda s: _quantile(s, 0.05) / 2, _SPREAD),
    (lambda s: (s.quantile(0.025), s.quantile(0.975)), _SPREAD),
    (lambda s: _quantile(s, 0.025) / 2 / math.sqrt(len(s)),
     "it takes quantiles of the scores for 1.96 standard deviations. They are not the same: use scores.std()."),
    (lambda s: (s.max() - s.min()) / 2, "that is half of the range, largest score less smallest. Wanted is how far the "
                                        "*mean* can be trusted: 1.96 standard errors."),
    *((lambda s, k=k: _binomial(s, k),
       "p (1 - p) is the variance of single answers, right or wrong. These are scores of tasks, which vary in "
       "another way: use scores.std().") for k in (1, 5, 15, 25, 75)),
    *((lambda s, n=n: 1.96 * (s - s.mean()).abs().sum() / (len(s) - n) / math.sqrt(len(s)),
       "it takes the mean *absolute* deviation; the standard deviation squares each one, and takes the root last.")
      for n in (0, 1)),
    (lambda s: 1.96 * (s - s.median()).abs().median() / math.sqrt(len(s)),
     "it takes the median deviation; the interval of a mean uses the standard deviation."),
    (_squares, "the mean is not subtracted: the standard deviation squares differences *from the mean*."),
    (lambda s: 1.96 * s.square().mean().sqrt() / math.sqrt(len(s)),
     "the mean is not subtracted: the standard deviation squares differences *from the mean*."),
    (lambda s: _squares((s - s.mean())[:-1], len(s)), _LAST),
    (lambda s: 1.96 * _error(s[:-1]), _LAST),
    (lambda s: _squares((s - s.mean())[1:], len(s)), "the first score is left out of the sum: lists begin at 0."),
    (lambda s: _squares(s - s.median()), "it takes differences from the median; take them from the mean."),
    (lambda s: 1.96 * (s.std() / len(s)).sqrt(), _ROOT),
    (lambda s: 1.96 * (s.std() / math.sqrt(len(s))).sqrt(), _ROOT),
    (lambda s: (1.96 * s.var() / len(s)).sqrt(), "1.96 stands under the square root: multiply after taking the root."),
    (lambda s: (1.96 * s.std() / len(s)).sqrt(), "1.96 and the standard deviation stand under the square root: it goes "
                                                 "around n alone, 1.96 * std / sqrt(n)."),
    (lambda s: 1.96 * s.std() * math.sqrt(len(s)), "it multiplies by the square root of n; divide by it."),
    (lambda s: 1.96 * s.std() * len(s), "it multiplies by n; divide by its square root."),
    (lambda s: 1.96 * (s - s.mean()).abs() / math.sqrt(len(s)),
     "it gives a number for each score. The result should be a number, but it is a float32 tensor: take the standard "
     "deviation, which is one number for all scores."),
    (lambda s: s.shape, "it gives a number for each score; give one for all of them."),
    (lambda s: 1.96 * _error(s) / s.mean(), "it is divided by the mean; give it in the units of the scores."),
    *((lambda s, k=k: ci95(s[:k]), f"it looks at the first {k} scores only; take all.") for k in range(2, 600)),
]  # fmt: skip


def _sizes(got, scores: Tensor, interval=ci95) -> list[tuple]:
    """Mistakes with a number that is read from what was given for the first scores: n written in, or a wrong 1.96."""
    got = as_number(got)
    ratio = got / interval(scores) if got is not None and got > 0 else math.nan
    if not math.isfinite(ratio):
        return []
    n = len(scores) / ratio**2  # that many scores seem to be counted
    known = []
    if n < 1e7 and abs(n - round(n)) < 1e-3 * n:
        known.append((lambda s: interval(s) * math.sqrt(len(s) / round(n)),
                      f"it divides by the square root of {round(n)}, however many tasks there are: n is "
                      "len(scores)."))  # fmt: skip
    times = round(n / len(scores))
    if times > 1 and abs(n / len(scores) - times) < 1e-3 * times:
        known.append((lambda s: interval(s) / math.sqrt(times),
                      f"it counts {times} times as many scores as there are tasks. Count tasks: neither their queries, "
                      "which are right or wrong together, nor anything else."))  # fmt: skip
    known.append((lambda s: interval(s) * ratio,
                  f"it takes {1.96 * ratio:.4g} standard errors; for 95 % it is 1.96 of them."))  # fmt: skip
    return known


def _given(call, *scores: Tensor):
    """What the learner's function gives; nothing where it fails, which `compare` will say."""
    try:
        return call(*(one.clone() for one in scores))
    except Problem:
        return None


def judge_ci95(call):
    """`ci95`; scores that are nearly the same come last, where all else is right."""

    def mistakes():
        yield from _CI_MISTAKES
        (few,) = _SCORES["five scores"]
        yield from _sizes(_given(call, few), few)

    compare(call, ci95, _SCORES, mistakes())
    try:
        compare(call, ci95, _CLOSE)
    except Problem as problem:
        raise Problem(f"{problem}\n  In float32, the mean of the squares minus the square of the mean loses its digits "
                      "there: subtract the mean from each score first, and then square, as Tensor.std "
                      "does.") from None  # fmt: skip


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
      for half, message in _CI_MISTAKES),
]  # fmt: skip


def judge_pair(call):
    """`paired_difference`."""

    def mistakes():
        yield from _PAIR_MISTAKES
        a, b = _PAIRS["30 tasks"]
        got = _given(call, a, b)
        for half, message in _sizes(got[1], a - b) if isinstance(got, tuple | list) and len(got) == 2 else ():
            yield (_gap_and(lambda a, b, half=half: half(a - b)),
                   f"in half the width of its interval: {message}")  # fmt: skip

    compare(call, paired_difference, _PAIRS, mistakes(), _NAMES)
