"""Answers by adaptation step, and what they depend on."""

import copy

import pytest
import torch
from torch.nn import functional as F

from course_lib import Episode, evaluate
from course_lib.compute.batch_norm import batch_statistics
from course_lib.learners import MAML, PrototypicalNet
from course_lib.lessons.lesson04.adaptation import feature_gradient, follow, query_dependence
from course_lib.models import Conv4
from course_lib.tasks import Scripts


@pytest.fixture
def learner():
    torch.manual_seed(0)
    return MAML(Conv4(4, out=3), steps=2, lr=0.4).eval()


@pytest.fixture
def episode():
    return Scripts(3, 1, 4).sample(2, torch.Generator().manual_seed(0))


@pytest.mark.parametrize("batch_norm", ["inductive", "transductive"])
def test_following_ends_where_evaluate_ends_and_begins_before_the_first_step(learner, episode, batch_norm):
    state = copy.deepcopy(learner.state_dict())
    found, result = follow(learner, episode, 2, batch_norm), evaluate(learner, episode, batch_norm=batch_norm)
    assert found.probabilities.shape == (3, 2, 12, 3) and found.accuracy.shape == (3, 2)
    assert torch.allclose(found.accuracy[-1], result.scores) and torch.allclose(found.query_loss[-1], result.losses)
    none = follow(learner, episode, 0, batch_norm)
    assert torch.allclose(found.query_loss[0], none.query_loss[0])
    assert all(torch.equal(v, state[k]) for k, v in learner.state_dict().items())


def test_the_support_loss_falls_and_more_steps_than_in_training_can_be_followed(learner, episode):
    found = follow(learner, episode, 6)
    assert (found.support_loss[-1] < found.support_loss[0]).all()
    x, y = episode.support_x, episode.support_y
    last = learner.predict(learner.adapt(x, y, steps=6), x)
    assert torch.allclose(found.support_loss[-1, 1], F.cross_entropy(last[1], y[1]))


def test_the_gradient_at_the_features_is_that_of_autograd_and_zero_for_equal_rows():
    features, weight = torch.randn(6, 4, dtype=torch.float64, requires_grad=True), torch.randn(3, 4).double()
    labels, bias = torch.tensor([0, 2, 1, 1, 0, 2]), torch.randn(3).double()
    (right,) = torch.autograd.grad(F.cross_entropy(features @ weight.T + bias, labels), features)
    assert torch.allclose(feature_gradient(features, labels, weight, bias), right, atol=1e-12)
    alike = weight[:1].expand(3, 4)
    assert feature_gradient(features, labels, alike, bias).abs().max() < 1e-12


def test_queries_inform_one_another_in_transductive_mode_alone(learner, episode):
    task = episode.task(0)
    assert query_dependence(learner, task) < 1e-5
    with batch_statistics(learner):
        assert query_dependence(learner, task) > 0.01
    assert query_dependence(PrototypicalNet(Conv4(4)).eval(), task) < 1e-5


def test_query_dependence_by_hand(learner, episode):
    task, differences = episode.task(1), []
    with batch_statistics(learner), torch.no_grad():
        together = learner(task).softmax(-1)
        for i in range(12):
            one = Episode(task.support_x, task.support_y, task.query_x[:, i : i + 1], task.query_y[:, i : i + 1], 3)
            differences.append((learner(one).softmax(-1)[0, 0] - together[0, i]).abs().max().item())
        assert abs(query_dependence(learner, task) - max(differences)) < 1e-6
