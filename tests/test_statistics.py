"""What intervals cover and how many tasks they need; the paired bootstrap, and that pairing makes it narrow."""

import math

import pytest
import torch

from course_lib.statistics import (
    ci95,
    ci95_of_queries,
    coverage,
    paired_bootstrap,
    paired_difference,
    tasks_needed,
    unpaired_difference,
)  # fmt: skip


def test_so_many_tasks_make_the_interval_that_narrow_and_one_less_does_not():
    scores = torch.rand(50, generator=torch.Generator().manual_seed(0))
    n = tasks_needed(scores, 0.011)
    half = 1.96 * scores.double().std().item()
    assert half / math.sqrt(n) <= 0.011 < half / math.sqrt(n - 1)
    assert tasks_needed(scores, 0.0055) == pytest.approx(4 * n, abs=4)
    assert tasks_needed(torch.ones(5), 0.01) == 2
    with pytest.raises(ValueError, match="half must be above 0"):
        tasks_needed(scores, 0)


def two_kinds_of_tasks() -> torch.Tensor:
    """Accuracies of 600 tasks with 75 queries, half of them hard."""
    generator = torch.Generator().manual_seed(1)
    chance = torch.tensor([0.95, 0.75]).repeat(300)
    return torch.binomial(torch.full((600,), 75.0), chance, generator=generator) / 75


def test_counting_queries_covers_too_little_where_tasks_differ():
    scores = two_kinds_of_tasks()
    by_tasks, by_queries = (coverage(scores, 60, half, 600, torch.Generator().manual_seed(2))
                            for half in (ci95, lambda s: ci95_of_queries(s, 75)))  # fmt: skip
    assert 0.92 <= by_tasks <= 0.975 and by_queries < 0.7


def test_where_tasks_do_not_differ_the_two_intervals_agree():
    chance, generator = torch.full((5000,), 0.8), torch.Generator().manual_seed(3)
    scores = torch.binomial(torch.full((5000,), 75.0), chance, generator=generator) / 75
    assert ci95_of_queries(scores, 75) == pytest.approx(ci95(scores), rel=0.03)


def test_few_tasks_cover_too_little():
    scores = two_kinds_of_tasks()
    assert coverage(scores, 4, ci95, 600, torch.Generator().manual_seed(4)) < 0.92


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
