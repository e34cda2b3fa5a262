"""Bend, turn and slant an image: where each pixel of the result looks in the original."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

WAVES = 5  # a warp is a sum of WAVES x WAVES cosine waves


def looking_points(turn: Tensor, shift: Tensor, waves: Tensor, size: int) -> Tensor:
    """For each pixel of a `size` x `size` image, the point of the original that lands there.

    A pixel is first bent (moved by the waves), then shifted, then turned; all from the middle of the image.

    Args:
        turn: `[..., 2, 2]` from image to original; first index of a pair: x, second: y.
        shift: `[..., 2]` in pixels.
        waves: `[..., 2, WAVES, WAVES]` strength of each wave in pixels, in x and in y.

    Returns: `[n, size, size, 2]` in pixels of the original from its middle, `n` the product of the leading sizes.
    """
    wave = _waves(size, turn.device)  # [WAVES, size]
    pixel = torch.arange(size, device=turn.device) - (size - 1) / 2  # from the middle
    y, x = torch.meshgrid(pixel, pixel, indexing="ij")
    bend = wave.T @ waves.reshape(-1, 2, WAVES, WAVES) @ wave  # [n, 2, size, size]
    point = torch.stack([x, y]) + bend - shift.reshape(-1, 2, 1, 1)
    point = turn.reshape(-1, 2, 2) @ point.flatten(2)  # [n, 2, size * size]
    return point.transpose(1, 2).reshape(-1, size, size, 2)


def turning(angle: Tensor, shear: Tensor, scale: Tensor, stretch: Tensor) -> Tensor:
    """The matrices `[..., 2, 2]` that `looking_points` takes: turned by `angle` (radians), slanted, `scale` pixels of
    the original to a pixel of the image, stretched along y against x by the square of `stretch`. All `[...]`."""
    cos, sin = angle.cos(), angle.sin()
    across = torch.stack([cos - shear * sin, sin + shear * cos], -1) * (scale / stretch).unsqueeze(-1)
    down = torch.stack([-sin, cos], -1) * (scale * stretch).unsqueeze(-1)
    return torch.stack([across, down], -2)


def wave_sizes() -> Tensor:
    """How strong each wave is: slow waves bend most, a constant one not at all. `[WAVES, WAVES]`, squares sum to 1."""
    k = torch.arange(WAVES)
    size = 1.0 / (1 + k[:, None].square() + k.square())
    size[0, 0] = 0
    return size / size.norm()


def rewrite(images: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Draw every image again, a little turned, slanted, scaled, moved and bent: `[..., size, size]` uint8 to float32
    ink, 0 ... 1. More hands than the data have, for training.

    The spread, as standard deviations: turn 8 degrees, slant 0.15, scale 10 %, stretch 5 %, shift 1.3 pixels, bend 0.7
    pixels.
    """
    size, lead = images.shape[-1], images.shape[:-2]

    def normal(std: float, *more: int) -> Tensor:
        return std * torch.randn(*lead, *more, generator=generator)

    turn = turning(normal(math.radians(8)), normal(0.15), normal(0.1).exp(), normal(0.05).exp())
    waves = 0.7 * normal(1, 2, WAVES, WAVES) * wave_sizes()
    points = looking_points(*(t.to(images.device) for t in (turn, normal(1.3, 2), waves)), size)
    flat = images.reshape(-1, 1, size, size).float() / 255
    return F.grid_sample(flat, points / (size / 2), align_corners=False).view(images.shape)  # it counts from -1 to 1


def _waves(size: int, device) -> Tensor:
    """Cosine waves of unit mean square along one side of the image: `[WAVES, size]`."""
    position = (torch.arange(size, device=device) + 0.5) / size
    waves = math.sqrt(2) * torch.cos(math.pi * torch.arange(WAVES, device=device)[:, None] * position)
    waves[0] = 1
    return waves
