"""The exercises of lesson 08: a fair comparison. The judges of what is reported stand in `reporting.py`."""

from __future__ import annotations

import math

import torch

from course_lib.exercises.engine import Exercise, Problem, compare
from course_lib.lessons.lesson08.calibration import Reliability, reliability
from course_lib.lessons.lesson08.checks_reporting import judge_flaws, judge_honest, judge_study
from course_lib.lessons.lesson08.results_sections import honest_result, name_flaws
from course_lib.lessons.lesson08.study import study
from course_lib.statistics import paired_bootstrap, tasks_needed

_G = torch.Generator().manual_seed(8)


def _spread(scores):
    return scores.double().std().item()


_NEEDED = [(torch.rand(n, generator=_G) / 3 + 0.6, half) for n, half in ((40, 0.0071), (60, 0.013), (25, 0.021))]
_NEEDED_MISTAKES = [
    (lambda s, h: math.floor((1.96 * _spread(s) / h) ** 2), "it rounds down, so the interval comes out a little too "
                                                            "wide. Round up: math.ceil."),
    (lambda s, h: math.ceil(1.96 * _spread(s) / h), "the square is missing. Half as wide takes *four* times as many "
                                                    "tasks."),
    (lambda s, h: math.ceil((_spread(s) / h) ** 2), "the factor 1.96 is missing: half the width is 1.96 standard "
                                                    "errors."),
    (lambda s, h: math.ceil((2 * 1.96 * _spread(s) / h) ** 2), "it takes `half` for the whole width."),
    (lambda s, h: math.ceil((1.96 * s.double().std(correction=0).item() / h) ** 2),
     "it uses the standard deviation that divides by n; Tensor.std divides by n - 1 by default."),
    (lambda s, h: math.ceil((1.96 * _spread(s) / math.sqrt(len(s)) / h) ** 2),
     "it starts from the standard *error* of the first test. How much single tasks differ is the standard deviation; "
     "the number of tasks is what you are looking for."),
    (lambda s, h: math.ceil((1.96 * _spread(s) ** 2 / h) ** 2), "it uses the variance; use the standard deviation."),
    (lambda s, h: math.ceil(s.double().mean().item() * (1 - s.double().mean().item()) * (1.96 / h) ** 2),
     "p (1 - p) is the variance of single *queries*. Tasks are what is independent: use the standard deviation of "
     "the scores."),
    (lambda s, h: math.ceil((1.96 * _spread(s) / h) ** 2) - len(s), "it says how many *more* tasks; all of them "
                                                                    "count."),
]  # fmt: skip


def _judge_needed(call):
    def whole(scores, half):
        answer = call(scores, half)
        if isinstance(answer, float) and not answer.is_integer():
            raise Problem(f"it returns {answer:.4g}, but there is no part of a task: round up to a whole number.")
        return int(answer)

    compare(whole, tasks_needed, _NEEDED, _NEEDED_MISTAKES)


def _pairs(n: int, shared: float, own: float, gap: float):
    """Scores of two learners: what they share, what each has of its own, and a gap; the mean difference is the gap."""
    ease, first, second = torch.randn(3, n, generator=torch.Generator().manual_seed(8))
    difference = own * (first - second)
    a = 0.6 + shared * ease
    return a + gap - difference.mean() + difference, a


def _width(scores):
    return 2 * 1.96 * scores.double().std(correction=0).item() / math.sqrt(len(scores))


DRAWS = 4000  # so that an end of the interval is known to about 3 % of its width


def _near(value: float, target: float, tolerance: float = 0.08) -> bool:
    return abs(value - target) <= tolerance * abs(target)


def _judge_bootstrap(call):
    """Random, so judged by what must hold: centre and width, one draw, and the generator."""
    for a, b in (_pairs(60, 0.10, 0.02, 0.03), _pairs(40, 0.08, 0.03, -0.02)):
        low, high = _ends(call(a, b, DRAWS, torch.Generator().manual_seed(0)))
        difference = a - b
        middle, width, right = (low + high) / 2, high - low, _width(difference)
        gap = difference.mean().item()
        if _near(low, gap, 0.02) and _near(high, right / 2, 0.15):
            raise Problem("this is mean and half-width. Return the two ends of the interval, low and high.")
        if width < 0:
            raise Problem("the ends are exchanged: the low one comes first.")
        if width < 1e-6:
            raise Problem("all draws have the same mean. Draw *with replacement*: a task may come twice, another not "
                          "at all. torch.randint does; torch.randperm only shuffles.")  # fmt: skip
        if width < 0.5 * right and high < gap - 0.1 * right:
            raise Problem("both ends lie among the lowest draws. The percentiles are in the wrong unit: np.percentile "
                          "wants per cent (2.5 and 97.5), quantile wants fractions.")  # fmt: skip
        if abs(middle + gap) < 0.1 * right:
            raise Problem("the sign is turned round: it is `first` minus `second`.")
        unpaired = math.hypot(_width(a), _width(b))
        queries = 2 * 1.96 * ((a * (1 - a) + b * (1 - b)).sum().item()) ** 0.5 / len(a)
        for wrong, message in (
            (unpaired, "the two sides are drawn independently, so what makes a task hard for both no longer cancels. "
                       "Draw tasks once, and score both learners on the same ones."),
            (queries, "it draws answers within each task. Queries of a task are not independent: draw whole tasks."),
            (right * math.sqrt(len(a)), "this is how much *single tasks* differ. Each draw has as many tasks as there "
                                        "are, and only its mean counts: take the percentiles of the means."),
            (right * 1.645 / 1.96, "this is a 90 % interval: 5 % of the draws lie outside on *each* side. Leave out "
                                   "2.5 % on each."),
            (right / 1.96, "this is the spread of one standard error. Take the 2.5 % and the 97.5 % quantile."),
        ):
            if _near(width, wrong) and not _near(width, right):
                raise Problem(message)
        if not _near(width, right, 0.08) or abs(middle - gap) > 0.08 * right:
            raise Problem(f"for differences with mean {gap:.4f} the interval should go from about "
                          f"{gap - right / 2:.4f} to {gap + right / 2:.4f}, but it goes from {low:.4f} to "
                          f"{high:.4f}.")  # fmt: skip
    _judge_chance(call, a, b)


def _judge_chance(call, a, b):
    def of(seed, draws=50):
        return _ends(call(a, b, draws, torch.Generator().manual_seed(seed)))

    if of(1) == of(2) or of(1) != of(1):
        raise Problem("the same generator must give the same draws, and another one others: pass it on, as in "
                      "torch.randint(..., generator=generator).")  # fmt: skip
    if of(1, draws=1)[0] != of(1, draws=1)[1]:
        raise Problem("with draws=1 there is one mean, so both ends are equal. Is the number of draws used?")


def _ends(answer) -> tuple[float, float]:
    if not isinstance(answer, tuple | list | torch.Tensor) or len(answer) != 2:
        raise Problem("it should return two numbers: the low and the high end of the interval.")
    return float(answer[0]), float(answer[1])


def _answers(n: int, bins: int):
    """Confidences that leave some bins empty, hit the edges of others, and answers that are right less often."""
    confidence = 0.3 + 0.7 * torch.rand(n, generator=_G)
    confidence[:3] = torch.tensor([0.5, 1.0, 0.75])
    return confidence, torch.rand(n, generator=_G) < confidence**1.5, bins


_ANSWERED = [_answers(400, 10), _answers(300, 4), (*(x.view(2, 50) for x in _answers(100, 5)[:2]), 5)]


def _binned(place, confidence, correct, bins, divide=True):
    place, confidence, correct = place.flatten(), confidence.flatten().double(), correct.flatten().double()
    sums = [torch.zeros(bins, dtype=torch.float64).index_add(0, place, x)
            for x in (torch.ones_like(confidence), confidence, correct)]  # fmt: skip
    return (sums[0], *(x / sums[0].clamp(min=1) for x in sums[1:])) if divide else tuple(sums)


def _place(confidence, bins):
    return (confidence.double() * bins).long().clamp(max=bins - 1)


_BIN_MISTAKES = [
    (lambda c, y, n: _binned(_place(c, n), c, y, n, divide=False), "these are sums. Divide by how many answers are in "
                                                                   "the bin."),
    (lambda c, y, n: tuple(torch.stack(x).double() for x in zip(*(
        (torch.tensor(float(m.sum())), c.double()[m].mean(), y.double()[m].mean())
        for m in (_place(c, n) == i for i in range(n))), strict=True)),
     "an empty bin gives 0 / 0, which is not a number. Write 0 there: nothing fell into it."),
    (lambda c, y, n: (_binned(_place(c, n), c, y, n)[0], (torch.arange(n) + 0.5).double() / n,
                      _binned(_place(c, n), c, y, n)[2]),
     "the confidence is the middle of the bin. Take the mean of the confidences that fell into it: they need not lie "
     "in the middle."),
    (lambda c, y, n: (_binned(_place(c, n), c, y, n)[0] / y.numel(), *_binned(_place(c, n), c, y, n)[1:]),
     "count holds shares; it should hold how many answers there are in each bin."),
    (lambda c, y, n: tuple(_binned(_place(c, n), c, y, n)[i] for i in (0, 2, 1)),
     "confidence and accuracy are exchanged."),
    (lambda c, y, n: (_binned(_place(c, n), c, y, n)[0], _binned(_place(c, n), c, y, n)[1],
                      1 - _binned(_place(c, n), c, y, n)[2]), "this is the share of *wrong* answers."),
    (lambda c, y, n: _binned((c.double() * n).ceil().long().clamp(1, n) - 1, c, y, n),
     "the lower edge of a bin belongs to it, the upper one to the next bin: 0.5 of 10 bins is in bin 5."),
    (lambda c, y, n: _dropped(c, y, n), "a confidence of exactly 1 is in no bin. The last bin holds 1 too."),
]  # fmt: skip


def _dropped(c, y, n):
    inside = c < 1
    return _binned(_place(c[inside], n), c[inside], y[inside], n)


def _judge_bins(call):
    def parts(function):
        def answer(*args):
            found = function(*args)
            if isinstance(found, Reliability):
                found = found.count, found.confidence, found.accuracy
            if not isinstance(found, tuple | list) or len(found) != 3:
                raise Problem("it should return Reliability(count, confidence, accuracy).")
            return tuple(torch.as_tensor(x).double() for x in found)

        return answer

    compare(parts(call), parts(reliability), _ANSWERED, _BIN_MISTAKES,
            ("count", "confidence", "accuracy"))  # fmt: skip
    if not isinstance(call(*_ANSWERED[0]), Reliability):
        raise Problem("the numbers are right. Put them into Reliability(count, confidence, accuracy), so that later "
                      "cells can ask for its .ece.")  # fmt: skip


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
        _judge_bootstrap,
        (
            "Subtract first, task by task: then one set of numbers is drawn from, and pairing is kept by itself.",
            "chosen = torch.randint(n, (draws, n), generator=generator): each row is a test set of n tasks.",
            "means = (first - second)[chosen].mean(1); low and high are its 0.025 and 0.975 quantiles.",
        ),
    ),
    "reliability": Exercise(
        reliability,
        _judge_bins,
        (
            "The bin of a confidence is (confidence * bins), rounded down; 1 itself belongs to the last bin.",
            "For each bin i: inside = place == i. count is inside.sum(), the others are means over confidence[inside] "
            "and correct[inside]; if the bin is empty, 0.",
            "Stack the numbers of all bins and return Reliability(count, confidence, accuracy).",
        ),
    ),
    "name_flaws": Exercise(
        name_flaws,
        judge_flaws,
        (
            "Ask of each section: what was chosen, and by which data? What is independent of what? What was compared?",
            "Each flaw that fits at all fits exactly one section; two of the seven fit none.",
            "B: the peak of Figure 2 was found on the test tasks. C: a character and its quarter turn are not "
            "strangers.",
        ),
    ),
    "honest_result": Exercise(
        honest_result,
        judge_honest,
        (
            "Each run stops by itself: best = validation.argmax(1) is a checkpoint for each run.",
            "Read the test accuracy there: test[torch.arange(len(test)), best], one number a run.",
            "Return their .mean().item() and their .std().item().",
        ),
    ),
    "study": Exercise(
        study,
        judge_study,
        (
            "Write the registration first, without looking at low and high.",
            'Supported: low >= at_least. Refuted: high < at_least. Otherwise "undecided".',
            'return registration, "supported" if low >= registration["at_least"] else ...',
        ),
    ),
}  # fmt: skip
