"""Small networks and tasks that the tests of the MAML family share, in float64, and ways to compare gradients."""

import pytest
import torch
from torch import nn

from course_lib import Episode

LR = 0.1


def images(tasks=2, way=3, queries=4, size=16):
    x = torch.randn(tasks, way + queries, 1, size, size)
    y = torch.arange(way + queries).remainder(way).expand(tasks, -1)
    return Episode(x[:, :way], y[:, :way], x[:, way:], y[:, way:])


def curves(tasks=3, n=5):
    x, y = torch.randn(2, tasks, 2 * n, 1)
    return Episode(x[:, :n], y[:, :n], x[:, n:], y[:, n:])


def smooth():
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))


def normed():
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 3))


def gradient(learner, episode):
    return torch.autograd.grad(learner.losses(episode)[1], list(learner.parameters()), allow_unused=True)


def assert_same(these, those, atol=1e-12):
    for a, b in zip(these, those, strict=True):
        assert torch.allclose(a, b, atol=atol, rtol=1e-10)


@pytest.fixture(autouse=True)
def double():
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)
