"""Pictures as PNG, written by ourselves, read by Pillow."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.widgets.pixels import png


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "1"])
@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (300, 200)])
def test_every_pixel_comes_back(mode, shape):
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    picture = Image.fromarray(noise).convert(mode)
    again = Image.open(io.BytesIO(png(picture)))
    again.load()
    kept = picture if mode == "L" else picture.convert("RGB")
    assert again.mode == kept.mode and again.format == "PNG" and np.array_equal(np.asarray(again), np.asarray(kept))
