"""Lesson 11's checks, beyond the blind answers: known mistakes are told, and the solutions pass."""

import pytest
import torch

from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson11 import (
    checks_alarms,
    checks_cue,
    checks_personal,
    checks_persons,
    checks_prevalence,
    checks_seconds,
    wrong_splits,
)
from course_lib.lessons.lesson11.checks import EXERCISES
from course_lib.lessons.lesson11.persons import over_people
from course_lib.lessons.lesson11.splitting import split_by_person
from tests.exercises.exercise_cases import assert_solved


def with_places(formula):
    return lambda *args: (*formula(*args), split_by_person(*args)[2])


def with_scaled(formula):
    return lambda *args: (*split_by_person(*args)[:2], formula(*args))


def with_mean(formula):
    return lambda *args, **more: (formula(*args, **more), over_people(*args, **more)[1])


def with_half(formula):
    return lambda *args, **more: (over_people(*args, **more)[0], formula(*args, **more))


def as_it_is(formula):
    def answer(*args):
        found = formula(*args)
        return torch.zeros(found) if isinstance(found, torch.Size) else found

    return answer


KNOWN = [
    ("split_by_person", wrong_splits.SPLITS, with_places), ("split_by_person", wrong_splits.SCALES, with_scaled),
    ("calibration_windows", checks_seconds._MISTAKES, as_it_is), ("over_people", checks_persons._MEANS, with_mean),
    ("over_people", checks_persons._HALVES, with_half), ("personal_prototypes", checks_personal._MISTAKES, as_it_is),
    ("precision_recall", checks_alarms._ALARMS, as_it_is), ("with_prior", checks_prevalence._MISTAKES, as_it_is),
    ("counterfactual_test", checks_cue._MISTAKES + checks_cue._other_seeds(), as_it_is),
]  # fmt: skip
CASES = [
    pytest.param(name, whole(formula), message, id=f"{name}-{i}")
    for name, mistakes, whole in KNOWN
    for i, (formula, message) in enumerate(mistakes)
]


@pytest.mark.parametrize(("name", "answer", "message"), CASES)
def test_a_known_mistake_is_told_in_its_own_words(name, answer, message):
    assert verdict(EXERCISES[name], answer) == ("hint", message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
