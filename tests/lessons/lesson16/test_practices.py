"""The evidence for five pieces of advice: intervals by hand; each has something for it, and a limit."""

import math

import pytest
import torch

from course_lib.lessons.lesson01.transfer import ten_trainings
from course_lib.lessons.lesson05 import repeated
from course_lib.lessons.lesson16.practices import ADVICE, STUDENT, Evidence, evidence


@pytest.fixture(scope="module")
def found():
    return evidence()


def test_the_interval_is_student_s():
    row = Evidence("00", "a - b", "points", torch.tensor([1.0, 2.0, 6.0], dtype=torch.float64), True)
    assert row.mean == 3 and math.isclose(row.half, 4.30 * math.sqrt(7) / math.sqrt(3))  # variance (4 + 1 + 9) / 2 = 7
    assert not row.seen
    assert Evidence("00", "a - b", "points", torch.tensor([2.9, 3.0, 3.1], dtype=torch.float64), True).seen


def test_student_s_numbers_hold_95_percent():
    """By the distribution itself: the integral of its density between -t and t."""
    for n, t in STUDENT.items():
        degrees = n - 1
        at = torch.linspace(-t, t, 20_001, dtype=torch.float64)
        constant = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
        density = constant * (1 + at**2 / degrees) ** (-(degrees + 1) / 2)
        assert abs(torch.trapezoid(density, at).item() - 0.95) < 5e-4


def test_each_advice_is_supported_and_limited_by_three_trainings_or_more(found):
    assert list(found) == list(ADVICE)
    for rows in found.values():
        assert {row.speaks_for for row in rows} == {True, False}
        assert all(len(row.differences) in STUDENT and row.differences.isfinite().all() for row in rows)


def test_differences_are_those_of_the_tables(found):
    table = ten_trainings()["unseen"]
    by_hand = [d - a for d, a in zip(table["D"], table["A"], strict=True)]
    assert torch.allclose(found["vary the tasks"][0].differences, torch.tensor(by_hand, dtype=torch.float64))
    rows = repeated.read()
    by_hand = [rows["first order", 300, seed].errors["after 5"] - rows["MAML", 300, seed].errors["after 5"]
               for seed in repeated.SEEDS]  # fmt: skip
    assert found["scale with first order"][2].differences.tolist() == by_hand
