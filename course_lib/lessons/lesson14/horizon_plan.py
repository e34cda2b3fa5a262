"""Rates that are planned some steps ahead, on the noisy quadratic.

`planned` is what a short horizon does: plan, follow the plan, plan again.
"""

from __future__ import annotations

from functools import cache

from course_lib.lessons.lesson14.noisy_quadratic import CURVATURE, SECOND_MOMENTS, STEPS, descent

CURVATURES, START = tuple(CURVATURE.tolist()), tuple(SECOND_MOMENTS.tolist())  # of the steep and the flat direction
HORIZONS = (1, 2, 5, 10, 20, 50, 100, 200)  # in steps; each goes into STEPS
MOST = 1 / max(CURVATURES)  # one step never goes beyond the lowest point
FIRST_GUESSES = (0.02, 1.0)  # descent begins at each of these constant rates, and the lower end counts


def after_step(rate: float, squares: tuple[float, ...], noise: float) -> tuple[float, ...]:
    """The means of theta^2 after one step of this rate."""
    shares = [rate * h for h in CURVATURES]
    return tuple((1 - g) ** 2 * s + (g * noise) ** 2 for g, s in zip(shares, squares, strict=True))


def loss_of(squares: tuple[float, ...]) -> float:
    """The mean loss where the means of theta^2 are these."""
    return sum(h * s for h, s in zip(CURVATURES, squares, strict=True)) / 2


def best_rates(squares: tuple[float, ...], steps: int, noise: float, most: float = MOST) -> list[float]:
    """The rates, none above `most`, with the lowest mean loss after the last step; see `noisy_quadratic.best_rates`.

    Args:
        squares: the mean of theta^2 in the steep and the flat direction at the start.
        steps: how many rates.
        noise: standard deviation of where the lowest point is, above 0.
        most: the largest rate that is allowed.

    Raises:
        ValueError: if steps or noise is not above 0.
    """
    if steps < 1 or noise <= 0:
        raise ValueError(f"steps and noise must be above 0, but they are {steps} and {noise}.")
    ends = [descent([min(guess, most)] * steps, CURVATURES, noise, squares, most) for guess in FIRST_GUESSES]
    return min(ends)[1]


@cache
def planned(horizon: int, noise: float) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """STEPS steps with rates that are the best for a horizon: plan so many, follow them, and plan again from there.

    Returns: the rates, `STEPS` of them; and the means of theta^2 before the first step and after each.

    Raises:
        ValueError: if the horizon does not go into STEPS.
    """
    if horizon < 1 or STEPS % horizon:
        raise ValueError(f"horizon must go into {STEPS}, but it is {horizon}.")
    rates, path = [], [START]
    for _ in range(STEPS // horizon):
        for rate in best_rates(path[-1], horizon, noise):
            rates.append(rate)
            path.append(after_step(rate, path[-1], noise))
    return tuple(rates), tuple(path)


def ends_at(horizon: int, noise: float) -> float:
    """The mean loss after STEPS steps with rates that are planned so far ahead."""
    return loss_of(planned(horizon, noise)[1][-1])
