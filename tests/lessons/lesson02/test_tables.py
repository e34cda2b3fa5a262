"""The tables that the learner fills in: what is right, wrong, open and odd."""

import numpy as np
import pytest
import torch

from course_lib.lessons.lesson02 import tables

RIGHT = {row: tuple(tables.LETTERS[list(said).index(c)] for c in ("transfer", "meta"))
         for row, said in tables.STATEMENTS.items()}  # fmt: skip
MEASURED = {"accuracy, %": (90.13, 92.4)}


@pytest.fixture
def fill(monkeypatch, capsys):
    def filled(answers, columns=("transfer", "meta"), measured=MEASURED):
        shown = {}
        monkeypatch.setattr(tables, "show_table", lambda _, rows: shown.update({row[0][2:-2]: row for row in rows}))
        tables.fill_in(columns, answers, measured)
        return shown, capsys.readouterr().out.strip()

    return filled


def test_each_row_has_one_statement_a_column_and_the_letters_do_not_give_it_away():
    assert all(set(said) == {"transfer", "multi-task", "meta"} for said in tables.STATEMENTS.values())
    for column in ("transfer", "multi-task", "meta"):
        assert len({list(said).index(column) for said in tables.STATEMENTS.values()}) > 1


def test_all_right(fill):
    shown, count = fill({**RIGHT, "accuracy, %": (90, 92.4)})
    assert count == "12 of 12 entries are right, 0 wrong, 0 open."
    assert shown["number of tasks"][1:] == ["✓ one large one", "✓ many small ones, to practise on"]
    assert shown["accuracy, %"][1:] == ["✓ 90.0", "✓ 92.4"]


def test_multi_task_and_meta(fill):
    right = {row: tuple(tables.LETTERS[list(said).index(c)] for c in ("multi-task", "meta"))
             for row, said in tables.STATEMENTS.items()}  # fmt: skip
    assert fill(right, ("multi-task", "meta"), {})[1] == "10 of 10 entries are right, 0 wrong, 0 open."


def test_a_wrong_entry_says_of_whom_it_is_true_and_what_was_measured(fill):
    letters = RIGHT | {"objective": RIGHT["objective"][::-1]}
    shown, count = fill({**letters, "accuracy, %": (92.4, 92.4)})
    assert shown["objective"][1] == f"✗ {RIGHT['objective'][1]} is what is true of `meta`"
    assert shown["accuracy, %"][1] == "✗ 92.4; it was measured as 90.1"
    assert count == "9 of 12 entries are right, 3 wrong, 0 open."


@pytest.mark.parametrize("answers", [{}, None, "a", {row: (..., ...) for row in [*RIGHT, *MEASURED]}])
def test_what_is_not_filled_in_is_open_and_gives_nothing_away(fill, answers):
    shown, count = fill(answers)
    assert count == "0 of 12 entries are right, 0 wrong, 12 open."
    assert all(entry.startswith("○ open") for row in shown.values() for entry in row[1:])


@pytest.mark.parametrize("near", [90, 90.1, 90.13, np.float32(90.5), torch.tensor(90.1)])
def test_numbers_of_any_type_may_be_rounded(fill, near):
    assert fill({"accuracy, %": (near, ...)})[0]["accuracy, %"][1].startswith("✓")


def test_odd_entries_get_a_sentence(fill):
    odd = {"objective": ("d", 3), "data needed": "a", "accuracy, %": ("b", 9.1), "speed": ("a", "b")}
    shown, count = fill(odd)
    assert shown["objective"][1:] == ["✗ a letter is wanted, one of a, b, c"] * 2
    assert shown["data needed"][1] == "✗ two entries are wanted, one a column"
    assert shown["accuracy, %"][1:] == ["✗ a number is wanted", "✗ 9.1; it was measured as 92.4"]
    assert shown["speed"][1] == "✗ there is no such row"
    assert count == "0 of 12 entries are right, 6 wrong, 6 open."


def test_the_choices_are_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(tables, "show_table", lambda header, rows: shown.extend([header, *rows]))
    tables.show_choices()
    assert shown[0] == ["row", "a", "b", "c"] and len(shown) == 1 + len(tables.STATEMENTS)
