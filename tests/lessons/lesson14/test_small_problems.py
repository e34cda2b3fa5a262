"""Problems for optimisers: their losses as plain loops, and what their seeds keep the same."""

import math

import torch
from torch import nn

from course_lib.lessons.lesson14.small_problems import Quadratics, SmallNetworks, gradient, networks


def test_networks_answer_as_torch_does():
    made = networks(3, 0, hidden=4, activation="relu")
    for i, theta in enumerate(made.start):
        net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
        net[0].weight.data, net[0].bias.data = theta[:8].view(2, 4).T, theta[8:12]
        net[2].weight.data, net[2].bias.data = theta[12:16].view(1, 4), theta[16:]
        answers = net(made.x[i])[:, 0]
        assert torch.allclose(made.logits(made.start, made.x)[i], answers, atol=1e-6)
        loss = nn.functional.binary_cross_entropy_with_logits(answers, made.y[i])
        assert torch.allclose(made.full(made.start)[i], loss, atol=1e-6)


def test_examples_of_a_step_depend_on_the_step_alone():
    a, b = networks(4, 1), networks(4, 1, hidden=7, activation="relu")
    assert torch.equal(a.x, b.x) and torch.equal(a.y, b.y) and b.start.shape == (4, 29) and len(a) == 4
    assert torch.equal(a.start, networks(4, 1, activation="relu").start)
    first = a.loss(a.start, 3)
    a.loss(a.start, 8)
    assert torch.equal(a.loss(a.start, 3), first) and not torch.equal(a.loss(a.start, 4), first)
    silent = torch.zeros_like(a.start)
    silent[:, -1] = 1.0  # answers 1 everywhere: the loss says which labels were drawn
    other = torch.zeros_like(b.start)
    other[:, -1] = 1.0
    assert torch.equal(a.loss(silent, 5), b.loss(other, 5))
    assert not torch.equal(networks(4, 2).x, a.x)


def test_the_loss_of_a_step_is_fair():
    """Its mean over many steps is the loss of all points."""
    made = networks(2, 0)
    many = torch.stack([made.loss(made.start, t) for t in range(600)])  # [steps, problems]
    error = (many.mean(0) - made.full(made.start)).abs()
    assert (error < 4 * many.std(0) / 600**0.5).all()


def test_the_formula_of_the_gradient_is_that_of_autograd():
    for kind in ({}, {"activation": "relu", "hidden": 6}):
        made = networks(3, 0, **kind)
        theta = made.start + 0.3 * torch.randn(2, *made.start.shape, generator=torch.Generator().manual_seed(1))
        theta.requires_grad_()
        (expected,) = torch.autograd.grad(made.loss(theta, 7).sum(), theta)
        assert torch.allclose(gradient(made, theta, 7), expected, atol=1e-6)


def test_both_classes_are_there_and_can_be_told_apart():
    made = networks(40, 0)
    share = made.y.mean(1)
    assert share.min() > 0.05 and share.max() < 0.95 and 0.4 < share.mean() < 0.6
    assert 0.5 < made.full(made.start).mean() < 1.2
    assert torch.allclose(made.full(torch.zeros_like(made.start)), torch.tensor(math.log(2.0)))


def test_many_trainings_side_by_side():
    for made in (networks(3, 0), Quadratics(3, torch.Generator().manual_seed(0))):
        theta = made.start + torch.randn(5, *made.start.shape, generator=torch.Generator().manual_seed(1))
        apart = torch.stack([gradient(made, each, 2) for each in theta])
        together = gradient(made, theta, 2)
        assert torch.allclose(together, apart, atol=1e-5) and not together.requires_grad
        assert made.full(theta).shape == made.loss(theta, 2).shape == (5, 3)


def test_quadratics_have_their_gradient_and_their_minimum():
    made = Quadratics(6, torch.Generator().manual_seed(0), n=5, scale=2.0)
    wrong = (made.w @ made.start[..., None])[..., 0] - made.y
    assert torch.allclose(gradient(made, made.start, 0), 2 * (made.w.mT @ wrong[..., None])[..., 0], atol=1e-4)
    assert made.full(torch.linalg.solve(made.w, made.y)).max() < 1e-6
    assert torch.allclose(made.full(made.start), wrong.square().sum(-1)) and len(made) == 6
    assert torch.equal(made.w, 2 * Quadratics(6, torch.Generator().manual_seed(0), n=5).w)


def test_one_generator_gives_fresh_problems():
    generator = torch.Generator().manual_seed(0)
    a, b = SmallNetworks(2, generator), SmallNetworks(2, generator)
    assert not torch.equal(a.x, b.x) and not torch.equal(a.loss(a.start * 0 + 1, 0), b.loss(b.start * 0 + 1, 0))
