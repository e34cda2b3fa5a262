"""A few tasks, always the same: how a meta-learner comes to know its training tasks by heart."""

from __future__ import annotations

import torch
from torch import Generator

from course_lib.arguments import check_draw, check_tasks, check_whole
from course_lib.compute.seeding import task_seed
from course_lib.episode import Episode


class FewTasks:
    """The same `n` tasks for ever, examples and all, drawn once from another distribution.

    Args:
        tasks: where they come from.
        n: how many.
        seed: which ones. The first 10 of 100 are the 10 of the same seed.
    """

    def __init__(self, tasks, n: int, seed: int = 0):
        check_tasks(tasks=tasks)
        check_whole(n=n)
        check_whole(0, seed=seed)
        self.tasks, self.n, self.seed, self.way = tasks, n, seed, tasks.way
        each = (tasks.sample(1, torch.Generator().manual_seed(task_seed(seed, i))) for i in range(n))
        self.episode = Episode.cat(each)  # all n

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` of them; one may come more than once."""
        check_draw(n_tasks, generator)
        chosen = torch.randint(self.n, (n_tasks,), generator=generator).to(self.episode.device)
        return self.episode.map(lambda t: t[chosen])

    def __repr__(self):
        return f"FewTasks({self.tasks!r}, {self.n}, seed {self.seed})"
