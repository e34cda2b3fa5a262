"""A controller that asks a model for torques, and a circle for the hand to draw."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.learners import Learner
from course_lib.tasks.arm import LINK, PERIOD, TORQUE_UNIT, hand, network_input, step

CENTRE, RADIUS, ROUND = (0.6, 0.0), 0.2, 2.0  # m, m, s
Inverse = Callable[[Tensor, Tensor], Tensor]  # (state [n, 4], acceleration [n, 2]) -> torques [n, 2] in N m


def circle(times: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where both joints have to be for the hand to go round, and how they have to move.

    Args:
        times: `[T]` in s; a round takes ROUND.

    Returns: angles (rad), speeds and accelerations of shoulder and elbow, `[T, 2]` each, in the dtype of `times`.
    """

    def angles(t: Tensor) -> Tensor:  # [T] -> [T, 2]
        turn = 2 * math.pi * t / ROUND
        x, y = CENTRE[0] + RADIUS * torch.cos(turn), CENTRE[1] + RADIUS * torch.sin(turn)
        elbow = -torch.acos((x**2 + y**2) / (2 * LINK**2) - 1)  # the law of cosines; the elbow is above the hand
        shoulder = torch.atan2(y, x) - torch.atan2(torch.sin(elbow), 1 + torch.cos(elbow))
        return torch.stack([shoulder, elbow], -1)

    t, e = times.double(), 1e-4  # derivatives by differences: in double precision they are good to seven digits
    before, now, after = angles(t - e), angles(t), angles(t + e)
    found = now, (after - before) / (2 * e), (after - 2 * now + before) / e**2
    return tuple(one.to(times) for one in found)


def computed_torque(inverse: Inverse, state: Tensor, wanted_position: Tensor, wanted_velocity: Tensor,
                    wanted_acceleration: Tensor, stiffness: float = 60.0, damping: float = 12.0) -> Tensor:  # fmt: skip
    """Torques that bring the arm back to where it should be: the model is asked for the wanted acceleration, and what
    is wrong in position and speed is added to it.

    Args:
        inverse: the model, a function `(state [n, 4], acceleration [n, 2]) -> torques [n, 2]` in N m.
        state: `[n, 4]`: angles and speeds as they are.
        wanted_position, wanted_velocity, wanted_acceleration: `[2]` or `[n, 2]`, of shoulder and elbow.
        stiffness: 1/s^2, acceleration for a rad of error.
        damping: 1/s, acceleration for a rad/s of error.

    Returns: `[n, 2]` in N m.

    Source: computed torque, Murray, Li and Sastry 1994 (A Mathematical Introduction to Robotic Manipulation), section
        4.5. With a true model an error e obeys e'' + damping e' + stiffness e = 0.
    """
    position, velocity = state[..., :2], state[..., 2:]
    asked = wanted_acceleration + stiffness * (wanted_position - position) + damping * (wanted_velocity - velocity)
    return inverse(state, asked)


def inverse_of(learner: Learner, adapted) -> Inverse:
    """The model of a learner that has adapted to n arms, in the form that `computed_torque` takes."""

    def inverse(state: Tensor, acceleration: Tensor) -> Tensor:
        asked = network_input(state, acceleration).unsqueeze(1)  # [n, 1, 10]: one query an arm
        return learner.predict(adapted, asked).squeeze(1) * TORQUE_UNIT.to(state)

    return inverse


@dataclass(frozen=True)
class Track:
    """What n arms did.

    Args:
        hand: `[n, T, 2]` in m, after each period.
        wanted: `[T, 2]` in m, where it should have been.
        torques: `[n, T, 2]` in N m, as asked for.
    """

    hand: Tensor
    wanted: Tensor
    torques: Tensor

    @property
    def error(self) -> Tensor:
        """How far the hand was off, `[n, T]` in m."""
        return (self.hand - self.wanted).norm(dim=-1)

    @property
    def cm(self) -> Tensor:
        """The root of the mean square of the error in the second half, for each arm: `[n]` in cm."""
        return 100 * self.error[:, self.error.shape[1] // 2 :].square().mean(1).sqrt()


@torch.no_grad()
def follow_circle(arm: Tensor, inverse: Inverse, seconds: float = 2 * ROUND) -> Track:
    """Let arms `[n, 7]` draw the circle by computed torque, all at once; they begin on it, at its speed.

    Args:
        inverse: a model of each, see `computed_torque`.
        seconds: how long.
    """
    periods = round(seconds / PERIOD)
    angles, speeds, accelerations = circle(PERIOD * torch.arange(periods + 1))  # [T + 1, 2]
    state = torch.cat([angles[0], speeds[0]]).expand(len(arm), 4)
    hands, sent = [], []
    for wanted in zip(angles[:-1], speeds[:-1], accelerations[:-1], strict=True):
        torques = computed_torque(inverse, state, *wanted)
        state = step(arm, state, torques)
        hands.append(hand(state)), sent.append(torques)
    return Track(torch.stack(hands, 1), hand(torch.cat([angles, speeds], 1))[1:], torch.stack(sent, 1))
