"""An arm that is driven period by period and adapts as it moves: what the explorer shows, without a view."""

from __future__ import annotations

import math
from collections import deque
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from course_lib.learners import Learner
from course_lib.lessons.lesson12.control import ROUND, circle, computed_torque, inverse_of
from course_lib.tasks.arm import GRAVITY, LIMIT, LINK, PERIOD, TORQUE_UNIT, hand, inverse_dynamics, network_input, step

MOVES = ("circle", "hold still", "hang straight down")
DOWN = torch.tensor([-math.pi / 2, 0.0])  # both links point down: there gravity needs no torque
NOISE = 0.5  # of the measured accelerations, rad/s², as in the training arms
LONGEST = 4.0  # s that are remembered
SHOWN = 10.0  # s of the past in the curves
EASE = 6.0  # 1/s: how fast one movement goes over into another, without a jump
LEVEL = torch.tensor([[0.8, -0.8, 0.0, 0.0]])  # the lower arm level, nothing moves
TRUE = "true"  # the model that knows the arm
FINE = 2_000  # moments a second for which the circle is worked out beforehand: looking one up is quicker


class Moment(NamedTuple):
    """What the curves show of one moment: when (s), how far the hand is off (cm), the weight that hangs there and the
    one that the model believes in (kg)."""

    time: float
    off: float
    weight: float
    believed: float


@cache
def fine_circle() -> tuple[Tensor, Tensor, Tensor]:
    """`circle` at FINE moments a second of a whole round."""
    return circle(torch.arange(round(ROUND * FINE)) / FINE)


class ArmRun:
    """One arm, driven by computed torque with a model that is adapted anew again and again.

    Args:
        learners: by name; each is adapted to the last moments, `[1, n, 10]` to `[1, n, 2]`.
        arm: its parameters, `[7]`; it is copied.
        seed: of the measurement noise.

    `weight` (kg), `move` (one of MOVES), `model` (a name, or TRUE) and `window` (s) may be changed at any time;
    `moments` holds the last SHOWN seconds.
    """

    def __init__(self, learners: dict[str, Learner], arm: Tensor, seed: int = 0):
        self.learners, self.arm = learners, arm.clone()[None]  # [1, 7]
        self.generator = torch.Generator().manual_seed(seed)
        self.move, self.model, self.window = MOVES[0], TRUE, 1.0
        self.periods, self.moments = 0, deque()
        self.remembered = deque(maxlen=round(LONGEST / PERIOD))  # of (input [10], torques [2])
        self.trail = deque(maxlen=round(2 / PERIOD))  # places of the hand, [2] each
        self._round, self._pace = 0.0, 1.0  # s along the circle, and how fast that grows: 0 stands still
        self._down, self._sinking = 0.0, 0.0  # 0: on the circle, 1: hangs down; and how fast that grows, 1/s
        wanted = self._wanted()
        self.state = torch.cat([wanted[0], wanted[1]])[None]  # [1, 4]
        self._inverse = self._adapted()

    @property
    def weight(self) -> float:
        """What hangs on the hand, kg."""
        return self.arm[0, 0].item()

    @weight.setter
    def weight(self, kilograms: float):
        self.arm[0, 0] = kilograms

    @property
    def time(self) -> float:
        """Since the start, s."""
        return self.periods * PERIOD

    @torch.no_grad()
    def advance(self, periods: int):
        """Drive the arm on for so many periods of 0.02 s, and adapt every second one."""
        for _ in range(periods):
            if self.periods % 2 == 0:
                self._inverse = self._adapted()
            self._drive()
            if self.periods % 2 == 0:
                self._look()

    def wanted_hand(self) -> Tensor:
        """Where the hand should be, `[2]`."""
        return hand(torch.cat([self._wanted()[0], torch.zeros(2)]))

    def believed(self) -> float:
        """The weight for which the model's torque would hold the lower arm level, kg."""
        still = torch.zeros(1, 2)
        too_much = (self._inverse(LEVEL, still) - inverse_dynamics(self.arm, LEVEL, still))[0, 1]
        return self.weight + (too_much / (LINK * GRAVITY)).item()

    def _drive(self):
        torques = computed_torque(self._inverse, self.state, *self._wanted())  # [1, 2]
        torques = torques.clamp(-LIMIT, LIMIT)
        after = step(self.arm, self.state, torques)
        acceleration = (after[:, 2:] - self.state[:, 2:]) / PERIOD
        measured = acceleration + NOISE * torch.randn(1, 2, generator=self.generator)
        self.remembered.append((network_input(self.state, measured)[0], (torques / TORQUE_UNIT)[0]))
        self.state = after
        self.trail.append(hand(after)[0])
        self._follow_on()
        self.periods += 1

    def _look(self):
        off = 100 * (hand(self.state)[0] - self.wanted_hand()).norm().item()
        self.moments.append(Moment(self.time, off, self.weight, self.believed()))
        while self.moments[0].time < self.time - SHOWN:
            self.moments.popleft()

    def _adapted(self):
        """The model as it is after the last `window` seconds: a function from state and acceleration to torques."""
        if self.model == TRUE:
            return lambda state, acceleration: inverse_dynamics(self.arm, state, acceleration)
        learner, n = self.learners[self.model], min(len(self.remembered), round(self.window / PERIOD))
        last = list(self.remembered)[len(self.remembered) - n :]
        x, y = (torch.stack(part)[None] for part in zip(*last, strict=True)) if n else (
            torch.zeros(1, 0, 10), torch.zeros(1, 0, 2))  # [1, n, 10], [1, n, 2]  # fmt: skip
        return inverse_of(learner, learner.adapt(x, y))

    def _wanted(self) -> tuple[Tensor, Tensor, Tensor]:
        """Position, speed and acceleration that are wanted now, `[2]` each: the circle, blended with hanging down."""
        at = round(self._round * FINE) % round(ROUND * FINE)
        position, speed, acceleration = (part[at] for part in fine_circle())
        acceleration = self._pace**2 * acceleration + self._speeding_up() * speed
        speed, down = self._pace * speed, self._down
        way = DOWN - position
        return (
            position + down * way,
            (1 - down) * speed + self._sinking * way,
            (1 - down) * acceleration - 2 * self._sinking * speed + self._pull_down() * way,
        )

    def _speeding_up(self) -> float:
        return EASE * ((self.move == MOVES[0]) - self._pace)

    def _pull_down(self) -> float:
        return EASE**2 * ((self.move == MOVES[2]) - self._down) - 2 * EASE * self._sinking

    def _follow_on(self):
        """What is wanted one period later."""
        self._pace += PERIOD * self._speeding_up()
        self._sinking += PERIOD * self._pull_down()
        self._round, self._down = self._round + PERIOD * self._pace, self._down + PERIOD * self._sinking


def story(run: ArmRun, weight: float = 1.5):
    """A run for a picture that does not move: a weight is hung on after 1.5 s, and taken off after 6."""
    for kilograms, seconds in ((0.0, 1.5), (weight, 4.5), (0.0, 2.5)):
        run.weight = kilograms
        run.advance(round(seconds / PERIOD))
