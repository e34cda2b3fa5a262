"""A walker that adapts to one goal, and what can be seen of it: its walks, what they were paid, how far it moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from course_lib.learners import ActingMAML, GaussianPolicy
from course_lib.learners.policy_gradient import advantages, policy_loss
from course_lib.tasks import Navigation
from course_lib.tasks.navigation import FAR

STEPS, WALKS, NEAR = 3, 20, 0.1  # adaptation steps, walks for each, and how near a goal is where it alone pays


class Fan(NamedTuple):
    """What a walker does before adapting and after each step.

    Args:
        walks: `[STEPS + 1, WALKS, steps + 1, 2]`, their places, each with the luck of the same walks.
        returns: `[STEPS + 1]`, the mean return by minus the squared distance, whatever was paid.
        paid: `[STEPS]`, how many of the walks that a step learned from were paid anything.
        moved: `[STEPS]`, how far all parameters moved in a step, the length of the difference.
    """

    walks: Tensor
    returns: Tensor
    paid: list[int]
    moved: list[float]


def fan(walker: ActingMAML, goal: Tensor, sparse: bool = False, seed: int = 0) -> Fan:
    """Let a walker adapt to a goal, in STEPS steps of WALKS walks: what `ActingMAML.path` does, for one goal and fast.

    Args:
        walker: stays as it is.
        goal: `[2]`.
        sparse: pay 1 within NEAR of the goal and nothing elsewhere, as it adapts.
        seed: of all luck.
    """
    world = Navigation(WALKS * STEPS, WALKS, walker.world.steps, sparse=NEAR if sparse else None)
    luck = world.sample(1, torch.Generator().manual_seed(seed))
    shares = luck.support_x[0].split(WALKS)  # of each step: [WALKS, steps, 2]
    how = {name: walker.config[name] for name in ("baseline", "to_go", "scaled")}
    params = {name: p.detach() for name, p in walker.backbone.named_parameters()}
    walks, paid, moved = [], [], []
    for step in range(STEPS + 1):
        share = [shares[step]] if step < STEPS else []
        places, actions = _live(walker.backbone, params, world, torch.cat([luck.query_x[0], *share]))
        walks.append(places[:WALKS])
        if share:
            rewards = world.rewards(places[WALKS:, 1:], goal.expand_as(actions[WALKS:]))  # [WALKS, steps]
            lived = torch.cat([actions[WALKS:], advantages(rewards, **how).unsqueeze(-1)], -1)
            after = _step(walker, params, places[WALKS:, :-1].flatten(0, 1), lived.flatten(0, 1), step)
            paid.append(int((rewards != 0).any(-1).sum()))
            moved.append(torch.cat([(after[name] - params[name]).flatten() for name in params]).norm().item())
            params = after
    walks = torch.stack(walks)  # [STEPS + 1, WALKS, steps + 1, 2]
    returns = -(walks[:, :, 1:] - goal).square().sum((2, 3)).mean(1)
    return Fan(walks, returns, paid, moved)


def _live(policy: GaussianPolicy, params: dict[str, Tensor], world: Navigation,
          luck: Tensor) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Places `[n, steps + 1, 2]` and actions `[n, steps, 2]` with luck `[n, steps, 2]`. So small a network is several
    times faster in numpy, and an explorer answers in time."""
    held = {name: p.numpy() for name, p in params.items()}
    layers = [(held[f"mean.{name}.weight"].T, held[f"mean.{name}.bias"])
              for name, layer in policy.mean.named_children() if isinstance(layer, nn.Linear)]  # fmt: skip
    place, noise = world.start(luck).numpy(), np.exp(held["log_spread"]) * luck.numpy()
    places, actions = [place], []
    for step in range(noise.shape[1]):
        mean = place
        for i, (weight, bias) in enumerate(layers):
            mean = (np.maximum(mean, 0) if i else mean) @ weight + bias
        actions.append(mean + noise[:, step])
        place = place + FAR * actions[-1].clip(-1, 1)
        places.append(place)
    return torch.from_numpy(np.stack(places, 1)), torch.from_numpy(np.stack(actions, 1))


def _step(walker: ActingMAML, params: dict[str, Tensor], x: Tensor, lived: Tensor, step: int) -> dict[str, Tensor]:
    """A step of policy gradient; after the first one the rate is halved."""
    at = {name: p.clone().requires_grad_() for name, p in params.items()}
    loss = policy_loss(functional_call(walker.backbone, at, (x,)), lived)
    slopes = torch.autograd.grad(loss, list(at.values()))
    lr = walker.config["lr"] / (2 if step else 1)
    return {name: p - lr * slope for (name, p), slope in zip(params.items(), slopes, strict=True)}
