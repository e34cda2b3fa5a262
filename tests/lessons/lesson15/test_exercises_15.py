"""Lesson 15: right answers of several kinds pass, and each usual mistake gets its own hint."""

import pytest

from course_lib import check
from course_lib.lessons.lesson15 import (
    checks_from_tasks_known,
    checks_halving_known,
    checks_improvement,
    checks_portfolio,
    checks_synflow,
    checks_tau_known,
)
from course_lib.lessons.lesson15.checks import EXERCISES
from tests.exercises.exercise_cases import assert_solved, assert_told, each_mistake
from tests.lessons.lesson03.test_exercises_03 import named

KNOWN = {
    "expected_improvement": checks_improvement._MISTAKES, "portfolio": checks_portfolio._MISTAKES,
    "learned_posterior": checks_from_tasks_known.MISTAKES, "successive_halving": checks_halving_known.MISTAKES,
    "synflow": checks_synflow._MISTAKES,
}  # fmt: skip
TAU = {"tau_and_ceiling": [(lambda s, t, f=f: (f(s, t), EXERCISES["tau_and_ceiling"].solution(s, t)[1]), said)
                           for f, said in checks_tau_known.TAU_MISTAKES]
       + [(lambda s, t, f=f: (EXERCISES["tau_and_ceiling"].solution(s, t)[0], f(s, t)), said)
          for f, said in checks_tau_known.TOP_MISTAKES]}  # fmt: skip


@each_mistake(KNOWN | TAU)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):
    assert_told(EXERCISES[name], formula, message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def test_a_stub_is_not_written_yet(capsys):
    for name in EXERCISES:
        check(named(name, lambda *args: ...))
        assert "not written yet" in capsys.readouterr().out
