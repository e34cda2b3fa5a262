"""The plain meta-gradients against MAML and closed forms; the test of meta-gradients against the five suspects."""

import pytest
import torch
from torch import nn
from torch.func import functional_call

from course_lib import Episode
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson03.bug_hunt import BUGS, SUSPECTS
from course_lib.lessons.lesson03.meta_gradient import (
    best_start,
    maml_outer_step,
    meta_gradient_test,
    quadratic_meta_gradient,
    slope,
)
from course_lib.tasks import Sinusoids


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def smooth_network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def sines(tasks=3):
    return Sinusoids(5, 6).sample(tasks, seeded()).map(lambda t: t.double())


@pytest.mark.parametrize("steps", [1, 3])
def test_the_outer_step_as_loops_is_that_of_maml(steps):
    network, episode = smooth_network(), sines()
    params = {name: p.detach().clone().requires_grad_() for name, p in network.named_parameters()}
    new, outer = maml_outer_step(lambda p, x: functional_call(network, p, (x,)), params, episode, 0.1, 0.03, steps)
    loss = MAML(network, steps, 0.1).losses(episode)[1]
    loss.backward()
    assert torch.allclose(outer, loss, atol=1e-12) and not outer.requires_grad
    for name, p in network.named_parameters():
        assert torch.allclose(new[name], p - 0.03 * p.grad, atol=1e-12)
        assert new[name].is_leaf and new[name].requires_grad and torch.equal(params[name], p)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_closed_form_is_the_meta_gradient_of_maml_on_linear_regression(steps):
    """Mean squared error of x @ w is, up to a constant, (w - c) H (w - c) / 2 with H = 2 x'x / n and x'x c = x'y."""
    x = torch.randn(1, 12, 3, generator=seeded(), dtype=torch.float64)
    y = torch.randn(1, 12, 1, generator=seeded(1), dtype=torch.float64)
    episode = Episode(x[:, :6], y[:, :6], x[:, 6:], y[:, 6:])
    torch.manual_seed(0)
    learner = MAML(nn.Linear(3, 1, bias=False).double(), steps, 0.07)
    learner.losses(episode)[1].backward()

    def quadratic(x, y):
        return 2 * x.T @ x / len(x), torch.linalg.solve(x.T @ x, x.T @ y)[:, 0]

    theta = learner.backbone.weight.detach()[0]
    sets = quadratic(x[0, :6], y[0, :6]), quadratic(x[0, 6:], y[0, 6:])
    found = quadratic_meta_gradient(theta, *sets, 0.07, steps)
    assert torch.allclose(learner.backbone.weight.grad[0], found, atol=1e-10, rtol=0)


@pytest.mark.parametrize("steps", [0, 1, 4])
@pytest.mark.parametrize("order", [1, 2])
def test_at_the_best_start_the_meta_gradients_of_maml_cancel(steps, order):
    """The squared error of w on the one point x is, up to a constant, h (w - c)^2 / 2 with h = 2 x^2."""
    x = torch.tensor([1.4, 0.5, 0.9], dtype=torch.float64).view(3, 1, 1)
    c = torch.tensor([-1.0, 1.0, 3.0], dtype=torch.float64)
    episode = Episode(x, x * c.view(3, 1, 1), x, x * c.view(3, 1, 1))
    learner = MAML(nn.Linear(1, 1, bias=False).double(), steps, 0.2, order)
    nn.init.constant_(learner.backbone.weight, best_start(2 * x[:, 0, 0] ** 2, c, 0.2, steps, order))
    learner.losses(episode)[1].backward()
    assert abs(learner.backbone.weight.grad.item()) < 1e-12
    learner.backbone.weight.grad = None
    nn.init.constant_(learner.backbone.weight, 0.0)
    learner.losses(episode)[1].backward()
    assert abs(learner.backbone.weight.grad.item()) > 0.01  # it is no zero everywhere


def test_slope_of_a_known_function_and_the_network_is_as_before():
    network = nn.Linear(2, 1).double()
    before = [p.detach().clone() for p in network.parameters()]
    w = before[0][0]
    direction = [torch.tensor([[1.0, -2.0]]).double(), torch.zeros(1).double()]
    found = slope(lambda: (network.weight**3).sum(), network, direction)  # 3 w0^2 * 1 + 3 w1^2 * (-2)
    assert found == pytest.approx((3 * w[0] ** 2 - 6 * w[1] ** 2).item(), abs=1e-8)
    assert all(torch.equal(p, b) for p, b in zip(network.parameters(), before, strict=True))


@pytest.mark.parametrize("name", SUSPECTS)
def test_each_suspect_runs_and_only_the_broken_ones_are_found(name):
    network, episode = smooth_network(), sines()
    loss = SUSPECTS[name](network, episode, 0.1)
    right = MAML(network, 1, 0.1).losses(episode)[1]
    assert 0.3 * right < loss < 3 * right  # nothing to see in the losses
    assert bool(meta_gradient_test(SUSPECTS[name], network, episode, 0.1)) == (name in BUGS)


@pytest.mark.parametrize(("name", "words"), [
    ("A", ["but the loss changes by"]), ("C", ["but the loss changes by"]), ("D", ["gets no gradient"]),
    ("E", ["depends on the tasks before it"]),
])  # fmt: skip
def test_each_bug_is_seen_by_its_own_question(name, words):
    faults = meta_gradient_test(SUSPECTS[name], smooth_network(), sines(), 0.1)
    assert len(faults) == len(words) and all(word in fault for word, fault in zip(words, faults, strict=True))


def test_the_library_passes_its_own_test_and_first_order_does_not():
    for order, faulty in ((2, False), (1, True)):

        def outer_loss(network, episode, lr, order=order):
            return MAML(network, 1, lr, order).losses(episode)[1]

        assert bool(meta_gradient_test(outer_loss, smooth_network(), sines(), 0.1)) == faulty
