"""Pictures, whatever Pillow reads, as one tensor: decoded, shrunk, and kept in one file of the cache."""

from __future__ import annotations

import hashlib
import os
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from course_lib.paths import cache_dir


def read_all(files: list[Path], size: int | tuple[int, int], channels: int, path: Path) -> Tensor:
    """All pictures (see `read`), `[pictures, channels, height, width]`: as they were kept, or else read and then kept.

    One file in the cache for a path, size and channels; it counts while no picture's name, size or time has changed.
    """
    from tqdm.auto import tqdm

    stats = [(str(file), s.st_size, s.st_mtime_ns, s.st_ctime_ns) for file in files for s in [file.stat()]]
    name, key = (hashlib.sha256(repr(what).encode()).hexdigest() for what in ((path.resolve(), size, channels), stats))
    kept = cache_dir() / "folder" / f"{name[:16]}.safetensors"
    with suppress(OSError, SafetensorError), safe_open(kept, "pt") as file:  # not there, or damaged: read anew
        if file.metadata() == {"key": key}:
            return file.get_tensor("pictures").clone()
    pictures = torch.empty(len(files), channels, *height_and_width(size), dtype=torch.uint8)
    for i, file in enumerate(tqdm(files, f"reading pictures of {path.name}", leave=False, delay=1)):
        pictures[i] = read(file, size, channels)
    partial = kept.with_name(f"{kept.name}.{os.getpid()}.partial")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_file({"pictures": pictures}, partial, {"key": key})
        os.replace(partial, kept)
    except (OSError, SafetensorError) as error:
        with suppress(OSError):
            partial.unlink()
        warnings.warn(f"there is no room for a copy of the pictures in {kept.parent} ({error}), so each run reads them "
                      "again; it goes on.", stacklevel=3)  # fmt: skip
    return pictures


def height_and_width(size: int | tuple[int, int]) -> tuple[int, int]:
    """Of pictures of this size."""
    return (size, size) if isinstance(size, int) else size


def read(file: Path, size: int | tuple[int, int], channels: int) -> Tensor:
    """One picture, `[channels, height, width]` uint8, 0 black: turned as its EXIF data say, its middle cut out as a
    square, or in the form of `size`, and shrunk; a pixel of the result is the mean of those it covers, so nothing
    aliases. Behind what is transparent is white paper; of several pictures in a file it is the first.

    Args:
        file: of 8 bits, 16 bits, or floating-point numbers of 0 to 1.
        size: height and width of the result, one number or two.
        channels: 1 for grey (the luma of colours), 3 for colour.

    Raises:
        ValueError: if the file is broken.
    """
    from PIL import Image, ImageOps

    height, width = height_and_width(size)
    try:
        with Image.open(file) as picture:
            enough = 8 * max(height, width)
            picture.draft(None, (enough, enough))  # a large JPEG is decoded at a half, a fourth or an eighth
            picture = ImageOps.exif_transpose(picture)
            w, h = picture.size
            kept = min(w, max(1, round(h * width / height))), min(h, max(1, round(w * height / width)))
            left, top = (w - kept[0]) // 2, (h - kept[1]) // 2
            picture = picture.crop((left, top, left + kept[0], top + kept[1]))
        if picture.mode[0] in "IF":  # more than 8 bits, which Pillow would clip
            bright = torch.from_numpy(np.asarray(picture, np.float32) / (65535 if picture.mode[0] == "I" else 1))
            if not (bright.amin() >= 0 and bright.amax() <= 1):
                raise ValueError("it holds numbers that are not of 8 bits, 16 bits, or 0 to 1")
            bright = bright.expand(channels, -1, -1)
        else:
            if picture.mode[-1] in "Aa" or "transparency" in picture.info:
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
            picture = picture.convert("RGB").convert("L" if channels == 1 else "RGB")
            many = min(kept[0] // width, kept[1] // height) // 8
            picture = picture.reduce(max(1, many))  # takes less memory than floats
            bright = torch.from_numpy(np.array(picture)).view(*picture.size[::-1], channels).movedim(-1, 0) / 255
    except Exception as error:  # decoders raise all kinds for a broken file
        raise ValueError(f"{file} cannot be read as a picture ({error}): mend it or take it away.") from error
    return 255 - shrink(1 - bright, (height, width))


def shrink(ink: Tensor, size: int | tuple[int, int]) -> Tensor:
    """Each pixel of the result is the mean ink of those it covers: `[n, h, w]`, 0 ... 1, to `[n, *size]` uint8."""
    return (255 * F.adaptive_avg_pool2d(ink, size)).round().to(torch.uint8)


def on_white(pictures: Tensor) -> bool:
    """Are these grey pictures drawings on white paper? More than half of all that they show is 230 to 255."""
    some = pictures[:: 1 + len(pictures) // 2000]
    return some.shape[1] == 1 and bool((some >= 230).float().mean() > 0.5)
