"""The numbers and claims in the self-test of lesson 01 are true."""

import torch

from course_lib.lessons.lesson01.quizzes import QUIZZES
from course_lib.tasks import Scripts


def test_sizes_of_the_sets():
    episode = Scripts(way=20, shot=5, query=15, split="test").sample(1, torch.Generator().manual_seed(0))
    assert QUIZZES["set sizes"].right == f"{episode.support_x.shape[1]} and {episode.query_x.shape[1]}"


def test_the_share_that_leaks():
    generator = torch.Generator().manual_seed(0)
    support, query = torch.randint(20, (2, 100_000), generator=generator)
    assert round(1 / (support == query).float().mean().item()) == 20
    assert QUIZZES["leaking share"].right == "1 in 20"
