"""The numbers and claims in the self-test of lesson 00 are true."""

import pytest
import torch

from course_lib.lessons.lesson00.quizzes import QUIZZES
from course_lib.lessons.lesson00.sketch import probabilities


def test_twins_share_as_the_quiz_says():
    shares = [round(100 * p) for p in probabilities(torch.tensor([[5.0, 7.0]]))[0].tolist()]
    assert QUIZZES["twins"].right == f"{shares[0]} % and {shares[1]} %"
    assert torch.tensor(-2.0).exp().item() == pytest.approx(0.14, abs=0.005)


def test_far_distances_give_the_same_probabilities():
    distances = torch.tensor([[1.0, 3.0, 2.0]])
    torch.testing.assert_close(probabilities(distances + 10), probabilities(distances))
    assert QUIZZES["far"].right == "they stay"
