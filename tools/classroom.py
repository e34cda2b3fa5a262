"""Hand a lesson out, and collect what came back: `student` and `collect` (see --help of each).

What `collect` guards against: in a learner's notebook an exception, a crash, an endless loop, `sys.exit`, forked
processes, memory without end, gigabytes of output, reading from the keyboard, and code that replaces the check or
prints a verdict of its own cost that exercise and nothing else.

What it does not guard against: the code runs as you. It can read and delete your files, use the network, and stop
your other processes. Run `collect` in a container, or as a user with nothing to lose, for people whom you do not know.
Nor does a table prove who wrote a function: `solution` prints every answer, a function may call the library's, and
code that searches the memory of its own process can still forge its own verdict.
"""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import click

from tools.hand_ins import exercise_cells, hand_ins, read_sheet
from tools.notebooks import LESSONS, clean, read, write


def student_edition(lesson: Path):
    """The notebook to hand out: no outputs, answers of the self-test folded, exercises marked for nbgrader."""
    names = {cell_id: name for name, cell_id in exercise_cells(lesson).items()}
    notebook = clean(read(lesson))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif cell.cell_type == "markdown":
            cell.source = re.sub(r"(<details\b[^>]*?)\s+open(=\S*?)?(?=[\s>])", r"\1", cell.source)
        if name := names.get(cell.id):
            cell.metadata["deletable"] = False
            cell.metadata["nbgrader"] = {
                "schema_version": 3, "grade_id": name, "solution": True, "grade": False, "locked": False, "task": False,
            }  # fmt: skip
    return notebook


@click.group()
def main():
    """Hand lessons out to a class, and collect what came back."""


@main.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.argument("lessons", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace notebooks that are in OUT already, with all that is in them.")
def student(out, lessons, overwrite):
    """Make the student edition of LESSONS (all when none is named) in the folder OUT.

    Outputs are cleared and answers of the self-tests folded. Cells of exercises cannot be deleted by accident, and
    carry nbgrader's marks (schema 3, "autograded answer") with the exercise's name; nbgrader itself is not needed.
    Learners need the course installed, as in the README. A notebook that is in OUT already is never replaced unless
    you say --overwrite: a learner's work may be in it.
    """
    lessons = lessons or LESSONS
    if out.resolve() in {lesson.resolve().parent for lesson in lessons}:
        raise click.ClickException(f"{out} holds the lessons themselves; name another folder.")
    there = [lesson.name for lesson in lessons if (out / lesson.name).exists()]
    if there and not overwrite:
        names = ", ".join(there)
        raise click.ClickException(f"{out} already has {names}. Nothing was written; --overwrite replaces them.")
    out.mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        write(student_edition(lesson), out / lesson.name)
    click.echo(f"{len(lessons)} lessons are in {out}.")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default="results.csv", show_default=True,
              help="The table as CSV; a file of that name is replaced.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.1), default=20, show_default=True, help="Seconds for an exercise.")
@click.option("--memory", type=click.IntRange(512), default=2048, show_default=True,
              help="Megabytes for an exercise, of which torch takes about 300.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1,
              help="Notebooks at a time.  [default: one for each core]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a list of results as JSON in place of the table.")
def collect(folder, output, timeout, memory, jobs, as_json):
    """Judge the finished notebooks in FOLDER: a table of learner by exercise.

    \b
    FOLDER holds any of these:
      LEARNER/01_tasks_and_episodes.ipynb          a folder for each learner, any folders inside it
      LEARNER_01_tasks_and_episodes.ipynb          files that begin with the learner's name
      submitted/LEARNER/ASSIGNMENT/x.ipynb         as nbgrader collects them
    A notebook is recognised by its exercises, so its file may be renamed. Of two of one lesson the newer counts.

    Each function goes through the lesson's own check, in a process of its own. What it needs from other cells is
    found and run with it; nothing else of the notebook runs. Where it uses an earlier exercise that is not right,
    it gets the library's version.

    \b
    right            the check accepts it
    not yet          the function is not written
    hint: ...        the check refuses it, and says this to the learner
    error: ...       the code cannot be run: a cell that Python cannot read, sys.exit, a cell before it that fails
    too slow         it ran longer than --timeout
    too much memory  it held more than --memory
    crashed          it ended Python, or started processes without end
    missing          there is no function of that name
    renamed          the exercise's cell is there, but its function has another name
    no notebook      this learner handed in other lessons, not this one

    An exercise takes about 0.1 s of a core on Linux, and about 2 s elsewhere, where each needs a new Python.

    It runs the code of people you may not know, as you: see the first lines of tools/classroom.py for what that
    means, and use a container where it matters.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: many processes share the cores
    sheets, remarks = {}, []
    for learner, path in hand_ins(folder):
        try:
            sheet = read_sheet(learner, path)
        except ValueError as fault:
            remarks.append(f"{path.relative_to(folder)} {fault}")
            continue
        if (learner, sheet.lesson) in sheets:
            remarks.append(f"{path.relative_to(folder)} counts; an older notebook of this lesson and learner does not.")
        sheets[learner, sheet.lesson] = sheet
    if not sheets:
        raise click.ClickException("\n".join([f"{folder} holds no notebook of this course.", *remarks]))

    from tools.supervisor import Limits, judge_all

    def done(sheet):
        right = f"{[word for word, *_ in sheet.found.values()].count('right')} of {len(sheet.found)} right"
        click.echo(f"{_plain(sheet.learner)}, lesson {sheet.lesson[-2:]}: {right}", err=True)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as room:
        judge_all(list(sheets.values()), Limits(timeout, memory << 20), jobs, Path(room), done)
    click.echo("".join(f"Note: {_plain(remark)}\n" for remark in remarks), err=True, nl=False)
    results = [
        {"learner": _plain(s.learner), "lesson": s.lesson[-2:], "exercise": name, "verdict": word,
         "detail": _plain(detail), "seconds": round(seconds, 3)}
        for s in sheets.values() for name, (word, detail, seconds) in s.found.items()
    ]  # fmt: skip
    click.echo(json.dumps(results, indent=1, ensure_ascii=False) if as_json else _tables(results))
    try:
        _write_csv(results, output)
    except OSError as error:
        raise click.ClickException(f"{output} could not be written: {error}. Is it open elsewhere?") from None
    click.echo(f"The table with all hints is in {output}.", err=True)


def _plain(text: str) -> str:
    """A learner's text, safe to print: one line, no control characters, not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= 300 else text[:299] + "…"


def _tables(results: list[dict]) -> str:
    """For each lesson, a table of words and what to explain; the sentences are in the CSV."""
    out = []
    for lesson in sorted({r["lesson"] for r in results}):
        here = [r for r in results if r["lesson"] == lesson]
        names = list(dict.fromkeys(r["exercise"] for r in here))
        learners = sorted({r["learner"] for r in here})
        words = {(r["learner"], r["exercise"]): r["verdict"] for r in here}
        rows = [[f"Lesson {lesson}", *names], *([who, *(words[who, name] for name in names)] for who in learners)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        out += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows] + [""]
        for name in names:
            right = sum(words[who, name] == "right" for who in learners)
            hints = Counter(r["detail"] for r in here if (r["exercise"], r["verdict"]) == (name, "hint"))
            often = "".join(f"; most often ({n}): {hint}" for hint, n in hints.most_common(1))
            out.append(f"{name}: {right} of {len(learners)} right{often}")
        out.append("")
    return "\n".join(out).rstrip()


def _write_csv(results: list[dict], output: Path):
    columns = list(dict.fromkeys((r["lesson"], r["exercise"]) for r in sorted(results, key=lambda r: r["lesson"])))
    said = {}
    for r in results:
        sentence = "" if r["verdict"] in ("right", "not yet") else r["detail"]  # so that these are easy to count
        said[r["learner"], r["lesson"], r["exercise"]] = ": ".join(filter(None, (r["verdict"], sentence)))
    with open(output, "w", encoding="utf-8-sig", newline="") as file:  # with the mark that spreadsheets look for
        table = csv.writer(file)
        table.writerow(["learner", *(" ".join(column) for column in columns)])
        for who in sorted({r["learner"] for r in results}):
            safe = f"'{who}" if who.startswith(("=", "+", "-", "@")) else who  # a spreadsheet would run it
            table.writerow([safe, *(said.get((who, *column), "no notebook") for column in columns)])


if __name__ == "__main__":
    main()
