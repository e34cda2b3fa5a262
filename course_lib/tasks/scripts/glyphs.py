"""The shapes that `Scripts` writes: characters of many writing systems, drawn from a typeface and reduced to lines.

The typeface is DejaVu, which comes with matplotlib. Which characters are used stands in `characters.txt`, a line a
script; tools/choose_characters.py chose them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

SIZE = 48  # pixels: height and width of a glyph's image
LONGEST = 40  # pixels: the longer side of the glyph in it; the rest is margin
REACH = 8.0  # pixels: distances to a line are kept up to here

#: One example a class and face: different hands of the same typeface family.
FACES = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "DejaVuSerif-Italic", "DejaVuSans-Oblique")


def characters() -> dict[str, tuple[str, str]]:
    """`{script: (split, characters)}` as listed in characters.txt."""
    lines = (Path(__file__).parent / "characters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(maxsplit=2) for line in lines)
    return {script: (split, glyphs) for script, split, glyphs in rows}


def spell(name: str) -> str:
    """A character with its Unicode name; any other name as it is."""
    return f"{name} {unicodedata.name(name, '').lower()}".strip() if len(name) == 1 else name


@lru_cache(maxsize=8)
def nearness(scripts: tuple[str, ...]) -> tuple[str, Tensor]:
    """Every character of some scripts as the map that a pen follows. Takes some seconds for all, once in a process.

    Returns: the characters, and `[characters, faces, SIZE, SIZE]` uint8: 255 on the middle line of a stroke, falling
    evenly to 0 at a distance of REACH pixels. A face that lacks a character shows it as the first face does.
    """
    listed = characters()
    glyphs = "".join(listed[script][1] for script in scripts)
    maps = torch.zeros(len(glyphs), len(FACES), SIZE, SIZE, dtype=torch.uint8)
    for i, name in enumerate(FACES):
        font = open_font(name)
        has = font.get_charmap()
        own = [j for j, glyph in enumerate(glyphs) if ord(glyph) in has]
        maps[:, i] = maps[:, 0]
        for part in (own[start : start + 500] for start in range(0, len(own), 500)):  # a part at a time, to save memory
            maps[part, i] = line_map([glyphs[j] for j in part], font)
    return glyphs, maps


def line_map(glyphs, font) -> Tensor:
    """Characters of one face as nearness to their middle lines: `[characters, SIZE, SIZE]` uint8."""
    ink = centred([bitmap(glyph, font) for glyph in glyphs]) > 0.5  # [characters, SIZE, SIZE]
    distance = distance_to(thin(ink.numpy()))
    return torch.from_numpy(255 * (1 - distance / REACH)).round().to(torch.uint8)


def open_font(name: str):
    """A face of DejaVu, at a size where thinning keeps the detail."""
    from matplotlib import ft2font, get_data_path  # slow to import

    font = ft2font.FT2Font(str(Path(get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"))
    font.set_size(48, 72)
    return font


def bitmap(glyph: str, font) -> np.ndarray:
    """One character, cropped to its ink: `[height, width]` uint8, 255 is ink."""
    from matplotlib.ft2font import LoadFlags

    font.set_text(glyph, 0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    return np.asarray(font.get_image())


def centred(bitmaps) -> Tensor:
    """Each bitmap in the middle of a frame, its longer side LONGEST: `[n, SIZE, SIZE]`, 0 ... 1."""
    frames = torch.zeros(len(bitmaps), SIZE, SIZE)
    steps = torch.arange(SIZE) - (SIZE - 1) / 2  # pixels from the middle
    for i, picture in enumerate(bitmaps):
        source = torch.from_numpy(picture)[None, None].float() / 255  # [1, 1, height, width]
        height, width = picture.shape
        scale = 2 * max(height, width) / LONGEST  # grid_sample counts from -1 to 1
        y, x = torch.meshgrid(steps * scale / height, steps * scale / width, indexing="ij")
        grid = torch.stack([x, y], -1)[None]  # [1, SIZE, SIZE, 2]
        frames[i] = F.grid_sample(source, grid, align_corners=False)[0, 0]
    return frames


# The eight neighbours of a pixel, clockwise from the one above: (row, column).
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(ink: np.ndarray) -> np.ndarray:
    """Wear strokes down to lines one pixel wide, all images at once.

    Args:
        ink: `[n, height, width]` of bool.

    Returns: the same shape, uint8, 1 on the lines.

    Source: Guo and Hall 1989, "Parallel thinning with two-subiteration algorithms" (CACM 32), algorithm A1.
    """
    padded = np.pad(ink.astype(np.uint8), ((0, 0), (1, 1), (1, 1)))
    flat, row = padded.reshape(-1), padded.shape[2]  # flat is a view: what is erased there is erased in padded
    steps = [dy * row + dx for dy, dx in _AROUND]
    tables = _removable()  # [2, 256]
    left, erased = np.flatnonzero(flat), True
    while erased:
        erased = False
        for table in tables:  # the two halves of an iteration wear opposite sides
            code = np.zeros(len(left), np.uint8)  # one bit a neighbour
            for bit, step in enumerate(steps):
                code |= flat[left + step] << bit
            gone = table[code]
            flat[left[gone]] = 0
            left, erased = left[~gone], erased or bool(gone.any())
    return padded[:, 1:-1, 1:-1]


def _removable() -> np.ndarray:
    """For each pattern of neighbours: may the pixel go? `[2, 256]` of bool, a row for each half of an iteration."""
    n, ne, e, se, s, sw, w, nw = ((np.arange(256) >> bit & 1).astype(bool) for bit in range(8))  # each [256]
    # How many separate lines meet here: one means that removing the pixel cuts nothing.
    lines = sum(x.astype(int) for x in (~n & (ne | e), ~e & (se | s), ~s & (sw | w), ~w & (nw | n)))
    thick = np.minimum(sum(x.astype(int) for x in (nw | n, ne | e, se | s, sw | w)),
                       sum(x.astype(int) for x in (n | ne, e | se, s | sw, w | nw)))  # fmt: skip
    safe = (lines == 1) & (thick >= 2) & (thick <= 3)
    return np.stack([safe & ~((s | sw | ~nw) & w), safe & ~((n | ne | ~se) & e)])


def distance_to(lines: np.ndarray) -> np.ndarray:
    """Distance of every pixel to the nearest line, in pixels, up to REACH: `[n, h, w] -> [n, h, w]` float32."""
    far = np.uint8(REACH**2)
    squared = np.where(lines, np.uint8(0), far)
    for axis in (2, 1):  # the squares of both directions add up, so one axis after the other is exact
        squared = np.ascontiguousarray(np.moveaxis(squared, axis, 0))
        near = squared.copy()
        for k in range(1, int(REACH)):
            np.minimum(near[k:], squared[:-k] + np.uint8(k * k), out=near[k:])
            np.minimum(near[:-k], squared[k:] + np.uint8(k * k), out=near[:-k])
        squared = np.moveaxis(np.minimum(near, far), 0, axis)
    return np.sqrt(squared, dtype=np.float32)
