"""Reptile and implicit MAML: their outer gradients against loops and closed forms, and memory; in float64."""

import copy
import gc

import pytest
import torch
from torch import nn

from course_lib import Episode
from course_lib.compute.memory import peak_bytes
from course_lib.learners import MAML, ImplicitMAML, MAMLPlusPlus, Reptile, conjugate_gradients, loss_of
from course_lib.learners.base import with_gradient
from course_lib.models import MLP
from course_lib.training import outer_step
from tests.learners.maml_cases import LR, assert_same, curves, double, gradient, smooth  # noqa: F401


@pytest.mark.parametrize("tasks", [1, 3])
def test_reptile_moves_by_the_mean_displacement(tasks):
    net, episode = smooth(), curves(tasks)
    learner = Reptile(net, steps=4, lr=LR, batch=None)
    ends = []
    for t in range(tasks):
        copied = copy.deepcopy(net)
        sgd = torch.optim.SGD(copied.parameters(), lr=LR)
        x = torch.cat([episode.support_x[t], episode.query_x[t]])
        y = torch.cat([episode.support_y[t], episode.query_y[t]])
        for _ in range(4):
            sgd.zero_grad()
            loss_of(copied(x)[None], y[None]).backward()
            sgd.step()
        ends.append(list(copied.parameters()))
    start = [p.detach().clone() for p in net.parameters()]
    outer_step(learner.losses, torch.optim.SGD(net.parameters(), lr=0.25), episode)
    right = [s + 0.25 * (torch.stack(e).mean(0) - s) for s, e in zip(start, zip(*ends, strict=True), strict=True)]
    assert_same(net.parameters(), right)


def test_reptile_draws_fresh_small_batches():
    learner = Reptile(nn.Linear(1, 1, bias=False), steps=1, lr=1.0, batch=3)
    nn.init.zeros_(learner.backbone.weight)
    x, y = torch.ones(1, 4, 1), torch.tensor([1.0, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7]).view(1, 8, 1)
    episode = Episode(x, y[:, :4], x, y[:, 4:])
    sums = set()
    for _ in range(20):  # from 0, with x = 1, a step of rate 1 goes to 2/3 of the sum of three targets
        total = learner.train_on(episode)["weight"].item() * 3 / 2
        digits = sorted(int(d) for d in f"{round(total):08d}")
        assert digits == [0] * 5 + [1] * 3  # three different examples
        sums.add(round(total))
    assert len(sums) > 5


def quadratic(features=4, tasks=2, n=6):
    x, y = torch.randn(tasks, 2 * n, features), torch.randn(tasks, 2 * n, 1)
    return nn.Linear(features, 1, bias=False), Episode(x[:, :n], y[:, :n], x[:, n:], y[:, n:])


def implicit_by_hand(net, episode, strength):
    """Of support loss t H t / 2 - b t and the pull, the lowest point is (H + s I)^-1 (b + s theta)."""
    theta, total, eye = net.weight.detach()[0], 0, torch.eye(net.in_features)
    for xs, ys, xq, yq in zip(*episode.tensors(), strict=True):
        H, b = 2 * xs.T @ xs / len(xs), 2 * xs.T @ ys[:, 0] / len(xs)
        inverse = torch.linalg.inv(H + strength * eye)
        adapted = inverse @ (b + strength * theta)
        total = total + strength * inverse @ (2 * xq.T @ (xq @ adapted - yq[:, 0]) / len(xq))
    return total / episode.n_tasks


def test_the_implicit_gradient_converges_to_the_exact_one():
    net, episode = quadratic()
    right = implicit_by_hand(net, episode, 2.0)
    errors = []
    for solver_steps in (0, 1, 2, 3, 4):  # four numbers: four steps solve it
        learner = ImplicitMAML(net, steps=200, lr=0.1, strength=2.0, solver_steps=solver_steps)
        errors.append((gradient(learner, episode)[0][0] - right).norm().item())
    assert errors == sorted(errors, reverse=True) and errors[0] > 1e-2 and errors[-1] < 1e-10
    few = ImplicitMAML(net, steps=3, lr=0.1, strength=2.0, solver_steps=4)
    assert (gradient(few, episode)[0][0] - right).norm() > 1e-4  # steps that do not arrive give another gradient


def test_the_implicit_gradient_is_that_of_many_differentiated_steps():
    """MAML on the pulled loss, differentiated through its many steps, agrees: on a network, not only a quadratic."""
    net, episode = smooth(), curves(tasks=2)

    class Pulled(ImplicitMAML):
        losses = MAML.losses

    pulled = Pulled(net, steps=300, lr=0.1, strength=2.0)
    pulled.order = 2
    implicit = ImplicitMAML(net, steps=300, lr=0.1, strength=2.0, solver_steps=30)
    assert_same(gradient(implicit, episode), gradient(pulled, episode), 1e-8)


@pytest.mark.parametrize(("make", "grows"), [(MAML, True), (ImplicitMAML, False), (Reptile, False)])
def test_peak_memory_against_adaptation_steps(make, grows):
    x, y = torch.randn(2, 1, 200, 1)
    episode, network = Episode(x, y, x, y), MLP((1, 100, 100, 1))

    def peak(steps):
        return peak_bytes(lambda: make(network, steps, LR).losses(episode)[1].backward())

    assert (peak(9) > 2 * peak(3)) if grows else (peak(9) == peak(3))


@pytest.mark.parametrize("make", [
    Reptile, ImplicitMAML, lambda net: MAMLPlusPlus(net, 2, rates="layer", multi_step_for=9),
])  # fmt: skip
def test_memory_does_not_grow_over_outer_steps(make):
    learner, episode = make(nn.Linear(1, 1)), curves()
    optimizer = torch.optim.SGD(learner.parameters(), lr=0.01)

    def tensors_after(steps):
        for _ in range(steps):
            outer_step(learner.losses, optimizer, episode)
        gc.collect()
        return sum(issubclass(type(o), torch.Tensor) for o in gc.get_objects())

    assert tensors_after(5) == tensors_after(40)


def test_conjugate_gradients_solve():
    A, b = torch.randn(5, 5), torch.randn(5)
    A = A @ A.T + torch.eye(5)

    def product(v):
        w = A @ torch.cat([v["a"], v["b"]])
        return {"a": w[:2], "b": w[2:]}

    found = conjugate_gradients(product, {"a": b[:2], "b": b[2:]}, 5)
    assert_same([torch.cat([found["a"], found["b"]])], [torch.linalg.solve(A, b)], 1e-10)
    beyond = conjugate_gradients(product, {"a": b[:2], "b": b[2:]}, 50)  # no 0 / 0 once it is there
    assert_same(beyond.values(), found.values(), 1e-10)
    assert not any(v.any() for v in conjugate_gradients(product, {"a": b[:2] * 0, "b": b[2:] * 0}, 3).values())


def test_with_gradient():
    p = torch.randn(3, requires_grad=True)
    loss = with_gradient(torch.tensor(7.0), [p], [torch.arange(3.0)])
    loss.backward()
    assert loss == 7 and torch.equal(p.grad, torch.arange(3.0))
