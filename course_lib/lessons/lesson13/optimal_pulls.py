"""The best that can be done with a bandit whose arms are not known, exactly; and what other strategies earn there.

An arm pays 1 with a chance of its own and 0 otherwise; before it is pulled every chance from 0 to 1 is equally likely.
All that counts of an arm is how often it paid (wins) and how often not (losses). A *state* is a tuple of such pairs,
one for each unknown arm. With `safe` there is one arm more, the first, which is known to pay `safe` every time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import comb

import numpy as np
import torch
from torch import Tensor

from course_lib.arguments import check_number, check_whole

State = tuple[tuple[int, int], ...]
Strategy = Callable[[State, float | None], list[float]]


def bayes_optimal(arms: int, pulls: int, safe: float | None = None) -> float:
    """The expected total reward of the best strategy that there is, by dynamic programming.

    Args:
        arms: how many, the safe one among them.
        pulls: how many pulls there are. The number of states grows fast: 3,519 for 5 arms and 10 pulls.
        safe: what the first arm pays every time, from 0 to 1; `None`: no arm is known.

    Source: dynamic programming over what is known, as in Bellman 1956, A problem in the sequential design of
        experiments, Sankhya 16 (second-hand). Gittins' index is best for rewards that are discounted without end, not
        for a number of pulls.
    """
    return best_value(_nothing_known(arms, pulls, safe), pulls, safe)


def _nothing_known(arms: int, pulls: int, safe: float | None) -> State:
    check_whole(2, arms=arms)
    check_whole(pulls=pulls)
    if safe is not None:
        check_number(0, 1, safe=safe)
    return ((0, 0),) * (arms - (safe is not None))


@cache
def best_value(state: State, left: int, safe: float | None = None) -> float:
    """What the best strategy earns from a state (its pairs in any order) with `left` pulls to come."""
    return max(values_of_next(state, left, safe)) if left else 0.0


def values_of_next(state: State, left: int, safe: float | None = None) -> list[float]:
    """What each arm is worth now: its pull, and the best strategy after it.

    Args:
        state: (wins, losses) of each unknown arm, in any order.
        left: pulls that are left, this one among them.
        safe: see `bayes_optimal`; then the first value is that of the safe arm.

    Returns: expected total rewards, in the order of the arms.
    """
    values = [] if safe is None else [safe + best_value(tuple(sorted(state)), left - 1, safe)]
    for arm in range(len(state)):
        chance, won, lost = _pulled(state, arm)
        values.append(chance * (1 + best_value(won, left - 1, safe)) + (1 - chance) * best_value(lost, left - 1, safe))
    return values


def _pulled(state: State, arm: int) -> tuple[float, State, State]:
    """The chance that an arm pays, and the states after it did and did not, in order: which arm is which counts not."""
    wins, losses = state[arm]
    rest = state[:arm] + state[arm + 1 :]
    won, lost = (tuple(sorted((*rest, pair))) for pair in ((wins + 1, losses), (wins, losses + 1)))
    return (wins + 1) / (wins + losses + 2), won, lost


def exact_value(strategy: Strategy, arms: int, pulls: int, safe: float | None = None) -> float:
    """The expected total reward of a strategy; other arguments as in `bayes_optimal`.

    Args:
        strategy: `strategy(state, safe)` gives the probability of pulling each arm, the safe one first. Arms of which
            the same is known must have the same probability: states are looked at in order.
    """

    @cache
    def value(state: State, left: int) -> float:
        if not left:
            return 0.0
        probabilities = strategy(state, safe)
        total = 0.0
        if safe is not None and probabilities[0]:
            total += probabilities[0] * (safe + value(state, left - 1))
        for arm, probability in enumerate(probabilities[safe is not None :]):
            if probability:
                chance, won, lost = _pulled(state, arm)
                total += probability * (chance * (1 + value(won, left - 1)) + (1 - chance) * value(lost, left - 1))
        return total

    return value(_nothing_known(arms, pulls, safe), pulls)


def given_away(actions: Tensor, rewards: Tensor, arms: int, safe: float | None = None) -> Tensor:
    """What each pull of some lives lost against the best one at that moment, in expected total reward.

    Its mean over lives, summed over pulls, is what a policy earns less than the best strategy. It scatters far less
    than rewards do: luck with the bandits is not in it.

    Args:
        actions: `[n, pulls]` int64, the arms that were pulled. rewards: `[n, pulls]`, what they paid.
        arms, safe: as in `bayes_optimal`.

    Returns: `[n, pulls]`, 0 for a best pull.
    """
    values = cache(values_of_next)
    found = torch.zeros(actions.shape)
    pulls = actions.shape[1]
    for life, (pulled, paid) in enumerate(zip(actions.tolist(), rewards.tolist(), strict=True)):
        state = _nothing_known(arms, pulls, safe)
        for step, (action, reward) in enumerate(zip(pulled, paid, strict=True)):
            arm = action - (safe is not None)
            # Of arms of which the same is known the values are the same: a state in order is met more often.
            worth = values(tuple(sorted(state)), pulls - step, safe)
            place = 0 if arm < 0 else sorted(state).index(state[arm]) + (safe is not None)
            found[life, step] = max(worth) - worth[place]
            if arm >= 0:
                pair = (state[arm][0] + (reward > 0), state[arm][1] + (reward <= 0))
                state = (*state[:arm], pair, *state[arm + 1 :])
    return found


def uniform(state: State, safe: float | None = None) -> list[float]:
    """Every arm with the same probability."""
    arms = len(state) + (safe is not None)
    return [1 / arms] * arms


def greedy(state: State, safe: float | None = None) -> list[float]:
    """The arm that pays most as far as is known, the posterior mean; one of the best at random."""
    means = [] if safe is None else [safe]
    means += [(wins + 1) / (wins + losses + 2) for wins, losses in state]
    best = [mean == max(means) for mean in means]
    return [one / sum(best) for one in best]


def thompson(state: State, safe: float | None = None) -> list[float]:
    """Thompson sampling: draw a chance for each arm from what is known, pull the arm that got the highest.

    Its probabilities are integrals of polynomials, which Gauss' quadrature gives exactly.

    Source: Thompson 1933, On the likelihood that one unknown probability exceeds another, Biometrika 25.
    """
    degree = sum(wins + losses + 1 for wins, losses in state)
    low = 0.0 if safe is None else safe  # below it no unknown arm is pulled
    nodes, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    x, weights = low + (1 - low) * (nodes + 1) / 2, (1 - low) / 2 * weights
    below = [_below(*pair, x) for pair in state]
    found = [] if safe is None else [float(np.prod([_below(*pair, np.array(safe)) for pair in state]))]
    for arm, (wins, losses) in enumerate(state):
        density = (wins + losses + 1) * comb(wins + losses, wins) * x**wins * (1 - x) ** losses
        others = np.prod([below[other] for other in range(len(state)) if other != arm], axis=0)
        found.append(float(weights @ (density * others)))
    return found


def _below(wins: int, losses: int, x: np.ndarray) -> np.ndarray:
    """The probability that an arm's chance is below x: that of more than `wins` among wins + losses + 1 numbers."""
    n = wins + losses + 1
    return sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(wins + 1, n + 1))
