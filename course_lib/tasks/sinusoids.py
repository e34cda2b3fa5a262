"""Regression on sine waves: the smallest world in which tasks differ."""

from __future__ import annotations

import math

import torch
from torch import Generator

from course_lib.arguments import check_draw, check_range, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode


class Sinusoids:
    """A distribution over curves y = amplitude * sin(x - phase); a task is one curve seen at `shot` points.

    Args:
        shot: support points a task (K in the paper: 5 or 10).
        query: query points a task.
        amplitude: the range it is drawn from.
        phase: the range it is drawn from, in radians.
        x_range: the range of x, for support and query points.
        device: where episodes are made.

    Source: Finn et al. 2017 (arXiv:1703.03400), section 5.1.
    """

    way = None

    def __init__(
        self, shot=10, query=10, amplitude=(0.1, 5.0), phase=(0.0, math.pi), x_range=(-5.0, 5.0), device="cpu"
    ):
        check_whole(shot=shot, query=query)
        check_range(amplitude=amplitude, phase=phase, x_range=x_range)
        self.shot, self.query, self.device = shot, query, pick_device(device)
        self.amplitude, self.phase, self.x_range = amplitude, phase, x_range

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` curves: support `[n_tasks, shot, 1]`, query `[n_tasks, query, 1]`, x and y alike."""

        check_draw(n_tasks, generator)

        def uniform(bounds, *shape):
            low, high = bounds
            return low + (high - low) * torch.rand(n_tasks, *shape, generator=generator)

        amplitude = uniform(self.amplitude, 1, 1)
        phase = uniform(self.phase, 1, 1)
        x = uniform(self.x_range, self.shot + self.query, 1)  # [tasks, shot + query, 1]
        y = amplitude * torch.sin(x - phase)
        s = self.shot
        return Episode(x[:, :s], y[:, :s], x[:, s:], y[:, s:]).to(self.device)

    def __repr__(self):
        ranges = ", ".join(f"{name} {low:g} to {high:g}" for name, (low, high) in (
            ("amplitude", self.amplitude), ("phase", self.phase), ("x", self.x_range)))  # fmt: skip
        return f"Sinusoids({self.shot}-shot {self.query}-query, {ranges}, {self.device})"
