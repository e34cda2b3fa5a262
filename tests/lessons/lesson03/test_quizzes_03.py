"""What the self-test of lesson 03 says is true."""

import torch

from course_lib import Episode
from course_lib.lessons.lesson03.bug_hunt import suspect_b
from course_lib.lessons.lesson03.meta_gradient import best_start, meta_gradient_test, quadratic_meta_gradient
from course_lib.lessons.lesson03.quizzes import QUIZZES
from tests.lessons.lesson03.test_meta_gradient import sines, smooth_network

H, c = torch.tensor([[2.0, 0.5], [0.5, 1.0]]), torch.tensor([1.0, -1.0])
START = torch.tensor([0.3, 0.4])


def test_without_curvature_first_order_is_exact():
    found = quadratic_meta_gradient(START, (0 * H, c), (H, -c), 0.1)
    assert torch.allclose(found, H @ (START + c))  # the query gradient; nothing has moved here, since the slope is 0


def test_beyond_the_lowest_point_first_order_goes_away_from_it():
    h, c, theta, lr = 4.0, -1.0, 0.7, 0.375
    one = torch.tensor([[h]]), torch.tensor([c])
    end = theta - lr * h * (theta - c)
    first_order, exact = h * (end - c), quadratic_meta_gradient(torch.tensor([theta]), one, one, lr).item()
    assert lr * h == 1.5 and first_order < 0 < exact  # theta is above c: down the gradient is away, or towards it
    assert QUIZZES["beyond"].right == "away from c"


def test_maml_without_a_step_is_joint_training():
    h, lowest = torch.tensor([4.0, 0.5]), torch.tensor([-1.0, 1.0])
    assert (
        best_start(h, lowest, 0.2, 0) == best_start(h, lowest, 0.2, 0, order=1) == ((h * lowest).sum() / h.sum()).item()
    )


def peeking(network, episode, lr):
    x, y = torch.cat([episode.support_x, episode.query_x], 1), torch.cat([episode.support_y, episode.query_y], 1)
    return suspect_b(network, Episode(x, y, episode.query_x, episode.query_y), lr)


def test_none_of_the_three_questions_finds_query_points_in_the_inner_loop():
    assert peeking(smooth_network(), sines(), 0.1) != suspect_b(smooth_network(), sines(), 0.1)
    assert meta_gradient_test(peeking, smooth_network(), sines(), 0.1) == []
    assert QUIZZES["peeking"].right == "none of them"
