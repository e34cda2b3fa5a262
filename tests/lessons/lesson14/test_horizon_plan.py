"""Rates planned ahead: from several starts and from greed alone, and what a short horizon gives away."""

import math

import pytest
import torch

from course_lib.lessons.lesson14.horizon_plan import (
    CURVATURES,
    HORIZONS,
    MOST,
    START,
    STEPS,
    best_rates,
    ends_at,
    loss_of,
    planned,
)
from course_lib.lessons.lesson14.noisy_quadratic import CURVATURE, SECOND_MOMENTS, expected_losses, greedy_rates
from course_lib.lessons.lesson14.noisy_quadratic import best_rates as plain


def exact(rates, noise, moments=SECOND_MOMENTS):
    return expected_losses(torch.tensor(rates, dtype=torch.float64), CURVATURE, noise, moments)


def test_the_path_is_the_closed_form():
    for horizon in (1, 20):
        rates, path = planned(horizon, 0.5)
        assert len(rates) == STEPS and max(rates) <= MOST == 1
        assert torch.allclose(exact(rates, 0.5), torch.tensor([loss_of(at) for at in path], dtype=torch.float64))
        assert loss_of(path[-1]) == ends_at(horizon, 0.5)


def test_a_horizon_of_one_step_is_greedy():
    assert planned(1, 1.0)[0] == pytest.approx(greedy_rates(STEPS, CURVATURE, 1.0, SECOND_MOMENTS).tolist())


@pytest.mark.parametrize("steps, noise", [(2, 0.1), (5, 1.0), (20, 2.0)])
def test_it_is_never_worse_than_the_plain_search(steps, noise):
    ours = exact(best_rates(START, steps, noise), noise)[-1]
    theirs = exact(plain(steps, CURVATURE, noise, SECOND_MOMENTS).tolist(), noise)[-1]
    assert ours <= theirs * (1 + 1e-6) and ours > 0.95 * theirs


def test_no_single_rate_can_be_bettered():
    rates = best_rates(START, 10, 0.5)
    best = exact(rates, 0.5)[-1]
    for i in range(10):
        for factor in (0.98, 1.02):
            other = [*rates]
            other[i] = min(MOST, rates[i] * factor)
            assert exact(other, 0.5)[-1] >= best - 1e-9


def test_two_steps_without_a_limit_end_each_direction():
    """Without noise to speak of, the rates 1 / h, the large one first, bring both directions to rest."""
    rates = best_rates(START, 2, 1e-6, most=math.inf)
    assert rates == pytest.approx([1 / CURVATURES[1], 1 / CURVATURES[0]], rel=1e-3)


def test_who_looks_further_ends_lower():
    ends = [ends_at(horizon, 0.1) for horizon in HORIZONS[:5]]
    assert ends == sorted(ends, reverse=True) and ends[0] > 3 * ends[-1]


@pytest.mark.parametrize("call, words", [(lambda: planned(3, 1.0), "must go into 200"), (lambda: planned(0, 1.0), "go"),
                                         (lambda: best_rates(START, 5, 0.0), "above 0"),
                                         (lambda: best_rates(START, 0, 1.0), "above 0")])  # fmt: skip
def test_what_it_cannot_plan_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
