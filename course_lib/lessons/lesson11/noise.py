"""Noise on the windows of calibration alone: a watch that is worn loosely while it learns."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.tasks.people import People


def noisy(windows: Tensor, size: float, generator: Generator | None = None) -> Tensor:
    """Windows with Gaussian noise; `size` is its deviation, in units of the training people's (see `scaled`)."""
    return windows + size * torch.randn(windows.shape, generator=generator)


class NoisySupport:
    """The same tasks, with noise on the support set; its size is drawn from 0 to `most` anew at each call, one for all
    tasks of a meta-batch. With `queries_too` the queries have the same, as when a classifier is trained with noise."""

    def __init__(self, tasks: People, most: float, queries_too: bool = False):
        self.tasks, self.most, self.queries_too, self.way = tasks, most, queries_too, tasks.way

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks of the distribution below."""
        e = self.tasks.sample(n_tasks, generator)
        size = self.most * torch.rand((), generator=generator).item()
        support_x = noisy(e.support_x, size, generator)
        query_x = noisy(e.query_x, size, generator) if self.queries_too else e.query_x
        return Episode(support_x, e.support_y, query_x, e.query_y, e.way)
