"""What `check` makes of answers written by somebody who has not read it: `python tools/blind_answers.py FILES`.

A file of answers is Python. Each answer is a cell that begins with a line of its own, and holds what a learner would
have written:

    # %% nearest_neighbour | wrong | takes the farthest example | farthest
    def nearest_neighbour(queries, points, labels):
        ...

The exercise, `right` or `wrong`, and the style or the mistake. The last part is added when the hints were read: words
of the hint where it names this very mistake, `MISLEADING` where it names one that was not made, and nothing where it
says only what differs. A test holds `check` to it, so a hint that was good once stays good.
"""

from __future__ import annotations

import io
import linecache
import re
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click

from course_lib.exercises import check

HEAD = re.compile(r"# %% *(\w+) *\| *(right|wrong) *\| *([^|\n]+?) *(?:\| *([^|\n]+?) *)?$", re.M)
BROKEN = "it does not run:"
MISLEADING = "MISLEADING"


@dataclass(frozen=True)
class Answer:
    """An answer to an exercise; `words` are those of the hint, once somebody has judged it."""

    exercise: str
    right: bool
    what: str
    words: str
    code: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{Path(self.file).name}:{self.line} {self.exercise}, {'right' if self.right else 'wrong'}: {self.what}"


def read_answers(path: Path) -> list[Answer]:
    """The answers in a file."""
    text = path.read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    lines = [text.count("\n", 0, head.start()) + 1 for head in heads]
    odd = [i for i, line in enumerate(text.splitlines(), 1) if line.startswith("# %%") and i not in lines]
    if odd:
        raise ValueError(f"{path.name}, line {odd[0]}, is not of the form `# %% exercise | right or wrong | what`.")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Answer(head[1], head[2] == "right", head[3], head[4] or "", text[head.end() : end], str(path), line)
        for head, end, line in zip(heads, ends, lines, strict=True)
    ]


def said(answer: Answer, names: dict) -> tuple[bool, str]:
    """Whether `check` accepts an answer, and all that it says.

    Args:
        names: what the lesson has defined and imported before its cell.
    """
    held, printed = {**names, "__name__": "__main__"}, io.StringIO()
    file = f"<{Path(answer.file).name}:{answer.line}>"
    linecache.cache[file] = (len(answer.code), None, answer.code.splitlines(True), file)  # hints quote lines
    with redirect_stdout(printed):
        try:
            exec(compile(answer.code, file, "exec"), held)
        except Exception as error:  # the learner sees this without `check`
            return False, f"{BROKEN} {type(error).__name__}: {error}"
        if answer.exercise not in held:
            return False, f"{BROKEN} it defines no {answer.exercise}"
        mine = held[answer.exercise]
        accepted = check(mine, answer.exercise) is mine
    return accepted, printed.getvalue()


def faults(answer: Answer, accepted: bool, printed: str) -> str:
    """What is wrong with how `check` took an answer, or nothing."""
    if accepted != answer.right:
        return f"{answer}\n  was {'accepted' if accepted else 'refused'}: {printed}"
    if "Traceback" in printed:
        return f"{answer}\n  shows a traceback: {printed}"
    if answer.words and answer.words != MISLEADING and answer.words not in printed:
        return f"{answer}\n  the hint lacks {answer.words!r}: {printed}"
    return ""


def table(judged: Iterable[tuple[Answer, bool]]) -> str:
    """A table: for each exercise how many answers were tried and what became of them."""
    judged = list(judged)
    rows = ["| exercise | wrong tried | refused | named | misleading | right tried | accepted |", "|---" * 7 + "|"]
    names = list(dict.fromkeys(answer.exercise for answer, _ in judged))
    for name in [*names, "all"]:
        mine = [(a, accepted) for a, accepted in judged if name in (a.exercise, "all")]
        wrong = [(a, accepted) for a, accepted in mine if not a.right]
        right = [accepted for a, accepted in mine if a.right]
        misleading = sum(a.words == MISLEADING for a, _ in wrong)
        named = sum(bool(a.words) for a, _ in wrong) - misleading
        refused = sum(not accepted for _, accepted in wrong)
        rows.append(f"| {name} | {len(wrong)} | {refused} | {named} | {misleading} | {len(right)} | {sum(right)} |")
    return "\n".join(rows)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--hints", is_flag=True, help="Print what is said to each wrong answer, to be judged by a reader.")
@click.option("--only", default="", help="One exercise.")
def main(files, hints, only):
    """Judge each answer in FILES and print the table."""
    judged, bad = [], 0
    for answer in (a for file in files for a in read_answers(file) if only in ("", a.exercise)):
        accepted, printed = said(answer, lesson_names())
        judged.append((answer, accepted))
        if fault := faults(answer, accepted, printed):
            bad += 1
            click.echo(f"! {fault}\n")
        elif hints and not answer.right:
            click.echo(f"{answer}{' | ' if answer.words else ''}{answer.words}\n  {printed}")
    click.echo(table(judged))
    sys.exit(bool(bad))


def lesson_names() -> dict:
    """What every lesson imports, under its usual names, and what an exercise has from the one before it."""
    import math

    import numpy as np
    import torch
    from torch import nn
    from torch.nn import functional

    from course_lib import Episode
    from course_lib.learners import squared_distances
    from course_lib.lessons.lesson09.exact_answers import bayes_line
    from course_lib.lessons.lesson16.explanation_tests import rank_correlation

    return {"math": math, "np": np, "torch": torch, "nn": nn, "F": functional, "Episode": Episode,
            "squared_distances": squared_distances, "bayes_line": bayes_line,
            "rank_correlation": rank_correlation}  # fmt: skip


if __name__ == "__main__":
    main()
