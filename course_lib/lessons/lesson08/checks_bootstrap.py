"""What `check` looks at in `paired_bootstrap` of lesson 08, whose answer is random, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.exercises.results import as_number, form
from course_lib.statistics import paired_bootstrap

DRAWS = 4000  # then an end of the interval is known to about 1 % of its width
_NEAR = 0.05  # of the width: how far an end may be off


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _pairs(n: int, shared: float, own: float, gap: float) -> tuple[Tensor, Tensor]:
    """Scores of two learners: what they share, what each has of its own, and a gap; the mean difference is the gap."""
    ease, first, second = torch.randn(3, n, generator=_seeded(8), dtype=torch.float64)
    difference = own * (first - second)
    a = 0.6 + shared * ease
    return a + gap - difference.mean() + difference, a


def _skewed() -> tuple[Tensor, Tensor]:
    """Twelve tasks; the last one makes most of the difference, so the interval is not even on both sides."""
    second = 0.55 + 0.05 * torch.randn(12, generator=_seeded(2), dtype=torch.float64)
    return second + torch.linspace(-4.5, -0.9, 12, dtype=torch.float64).exp(), second


#: Pairs of scores, and in words what is special about them.
CASES = {
    "60 tasks": _pairs(60, 0.10, 0.02, 0.03),
    "40 tasks, of which the second learner does better": _pairs(40, 0.08, 0.03, -0.02),
    "12 tasks of which the last has by far the largest difference": _skewed(),
    "12 tasks of which the first has by far the largest difference": tuple(x.flip(0) for x in _skewed()),
}


def _quantiles(means: Tensor, low: float = 0.025, high: float = 0.975) -> tuple[float, float]:
    return tuple(means.quantile(torch.tensor([low, high], dtype=means.dtype)).tolist())


def _means(d: Tensor, start: int = 0, end: int = 0) -> Tensor:
    """Means of drawn test sets; the first `start` and the last `end` tasks are never drawn."""
    return d[torch.randint(start, len(d) - end, (DRAWS, len(d)), generator=_seeded(1))].mean(1)


def _ends(low: float, high: float):
    return lambda a, b: _quantiles(_means(a - b), low, high)


def _around(half):
    """Mean of the differences plus and minus something."""
    return lambda a, b: ((a - b).mean().item() - half(a, b), (a - b).mean().item() + half(a, b))


def _apart(a, b):
    return _quantiles(_means(a) - b[torch.randint(len(b), (DRAWS, len(b)), generator=_seeded(3))].mean(1))


def _answers(a, b):
    generator = _seeded(4)
    first, second = (torch.bernoulli(x.clamp(0, 1).expand(DRAWS, -1), generator=generator).mean(1) for x in (a, b))
    return _quantiles(first - second)


def _medians(a, b):
    d = a - b
    return _quantiles(d[torch.randint(len(d), (DRAWS, len(d)), generator=_seeded(1))].median(1).values)


def _normal(a, b):
    means = _means(a - b)
    return (means.mean() - 1.96 * means.std()).item(), (means.mean() + 1.96 * means.std()).item()


def _basic(a, b):
    low, high = _quantiles(_means(a - b))
    return 2 * (a - b).mean().item() - high, 2 * (a - b).mean().item() - low


#: Their ends jump, since they are those of few values: they are compared less closely.
_COARSE = [
    (lambda a, b: _quantiles(a - b), "this is how much *single tasks* differ. Each draw has as many tasks as there "
                                     "are, and only its mean counts: take the percentiles of the means."),
    (_answers, "it draws answers within each task. Queries of a task are not independent: draw whole tasks."),
]  # fmt: skip
_FIXED = "the positions in the sorted means are those of {} draws. They have to grow with `draws`."
_MISTAKES = [
    (lambda a, b: ((a - b).mean().item(), 1.96 * (a - b).std().item() / math.sqrt(len(a))),
     "this is mean and half-width. Return the two ends of the interval, low and high."),
    (_ends(0.975, 0.025), "the ends are exchanged: the low one comes first."),
    (lambda a, b: _quantiles(_means(b - a)), "the sign is turned round: it is `first` minus `second`."),
    (_apart, "the two sides are drawn independently, so what makes a task hard for both no longer cancels. Draw tasks "
             "once, and score both learners on the same ones."),
    (_ends(0.05, 0.95), "this is a 90 % interval: 5 % of the draws lie outside on *each* side. Leave out 2.5 % on "
                        "each."),
    (_ends(0.16, 0.84), "this is the spread of one standard error. Take the 2.5 % and the 97.5 % quantile."),
    (_ends(0.0, 1.0), "this is the smallest and the largest mean: it grows with `draws`. Take the 2.5 % and the 97.5 % "
                      "quantile."),
    (_ends(0.25, 0.75), "this is the middle half of the means: 0.25 and 0.75. Take 0.025 and 0.975."),
    (_ends(0.005, 0.995), "this is a 99 % interval. Leave out 2.5 % of the draws on each side."),
    (_ends(25 / DRAWS, 975 / DRAWS), _FIXED.format("1,000")),
    (_ends(50 / DRAWS, 1950 / DRAWS), _FIXED.format("2,000")),
    (_basic, "the two sides are exchanged: this is twice the mean minus the percentiles (a \"basic\" interval). Return "
             "the percentiles themselves."),
    (_normal, "it goes 1.96 standard deviations of the drawn means to both sides, which again assumes a normal curve. "
              "Take the percentiles of the means: 2.5 % and 97.5 %."),
    (_around(lambda a, b: 1.96 * (a - b).std().item() / math.sqrt(len(a))),
     "this is the formula with 1.96, which assumes a normal curve. Draw new test sets, and take the percentiles of "
     "their means."),
    (lambda a, b: _quantiles(_means(a - b, end=1)), "the last task is never drawn: torch.randint leaves out its upper "
                                                    "end by itself, so give it n."),
    (lambda a, b: _quantiles(_means(a - b, start=1)), "the first task is never drawn: positions begin at 0."),
    (lambda a, b: _quantiles(_means((a - b).abs())), "it drops the sign of the differences (abs). A task on which "
                                                     "`second` is better must count against `first`."),
    (_medians, "it takes the median of each drawn test set. The mean is asked for."),
    (lambda a, b: _quantiles(_means(a)), "this is the interval of `first` alone. Subtract `second`, task by task."),
    (lambda a, b: _quantiles(_means(a - b) * len(a)), "it adds up the differences of each drawn test set. Take their "
                                                      "mean."),
]  # fmt: skip


def _near(found: tuple[float, float], other: tuple[float, float], near: float = _NEAR) -> bool:
    room = near * max(abs(other[1] - other[0]), 1e-9)
    return all(abs(f - o) <= room for f, o in zip(found, other, strict=True))


def judge_bootstrap(call):
    """`paired_bootstrap`: its ends lie where those of many draws do; then one draw, and the generator."""
    _judge_size(call)
    found = {said: _two(call(a, b, DRAWS, _seeded(5))) for said, (a, b) in CASES.items()}
    right = {said: paired_bootstrap(a, b, 5 * DRAWS, _seeded(6)) for said, (a, b) in CASES.items()}
    wrong = [said for said in CASES if not _near(found[said], right[said])]
    if wrong:
        _refuse_known(found, right)
        (low, high), said = right[wrong[0]], wrong[0]
        raise Problem(f"for {said} the interval should go from about {low:.4f} to {high:.4f}, but it goes from "
                      f"{found[said][0]:.4f} to {found[said][1]:.4f}.")  # fmt: skip
    _judge_chance(call, *CASES["60 tasks"])


def _refuse_known(found: dict[str, tuple[float, float]], right: dict[str, tuple[float, float]]):
    if all(abs(high - low) < 1e-6 for low, high in found.values()):
        means = [(a - b).mean().item() for a, b in CASES.values()]
        if all(abs(low - mean) < 1e-5 for (low, _), mean in zip(found.values(), means, strict=True)):
            raise Problem("all draws have the same mean. Draw *with replacement*: a task may come twice, another not "
                          "at all. torch.randint does; torch.randperm only shuffles.")  # fmt: skip
        raise Problem("every draw is the same one. Is the generator made or seeded anew for each draw?")
    for formula, message in _COARSE:
        if all(_near(found[said], formula(a, b), 0.2) for said, (a, b) in CASES.items()):
            raise Problem(message)
    for formula, message in _MISTAKES:
        if all(_near(found[said], formula(a, b)) for said, (a, b) in CASES.items()):
            raise Problem(message)
    if all(_far_too_narrow(found[said], right[said], (a - b).mean().item()) for said, (a, b) in CASES.items()):
        raise Problem("the interval is far too narrow: as if a new test set had as many tasks as there are draws. Each "
                      "*draw* gives one mean, over the tasks in it: [draws, tasks] needs mean(1).")  # fmt: skip
    if all(found[said][1] < right[said][0] for said in CASES):
        raise Problem("both ends lie among the lowest draws. The percentiles are in the wrong unit: np.percentile "
                      "wants per cent (2.5 and 97.5), quantile wants fractions.")  # fmt: skip


def _far_too_narrow(found: tuple[float, float], right: tuple[float, float], mean: float) -> bool:
    width = right[1] - right[0]
    return 0 < found[1] - found[0] < 0.3 * width and all(abs(end - mean) < 0.2 * width for end in found)


def _judge_chance(call, a, b):
    def of(seed, draws=50):
        return _two(call(a, b, draws, _seeded(seed)))

    if of(1) == of(2) or of(1) != of(1):
        raise Problem("the same generator must give the same draws, and another one others: pass it on, as in "
                      "torch.randint(..., generator=generator).")  # fmt: skip
    if of(1, draws=1)[0] != of(1, draws=1)[1]:
        raise Problem("with draws=1 there is one mean, so both ends are equal. Is the number of draws used?")


def _judge_size(call):
    """As many tasks in a draw as there are: of five, one of which differs by 1, the mean is a number of fifths."""
    first, second = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0], dtype=torch.float64), torch.zeros(5, dtype=torch.float64)
    drawn = [_two(call(first, second, 1, _seeded(seed))) for seed in range(20)]

    def whole(size: int) -> bool:
        return all(low == high and abs(size * low - round(size * low)) < 1e-4 for low, high in drawn)

    sizes = [size for size in (5, 2, 3, 4, 6, 7, 8, 9, 10) if whole(size)]
    if sizes and sizes[0] != 5:
        raise Problem(f"a new test set must have as many tasks as the old one, but of 5 tasks it draws {sizes[0]}.")


def _two(answer) -> tuple[float, float]:
    pair = isinstance(answer, tuple | list) or (isinstance(answer, torch.Tensor) and answer.ndim == 1)
    if not pair or len(answer) != 2 or any(as_number(end) is None for end in answer):
        raise Problem("it should return two numbers, the low and the high end of the interval. It returned "
                      f"{form(answer)}.")  # fmt: skip
    return as_number(answer[0]), as_number(answer[1])
