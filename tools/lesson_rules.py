"""Rules for a lesson's exercises, claims and predictions, and for how wide its code is. `lesson_checks.py` asks them.

Each takes a notebook and the name of its file, and yields a sentence for each fault.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from tools.notebooks import tagged

WIDE = 92  # what fits beside the table of contents on a screen of 1280 pixels
EXERCISE = re.compile(r"^#{2,6} +Exercise\b.*$", re.M)
HEADING = re.compile(r"### Exercise \d+: .+ · (●○○|●●○|●●●) · \d+ minutes?")
STUB = re.compile(r"^(\w+) = check\(\1\)", re.M)
NO_ANSWER = "○ No prediction yet"  # what `predict` says where nothing is answered


def lines(notebook, name: str) -> Iterator[str]:
    """No line of code is so wide that it is cut off."""
    setup = tagged(notebook, "setup")
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell is not setup:
            wide = [len(line) for line in cell.source.splitlines() if len(line) > WIDE]
            if wide:
                yield f"cell {cell.id} has {len(wide)} lines of over {WIDE} characters, the longest of {max(wide)}."


def exercises(notebook, name: str) -> Iterator[str]:
    """Each exercise has a heading, which says how hard it is and how long it takes."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for heading in EXERCISE.findall(cell.source):
                if not HEADING.fullmatch(heading.strip()):
                    yield f"{heading.strip()!r} does not end with difficulty and minutes, as in · ●●○ · 10 minutes."
        elif stub := STUB.search(cell.source):
            if not heading:
                yield f"cell {cell.id} asks for {stub[1]} without a heading ### Exercise of its own above it."
            heading = ""


def claims(notebook, name: str) -> Iterator[str]:
    """There are claims, and each says in a sentence what does not hold if it fails."""
    cells = claimed(notebook)
    if not cells:
        yield "no cell is tagged claims: assert there what the text states."
    for cell in cells:
        mute = [node for node in ast.walk(parsed(cell)) if isinstance(node, ast.Assert) and node.msg is None]
        if mute:
            first = ast.unparse(min(mute, key=lambda node: node.lineno))
            yield f"cell {cell.id} has {len(mute)} asserts without a sentence, the first: {first[:70]}"


def claimed(notebook) -> list:
    """The cells tagged claims: one, or a few where the asserts are many."""
    return [cell for cell in notebook.cells if "claims" in cell.metadata.get("tags", [])]


def parsed(cell) -> ast.Module:
    """The syntax tree of a code cell, without lines that are IPython's own."""
    return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.M))


def predictions(notebook, name: str) -> Iterator[str]:
    """A prediction is asked for with `predict`, before anything shows its answer, and compared when it is known."""
    asked = False
    for i, cell in enumerate(notebook.cells):
        for variable, call in _asked(cell) if cell.cell_type == "code" else ():
            asked, where = True, f"cell {cell.id}"
            if not _open(call):
                yield f"{where} holds an answer to its prediction: store it with answer=..."
            shown = [line for output in cell.outputs for line in (_shown(output) or "a picture").splitlines()]
            if more := [line for line in shown if line.strip() and not line.startswith(NO_ANSWER)]:
                yield f"{where} asks for a prediction and its stored output shows something else: {more[0][:60]!r}."
            compared = _compared(notebook, i, variable)
            if compared is None:
                yield f"{where} asks for a prediction that is never compared: keep it, and guess.compare(measured)."
                continue
            later, measured, answer = compared
            if known := _known(notebook, i, later, measured):
                yield f"{where} asks for {variable}, and {known} is known above it: {variable}.compare({known})."
            if answer:
                for before in notebook.cells[: i + 1]:
                    if _tells(before, answer):
                        yield f"{where} asks for {variable}; its answer, {answer!r}, stands above in cell {before.id}."
    if not asked:
        yield "it asks for no prediction with predict(...)."


def _asked(cell) -> Iterator[tuple[str | None, ast.Call]]:
    """The calls of `predict` in a cell, each with the variable that keeps it."""
    nodes = list(ast.walk(parsed(cell)))
    kept = {node.value: ast.unparse(node.targets[0]) for node in nodes if isinstance(node, ast.Assign)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "predict":
            yield kept.get(node), node


def _open(call: ast.Call) -> bool:
    """Whether the place of the answer is still empty."""
    answers = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "answer")]
    return all(isinstance(a, ast.Constant) and a.value in (..., None, "?", "...", "") for a in answers)


def _compared(notebook, i: int, variable: str | None):
    """Where a prediction of cell i is compared, with what, and the stored answer ("" if there is none); or None."""
    for cell in notebook.cells[i:]:
        nodes = ast.walk(parsed(cell)) if cell.cell_type == "code" else ()
        calls = [n for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.args]
        calls = sorted((call for call in calls if call.func.attr == "compare"), key=lambda call: call.lineno)
        for place, call in enumerate(calls):
            if ast.unparse(call.func.value) == variable:
                return cell, call.args[0], _stored_answer(cell, place)
    return None


def _known(notebook, i: int, later, measured: ast.expr) -> str:
    """What a prediction is compared with, if all names in it have their values in cell i or above, and only there."""
    used = {node.id for node in ast.walk(measured) if isinstance(node, ast.Name)} - set(dir(builtins))
    above, below, made = set(), set(), {}
    for place, cell in enumerate(notebook.cells[: notebook.cells.index(later) + 1]):
        if cell.cell_type == "code":
            nodes = list(ast.walk(parsed(cell)))
            made |= {node.name: set(_changed(node)) for node in nodes if isinstance(node, ast.FunctionDef)}
            calls = [node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
            found = set(_changed(parsed(cell))).union(*(made.get(call.id, ()) for call in calls))
            (above if place <= i else below).update(found)
    values = used & (above | below)  # the others are imported or defined functions
    return ast.unparse(measured) if values and not values & below else ""


def _changed(tree: ast.AST) -> Iterator[str]:
    """The names that code gives a value, or an entry or an attribute of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            while not isinstance(node, ast.Name | ast.Call):
                node = getattr(node, "value", None) or ast.Call()
            if isinstance(node, ast.Name):
                yield node.id


def _stored_answer(cell, place: int) -> str:
    """The answer that a cell's compare number `place` printed, if it can be found again: no word, no number as 3 is."""
    said = re.findall(r"^You made no prediction\. It is (.+)\.$", "\n".join(map(_shown, cell.outputs)), re.M)
    return said[place] if place < len(said) and re.match(r"[-+]?\d+(\.\d| \S)|.+, ", said[place]) else ""


def _tells(cell, answer: str) -> bool:
    """Whether a cell, or what is stored with it, has the answer in it."""
    texts = [re.sub(r"(?<=;base64,)[^)\"]*", "", cell.source), *map(_shown, cell.get("outputs", []))]
    return any(re.search(rf"(?<![\w.]){re.escape(answer)}(?![\w])", text) for text in texts)


def _shown(output) -> str:
    """What an output says in words."""
    data = output.get("data", {})
    return output.get("text", "") + "\n".join(str(text) for kind, text in data.items() if kind.startswith("text/"))
