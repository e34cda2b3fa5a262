"""The seven numbers of the arm, and how they are found."""

import torch

from course_lib import evaluate
from course_lib.lessons.lesson12.known_equation import (
    KnownEquation,
    equation_numbers,
    least_squares_with_prior,
    payload_of,
    prior_of,
    rows,
)
from course_lib.tasks import Arms
from course_lib.tasks.arm import TORQUE_UNIT, inverse_dynamics, network_input


def arms(n=40, seed=0):
    g = torch.Generator().manual_seed(seed)
    arm = torch.rand(n, 7, generator=g, dtype=torch.float64) + torch.tensor([0, 0.5, 0.5, 0, 0, 0, 0])
    arm[:, 5:] = 0
    state, acceleration = (torch.randn(n, 9, k, generator=g, dtype=torch.float64) for k in (4, 2))
    return arm, state, acceleration


def test_the_equation_is_linear_in_seven_numbers():
    arm, state, acceleration = arms()
    asked = rows(network_input(state, acceleration))
    assert asked.shape == (40, 9, 2, 7)
    found = (asked @ equation_numbers(arm)[:, None, :, None]).squeeze(-1) * TORQUE_UNIT
    assert torch.allclose(found, inverse_dynamics(arm.unsqueeze(1), state, acceleration), atol=1e-6)
    assert torch.allclose(payload_of(equation_numbers(arm)), arm[:, 0], atol=1e-5)


def test_least_squares_is_bayes_rule():
    """Against the formula with inverses, and against conditioning the joint normal distribution."""
    g = torch.Generator().manual_seed(0)
    flat, torques = (torch.randn(3, *shape, generator=g, dtype=torch.float64) for shape in ((4, 2, 7), (4, 2)))
    mean, root = (torch.randn(*shape, generator=g, dtype=torch.float64) for shape in ((7,), (7, 7)))
    covariance, noise = root @ root.T, 0.3
    found = least_squares_with_prior(flat, torques, mean, covariance, noise)
    for i in range(3):
        r, y = flat[i].flatten(0, 1), torques[i].flatten()
        precision = torch.linalg.inv(covariance)
        inverted = torch.linalg.solve(r.T @ r / noise**2 + precision, r.T @ y / noise**2 + precision @ mean)
        assert torch.allclose(found[i], inverted)
        among = r @ covariance @ r.T + noise**2 * torch.eye(8, dtype=torch.float64)
        assert torch.allclose(found[i], mean + covariance @ r.T @ torch.linalg.solve(among, y - r @ mean))


def test_without_a_row_it_is_the_mean_and_what_cannot_vary_does_not():
    mean, covariance = prior_of(arms()[0])
    assert torch.equal(
        least_squares_with_prior(
            torch.zeros(2, 0, 2, 7).double(), torch.zeros(2, 0, 2).double(), mean, covariance, 0.1
        ),
        mean.expand(2, 7),
    )
    assert torch.linalg.matrix_rank(covariance) == 5  # masses and frictions: five parameters
    arm, state, acceleration = arms(seed=1)
    x = network_input(state, acceleration)
    torques = inverse_dynamics(arm.unsqueeze(1), state, acceleration) / TORQUE_UNIT
    found = least_squares_with_prior(rows(x), torques, mean, covariance, 1e-3)
    assert torch.allclose(found, equation_numbers(arm), atol=1e-3)
    held = torch.diag(torch.tensor([1, 1, 1, 1, 1, 0, 0.0]).double()) @ covariance  # frictions known
    assert torch.equal(least_squares_with_prior(rows(x), torques, mean, held, 0.1)[:, 5:], mean[5:].expand(40, 2))


def test_it_is_a_learner_that_evaluate_judges():
    workshop = Arms(50, 20, arms=30, seconds=2.0, clean_queries=True)
    learner = KnownEquation(workshop.arms)
    nothing = KnownEquation(workshop.arms, noise=1e6)
    assert evaluate(learner, workshop, 20).mean < 0.1 * evaluate(nothing, workshop, 20).mean
    numbers = learner.adapt(workshop.x[:, 0], workshop.y[:, 0])
    assert (payload_of(numbers) - workshop.arms[:, 0]).abs().mean() < 0.1
