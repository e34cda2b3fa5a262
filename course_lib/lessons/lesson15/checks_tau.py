"""What `check` looks at in Kendall's tau and its ceiling, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

from functools import cache
from math import nan, pi, sin, sqrt

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form, same
from course_lib.lessons.lesson15.checks_special import Through, special
from course_lib.lessons.lesson15.checks_tau_known import TAU_MISTAKES, TOP_MISTAKES, pairs_of, top
from course_lib.lessons.lesson15.kendall import noisy_truths, tau_and_ceiling


def _drawn(n: int, seeds: int, seed: int, agreement: float = 0.5, levels: int = 0) -> tuple[Tensor, Tensor]:
    """Scores `[n]` and accuracies `[seeds, n]` in 64ths; with `levels`, many scores are equal."""
    g = torch.Generator().manual_seed(seed)
    true, truths = noisy_truths(agreement, seeds, n, g)
    scores = true + 0.8 * torch.randn(n, generator=g, dtype=torch.float64)
    if levels:
        scores = (levels * torch.sigmoid(scores)).round()
    return scores, ((0.7 + 0.1 * truths) * 64).round() / 64


@cache
def _cases() -> dict[str, tuple]:
    return {
        "9 architectures and 3 trainings": _drawn(9, 3, 12, 0.7),
        "12 architectures and 2 trainings": _drawn(12, 2, 1, 0.6),
        "a predictor with three different scores, 4 trainings": _drawn(14, 4, 2, 0.4, levels=2),
        "5 architectures and 5 trainings": _drawn(5, 5, 17, 0.5),
        "6 architectures and 3 trainings, of which two hardly agree": _drawn(6, 3, 120, 0.35),
        "a predictor that is worse than chance": (-_drawn(10, 3, 6)[0], _drawn(10, 3, 6)[1]),
        "20 architectures, of which a few are equal": _drawn(20, 3, 4, 0.5, levels=9),
    }


def _r(truths: Tensor) -> float:
    r, S = sin(pi / 2 * sum(pairs_of(truths)) / len(pairs_of(truths))), len(truths)
    inside = S * r / (1 + (S - 1) * r)
    return sqrt(inside) if 0 <= inside <= 1 else nan


_NEGATIVE = [
    (top(floor=lambda mean: abs(mean)), "an agreement below 0 loses its sign. It counts as 0: there is nothing that "
     "could be known."),
    (lambda scores, truths: nan, "where two trainings agree with a tau below 0, the root of a number below 0 is taken. "
     "Then take 0: max(mean, 0)."),
    (lambda scores, truths: (2 / pi * torch.tensor(_r(truths)).asin()).item() if _r(truths) == _r(truths) else nan,
     "where two trainings agree with a tau below 0, the root of a number below 0 is taken. Then take 0: max(mean, 0)."),
]  # fmt: skip


def _pair(found) -> tuple:
    """Two numbers, in whatever they are."""
    parts = found.tolist() if hasattr(found, "tolist") and getattr(found, "ndim", 0) == 1 else found
    if not isinstance(parts, tuple | list) or len(parts) != 2 or any(as_number(p) is None for p in parts):
        said = f"{form(found)} of {' and '.join(form(p) for p in parts)}" if isinstance(parts, tuple | list) else None
        raise Problem(f"two numbers are wanted, tau and the ceiling, but it returned {said or form(found)}.")
    return tuple(as_number(part) for part in parts)


def judge_tau(call):
    """`tau_and_ceiling`: tau first, then the ceiling; no order at all, and trainings that do not agree."""

    def part(of, i):
        return lambda scores, truths: _pair(of(scores, truths))[i]

    def mine(i):
        return Through(call, part(call, i))

    try:
        alone = call(*next(iter(_cases().values())))
        if as_number(alone) is not None and same(as_number(alone), tau_and_ceiling(*next(iter(_cases().values())))[0]):
            raise Problem("only tau is returned, and it is right. (tau, ceiling) is wanted.")
        compare(mine(0), part(tau_and_ceiling, 0), _cases(), TAU_MISTAKES)
    except Problem as problem:
        raise Problem(_said(problem, "tau")) from None
    try:
        compare(mine(1), part(tau_and_ceiling, 1), _cases(), TOP_MISTAKES)
    except Problem as problem:
        raise Problem(_said(problem, "the ceiling")) from None
    _, truths = _drawn(8, 2, 9, 0.6)
    flat = {"a predictor that gives all architectures the same score": (torch.full((8,), 0.5, dtype=torch.float64),
                                                                        truths)}  # fmt: skip
    special(mine(0), part(tau_and_ceiling, 0), flat, [
        (lambda scores, truths: nan, "where the scores are all equal, 0 is divided by 0, and tau is nan. Then it is "
         "0: no order was said."),
        (lambda scores, truths: 1.0, "where the scores are all equal, tau is 1 here. No order was said: it is 0."),
    ], "Where one side says that all are equal, tau is 0: look at what you divide by.")  # fmt: skip
    scores = torch.tensor([0.3, 0.1, 0.7, 0.4], dtype=torch.float64)
    against = torch.tensor([[0.5, 0.6, 0.7, 0.8], [0.8, 0.6, 0.7, 0.5]], dtype=torch.float64)
    special(mine(1), part(tau_and_ceiling, 1), {"two trainings that agree with a tau below 0": (scores, against)},
            _NEGATIVE, "A mean tau below 0 counts as 0: max(mean, 0).")  # fmt: skip
    float32 = {"125 architectures in float32": tuple(p.float() for p in _drawn(125, 3, 5, 0.5))}
    for i in (0, 1):
        special(mine(i), part(tau_and_ceiling, i), float32, [], "The lesson's tables are float32.")


def _said(problem: Problem, which: str) -> str:
    """What differs, with the name of the number that does."""
    said = str(problem).replace("the numbers differ: it", f"{which} differs: it")
    if "must match the size" in said or "shape" in said and "broadcast" in said:
        said += "\n  scores is [n] and truths [S, n]: the truth is the mean over trainings, .mean(0), [n]."
    return said
