"""What lesson 05 lets a learner write, against independent formulas in float64."""

import copy

import pytest
import torch

from course_lib import statistics
from course_lib.learners import MAML, ImplicitMAML, Reptile
from course_lib.learners.maml import inner_step, partial_step
from course_lib.learners.reptile import reptile_step
from course_lib.lessons.lesson05.toy import implicit_meta_gradient
from course_lib.models import MLP
from course_lib.tasks import Sinusoids


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_reptile_step_is_the_outer_step_of_the_learner():
    torch.manual_seed(0)
    learner = Reptile(MLP((1, 4, 1)).double(), steps=3, lr=0.1, batch=None)
    episode = Sinusoids(3, 3).sample(4, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    start = {name: p.detach().clone() for name, p in learner.backbone.named_parameters()}
    ends = learner.train_on(episode)
    new = reptile_step(start, [{name: end[i].detach() for name, end in ends.items()} for i in range(4)], 0.3)
    learner.losses(episode)[1].backward()
    torch.optim.SGD(learner.parameters(), lr=0.3).step()
    for name, p in learner.backbone.named_parameters():
        assert torch.allclose(new[name], p, atol=1e-12)


def test_a_partial_step_moves_its_part_and_the_gradient_reaches_the_rest():
    params = {name: draw(3, seed=i).requires_grad_() for i, name in enumerate("ab")}

    def loss(p):
        return (p["a"] * p["b"]).sum() ** 2

    new = partial_step(loss, params, 0.1, ["b"])
    inside = (params["a"] * params["b"]).sum()
    assert new["a"] is params["a"] and torch.allclose(new["b"], params["b"] - 0.2 * inside * params["a"])
    by_hand = torch.autograd.grad((params["b"] - 0.2 * inside * params["a"]).sum(), params["a"])[0]
    assert torch.allclose(torch.autograd.grad(new["b"].sum(), params["a"])[0], by_hand, atol=1e-12)
    both = partial_step(loss, params, 0.1, ["a", "b"])
    assert all(torch.equal(both[name], value) for name, value in inner_step(loss, params, 0.1).items())


def test_the_implicit_meta_gradient_is_that_through_the_solution():
    a, b = draw(2, 3, 3)
    theta, c, d = draw(3, 3, seed=1)
    H, H_q = a @ a.T, b @ b.T
    start = theta.clone().requires_grad_()
    adapted = torch.linalg.inv(H + 1.5 * torch.eye(3).to(H)) @ (H @ c + 1.5 * start)
    assert (H @ (adapted - c) + 1.5 * (adapted - start)).abs().max() < 1e-12  # the slope with the pull is zero
    right = torch.autograd.grad((adapted - d) @ H_q @ (adapted - d) / 2, start)[0]
    assert torch.allclose(implicit_meta_gradient(theta, (H, c), (H_q, d), 1.5), right, atol=1e-12)


def test_the_interval_of_a_gap_covers_what_it_claims():
    generator = torch.Generator().manual_seed(0)
    hits = []
    for _ in range(2000):  # true gap 0.5; spreads and numbers of tasks differ
        first = 1.5 + 2 * torch.randn(60, generator=generator)
        second = 1.0 + torch.randn(200, generator=generator)
        gap, half = statistics.unpaired_difference(first, second)
        hits.append(abs(gap - 0.5) <= half)
    assert 0.93 < sum(hits) / len(hits) < 0.97
    gap, half = statistics.unpaired_difference(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 4.0, 2.0]))
    assert gap == 0 and half == pytest.approx(1.96 * (2 / 2 + 4 / 3) ** 0.5)


def test_the_lessons_proximal_learner_differentiates_through_its_steps_and_one_step_feels_no_pull():
    class Proximal(ImplicitMAML):
        losses = MAML.losses

    episode = Sinusoids(4, 4).sample(2, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    torch.manual_seed(0)
    network = MLP((1, 5, 1)).double()
    for steps, same in ((1, True), (2, False)):
        pulled, plain = Proximal(network, steps, 0.05, strength=5.0), MAML(copy.deepcopy(network), steps, 0.05)
        pulled.order = 2
        found = [torch.autograd.grad(m.losses(episode)[1], list(m.parameters())) for m in (pulled, plain)]
        assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(*found, strict=True)) is same
