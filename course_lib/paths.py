"""Where the course keeps its files: the weights that ship with it, and what it downloads."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent / "data"
_INSTALLED = _PACKAGE / "_data"  # pyproject.toml puts it into the wheel


def data_dir() -> Path:
    """What ships with the course: `data/` of a checkout, or its copy inside an installed `course_lib`."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def pretrained(name: str) -> Path:
    """The shipped weights called `name`, with or without `.safetensors`; `course_lib.load` reads them.

    Raises:
        FileNotFoundError: if none ships under that name; the message lists those that do.
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be a text, such as 'prototypical_scripts', but it is {name!r}.")
    folder = data_dir() / "pretrained"
    path = folder / f"{name.removesuffix('.safetensors')}.safetensors"
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in folder.glob("*.safetensors"))) or "none"
        raise FileNotFoundError(f"no weights called {name!r} ship with the course; those that do: {there}.")
    return path


def cache_dir() -> Path:
    """Where downloads go: `data/cache` of a checkout, or else the user's own cache folder. It may not exist yet."""
    if data_dir() == _CHECKOUT and os.access(_CHECKOUT, os.W_OK):
        return _CHECKOUT / "cache"
    import pooch  # slow to import, and most learners never download anything

    return Path(pooch.os_cache("learning-to-learn"))
