"""The greedy portfolio, step by step, beside all sets of settings."""

from itertools import combinations

import torch

from course_lib.lessons.lesson15.portfolio import portfolio


def value(losses, chosen):
    """The mean over tasks of the lowest loss among these settings."""
    return losses[:, list(chosen)].amin(1).mean().item()


def test_each_step_is_the_best_step():
    losses = torch.rand(9, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = portfolio(losses, 5)
    for k in range(5):
        others = [value(losses, [*found[:k], i]) for i in range(8) if i not in found[:k]]
        assert value(losses, found[: k + 1]) == min(others)


def test_greedy_reaches_nearly_what_all_sets_reach():
    """At least 1 - (1 - 1/k)^k of the gain over the first, since gains can only shrink: Nemhauser et al. 1978."""
    for seed in range(20):
        losses = torch.rand(6, 9, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        found, first = portfolio(losses, 4), portfolio(losses, 1)
        start = value(losses, first)
        best = min(value(losses, [*first, *rest]) for rest in combinations(range(9), 3))
        assert start - value(losses, found) >= (1 - (2 / 3) ** 3) * (start - best) - 1e-12


def test_no_setting_twice_and_ties_go_to_the_lowest():
    losses = torch.tensor([[3.0, 1.0, 1.0, 2.0], [3.0, 1.0, 1.0, 2.0]])
    assert portfolio(losses, 4) == [1, 0, 2, 3]


def test_the_second_is_not_the_second_best_on_average():
    losses = torch.tensor([[0.1, 0.2, 0.9], [0.1, 0.2, 0.9], [0.9, 0.8, 0.1]])
    assert portfolio(losses, 2) == [0, 2] and losses.mean(0).argsort()[1] == 1
