"""Pictures made of pixels: their bytes, and the letters and margins of a sheet of images."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image, ImageFont

SIDE = 34  # pixels left of a row of images: the number of its class
HEAD = 24  # pixels above the rows: what they are


def png(picture: Image.Image) -> bytes:
    """The picture as PNG, lightly compressed: small enough, and quick."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The typeface of the figures, in this size in pixels."""
    return ImageFont.truetype(str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")), size)
