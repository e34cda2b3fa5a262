"""What the quizzes of lesson 14 say is true."""

import math

import torch

from course_lib.lessons.lesson14.hypergradient import SmallTraining, finite_difference, forward_hypergradient
from course_lib.lessons.lesson14.many_decays import ManyDecays, compared, exact_hypergradient, implicit_hypergradient
from course_lib.lessons.lesson14.noisy_quadratic import (
    CURVATURE,
    NOISE,
    SECOND_MOMENTS,
    STEPS,
    best_constant,
    best_rates,
    expected_losses,
    greedy_rates,
)
from course_lib.lessons.lesson14.quizzes import QUIZZES

GIVEN = CURVATURE, NOISE, SECOND_MOMENTS


def test_beyond_the_edge_the_slope_is_of_a_curve_that_turns():
    one = SmallTraining(0)
    given = one.train_loss, one.validation_loss, one.start, 2.5, 50
    slope = forward_hypergradient(*given)[1].item()
    assert abs(slope) > 1e6 and abs(finite_difference(*given)) < abs(slope) / 100
    assert QUIZZES["beyond the edge"].right.startswith("nothing")


def test_one_term_is_much_shorter_and_turns_somewhat():
    turned, lengths, signs = [], [], []
    for seed in range(10):
        one, decays = ManyDecays(seed), torch.full((20,), -2.0, dtype=torch.float64)
        rate = 1 / torch.linalg.eigvalsh(one.hessian(decays)).max().item()
        found = implicit_hypergradient(one.train_loss, one.validation_loss, one.solve(decays), decays, rate, 1)
        exact = exact_hypergradient(one, decays)
        cosine, length = compared(found, exact)
        turned.append(math.degrees(math.acos(cosine)))
        lengths.append(length)
        signs.append((found * exact > 0).sum().item())
    *usual, most = sorted(turned)
    assert round(usual[0]) == 2 and round(usual[-1]) == 22 and round(most) == 43
    assert 0.2 < min(lengths) < 0.25 and 0.35 < max(lengths) < 0.4
    assert min(signs) == 15 and max(signs) == 20
    assert QUIZZES["a short series"].right == "it gets much shorter, and turns somewhat"


def test_adam_does_not_see_that_all_numbers_are_smaller():
    ends = []
    for factor in (1.0, 0.2):
        at = torch.zeros(3, dtype=torch.float64)
        optimizer = torch.optim.Adam([at], lr=0.1)
        for t in range(20):
            at.grad = factor * torch.tensor([1.0, -0.01, 0.3 * t - 2], dtype=torch.float64)
            optimizer.step()
        ends.append(at)
    torch.testing.assert_close(*ends, rtol=1e-5, atol=1e-6)


def test_the_greedy_schedule_ends_above_the_best_constant_rate():
    rates = greedy_rates(STEPS, *GIVEN)
    assert expected_losses(rates, *GIVEN)[-1] > 1.5 * best_constant(STEPS, *GIVEN)[1]
    assert rates[20] < best_constant(STEPS, *GIVEN)[0] / 5  # so soon
    assert QUIZZES["the best next step"].right.startswith("higher")


def test_pieces_that_are_planned_alone_end_higher():
    moments, rates = SECOND_MOMENTS, []
    for _ in range(5):
        piece = best_rates(20, CURVATURE, NOISE, moments)
        for rate in piece:
            moments = (1 - rate * CURVATURE) ** 2 * moments + (rate * CURVATURE * NOISE) ** 2
        rates.append(piece)
    whole = expected_losses(best_rates(100, *GIVEN), *GIVEN)[-1]
    assert expected_losses(torch.cat(rates), *GIVEN)[-1] > 1.5 * whole
    assert QUIZZES["in pieces"].right.startswith("what a step does")


def test_nan_is_the_smallest_for_argmin():
    means = torch.tensor([0.4, math.nan, 0.2])
    assert means.argmin() == 1 and torch.where(means.isfinite(), means, torch.inf).argmin() == 2
    assert QUIZZES["nan wins"].right == "the second"
