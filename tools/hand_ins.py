"""Read what learners handed in: which learner, which lesson, which cell holds which exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

import nbformat

from tools.notebooks import LESSONS, read

LARGEST_FILE = 50_000_000  # bytes; a lesson with all outputs has less than 1 MB


@dataclass
class Sheet:
    """A learner's notebook of one lesson: what is to be judged, and what was found.

    Attributes:
        learner, lesson: whose, and the module of the exercises, such as "lesson01".
        cells: the code cells, each {"source": ..., "name": the exercise that was handed out in it, or None}.
        exercises: their names, in the order of the lesson.
        found: for each exercise judged: word, sentence, seconds.
    """

    learner: str
    lesson: str
    cells: list[dict]
    exercises: list[str]
    found: dict[str, tuple[str, str, float]] = field(default_factory=dict)


def _functions(source: str) -> list[str]:
    """The functions that a cell defines; it need not be valid Python."""
    return re.findall(r"^[ \t]*(?:async +)?def +(\w+)", source, re.M)


@cache
def exercise_cells(lesson: Path) -> dict[str, str]:
    """The exercises of a lesson, in its order, each with the id of its cell. Where a wrong version is shown before the
    exercise, the exercise counts."""
    known = import_module(f"course_lib.lessons.lesson{lesson.name[:2]}.checks").EXERCISES
    code = [cell for cell in read(lesson).cells if cell.cell_type == "code"]
    places = {name: place for place, cell in enumerate(code) for name in _functions(cell.source) if name in known}
    return {name: code[places[name]].id for name in sorted(places, key=places.get)}


def hand_ins(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each notebook in a folder, the oldest first, and its learner: the name of the first folder under it, else what
    stands before the lesson's name in the name of the file."""
    base = folder / "submitted" if (folder / "submitted").is_dir() else folder
    for path in sorted(base.rglob("*.ipynb"), key=lambda path: (path.lstat().st_mtime, path)):
        parts = path.relative_to(base).parts
        if any(part.startswith((".", "__MACOSX")) for part in parts):  # Jupyter's and the system's own copies
            continue
        if len(parts) > 1:
            yield parts[0], path
            continue
        before = next((path.stem.partition(one.stem)[0] for one in LESSONS if one.stem in path.stem), None)
        learner = path.stem.partition("_")[0] if before is None else before.strip(" _-.")
        yield learner or base.resolve().name, path


def read_sheet(learner: str, path: Path) -> Sheet:
    """A learner's notebook, ready to be judged. Raises ValueError with a sentence where it cannot be."""
    cells = _code_cells(path)
    traces = {lesson: len(_exercises_in(cells, lesson)) for lesson in LESSONS}
    lesson = max(LESSONS, key=lambda one: (traces[one], one.stem in path.stem))
    if traces[lesson] < 2:  # one function may have its name by chance: now the name of the file decides
        lesson = next((one for one in LESSONS if one.stem in path.stem), None)
    if lesson is None:
        raise ValueError("was not judged: it holds no exercises of a lesson of this course.")
    names = {cell_id: name for name, cell_id in exercise_cells(lesson).items()}
    marked = [
        {"source": source, "name": grade_id if grade_id in names.values() else names.get(cell_id)}
        for source, cell_id, grade_id in cells
    ]
    return Sheet(learner, f"lesson{lesson.name[:2]}", marked, list(exercise_cells(lesson)))


def _code_cells(path: Path) -> list[tuple[str, str, str]]:
    """Source, id and nbgrader's id of each code cell. Anything may be wrong with a learner's file."""
    if not path.is_file() or path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"was not judged: it is not a file of at most {LARGEST_FILE // 1_000_000} MB.")
    try:
        notebook = nbformat.reader.reads(path.read_text(encoding="utf-8"))
        notebook = nbformat.convert(notebook, 4)  # from an older format; today's stays as it is
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        # Colab moves the id of a cell into its metadata.
        ids = [(str(cell.get("id") or cell.metadata.get("id")), str(_grade_id(cell.metadata))) for cell in code]
        return [(cell.source + "", *two) for cell, two in zip(code, ids, strict=True)]
    except Exception as error:
        raise ValueError(
            f"was not judged: the file is damaged or in a format that nbformat cannot read ({type(error).__name__})."
        ) from None


def _grade_id(metadata) -> str | None:
    mark = metadata.get("nbgrader")
    return mark.get("grade_id") if isinstance(mark, dict) else None


def _exercises_in(cells, lesson: Path) -> set[str]:
    """The exercises of a lesson of which a notebook has the function or the cell."""
    ids = exercise_cells(lesson)
    found = {name for source, _, grade_id in cells for name in (grade_id, *_functions(source)) if name in ids}
    return found | {name for name, cell_id in ids.items() if cell_id in {i for _, i, _ in cells}}
