"""Run lessons with many seeds, versions of torch and numbers of threads, and store whether their claims hold.

    python tools/seeds.py notebooks/01_tasks_and_episodes.ipynb --seeds 0-9 --threads 1 --threads 2
    python tools/seeds.py --seeds 0 --threads 1 --python ~/torch-2.6/bin/python
    python tools/seeds.py --table

Each run is the quick profile on the CPU, in a process of its own (`play_cells.py`). The stored table,
tests/claims.json, has a row a line. What it holds already is not run again, and each run is stored as it ends: stop
and go on as you like.

A row belongs to the lesson's code by a hash (`code_of`), and a test refuses rows of older code. The hash is over what
can change a result and belongs to one lesson: the code cells but setup and parameters, which compute nothing, and the
files of the lesson's room, stored numbers too, but the checks and quizzes, which judge learners. It reads code as
Python does: comments, docstrings, the texts in print and show, and the sentence of an assert may be rewritten without
hours of runs. The library outside the room is left out: its own tests hold it, and else each change there would make
all lessons old. After one that moves numbers, in training for example, run with --again.
"""

from __future__ import annotations

import ast
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Lock

import click

from tools.notebooks import LESSONS, ROOT, chosen_lessons, read, tagged

TABLE = ROOT / "tests" / "claims.json"
HOLDS = "holds"
KEY = ("lesson", "torch", "threads", "seed", "code")
SAYING = {"print", "show", "show_table"}  # what these are told is read by people alone


def code_of(path: Path) -> str:
    """The hash of a lesson's code: of what decides whether its claims hold (see the top of this file)."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    texts = [cell.source for cell in cells if not {"setup", "parameters"} & set(cell.metadata.get("tags", []))]
    room = ROOT / "course_lib" / "lessons" / f"lesson{path.name[:2]}"
    files = [file for file in sorted(room.glob("*.py")) if not re.match("checks|quizzes", file.name)]
    texts += [file.read_text(encoding="utf-8") for file in files]
    code = [_plain(_Quiet().visit(ast.parse(text))) for text in texts]
    code += [file.read_text(encoding="utf-8") for file in sorted(room.glob("*.json"))]  # stored numbers
    return hashlib.sha256(repr(code).encode()).hexdigest()[:12]


class _Quiet(ast.NodeTransformer):
    """Code without what is only read by people."""

    def visit_Expr(self, node):  # a docstring, or a text of its own
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Assert(self, node):
        node.msg = None
        return self.generic_visit(node)

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id in SAYING:
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    part.value = ""
                elif isinstance(part, ast.JoinedStr):
                    part.values = [value.value for value in part.values if isinstance(value, ast.FormattedValue)]
        return self.generic_visit(node)


def _plain(node):
    """A syntax tree as nested tuples, the same in each version of Python."""
    if isinstance(node, ast.AST):
        fields = [(name, _plain(value)) for name, value in ast.iter_fields(node) if value not in (None, [])]
        return (type(node).__name__, *fields)
    return [_plain(part) for part in node] if isinstance(node, list) else repr(node)


def load(table: Path = TABLE) -> list[dict]:
    """The stored rows."""
    return json.loads(table.read_text(encoding="utf-8"))["runs"] if table.exists() else []


def store(rows: list[dict], table: Path = TABLE):
    """Write the rows in order, one a line, all or nothing."""
    lines = [json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=key)]
    part = table.with_suffix(".partial")
    part.write_text('{"runs":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")
    part.replace(table)


def key(row: dict) -> tuple:
    """What a row is known by."""
    return tuple(row[name] for name in KEY)


def add(row: dict, table: Path = TABLE):
    """Store one more row, in place of one with the same key; rows of older code of its lesson go."""
    kept = [old for old in load(table) if key(old) != key(row)]
    store([old for old in kept if old["lesson"] != row["lesson"] or old["code"] == row["code"]] + [row], table)


def torch_of(python: str) -> str:
    """The version of torch in an environment, without what it was built for: 2.6.0."""
    command = [python, "-c", "from importlib.metadata import version; print(version('torch'))"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("+")[0]
    except (OSError, subprocess.CalledProcessError):
        raise click.UsageError(f"--python {python} is not a Python with torch.") from None


def outcome_of(path: Path, seed: int, threads: int, python: str = sys.executable) -> str:
    """Run a lesson. Returns "holds", or the sentences of what did not, each with its cell.

    Raises:
        RuntimeError: if the run itself came to no end, killed for example: that says nothing of the claims.
    """
    here = {"OMP_NUM_THREADS": str(threads), "CUDA_VISIBLE_DEVICES": "", "PYTHONIOENCODING": "utf-8"}
    here["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [python, str(ROOT / "tools" / "play_cells.py"), str(path), str(seed)]
    done = subprocess.run(command, env=os.environ | here, capture_output=True, text=True, encoding="utf-8")
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if not last.startswith("@ "):
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RuntimeError(f"ended with {done.returncode}: {why}")
    return " | ".join(f"{said} (cell {cell})" for cell, said in json.loads(last[2:])["faults"]) or HOLDS


def as_table(rows: list[dict], lessons: list[Path]) -> str:
    """The rows of these lessons as a Markdown table: lesson x torch x threads, how many seeds hold, and what failed."""
    codes = {path.stem: code_of(path) for path in lessons}
    groups = defaultdict(list)
    for row in sorted((row for row in rows if row["lesson"] in codes), key=key):
        groups[row["lesson"], row["torch"], row["threads"]].append(row)
    lines = ["| lesson | torch | threads | hold | measured | fail |", "| --- | --- | --- | --- | --- | --- |"]
    for (lesson, torch, threads), found in groups.items():
        fail = "; ".join(f"seed {row['seed']}: {row['outcome']}" for row in found if row["outcome"] != HOLDS)
        date = max(row["date"] for row in found)
        old = "" if all(row["code"] == codes[lesson] for row in found) else ", of older code"
        hold = f"{sum(row['outcome'] == HOLDS for row in found)} of {len(found)}"
        lines.append(f"| {lesson} | {torch} | {threads} | {hold} | {date}{old} | {fail.replace(' | ', ' / ')} |")
    return "\n".join(lines)


def parse_seeds(text: str) -> list[int]:
    """`"0-2,7"` to `[0, 1, 2, 7]`."""
    if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text):
        raise click.UsageError(f"--seeds {text} is not numbers and ranges; write for example --seeds 0-9,12.")
    ends = [part.split("-") for part in text.split(",")]
    return sorted({seed for end in ends for seed in range(int(end[0]), int(end[-1]) + 1)})


@click.command()
@chosen_lessons
@click.option("--seeds", default="0-9", show_default=True, help="Numbers and ranges.")
@click.option("--threads", multiple=True, type=click.IntRange(1), help="Repeat it for others. Default: 1 and 2.")
@click.option("--python", "pythons", multiple=True, help="The Python of another environment. Default: this one.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Runs at a time.")
@click.option("--again", is_flag=True, help="Run also what is stored.")
@click.option("--table", "show", is_flag=True, help="Print what is stored, and run nothing.")
def main(lessons, seeds, threads, pythons, jobs, again, show):
    """Run LESSONS (all when none is named) with each seed, number of threads and Python, and store what holds."""
    lessons = [path.resolve() for path in lessons or LESSONS]
    if show:
        click.echo(as_table(load(TABLE), lessons))
        return
    if without := [path.name for path in lessons if tagged(read(path), "claims") is None]:
        raise click.UsageError(f"no cell tagged claims in {', '.join(without)}: there is nothing that could fail.")
    torches = {python: torch_of(python) for python in pythons or (sys.executable,)}
    runs = list(product(lessons, torches, threads or (1, 2), parse_seeds(seeds)))
    lock, count = Lock(), iter(range(1, len(runs) + 1))

    def one(run: tuple) -> bool:
        path, python, n, seed = run
        row = {"lesson": path.stem, "torch": torches[python], "threads": n, "seed": seed, "code": code_of(path)}
        stored = {key(old): old for old in load(TABLE)}.get(key(row))
        start = time.perf_counter()
        try:
            row |= {"outcome": stored["outcome"] if stored and not again else outcome_of(path, seed, n, python)}
        except RuntimeError as error:
            row |= {"outcome": f"not stored, the run {error}"}
        else:
            seconds, today = round(time.perf_counter() - start), datetime.date.today().isoformat()
            with lock:
                if code_of(path) != row["code"]:
                    row |= {"outcome": "not stored: the lesson was changed while it ran"}
                elif not stored or again:
                    add(row | {"seconds": seconds, "date": today}, TABLE)
        with lock:
            kept = " (stored before)" if stored and not again else f" ({time.perf_counter() - start:.0f} s)"
            said = f"{path.stem}, torch {row['torch']}, threads {n}, seed {seed}: {row['outcome']}{kept}"
            click.echo(f"{next(count)} of {len(runs)}: {said}")
        return row["outcome"] == HOLDS

    with ThreadPoolExecutor(jobs) as pool:
        held = sum(pool.map(one, runs))
    click.echo(f"The claims hold in {held} of {len(runs)} runs.")
    sys.exit(held < len(runs))


if __name__ == "__main__":
    main()
