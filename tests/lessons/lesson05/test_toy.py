"""The toy of lesson 05 in float64: its matrices against autograd, the library's learners and plain loops."""

import pytest
import torch
from torch import nn

from course_lib.learners import MAML, ImplicitMAML, Reptile, loss_of
from course_lib.learners.maml import partial_step
from course_lib.lessons.lesson05.toy import MOVES, VARIANTS, Bowls, implicit_meta_gradient, three_bowls


def random_bowls(steps=3, lr=0.1):
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(4, 2, 2, generator=generator, dtype=torch.float64)
    return Bowls(a @ a.mT + 0.1 * torch.eye(2), torch.randn(4, 2, generator=generator, dtype=torch.float64), lr, steps)


THETA = torch.tensor([0.7, -1.1], dtype=torch.float64)


def linear():
    network = nn.Linear(2, 1, bias=False).double()
    network.weight.data.copy_(THETA)
    return network


def energy(H, c, theta):
    return (theta - c) @ H @ (theta - c) / 2


def test_the_episode_has_the_losses_of_the_bowls():
    bowls = random_bowls()
    episode = bowls.episode()
    for i in range(4):
        task = episode.task(i)
        loss = loss_of(linear()(task.support_x), task.support_y)
        assert loss.item() == pytest.approx(energy(bowls.curvature[i], bowls.lowest[i], THETA).item(), abs=1e-12)


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize(("name", "make"), [
    ("joint", lambda net, k: MAML(net, 0)), ("MAML", lambda net, k: MAML(net, k, 0.1)),
    ("first order", lambda net, k: MAML(net, k, 0.1, order=1)),
    ("Reptile", lambda net, k: Reptile(net, k, 0.1, batch=None)),
    ("implicit MAML", lambda net, k: ImplicitMAML(net, 500, 0.1, strength=2.0, solver_steps=2)),
])  # fmt: skip
def test_outer_gradients_are_those_of_the_library(name, make, steps):
    bowls, net = random_bowls(steps), linear()
    gradient = torch.autograd.grad(make(net, steps).losses(bowls.episode())[1], net.weight)[0][0]
    gradient = gradient / (0.1 * steps) if name == "Reptile" else gradient
    assert torch.allclose(bowls.outer_gradient(name, THETA), gradient, atol=1e-10)


@pytest.mark.parametrize("name", MOVES)
def test_anil_and_boil_move_one_weight(name):
    bowls, moving = random_bowls(2), ["b"] if name == "ANIL" else ["a"]
    params = {n: v.clone().requires_grad_() for n, v in zip("ab", THETA, strict=True)}
    total = 0
    for H, c in zip(bowls.curvature, bowls.lowest, strict=True):
        now = params
        for _ in range(2):
            now = partial_step(lambda p, H=H, c=c: energy(H, c, torch.stack([p["a"], p["b"]])), now, 0.1, moving)
        total = total + energy(H, c, torch.stack([now["a"], now["b"]])) / 4
    assert total.item() == pytest.approx(bowls.objective(name, THETA).item(), abs=1e-12)
    gradient = torch.stack(torch.autograd.grad(total, list(params.values())))
    assert torch.allclose(bowls.outer_gradient(name, THETA), gradient, atol=1e-12)


@pytest.mark.parametrize("name", ["joint", "MAML", "implicit MAML", "ANIL", "BOIL"])
def test_where_the_gradient_is_exact_it_is_that_of_the_objective_and_settles_at_its_lowest_point(name):
    bowls, theta = random_bowls(), THETA.clone().requires_grad_()
    gradient = torch.autograd.grad(bowls.objective(name, theta), theta)[0]
    assert torch.allclose(gradient, bowls.outer_gradient(name, THETA), atol=1e-12)
    end = bowls.settles(name)
    around = end + 1e-3 * torch.randn(50, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert (bowls.objective(name, around) > bowls.objective(name, end)).all()


@pytest.mark.parametrize("name", VARIANTS)
def test_the_path_is_gradient_descent_and_ends_where_the_gradient_is_zero(name):
    bowls = three_bowls()
    assert bowls.outer_gradient(name, bowls.settles(name)).abs().max() < 1e-12
    rate = 0.5 / torch.linalg.eigvalsh(bowls.pull(name).mean(0)).max()
    theta, path = THETA, bowls.path(name, THETA, 5)
    for place in path:
        assert torch.allclose(place, theta, atol=1e-12)
        theta = theta - rate * bowls.outer_gradient(name, theta)
    assert torch.allclose(bowls.path(name, THETA, 5000)[-1], bowls.settles(name), atol=1e-8)


def test_equal_curvatures_bring_all_to_the_plain_mean_and_one_step_makes_reptile_joint():
    bowls = three_bowls(1, steps=4)
    assert all(torch.allclose(bowls.settles(name), bowls.lowest.mean(0), atol=1e-10) for name in VARIANTS)
    bowls = three_bowls(8, steps=1)
    assert torch.allclose(bowls.pull("Reptile"), bowls.pull("joint"), atol=1e-12)


def test_the_implicit_gradient_of_the_lesson_is_that_of_the_toy():
    bowls = random_bowls()
    each = [implicit_meta_gradient(THETA, (H, c), (H, c), 2.0)
            for H, c in zip(bowls.curvature, bowls.lowest, strict=True)]  # fmt: skip
    assert torch.allclose(torch.stack(each).mean(0), bowls.outer_gradient("implicit MAML", THETA), atol=1e-12)
