"""What the quizzes of lesson 11 say is true."""

import math
from itertools import product

import torch
from torch.nn import functional as F

from course_lib.lessons.lesson11.alarms import precision_recall, with_prior
from course_lib.lessons.lesson11.mirror import six_signs
from course_lib.lessons.lesson11.quizzes import QUIZZES


def turn_of(velocity):
    """The matrix of a turn with this angular velocity for a short time."""
    x, y, z = velocity.tolist()
    return torch.linalg.matrix_exp(torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=torch.float64))


def test_a_mirror_turns_round_the_two_other_axes_of_a_rotation():
    mirror = torch.diag(torch.tensor([-1.0, 1, 1], dtype=torch.float64))
    signs = six_signs(x=-1).double()
    assert torch.equal(signs[:3], mirror.diagonal())
    for axis in torch.eye(3, dtype=torch.float64):
        seen = mirror @ turn_of(0.3 * axis) @ mirror  # the turn as it is seen in the mirror
        torch.testing.assert_close(seen, turn_of(0.3 * axis * signs[3:]))
    assert (signs[3:] < 0).tolist() == [False, True, True] and QUIZZES["the mirror"].right == "y and z"


def test_five_coins():
    same = sum(len(set(coins)) == 1 for coins in product((0, 1), repeat=5))
    assert QUIZZES["five people"].right == f"1 time in {2**5 // same}" == "1 time in 16" and same == 2
    assert 1 / 16 > 1 / 20 > 2 / 2**10


def test_three_windows_deserve_a_trust_of_three_quarters():
    generator = torch.Generator().manual_seed(0)
    people = torch.randn(100_000, generator=generator)
    errors = torch.randn(100_000, 3, generator=generator)
    shares = torch.linspace(0, 1, 101)
    for windows, best in ((1, 0.5), (3, 0.75)):
        own = people + errors[:, :windows].mean(1)
        loss = torch.stack([(share * own - people).square().mean() for share in shares])  # the population's mean is 0
        assert abs(shares[loss.argmin()] - best) < 0.015
    assert QUIZZES["three windows"].right == "3/4" and f"{math.sqrt(1 / 3):.2f}" == "0.58"


def test_fine_tuning_on_three_classes_only_lowers_the_other_four():
    generator = torch.Generator().manual_seed(0)
    bias = torch.zeros(7, requires_grad=True)
    optimizer = torch.optim.SGD([bias], 0.1)
    labels, scores = torch.arange(30) % 3, torch.randn(30, 7, generator=generator)
    for _ in range(20):
        before = bias.detach().clone()
        optimizer.zero_grad()
        F.cross_entropy(scores + bias, labels).backward()
        optimizer.step()
        assert (bias[3:] < before[3:]).all()
    assert bias.detach()[:3].mean() > 0


def test_alarms_at_four_percent():
    hits, false = 400 * 0.988, 9600 * 0.012
    assert (round(hits), round(false), round(hits + false)) == (395, 115, 510)
    assert QUIZZES["98.8 %"].right == f"{100 * false / (hits + false):.0f}" == "23"


def test_other_shares_leave_the_curve_as_it_is():
    generator = torch.Generator().manual_seed(0)
    ectopic = torch.rand(500, generator=generator) < 0.1
    scores = torch.randn(500, 2, generator=generator, dtype=torch.float64)
    scores[:, 1] += 2 * ectopic
    half, rare = (torch.tensor(shares, dtype=torch.float64) for shares in ([0.5, 0.5], [0.96, 0.04]))
    there = with_prior(scores, half, rare)
    curves = [precision_recall(x[:, 1] - x[:, 0], ectopic) for x in (scores, there)]
    torch.testing.assert_close(curves[0], curves[1])
    alarms = [x.argmax(-1) == 1 for x in (scores, there)]
    precision, recall = zip(*[((a & ectopic).sum() / a.sum(), (a & ectopic).sum() / ectopic.sum()) for a in alarms],
                            strict=True)  # fmt: skip
    assert precision[1] > precision[0] and recall[1] < recall[0]


def test_each_quiz_says_something_of_each_choice():
    for name, quiz in QUIZZES.items():
        assert len(quiz.choices) == 3 and all(len(said) > 20 for said in quiz.choices.values()), name
