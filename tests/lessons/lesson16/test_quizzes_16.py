"""What the quizzes of lesson 16 say is true."""

import torch

from course_lib.lessons.lesson16.break_even import paid_after
from course_lib.lessons.lesson16.explanation_tests import randomised_similarity, renewer
from course_lib.lessons.lesson16.influence import first_order, leave_one_out
from course_lib.lessons.lesson16.quizzes import QUIZZES
from course_lib.lessons.lesson16.robust_prototypes import medoids, robust_prototypes, trimmed_prototypes
from course_lib.lessons.lesson16.saliency import edge_map


def test_to_first_order_a_single_shot_says_nothing():
    z, labels = torch.randn(4, 3, dtype=torch.float64), torch.tensor([0, 1, 1, 1])
    given = z, labels, torch.zeros(1, 3, dtype=torch.float64), torch.tensor([0])
    assert first_order(*given)[0, 0] == 0 and leave_one_out(*given)[0, 0] == torch.inf
    assert QUIZZES["one shot"].right == "nothing: exactly 0"


def test_a_map_of_edges_is_the_same_for_random_layers():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    same = randomised_similarity(lambda net, x: edge_map(x, 2), net, torch.rand(1, 4, 4), renewer(0))
    assert torch.allclose(same, torch.ones(2))
    assert QUIZZES["a map of edges"].right.startswith("the picture")


def test_a_stranger_takes_the_mean_along_a_fifth_of_the_way():
    z = torch.tensor([[0.0, 0.0], [1, 0], [0, 1], [1, 1], [10_000, 0]], dtype=torch.float64)
    labels = torch.zeros(5, dtype=torch.long)
    assert robust_prototypes(z, labels, 0)[0, 0] > 2_000 > 1.01 > robust_prototypes(z, labels, 200)[0, 0]
    assert QUIZZES["a wrong label"].right.startswith("the mean goes with it, a fifth")


def test_of_two_nobody_knows_which_is_the_stranger():
    z, labels = torch.tensor([[0.0, 0.0], [4.0, 2.0]]), torch.zeros(2, dtype=torch.long)
    for answer in (robust_prototypes(z, labels), trimmed_prototypes(z, labels)):
        torch.testing.assert_close(answer, z.mean(0, keepdim=True))
    assert torch.equal(medoids(z, labels), z[:1])  # the first: by chance
    assert QUIZZES["two are not enough"].right.startswith("none")


def test_20_000_tasks_do_not_bring_a_million_back():
    assert paid_after(1_000_000, 10, 30) == 50_001
    assert 20_000 * 30 == 600_000 and 1_000_000 + 20_000 * 10 == 1_200_000
    assert QUIZZES["cheap afterwards"].right == "no meta-training"


def test_filling_alone_makes_a_score_fall():
    """A score that knows what pictures of training look like falls for patches that no class needs."""
    usual = torch.zeros(1, 1, 4, 4)

    def score(pictures):
        return torch.exp(-(pictures - usual).square().sum((1, 2, 3)))

    filled = usual.clone()
    filled[..., :2, :2] = -1
    assert score(filled) < score(usual) / 10
    assert QUIZZES["after filling"].right.startswith("not alone")
