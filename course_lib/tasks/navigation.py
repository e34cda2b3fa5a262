"""Walking to a goal that is not shown: tasks in which a learner acts, and is told what each place was worth."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode

FAR = 0.1  # the longest step in each coordinate
HALF = 0.5  # goals lie in a square of twice this side around the start, which is 0, 0


class Navigation:
    """A distribution over goals in a square; a task is one goal. A walker starts in the middle and does not see it.

    An example is a walk that is still to be done, a *trajectory*: x holds its luck, standard normal numbers that make
    the noise of its actions, and y the goal, by which each of its places is rewarded. So the same episode gives every
    policy the same luck. The goal is for `rewards` alone: no policy may read it.

    Args:
        shot: trajectories of the support set. A learner that takes several steps has to share them among its steps.
        query: trajectories of the query set.
        steps: steps of a trajectory.
        sparse: `None` rewards a place with minus its squared distance to the goal. A number rewards it with 1 within
            that distance of the goal, and with 0 elsewhere.
        device: where episodes are made.

    A walk that ends up at `places` has, by `evaluate`, the mean squared error -return / (2 * steps): return is the sum
    of the (not sparse) rewards of a trajectory.

    Source: Finn et al. 2017 (arXiv:1703.03400), section 5.3; there a walk has up to 100 steps and ends near the goal.
    """

    way = None

    def __init__(self, shot: int = 20, query: int = 20, steps: int = 20, sparse: float | None = None, device="cpu"):
        check_whole(shot=shot, query=query, steps=steps)
        if sparse is not None:
            check_number(above=0, sparse=sparse)
        self.shot, self.query, self.steps, self.sparse, self.device = shot, query, steps, sparse, pick_device(device)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` goals: support x and y `[n_tasks, shot, steps, 2]`, query `[n_tasks, query, steps, 2]`."""
        check_draw(n_tasks, generator)
        goal = HALF * (2 * torch.rand(n_tasks, 1, 1, 2, generator=generator) - 1)  # [tasks, 1, 1, 2]
        luck = torch.randn(n_tasks, self.shot + self.query, self.steps, 2, generator=generator)
        goals, s = goal.expand_as(luck), self.shot
        return Episode(luck[:, :s], goals[:, :s], luck[:, s:], goals[:, s:]).to(self.device)

    def start(self, luck: Tensor) -> Tensor:
        """Where trajectories `[..., steps, 2]` begin: `[..., 2]`."""
        return torch.zeros_like(luck[..., 0, :])

    def move(self, places: Tensor, actions: Tensor) -> Tensor:
        """The places `[..., 2]` after actions `[..., 2]`, of which what is beyond -1 and 1 is cut off."""
        return places + FAR * actions.clamp(-1, 1)

    def rewards(self, places: Tensor, goals: Tensor) -> Tensor:
        """What places `[..., 2]` are worth: `[...]`. The goals have the same shape."""
        squared = (places - goals).square().sum(-1)
        return -squared if self.sparse is None else (squared <= self.sparse**2).to(squared.dtype)

    def known_goal(self, goals: Tensor) -> Tensor:
        """The return of who knows the goal and walks there straight away, of goals `[..., 2]`: `[...]`."""
        steps = torch.arange(1, self.steps + 1, dtype=goals.dtype, device=goals.device).view(-1, *[1] * goals.ndim)
        places = goals.clamp(-FAR * steps, FAR * steps)  # [steps, ..., 2]
        return self.rewards(places, goals.expand_as(places)).sum(0)

    def __repr__(self):
        kind = "" if self.sparse is None else f", rewarded within {self.sparse:g} of the goal"
        return f"Navigation({self.shot}-shot {self.query}-query, {self.steps} steps{kind}, {self.device})"
