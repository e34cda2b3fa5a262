"""Invented languages, for which the best possible answer is known: chains of letters with random tables."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_whole
from course_lib.episode import Episode
from course_lib.tasks.sampler import pick_different, support_and_query


class Invented:
    """A distribution over tasks of invented languages. A language is a table: after each letter, how probable is each?

    Its rows are drawn from a Dirichlet distribution; a word begins with any letter and goes on by the table (a Markov
    chain of order 1).

    Args:
        way, query: languages in a task, and query words of each.
        shot: support words of each; or several numbers, of which each `sample` takes one.
        alpha: of the Dirichlet distribution. Small: after a letter comes nearly always the same one. 1: any table.
        letters, length: of the alphabet, and of every word.
        pool: `None` invents new languages for every task. A number: there are only so many, drawn once from `seed`.
    """

    def __init__(self, way=5, shot=5, query=10, alpha=0.3, letters=6, length=8, pool=None, seed=0):
        check_whole(way=way, query=query, letters=letters, length=length)
        check_number(above=0, alpha=alpha)
        self.shots = (shot,) if isinstance(shot, int) else tuple(shot)
        check_whole(**{f"shot[{i}]": shot for i, shot in enumerate(self.shots)})
        self.way, self.query, self.alpha, self.letters, self.length = way, query, alpha, letters, length
        self.pool = None if pool is None else self._tables(pool, torch.Generator().manual_seed(seed))

    def _tables(self, n: int, generator: Generator | None) -> Tensor:
        """`[n, letters, letters]`; rows add up to 1. (Torch draws no gamma numbers from a generator; NumPy does.)"""
        seed = int(torch.randint(2**31 - 1, (1,), generator=generator))
        drawn = np.random.default_rng(seed).standard_gamma(self.alpha, (n, self.letters, self.letters)) + 1e-30
        return torch.from_numpy(drawn / drawn.sum(-1, keepdims=True))

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw tasks: support `[n_tasks, way * shot, length]` and query words, int64 from 1 to `letters`."""
        check_draw(n_tasks, generator)
        shot = self.shots[int(torch.randint(len(self.shots), (1,), generator=generator))]
        n, words = n_tasks * self.way, shot + self.query
        if self.pool is None:
            tables = self._tables(n, generator)
        else:
            tables = self.pool[pick_different((n_tasks,), len(self.pool), self.way, generator).flatten()]
        below = tables.cumsum(-1)  # [languages, letters, letters]
        x = torch.randint(self.letters, (n, words, self.length), generator=generator)  # the first letters stay
        for i in range(1, self.length):
            u = torch.rand(n, words, 1, generator=generator, dtype=torch.float64)
            row = below.gather(1, x[..., i - 1 : i].expand(-1, -1, self.letters))  # [languages, words, letters]
            x[..., i] = (u > row).sum(-1).clamp(max=self.letters - 1)
        return Episode(*support_and_query((x + 1).unflatten(0, (n_tasks, self.way)), shot), self.way)
