"""What `check` looks at in `ci95` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number
from course_lib.statistics import ci95

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

CI_MISTAKES = [
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
    (lambda s: _squares(s - s.mean()) * math.sqrt((len(s) - 1) / (len(s) - 2)),
     "it divides by n - 2; one number, the mean, was estimated: divide by n - 1."),
    (lambda s: 1.96 * s.std() / len(s) / 2, "/ n ** 1 / 2 divides by n and then by 2: write n ** 0.5."),
    (lambda s: 1.96 * s.std(correction=0) / len(s), "it divides by the number of tasks; divide by its square root."),
    (lambda s: s.std() / len(s), "it divides by the number of tasks, and 1.96 is missing: 1.96 * std / sqrt(n)."),
    (lambda s: s.var(), "that is the variance. Wanted is 1.96 * std / sqrt(n)."),
    (lambda s: s.var() / len(s), "that is the square of the standard error: take the root, and multiply by 1.96."),
    (lambda s: float(int(1.96 * _error(s))), "it is cut to a whole number: leave out int."),
    (lambda s: math.nan, "it gives nan, which is no number. Is the standard deviation taken of a single one, as the "
                         "mean is?"),
    (lambda s: s.mean(), "that is the mean. What is wanted is how far it can be trusted."),
    (lambda s: s.mean() + 1.96 * _error(s), "that is the upper end of the interval; give half its width alone."),
    (lambda s: s.mean() - 1.96 * _error(s), "that is the lower end of the interval; give half its width alone."),
    (lambda s: (s.mean() - 1.96 * _error(s), s.mean() + 1.96 * _error(s)),
     "these are the two ends of the interval; give one number, half its width."),
    (lambda s: torch.stack([s.mean() - 1.96 * _error(s), s.mean() + 1.96 * _error(s)]),
     "these are the two ends of the interval; give one number, half its width."),
    (lambda s: (s.mean(), 1.96 * _error(s)), "the result should be a number, but it is a tuple: leave the mean out."),
    (lambda s: _quantile(s, 0.025) / 2, _SPREAD),
    (lambda s: _quantile(s, 0.025), _SPREAD),
    (lambda s: _quantile(s, 0.05) / 2, _SPREAD),
    (lambda s: s.quantile(0.975) - s.mean(), _SPREAD),
    (lambda s: s.quantile(0.975), _SPREAD),
    (lambda s: s.max() - s.mean(), "that is how far the *largest* score is from the mean. Wanted is how far the mean "
                                   "can be trusted: 1.96 standard errors."),
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


def known_sizes(got, scores: Tensor, interval=ci95) -> list[tuple]:
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


def given(call, *scores: Tensor):
    """What the learner's function gives; nothing where it fails, which `compare` will say."""
    try:
        return call(*(one.clone() for one in scores))
    except Problem:
        return None


def judge_ci95(call):
    """`ci95`; scores that are nearly the same come last, where all else is right."""

    def mistakes():
        yield from CI_MISTAKES
        (few,) = _SCORES["five scores"]
        yield from known_sizes(given(call, few), few)

    compare(call, ci95, _SCORES, mistakes())
    try:
        compare(call, ci95, _CLOSE)
    except Problem as problem:
        raise Problem(f"{problem}\n  In float32, the mean of the squares minus the square of the mean loses its digits "
                      "there: subtract the mean from each score first, and then square, as Tensor.std "
                      "does.") from None  # fmt: skip
