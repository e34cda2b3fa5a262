"""Lesson 10's checks, beyond the blind answers: known mistakes are told, every style of a right answer passes."""

import pytest

from course_lib.lessons.lesson10 import (
    checks_counting,
    checks_exact,
    checks_padding,
    checks_prior,
    checks_together,
    wrong_copies,
)
from course_lib.lessons.lesson10.checks import EXERCISES
from tests.exercises.exercise_cases import assert_solved, assert_told, each_mistake

KNOWN = {
    "masked_mean": checks_padding._MISTAKES, "words_of_one_language": wrong_copies.MISTAKES,
    "naive_bayes": checks_counting._MISTAKES, "learned_prior": checks_prior._MISTAKES,
    "markov_scores": checks_exact._MISTAKES, "together": checks_together._MISTAKES,
}  # fmt: skip


@each_mistake(KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):
    assert_told(EXERCISES[name], formula, message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
