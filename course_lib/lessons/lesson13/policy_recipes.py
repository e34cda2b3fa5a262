"""How the recurrent policies of lesson 13 are trained, and those that ship."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.optim.lr_scheduler import LambdaLR

from course_lib.history import History
from course_lib.lessons.lesson13.grid import HiddenGoal
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy
from course_lib.tasks.bandits import Bandits, InformativeArm
from course_lib.training import fit

SHIPPED = Path(__file__).with_name("shipped_policies.safetensors")


@dataclass(frozen=True)
class Recipe:
    """A world and how to learn it: outer steps, lives a step, outer learning rate, and what `RecurrentPolicy` takes."""

    world: Callable
    steps: int
    lives: int
    lr: float
    discount: float
    entropy: float


#: by name; "safe" has an arm that is known to pay 0.6
RECIPES = {
    "safe": Recipe(lambda: Bandits(5, 10, 0.6), 800, 256, 1e-2, 0.9, 0.1),
    "informative": Recipe(InformativeArm, 400, 128, 1e-2, 1.0, 0.2),
    "grid": Recipe(HiddenGoal, 700, 256, 7e-3, 0.95, 0.05),
}


def train_policy(name: str, seed: int = 0, steps: int | None = None, entropy: float | None = None,
                 progress: bool = True) -> tuple[RecurrentPolicy, History]:  # fmt: skip
    """Train the policy of a recipe on the CPU; its rate falls in a straight line.

    Args:
        name: of RECIPES.
        seed: of the first weights and of all lives.
        steps, entropy: in place of the recipe's.
        progress: show a progress bar.

    Returns: the policy, and the history of its rewards (their signs turned).
    """
    recipe = RECIPES[name]
    steps = recipe.steps if steps is None else steps
    world = recipe.world()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        policy = RecurrentPolicy(world, discount=recipe.discount, over=steps,
                                 entropy=recipe.entropy if entropy is None else entropy)  # fmt: skip
    history = fit(policy, world, steps, meta_batch=recipe.lives, lr=recipe.lr, seed=seed, device="cpu",
                  schedule=lambda optimizer: LambdaLR(optimizer, lambda i: 1 - 0.95 * i / steps),
                  progress=progress)  # fmt: skip
    return policy, history


def shipped(name: str) -> RecurrentPolicy:
    """The policy of a recipe that was trained with seed 0; `python -m benchmarks.acting` trains and stores them."""
    policy = RecurrentPolicy(RECIPES[name].world(), discount=RECIPES[name].discount)
    stored = load_file(SHIPPED)
    policy.load_state_dict({key: stored[f"{name}.{key}"] for key in policy.state_dict()})
    return policy.eval()
