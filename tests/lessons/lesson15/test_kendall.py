"""Kendall's tau by counting pairs one by one, and its ceiling by drawing measurements."""

import math
from itertools import combinations

import pytest
import torch

from course_lib.lessons.lesson15.kendall import ceiling, kendall_tau, noisy_truths, same_order_share, tau_and_ceiling


def one_by_one(a, b):
    """Concordant less discordant pairs, and how many differ in each."""
    together = differ_a = differ_b = 0
    for i, j in combinations(range(len(a)), 2):
        one, other = (a[i] > a[j]) - (a[i] < a[j]), (b[i] > b[j]) - (b[i] < b[j])
        together, differ_a, differ_b = together + one * other, differ_a + abs(one), differ_b + abs(other)
    return together / math.sqrt(differ_a * differ_b) if differ_a and differ_b else 0.0


@pytest.mark.parametrize("levels", [2, 4, 100])
def test_tau_counts_pairs(levels):
    g = torch.Generator().manual_seed(levels)
    a, b = (torch.randint(levels, (3, 12), generator=g).double() for _ in range(2))
    want = torch.tensor([one_by_one(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)], dtype=torch.float64)
    torch.testing.assert_close(kendall_tau(a, b), want)


def test_tau_of_the_same_the_opposite_and_nothing():
    a = torch.tensor([0.1, 0.5, 0.5, 0.9])
    assert kendall_tau(a, a) == 1 and kendall_tau(a, -a) == -1 and kendall_tau(a, torch.ones(4)) == 0
    assert same_order_share(0.5) == 0.75
    assert kendall_tau(a, a.exp() * 7) == 1  # only the order counts


def test_a_perfect_predictor_is_above_the_agreement_of_two_measurements():
    assert ceiling(1.0) == pytest.approx(1) and ceiling(0.0, 3) == 0 and ceiling(-0.2) == 0
    assert ceiling(0.5) > 0.5 and ceiling(0.5, 3) > ceiling(0.5, 2) > ceiling(0.5)
    assert ceiling(1 / 3) == pytest.approx(0.5)  # rho = 1/2, so sqrt(1/2), and 2/pi asin of it is 1/2


@pytest.mark.parametrize(("agreement", "seeds"), [(0.5, 1), (0.5, 3), (0.2, 2)])
def test_the_ceiling_is_what_draws_show(agreement, seeds):
    g = torch.Generator().manual_seed(0)
    found = []
    for _ in range(8):
        true, truths = noisy_truths(agreement, max(seeds, 2), 400, g)
        pairs = torch.stack([kendall_tau(a, b) for a, b in combinations(truths, 2)]).mean()
        found.append((pairs.item(), kendall_tau(true, truths[:seeds].mean(0)).item()))
    two, top = torch.tensor(found).mean(0).tolist()
    assert two == pytest.approx(agreement, abs=0.03) and top == pytest.approx(ceiling(agreement, seeds), abs=0.03)


def test_tau_and_ceiling_together():
    g = torch.Generator().manual_seed(1)
    true, truths = noisy_truths(0.5, 3, 60, g)
    tau, top = tau_and_ceiling(true, truths)
    assert tau == pytest.approx(one_by_one(true.tolist(), truths.mean(0).tolist()))
    pairs = [one_by_one(truths[i].tolist(), truths[j].tolist()) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert top == pytest.approx(ceiling(sum(pairs) / 3, 3))
