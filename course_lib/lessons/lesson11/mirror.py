"""The other wrist is a mirror image: which signs that turns round, and how to turn them back."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.arguments import check_one_of
from course_lib.tasks.people import SIDES, Recordings


def six_signs(x: int = 1, y: int = 1, z: int = 1) -> Tensor:
    """The signs of all six channels, `[6]`, when axes of the watch are turned round: 1 leaves an axis, -1 turns it.

    Acceleration follows its axis. Turning does not: a wheel on an axle that points at the mirror turns the same way in
    it, and a wheel on an axle along the mirror turns the other way. So the signs of turning are those of the axes times
    the product of all three.

    >>> six_signs(x=-1).tolist()
    [-1.0, 1.0, 1.0, 1.0, -1.0, -1.0]
    """
    check_one_of((-1, 1), x=x, y=y, z=z)
    axes = torch.tensor([x, y, z], dtype=torch.float32)
    return torch.cat([axes, axes.prod() * axes])  # an axial vector under an orthogonal map R turns by det(R) R


MIRROR = six_signs(x=-1)


def flip(windows: Tensor, signs: Tensor = MIRROR) -> Tensor:
    """Windows `[..., 6, samples]` as the watch would have read them with its axes turned round.

    Before scaling: a scaled channel has lost where its zero was.
    """
    return windows * signs.unsqueeze(-1)


def mirrored(recordings: Recordings, signs: Tensor = MIRROR, side: str = "left") -> Recordings:
    """The recordings with the signs of this side's arms turned round; the other side is as it was."""
    check_one_of(SIDES, side=side)
    arms = torch.arange(len(recordings.signal)) % 2 == SIDES.index(side)  # [arms]
    turned = torch.where(arms.unsqueeze(-1), signs, torch.ones(6))  # [arms, channels]
    return recordings._replace(signal=recordings.signal * turned[:, None, None])
