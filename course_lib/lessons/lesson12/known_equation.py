"""What an engineer would do: the arm's equation is linear in seven numbers, and least squares finds them."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.learners import Learner
from course_lib.tasks.arm import GRAVITY, LINK, TORQUE_UNIT

NOISE = 0.1  # of a torque, in TORQUE_UNIT: what a wrong acceleration of 0.5 rad/s^2 does to it, about

#: What payload, upper mass, lower mass and both frictions give to each of the seven numbers.
_PARTS = torch.tensor([
    [LINK**2, LINK**2 / 3, LINK**2, 0, 0],  # upper arm: its inertia, and that of what hangs at the elbow
    [LINK**2, 0, LINK**2 / 3, 0, 0],  # lower arm: its inertia
    [LINK**2, 0, LINK**2 / 2, 0, 0],  # both: how the links feel one another
    [LINK * GRAVITY, LINK * GRAVITY / 2, LINK * GRAVITY, 0, 0],  # weight at the upper arm
    [LINK * GRAVITY, 0, LINK * GRAVITY / 2, 0, 0],  # weight at the lower arm
    [0, 0, 0, 1, 0], [0, 0, 0, 0, 1],
])  # fmt: skip


def equation_numbers(arm: Tensor) -> Tensor:
    """The seven numbers of the equation of motion, `[..., 7]`, of arms `[..., 7]` (see `tasks.arm.PARAMETERS`).

    Three inertias (kg m^2), two weights (N m) and two frictions (N m s). A spring and a sticky joint are not in it.
    """
    return arm[..., :5] @ _PARTS.to(arm).T


def payload_of(numbers: Tensor) -> Tensor:
    """The payload `[...]` in kg that `equation_numbers` `[..., 7]` mean, and the masses with it: least squares."""
    return (numbers @ torch.linalg.pinv(_PARTS.to(numbers)).T)[..., 0]


def rows(x: Tensor) -> Tensor:
    """The equation of motion as a matrix: `rows(x) @ equation_numbers(arm)` are the torques, in TORQUE_UNIT.

    Args:
        x: `[..., 10]`, see `tasks.arm.network_input`.

    Returns: `[..., 2, 7]`: two torques a moment, what each of the seven numbers gives to them.

    Source: that the equation is linear in the inertial numbers, Atkeson, An and Hollerbach 1986 (International Journal
        of Robotics Research 5).
    """
    _, s2, _, c1, c2, c12, w1, w2, a1, a2 = x.unbind(-1)
    w1, w2, a1, a2, zero = 3 * w1, 3 * w2, 20 * a1, 20 * a2, torch.zeros_like(s2)
    both = c2 * (2 * a1 + a2) - s2 * (2 * w1 * w2 + w2**2)
    shoulder = torch.stack([a1, a1 + a2, both, c1, c12, w1, zero], -1)
    elbow = torch.stack([zero, a1 + a2, c2 * a1 + s2 * w1**2, zero, c12, zero, w2], -1)
    return torch.stack([shoulder, elbow], -2) / TORQUE_UNIT.to(x).unsqueeze(-1)


def prior_of(arms: Tensor) -> tuple[Tensor, Tensor]:
    """What is known of an arm before it moves: mean `[7]` and covariance `[7, 7]` of the numbers of arms `[n, 7]`."""
    numbers = equation_numbers(arms)
    return numbers.mean(0), torch.cov(numbers.T)


def least_squares_with_prior(rows: Tensor, torques: Tensor, mean: Tensor, covariance: Tensor, noise: float) -> Tensor:
    """The most likely numbers of each arm, given what it did and what arms are like.

    They make `|rows numbers - torques|^2 / noise^2 + (numbers - mean)' covariance^-1 (numbers - mean)` small.

    Args:
        rows: `[tasks, n, 2, 7]`, see the function of that name; n may be 0.
        torques: `[tasks, n, 2]`, in TORQUE_UNIT.
        mean: `[7]`.
        covariance: `[7, 7]`. Five parameters make seven numbers, so it has no inverse, and none is taken.
        noise: standard deviation of a torque, in TORQUE_UNIT.

    Returns: `[tasks, 7]`; the mean where n is 0.

    Source: the mean of a Gaussian given linear measurements, as any textbook has it (Bishop 2006, equation 2.116).
    """
    flat = rows.flatten(1, 2)  # [tasks, 2 n, 7]
    error = torques.flatten(1) - flat @ mean  # [tasks, 2 n], of the mean
    seen = noise**2 * torch.eye(len(mean)).to(mean) + covariance @ flat.mT @ flat  # [tasks, 7, 7]
    return mean + torch.linalg.solve(seen, (covariance @ flat.mT @ error.unsqueeze(-1)).squeeze(-1))


class KnownEquation(Learner):
    """Adapting is least squares on the known equation, towards the mean of the arms that were seen before.

    Args:
        arms: `[n, 7]`, whose mean and covariance are the prior.
        noise: see `least_squares_with_prior`.
    """

    def __init__(self, arms: Tensor, noise: float = NOISE):
        super().__init__(noise=noise)
        mean, covariance = prior_of(arms)
        self.register_buffer("mean", mean), self.register_buffer("covariance", covariance)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """The seven numbers of each arm, `[tasks, 7]`."""
        return least_squares_with_prior(rows(support_x), support_y, self.mean, self.covariance, self.config["noise"])

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """Torques `[tasks, n_query, 2]` in TORQUE_UNIT."""
        return (rows(query_x) @ adapted[:, None, :, None]).squeeze(-1)  # [tasks, n_query, 2, 7] times [tasks, 1, 7, 1]
