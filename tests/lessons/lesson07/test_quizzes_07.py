"""What the quizzes of lesson 07 say is true."""

import torch
from torch import nn

from course_lib import evaluate
from course_lib.learners import PrototypicalNet
from course_lib.learners.relation import RelationModule, concatenate_pairs, relation_loss
from course_lib.lessons.lesson07 import Clouds, ten_trainings
from course_lib.lessons.lesson07.checks_concatenation import multiplications
from course_lib.lessons.lesson07.quizzes import QUIZZES


def test_pairs_and_parts():
    pairs = concatenate_pairs(torch.ones(1, 5, 2), torch.ones(1, 75, 2))
    assert pairs.shape[1] * pairs.shape[2] == 375 and 5 + 75 == 80
    assert QUIZZES["pairs and parts"].right == "80 images, 375 pairs"


def test_once_the_first_layer_is_split_most_multiplications_are_behind_it():
    module = RelationModule(8, 5, 8).eval()
    classes, queries = torch.randn(1, 20, 8, 5, 5), torch.randn(1, 300, 8, 5, 5)
    images = 320 * 9 * 25 * 8 * 8
    with torch.no_grad():
        done = multiplications(module, (classes, queries))
    assert done - images > images


def test_two_sigmoids_lie_between_a_half_and_073():
    scores = torch.linspace(-50, 50, 101).sigmoid().sigmoid()
    assert scores.min() >= 0.5 and scores.max() < 0.7311


def test_on_round_clouds_the_distance_is_ahead_with_any_number_of_tasks():
    stored = ten_trainings.read()
    fixed = 100 * evaluate(PrototypicalNet(nn.Identity()), Clouds(features=20), 300, seed=1000).mean
    behind = {name: [ten_trainings.percent(stored, "clouds turned by 0", name, "new tasks", tasks=n) - fixed
                     for n in ten_trainings.N_TASKS] for name in ten_trainings.VECTORS}  # fmt: skip
    assert all((gap < 0).all() for gap in behind["relation"])
    assert behind["relation"][0].mean() == min(gap.mean() for gap in behind["relation"])
    assert (behind["prototypical"][0] < -5).all()
    assert QUIZZES["thirty tasks"].right == "squared distance, no training"


def test_without_relu_one_class_wins_for_every_query():
    torch.manual_seed(0)
    linear = nn.Sequential(nn.Linear(8, 5), nn.Linear(5, 3), nn.Linear(3, 1))
    pairs = concatenate_pairs(torch.randn(6, 5, 4), torch.randn(6, 30, 4))
    assert (linear(pairs).squeeze(-1).argmax(-1).diff(dim=1) == 0).all()
    with_relu = nn.Sequential(linear[0], nn.ReLU(), linear[1], nn.ReLU(), linear[2])
    assert not (with_relu(pairs).squeeze(-1).argmax(-1).diff(dim=1) == 0).all()


def test_a_constant_answer_in_twenty_classes():
    labels = torch.arange(20).expand(3, 20)
    losses = [relation_loss(torch.full((3, 20, 20), level / 100), labels).item() for level in range(101)]
    assert min(losses) == losses[5] < 0.05


def test_products_of_one_embedding_never_solve_the_ring():
    """Whatever the five embedded places are, some query prefers another class (or ties)."""
    z = torch.randn(2000, 5, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    named = (z @ z.mT).argmax(-1)  # query of class k stands at place k + 1
    assert not (named == (torch.arange(5) - 1) % 5).all(-1).any()
