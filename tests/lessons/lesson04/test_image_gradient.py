"""The meta-gradient for images: against the library's MAML, and against differences of the outer loss."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.learners import MAML
from course_lib.lessons.lesson04.image_gradient import image_meta_gradient
from course_lib.models import Conv4
from course_lib.tasks import Scripts


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Conv4(4, out=3).double()


@pytest.fixture
def episode():
    episode = Scripts(3, 1, 2).sample(3, torch.Generator().manual_seed(0))
    return episode.map(lambda t: t.double() if t.is_floating_point() else t)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_it_is_the_gradient_of_mamls_outer_loss(network, episode, steps):
    gradient, outer = image_meta_gradient(network, episode, 0.4, steps)
    right = MAML(network, steps, 0.4).train().losses(episode)[1]
    right_gradient = torch.autograd.grad(right, list(network.parameters()))
    assert outer == pytest.approx(right.item(), rel=1e-6)
    for name, g in zip(gradient, right_gradient, strict=True):
        assert torch.allclose(gradient[name], g, rtol=1e-5, atol=1e-8), name


def test_it_says_how_the_outer_loss_changes(episode):
    torch.manual_seed(0)
    smooth = nn.Sequential(nn.Conv2d(1, 2, 5, stride=4), nn.BatchNorm2d(2), nn.Tanh(), nn.Flatten(),
                           nn.Linear(72, 3)).double()  # fmt: skip
    gradient, _ = image_meta_gradient(smooth, episode, 0.1, 2)
    direction = {n: torch.randn_like(p) for n, p in smooth.named_parameters()}

    def at(distance):
        moved = copy.deepcopy(smooth)
        with torch.no_grad():
            for n, p in moved.named_parameters():
                p += distance * direction[n]
        return image_meta_gradient(moved, episode, 0.1, 2)[1]

    expected = sum((g * direction[n]).sum() for n, g in gradient.items()).item()
    assert (at(1e-5) - at(-1e-5)) / 2e-5 == pytest.approx(expected, rel=1e-5)


def test_the_network_is_left_as_it_was(network, episode):
    before = copy.deepcopy(network.state_dict())
    image_meta_gradient(network, episode, 0.4, 2)
    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
    assert network.training and all(p.grad is None for p in network.parameters())


def test_without_a_step_it_is_the_loss_of_the_start(network, episode):
    with batch_statistics(network):
        losses = [F.cross_entropy(network(x), y) for x, y in zip(episode.query_x, episode.query_y, strict=True)]
    assert image_meta_gradient(network, episode, 0.4, 0)[1] == pytest.approx(torch.stack(losses).mean().item())
