"""A bandit so small that all that can happen is listed: a start that must explore, and both parts of its gradient.

Everything here is float64 and exact, `sampled_gradients` apart. A policy is the softmax of scores, one for each arm.
"""

from __future__ import annotations

import math
from itertools import product

import torch
from torch import Generator, Tensor


def safe_or_risky(safe: float, risky: int = 2) -> Tensor:
    """What each arm pays in each task: `[tasks, 1 + risky]`, as many tasks as risky arms.

    Arm 0 pays `safe` in every task. In task i the i-th risky arm pays 1, and the others pay nothing.
    """
    return torch.cat([torch.full((risky, 1), safe, dtype=torch.float64), torch.eye(risky, dtype=torch.float64)], 1)


def outcomes(arms: int, pulls: int) -> tuple[Tensor, Tensor]:
    """All that `pulls` pulls can be, their order apart.

    Returns: `counts [outcomes, arms]`, how often each arm is pulled, and `ways [outcomes]`, in how many orders. All
        counts of an outcome add up to `pulls`, all ways to `arms ** pulls`.
    """
    rows = [row for row in product(range(pulls + 1), repeat=arms) if sum(row) == pulls]
    ways = [math.factorial(pulls) / math.prod(math.factorial(n) for n in row) for row in rows]
    return torch.tensor(rows, dtype=torch.float64), torch.tensor(ways, dtype=torch.float64)


def adapted(start: Tensor, counts: Tensor, rewards: Tensor, lr: float, baseline: float = 0.0) -> Tensor:
    """The scores after one step of REINFORCE on some pulls of the start's policy.

    Args:
        start: `[..., arms]` scores.
        counts: `[outcomes, arms]`, how often each arm was pulled.
        rewards: `[tasks, arms]`, what each arm pays.
        lr: inner learning rate.
        baseline: what is subtracted from every reward.

    Returns: `[..., tasks, outcomes, arms]`: start + lr * mean over the pulls of
        (reward - baseline) * gradient of log probability, which is (1 for the arm pulled, else 0) - probabilities.

    Source: Williams 1992, Simple statistical gradient-following algorithms, Machine Learning 8.
    """
    probabilities = start.softmax(-1)[..., None, None, :]  # [..., 1, 1, arms]
    earned = counts / counts[0].sum() * (rewards[:, None] - baseline)  # [tasks, outcomes, arms]
    return start[..., None, None, :] + lr * (earned - earned.sum(-1, keepdim=True) * probabilities)


def expected_reward(start: Tensor, rewards: Tensor, pulls: int, lr: float, baseline: float = 0.0) -> Tensor:
    """J: what a pull of the *adapted* policy earns, a mean over all tasks and all outcomes of the pulls before.

    Args:
        start: `[..., arms]` scores: one start, or many at once.
        rewards, lr, baseline: as in `adapted`.
        pulls: how many pulls there are to adapt to.

    Returns: `[...]`, differentiable in `start`.

    Source: the objective of E-MAML, Stadie et al. 2018 (arXiv:1803.01118); formulation II of Rothfuss et al. 2019
        (ProMP, arXiv:1810.06784), section 4.
    """
    probability, value = _outcomes_of(start, rewards, pulls, lr, baseline)
    return (probability * value).sum(-1).mean(-1)


def two_parts(start: Tensor, rewards: Tensor, pulls: int, lr: float, baseline: float = 0.0) -> tuple[Tensor, Tensor]:
    """The gradient of J in its two parts. Arguments as in `expected_reward`.

    J is a sum over outcomes of probability * value, and the start is in both: by the product rule

    - path: probability * gradient of value, through the adapted scores. It takes what was seen for granted.
    - score: value * gradient of probability. It gives credit to the pulls *before* adapting, and most code leaves it
      out.

    Returns: path and score, each `[..., arms]`.
    """
    start = start.detach().requires_grad_()
    with torch.enable_grad():
        probability, value = _outcomes_of(start, rewards, pulls, lr, baseline)
        path = (probability.detach() * value).sum(-1).mean(-1).sum()  # starts do not feel one another
        score = (probability * value.detach()).sum(-1).mean(-1).sum()
        return tuple(torch.autograd.grad(part, start, retain_graph=True)[0] for part in (path, score))


def _outcomes_of(start: Tensor, rewards: Tensor, pulls: int, lr: float, baseline: float) -> tuple[Tensor, Tensor]:
    """The probability `[..., 1, outcomes]` of each outcome, and what is earned after it, `[..., tasks, outcomes]`."""
    counts, ways = outcomes(start.shape[-1], pulls)
    probability = ways * (start.log_softmax(-1) @ counts.T).exp()  # [..., outcomes]
    after = adapted(start, counts, rewards, lr, baseline).softmax(-1)  # [..., tasks, outcomes, arms]
    return probability.unsqueeze(-2), (after * rewards[:, None]).sum(-1)


def sampled_gradients(start: Tensor, rewards: Tensor, pulls: int, lr: float, n: int, generator: Generator | None = None,
                      score: bool = True, baseline: bool = True) -> Tensor:  # fmt: skip
    """Estimates of the gradient of J as a program makes them that cannot list outcomes, each from one life.

    A life is one task, `pulls` pulls of the start, one step, and one pull of the adapted policy. The estimate is
    reward * (gradient of the last pull's log probability, through the step, + that of the pulls before).

    Args:
        start: `[arms]` scores.
        rewards, pulls, lr: as in `expected_reward`.
        n: lives.
        generator: where all the randomness comes from.
        score: `False` leaves out the pulls before, as most code does.
        baseline: subtract from each reward the mean reward of the other lives, which changes no expectation.

    Returns: `[n, arms]`.
    """
    arms = len(start)
    probabilities = start.softmax(-1)
    task = torch.randint(len(rewards), (n,), generator=generator)
    arm = torch.multinomial(probabilities.expand(n, -1), pulls, replacement=True, generator=generator)  # [n, pulls]
    counts = torch.zeros(n, arms, dtype=start.dtype).scatter_add(1, arm, torch.ones(n, pulls, dtype=start.dtype))
    earned = counts / pulls * rewards[task]  # [n, arms]
    total = earned.sum(-1, keepdim=True)  # [n, 1]
    after = (start + lr * (earned - total * probabilities)).softmax(-1)  # [n, arms]
    last = torch.multinomial(after, 1, generator=generator)  # [n, 1]
    reward = rewards[task].gather(1, last)  # [n, 1]
    if baseline:
        reward = reward - (reward.sum() - reward) / (n - 1)
    slope = torch.zeros(n, arms, dtype=start.dtype).scatter(1, last, 1.0) - after  # of the last log probability
    # Through the step: the derivative of the adapted scores is 1 - lr * total * (that of the probabilities).
    turned = probabilities * slope - probabilities * (probabilities * slope).sum(-1, keepdim=True)
    path = slope - lr * total * turned  # [n, arms]
    before = counts - pulls * probabilities  # [n, arms], gradient of the log probability of all pulls
    return reward * (path + before if score else path)


def ascend(start: Tensor, rewards: Tensor, pulls: int, lr: float, score: bool = True, steps: int = 1500,
           outer_lr: float = 0.5) -> Tensor:  # fmt: skip
    """Gradient ascent from `start` `[..., arms]`; `score=False` follows the path part alone.

    Returns: all starts on the way, `[steps + 1, ..., arms]`. Other arguments as in `expected_reward`.
    """
    way = [start]
    for _ in range(steps):
        path, credit = two_parts(way[-1], rewards, pulls, lr)
        way.append(way[-1] + outer_lr * (path + credit if score else path))
    return torch.stack(way)


def on_line(u: Tensor | float) -> Tensor:
    """Starts `[..., 3]` that do not prefer one risky arm: scores 0, u, u. The larger u, the more a start explores."""
    u = torch.as_tensor(u, dtype=torch.float64)
    return torch.stack([torch.zeros_like(u), u, u], -1)
