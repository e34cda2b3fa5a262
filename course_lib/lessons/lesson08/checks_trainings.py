"""What `check` looks at in `over_trainings` of lesson 08, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson08.reruns import over_trainings

_NAMES = ("the difference", "the half-width")


def _runs(generator: torch.Generator, trainings: int, mean: float, spread: float, tasks: int = 40) -> Tensor:
    """`[trainings, tasks]`: what a task is worth is shared by all trainings, and each has a level of its own."""
    ease = 0.08 * torch.randn(tasks, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    level = mean + spread * torch.randn(trainings, 1, generator=generator, dtype=torch.float64)
    return level + ease + 0.05 * torch.randn(trainings, tasks, generator=generator, dtype=torch.float64)


def _cases():
    generator = torch.Generator().manual_seed(8)
    for n, m, factor in ((10, 10, 2.26), (3, 3, 4.3), (8, 3, 4.3), (4, 9, 3.18)):
        args = _runs(generator, n, 0.87, 0.012, 40 + n), _runs(generator, m, 0.86, 0.02, 40 + n), factor
        yield f"{n} trainings against {m}, factor {factor}", args


def _known(half, gap=lambda a, b: a.mean() - b.mean()):
    """A formula from the means of the trainings, `a` and `b`, and the factor."""
    return lambda f, s, k: (float(gap(f.mean(1), s.mean(1))), float(half(f.mean(1), s.mean(1), k)))


def _error(a, b, correction=1):
    return (a.var(correction=correction) / len(a) + b.var(correction=correction) / len(b)).sqrt()


def _pooled(a, b):
    return ((len(a) - 1) * a.var() + (len(b) - 1) * b.var()) / (len(a) + len(b) - 2)


def _over(values):
    """Unpaired, over other values than the means of trainings."""
    return lambda f, s, k: ((values(f).mean() - values(s).mean()).item(), k * _error(values(f), values(s)).item())


def _paired(values):
    def formula(f, s, k):
        gap = values(f) - values(s)
        return gap.mean().item(), k * gap.std().item() / math.sqrt(len(gap))

    return formula


def _ends(gap, half):
    return gap - half, gap + half


def _tasks(runs):
    return runs.mean(0)


_TASKS = (
    "it averages over the trainings and counts *tasks*. The claim is about trainings that have not been made: take the "
    "mean over tasks first (axis 1), and count trainings."
)
_BY_NUMBER = (
    "it pairs training i of one recipe with training i of the other. They have nothing in common but the number, so "
    "nothing cancels, and there may be more of one than of the other. Each side has a standard error."
)
_MISTAKES = [
    (_over(torch.flatten), "it counts every score of every training. Those of one training share its network, so they "
                           "are not independent: a training gives one number, its mean over tasks."),
    (_over(_tasks), _TASKS), (_paired(_tasks), _TASKS),
    (_over(lambda runs: runs[0]), "it looks at the first training of each recipe only. All of them count."),
    (_paired(lambda runs: runs[0]), "it looks at the first training of each recipe only. All of them count."),
    (_known(lambda a, b, k: k * (a.var() + b.var()).sqrt()), "this is how much *single trainings* differ. The mean of "
     "n trainings is surer by the square root of n: divide each variance by its n."),
    (_known(lambda a, b, k: k * (a.std() / len(a) ** 0.5 + b.std() / len(b) ** 0.5)), "the two half-widths are added. "
     "The two sides are independent, so their *variances* add up: square, add, take the root."),
    (_known(lambda a, b, k: k * _error(a, b, 0)), "the variance divides by the number of trainings; divide by that "
                                                  "minus 1, as Tensor.var does by default."),
    (_known(lambda a, b, k: 1.96 * _error(a, b)), "it goes 1.96 standard errors to each side, whatever `factor` is. "
                                                  "With few trainings that is too few: use factor."),
    (_known(lambda a, b, k: 2.26 * _error(a, b)), "it goes 2.26 standard errors to each side, whatever `factor` is."),
    (_known(lambda a, b, k: _error(a, b)), "it goes one standard error to each side. Multiply by factor."),
    (_known(lambda a, b, k: k * _error(a, b), lambda a, b: b.mean() - a.mean()), "the sign is turned round: it is "
                                                                                 "`first` minus `second`."),
    (_known(lambda a, b, k: k * ((a.var() + b.var()) / len(a)).sqrt()), "both variances are divided by the number of "
     "trainings of `first`. `second` may have another number of them: divide each by its own."),
    (_known(lambda a, b, k: k * ((a.var() + b.var()) / len(b)).sqrt()), "both variances are divided by the number of "
     "trainings of `second`. `first` may have another number of them: divide each by its own."),
    (_known(lambda a, b, k: k * ((a.var() + b.var()) / min(len(a), len(b))).sqrt()), "both variances are divided by "
     "the smaller number of trainings. Divide each by its own."),
    (_known(lambda a, b, k: k * ((a.var() + b.var()) / (len(a) + len(b))).sqrt()), "the variances are divided by the "
     "trainings of both together. Each side has a mean of its own: divide each variance by its own n."),
    (_known(lambda a, b, k: k * torch.cat([a, b]).std() / (len(a) + len(b)) ** 0.5), "it puts the trainings of both "
     "into one pot. Each recipe has a mean and a spread of its own."),
    (_known(lambda a, b, k: k * _error(a, b) ** 2), "the root is missing: this is a variance. Its root is the standard "
                                                    "error."),
    (_known(lambda a, b, k: k * (_pooled(a, b) * (1 / len(a) + 1 / len(b))).sqrt()), "it uses one spread for both "
     "recipes. Each has its own: a.var() / len(a) + b.var() / len(b)."),
    (_known(lambda a, b, k: k * a.std() / len(a) ** 0.5), "the half-width is that of `first` alone. The mean of "
                                                          "`second` is unsure, too."),
    (_known(lambda a, b, k: k * b.std() / len(b) ** 0.5), "the half-width is that of `second` alone. The mean of "
                                                          "`first` is unsure, too."),
    (lambda f, s, k: _ends(*over_trainings(f, s, k)), "these are the two ends. Return the difference and half "
                                                      "the width."),
    (_known(lambda a, b, k: 2 * k * _error(a, b)), "this is the whole width. Return half of it."),
]  # fmt: skip


def judge_trainings(call):
    """`over_trainings`: by value; first whether trainings are paired, which fails where their numbers differ."""

    def two(first, second, factor):
        answer = call(first, second, factor)
        pair = isinstance(answer, tuple | list) or (isinstance(answer, torch.Tensor) and answer.ndim == 1)
        if not pair or len(answer) != 2 or any(as_number(value) is None for value in answer):
            raise Problem(
                f"it should return two numbers, the difference and half the width. It returned {form(answer)}."
            )
        return tuple(as_number(value) for value in answer)

    cases = dict(_cases())
    equal = [(f.clone(), s.clone(), k) for f, s, k in cases.values() if len(f) == len(s)]
    paired = _paired(lambda runs: runs.mean(1))
    if all(abs(two(*case)[1] - paired(*case)[1]) < 1e-6 for case in equal):
        raise Problem(_BY_NUMBER)
    compare(two, over_trainings, cases, _MISTAKES, _NAMES)
