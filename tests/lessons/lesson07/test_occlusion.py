"""Occlusion maps against a plain loop."""

import pytest
import torch
from torch import nn

from course_lib import Episode
from course_lib.learners import MatchingNet, PrototypicalNet, RelationNet, SiameseNet
from course_lib.lessons.lesson07.occlusion import (
    patches,
    per_pixel,
    places,
    score_lost,
    score_of_query,
    score_of_support,
)
from course_lib.models import Conv4
from course_lib.tasks import Scripts

LEARNERS = {
    "relation": lambda: RelationNet(Conv4(4, maps=True), channels=4),
    "relation, cross-entropy": lambda: RelationNet(Conv4(4, maps=True), channels=4, loss="cross_entropy"),
    "prototypical": lambda: PrototypicalNet(Conv4(4)),
    "matching": lambda: MatchingNet(Conv4(4)),
    "siamese": lambda: SiameseNet(Conv4(4), features=4),
}


@pytest.fixture(params=LEARNERS)
def learner(request):
    """Untrained, in float64, with running statistics of its own, in eval mode."""
    torch.manual_seed(0)
    learner = LEARNERS[request.param]().double()
    for layer in learner.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.1, 0.3)
    return learner.eval()


def task(shot=1):
    episode = Scripts(3, shot, 2, split="test").sample(1, torch.Generator().manual_seed(3))
    return Episode(episode.support_x.double(), episode.support_y, episode.query_x.double(), episode.query_y)


def answer(learner, episode, query, label):
    """The score of one pair, as the learner itself gives it."""
    if isinstance(learner, RelationNet):
        scores = learner.relation_scores(learner.adapt(episode.support_x, episode.support_y), episode.query_x)
    else:
        scores = learner(episode).softmax(-1)
    return scores[0, query, label]


def loop(learner, episode, query, label, side, at):
    """One patch after the other, the whole task anew for each."""
    lost = torch.zeros(9, 9, dtype=torch.float64)
    before = answer(learner, episode, query, label)
    starts = [0, 3, 6, 9, 12, 15, 18, 21, 23]
    for i, y in enumerate(starts):
        for j, x in enumerate(starts):
            support, queries = episode.support_x.clone(), episode.query_x.clone()
            image = queries[0, query] if side == "query" else support[0, at]
            image[:, y : y + 5, x : x + 5] = 0
            covered = Episode(support, episode.support_y, queries, episode.query_y)
            lost[i, j] = before - answer(learner, covered, query, label)
    return lost


@pytest.mark.parametrize("shot", [1, 2])
@torch.no_grad()
def test_maps_are_those_of_a_plain_loop(learner, shot):
    episode = task(shot)
    query, label, at = 4, 1, shot  # the first example of class 1
    found = score_lost(score_of_query(learner, episode, label), episode.query_x[0, query])
    assert torch.allclose(found, loop(learner, episode, query, label, "query", at), atol=1e-12)
    found = score_lost(score_of_support(learner, episode, query, at), episode.support_x[0, at])
    assert torch.allclose(found, loop(learner, episode, query, label, "support", at), atol=1e-12)
    assert found.abs().max() > 1e-6


@torch.no_grad()
def test_a_map_does_not_depend_on_other_queries(learner):
    episode = task()
    other = Episode(episode.support_x, episode.support_y, torch.rand_like(episode.query_x), episode.query_y)
    other.query_x[:, 4] = episode.query_x[:, 4]
    for make in (lambda e: score_lost(score_of_query(learner, e, 2), e.query_x[0, 4]),
                 lambda e: score_lost(score_of_support(learner, e, 4, 2), e.support_x[0, 2])):  # fmt: skip
        assert torch.equal(make(episode), make(other))


@torch.no_grad()
def test_where_there_is_no_ink_nothing_is_lost_and_nothing_computed(learner):
    image = torch.zeros(1, 28, 28, dtype=torch.float64)
    image[:, :6, :4] = 1
    seen = []
    score = score_of_query(learner, task(), 0)
    lost = score_lost(lambda images: seen.append(len(images)) or score(images), image)
    assert lost[3:].eq(0).all() and lost[:, 2:].eq(0).all() and lost[:2, :2].ne(0).all()
    assert seen == [1 + 4]  # begin in row 0 or 3 and column 0 or 3


def test_a_score_that_counts_ink_loses_the_ink_under_the_patch():
    image = torch.rand(2, 11, 8)
    lost = score_lost(lambda images: images.sum((1, 2, 3)), image, patch=4, stride=3)
    assert lost.shape == (4, 3)  # rows 0, 3, 6, 7; columns 0, 3, 4
    for i, y in enumerate((0, 3, 6, 7)):
        for j, x in enumerate((0, 3, 4)):
            assert torch.isclose(lost[i, j], image[:, y : y + 4, x : x + 4].sum(), atol=1e-4)


@pytest.mark.parametrize(("length", "patch", "stride"), [(28, 5, 3), (28, 4, 3), (7, 7, 2), (9, 2, 2)])
def test_every_pixel_is_covered_and_every_patch_is_whole(length, patch, stride):
    covers = patches(length, length + 1, patch, stride)
    assert covers.any(0).any(0).all() and (covers.sum((2, 3)) == patch**2).all()
    assert places(length, patch, stride)[-1] == length - patch
    assert torch.allclose(per_pixel(torch.full(covers.shape[:2], 0.3), length, length + 1, patch, stride),
                          torch.tensor(0.3))  # fmt: skip


def test_a_pixel_gets_the_mean_of_its_patches():
    lost = torch.tensor([[1.0, 3.0]])
    assert per_pixel(lost, 2, 3, patch=2, stride=1).tolist() == [[1, 2, 3], [1, 2, 3]]
