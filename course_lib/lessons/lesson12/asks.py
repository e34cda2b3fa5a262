"""What a training task asks about: another swing of the arm, as the controller will."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_whole
from course_lib.episode import Episode


def another_swing(x: Tensor, y: Tensor, n_tasks: int, n_support: int, n_query: int, generator: Generator) -> Episode:
    """An Episode whose support set is a piece of one swing, and whose queries are moments of another one of that arm.

    Args:
        x: `[arms, swings, moments, inputs]`; two swings or more.
        y: `[arms, swings, moments, outputs]`.
        n_tasks: how many; arms may come more than once.
        n_support: moments that follow one another.
        n_query: different moments from anywhere in the other swing.
        generator: every choice is drawn from it, each as likely.
    """
    arms, swings, moments = x.shape[:3]
    draw = partial(torch.randint, generator=generator)
    arm, seen = draw(arms, (n_tasks, 1)), draw(swings, (n_tasks, 1))
    other = (seen + draw(1, swings, (n_tasks, 1))) % swings  # never the same one
    piece = draw(moments - n_support + 1, (n_tasks, 1)) + torch.arange(n_support)  # [tasks, n_support]
    asked = torch.rand(n_tasks, moments, generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, seen, piece], y[arm, seen, piece], x[arm, other, asked], y[arm, other, asked])


class Swings:
    """A task distribution over recorded swings.

    Args:
        x, y: see `another_swing`; `Arms.x` and `Arms.y` are such.
        shot, query: moments in the support set, and in the query set.
        deal: makes an Episode, with the arguments of `another_swing`.
    """

    way = None

    def __init__(self, x: Tensor, y: Tensor, shot: int, query: int, deal: Callable[..., Episode] = another_swing):
        check_whole(1, x.shape[2], shot=shot)
        check_whole(1, x.shape[2], query=query)
        self.x, self.y, self.shot, self.query, self.deal = x, y, shot, query, deal

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks, drawn from `generator`, or from PyTorch's own where there is none."""
        check_draw(n_tasks, generator)
        return self.deal(self.x, self.y, n_tasks, self.shot, self.query, generator or torch.default_generator)
