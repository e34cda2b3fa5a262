"""One task of an episode as a picture and as a sentence: what the episode explorer shows, without the explorer."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageColor, ImageDraw
from torch import Tensor

from course_lib.episode import Episode
from course_lib.plots import COLORS
from course_lib.widgets.pixels import HEAD, SIDE, font

GAP = 2  # pixels between images
TITLE = 92  # pixels: the width of the longer name
BETWEEN = 24  # pixels between support set and query set
LARGEST = 900, 560  # pixels: images are doubled in size while all of them stay within this width and height
PAPER = 255
SHADE = 24  # how much darker the paper of a support image is each time that the colours begin again


def draw_sheet(episode: Episode) -> Image.Image:
    """The first task as a sheet: a row a class; support images left, in the colour of the class; queries right, black.

    There are seven colours: row 7 begins again with the first, on darker paper, and so does row 14.

    Args:
        episode: of grey images, `[tasks, n, 1, height, width]`, ink 1.0 on paper 0.0, n the same for every class.
    """
    support, query = (_grid(x, y) for x, y in (
        (episode.support_x, episode.support_y), (episode.query_x, episode.query_y)))  # fmt: skip
    scale = _scale(support.shape, query.shape[1])
    support, query = _tile(support, scale), _tile(query, scale)  # [height, width] each
    height, left = support.shape[0], SIDE + max(support.shape[1], TITLE) + BETWEEN
    rows = np.arange(height) * episode.way // height  # [height]: the class of each line of pixels
    inks = np.array([ImageColor.getrgb(color) for color in COLORS])[rows % len(COLORS)]  # [height, 3]
    pixels = np.full((HEAD + height, left + max(query.shape[1], TITLE), 3), PAPER, np.uint8)
    paper = PAPER - SHADE * (rows // len(COLORS))[:, None, None]  # [height, 1, 1]
    # Ink takes the colour of its class: a support image shows its label, a query does not.
    pixels[HEAD:, SIDE : SIDE + support.shape[1]] = paper - support[..., None] * (paper - inks[:, None])
    pixels[HEAD:, left : left + query.shape[1]] = PAPER * (1 - query[..., None])
    sheet = Image.fromarray(pixels)
    draw = ImageDraw.Draw(sheet)
    draw.text((SIDE, 4), "support set", "black", font(14))
    draw.text((left, 4), "query set", "black", font(14))
    draw.line([(left - BETWEEN // 2, HEAD), (left - BETWEEN // 2, HEAD + height)], "#888888")
    for label in range(episode.way):
        middle = HEAD + (2 * label + 1) * height // (2 * episode.way)
        draw.text((SIDE - 8, middle), str(label), COLORS[label % len(COLORS)], font(14), anchor="rm")
    return sheet


def describe(episode: Episode, names: list[str]) -> str:
    """The first task in words, for those who cannot see the sheet.

    Args:
        episode: a classification episode.
        names: what its classes show, in the order of their labels.
    """
    way, shot, query = episode.way, *(y.shape[1] // episode.way for y in (episode.support_y, episode.query_y))
    sets = f"support set of {way * shot} image{'s' * (way * shot > 1)}, query set of {way * query}"
    classes = ", ".join(f"{label} = {name}" for label, name in enumerate(names))
    return f"A {way}-way {shot}-shot task: {sets}. Labels: {classes}."


def _grid(x: Tensor, y: Tensor) -> np.ndarray:
    """Images of the first task, a row a class: `[way, n, height, width]`, 0 ... 1."""
    x, y = x[0].cpu(), y[0].cpu()
    return x[y.argsort(stable=True)].unflatten(0, (int(y.max()) + 1, -1)).squeeze(2).clamp(0, 1).numpy()


def _scale(shape: tuple[int, ...], n_query: int) -> int:
    way, shot, height, width = shape
    fits = LARGEST[0] // ((shot + n_query) * (width + GAP)), LARGEST[1] // (way * (height + GAP))
    return min(2, max(1, min(fits)))


def _tile(grid: np.ndarray, scale: int) -> np.ndarray:
    """Images side by side: `[rows, columns, h, w] -> [rows * (h + GAP) * scale, columns * (w + GAP) * scale]`."""
    grid = np.pad(grid, ((0, 0), (0, 0), (0, GAP), (0, GAP)), constant_values=0.0)
    rows, columns, height, width = grid.shape
    tiled = grid.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)
    return tiled.repeat(scale, 0).repeat(scale, 1)
