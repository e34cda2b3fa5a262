"""The rules that a stored lesson keeps: `python tools/lesson_checks.py` says in one sentence each which are broken.

`make test` asks `broken` for every lesson. Rules for its form are here, those for what it teaches in `lesson_rules.py`
and `lesson_words.py`. A few lessons do not keep all of those yet: tools/owed.txt lists what they owe.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import click

from tools import lesson_rules, lesson_words
from tools.notebooks import (
    IGNORED,
    LESSONS,
    PARAMETERS,
    ROOT,
    WIDGET,
    badge,
    chosen_lessons,
    foot,
    markdown,
    read,
    setup_source,
    stamp,
    tagged,
)  # fmt: skip

AGAIN = "run tools/notebooks.py run"
YEAR = r"(?:19|20)\d\d"
# Finn et al. (2017); Ye and Chao (2022); Caruana (1997): a name and the year.
CITED = re.compile(
    rf"([A-Z][\w’-]+)\s+et\s+al\.?,?\s+\(?({YEAR})|and\s+([A-Z][\w’-]+),?\s+\(?({YEAR})|([A-Z][\w’-]+)\s+\(({YEAR})\)"
)
VENUE = re.compile(
    r"\b(NeurIPS|ICLR|ICML|CVPR|ICCV|ECCV|BMVC|AAAI|IJCAI|AISTATS|UAI|COLT|ACL|EACL|EMNLP|LREC|JMLR|TMLR|TPAMI|Science|Nature"
    r"|PNAS|Machine Learning|Neural Computation|Journal|Proceedings|Transactions|Annals|Workshop|Review|thesis|Press"
    r"|Physiological Measurement|Computing in Cardiology|Computers in Biology and Medicine|PLoS Medicine|Biometrika"
    r"|preprint|arXiv version)\b"
)
ARXIV = re.compile(r"arXiv:\s?(\d{4}\.\d{4,5})")
LINK = re.compile(r"\]\(([^)\s]+)\)|\b(?:href|src)=\"([^\"]+)\"")


def problems(notebook, name: str, size: int = 0) -> list[str]:
    """What is wrong with a lesson as it is stored, a sentence each.

    Args:
        name: that of its file, in notebooks/.
        size: of the file, in bytes.
    """
    return [fault for faults in broken(notebook, name, size).values() for fault in faults]


def broken(notebook, name: str, size: int = 0) -> dict[str, list[str]]:
    """As `problems`, but by rule; a rule that is kept is left out."""
    found = {"size": [f"the file has {size:,} bytes, more than a million: store smaller figures."] * (size > 1_000_000)}
    for rule, check in RULES.items():
        found[rule] = list(check(notebook, name))
    return {rule: faults for rule, faults in found.items() if faults}


def owed() -> dict[str, set[str]]:
    """The rules that a lesson need not keep yet, by its number: {"03": {"terms", ...}, ...}."""
    text = (ROOT / "tools" / "owed.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {number: set(rules) for number, *rules in lines}


def _frame(notebook, name: str) -> Iterator[str]:
    """What every lesson opens and closes with."""
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith(badge(name)):
        yield "the first cell does not open with the Colab badge: run make address."
    setup, parameters = tagged(notebook, "setup"), tagged(notebook, "parameters")
    if setup is None or setup.source != setup_source():
        yield "the cell tagged setup is missing or not the usual one: run make address."
    for variable, value in PARAMETERS.items():
        if parameters is None or not re.search(rf"^{variable} = {value}", parameters.source, re.M):
            yield f"the cell tagged parameters does not say {variable} = {value}."
    if [cell for cell in notebook.cells if cell.cell_type == "code"][:2] != [setup, parameters]:
        yield "the first two code cells are not setup and parameters."
    if not notebook.cells or not notebook.cells[-1].source.endswith("\n\n" + foot()):
        yield "its last cell does not end with the place to ask: run make address."


def _stored(notebook, name: str) -> Iterator[str]:
    """Outputs come from one run of this very code, which says quick; none of them tells of the machine."""
    if "widgets" in notebook.metadata:
        yield f"it stores the state of widgets: {AGAIN}."
    if tagged(notebook, "injected-parameters") is not None:
        yield f"papermill ran it with other parameters, and those outputs are stored: remove its cell, and {AGAIN}."
    if notebook.metadata.get("course", {}).get("stored") != stamp(notebook):
        yield f"its code or outputs were changed since they were stored with the quick profile: {AGAIN}."
    setup = tagged(notebook, "setup")
    if setup is not None and setup.outputs:
        yield f"the setup cell stores what machine it ran on: {AGAIN}."


def _code(notebook, name: str) -> Iterator[str]:
    """Code cells ran once each, in order, and are short; their outputs read well anywhere."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for count, cell in enumerate(code, start=1):
        where = f"cell {cell.id}"
        if cell.execution_count != count:
            yield f"{where} has run as {cell.execution_count}, not {count}: {AGAIN}."
        lines = len(cell.source.splitlines())
        if lines > 25:
            yield f"{where} has {lines} lines, more than 25: move some to course_lib."
        tags = cell.metadata.get("tags", [])
        if IGNORED in tags and "setup" not in tags and not any(_words(output) for output in cell.outputs):
            yield f"{where} is tagged {IGNORED} and prints nothing that could differ: remove the tag."
        for output in cell.outputs:
            yield from (f"{where} {fault}" for fault in _output(output))


def _words(output) -> str:
    """The text of an output: what nbval compares."""
    data = output.get("data", {})
    return output.get("text", "") + "".join(str(v) for k, v in data.items() if k.startswith("text/"))


def _output(output) -> Iterator[str]:
    if output.output_type == "error":
        yield f"stores an error, {output.ename}."
    if output.get("name") == "stderr":
        yield "stores a warning or other output on stderr."
    data = output.get("data", {})
    if WIDGET in data:
        yield "shows a widget with no picture beside it for readers without a kernel."
    if "image/png" in data and not output.metadata.get("image/png", {}).get("alt"):
        yield "shows a figure without alternative text: use course_lib.plots.show."
    text = _words(output)
    if re.search(r"/root/|/tmp/|/home/|/Users/|site-packages|\b[A-Z]:\\", text):
        yield "shows a path of the machine that it ran on."
    if re.search(r" at 0x[0-9a-f]{6,}", text):
        yield "shows a memory address, which changes with every run."
    if "text/markdown" in data and re.match(r"<[\w.]+ object>", data.get("text/plain", "")):
        yield "stores the name of an object in place of text: show a table with plots.show_table."


def _ids(notebook, name: str) -> Iterator[str]:
    """Cells keep their names, so that a change shows where it is and a link or an assessment finds its cell."""
    for name, times in Counter(cell.id for cell in notebook.cells).items():
        if times > 1:
            yield f"{times} cells have the id {name}: give each its own."
        chance = re.fullmatch(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f-]+)?", name)
        if chance or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            yield f"the cell id {name} is not readable: say in small letters what the cell is for, as in train-figure."


def _headings(notebook, name: str) -> Iterator[str]:
    """One title, and no level left out below it."""
    levels = [(len(m[1]), m[2]) for _, text in markdown(notebook) for m in re.finditer(r"^(#+) +(.+)$", text, re.M)]
    titles = sum(level == 1 for level, _ in levels)
    if titles != 1 or levels[0][0] != 1:
        yield f"it has {titles} headings of the first level, not one that opens it."
    for (before, _), (level, heading) in pairwise(levels):
        if level > before + 1:
            yield f"the heading {heading!r} has level {level} after level {before}: leave no level out."


def _prose(notebook, name: str) -> Iterator[str]:
    """Pictures have a text, answers can be opened and closed, nothing is left to do."""
    for cell, text in markdown(notebook):
        if "![](" in text or re.search(r"<img(?![^>]*\balt=)", text):
            yield f"cell {cell} has a picture without alternative text."
        tags = re.findall(r"<(/?details|/?summary)\b", text)
        if tags != ["details", "summary", "/summary", "/details"] * (len(tags) // 4):
            yield f"cell {cell} has a hidden answer that is not <details><summary>…</summary>…</details>."
    code = [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    for cell, text in [*markdown(notebook), *code]:
        if left := re.search(r"\b(TODO|FIXME|XXX|TBD)\b", text):
            yield f"cell {cell} still has a {left[0]}."


def _links(notebook, name: str) -> Iterator[str]:
    """A link within the course ends at a file or a heading of this lesson (spaces as -); a picture is in the text."""
    headings = {
        m[1].replace(" ", "-") for _, text in markdown(notebook) for m in re.finditer(r"^#+ +(.+?) *$", text, re.M)
    }
    for cell, text in markdown(notebook):
        for link in (m[1] or m[2] for m in LINK.finditer(text)):
            kind, (path, _, anchor) = link.partition(":")[0], link.partition("#")
            if kind in ("https", "http", "mailto", "data"):
                continue
            if kind == "attachment":
                yield f"cell {cell} has an attachment, which Colab and GitHub do not show: run make address."
            elif not ((ROOT / "notebooks" / path).exists() if path else anchor in headings):
                yield f"cell {cell} links to {link}, which is not there."


def _papers(notebook, name: str) -> Iterator[str]:
    """Each paper in "Read next" has year and venue, and each paper that the text cites stands there."""
    whole = "\n\n".join(text for _, text in markdown(notebook))
    head, _, tail = whole.rpartition("ead next\n")
    entries = re.split(r"^- ", tail.split("\n#")[0], flags=re.M)[1:]
    entries = [" ".join(entry.split("\n\n")[0].split()) for entry in entries]
    for entry in entries:
        if "*" in entry and not (re.search(rf"\b{YEAR}\b", entry) and VENUE.search(entry)):
            yield f"under Read next, {entry[:60]!r} has no year or no venue (if it was never published, say preprint)."
    for match in CITED.finditer(head):
        who, year = [part for part in match.groups() if part]
        if not any(who in entry and year in entry for entry in entries):
            yield f"{who} {year} is cited, but its title and venue do not stand under Read next."
    for number in set(ARXIV.findall(head)) - set(ARXIV.findall(tail)):
        yield f"arXiv:{number} is cited, but its title and venue do not stand under Read next."


RULES = {
    "frame": _frame,
    "stored": _stored,
    "code": _code,
    "ids": _ids,
    "headings": _headings,
    "prose": _prose,
    "links": _links,
    "papers": _papers,
    "lines": lesson_rules.lines,
    "exercises": lesson_rules.exercises,
    "claims": lesson_rules.claims,
    "predictions": lesson_rules.predictions,
    "numbers": lesson_words.numbers,
    "terms": lesson_words.terms,
}


@click.command()
@chosen_lessons
@click.option("--all", "everything", is_flag=True, help="Also what is owed (tools/owed.txt).")
def main(lessons, everything):
    """List what is wrong with LESSONS (all when none is named) as they are stored."""
    faults = [
        f"{path.name}: {fault} [{rule}]"
        for path in lessons or LESSONS
        for rule, found in broken(read(path), path.name, path.stat().st_size).items()
        if everything or rule not in owed().get(path.name[:2], ())
        for fault in found
    ]
    click.echo("\n".join(faults) or "Every lesson is in order.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
