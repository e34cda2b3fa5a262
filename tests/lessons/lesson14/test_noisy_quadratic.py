"""The noisy quadratic: the closed form against 10,000 simulated trainings, and schedules against what they claim."""

import math

import pytest
import torch

from course_lib.lessons.lesson14.noisy_quadratic import (
    CURVATURE,
    NOISE,
    SECOND_MOMENTS,
    STEPS,
    best_constant,
    best_rates,
    expected_losses,
    greedy_rates,
    simulated_losses,
)

GIVEN = CURVATURE, NOISE, SECOND_MOMENTS


def end(rates, given=GIVEN):
    return expected_losses(rates, *given)[..., -1].item()


def test_it_is_the_mean_of_10_000_trainings():
    rates = torch.tensor([1.5, 0.3, 0.9, 0.05, 0.6], dtype=torch.float64)
    h, start = torch.tensor([1.0, 0.2, 0.01]).double(), torch.tensor([1.0, -2.0, 10.0]).double()
    runs = simulated_losses(rates, h, 1.5, start, 10_000, torch.Generator().manual_seed(0))
    exact, error = expected_losses(rates, h, 1.5, start**2), runs.std(0) / 100
    assert runs.shape == (10_000, 6)
    assert ((runs.mean(0) - exact).abs() <= 4 * error + 1e-9).all()
    assert (error[1:] < 0.02 * exact[1:]).all()  # so that a wrong formula would be seen


def test_without_noise_it_is_gradient_descent():
    rates = torch.tensor([0.5, 1.2, 0.1], dtype=torch.float64)
    theta, found = SECOND_MOMENTS.sqrt(), []
    for rate in [*rates, 0]:
        found.append((CURVATURE * theta**2).sum() / 2)
        theta = theta - rate * CURVATURE * theta
    torch.testing.assert_close(expected_losses(rates, CURVATURE, 0.0, SECOND_MOMENTS), torch.stack(found))


def test_a_constant_rate_settles_where_noise_and_pull_are_even():
    rate = 0.4
    losses = expected_losses(torch.full((3000,), rate).double(), *GIVEN)
    settled = (CURVATURE * rate * CURVATURE / (2 - rate * CURVATURE)).sum().item() / 2  # m = (1 - rh)^2 m + (rh)^2
    assert losses[-1].item() == pytest.approx(settled, rel=1e-6)


def test_schedules_side_by_side_are_as_one_by_one_and_a_gradient_gets_through():
    rates = torch.rand(2, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64).requires_grad_()
    losses = expected_losses(rates, *GIVEN)
    assert losses.shape == (2, 3, 5)
    torch.testing.assert_close(losses[1, 2], expected_losses(rates[1, 2], *GIVEN))
    assert torch.autograd.gradcheck(lambda r: expected_losses(r, *GIVEN), rates)
    assert expected_losses(rates[:, :, :0], *GIVEN).shape == (2, 3, 1)


def test_the_greedy_schedule_takes_the_best_next_step_every_time():
    rates = greedy_rates(30, *GIVEN)
    for t in (0, 3, 29):
        tried = rates[: t + 1].repeat(201, 1)
        tried[:, t] += torch.linspace(-0.1, 0.1, 201)
        assert expected_losses(tried, *GIVEN)[:, -1].argmin() == 100


def test_the_best_schedule_cannot_be_made_better_and_keeps_its_limit():
    rates = best_rates(60, *GIVEN, most=0.8)
    assert rates.max() <= 0.8
    loss, slack = end(rates), 1e-4
    for t in (0, 10, 45, 59):
        for off in (-0.02, 0.02):
            other = rates.clone()
            other[t] = (other[t] + off).clamp(max=0.8)
            assert end(other) > loss - slack * loss
    logits = torch.zeros(60, dtype=torch.float64, requires_grad=True)  # another way: Adam on all rates at once
    optimizer = torch.optim.Adam([logits], lr=0.2)
    for _ in range(60):
        optimizer.zero_grad()
        last = expected_losses(0.8 * logits.sigmoid(), *GIVEN)[-1]
        last.backward()
        optimizer.step()
    assert loss <= last.item() < 1.1 * loss


def test_the_greedy_schedule_ends_far_above_the_others():
    greedy, best = end(greedy_rates(STEPS, *GIVEN)), end(best_rates(STEPS, *GIVEN))
    rate, constant = best_constant(STEPS, *GIVEN)
    assert end(torch.full((STEPS,), rate, dtype=torch.float64)) == pytest.approx(constant)
    assert best < constant / 5 and constant < greedy / 1.5
    assert best_rates(1, *GIVEN)[0] == pytest.approx(
        greedy_rates(1, *GIVEN)[0].item()
    )  # one step: no other step counts


def test_constant_rates_are_searched_up_to_where_they_diverge():
    rate, loss = best_constant(1, CURVATURE, 0.0, torch.tensor([1.0, 0.0]).double())
    assert rate == pytest.approx(1, rel=0.02) and loss < 1e-3 and math.isfinite(loss)
