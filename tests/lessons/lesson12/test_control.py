"""The circle, the controller, and who follows it."""

from functools import partial

import torch

from course_lib.learners import Joint
from course_lib.lessons.lesson12.control import (
    CENTRE,
    PERIOD,
    RADIUS,
    Track,
    circle,
    computed_torque,
    follow_circle,
    inverse_of,
)
from course_lib.lessons.lesson12.known_equation import KnownEquation, equation_numbers
from course_lib.models import MLP
from course_lib.tasks.arm import acceleration, hand, inverse_dynamics

ARMS = torch.tensor([[0.0, 1, 1, 0.5, 0.5, 0, 0], [1.5, 0.8, 1.2, 0.1, 0.9, 0, 0], [1, 1, 1, 0.5, 0.5, 4, 1]])


def test_the_hand_goes_round_and_speeds_are_derivatives():
    times = torch.linspace(0, 2, 2001, dtype=torch.float64)
    angles, speeds, accelerations = circle(times)
    found = hand(torch.cat([angles, speeds], 1))
    assert torch.allclose((found - torch.tensor(CENTRE)).norm(dim=1), torch.full((2001,), RADIUS).double())
    assert torch.allclose(found[0], torch.tensor([CENTRE[0] + RADIUS, CENTRE[1]]).double())
    assert found[500, 1] > CENTRE[1] + 0.19  # a quarter of a round later it is above: counterclockwise
    middle = (angles[2:] - angles[:-2]) / 0.002, (speeds[2:] - speeds[:-2]) / 0.002
    assert torch.allclose(middle[0], speeds[1:-1], atol=1e-4) and torch.allclose(
        middle[1], accelerations[1:-1], atol=1e-3
    )
    assert circle(times.float())[2].dtype == torch.float32


def test_with_the_true_model_the_error_obeys_its_equation():
    """e'' = -damping e' - stiffness e, whatever the arm: computed torque takes its weight and its inertia off."""
    arm, g = ARMS.double(), torch.Generator().manual_seed(0)
    state = torch.randn(3, 4, generator=g, dtype=torch.float64)
    wanted = torch.randn(3, 2, generator=g, dtype=torch.float64)
    torques = computed_torque(partial(inverse_dynamics, arm), state, *wanted, stiffness=50.0, damping=7.0)
    found = wanted[2] - acceleration(arm, state, torques)
    assert torch.allclose(found, -7 * (wanted[1] - state[:, 2:]) - 50 * (wanted[0] - state[:, :2]))


def test_the_true_model_follows_and_a_wrong_one_does_not():
    track = follow_circle(ARMS, partial(inverse_dynamics, ARMS))
    assert track.hand.shape == (3, 200, 2) and track.wanted.shape == (200, 2) and track.torques.shape == (3, 200, 2)
    assert track.error.shape == (3, 200) and (track.cm < 0.5).all()
    heavier = ARMS + torch.tensor([1.0, 0, 0, 0, 0, 0, 0])
    assert (follow_circle(heavier, partial(inverse_dynamics, ARMS)).cm > 3).all()


def test_the_measure_is_of_the_second_half_in_cm():
    wanted = torch.zeros(4, 2)
    found = torch.tensor([[[9.0, 9], [9, 9], [0.03, 0.04], [0, 0.01]]])
    assert torch.allclose(Track(found, wanted, wanted).cm, torch.tensor([((25 + 1) / 2) ** 0.5]))


def test_a_learner_answers_in_newton_metres():
    learner = KnownEquation(ARMS[:2].repeat(3, 1))
    state, asked = torch.randn(2, 4), torch.randn(2, 2)
    found = inverse_of(learner, equation_numbers(ARMS[:2]))(state, asked)
    assert torch.allclose(found, inverse_dynamics(ARMS[:2], state, asked), atol=1e-4)
    assert inverse_of(Joint(MLP((10, 8, 2))), None)(state, asked).shape == (2, 2)
    assert PERIOD == 0.02
