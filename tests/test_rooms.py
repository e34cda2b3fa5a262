"""The plan of the house: what may import what, in `course_lib` and `tools`. CONTRIBUTING.md says where things live."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from pathlib import Path

import pytest

from tools.notebooks import ROOT

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("course_lib", "tools")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
LESSON = re.compile(r"lesson\d\d")


@cache
def imports(name: str) -> frozenset[str]:
    """The modules of the project that a module imports, also inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports with dots; write the whole name, so that a reader can find it."
            inside = {f"{node.module}.{alias.name}" for alias in node.names}  # modules, or what a module has
            found |= {i if i in FILES else node.module for i in inside}
    return frozenset(found & FILES.keys())


def room(name: str) -> str:
    """`lesson03` for a module in that room; `exercises`, `widgets`, `pictures`, `commands`, `tools`; or `core`."""
    parts = name.split(".")
    if parts[:2] == ["course_lib", "lessons"]:
        return parts[2] if len(parts) > 2 else "lessons"
    if parts[0] == "tools":
        return "tools"
    if parts[1:] == ["__main__"]:
        return "commands"
    return parts[1] if {"exercises", "widgets", "pictures", "commands"} & {*parts[1:2]} else "core"


def may(importer: str, imported: str) -> bool:
    """Whether one room may import from another."""
    if importer == imported or importer == "tools":
        return True
    allowed = {"core": {"exercises", "pictures"}, "commands": {"core", "pictures"}}
    allowed |= dict.fromkeys(("exercises", "widgets", "pictures"), {"core"})
    if importer in allowed:
        return imported in allowed[importer]
    return bool(imported in ("core", "exercises", "widgets") or (LESSON.fullmatch(imported) and imported < importer))


@pytest.mark.parametrize("name", FILES)
def test_no_arrow_runs_back_up(name):
    wrong = [other for other in imports(name) if not may(room(name), room(other))]
    assert not wrong, f"{name} must not import {wrong}"


def test_there_is_no_circle():
    try:
        TopologicalSorter({name: imports(name) - {name} for name in FILES}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_rooms_are_known_by_the_rules():
    """The rules can fail: each forbidden arrow is one."""
    assert not may("core", "lesson03") and not may("core", "widgets") and not may("widgets", "lesson03")
    assert not may("lesson03", "lesson04") and not may("exercises", "lesson00") and not may("core", "tools")
    assert not may("core", "commands") and not may("lesson03", "commands") and not may("commands", "exercises")
    assert not may("pictures", "commands") and may("core", "pictures")
    assert may("commands", "core") and room("course_lib.__main__") == room("course_lib.commands.train") == "commands"
    assert may("lesson04", "lesson03") and may("lesson03", "widgets") and may("tools", "lesson08")
    assert room("course_lib.lessons.lesson03.panels") == "lesson03" and room("course_lib") == "core"


def test_the_core_can_be_read_in_an_evening():
    """What the course is about: how it is computed (`compute`) is for another evening, but its files are short, too.

    5,500 lines served nine lessons; lessons 09 and 10 brought two families of learners and four of tasks, and lesson 13
    brought learners that act."""
    lines = {name: len(FILES[name].read_text(encoding="utf-8").splitlines()) for name in FILES if room(name) == "core"}
    assert max(lines.values()) <= 300, max(lines, key=lines.get)
    lines = {name: n for name, n in lines.items() if not name.startswith("course_lib.compute")}
    assert sum(lines.values()) <= 6500, sum(lines.values())


def near(one: str, other: str) -> bool:
    """Whether two words are equal, or differ by one letter that is another, more, or less."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) <= 1
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def test_no_two_files_can_be_taken_for_one_another():
    assert near("price", "prices") and near("maml", "mamx") and not near("sketch", "sketchpad")
    stems = [path.stem for path in FILES.values() if path.stem not in ("__init__", "__main__", "checks", "quizzes")]
    assert not [pair for pair in combinations(stems, 2) if near(*pair)]


def test_every_lesson_has_a_room_and_every_room_a_lesson():
    lessons = {path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb")}
    rooms = {path.name for path in (ROOT / "course_lib/lessons").iterdir() if (path / "__init__.py").is_file()}
    tested = {path.name for path in (ROOT / "tests/lessons").iterdir() if any(path.glob("test_*.py"))}
    told = {f"lesson{number}" for number in lessons}
    assert rooms == tested and told <= rooms
    assert all(room > max(told) for room in rooms - told), "a room may be older than its notebook, if it is the next."


@pytest.mark.parametrize("lesson", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_imports_from_its_own_room_or_an_earlier_one(lesson: Path):
    from tools.notebooks import read

    code = "\n".join(cell.source for cell in read(lesson).cells if cell.cell_type == "code")
    lines = [line for line in code.splitlines() if "course_lib.lessons." in line]
    assert all(line.split("course_lib.lessons.lesson")[1][:2] <= lesson.name[:2] for line in lines), lines
