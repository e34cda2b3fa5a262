"""The numbers and claims in the self-test of lesson 02 are true."""

import math

import torch

from course_lib.learners import mean_curve, probe_step
from course_lib.lessons.lesson02.quizzes import QUIZZES


def test_all_phases_cancel():
    assert mean_curve(torch.linspace(-5, 5, 50), (0.1, 5.0), (0.0, 2 * math.pi)).abs().max() < 1e-5
    assert QUIZZES["all phases"].right == "zero"


def test_the_first_step_adds_each_feature_to_its_class():
    features = torch.randn(1, 5, 8, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([[3, 1, 0, 4, 2]])
    weights = probe_step(torch.zeros(1, 8, 5), features, labels, 1.0)[0].T  # [way, features]
    step = weights + features[0].mean(0) / 5  # what is taken from all classes alike
    torch.testing.assert_close(step[labels[0]], features[0] / 5)
    assert QUIZZES["one step"].right.startswith("it adds each support feature")
