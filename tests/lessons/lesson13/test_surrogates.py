"""Surrogates on trees: values by a recursion, derivatives by finite differences, and which of them are biased."""

import pytest
import torch
from torch.testing import assert_close

from course_lib.lessons.lesson13.surrogates import SURROGATES, Tree, bias, dice, lvc, score_surrogate, study


def tree_and_policy(horizon, seed=0):
    generator = torch.Generator().manual_seed(seed)
    tree = Tree(horizon, generator)
    return tree, torch.randn(tree.states, 2, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_the_value_is_that_of_a_recursion(horizon):
    tree, policy = tree_and_policy(horizon)

    def value(state, left):
        if not left:
            return 0.0
        chance = policy[state].softmax(0)
        below = [value(2 * state + 1 + action, left - 1) for action in (0, 1)]
        return sum(chance[a].item() * (tree.rewards[state, a].item() + below[a]) for a in (0, 1))

    assert tree.value(policy).item() == pytest.approx(value(0, horizon), abs=1e-12)
    assert len(tree.rewards_of) == 2**horizon and tree.probabilities(policy).sum().item() == pytest.approx(1)
    assert len({tuple(t) for t in tree.actions_of.tolist()}) == 2**horizon


def test_what_the_surrogates_are_worth():
    """Held fast they are the sum of rewards to go, of which DiCE's is the return."""
    logs, rewards = torch.randn(4, 3).double(), torch.tensor([[1.0, 2.0, 4.0]]).double().expand(4, 3)
    assert dice(logs, rewards).tolist() == [7] * 4 and lvc(logs, rewards).tolist() == [7 + 6 + 4] * 4
    assert_close(score_surrogate(logs, rewards), logs @ torch.tensor([7.0, 6.0, 4.0]).double())


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_dice_has_the_derivatives_of_the_expected_return(horizon):
    """First and second, as central differences of the exact value, from sums over all trajectories."""
    tree, policy = tree_and_policy(horizon)
    chances = tree.probabilities(policy)

    def expected(scores):
        return (chances * dice(tree.log_probabilities(scores.view_as(policy)), tree.rewards_of)).sum()

    at, e = policy.flatten(), 1e-4 * torch.eye(policy.numel(), dtype=torch.float64)
    value = lambda scores: tree.value(scores.view_as(policy))  # noqa: E731
    first = torch.stack([(value(at + d) - value(at - d)) / 2e-4 for d in e])
    assert_close(torch.autograd.functional.jacobian(expected, at), first, atol=1e-7, rtol=0)
    second = torch.stack([torch.stack([(value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b))
                                       / 4e-8 for b in e]) for a in e])  # fmt: skip
    assert_close(torch.autograd.functional.hessian(expected, at), second, atol=1e-6, rtol=0)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_which_derivatives_are_biased(horizon):
    for seed in range(3):
        found = bias(*tree_and_policy(horizon, seed))
        assert all(one.gradient < 1e-12 for one in found.values())
        assert found["DiCE"].hessian < 1e-12 and found["DiCE"].meta_gradient < 1e-12
        assert (found["LVC"].hessian < 1e-12) == (horizon == 1) and found["score"].hessian > 0.1
        assert all(one.spread > 0.1 for one in found.values())
    assert found.keys() == SURROGATES.keys()


def test_the_study_is_a_mean_over_trees():
    one, two = study(1, 1), study(1, 2)
    generator = torch.Generator().manual_seed(1)
    tree = Tree(1, generator)
    other = bias(tree, 0.5 * torch.randn(1, 2, generator=generator, dtype=torch.float64))
    for name in SURROGATES:
        assert two[name].hessian == pytest.approx((one[name].hessian + other[name].hessian) / 2)
