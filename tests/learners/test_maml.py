"""MAML: its meta-gradient against closed forms, finite differences and autograd, in float64."""

import pytest
import torch
from torch import nn

from course_lib import Episode, evaluate
from course_lib.learners import loss_of
from course_lib.learners.maml import MAML, inner_step
from course_lib.models import MLP
from course_lib.tasks import Sinusoids

LR = 0.07


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def linear_episode(tasks=3, n=5, features=4):
    x = torch.randn(tasks, 2 * n, features, generator=seeded(), dtype=torch.float64)
    y = torch.randn(tasks, 2 * n, 1, generator=seeded(1), dtype=torch.float64)
    return Episode(x[:, :n], y[:, :n], x[:, n:], y[:, n:])


def linear_learner(steps, order, features=4):
    torch.manual_seed(0)
    return MAML(nn.Linear(features, 1, bias=False).double(), steps, LR, order)


def by_hand(learner, episode):
    """Meta-gradient for linear regression, whose loss is quadratic: H is constant, so a step is
    theta - lr (H theta - b), and its derivative is I - lr H."""
    theta0 = learner.backbone.weight.detach()[0]  # [features]
    total = torch.zeros_like(theta0)
    for xs, ys, xq, yq in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y, strict=True):
        H, b = 2 * xs.T @ xs / len(xs), 2 * xs.T @ ys[:, 0] / len(xs)
        theta, through = theta0, torch.eye(len(theta0), dtype=theta0.dtype)
        for _ in range(learner.config["steps"]):
            theta = theta - LR * (H @ theta - b)
            if learner.config["order"] == 2:
                through = through @ (torch.eye(len(theta0), dtype=theta0.dtype) - LR * H)
        total += through @ (2 * xq.T @ (xq @ theta - yq[:, 0]) / len(xq))
    return total / episode.n_tasks


def meta_gradient(learner, episode):
    _, outer = learner.losses(episode)
    return torch.autograd.grad(outer, list(learner.parameters()))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_meta_gradient_of_a_quadratic_is_the_one_derived_by_hand(steps, order):
    episode, learner = linear_episode(), linear_learner(steps, order)
    (found,) = meta_gradient(learner, episode)
    assert torch.allclose(found[0], by_hand(learner, episode), atol=1e-12, rtol=0)


def test_second_minus_first_order_is_the_hessian_vector_term():
    """One step: d/dtheta L_q(theta - lr g(theta)) = (I - lr H) v, first order is v, so the difference is -lr H v."""
    torch.manual_seed(0)
    net, episode = MLP((1, 6, 1)).double(), Sinusoids(5, 5).sample(1, seeded()).map(lambda t: t.double())
    second, first = (meta_gradient(MAML(net, 1, LR, order), episode) for order in (2, 1))
    support_loss = loss_of(net(episode.support_x), episode.support_y)
    gradient = torch.autograd.grad(support_loss, net.parameters(), create_graph=True)
    inner = sum((g * v.detach()).sum() for g, v in zip(gradient, first, strict=True))
    hessian_vector = torch.autograd.grad(inner, net.parameters())
    for s, f, hv in zip(second, first, hessian_vector, strict=True):
        assert torch.allclose(s - f, -LR * hv, atol=1e-12, rtol=0)
    assert max(hv.abs().max() for hv in hessian_vector) > 1e-3


@pytest.mark.parametrize("steps", [1, 3])
def test_the_meta_gradient_matches_finite_differences(steps):
    torch.manual_seed(0)
    learner = MAML(nn.Sequential(nn.Linear(1, 5), nn.Tanh(), nn.Linear(5, 1)).double(), steps, LR)
    episode = Sinusoids(4, 4).sample(2, seeded()).map(lambda t: t.double())
    names = [name for name, _ in learner.named_parameters()]

    def outer(*values):
        named = {f"of.{name}": value for name, value in zip(names, values, strict=True)}
        return torch.func.functional_call(_Loss(learner), named, episode)

    assert torch.autograd.gradcheck(outer, [p.detach().clone().requires_grad_() for p in learner.parameters()])


class _Loss(nn.Module):
    """The outer loss as a forward, for functional_call."""

    def __init__(self, of):
        super().__init__()
        self.of = of

    def forward(self, episode):
        return self.of.losses(episode)[1]


@pytest.mark.parametrize("order", [1, 2])
def test_adapting_equals_algorithm_1_written_as_loops(order):
    torch.manual_seed(0)
    net = MLP((1, 7, 1)).double()
    episode = Sinusoids(5, 6).sample(3, seeded()).map(lambda t: t.double())
    learner = MAML(net, 3, LR, order)
    total = 0
    for t in range(3):
        weights = list(net.parameters())
        for _ in range(3):
            w1, b1, w2, b2 = weights
            hidden = (episode.support_x[t] @ w1.T + b1).relu()
            loss = (hidden @ w2.T + b2 - episode.support_y[t]).square().mean()
            gradient = torch.autograd.grad(loss, weights, create_graph=order == 2, retain_graph=True)
            weights = [w - LR * g for w, g in zip(weights, gradient, strict=True)]
        w1, b1, w2, b2 = weights
        answer = (episode.query_x[t] @ w1.T + b1).relu() @ w2.T + b2
        assert torch.allclose(learner(episode)[t], answer, atol=1e-12)
        total = total + (answer - episode.query_y[t]).square().mean() / 3
    for mine, theirs in zip(meta_gradient(learner, episode), torch.autograd.grad(total, net.parameters()), strict=True):
        assert torch.allclose(mine, theirs, atol=1e-12)


def test_classification_and_other_networks_adapt_too():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 3, 3), nn.GroupNorm(1, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3)).double()
    x = torch.rand(2, 6, 1, 6, 6, generator=seeded(), dtype=torch.float64)
    y = torch.arange(3).repeat(2, 2)
    net(x[0])
    learner = MAML(net, steps=20, lr=0.5)
    inner, _ = learner.losses(Episode(x, y, x, y))
    before, _ = MAML(net, steps=0).losses(Episode(x, y, x, y))
    assert inner < before - 0.3


def test_a_step_changes_nothing_in_place_and_more_steps_can_be_taken_at_test_time():
    learner, episode = linear_learner(2, 2), linear_episode()
    before = learner.backbone.weight.clone()
    path = learner.path(episode.support_x, episode.support_y, steps=5)
    assert torch.equal(learner.backbone.weight, before) and torch.equal(path[0]["weight"], before.expand(3, 1, 4))
    adapted = learner.adapt(episode.support_x, episode.support_y)
    assert len(path) == 6 and torch.equal(path[2]["weight"], adapted["weight"])
    losses = [loss_of(learner.predict(p, episode.support_x), episode.support_y).item() for p in path]
    assert losses == sorted(losses, reverse=True)


def test_tasks_do_not_touch_one_another_and_support_order_does_not_matter():
    learner, episode = linear_learner(3, 2), linear_episode()
    assert torch.allclose(learner(episode.task(1)), learner(episode)[1:2], atol=1e-12)
    order = torch.randperm(5, generator=seeded())
    shuffled = Episode(episode.support_x[:, order], episode.support_y[:, order], episode.query_x, episode.query_y)
    assert torch.allclose(learner(shuffled), learner(episode), atol=1e-12)


def test_evaluation_adapts_without_gradients_and_leaves_the_start_alone():
    torch.manual_seed(0)
    learner = MAML(MLP(), steps=5, lr=0.01)
    before = {k: v.clone() for k, v in learner.state_dict().items()}
    adapted, unadapted = evaluate(learner, Sinusoids(), 20), evaluate(MAML(learner.backbone, steps=0), Sinusoids(), 20)
    assert adapted.mean < unadapted.mean  # it did adapt, though evaluate switches gradients off
    assert all(torch.equal(v, before[k]) for k, v in learner.state_dict().items())


def test_memory_does_not_grow_over_outer_steps():
    import gc

    learner, episode = linear_learner(3, 2), linear_episode()
    optimizer = torch.optim.SGD(learner.parameters(), lr=0.01)

    def tensors_after(steps):
        for _ in range(steps):
            optimizer.zero_grad()
            learner.losses(episode)[1].backward()
            optimizer.step()
        gc.collect()
        return sum(issubclass(type(o), torch.Tensor) for o in gc.get_objects())

    assert tensors_after(5) == tensors_after(200)


def test_inner_step_by_hand():
    theta = torch.tensor([3.0, -1.0], requires_grad=True)
    new = inner_step(lambda p: (p["t"] ** 2).sum(), {"t": theta}, 0.1)["t"]  # theta - 0.1 * 2 theta
    assert torch.allclose(new, 0.8 * theta)
    assert torch.allclose(*torch.autograd.grad(new.sum(), theta), torch.tensor(0.8))
    first = inner_step(lambda p: (p["t"] ** 2).sum(), {"t": theta}, 0.1, order=1)["t"]
    assert torch.equal(first, new) and torch.allclose(*torch.autograd.grad(first.sum(), theta), torch.tensor(1.0))


@pytest.mark.parametrize(("backbone", "options", "sentence"), [
    (MLP(), {"order": 3}, "order must be 1 or 2"),
    (MLP(), {"steps": -1}, "steps must be a whole number of at least 0"),
    (MLP(), {"adapts": "tail"}, "adapts must be .all., .head., .body., a module.* but it is .tail."),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(backbone, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        MAML(backbone, **options)
