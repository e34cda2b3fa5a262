"""The stored trainings of lesson 08: whole, made as the command makes them, and counted rightly."""

import json

import pytest
import torch

from course_lib.lessons.lesson08 import reruns
from course_lib.statistics import paired_difference


@pytest.fixture(scope="module")
def stored():
    return reruns.read()


def test_the_table_holds_ten_trainings_of_each_recipe(stored):
    assert set(stored) == set(reruns.RECIPES)
    assert all(found.shape == (len(reruns.SEEDS), reruns.TESTED) for found in stored.values())
    command = json.loads(reruns.TABLE.read_text(encoding="utf-8"))["command"]
    assert command.endswith("python -m course_lib.lessons.lesson08.reruns")


@pytest.mark.parametrize("name", ["prototypical", pytest.param("relation", marks=pytest.mark.slow)])
def test_a_training_comes_out_again(name, stored):
    """Another processor rounds otherwise, and a short training is sensitive: within some points of what is stored."""
    again = torch.tensor(reruns.right_answers(reruns.train(name, 0), 60)) / 50
    assert abs(again.mean() - stored[name][0][:60].mean()) < 0.04


def test_verdicts_are_those_of_the_paired_interval(stored):
    first, second, neither = reruns.verdicts(reruns.each_two(stored["prototypical"]))
    assert first + second + neither == 45
    one, other = stored["prototypical"][:2]
    gap, half = paired_difference(one, other)
    assert reruns.verdicts([(one, other)]) == (int(gap > half), int(-gap > half), int(abs(gap) <= half))
    assert reruns.verdicts([(one + 0.5, one)]) == (1, 0, 0)  # ahead by the same in all tasks
    assert reruns.verdicts([(one, one + 0.5)]) == (0, 1, 0) and reruns.verdicts([(one, one)]) == (0, 0, 1)
