"""Which movements tell what hangs on the arm: nothing but least squares, before any learning."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.tasks.arm import PERIOD, inverse_dynamics

UNKNOWN = 5  # payload, two masses, two frictions: the parameters that the known equation has


def payload_spread(rows: Tensor, noise: float) -> Tensor:
    """The standard deviation of the payload that least squares finds in each movement, when nothing else is known.

    Args:
        rows: `[movements, n, unknowns]`: what a unit of each unknown adds to each torque. The payload comes first.
        noise: standard deviation of the error of a torque, N m.

    Returns: `[movements]` in kg; infinite, or huge by rounding, where the other unknowns can imitate the payload.

    Source: the theorem of Frisch, Waugh and Lovell, as in Basu 2023 (arXiv:2307.00369): an unknown of several has the
        estimate, and the spread, that it has alone when what the others explain is taken away. `torch.linalg.lstsq`
        is not used, since its default driver may be wrong where columns imitate one another (PyTorch's issue 187411).
    """
    payload, others = rows[..., :1], rows[..., 1:]
    imitated = others @ (torch.linalg.pinv(others) @ payload)  # as near as the others come, [movements, n, 1]
    left = (payload - imitated).square().sum((-2, -1)).sqrt()  # [movements]
    return noise / left


def rows_of(position: Tensor, velocity: Tensor, acceleration: Tensor) -> Tensor:
    """What each parameter adds to the torques of a movement, `[moments, 2]` each: `[2 * moments, 5]` in N m.

    Torques are linear in these parameters, so a column holds the torques of an arm of which only that one is not 0.
    """
    arms = torch.eye(7, dtype=position.dtype)[:UNKNOWN].unsqueeze(1).expand(-1, len(position), -1)  # [5, moments, 7]
    state = torch.cat([position, velocity], -1).expand(UNKNOWN, -1, -1)
    return inverse_dynamics(arms, state, acceleration.expand(UNKNOWN, -1, -1)).flatten(1).T


def swing(size: tuple[float, float], rounds: tuple[float, float], seconds: float = 2.0, middle=(0.2, -1.0)) -> Tensor:
    """The rows of a movement in which each joint goes to and fro like a sine.

    Args:
        size: rad, of each joint; 0 holds it still.
        rounds: a second, of each joint.
        middle: rad, about which they swing.
    """
    t = PERIOD * torch.arange(round(seconds / PERIOD), dtype=torch.float64).unsqueeze(1)  # [moments, 1]
    size, middle = torch.tensor(size, dtype=t.dtype), torch.tensor(middle, dtype=t.dtype)
    speed = 2 * math.pi * torch.tensor(rounds, dtype=t.dtype)
    wave = size * torch.sin(speed * t)
    return rows_of(middle + wave, size * speed * torch.cos(speed * t), -(speed**2) * wave)


def five_movements() -> dict[str, Tensor]:
    """The rows `[n, 5]` of five movements of the same arm, with two torques a moment."""
    return {
        "swing both joints": swing((0.5, 0.6), (0.7, 1.1)),
        "hold still": swing((0.0, 0.0), (1.0, 1.0)),
        "go slowly through many poses": swing((0.8, 0.9), (0.1, 0.15)),
        "bend the elbow alone": swing((0.0, 0.6), (1.0, 1.1)),
        "swing for 0.2 s": swing((0.5, 0.6), (0.7, 1.1), seconds=0.2),
    }
