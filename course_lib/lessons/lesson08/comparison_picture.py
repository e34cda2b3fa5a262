"""What the comparison explorer shows: many tests of the same two learners, and their static picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.compute.seeding import EVALUATE, generator_for
from course_lib.plots import COLORS, new_figure
from course_lib.statistics import ci95, paired_difference, unpaired_difference

TESTS = 20  # tests that are shown; the first one is the one of the upper panel
COLOR = {"first": COLORS[0], "second": COLORS[1], "neither": "#808080"}


@dataclass(frozen=True)
class Outcomes:
    """`TESTS` tests of two learners, in points of accuracy, each on tasks of its own.

    Args:
        means: `[2, TESTS]` accuracy of each learner in each test, %.
        halves: `[2, TESTS]` half the width of its 95 % interval.
        difference: `[TESTS]` first minus second.
        half: `[TESTS]` half the width of the interval of the difference.
        truth: `[2]` accuracy of each over all stored tasks, %.
    """

    means: Tensor
    halves: Tensor
    difference: Tensor
    half: Tensor
    truth: Tensor

    @property
    def verdicts(self) -> list[str]:
        """Of each test which learner its interval says is better: "first", "second" or "neither"."""
        low, high = self.difference - self.half, self.difference + self.half
        return ["first" if a > 0 else "second" if b < 0 else "neither" for a, b in zip(low, high, strict=True)]


def draw_tests(first: Tensor, second: Tensor, n: int, paired: bool, seed: int) -> Outcomes:
    """Draw `n` of the stored tasks, with replacement, for each of `TESTS` tests.

    Args:
        first, second: `[tasks]` stored scores of two learners on the same tasks, fractions.
        n: tasks of a test.
        paired: whether both learners meet the same tasks, and are subtracted task by task; else each has its own.
        seed: of the first test; the next ones have the seeds after it.
    """
    rows = []
    for test in range(seed, seed + TESTS):
        generator = generator_for(test, EVALUATE, n)
        mine = torch.randint(len(first), (n,), generator=generator)
        other = mine if paired else torch.randint(len(second), (n,), generator=generator)
        a, b = 100 * first[mine], 100 * second[other]  # [n], in points
        _, half = (paired_difference if paired else unpaired_difference)(a, b)
        rows.append((a.mean(), b.mean(), ci95(a), ci95(b), half))
    a, b, half_a, half_b, half = torch.tensor(rows, dtype=torch.float64).T  # each [TESTS]
    truth = 100 * torch.stack([first.double().mean(), second.double().mean()])
    return Outcomes(torch.stack([a, b]), torch.stack([half_a, half_b]), a - b, half, truth)


def reach(first: Tensor, second: Tensor, fewest: int) -> float:
    """How far from 0, in points, the panel of differences must go: what tests of the fewest tasks may show."""
    gap = 100 * (first.double() - second.double())
    each = 100 * torch.stack([first.double().std(), second.double().std()]).norm().item() / math.sqrt(fewest)
    return max(2.0, abs(gap.mean().item()) + 3 * each)


def span(first: Tensor, second: Tensor, fewest: int) -> tuple[float, float]:
    """The accuracies, in %, that the panel of the two means must hold."""
    both = torch.stack([first, second]).double()
    room = 300 * both.std(1).max().item() / math.sqrt(fewest)
    return max(0.0, 100 * both.mean(1).min().item() - room), min(100.0, 100 * both.mean(1).max().item() + room)


def describe(names: tuple[str, str], tests: Outcomes, n: int, paired: bool) -> str:
    """What is seen, in words."""
    mean, half = tests.difference[0].item(), tests.half[0].item()
    verdict = {"first": f"{names[0]} is better", "second": f"{names[1]} is better",
               "neither": "contains 0: no difference shown"}  # fmt: skip
    said = tests.verdicts
    ahead = (tests.difference > 0).sum().item(), (tests.difference < 0).sum().item()
    kind = "the same tasks" if paired else "different tasks"
    return (
        f"Test 1, {n} tasks, {kind}: {names[0]} minus {names[1]} {mean:+.1f} ± {half:.1f} points; {verdict[said[0]]}. "
        f"Of {TESTS} such tests, {names[0]} is ahead in {ahead[0]} and {names[1]} in {ahead[1]}. "
        f"The interval says so in {said.count('first')} and {said.count('second')}; in {said.count('neither')} it "
        f"contains 0. Over all stored tasks the difference is {(tests.truth[0] - tests.truth[1]).item():+.1f} points."
    )


def draw_comparison(names: tuple[str, str], tests: Outcomes, x: tuple[float, float], y: float) -> Figure:
    """Both panels with matplotlib, for readers without a front end."""
    figure, axes = new_figure(1, 2, width=9, height=3.4, width_ratios=(1, 1.4))
    for row, which in enumerate(("first", "second")):
        mean, half, truth, color = tests.means[row, 0], tests.halves[row, 0], tests.truth[row], COLOR[which]
        axes[0].errorbar(mean, 1 - row, xerr=half, fmt="o", color=color, capsize=4)
        axes[0].plot([truth, truth], [0.75 - row, 1.25 - row], color=color, lw=1, ls=":")
    axes[0].set_yticks([1, 0], names)
    axes[0].set(xlim=x, ylim=(-0.5, 1.5), xlabel="accuracy in test 1, %", title="Both learners in test 1")
    numbers = np.arange(1, TESTS + 1)
    for kind, color in COLOR.items():
        at = np.array([said == kind for said in tests.verdicts])
        if at.any():
            axes[1].errorbar(numbers[at], tests.difference[at], tests.half[at], fmt="o", color=color, capsize=2, ms=4)
    axes[1].axhline(0, color="black", lw=1)
    axes[1].axhline(tests.truth[0] - tests.truth[1], color="0.5", lw=1, ls=":")
    axes[1].set(xlabel="test", ylabel="difference, points", ylim=(-y, y), xticks=[1, 5, 10, 15, 20],
                title=f"{names[0]} minus {names[1]}, {TESTS} tests")  # fmt: skip
    return figure
