"""From here to real environments: an episode in one of gymnasium, as the policy gradient of this lesson takes it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor, nn


@torch.no_grad()
def act_in(environment: Any, policy: nn.Module, seed: int, generator: Generator | None = None,
           unit: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """One episode of a policy, such as `GaussianPolicy((3, 32, 32, 1))` for `gymnasium.make("Pendulum-v1")`.

    Args:
        environment: has gymnasium's `reset(seed=...)` and `step(action)`; its actions are numbers.
        policy: gives the mean and log spread `[2 * d]` of an action for what is observed `[k]`.
        seed: of the environment. With the same one it is the same task.
        generator: of the policy's luck.
        unit: actions of the policy are in it: 2 for Pendulum-v1, whose torque goes from -2 to 2.

    Returns: what was observed `[steps, k]`, actions `[steps, d]` and rewards `[steps]`. Some episodes of equal length,
        stacked, go into `advantages` and `policy_loss`.
    """
    observed, lived, over = environment.reset(seed=seed)[0], [], False
    while not over:
        x = torch.as_tensor(observed, dtype=torch.get_default_dtype())
        mean, log_spread = policy(x).chunk(2)
        action = mean + log_spread.exp() * torch.randn(mean.shape, generator=generator)
        observed, reward, ended, cut, _ = environment.step((unit * action).numpy())
        lived.append((x, action, torch.tensor(float(reward))))
        over = ended or cut
    observed, actions, rewards = (torch.stack(part) for part in zip(*lived, strict=True))
    return observed, actions, rewards
