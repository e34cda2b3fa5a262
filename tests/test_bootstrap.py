"""The paired bootstrap: what its intervals hold, and that pairing is what makes them narrow."""

import math

import pytest
import torch

from course_lib.bootstrap import paired_bootstrap
from course_lib.evaluation import paired_difference, unpaired_difference


def scores(n: int, generator, shared: float = 0.1, own: float = 0.02, gap: float = 0.03):
    """Scores of two learners, the first of which is better by `gap` on average."""
    ease, first, second = torch.randn(3, n, generator=generator, dtype=torch.float64)
    return 0.7 + gap + shared * ease + own * first, 0.7 + shared * ease + own * second


def test_it_agrees_with_the_formula_and_is_narrower_than_unpaired():
    first, second = scores(400, torch.Generator().manual_seed(0))
    low, high = paired_bootstrap(first, second, 4000, torch.Generator().manual_seed(1))
    mean, half = paired_difference(first, second)
    assert math.isclose((low + high) / 2, mean, abs_tol=0.1 * half) and math.isclose(high - low, 2 * half, rel_tol=0.06)
    assert high - low < 0.5 * 2 * unpaired_difference(first, second)[1]


def test_its_intervals_hold_the_truth_in_95_of_100_tests():
    generator = torch.Generator().manual_seed(2)
    intervals = [paired_bootstrap(*scores(60, generator), 400, generator) for _ in range(400)]
    held = sum(low <= 0.03 <= high for low, high in intervals) / 400
    assert 0.92 <= held <= 0.975


def test_the_generator_decides_and_the_ends_are_drawn_means():
    first, second = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 0.0])
    low, high = paired_bootstrap(first, second, 2000, torch.Generator().manual_seed(0))
    assert (low, high) == (0.0, 1.0)  # means of two tasks are 0, 1/2 or 1, each end with probability 1/4
    draws = [paired_bootstrap(*scores(30, torch.Generator().manual_seed(3)), 50, torch.Generator().manual_seed(s))
             for s in (0, 0, 1)]  # fmt: skip
    assert draws[0] == draws[1] != draws[2]


def test_learners_on_different_numbers_of_tasks_are_refused():
    with pytest.raises(ValueError, match="the same tasks, but there are 3 and 4"):
        paired_bootstrap(torch.rand(3), torch.rand(4))
