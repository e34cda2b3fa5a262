"""Rules for the words of a lesson: numbers are held by something, terms are explained before they are used.

`lesson_checks.py` asks them. The words of the course stand in tools/terms.txt, and the numbers that a lesson may say
without an assert, each with its reason, in tools/numbers.txt.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.lesson_rules import claimed, parsed
from tools.notebooks import IGNORED, LESSONS, markdown, read

LAST = "ead next\n"  # below Read next or What to read next stand titles of papers
# 93.4 % or 0.05; not 1606.04080 of arXiv, 0.5.0 of a version, or the 95 % of each interval.
NUMBER = re.compile(r"(?<![\w.,^-])[-+−]?(\d[\d,]*\.\d+|\d[\d,]*)(?![\d.]*\.?\d)(\s?%)?")
NO_NUMBERS = re.compile(
    r"\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)]*\)|arXiv:\s?[\d.]+|95\s?%[^.]{0,20}\sinterval"
    r"|(?:equation|section|table|figure|version|§)s?\s\d+(?:\.\d+)+",
    re.S | re.I,
)


def numbers(notebook, name: str) -> Iterator[str]:
    """A number with a % or a decimal point, in markdown or a caption, is held by something.

    By the claims: it stands there, or a range of theirs has it. By a number in code above, or by what a cell above
    prints, if the tests compare that. Or by a reason in tools/numbers.txt.
    """
    for cell, found in unheld(notebook).items():
        if rest := [number for number in found if number not in reasons().get(name[:2], {})]:
            yield f"cell {cell} says {', '.join(rest)}: no assert, code above or compared output holds it."


def unheld(notebook) -> dict[str, list[str]]:
    """The numbers that neither claims nor code nor outputs hold, by the id of the cell that says them."""
    claims = claimed(notebook)
    asserted = set().union(*map(_values, claims), *map(_compared, claims))
    between = [ends for cell in claims for ends in _ranges(cell)]
    found, above, printed = {}, set(), ""
    texts = dict(markdown(notebook))
    for cell in notebook.cells:
        own, text = set(), texts.get(cell.id, "").split(LAST)[0]
        if cell.cell_type == "code":
            own, text = _values(cell), "\n".join(_captions(cell))
            above |= own
            printed += "" if IGNORED in cell.metadata.get("tags", []) else "\n".join(map(_printed, cell.outputs))
        for match in NUMBER.finditer(NO_NUMBERS.sub(" ", text)):
            digits, percent = match[1], bool(match[2])
            if not percent and "." not in digits:
                continue
            value = float(digits.replace(",", ""))
            same = {value, value / 100} if percent else {value}
            exactly = same if "." in digits else {value / 100}  # the 5 of way=5 is not 5 %
            held = _any_near(same, asserted | own) or _any_near(exactly, above)
            held = held or any(low <= one <= high for one in same for low, high in between)
            if not held and not re.search(rf"(?<![\d.]){re.escape(digits)}{' ?%' * percent}(?!\.?\d)", printed):
                found.setdefault(cell.id, {})[" ".join(match[0].split()).lstrip("+")] = None
    return {cell: list(said) for cell, said in found.items()}


def reasons() -> dict[str, dict[str, str]]:
    """By lesson, the numbers of tools/numbers.txt and why each is true."""
    found = {}
    for line in _lines("numbers.txt"):
        lesson, said, why = (part.strip() for part in line.split("|"))
        found.setdefault(lesson, {}).update(dict.fromkeys(said.split(", "), why))
    return found


def _lines(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _captions(cell) -> Iterator[str]:
    """What is said of a figure: the strings in show(...)."""
    for node in ast.walk(parsed(cell)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "show":
            yield from (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _printed(output) -> str:
    """What an output says that the lesson has computed: not a caption, which is written."""
    tables = output.get("data", {}).get("text/markdown", "")
    return output.get("text", "") + (tables if tables.startswith("|") else "")


def _any_near(ones: set[float], others: set[float]) -> bool:
    """Whether a number is in both, but for rounding."""
    return any(math.isclose(one, other, rel_tol=1e-9) for one in ones for other in others)


def _values(cell) -> set[float]:
    """The numbers that a code cell writes, 1 / 5 as well; those in brackets say which and not how much."""
    nodes = list(ast.walk(parsed(cell)))
    places = {part for node in nodes if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)}
    found = {_number(node) for node in nodes if node not in places}
    found |= {_number(node.left) / _number(node.right) for node in nodes if isinstance(node, ast.BinOp)
              and isinstance(node.op, ast.Div) and None is not _number(node.left) and _number(node.right)}  # fmt: skip
    return found - {None}


def _compared(cell) -> set[float]:
    """The numbers in the texts that a claims cell compares something with: those of `said(...) == "+3.8 ± 1.1"`."""
    texts = (side.value for node in ast.walk(parsed(cell)) if isinstance(node, ast.Compare)
             for side in (node.left, *node.comparators)
             if isinstance(side, ast.Constant) and isinstance(side.value, str))  # fmt: skip
    return {float(match[1].replace(",", "")) for text in texts for match in NUMBER.finditer(text)}


def _number(node: ast.AST) -> float | None:
    return float(node.value) if isinstance(node, ast.Constant) and type(node.value) in (int, float) else None


def _ranges(cell) -> list[tuple[float, float]]:
    """The ranges that the claims keep something in, low < x < high, if they are narrow enough to say a number."""
    found = []
    for node in ast.walk(parsed(cell)):
        if isinstance(node, ast.Compare) and len(node.ops) == 2:
            ends = [_number(node.left), _number(node.comparators[1])]
            if None not in ends and abs(ends[1] - ends[0]) <= abs(sum(ends)) / 4:
                found.append((min(ends), max(ends)))
    return found


def terms(notebook, name: str) -> Iterator[str]:
    """A word of the course is explained, in bold, where it is first used: in that cell, above or in an earlier lesson.

    What is looked at: markdown without title, objectives and headings, and in code the comments and what is said in
    strings. One sentence for each word, for its first use.
    """
    words = patterns()
    before = {word for path in LESSONS if path.name < name for word in explained(_bold_of(path), words)}
    here = explained(bold(notebook), words)
    places = {cell.id: i for i, cell in enumerate(notebook.cells)}
    for word, pattern in words.items():
        if word in before:
            continue
        for i, (cell, text) in enumerate(read_in(notebook)):
            if pattern.search(text):
                if word not in here:
                    yield f"cell {cell} uses {word!r}, which stands nowhere in bold, **{word}**, with what it means."
                elif places[here[word]] > i:
                    yield f"cell {cell} uses {word!r}, which is explained below it, in cell {here[word]}."
                break


def patterns() -> dict[str, re.Pattern]:
    """The words of the course, and how to find each: `word` or `word = pattern` in a line of tools/terms.txt."""
    pairs = [[part.strip() for part in line.split(" = ", 1)] for line in _lines("terms.txt")]
    return {pair[0]: re.compile(pair[-1] if len(pair) == 2 else _as_pattern(pair[0]), re.I) for pair in pairs}


def _as_pattern(word: str) -> str:
    return rf"\b{re.escape(word)}s?\b".replace(r"\ ", r"[\s-]+")


def bold(notebook) -> list[tuple[str, str]]:
    """What stands in bold in a lesson, with the id of its cell before it."""
    return [(cell, " ".join(said.split())) for cell, text in markdown(notebook)
            for said in re.findall(r"\*\*([^*]+)\*\*", text)]  # fmt: skip


@cache
def _bold_of(path: Path) -> list[tuple[str, str]]:
    return bold(read(path))


def explained(said: list[tuple[str, str]], words: dict[str, re.Pattern]) -> dict[str, str]:
    """The words that are explained in what stands in bold, each with the first cell that does so."""
    found = {}
    for cell, text in said:
        for word, pattern in words.items():
            if re.fullmatch(rf"(?:an? |the )?(?:{_as_pattern(word)}|{pattern.pattern})[.:,]?", text, re.I):
                found.setdefault(word, cell)
    return found


def read_in(notebook) -> Iterator[tuple[str, str]]:
    """Id of each cell, and what a learner reads in it."""
    texts = dict(markdown(notebook))
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            setup = "setup" in cell.metadata.get("tags", [])
            yield cell.id, "" if setup else "\n".join(_said(cell))
        else:
            text = texts[cell.id].split(LAST)[0]
            text = re.sub(r"^## Learning objectives\n.*?(?=^#|\Z)", "", text, flags=re.S | re.M)
            text = re.sub(r"^# .*?(?=^## |\Z)|^#+ .*$", "", text, flags=re.S | re.M) if not i else text
            yield cell.id, re.sub(r"^#+ .*$|\]\([^)]*\)", "", text, flags=re.M)


def _said(cell) -> Iterator[str]:
    """Comments, and strings of more than a word, which a docstring is too."""
    lines = io.StringIO(re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.M)).readline
    yield from (token.string for token in tokenize.generate_tokens(lines) if token.type == tokenize.COMMENT)
    for node in ast.walk(parsed(cell)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.value
