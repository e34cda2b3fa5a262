"""What the quizzes of lesson 06 say is true."""

import math

import torch

from course_lib.learners import MatchingNet, PrototypicalNet
from course_lib.lessons.lesson06.quizzes import QUIZZES
from course_lib.models import Conv4
from course_lib.tasks import Scripts


def test_two_cosines_after_a_relu():
    assert QUIZZES["sure cosines"].right == f"{100 / (1 + math.exp(-1)):.0f} %" == "73 %"
    assert f"{100 / (1 + math.exp(-2)):.0f} %" in QUIZZES["sure cosines"].choices
    assert round(1 / (1 + math.exp(-10)), 4) == 1


def test_with_one_shot_matching_and_prototypical_networks_answer_alike():
    torch.manual_seed(0)
    net = Conv4(8).eval()
    task = Scripts(5, 1, 5, split="test").sample(2, torch.Generator().manual_seed(0))
    for distance in ("euclidean", "cosine"):
        with torch.no_grad():
            one, other = (kind(net, distance).eval()(task).softmax(-1) for kind in (PrototypicalNet, MatchingNet))
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    assert QUIZZES["one shot"].right == "not at all"


def test_the_root_keeps_the_nearest_prototype_and_changes_the_softmax():
    distances = torch.rand(20, 5, generator=torch.Generator().manual_seed(0)) * 9
    assert torch.equal(distances.argmin(-1), distances.sqrt().argmin(-1))
    assert not torch.allclose((-distances).softmax(-1), (-distances.sqrt()).softmax(-1), atol=0.05)
    assert QUIZZES["take the root"].right == "the nearest prototype"


def test_how_many_examples_are_behind_a_prototype_plays_no_part():
    z = torch.randn(1, 11, 4, generator=torch.Generator().manual_seed(0))
    z[0, 1:] = z[0, 1]  # ten examples that are all alike
    uneven = PrototypicalNet(torch.nn.Identity())(_task(z, [0] + 10 * [1]))
    even = PrototypicalNet(torch.nn.Identity())(_task(z[:, :2], [0, 1]))
    torch.testing.assert_close(uneven, even)


def _task(z, labels):
    from course_lib.episode import Episode

    queries = torch.ones(1, 2, 4)
    return Episode(z, torch.tensor([labels]), queries, torch.tensor([[0, 1]]), 2)
