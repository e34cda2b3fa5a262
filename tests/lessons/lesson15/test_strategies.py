"""What strategies try, against what can be worked out by hand."""

import math

import pytest
import torch
from torch import Generator

from course_lib.lessons.lesson15.settings import UNIT
from course_lib.lessons.lesson15.strategies import (
    GUESSING,
    KERNELS,
    STRATEGIES,
    BestElsewhere,
    FromNothing,
    LearnedPrior,
    Portfolio,
    PortfolioThenProcess,
    Random,
    chosen_of,
    log_likelihood,
    lowest_unseen,
    make_all,
    regrets,
    regrets_of,
    search,
)


def drawn(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def bowls(tasks: int, seed: int = 0):
    """Smooth maps whose lowest places differ, between 0 and 0.8."""
    centres = torch.rand(tasks, 1, 2, generator=drawn(seed))
    return 0.4 * (UNIT - centres).square().sum(-1)  # [tasks, 128]


def test_no_strategy_tries_a_setting_twice():
    made = make_all(bowls(20))
    assert tuple(made) == STRATEGIES and all(strategy.name == name for name, strategy in made.items())
    for strategy in made.values():
        assert len(set(search(strategy, bowls(1, 7)[0], 20, drawn()))) == 20


def test_what_remembers_begins_with_the_best_elsewhere():
    others = bowls(20)
    first = others.mean(0).argmin().item()
    for kind in (BestElsewhere, Portfolio, PortfolioThenProcess, LearnedPrior):
        assert search(kind(others), bowls(1, 7)[0], 1) == [first]
    order = search(BestElsewhere(others), bowls(1, 7)[0], 5)
    assert others.mean(0)[order].tolist() == others.mean(0).sort().values[:5].tolist()


def test_the_likelihood_is_that_of_a_normal_distribution():
    seen = [3, 40, 77, 90]
    covariances, z = KERNELS.double()[:, seen][:, :, seen], torch.randn(4, dtype=torch.float64, generator=drawn())
    found = log_likelihood(covariances, z, 0.02)
    for kernel, got in zip(covariances, found, strict=True):
        normal = torch.distributions.MultivariateNormal(torch.zeros(4).double(), kernel + 0.02 * torch.eye(4).double())
        assert got.item() == pytest.approx(normal.log_prob(z).item() + 2 * math.log(2 * math.pi), abs=1e-9)


def test_a_process_believes_what_it_saw_and_does_not_know_what_lies_far_away():
    map_, seen = bowls(1, 3)[0], [0, 10, 60, 61, 70]
    mean, sd = FromNothing().belief(seen, map_[seen])
    assert (mean[seen] - map_[seen]).abs().max() < 0.03 and sd[seen].max() < sd[127]
    assert FromNothing().belief([4], map_[[4]]) is None and Random().belief(seen, map_[seen]) is None


def test_processes_find_the_bottom_of_a_bowl():
    new = bowls(10, 9)
    at_random = regrets(Random(), new, 10, drawn(), 5)[:, -1].mean()
    assert regrets(FromNothing(), new, 10, drawn())[:, -1].mean() < 0.3 * at_random
    assert regrets(LearnedPrior(bowls(40)), new, 5)[:, -1].mean() < 0.1 * at_random


def test_a_learned_prior_needs_one_trial_where_tasks_differ_by_one_number():
    """Other tasks are `a + b s`: what one trial gives says all of s."""
    a, b = torch.rand(128, generator=drawn(1)) / 4 + 0.25, torch.rand(128, generator=drawn(2)) / 4
    others, new = a + b * torch.linspace(-1, 1, 50)[:, None], a + 0.5 * b
    strategy = LearnedPrior(others, shrink=1e-4, noise=1e-8)
    seen = [int(b.argmax())]
    mean, _ = strategy.belief(seen, new[seen])
    assert (mean - new).abs().max() < 0.02
    unread, _ = strategy.belief([], new[[]])
    assert torch.allclose(unread, others.mean(0))


def test_losses_above_guessing_are_all_alike():
    others, new = bowls(20), bowls(1, 7)[0]
    high = torch.where(others > 0.5, 2.0, others)
    low = torch.where(others > 0.5, GUESSING, others)
    assert search(LearnedPrior(high), new, 5) == search(LearnedPrior(low), new, 5)
    assert search(Portfolio(high), new, 5) == search(Portfolio(low), new, 5)
    assert not torch.allclose(LearnedPrior(high, highest=2.0).mean, LearnedPrior(low).mean)


def test_regrets_by_hand():
    losses = torch.tensor([[0.5, 0.25, 1.0], [2.0, 0.5, 0.0]])
    tried = torch.tensor([[[2, 0, 1], [1, 0, 2]], [[0, 1, 2], [0, 1, 1]]])  # [tasks, repeats, trials]
    assert regrets_of(tried, losses).tolist() == [[0.375, 0.125, 0.0], [2.0, 0.5, 0.25]]
    assert chosen_of(tried, losses).tolist() == [[1, 1], [2, 1]]
    assert lowest_unseen(torch.tensor([0.0, 1.0, 2.0]), [0]) == 1
