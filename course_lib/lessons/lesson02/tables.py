"""The two tables that close lesson 02: the learner fills them in, and each entry is compared."""

from __future__ import annotations

from string import ascii_lowercase

from course_lib.exercises.results import as_number
from course_lib.plots import show_table

#: What is true of each column, row by row. The order is that of the letters a, b, c.
STATEMENTS = {
    "objective": {
        "meta": "do well on queries *after* adapting to a support set",
        "multi-task": "a low mean loss over all tasks, with one set of weights",
        "transfer": "name the class of an image, among all training classes",
    },
    "data needed": {
        "multi-task": "labels that mean the same in every task",
        "transfer": "classes that keep one label for good, and images of each that come back often",
        "meta": "tasks with a support set and queries; labels may be dealt afresh",
    },
    "where adaptation happens": {
        "transfer": "at test time only, by gradient steps",
        "multi-task": "nowhere",
        "meta": "in training and at test time, by averaging features",
    },
    "number of tasks": {
        "multi-task": "many, learned as if they were one",
        "meta": "many small ones, to practise on",
        "transfer": "one large one",
    },
    "adaptation target": {
        "meta": "a prototype for each class of the new task",
        "transfer": "a new last layer for the classes of the new task, or all weights",
        "multi-task": "none: it answers with the mean over tasks",
    },
}
LETTERS = ascii_lowercase[:3]
NEAR = 0.6  # numbers may be rounded to whole ones


def show_choices():
    """Show the statements to choose from: a row of the tables, and what its letters stand for."""
    show_table(["row", *LETTERS], [[f"**{row}**", *said.values()] for row, said in STATEMENTS.items()])


def fill_in(columns: tuple[str, str], answers: dict, measured: dict[str, tuple[float, float]]):
    """Show a table as the learner has filled it in, with ✓ right, ✗ wrong, ○ open, and count them.

    Args:
        columns: two of "transfer", "multi-task" and "meta".
        answers: for each row one entry a column: a letter, or a number in a row of `measured`; `...` is open.
        measured: the numbers of the lesson, one a column.
    """
    rows, marks = [], ""
    answers = answers if isinstance(answers, dict) else {}
    for row in dict.fromkeys([*STATEMENTS, *measured, *answers]):
        if row not in STATEMENTS and row not in measured:
            rows.append([f"**{row}**", "✗ there is no such row", ""])
            continue
        entries = answers.get(row, (..., ...))
        if not isinstance(entries, tuple | list) or len(entries) != 2:
            said = ["✗ two entries are wanted, one a column"] * 2
        elif row in measured:
            said = [_number(entry, true) for entry, true in zip(entries, measured[row], strict=True)]
        else:
            said = [_letter(entry, STATEMENTS[row], column) for entry, column in zip(entries, columns, strict=True)]
        marks += "".join(text[0] for text in said)
        rows.append([f"**{row}**", *said])
    show_table(["", *(f"`{column}`" for column in columns)], rows)
    print(f"{marks.count('✓')} of {len(marks)} entries are right, {marks.count('✗')} wrong, {marks.count('○')} open.")


def _letter(entry, said: dict[str, str], column: str) -> str:
    if entry is ... or entry is None:
        return "○ open: a letter"
    letter = str(entry).strip().lower()
    if letter not in tuple(LETTERS):
        return f"✗ a letter is wanted, one of {', '.join(LETTERS)}"
    owner = list(said)[LETTERS.index(letter)]
    return f"✓ {said[column]}" if owner == column else f"✗ {letter} is what is true of `{owner}`"


def _number(entry, true: float) -> str:
    if entry is ... or entry is None:
        return "○ open: a number"
    number = as_number(entry)
    if number is None:
        return "✗ a number is wanted"
    near = abs(number - true) <= NEAR
    return f"✓ {number:.1f}" if near else f"✗ {number:.1f}; it was measured as {true:.1f}"
