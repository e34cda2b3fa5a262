"""docs/instructors.md and the workflow that it explains: what they name exists, and their tables are complete."""

import importlib
import re
import runpy
import shlex
import sys

import click
import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tools.notebooks import LESSONS, ROOT, read

PAGE = (ROOT / "docs/instructors.md").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github/workflows/lessons.yml").read_text(encoding="utf-8")
JOB = yaml.safe_load(WORKFLOW)["jobs"]["lessons"]
MADE = ("build", "wheels", "out.ipynb")  # what the commands make


def commands(text: str) -> list[str]:
    """The commands on a page: indented lines, and words in backticks that begin like one."""
    found = re.findall(r"^    (\S.*)$", text, re.M) + re.findall(r"`((?:make|python) [^`]+)`", text)
    return found


RUNS = [line for step in JOB["steps"] for line in step.get("run", "").splitlines() if not line.startswith("mkdir")]


@pytest.mark.parametrize("command", dict.fromkeys(commands(PAGE) + RUNS))
def test_a_command_names_what_exists(command):
    program, *words = shlex.split(re.sub(r" [<>] .*", "", command))
    if program == "make":
        assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        return
    assert program == "python", f"a command that this test does not know: {command}"
    paths = [w for w in words if re.search(r"/|\.(py|txt|yml|ipynb)$", w) and not w.startswith(("-", "https:", *MADE))]
    assert [path for path in paths if not list(ROOT.glob(path))] == []
    if words[0] == "-m":
        assert importlib.util.find_spec(words[1])
    elif any(word.startswith("--") for word in words):
        check_options(words)


def check_options(words: list[str]):
    """Every option of `python tools/x.py ...` is one that the tool has."""
    tool = runpy.run_path(str(ROOT / words[0]))["main"]
    while isinstance(tool, click.Group):
        tool = tool.commands[next(word for word in words[1:] if not word.startswith("-"))]
    known = {option for parameter in tool.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_page_has_commands():
    assert len(commands(PAGE)) > 12 and len(RUNS) > 4


def test_every_exercise_is_in_the_table_of_what_it_assesses():
    rows = set(re.findall(r"^\| (\d\d) \| `(\w+)` \|", PAGE, re.M))
    rooms = [path.stem[:2] for path in LESSONS]  # a room may stand before its notebook: tests/test_rooms.py
    modules = [(f"lesson{n}", importlib.import_module(f"course_lib.lessons.lesson{n}.checks")) for n in rooms]
    assert rows == {(name[-2:], exercise) for name, module in modules for exercise in module.EXERCISES}


def test_every_section_that_the_page_names_exists():
    sections = {
        (path.name[:2], int(n))
        for path in LESSONS
        for cell in read(path).cells
        if cell.cell_type == "markdown"
        for n in re.findall(r"^## (\d+) ·", cell.source, re.M)
    }
    named = re.findall(r"\b(\d\d) §(\d+)(?:–(\d+))?", PAGE)
    wanted = {(lesson, n) for lesson, first, last in named for n in range(int(first), int(last or first) + 1)}
    assert len(wanted) > 30 and wanted - sections == set()
    assert {path.name[:2] for path in LESSONS} <= set(re.findall(r"\b\d\d\b", PAGE))


def test_every_option_that_the_page_explains_exists():
    explained = set(re.findall(r"`(--[a-z]+)", PAGE)) - {"--help", "--nbval"}
    tools = (ROOT / "tools/sweep.py", ROOT / "tools/classroom.py")
    text = "".join(path.read_text(encoding="utf-8") for path in tools)
    assert explained and [option for option in explained if f'"{option}"' not in text] == []


def test_the_workflow_is_one_that_github_can_read():
    workflow = yaml.safe_load(WORKFLOW)
    events = workflow[True]  # YAML 1.1 reads the word `on` as True
    assert set(events) == {"push", "pull_request", "workflow_dispatch", "schedule"}
    assert len(events["schedule"][0]["cron"].split()) == 5
    for step in JOB["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert "uses" not in step or re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
    matrix = JOB["strategy"]["matrix"]
    axes = set(matrix) - {"include"}
    assert set(re.findall(r"matrix\.(\w+)", WORKFLOW)) == axes
    assert all(set(job) == axes for job in matrix["include"])


def test_the_workflow_runs_what_is_promised():
    matrix = JOB["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]  # as text: 3.10 without quotes would be 3.1
    newest = matrix["python"][-1]
    jobs = {(job["os"], job["python"]) for job in matrix["include"]}
    assert jobs == {("macos-latest", newest), ("windows-latest", newest)}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    allowed = SpecifierSet(re.search(r'requires-python = "(.*)"', project)[1])
    assert all(f"{version}.9" in allowed for version in matrix["python"])
    setup = next(step["with"] for step in JOB["steps"] if "setup-python" in step.get("uses", ""))
    assert setup["cache"] == "pip"
    assert all((ROOT / name).exists() for name in setup["cache-dependency-path"].split())
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (nbval,) = (line for line in RUNS if "--nbval" in line)
    flags = set(re.findall(r"--nbval[\w=-]*", nbval))
    assert {"--nbval", "--nbval-lax"} <= flags  # strict on Linux alone
    assert all(flag in makefile for flag in flags - {"--nbval-lax"})
    assert sum(step.get("if") == "failure()" for step in JOB["steps"]) == 2
    assert sys.version_info >= (3, 11)
