"""The exercises of lesson 08: a fair comparison. The other judges are in `checks_bootstrap.py`,
`checks_trainings.py` and `checks_reporting.py`."""

from __future__ import annotations

import math

import torch

from course_lib.exercises.engine import Exercise, Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson08.checks_bootstrap import judge_bootstrap
from course_lib.lessons.lesson08.checks_reporting import judge_flaws, judge_honest
from course_lib.lessons.lesson08.checks_trainings import judge_trainings
from course_lib.lessons.lesson08.reruns import over_trainings
from course_lib.lessons.lesson08.results_sections import honest_result, name_flaws
from course_lib.statistics import paired_bootstrap, tasks_needed


def _needed_cases():
    generator = torch.Generator().manual_seed(8)
    for n, half in ((40, 0.0071), (60, 0.013), (25, 0.021)):
        yield f"{n} scores and ± {100 * half:g} points", (torch.rand(n, generator=generator) / 3 + 0.6, half)
    scores = torch.rand(80, generator=generator) / 3 + 0.6
    yield "80 scores and ± 4 points, for which fewer tasks are enough", (scores, 0.04)
    yield "30 scores and a very narrow interval", (torch.linspace(0.6, 0.95, 30).double(), 0.0011)


def _spread(scores):
    return scores.double().std().item()


def _n(s, h, spread=_spread, z=1.96):
    return (z * spread(s) / h) ** 2


def _in_first_test(s, h, otherwise):
    """As many of the first tasks as have a narrow enough interval themselves."""
    enough = (n for n in range(2, len(s) + 1) if 1.96 * _spread(s[:n]) / math.sqrt(n) <= h)
    return next(enough, math.ceil(otherwise(s, h)))


_NEEDED_MISTAKES = [
    (lambda s, h: math.floor(_n(s, h)), "it rounds down, so the interval comes out a little too wide. Round up: "
                                        "math.ceil."),
    (lambda s, h: round(_n(s, h)), "it rounds to the nearest whole number. Half of the time that is down, and the "
                                   "interval comes out a little too wide. Round up: math.ceil."),
    (lambda s, h: math.ceil(_n(s, h)) + 1, "it is one task more than needed. Round up once: math.ceil."),
    (lambda s, h: math.floor(_n(s, h)) + 2, "it is one task more than needed. Round up once: math.ceil."),
    (lambda s, h: math.ceil(1.96 * _spread(s) / h), "the square is missing. Half as wide takes *four* times as many "
                                                    "tasks."),
    (lambda s, h: math.ceil(_n(s, h, z=1)), "the factor 1.96 is missing: half the width is 1.96 standard errors."),
    (lambda s, h: math.ceil(_n(s, h, z=2)), "it takes 2 for 1.96. The lesson's intervals are 1.96 standard errors."),
    (lambda s, h: math.ceil(_n(s, h, z=1.645)), "1.645 is for 90 %. The lesson's intervals are 1.96 standard errors."),
    (lambda s, h: math.ceil(1.96 * _n(s, h, z=1)), "1.96 has to be squared, too."),
    (lambda s, h: math.ceil(4 * _n(s, h)), "it takes `half` for the whole width."),
    (lambda s, h: math.ceil(_n(s, h) / 4), "it is a quarter of what is needed: `half` is half the width already."),
    (lambda s, h: math.ceil(_n(s, h, lambda x: x.double().std(correction=0).item())),
     "it uses the standard deviation that divides by n; Tensor.std divides by n - 1 by default."),
    (lambda s, h: math.ceil(_n(s, h) / len(s)),
     "it starts from the standard *error* of the first test. How much single tasks differ is the standard deviation; "
     "the number of tasks is what you are looking for."),
    (lambda s, h: math.ceil(_n(s, h, lambda x: _spread(x) ** 2)), "it uses the variance; use the standard deviation."),
    (lambda s, h: math.ceil(s.double().mean().item() * (1 - s.double().mean().item()) * (1.96 / h) ** 2),
     "p (1 - p) is the variance of single *queries*. Tasks are what is independent: use the standard deviation of "
     "the scores."),
    (lambda s, h: math.ceil(_n(s, h)) - len(s), "it says how many *more* tasks; all of them count."),
    (lambda s, h: max(0, math.ceil(_n(s, h)) - len(s)), "it says how many *more* tasks; all of them count."),
    (lambda s, h: max(len(s), math.ceil(_n(s, h))), "it never says fewer tasks than the first test had. Where a wider "
                                                    "interval is enough, fewer will do."),
    (lambda s, h: math.ceil(len(s) * 1.96 * _spread(s) / math.sqrt(len(s)) / h),
     "it reckons that twice as many tasks make the interval half as wide. They make it narrower by the square root of "
     "2: square the ratio."),
    (lambda s, h: _in_first_test(s, h, _n), "it looks for the answer among the tasks of the first test. They only say "
                                            "how much tasks differ, all of them together; then solve for n."),
    (lambda s, h: math.ceil(1.96 * _spread(s) / h**2), "the numbers above the line have to be squared, too."),
    (lambda s, h: math.ceil(_n(s, h, lambda x: x.double().mean().item())), "it uses the mean of the scores. What "
                                                                          "counts is how much they differ: std."),
    (lambda s, h: math.ceil(_n(s, h, lambda x: (x.max() - x.min()).item())), "it uses the range of the scores; use "
                                                                             "their standard deviation."),
]  # fmt: skip


_LIMITS = {a * 10**b for a in (1, 2, 5) for b in range(2, 6)}  # where a search is given up


def _judge_needed(call):
    def whole(scores, half):
        answer = call(scores, half)
        number = as_number(answer)
        if number is None:
            raise Problem(f"it should return one whole number, but it returned {form(answer)}.")
        if not number.is_integer():
            raise Problem(f"it returns {number:.4g}, but there is no part of a task: round up to a whole number.")
        right = tasks_needed(scores, half)
        ratio = number / right
        if right > 10_000 and number < right and (number in _LIMITS or number + 1 in _LIMITS):
            raise Problem(f"it stops at {number:,.0f}, but {right:,} are needed here. There is no largest number of "
                          "tasks: solve for n, or search on.")  # fmt: skip
        if abs(ratio / 1e4 - 1) < 0.01 or (number <= 1 and ratio < 0.1):
            raise Problem("half is in units of the scores already: no factor of 100 is needed.")
        return int(number)

    compare(whole, tasks_needed, dict(_needed_cases()), _NEEDED_MISTAKES)
    even = torch.tensor([0.875, 0.875, 0.875, 0.375]), 1.96 / 16  # standard deviation 1 / 4: 16 tasks, exactly
    if whole(*even) == 17:
        raise Problem("where it comes out even, nothing has to be rounded, and it says one task too many. math.ceil "
                      "leaves a whole number as it is.")  # fmt: skip
    compare(whole, tasks_needed, {"4 scores, for which it comes out even": even})


EXERCISES = {
    "tasks_needed": Exercise(
        tasks_needed,
        _judge_needed,
        (
            "The half-width for n tasks is 1.96 * scores.std() / sqrt(n). Set it equal to half, and solve for n.",
            "n = (1.96 * scores.std() / half) ** 2, rounded up.",
            "return math.ceil((1.96 * scores.std().item() / half) ** 2)",
        ),
    ),
    "paired_bootstrap": Exercise(
        paired_bootstrap,
        judge_bootstrap,
        (
            "Subtract first, task by task: then one set of numbers is drawn from, and pairing is kept by itself.",
            "chosen = torch.randint(n, (draws, n), generator=generator): each row is a test set of n tasks.",
            "means = (first - second)[chosen].mean(1); low and high are its 0.025 and 0.975 quantiles.",
        ),
    ),
    "over_trainings": Exercise(
        over_trainings,
        judge_trainings,
        (
            "A training gives one number, its mean over tasks. From here on those numbers are all that counts.",
            "Each side has a standard error, std() / sqrt(its number of trainings). The two sides are independent.",
            "half = factor * sqrt(a.var() / len(a) + b.var() / len(b)), where a = first.mean(1), b = second.mean(1).",
        ),
    ),
    "name_flaws": Exercise(
        name_flaws,
        judge_flaws,
        (
            "For each text ask: on which tasks was something chosen, what was seen in training, what is counted?",
            "Three names of the table fit none of your sections. The others fit one each.",
            "Ask what would have come out with other test tasks, with other seeds, with the same care for both.",
        ),
    ),
    "honest_result": Exercise(
        honest_result,
        judge_honest,
        (
            "First the checkpoint of each run: validation.argmax(1). Then the test accuracy there.",
            "test.gather(1, best[:, None])[:, 0] reads one checkpoint in each run.",
            "Return chosen.mean() and chosen.std(), each a number.",
        ),
    ),
}  # fmt: skip
