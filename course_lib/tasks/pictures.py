"""Pictures in files, whatever Pillow reads, as one tensor: found, decoded, and kept in one file of the cache."""

from __future__ import annotations

import csv
import hashlib
import os
import unicodedata
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


def find(path: Path) -> list[tuple[str, Path]]:
    """The class and the file of each picture at the path of a `Folder`, sorted. A class is the way to a folder, such as
    `"birds/crow"`, or a label of the table. Hidden files are left out.

    Raises:
        FileNotFoundError, ValueError: if there is no such path, or no picture in the form that a `Folder` takes.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no folder or table {path}.")
    found = _below(path) if path.is_dir() else _listed(path)
    return sorted((unicodedata.normalize("NFC", name), file) for name, file in found)  # a Mac writes é as two letters


def _below(path: Path) -> list[tuple[str, Path]]:
    from PIL import Image  # slow to import

    known = {suffix for suffix, kind in Image.registered_extensions().items() if kind in Image.OPEN}
    found, others = [], set()
    for folder, folders, files in os.walk(path, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(folder, name) for name in files if not name.startswith(".")):
            if file.suffix.lower() in known:
                found.append((file.parent.relative_to(path).as_posix(), file))
            else:
                others.add(file.suffix or file.name)
    if not found:
        more = f", and Pillow cannot read what is there ({', '.join(sorted(others)[:5])})" if others else ""
        raise ValueError(f"there is no picture in {path}{more}. Save some as JPEG or PNG, a folder for each class.")
    if loose := [file for name, file in found if name == "."]:
        raise ValueError(f"{loose[0]} lies in no folder of a class ({len(loose)} files do not): put the pictures of "
                         "each class into a folder of its own, whose name is the class.")  # fmt: skip
    return found


def _listed(table: Path) -> list[tuple[str, Path]]:
    with suppress(UnicodeDecodeError, csv.Error, KeyError), open(table, newline="", encoding="utf-8-sig") as lines:
        rows = [(row["label"], row["filename"] or "") for row in csv.DictReader(lines)]
        if rows:
            return [_line(table, number, *row) for number, row in enumerate(rows, 2)]
    raise ValueError(f"{table} must be a table (csv, UTF-8) with the line filename,label and one for each picture.")


def _line(table: Path, number: int, label: str, file: str) -> tuple[str, Path]:
    for place in (table.parent / file, table.parent / "images" / file):
        if label and place.is_file():
            return label, place
    raise FileNotFoundError(f"line {number} of {table} must name a class and a file that is there, beside the table or "
                            f"in a folder images, but it says {label!r} and {file!r}.")  # fmt: skip


def read_all(files: list[Path], size: int, channels: int, path: Path) -> Tensor:
    """All pictures (see `read`), `[pictures, channels, size, size]`: as they were kept, or else read and then kept.

    One file in the cache for a path, size and channels; it counts while no picture's name, size or time has changed.
    """
    from tqdm.auto import tqdm

    stats = [(str(file), s.st_size, s.st_mtime_ns, s.st_ctime_ns) for file in files for s in [file.stat()]]
    name, key = (hashlib.sha256(repr(what).encode()).hexdigest() for what in ((path.resolve(), size, channels), stats))
    kept = cache_dir() / "folder" / f"{name[:16]}.safetensors"
    with suppress(OSError, SafetensorError), safe_open(kept, "pt") as file:  # not there, or damaged: read anew
        if file.metadata() == {"key": key}:
            return file.get_tensor("pictures").clone()
    pictures = torch.empty(len(files), channels, size, size, dtype=torch.uint8)
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


def read(file: Path, size: int, channels: int) -> Tensor:
    """One picture, `[channels, size, size]` uint8, 0 black: turned as its EXIF data say, its middle square cut out, and
    shrunk; a pixel of the result is the mean of those it covers, so nothing aliases. Behind what is transparent is
    white paper; of several pictures in a file it is the first.

    Args:
        file: of 8 bits, 16 bits, or floating-point numbers of 0 to 1.
        size: height and width of the result.
        channels: 1 for grey (the luma of colours), 3 for colour.

    Raises:
        ValueError: if the file is broken.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as picture:
            picture.draft(None, (8 * size, 8 * size))  # a large JPEG is decoded at a half, a fourth or an eighth
            picture = ImageOps.exif_transpose(picture)
            side = min(picture.size)
            left, top = ((length - side) // 2 for length in picture.size)
            picture = picture.crop((left, top, left + side, top + side))
        if picture.mode[0] in "IF":  # more than 8 bits, which Pillow would clip
            bright = torch.from_numpy(np.asarray(picture, np.float32) / (65535 if picture.mode[0] == "I" else 1))
            if not (bright.amin() >= 0 and bright.amax() <= 1):
                raise ValueError("it holds numbers that are not of 8 bits, 16 bits, or 0 to 1")
            bright = bright.expand(channels, -1, -1)
        else:
            if picture.mode[-1] in "Aa" or "transparency" in picture.info:
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
            picture = picture.convert("RGB").convert("L" if channels == 1 else "RGB")
            picture = picture.reduce(max(1, side // (8 * size)))  # takes less memory than floats
            bright = torch.from_numpy(np.array(picture)).view(*picture.size, channels).movedim(-1, 0) / 255
    except Exception as error:  # decoders raise all kinds for a broken file
        raise ValueError(f"{file} cannot be read as a picture ({error}): mend it or take it away.") from error
    return 255 - shrink(1 - bright, size)


def shrink(ink: Tensor, size: int) -> Tensor:
    """Each pixel of the result is the mean ink of those it covers: `[n, h, w]`, 0 ... 1, to `[n, size, size]` uint8."""
    return (255 * F.adaptive_avg_pool2d(ink, size)).round().to(torch.uint8)


def on_white(pictures: Tensor) -> bool:
    """Are these grey pictures drawings on white paper? More than half of all that they show is 230 to 255."""
    some = pictures[:: 1 + len(pictures) // 2000]
    return some.shape[1] == 1 and bool((some >= 230).float().mean() > 0.5)
