"""The two worlds of vectors: their geometry, and what it makes of distances."""

import math

import pytest
import torch
from torch import nn

from course_lib import evaluate
from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson07.vectors import Clouds, Ring, ring_matrix, ring_task
from tests.learners.metric_cases import in_float64


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_query_stands_where_the_next_class_stands():
    support, query = ring_task(torch.tensor([0.0, 1.0]), 4)
    assert support.shape == query.shape == (2, 4, 2)
    torch.testing.assert_close(query, support.roll(-1, 1))
    torch.testing.assert_close(support[0], torch.tensor([[1.0, 0], [0, 1], [-1, 0], [0, -1]]), atol=1e-6, rtol=0)
    turn = math.atan2(*support[1, 0].flip(0).tolist())
    assert turn == pytest.approx(1.0)


@pytest.mark.parametrize("distance", ["euclidean", "cosine"])
def test_no_embedding_gets_a_single_query_of_the_ring_right(distance):
    torch.manual_seed(0)
    networks = nn.Identity(), nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8))
    for network in networks:
        learner = PrototypicalNet(network.double(), distance=distance)
        episode = in_float64(Ring(way=5).sample(50, seeded()))
        named = learner(episode).argmax(-1)
        assert (named == (episode.query_y + 1) % 5).all()


def test_ring_episodes_have_their_sizes_noise_and_seed():
    ring = Ring(way=3, shot=2, query=4, noise=0.1)
    episode = ring.sample(200, seeded())
    assert episode.support_x.shape == (200, 6, 2) and episode.query_x.shape == (200, 12, 2) and episode.way == 3
    again = ring.sample(200, seeded())
    assert torch.equal(episode.query_x, again.query_x)
    radius = episode.support_x.norm(dim=-1)
    assert radius.mean() == pytest.approx(1.0, abs=0.02) and radius.std() == pytest.approx(0.1, abs=0.02)
    exact = Ring(way=3, shot=2, query=1).sample(5, seeded())
    torch.testing.assert_close(exact.support_x[:, 2], exact.query_x[:, 0])  # class 1's first example, class 0's query


def test_a_ring_is_built_by_the_function_that_it_is_given():
    def back(first, way):
        support, query = ring_task(first, way)
        return query, support

    one, other = Ring(way=4, places=back).sample(3, seeded()), Ring(way=4).sample(3, seeded())
    torch.testing.assert_close(one.support_x, other.query_x[:, ::5])  # five queries a class


@pytest.mark.parametrize("way", [3, 5, 8])
def test_four_numbers_solve_the_ring(way):
    support, query = ring_task(torch.linspace(0, 6, 40), way)
    scores = query @ ring_matrix(way) @ support.mT
    assert (scores.argmax(-1) == torch.arange(way)).all()
    torch.testing.assert_close(scores.diagonal(dim1=1, dim2=2), torch.ones(40, way))


def test_clouds_are_turned_by_the_angle_that_is_asked_for():
    n = 4000
    for turn in (0, 60, 90, 180):
        episode = Clouds(way=2, query=1, features=4, spread=3.0, turn=turn).sample(n, seeded())
        support, query = episode.support_x, episode.query_x
        cosine = (support * query).sum() / support.square().sum()
        assert cosine == pytest.approx(0.9 * math.cos(math.radians(turn)), abs=0.03)  # 9 of 10 of the variance
        across = (support[..., :2] * query[..., 2:]).sum() - (support[..., 2:] * query[..., :2]).sum()
        assert across / support.square().sum() == pytest.approx(0.9 * math.sin(math.radians(turn)), abs=0.03)
    assert torch.equal(Clouds().sample(2, seeded()).support_x, Clouds(turn=60).sample(2, seeded()).support_x)


def test_clouds_have_their_spread_and_squared_distance_suits_them():
    clouds = Clouds(features=20, spread=2.0)
    episode = clouds.sample(400, seeded())
    assert episode.support_x.shape == (400, 5, 20) and episode.query_x.shape == (400, 25, 20)
    assert episode.support_x.var() == pytest.approx(2.0**2 + 1, rel=0.05)
    within = episode.query_x.unflatten(1, (5, 5)).var(2).mean()
    assert within == pytest.approx(1.0, rel=0.05)
    assert evaluate(PrototypicalNet(nn.Identity()).double(), _Double(clouds), 100).accuracy > 0.97


class _Double:
    def __init__(self, tasks):
        self.tasks = tasks

    def sample(self, n, generator):
        return in_float64(self.tasks.sample(n, generator))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Ring(way=1), "way must be"),
        (lambda: Ring(noise=-1), "noise must be"),
        (lambda: Clouds(query=0), "query must be"),
        (lambda: Clouds(spread=0), "spread above 0"),
        (lambda: Clouds(features=3, turn=5), "features must be even"),
    ],
)
def test_wrong_arguments_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_the_first_layer_equals_that_of_the_pairs():
    from course_lib.learners.relation import concatenate_pairs, first_layer

    layer = nn.Linear(8, 6).double()
    classes, queries = torch.randn(2, 3, 4).double(), torch.randn(2, 5, 4).double()
    torch.testing.assert_close(first_layer(classes, queries, layer.weight, layer.bias),
                               layer(concatenate_pairs(classes, queries)))  # fmt: skip
