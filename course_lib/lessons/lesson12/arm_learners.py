"""How the networks of lesson 12 are trained, by which arms, and the ones that ship."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from course_lib.learners import FineTune, Joint, Learner, MAMLPlusPlus, Recurrent, RidgeHead
from course_lib.models import MLP
from course_lib.paths import pretrained
from course_lib.storage import load
from course_lib.tasks import AnyShot, Arms
from course_lib.training import fit

LEAST, MOST = 10, 100  # moments of a support set in training: 0.2 to 2 s

#: What the arms of a world have beyond the known equation. "same swing" differs in what is asked in training.
WORLDS = {
    "plain": {},
    "spring": {"spring": (0.0, 6.0)},
    "sticky": {"stickiness": (0.0, 3.0)},
    "same swing": {"another_swing": False},
}


class Clipped(torch.optim.Adam):
    """Adam, with gradients cut to length 1: a step of MAML through inner rates that grow can be a thousand times too
    long."""

    def step(self, closure=None):
        torch.nn.utils.clip_grad_norm_([p for group in self.param_groups for p in group["params"]], 1.0)
        return super().step(closure)


@dataclass(frozen=True)
class Recipe:
    """How a learner is trained: `steps` outer steps of `meta_batch` arms, one cycle up to the outer rate `lr`."""

    make: Callable[[], Learner]
    steps: int
    lr: float
    meta_batch: int = 32


def ridge_head() -> RidgeHead:
    """Twenty-four features of two hidden layers."""
    return RidgeHead(MLP((10, 64, 64, 24)), 24, 2)


def maml() -> MAMLPlusPlus:
    """Five steps, a learned rate for each weight (Meta-SGD), and the loss after each step (MAML++). It is Huber's loss:
    with squares, rare wild moments threw the inner loop out, and most long trainings ended in infinity."""
    return MAMLPlusPlus(MLP((10, 64, 64, 2)), 5, 0.05, rates="weight", multi_step_for=1600, loss=F.huber_loss)


RECIPES = {
    "joint": Recipe(lambda: Joint(MLP((10, 64, 64, 2))), 400, 3e-3),
    "ridge head": Recipe(ridge_head, 400, 1e-2),
    "ridge head, longer": Recipe(ridge_head, 1200, 1e-2),
    "recurrent": Recipe(lambda: Recurrent(inputs=10, outputs=2, hidden=32), 1200, 1e-2),
    "MAML": Recipe(maml, 1600, 3e-3, 16),
}


def workshop(world: str = "plain", seed: int = 0, **more) -> AnyShot:
    """Training arms of a world, of which LEAST to MOST moments are shown.

    Args:
        world: a key of WORLDS.
        seed: of the arms.
        more: for `Arms`.
    """
    return AnyShot(Arms(**{"shot": MOST, "seed": seed} | WORLDS[world] | more), least=LEAST)


def train(name: str, tasks=None, seed: int = 0, steps: int | None = None, **more) -> Learner:
    """A learner of RECIPES, trained on the CPU.

    Args:
        name: a key of RECIPES.
        tasks: training tasks; those of `workshop()` when `None`.
        seed: of the first weights, and of which arms and moments come.
        steps: outer steps, if not the recipe's.
        more: for `fit`.
    """
    recipe = RECIPES[name]
    torch.manual_seed(seed)
    learner, steps = recipe.make(), steps or recipe.steps

    def one_cycle(optimizer):  # up in a tenth of the steps, and down to 0
        return torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.lr, total_steps=steps, pct_start=0.1)

    how = {"progress": False, "log_every": max(1, steps // 20)} | more
    fit(learner, workshop() if tasks is None else tasks, steps, meta_batch=recipe.meta_batch, lr=recipe.lr,
        optimizer=Clipped, schedule=one_cycle, seed=seed, device="cpu", **how)  # fmt: skip
    return learner


def fine_tuned(joint: Joint) -> FineTune:
    """The joint network, trained further on the support set. Of seven pairs of steps and rate (5 to 60, 3e-4 to 3e-3)
    the one with which the hands of 20 other arms were the least off."""
    return FineTune(joint.backbone, steps=60, lr=3e-4)


def from_scratch(seed: int = 0) -> FineTune:
    """A new network for each arm, which sees the support set alone."""
    torch.manual_seed(seed)
    return FineTune(MLP((10, 64, 64, 2)), steps=100, lr=1e-2)


def shipped(name: str) -> Learner:
    """A network that ships in `data/pretrained`, by its name in RECIPES."""
    return load(pretrained(f"arm_{name.replace(' ', '_').lower()}"), loss=F.huber_loss)
