"""From strokes to the image that a network sees, and the symbols that the sketchpad can draw by itself.

A drawing is a list of strokes; a stroke is a tensor of points `[n, 2]`, x to the right and y down.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.learners import squared_distances

SIZE = 28  # pixels: height and width of an image
SIDE = 18.0  # pixels: the longer side of a drawing; those of the training images lie between 10 and 25
PEN = 1.4  # pixels: width of the pen, as in `Scripts`

#: Invented for this course, so no network has been trained on them. Points x,y in a square of 100; a point that is
#: given twice is a corner; / lifts the pen.
SYMBOLS = {
    "spiral": "50,50 57,46 60,54 52,62 40,58 36,44 46,32 64,32 76,48 72,68 54,80 30,76",
    "fish": "90,25 90,25 70,45 45,70 22,66 12,50 22,34 45,30 70,55 90,75 90,75 / 24,46 25,47",
    "flag": "28,92 28,92 26,50 25,10 25,10 48,20 62,8 84,16 84,16 82,50 82,50 60,44 46,54 27,46",
    "key": "30,38 18,30 18,14 34,10 44,20 40,34 30,38 30,38 60,70 84,94 84,94 / 84,72 84,72 68,84 68,84",
    "boat": "10,62 10,62 26,86 72,86 92,62 92,62 10,62 10,62 / 48,60 48,60 48,8 48,8 80,48 80,48 48,48 48,48",
    "umbrella": "10,50 10,50 22,22 50,12 78,22 90,50 90,50 10,50 10,50 / 50,50 50,50 50,80 42,92 30,86",
    "cat": "20,70 16,40 20,12 20,12 38,30 62,30 80,12 80,12 84,40 80,70 50,88 20,70 / 36,52 37,53 / 64,52 65,53",
    "comet": "66,28 78,16 92,26 88,42 72,44 66,28 / 60,40 34,56 8,64 / 68,50 46,72 24,82 / 78,52 66,76 54,92",
}


def centre(points: Tensor, side: float = SIDE) -> Tensor:
    """Move and scale points so that their bounding box has its middle at 0 and a longer side of length `side`.

    Both directions are scaled alike, so proportions stay. A single dot has no size: it is moved only.

    Args:
        points: `[n, 2]`, x and y in any unit.
        side: the length wanted, in pixels.

    Returns: `[n, 2]`, in pixels from the middle.
    """
    low, high = points.amin(0), points.amax(0)  # [2], [2]: two corners of the box
    middle, longer = (low + high) / 2, (high - low).max()
    return (points - middle) / longer * side if longer > 0 else points - middle


def rasterise(strokes: list[Tensor], pen: float = PEN) -> Tensor:
    """Draw strokes with a round pen, as `Scripts` draws its characters: ink falls from 1 to 0 over one pixel.

    Args:
        strokes: tensors `[n, 2]`, in pixels from the middle of the image. What lies outside is cut off.
        pen: width of the pen in pixels.

    Returns: `[28, 28]`, ink 1.0 on paper 0.0.
    """
    at = torch.arange(SIZE) - (SIZE - 1) / 2  # pixels from the middle
    y, x = torch.meshgrid(at, at, indexing="ij")
    pixels = torch.stack([x, y], -1).view(-1, 2)  # [784, 2]
    start = torch.cat([s[:-1] if len(s) > 1 else s for s in strokes])  # [segments, 2]
    step = torch.cat([s.diff(dim=0) if len(s) > 1 else torch.zeros_like(s) for s in strokes])  # [segments, 2]
    # A segment's point nearest to a pixel is start + t * step: t is a dot product, kept between 0 and 1.
    dot = pixels @ step.T - (start * step).sum(-1)  # [784, segments]
    length2 = step.square().sum(-1)  # [segments]
    t = (dot / length2.clamp(min=1e-12)).clamp(0, 1)
    to_start2 = squared_distances(pixels[None], start[None])[0]  # [784, segments]
    distance = (to_start2 - t * (2 * dot - t * length2)).amin(1).clamp(min=0).sqrt().view(SIZE, SIZE)
    return (pen / 2 + 0.5 - distance).clamp(0, min(1.0, pen))


def to_image(strokes: list[Tensor], pen: float = PEN) -> Tensor:
    """A drawing as the network gets it: centred, scaled and rasterised, `[28, 28]`. Blank paper without strokes."""
    if not strokes:
        return torch.zeros(SIZE, SIZE)
    points = centre(torch.cat(strokes))  # one box for all strokes
    return rasterise(list(points.split([len(s) for s in strokes])), pen)


def write(symbol: str, generator: Generator | None = None) -> list[Tensor]:
    """One of `SYMBOLS` in a fresh hand: its points moved a little, leaned and turned, then joined by smooth curves.

    Returns: strokes `[n, 2]`, in a square of side 1.
    """
    lean = torch.eye(2) + 0.07 * torch.randn(2, 2, generator=generator)
    strokes = []
    for text in SYMBOLS[symbol].split("/"):
        points = torch.tensor([[float(v) for v in pair.split(",")] for pair in text.split()]) / 100 - 0.5  # [n, 2]
        moved = 0.02 * torch.randn(points.shape, generator=generator)
        same = (points[1:] == points[:-1]).all(-1)  # a point given twice must move as one
        moved[1:][same] = moved[:-1][same]
        strokes.append((_smooth((points + moved) @ lean) + 0.5).clamp(0, 1))
    return strokes


def _smooth(points: Tensor, pieces: int = 6) -> Tensor:
    """A Catmull-Rom curve through the points: `[n, 2] -> [m, 2]`, `pieces` new points from one to the next."""
    before = torch.cat([points[:1], points[:-1]])
    p0, p1, p2 = before[:-1], points[:-1], points[1:]
    p3 = torch.cat([points[2:], points[-1:]])
    t = torch.arange(pieces) / pieces
    t = t[:, None, None]  # [pieces, 1, 1], against [n - 1, 2]
    curve = p1 + t / 2 * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
    curve = curve[:, (p1 != p2).any(-1)]  # nothing lies between a point and its double
    return torch.cat([curve.transpose(0, 1).flatten(0, 1), points[-1:]])
