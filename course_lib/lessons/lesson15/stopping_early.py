"""Successive halving on maps whose learning curves are known, at the price of so many full trials."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from course_lib.lessons.lesson15.halving import successive_halving
from course_lib.lessons.lesson15.portfolio import portfolio
from course_lib.lessons.lesson15.settings import KEPT, SETTINGS, STEPS, Maps
from course_lib.lessons.lesson15.strategies import cut


@dataclass(frozen=True)
class Plan:
    """How to halve: so many settings at the first rung, the best one in `factor` at the next.

    Args:
        settings: how many begin.
        rungs: steps of training, entries of KEPT.
        factor: how many are there for each that goes on.
        trials: how many full trials cost the same.
        remembers: whether the settings are a portfolio of other tasks; otherwise drawn at random.
    """

    settings: int
    rungs: tuple[int, ...]
    factor: int
    trials: int
    remembers: bool = False


#: Runs of stopping early. Each costs exactly `trials` full trainings.
PLANS = {
    f"{first} {whose}, from {rungs[0]} steps": Plan(first, rungs, factor, trials, whose == "of the portfolio")
    for first, rungs, factor, trials in [
        (16, (10, 20, 40, 80, 160), 2, 3),
        (6, (40, 160), 4, 3),
        (64, (10, 40, 160), 4, 10),
        (22, (40, 160), 4, 10),
    ]
    for whose in ("at random", "of the portfolio")
}


def halve(plan: Plan, maps: Maps, others: Tensor, generator: Generator, repeats: int = 1) -> tuple[Tensor, int]:
    """Search each map as a plan says.

    Args:
        maps: with their learning curves.
        others: losses on other tasks, `[others, settings]`, read where the plan remembers.
        generator: draws settings otherwise, anew for each map and repeat.
        repeats: searches of each map.

    Returns: the settings that win, `[tasks, repeats]`; and the price of one search in steps of training.
    """
    known, found, price = portfolio(cut(others), plan.settings) if plan.remembers else None, [], 0
    for curves in maps.curves:  # [settings, kept]

        def losses_after(settings: list[int], steps: int, curves: Tensor = curves) -> Tensor:
            return curves[settings, KEPT.index(steps)]

        for _ in range(repeats):
            first = known or torch.randperm(len(SETTINGS), generator=generator)[: plan.settings].tolist()
            winner, price = successive_halving(losses_after, first, plan.rungs, plan.factor)
            found.append(winner)
    return torch.tensor(found).view(len(maps), repeats), price


def full_trials(price: int) -> float:
    """A price in steps of training, in full trials."""
    return price / STEPS
