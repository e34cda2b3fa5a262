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


def best_rates(steps: int, curvature: Tensor, noise: float, second_moments: Tensor, most: float = 1.0) -> Tensor:
    """The schedule with the lowest mean loss after the *last* step, among those with no rate above `most`: `[steps]`.

    Without a limit there are other, wilder schedules; with `most` = 1 / largest curvature all starts of `descent` that
    we tried end in the same one. Here it starts at the greedy schedule.

    Args:
        steps, curvature, noise, second_moments: as in `expected_losses`, with two directions.
        most: the largest rate that is allowed.
    """
    rates = greedy_rates(steps, curvature, noise, second_moments).clamp(max=most).tolist()
    _, rates = descent(rates, tuple(curvature.tolist()), noise, tuple(second_moments.tolist()), most)
    return torch.tensor(rates, dtype=curvature.dtype)


Two = tuple[float, float]  # one number for each of two directions


def descent(
    rates: list[float], curvature: Two, noise: float, second_moments: Two, most: float
) -> tuple[float, list[float]]:
    """Change the rates, one after the other, until the mean loss after the last step falls no more.

    Seen from one step, with all other rates as they are, the last loss is a quadratic in its rate: a unit of
    E[theta^2] after it costs something in each direction. Backwards these costs are found, forwards each rate is set to
    its lowest point, and so on: the loss never rises. In plain numbers for two directions, since an explorer waits.

    Returns: the mean loss after the last step, and the rates.
    """
    (h, k), variance, lowest = curvature, noise**2, float("inf")
    while True:
        steep, flat = h / 2, k / 2
        costs = [(steep, flat)]  # after the last step, after the one before, and so on
        for rate in rates[:0:-1]:
            steep *= (1 - rate * h) ** 2
            flat *= (1 - rate * k) ** 2
            costs.append((steep, flat))
        s, u = second_moments
        for t, (steep, flat) in enumerate(reversed(costs)):
            gain = steep * h * s + flat * k * u
            rates[t] = rate = min(most, gain / (steep * h * h * (s + variance) + flat * k * k * (u + variance)))
            s = (1 - rate * h) ** 2 * s + (rate * h) ** 2 * variance
            u = (1 - rate * k) ** 2 * u + (rate * k) ** 2 * variance
        loss = (h * s + k * u) / 2
        if not loss < lowest * (1 - 1e-7):
            return loss, rates
        lowest = loss


def _next(moments: Tensor, rate: Tensor, curvature: Tensor, noise: float) -> Tensor:
    moved = rate * curvature
    return (1 - moved) ** 2 * moments + (moved * noise) ** 2
