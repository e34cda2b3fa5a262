"""What intervals cover, and how many tasks they need."""

import math

import pytest
import torch

from course_lib.evaluation import ci95
from course_lib.intervals import ci95_of_queries, coverage, tasks_needed


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
