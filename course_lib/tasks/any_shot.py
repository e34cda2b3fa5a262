"""Tasks with another number of support points each time: a reader has to learn to read few and many."""

from __future__ import annotations

import torch
from torch import Generator

from course_lib.arguments import check_draw, check_tasks, check_whole
from course_lib.episode import Episode


class AnyShot:
    """A distribution over regression tasks, of which the first k support points are shown, k drawn at each call.

    All tasks of a meta-batch have the same k, since an Episode is one block of numbers. Points of a task are drawn
    alike, so the first k are any k.

    Args:
        tasks: regression tasks; their `shot` is the most that is shown.
        least: the least.
    """

    way = None

    def __init__(self, tasks, least: int = 1):
        check_tasks(tasks=tasks)
        if tasks.way is not None:
            raise ValueError("AnyShot is for regression: in a task with classes each has to keep an example.")
        check_whole(1, tasks.shot, least=least)
        self.tasks, self.least = tasks, least

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks of the distribution below, with `least` to `shot` support points, each number as likely."""
        check_draw(n_tasks, generator)
        k = int(torch.randint(self.least, self.tasks.shot + 1, (1,), generator=generator))
        e = self.tasks.sample(n_tasks, generator)
        return Episode(e.support_x[:, :k], e.support_y[:, :k], e.query_x, e.query_y)

    def __repr__(self):
        return f"AnyShot({self.tasks!r}, {self.least} or more)"
