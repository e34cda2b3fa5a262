"""What `check` looks at in successive halving, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

from functools import cache
from math import ceil, inf, nan

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson15.checks_halving_known import MISTAKES, dropped_first, halve, in_numbers
from course_lib.lessons.lesson15.checks_special import Through, special
from course_lib.lessons.lesson15.halving import successive_halving

_NAMES = ("the winner", "the price")


class Trainings:
    """Losses of settings at their rungs, and what was asked for.

    Args:
        curves: for each setting its losses at each rung.
        rungs: steps of training.
    """

    def __init__(self, curves: dict[int, tuple], rungs: tuple[int, ...]):
        self.curves, self.rungs, self.asked, self.calls = curves, rungs, [], 0

    def __call__(self, settings, steps) -> Tensor:
        self.calls += 1
        if not hasattr(settings, "__iter__"):
            raise ValueError("losses_after wants a list of settings, also for a single one: [setting].")
        listed = [int(i) for i in settings]
        if int(steps) not in self.rungs:
            raise ValueError(f"losses_after was asked for {int(steps)} steps. Steps are counted from the start of a "
                             f"training, and the rungs are {', '.join(map(str, self.rungs))}.")  # fmt: skip
        for i in listed:
            if i not in self.curves:
                raise ValueError(f"losses_after was asked for setting {i}, which is not one of `settings`. Is it a "
                                 "place in a list? alive[place] is the setting.")  # fmt: skip
        self.asked.append((listed, int(steps)))
        at = self.rungs.index(int(steps))
        return torch.tensor([self.curves[i][at] for i in listed], dtype=torch.float64)


def _drawn(settings: list, rungs: tuple, seed: int) -> dict:
    """Losses that fall at speeds of their own, so that they cross."""
    g = torch.Generator().manual_seed(seed)
    floor, speed = 0.2 + torch.rand(2, len(settings), generator=g, dtype=torch.float64)
    steps = torch.tensor(rungs, dtype=torch.float64) / rungs[-1]
    curves = floor + torch.exp(-4 * speed.square() * steps.unsqueeze(1)).T.mT + 0.05 * torch.rand(
        len(rungs), len(settings), generator=g, dtype=torch.float64)  # [rungs, settings]  # fmt: skip
    return {i: tuple(curve) for i, curve in zip(settings, curves.T.tolist(), strict=True)}


def _case(settings: list, rungs: tuple, factor: int, seed: int) -> tuple:
    return _drawn(settings, rungs, seed), settings, rungs, factor


@cache
def _cases() -> dict[str, tuple]:
    overfit = {12: (0.9, 0.7), 10: (0.3, 0.6), 17: (0.5, 0.5), 11: (0.6, 0.55), 13: (0.7, 0.9), 15: (0.8, 0.3),
               18: (0.95, 0.2), 16: (0.35, 0.52)}  # fmt: skip
    return {
        "10 settings, rungs (5, 15, 45), factor 3": _case([14, 3, 27, 8, 21, 5, 30, 11, 2, 19], (5, 15, 45), 3, 1),
        "7 settings, rungs (2, 10, 20, 60), factor 2": _case([4, 16, 9, 25, 13, 6, 20], (2, 10, 20, 60), 2, 2),
        "8 settings, of which some overfit in the end": (overfit, [*overfit], (10, 100), 2),
        "19 settings, rungs (4, 40), factor 4": _case([7 * i % 50 + 20 for i in range(19)], (4, 40), 4, 4),
        "5 settings and a single rung": _case([9, 7, 12, 30, 15], (50,), 3, 5),
    }  # fmt: skip


def _run(answer, seen: list | None = None):
    def run(curves, settings, rungs, factor):
        trainings = Trainings(curves, rungs)
        if seen is not None:
            seen.append(trainings)
        return answer(trainings, list(settings), rungs, factor)

    return run


_NAN_FIRST = "a loss of nan is taken for the best. It is worse than any other: torch.where(losses.isnan(), " \
             "torch.inf, losses) before they are compared."  # fmt: skip
_BLOWN = [
    *((halve(order=order), _NAN_FIRST) for order in (
        lambda losses: losses.nan_to_num(nan=-1e9).argsort(stable=True).tolist(),
        lambda losses: [int(losses.argmin()), *[j for j in in_numbers(losses).argsort(stable=True).tolist()
                                                if j != int(losses.argmin())]])),
    (halve(win=lambda alive, order, past: alive[int(torch.tensor([past[s][-1] for s in alive]).argmin())]),
     _NAN_FIRST),
    (halve(order=lambda losses: losses.nan_to_num(nan=0.0).argsort(stable=True).tolist()), "a loss of nan becomes 0, "
     "which is the best there is. torch.nan_to_num(losses, nan=torch.inf)."),
    (dropped_first, "what blew up is taken out before those that go on are counted, so that fewer go on. One in "
     "`factor` of *all* that are still there goes on."),
]  # fmt: skip


def judge_halving(call):
    """`successive_halving`: numbers that do not divide, nan, equal losses, and what is asked for."""
    seen: list[Trainings] = []
    run, right = Through(call, _run(call, seen)), _run(successive_halving)
    known = [(_run(wrong), said) for wrong, said in MISTAKES]
    try:
        compare(run, right, _cases(), known, _NAMES)
    except Problem as problem:
        raise Problem(_in_words(str(problem)) + _unasked(seen)) from None
    for words, (curves, settings, rungs, factor) in _cases().items():
        seen.clear()
        run(curves, settings, rungs, factor)
        _judge_asked(seen[0].asked, _needed(curves, settings, rungs, factor), words)
    blown = {
        "losses of which some are nan or infinite": (
            {5: (nan, 0.1), 2: (0.9, 0.8), 8: (inf, inf), 6: (0.7, nan), 4: (0.8, 0.5), 9: (nan, nan), 7: (1.5, 1.4)},
            [5, 2, 8, 6, 4, 9, 7], (5, 10), 2),
        "four settings, of which one has a loss of nan": (
            {3: (0.5, 0.4), 8: (nan, 0.1), 1: (0.7, 0.6), 6: (0.6, nan)}, [3, 8, 1, 6], (5, 10), 2),
        "three trainings of which two blow up in the end": (
            {3: (0.5, nan), 8: (0.4, inf), 1: (0.7, 0.6)}, [3, 8, 1], (5, 10), 1),
    }  # fmt: skip
    special(run, right, blown, [(_run(wrong), said) for wrong, said in _BLOWN], "nan and infinity are worse than any "
            "loss. torch.sort puts nan last, but argmin and min take it for the lowest, and sorted() puts it "
            "anywhere. A training that blows up costs its steps, too.", _NAMES)  # fmt: skip
    equal = {
        "settings with equal losses": (
            {9: (0.5, 0.2), 4: (0.5, 0.3), 7: (0.5, 0.1), 3: (0.5, 0.2), 5: (0.4, 0.2)}, [9, 4, 7, 3, 5], (5, 10), 2),
        "equal losses at the last rung": ({9: (0.5, 0.2), 4: (0.3, 0.2), 7: (0.6, 0.9)}, [9, 4, 7], (5, 10), 2),
    }  # fmt: skip
    special(run, right, equal, [
        (_run(halve(order=lambda losses: (len(losses) - 1 - losses.flip(0).argsort(stable=True)).tolist())), "of "
         "equal losses the later one is taken for the better. It is the one that comes earlier in `settings`."),
        (_run(lambda after, s, rungs, f: successive_halving(after, sorted(s), rungs, f)), "of equal losses the lower "
         "index is taken for the better. It is the one that comes earlier in `settings`."),
        (_run(_sorted_on), "those that go on are in the order of their last loss, so that of equal ones at the next "
         "rung the wrong one is taken: it is the one that comes earlier in `settings`. Put them back in order."),
    ], "Of equal losses, the one that comes earlier in `settings` is better: sort with stable=True, and keep those "
       "that go on in the order of `settings`. No more than one in `factor` goes on, rounded up, also of equal ones.",
       _NAMES)  # fmt: skip


def _sorted_on(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        price += len(alive) * (steps - before)
        places = losses_after(alive, steps).argsort(stable=True).tolist()
        left = 1 if i == len(rungs) - 1 else ceil(len(alive) / factor)
        alive, before = [alive[place] for place in places[:left]], steps
    return alive[0], price


def _needed(curves, settings, rungs, factor) -> dict[int, set]:
    trainings = Trainings(curves, rungs)
    successive_halving(trainings, settings, rungs, factor)
    return {steps: set(listed) for listed, steps in trainings.asked}


def _judge_asked(asked: list, needed: dict[int, set], words: str):
    for listed, steps in asked:
        more = [i for i in listed if i not in needed[steps]]
        if more:
            raise Problem(f"the numbers are right, but losses_after is asked for {len(more)} settings at {steps} steps "
                          f"that were left behind before, such as setting {more[0]}; that is for {words}. To answer, "
                          "they would have to be trained: ask for those that are still in the race.")  # fmt: skip


def _in_words(said: str) -> str:
    for part in ("ValueError: losses_after",):
        if part in said:
            at = said.index("losses_after")
            return said[at:]
    return said


def _unasked(seen: list[Trainings]) -> str:
    return "" if not seen or seen[0].calls else "\n  It never calls losses_after(settings, steps), which trains them."
