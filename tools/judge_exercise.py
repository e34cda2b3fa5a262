"""One exercise of one learner's notebook, judged. `tools/supervisor.py` runs `answer` in a process of its own.

A notebook is not run from top to bottom: a lesson trains networks, and any cell of a learner's may be broken. Only the
statements that define the exercise's function, and the names that it uses, are run. What a statement changes without
an assignment (`names.append(...)`) is not seen.
"""

from __future__ import annotations

import ast
import json
import linecache
import os
import re
import symtable
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

import torch
from IPython.core.inputtransformer2 import TransformerManager

from course_lib.exercises.engine import verdict

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what Python's parser raises for bad source
NO_MEMORY = re.compile(r"MemoryError|allocate memory|not enough memory|out of memory")


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a cell, and the names it deals with."""

    node: ast.stmt
    cell: int
    file: str  # what a traceback calls the cell
    now: frozenset[str]  # names that must be there when it runs
    later: frozenset[str]  # names that its functions look up when they are called
    binds: frozenset[str]
    changes: frozenset[str]  # names of things that it changes in place: x[0] = 1, x += 1

    def defines(self, name: str) -> bool:
        """Whether this is a definition of the function `name`; `name = check(name)` is not."""
        if isinstance(self.node, ast.Assign) and isinstance(self.node.value, ast.Lambda):
            return name in self.binds
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        return name in self.binds and any(isinstance(n, functions) and n.name == name for n in ast.walk(self.node))


def _statement(node: ast.stmt, cell: int, file: str) -> Statement:
    top = symtable.symtable(ast.unparse(node), file, "exec")
    inner, tables = set(), list(top.get_children())
    while tables:
        table = tables.pop()
        inner |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    symbols = top.get_symbols()
    now = {s.get_name() for s in symbols if s.is_referenced()}
    parts = list(ast.walk(node))
    changed = [n.target for n in parts if isinstance(n, ast.AugAssign)]
    changed += [n for n in parts if isinstance(n, ast.Subscript | ast.Attribute) and isinstance(n.ctx, ast.Store)]
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return Statement(
        node, cell, file,
        now=frozenset(now if is_function else now | inner),
        later=frozenset(inner if is_function else ()),
        binds=frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace()),
        changes=frozenset(() if is_function else map(_base, changed)),
    )  # fmt: skip


def _base(target: ast.expr) -> str:
    """The name that x[0].y begins with."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def read_cells(cells: list[dict]) -> tuple[list[Statement], dict[int, str]]:
    """The statements of all cells that can be read, in order, and what is wrong with each of the others."""
    statements, broken = [], {}
    for number, cell in enumerate(cells, start=1):
        file = f"<cell {number}>"
        try:
            source = re.sub(r"\A\s*%%(time|capture)\b.*", "", cell["source"])  # a cell like any other
            source = TransformerManager().transform_cell(source)  # %magic and !command become Python
            linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
            statements += [_statement(node, number, file) for node in ast.parse(source).body]
        except UNREADABLE as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            broken[number] = f"{type(error).__name__} in cell {number}{line}"
    return statements, broken


def needed(statements: list[Statement], target: int, name: str, right: set[str], others: set[str]) -> list[int]:
    """The places of the statements that the definition at `target` needs, and its own, in order.

    A name means what it means when the cell of the definition ends: the last binding above counts; where there is
    none, the first below. The names in `others`, exercises, are the learner's if they are in `right`, and otherwise
    the library's, which need no statement.
    """
    end = next((i for i, s in enumerate(statements) if s.cell > statements[target].cell), len(statements))
    chosen, asked = {target}, []

    def ask(place: int):
        statement = statements[place]
        asked.extend((n, place) for n in statement.now | statement.changes)
        asked.extend((n, max(place, end)) for n in statement.later)

    ask(target)
    while asked:
        wanted, before = asked.pop()
        if wanted == name or (wanted in others and wanted not in right):
            continue
        order = [*reversed(range(before)), *range(before, len(statements))]
        if wanted in right:
            place = next((i for i in reversed(range(len(statements))) if statements[i].defines(wanted)), None)
        else:
            place = next((i for i in order if wanted in statements[i].binds | statements[i].changes), None)
        if place is not None and place not in chosen:
            chosen.add(place)
            ask(place)
    return sorted(chosen)


def judge(cells: list[dict], name: str, lesson: str, right: set[str]) -> tuple[str, str]:
    """A word for the table, and a sentence or nothing.

    Args:
        cells: the code cells, each {"source": ..., "name": the exercise that was handed out in it, or None}.
        name: the exercise.
        lesson: the module of its exercises, such as "lesson01".
        right: the exercises of this notebook that were judged right before.
    """
    exercises = dict(import_module(f"course_lib.lessons.{lesson}.checks").EXERCISES)  # a copy, out of reach
    statements, broken = read_cells(cells)
    places = [i for i, s in enumerate(statements) if s.defines(name)]
    if not places:
        return _missing(cells, statements, broken, name)
    untouched = _watched()
    namespace = {"__name__": "__main__"} | {other: e.solution for other, e in exercises.items() if other != name}
    try:
        for place in needed(statements, places[-1], name, right, set(exercises)):
            statement = statements[place]
            tree = ast.Module([statement.node], [])
            exec(compile(tree, statement.file, "exec", dont_inherit=True), namespace)
        word, detail = verdict(exercises[name], namespace[name])
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they end this exercise and no more
        word, detail = "error", _sentence(error)
    replaced = [f"{m}.{k}" for (m, k), value in untouched.items() if _value(sys.modules.get(m), k) != value]
    if replaced:
        return "error", f"it replaces {replaced[0]}, which belongs to the course or to Python"
    if word != "right" and NO_MEMORY.search(detail):
        return "too much memory", ""
    copies = f"the last of {len(places)} definitions" if len(places) > 1 else ""
    return word, detail or copies


def _missing(cells, statements, broken, name: str) -> tuple[str, str]:
    for number, fault in broken.items():
        if re.search(rf"\bdef\s+{name}\b", cells[number - 1]["source"]) or cells[number - 1]["name"] == name:
            return "error", fault
    handed_out = [number for number, cell in enumerate(cells, start=1) if cell["name"] == name]
    for statement in statements:
        if statement.cell in handed_out and isinstance(statement.node, ast.FunctionDef):
            return "renamed", f"the function is called {statement.node.name}"
    return "missing", ""


def _sentence(error: BaseException) -> str:
    """The error, and where in the learner's notebook it came from."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<cell ")]
    where = f" in {frames[-1].filename.strip('<>')}, line {frames[-1].lineno}" if frames else ""
    return ": ".join(filter(None, (type(error).__name__, str(error)))) + where


def _value(module, key: str):
    """What a module holds under this name: the object, and the code inside it."""
    value = vars(module).get(key) if module else None
    return id(value), id(getattr(value, "__code__", None))


def _watched() -> dict:
    """What an answer has no business to replace, because the judge uses it."""
    modules = [m for m in sys.modules if m.split(".")[0] == "course_lib"] + ["builtins", "torch", "torch.nn.functional"]
    return {(m, key): _value(sys.modules[m], key) for m in modules for key in vars(sys.modules[m])}


def answer(job: tuple, token: str, end: Connection, folder: Path, memory: int):
    """Judge `job` (the arguments of `judge`) and send the verdict. Ends the process.

    Args:
        token: what shows that the verdict is the judge's.
        end: of a pipe: `begin` goes in just before the learner's code starts, and then the verdict as JSON.
        folder: where the learner's code runs.
        memory: most bytes that the process may hold; the system keeps to it on Linux only.
    """
    if hasattr(os, "setsid"):
        os.setsid()  # so that all it starts can be ended together
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))  # not RLIMIT_AS: torch maps more than it uses
        os.closerange(3, end.fileno())  # a fork has its parent's files: the answers of other learners
        os.closerange(end.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    torch.set_num_threads(1)
    os.chdir(folder)
    end.send_bytes(b"begin")
    word, detail = judge(*job)
    end.send_bytes(json.dumps({"token": token, "word": word, "detail": detail[:2000]}).encode())
    os._exit(0)  # threads that the learner's code began have no say
