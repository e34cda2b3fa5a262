"""Walkers of lesson 13: how they are trained, what is changed in each, and what they earn as they adapt."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from course_lib.learners import ActingMAML, GaussianPolicy
from course_lib.tasks import Navigation
from course_lib.training import fit

STEPS, GOALS, OUTER_LR = 100, 20, 1e-2  # outer steps, goals a step, outer learning rate
#: What is changed, by name: arguments of `ActingMAML`. "pretrained" takes no step in training: one policy for all.
WALKERS = {
    "MAML": {},
    "first order": {"order": 1},
    "no baseline": {"baseline": False},
    "whole return": {"to_go": False},
    "divided": {"scaled": True},
    "rate 0.5": {"lr": 0.5},
    "rate 0.5, first order": {"lr": 0.5, "order": 1},
    "pretrained": {"steps": 0},
}


def new_walker(seed: int = 0, world: Navigation | None = None, **how) -> ActingMAML:
    """A walker that has learned nothing yet; `how` as in WALKERS."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return ActingMAML(GaussianPolicy(), Navigation() if world is None else world, **how)


def train_walker(name: str = "MAML", seed: int = 0, steps: int = STEPS, world: Navigation | None = None,
                 progress: bool = True) -> ActingMAML:  # fmt: skip
    """Train a walker of WALKERS on the CPU; its outer rate falls in a straight line.

    Args:
        seed: of the first weights, the goals and all luck.
        steps: outer steps.
        world: where it walks; `Navigation()` when `None`.
        progress: show a progress bar.
    """
    walker = new_walker(seed, world, **WALKERS[name])
    history = fit(walker, walker.world, steps, meta_batch=GOALS, lr=OUTER_LR, seed=seed, device="cpu",
                  schedule=lambda optimizer: LambdaLR(optimizer, lambda i: max(1 - i / steps, 0.05)),
                  progress=progress)  # fmt: skip
    history.must_be_whole()
    return walker


def returns(walker: ActingMAML, n: int = 100, steps: int = 3, trajectories: int = 20, seed: int = 999,
            lr: float | None = None) -> Tensor:  # fmt: skip
    """The mean return on new goals before adapting and after each step, `[steps + 1, n]`; each goal has 40 queries.

    Args:
        n: goals, the same for every walker.
        steps: adaptation steps.
        trajectories: for each of them.
        seed: of goals and luck.
        lr: inner learning rate, in place of the walker's.
    """
    tasks = Navigation(trajectories * steps, 40, walker.world.steps)
    episode = tasks.sample(n, torch.Generator().manual_seed(seed))
    before = walker.config["lr"]
    walker.config["lr"] = before if lr is None else lr
    try:
        path = walker.path(episode.support_x, episode.support_y, steps)
    finally:
        walker.config["lr"] = before
    places = (walker.predict(params, episode.query_x) for params in path)
    with torch.no_grad():
        return torch.stack([tasks.rewards(place, episode.query_y).sum(-1).mean(-1) for place in places])
