"""Which pictures there are, and of which class: in a folder of folders, or in a table."""

from __future__ import annotations

import csv
import os
import unicodedata
from contextlib import suppress
from pathlib import Path


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
    rows = []
    with suppress(UnicodeDecodeError, csv.Error, KeyError), open(table, newline="", encoding="utf-8-sig") as lines:
        rows = [(row["label"], row["filename"] or "") for row in csv.DictReader(lines)]
    if not rows:
        raise ValueError(f"{table} must be a table (csv, UTF-8) with the line filename,label and one for each picture.")
    found = []
    for number, (label, file) in enumerate(rows, 2):
        places = (table.parent / file, table.parent / "images" / file)
        there = next((place for place in places if place.is_file()), None)
        if not (label and there):
            raise FileNotFoundError(f"line {number} of {table} must name a class and a file that is there, beside the "
                                    f"table or in a folder images, but it says {label!r} and {file!r}.")  # fmt: skip
        found.append((label, there))
    return found
