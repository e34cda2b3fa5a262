"""The noisy quadratic: a training whose mean loss is known exactly, for every schedule of rates.

Each step goes down the loss `sum h (theta - c)^2 / 2`, where c is drawn anew for it: normal, mean 0, standard deviation
`noise`. So `theta <- theta - r h (theta - c)`, and what counts is the mean loss around the mean of c,
`sum h E[theta^2] / 2`.

Source: Wu, Ren, Liao and Grosse, ICLR 2018 (arXiv:1803.02021), of which the abstract was read: such a
    toy problem, and schedules for short and long horizons. The closed form is derived here.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

CURVATURE = torch.tensor([1.0, 0.01], dtype=torch.float64)  # a steep direction and a flat one
SECOND_MOMENTS = torch.tensor([1.0, 100.0], dtype=torch.float64)  # E[theta^2] at the start
NOISE, STEPS = 1.0, 200


def expected_losses(rates: Tensor, curvature: Tensor, noise: float, second_moments: Tensor) -> Tensor:
    """The mean loss before the first step and after each one, exactly.

    Args:
        rates: of each step, `[..., steps]`: one schedule, or several at once.
        curvature: h of each direction, `[n]`.
        noise: the standard deviation of c, in each direction.
        second_moments: the mean of theta^2 in each direction at the start, `[n]`.

    Returns: `[..., steps + 1]`; a gradient goes through it to the rates.
    """
    moments = second_moments.expand(*rates.shape[:-1], -1)  # [..., n]
    found = [(curvature * moments).sum(-1) / 2]
    for rate in rates.unbind(-1):
        moved = rate.unsqueeze(-1) * curvature  # [..., n]: the part of the way to c that a step goes
        moments = (1 - moved) ** 2 * moments + (moved * noise) ** 2  # theta and c are independent, and c has mean 0
        found.append((curvature * moments).sum(-1) / 2)
    return torch.stack(found, -1)


def simulated_losses(
    rates: Tensor, curvature: Tensor, noise: float, start: Tensor, runs: int, generator: Generator
) -> Tensor:
    """Losses of trainings whose c are drawn, `[runs, steps + 1]`, from the same `start [n]`."""
    theta, found = start.expand(runs, -1), []
    for rate in [*rates, 0.0]:
        found.append((curvature * theta**2).sum(-1) / 2)
        c = noise * torch.randn(theta.shape, generator=generator, dtype=theta.dtype)
        theta = theta - rate * curvature * (theta - c)
    return torch.stack(found, 1)


def greedy_rates(steps: int, curvature: Tensor, noise: float, second_moments: Tensor) -> Tensor:
    """The schedule that makes the mean loss after the *next* step as low as can be, at every step: `[steps]`."""
    moments, rates = second_moments, []
    for _ in range(steps):
        rates.append((curvature**2 * moments).sum() / (curvature**3 * (moments + noise**2)).sum())
        moments = _next(moments, rates[-1], curvature, noise)
    return torch.stack(rates)


def best_constant(steps: int, curvature: Tensor, noise: float, second_moments: Tensor) -> tuple[float, float]:
    """The rate (one of 400 from 0.001 to 2 / largest curvature) that is best if it stays, and the loss that it ends
    at."""
    rates = torch.logspace(-3, 0, 400, dtype=curvature.dtype) * 2 / curvature.max()
    moments = second_moments.expand(len(rates), -1)  # [400, n]
    for _ in range(steps):
        moments = _next(moments, rates.unsqueeze(-1), curvature, noise)
    losses = (curvature * moments).sum(-1) / 2  # [400]
    return rates[losses.argmin()].item(), losses.min().item()


def best_rates(steps: int, curvature: Tensor, noise: float, second_moments: Tensor, most: float = 1.0,
               sweeps: int = 300) -> Tensor:  # fmt: skip
    """The schedule with the lowest mean loss after the *last* step, among those with no rate above `most`: `[steps]`.

    Seen from one step, with all other rates as they are, the last loss is a quadratic in its rate: what is left after
    it weighs `worth` in each direction. Backwards the worths are found, forwards each rate is set to its lowest point,
    and so on until nothing changes: the loss never rises. Without a limit there are other, wilder schedules; with
    `most` = 1 / largest curvature all starts that we tried end in the same one.

    Args:
        steps, curvature, noise, second_moments: as in `expected_losses`.
        most: the largest rate that is allowed.
        sweeps: backwards and forwards at most.
    """
    directions = list(
        zip(curvature.tolist(), second_moments.tolist(), strict=True)
    )  # floats: quicker than tensors of 2
    rates = greedy_rates(steps, curvature, noise, second_moments).clamp(max=most).tolist()
    last = float("inf")
    for _ in range(sweeps):
        worth = [[h / 2 for h, _ in directions]]  # of E[theta^2] after the last step, after the one before, and so on
        for rate in reversed(rates[1:]):
            worth.append([w * (1 - rate * h) ** 2 for w, (h, _) in zip(worth[-1], directions, strict=True)])
        now = directions  # (h, E[theta^2]) before a step
        for i in range(steps):
            left = worth[steps - 1 - i]
            pull = sum(w * h * m for w, (h, m) in zip(left, now, strict=True))
            bend = sum(w * h * h * (m + noise**2) for w, (h, m) in zip(left, now, strict=True))
            rates[i] = rate = min(most, pull / bend)
            now = [(h, (1 - rate * h) ** 2 * m + (rate * h * noise) ** 2) for h, m in now]
        loss = sum(h * m for h, m in now) / 2
        if last - loss < 1e-6 * loss:
            break
        last = loss
    return torch.tensor(rates, dtype=curvature.dtype)


def _next(moments: Tensor, rate: Tensor, curvature: Tensor, noise: float) -> Tensor:
    moved = rate * curvature
    return (1 - moved) ** 2 * moments + (moved * noise) ** 2
