"""What the quizzes of lesson 15 say is true."""

import torch

from course_lib.lessons.lesson15.halving import successive_halving
from course_lib.lessons.lesson15.improvement import expected_improvement
from course_lib.lessons.lesson15.kendall import ceiling
from course_lib.lessons.lesson15.portfolio import portfolio
from course_lib.lessons.lesson15.posterior import prior_from_tasks
from course_lib.lessons.lesson15.quizzes import QUIZZES


def test_the_second_best_fails_with_the_first():
    losses = torch.tensor([[0.1, 0.2, 0.9], [0.1, 0.2, 0.9], [0.9, 0.95, 0.1]])
    assert losses.mean(0).argsort().tolist() == [0, 1, 2] and portfolio(losses, 2) == [0, 2]
    assert QUIZZES["the best second trial"].right.startswith("the one that lowers")


def test_five_tasks_span_four_directions():
    losses = torch.randn(5, 128, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert torch.linalg.matrix_rank(prior_from_tasks(losses, torch.eye(128), 0.0)[1]) == 4
    assert "4 directions" in QUIZZES["five tasks"].right


def test_the_wider_one_gains_more():
    narrow, wide = expected_improvement(torch.tensor([0.45, 0.45]), torch.tensor([0.1, 0.3]), 0.4)
    assert wide > 2 * narrow
    assert QUIZZES["a wide bell"].right == "the one with 0.3"


def test_eighty_one_settings_cost_less_than_four_trainings():
    price = successive_halving(lambda some, steps: torch.tensor(some).float(), range(81), (1, 3, 9, 27, 81))[1]
    assert price == 297 and round(price / 81, 1) == 3.7
    assert QUIZZES["eighty-one"].right == "fewer than 4"


def test_who_knows_the_worth():
    assert round(ceiling(0.5), 2) == 0.64 and round(ceiling(0.5, 3), 2) == 0.77
    assert QUIZZES["luck of one and of two"].right == "about 0.77"
