"""Answers by people who had not read the checks: right ones pass, wrong ones are refused, each with its hint.

There are thousands, and `make test` tries every fifth (tests/conftest.py). After a change of a check:
`python tools/blind_answers.py` on the answers to its lesson.
"""

import functools
from pathlib import Path

import pytest
import torch._dynamo  # noqa: F401  (the first optimiser of a process imports it, for longer than an answer may run here)

from course_lib.exercises import engine
from tools.blind_answers import BROKEN, MISLEADING, faults, lesson_names, read_answers, said, table

FILES = sorted(Path(__file__).parent.glob("lesson*/answers_*.py"))
ANSWERS = [answer for file in FILES for answer in read_answers(file)]


@pytest.mark.parametrize("answer", ANSWERS, ids=[str(a) for a in ANSWERS])
def test_a_blind_answer_gets_what_it_deserves(answer, monkeypatch):
    monkeypatch.setattr(engine, "Guard", functools.partial(engine.Guard, call_seconds=1.5))  # some never end
    accepted, printed = said(answer, lesson_names())
    assert not faults(answer, accepted, printed)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_each_exercise_has_ten_wrong_and_four_right_answers(file):
    answers = read_answers(file)
    for name in {answer.exercise for answer in answers}:
        rights = [answer.right for answer in answers if answer.exercise == name]
        assert rights.count(False) >= 10 and rights.count(True) >= 4, name


def an_answer(tmp_path, head, code):
    file = tmp_path / "answers.py"
    file.write_text(f"# %% {head}\n{code}\n", encoding="utf-8")
    return read_answers(file)[0]


SOFTMIN = "def probabilities(distances):\n    return (-distances).softmax(-1)"


@pytest.mark.parametrize(
    ("head", "code", "fault"),
    [
        ("probabilities | right | short", SOFTMIN, ""),
        ("probabilities | wrong | no fault at all", SOFTMIN, "was accepted"),
        ("probabilities | right | sign", SOFTMIN.replace("-d", "d"), "was refused"),
        ("probabilities | wrong | sign | mind the sign", SOFTMIN.replace("-d", "d"), ""),
        ("probabilities | wrong | sign | other words", SOFTMIN.replace("-d", "d"), "lacks 'other words'"),
        (f"probabilities | wrong | sign | {MISLEADING}", SOFTMIN.replace("-d", "d"), ""),
        ("probabilities | wrong | does not run", "def probabilities(", ""),
    ],
)
def test_the_tool_says_what_is_wrong_with_a_verdict(tmp_path, head, code, fault):
    answer = an_answer(tmp_path, head, code)
    found = faults(answer, *said(answer, lesson_names()))
    assert fault in found and bool(fault) == bool(found)


def test_the_table_counts(tmp_path):
    one = an_answer(tmp_path, "mean | wrong | a | words", "")
    two = an_answer(tmp_path, f"mean | wrong | b | {MISLEADING}", "")
    three = an_answer(tmp_path, "mean | right | c", "")
    assert table([(one, False), (two, True), (three, True)]).splitlines()[2] == "| mean | 2 | 1 | 1 | 1 | 1 | 1 |"


def test_a_cell_without_a_head_is_named(tmp_path):
    with pytest.raises(ValueError, match="answers.py, line 1, is not of the form"):
        an_answer(tmp_path, "mean | perhaps | a", "")


def test_an_answer_that_defines_nothing_is_told_apart(tmp_path):
    assert said(an_answer(tmp_path, "mean | wrong | empty", "x = 1"), {}) == (False, f"{BROKEN} it defines no mean")
