"""The loss of an episode, against PrototypicalNet's own and against the paper's formula."""

import torch

from course_lib import Episode
from course_lib.learners import PrototypicalNet, prototypes, squared_distances
from course_lib.learners.prototypical import episode_loss


def test_it_is_the_outer_loss_of_a_prototypical_network():
    torch.manual_seed(0)
    learner = PrototypicalNet(torch.nn.Linear(6, 4)).double()
    labels = torch.tensor([[0, 1, 2, 2, 0, 1], [1, 1, 0, 2, 0, 2]])
    episode = Episode(torch.randn(2, 6, 6).double(), labels, torch.randn(2, 6, 6).double(), labels.flip(1))
    parts = learner.embed(episode.support_x), labels, learner.embed(episode.query_x), episode.query_y
    assert torch.allclose(episode_loss(*parts), learner.losses(episode)[1])


def test_it_is_minus_the_logarithm_of_equation_2():
    generator = torch.Generator().manual_seed(1)
    support, query = (torch.randn(1, 4, 3, generator=generator, dtype=torch.float64) for _ in range(2))
    labels, asked = torch.tensor([[1, 0, 0, 1]]), torch.tensor([[0, 1, 1, 0]])
    chances = torch.exp(-squared_distances(query, prototypes(support, labels)))[0]  # [4, 2]
    chances = chances / chances.sum(1, keepdim=True)
    wanted = -sum(chances[i, k].log() for i, k in enumerate(asked[0])) / 4
    assert torch.allclose(episode_loss(support, labels, query, asked), wanted)
