"""Exact values of strategies against closed forms, a search over every policy, integrals, and simulated bandits."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch

from course_lib.lessons.lesson13.optimal_pulls import (
    bayes_optimal,
    best_value,
    exact_value,
    given_away,
    greedy,
    thompson,
    uniform,
    values_of_next,
)


def searched(state, left, safe):
    """The best expected reward by looking at everything, in fractions; no state is put in order or remembered."""
    if not left:
        return Fraction(0)
    values = [] if safe is None else [safe + searched(state, left - 1, safe)]
    for arm, (wins, losses) in enumerate(state):
        chance = Fraction(wins + 1, wins + losses + 2)
        won, lost = (
            tuple(pair if i == arm else old for i, old in enumerate(state))
            for pair in ((wins + 1, losses), (wins, losses + 1))
        )
        values.append(chance * (1 + searched(won, left - 1, safe)) + (1 - chance) * searched(lost, left - 1, safe))
    return max(values)


@pytest.mark.parametrize("arms, pulls, safe", [(2, 1, None), (2, 5, None), (3, 4, None), (3, 4, Fraction(3, 5))])
def test_the_optimum_is_that_of_a_search_over_everything(arms, pulls, safe):
    start = ((0, 0),) * (arms - (safe is not None))
    found = bayes_optimal(arms, pulls, None if safe is None else float(safe))
    assert found == pytest.approx(float(searched(start, pulls, safe)), abs=1e-12)


def test_two_pulls_by_hand():
    """One half; then a winner has two thirds, and after a loss another arm has one half again."""
    assert bayes_optimal(2, 2) == pytest.approx(1 / 2 + (1 / 2) * (2 / 3) + (1 / 2) * (1 / 2))
    assert bayes_optimal(2, 10) == pytest.approx(6.0218, abs=5e-5)


def test_the_value_of_a_pull_is_in_the_order_of_the_arms():
    state = ((0, 3), (2, 0), (1, 1))
    values = values_of_next(state, 4)
    assert values_of_next(state[::-1], 4) == values[::-1] and values.index(max(values)) == 1
    assert max(values) == best_value(tuple(sorted(state)), 4)
    assert values_of_next(state, 1) == pytest.approx([1 / 5, 3 / 4, 1 / 2])  # the last pull: what is expected of it
    assert values_of_next(state, 1, 0.6)[0] == 0.6


@pytest.mark.parametrize("safe", [None, 0.6])
def test_no_strategy_is_better_and_a_worse_one_is_known(safe):
    best = bayes_optimal(3, 6, safe)
    values = [exact_value(strategy, 3, 6, safe) for strategy in (greedy, thompson, uniform)]
    assert all(value < best for value in values)
    assert values[2] == pytest.approx(6 * 0.5 if safe is None else 6 * (0.6 + 1) / 3)
    if safe:
        assert values[0] == pytest.approx(6 * safe)  # greedy never tries an arm of which one half is expected

    def optimal(state, safe):
        values = values_of_next(state, 6 - sum(map(sum, state)), safe)
        return [float(i == values.index(max(values))) for i in range(len(values))]

    if safe is None:  # with a safe arm the state does not tell how many pulls are left
        assert exact_value(optimal, 3, 6) == pytest.approx(best, abs=1e-12)


def test_thompsons_probabilities_are_those_of_draws():
    state, draws = ((2, 0), (0, 0), (3, 4)), np.random.default_rng(0)
    chances = np.stack([draws.beta(wins + 1, losses + 1, 400_000) for wins, losses in state])
    assert thompson(state) == pytest.approx(np.bincount(chances.argmax(0)) / 400_000, abs=0.004)
    with_safe = np.concatenate([np.full((1, 400_000), 0.7), chances])
    assert thompson(state, 0.7) == pytest.approx(np.bincount(with_safe.argmax(0)) / 400_000, abs=0.004)
    assert sum(thompson(state)) == pytest.approx(1, abs=1e-12) == sum(thompson(state, 0.7))


@pytest.mark.parametrize("safe", [None, 0.45])
@pytest.mark.parametrize("strategy", [greedy, thompson])
def test_exact_values_are_those_of_simulated_bandits(strategy, safe):
    rng, choose = np.random.default_rng(1), cache(strategy)
    total, games, pulls = 0.0, 4000, 5
    for _ in range(games):
        chances, state = rng.random(2), [(0, 0), (0, 0)]
        for _ in range(pulls):
            p = np.array(choose(tuple(state), safe))
            arm = rng.choice(len(p), p=p / p.sum()) - (safe is not None)
            if arm < 0:
                total += safe
                continue
            won = rng.random() < chances[arm]
            total += won
            state[arm] = (state[arm][0] + won, state[arm][1] + 1 - won)
    exact = exact_value(strategy, 2 + (safe is not None), pulls, safe)
    assert total / games == pytest.approx(exact, abs=4 * 1.5 / games**0.5)


@pytest.mark.parametrize("bad", [{"arms": 1, "pulls": 3}, {"arms": 2, "pulls": 0}, {"arms": 2, "pulls": 3, "safe": 2}])
def test_bad_arguments_get_a_sentence(bad):
    with pytest.raises(ValueError, match="must be"):
        bayes_optimal(**bad)


def test_greedy_takes_the_highest_mean_and_shares_a_tie():
    assert greedy(((1, 1), (0, 0), (0, 1))) == [0.5, 0.5, 0] and greedy(((5, 4), (4, 4)), 0.53) == [0, 1, 0]
    assert greedy(((1, 1), (0, 0)), 0.51) == [1, 0, 0] and uniform(((0, 0),), 0.5) == [0.5, 0.5]


@pytest.mark.parametrize("safe", [None, 0.6])
def test_what_uniform_pulls_give_away_is_what_they_earn_less(safe):
    n, arms, pulls = 4000, 3, 5
    generator = torch.Generator().manual_seed(0)
    chances = torch.rand(n, arms, generator=generator)
    if safe:
        chances[:, 0] = safe
    actions = torch.randint(arms, (n, pulls), generator=generator)
    chance = chances.gather(1, actions)
    rewards = (torch.rand(n, pulls, generator=generator) < chance).float()
    rewards = torch.where((actions == 0) & bool(safe), chance, rewards)
    lost = given_away(actions, rewards, arms, safe)
    assert (lost >= 0).all()
    exact = bayes_optimal(arms, pulls, safe) - exact_value(uniform, arms, pulls, safe)
    total = lost.sum(1)
    assert total.mean().item() == pytest.approx(exact, abs=4 * total.std().item() / n**0.5)
    assert total.std() < 0.6 * rewards.sum(1).std()
    assert given_away(torch.tensor([[1, 1]]), torch.tensor([[1.0, 1.0]]), 3).tolist() == [[0, 0]]
