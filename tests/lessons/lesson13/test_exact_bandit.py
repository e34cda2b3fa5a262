"""The exact bandit against loops over all pulls, finite differences, closed forms and many samples."""

import math
from itertools import product

import pytest
import torch
from torch.testing import assert_close

from course_lib.lessons.lesson13.exact_bandit import (
    adapted,
    ascend,
    expected_reward,
    on_line,
    outcomes,
    safe_or_risky,
    sampled_gradients,
    two_parts,
)

START = torch.tensor([0.3, 0.1, -0.2], dtype=torch.float64)


def by_hand(start, rewards, pulls, lr, baseline=0.0):
    """J as a loop over tasks and over each order of pulls, with plain numbers."""
    p = [math.exp(s) / sum(math.exp(t) for t in start) for s in start]
    total = 0.0
    for pays in rewards:
        for order in product(range(len(p)), repeat=pulls):
            scores = list(start)
            for arm in order:
                for k in range(len(p)):
                    scores[k] += lr / pulls * (pays[arm] - baseline) * ((arm == k) - p[k])
            after = [math.exp(s) / sum(math.exp(t) for t in scores) for s in scores]
            chance = math.prod(p[arm] for arm in order)
            total += chance * sum(a * r for a, r in zip(after, pays, strict=True)) / len(rewards)
    return total


def test_outcomes_are_all_there_are():
    counts, ways = outcomes(3, 4)
    assert len(counts) == 5 * 6 // 2 and len(set(map(tuple, counts.tolist()))) == len(counts)
    assert (counts.sum(1) == 4).all() and ways.sum() == 3**4
    assert safe_or_risky(0.6).tolist() == [[0.6, 1, 0], [0.6, 0, 1]]


@pytest.mark.parametrize("risky, pulls, lr, baseline", [(2, 1, 4.0, 0.0), (2, 3, 8.0, 0.25), (3, 4, 2.0, -0.5)])
def test_the_objective_is_that_of_a_loop_over_all_orders(risky, pulls, lr, baseline):
    start = torch.tensor([0.3, 0.1, -0.2, 0.7][: risky + 1], dtype=torch.float64)
    rewards = safe_or_risky(0.6, risky)
    found = expected_reward(start, rewards, pulls, lr, baseline).item()
    assert found == pytest.approx(by_hand(start.tolist(), rewards.tolist(), pulls, lr, baseline), abs=1e-12)


@pytest.mark.parametrize("pulls", [1, 2, 4, 8, 16])
def test_both_parts_are_the_gradient(pulls):
    """Autograd on J, and central differences of it."""
    given = safe_or_risky(0.6), pulls, 4.0
    path, score = two_parts(START, *given)
    at = START.clone().requires_grad_()
    (whole,) = torch.autograd.grad(expected_reward(at, *given), at)
    assert_close(path + score, whole, atol=1e-14, rtol=0)
    e = 1e-5 * torch.eye(3, dtype=torch.float64)
    differences = (expected_reward(START + e, *given) - expected_reward(START - e, *given)) / 2e-5
    assert_close(path + score, differences, atol=1e-9, rtol=0)


def test_the_path_is_what_is_left_when_the_chances_of_outcomes_are_frozen():
    given = safe_or_risky(0.6), 2, 4.0
    counts, ways = outcomes(3, 2)
    chance = ways * (START.log_softmax(-1) @ counts.T).exp()

    def frozen(start):
        after = adapted(start, counts, given[0], given[2]).softmax(-1)  # [..., tasks, outcomes, arms]
        return ((after * given[0][:, None]).sum(-1) * chance).sum(-1).mean(-1)

    e = 1e-5 * torch.eye(3, dtype=torch.float64)
    assert_close(two_parts(START, *given)[0], (frozen(START + e) - frozen(START - e)) / 2e-5, atol=1e-9, rtol=0)


def test_many_starts_at_once_are_each_alone():
    starts = on_line(torch.linspace(-2, 2, 5))
    given = safe_or_risky(0.4), 3, 6.0
    path, score = two_parts(starts, *given)
    for i, start in enumerate(starts):
        assert_close(expected_reward(starts, *given)[i], expected_reward(start, *given))
        for found, alone in zip((path, score), two_parts(start, *given), strict=True):
            assert_close(found[i], alone)


def test_with_a_large_rate_the_best_start_finds_the_good_arm_but_for_bad_luck():
    """n risky pulls find it, or else the start's one half is left: 1 - 2^-n / 2."""
    for pulls in (1, 2, 4):
        never_safe = on_line(40.0)
        assert expected_reward(never_safe, safe_or_risky(0.5), pulls, 1e4).item() == pytest.approx(1 - 0.5**pulls / 2)


@pytest.mark.parametrize("score", [True, False])
@pytest.mark.parametrize("baseline", [True, False])
def test_samples_have_the_exact_mean(score, baseline):
    given = safe_or_risky(0.5), 4, 8.0
    start = START.clone()
    lives = sampled_gradients(start, *given, 200_000, torch.Generator().manual_seed(0), score, baseline)
    path, credit = two_parts(start, *given)
    exact = path + credit if score else path
    half = 4 * lives.std(0) / math.sqrt(len(lives))
    assert ((lives.mean(0) - exact).abs() < half).all()
    assert score is False or (half < exact.norm()).all()  # so few samples would not do for a wrong mean


def test_ascent_climbs_and_common_code_does_not():
    given = safe_or_risky(0.5), 4, 8.0
    start = on_line(0.0)
    ends = {}
    for score in (True, False):
        way = ascend(start, *given, score=score, steps=300)
        assert way.shape == (301, 3) and (way[0] == start).all()
        assert_close(way[:, 1], way[:, 2])  # the symmetric line is not left
        ends[score] = expected_reward(way, *given)
    assert (ends[True].diff() > -1e-12).all() and ends[True][-1] > 0.92
    assert ends[False][-1] < ends[False][0] and ends[False][-1] < 0.6
