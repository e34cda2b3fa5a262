"""Starts on a line, from one that pulls nothing but the safe arm to one that never does: J and its slope, in parts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.lessons.lesson13.exact_bandit import expected_reward, on_line, safe_or_risky, two_parts

STEP = 0.05
FAR = 100  # steps to each side
LINE = STEP * torch.arange(-FAR, FAR + 1, dtype=torch.float64)  # scores of the risky arms; that of the safe arm is 0


@dataclass(frozen=True)
class StartLine:
    """What starts on LINE are worth, each `[len(LINE)]`, float64.

    Args:
        safe, pulls, lr, baseline: of the bandit and the step, see `expected_reward`.
        value: J, the expected reward of a pull after adapting.
        path, score: the two parts of its slope along the line, see `two_parts`.
    """

    safe: float
    pulls: int
    lr: float
    value: Tensor
    path: Tensor
    score: Tensor
    baseline: float = 0.0

    def slope(self, score: bool = True) -> Tensor:
        """The slope of J; with `score=False` what common code takes for it, the path part alone."""
        return self.path + self.score if score else self.path

    def settles(self, at: int, score: bool = True) -> int:
        """Where a start ends that follows a slope in small steps: the place on LINE next to where its sign changes, or
        an end of the line, if it would go on beyond it.

        Args:
            at: the place of the start, 0 to len(LINE) - 1.
            score: as in `slope`.
        """
        slope = self.slope(score)
        step = 1 if slope[at] > 0 else -1
        while 0 <= at + step < len(slope) and slope[at + step] * step > 0:
            at += step
        if 0 <= at + step < len(slope) and slope[at + step].abs() < slope[at].abs():
            at += step
        return at

    def disagree(self) -> Tensor:
        """Where the two slopes point to different sides, `[len(LINE)]` bool."""
        return self.slope() * self.path < 0


def start_line(safe: float, pulls: int, lr: float, baseline: float = 0.0) -> StartLine:
    """Work out all starts at once; arguments as in `expected_reward`, with two risky arms."""
    starts, rewards = on_line(LINE), safe_or_risky(safe)  # [n, 3], [2, 3]
    path, score = (
        part[:, 1:].sum(1) for part in two_parts(starts, rewards, pulls, lr, baseline)
    )  # both risky scores are u
    value = expected_reward(starts, rewards, pulls, lr, baseline)
    return StartLine(safe, pulls, lr, value, path, score, baseline)


def safe_share(u: Tensor | float) -> Tensor:
    """How often the start with risky scores `u` pulls the safe arm, from 0 to 1."""
    return on_line(u).softmax(-1)[..., 0]
