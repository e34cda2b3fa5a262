"""Lesson 08's check of an interval over trainings: each mistake gets its own hint (more are in `answers_08.py`)."""

import pytest
import torch

from course_lib.lessons.lesson08 import reruns
from course_lib.lessons.lesson08.checks import EXERCISES
from course_lib.lessons.lesson08.reruns import over_trainings
from course_lib.statistics import unpaired_difference
from tests.exercises.exercise_cases import assert_refused


def error(a, b):
    return (a.var() / len(a) + b.var() / len(b)).sqrt()


def of_means(half):
    def answer(first, second, factor):
        a, b = first.mean(1), second.mean(1)
        return (a.mean() - b.mean()).item(), float(half(a, b, factor))

    return answer


def by_number(first, second, factor):
    gap = first.mean(1) - second.mean(1)
    return gap.mean().item(), factor * gap.std().item() / len(gap) ** 0.5


WRONG = [
    (by_number, "it pairs training i"),
    (of_means(lambda a, b, k: error(a, b)), "Multiply by factor"),
    (of_means(lambda a, b, k: 2.26 * error(a, b)), "2.26 standard errors to each side, whatever"),
    (of_means(lambda a, b, k: 2 * k * error(a, b)), "the whole width"),
    (of_means(lambda a, b, k: k * ((a.var() + b.var()) / min(len(a), len(b))).sqrt()), "the smaller number"),
    (of_means(lambda a, b, k: k * b.std() / len(b) ** 0.5), "of `second` alone"),
    (of_means(lambda a, b, k: k * torch.cat([a, b]).std() / (len(a) + len(b)) ** 0.5), "into one pot"),
    (lambda f, s, k: over_trainings(f, s, k)[0], "two numbers"),
    (lambda f, s, k: (over_trainings(f, s, k)[0], f), "two numbers"),
    (lambda f, s, k: over_trainings(f.mul_(1.0).add_(1), s, k), "in place"),
]


@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(answer, words, capsys):
    def mine(first, second, factor):
        return answer(first, second, factor)

    mine.__name__ = "over_trainings"
    assert_refused(EXERCISES["over_trainings"], mine, words, capsys)


def test_it_is_the_unpaired_interval_of_the_trainings():
    again = reruns.read()
    a, b = again["prototypical"], again["relation"][:4]
    gap, half = over_trainings(a, b, 1.96)
    assert torch.allclose(torch.tensor((gap, half)), torch.tensor(unpaired_difference(a.mean(1), b.mean(1))))
    assert over_trainings(a, b, 3.92)[1] == pytest.approx(2 * half)
