"""Baselines against closed forms, plain loops and autograd, in float64."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib import Episode, evaluate, fit, load, save
from course_lib.learners import (
    FineTune,
    Joint,
    LinearProbe,
    NearestNeighbour,
    PrototypicalNet,
    mean_curve,
    nearest_neighbour,
    probe_step,
)
from course_lib.models import MLP, Conv4
from course_lib.tasks import Sinusoids


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def episode_of(way=3, shot=2, n_query=5, tasks=2, shape=(6,), seed=0):
    y = torch.arange(way).repeat(shot).expand(tasks, -1)
    query_y = torch.randint(way, (tasks, n_query), generator=torch.Generator().manual_seed(seed))
    support_x, query_x = numbers(tasks, way * shot, *shape, seed=seed), numbers(tasks, n_query, *shape, seed=9)
    return Episode(support_x, y, query_x, query_y, way)


def body(features=4, n_in=6):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(n_in, features), nn.Tanh()).double()


def images_body():
    torch.manual_seed(0)
    return Conv4(4, size=16).double()


ADAPTING = {
    "nearest neighbour": lambda: NearestNeighbour(),
    "linear probe": lambda: LinearProbe(body(), steps=7, lr=2.0),
    "fine-tune": lambda: FineTune(body(), steps=5, lr=1e-2),
    "fine-tune with batch normalisation": lambda: FineTune(nn.Sequential(body(), nn.BatchNorm1d(4).double()), 5, 1e-2),
}
adapting = pytest.mark.parametrize("learner", [make() for make in ADAPTING.values()], ids=ADAPTING)


@adapting
def test_the_order_of_the_support_set_does_not_matter(learner):
    e = episode_of()
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    shuffled = Episode(e.support_x[:, order], e.support_y[:, order], e.query_x, e.query_y, e.way)
    assert torch.allclose(learner(shuffled), learner(e), atol=1e-9)


@adapting
def test_renaming_the_classes_renames_the_answers(learner):
    e = episode_of()
    new = torch.tensor([2, 0, 1])
    renamed = Episode(e.support_x, new[e.support_y], e.query_x, e.query_y, e.way)
    assert torch.allclose(learner(renamed)[..., new], learner(e), atol=1e-9)


@adapting
def test_a_query_does_not_feel_other_queries_nor_a_task_other_tasks(learner):
    e = episode_of()
    adapted = learner.adapt(e.support_x, e.support_y, e.way)
    together = learner.predict(adapted, e.query_x)
    assert torch.allclose(learner.predict(adapted, e.query_x[:, :1]), together[:, :1], atol=1e-12)
    assert torch.allclose(learner(e.task(1)), learner(e)[1:], atol=1e-12)


@adapting
def test_the_support_set_is_read(learner):
    e = episode_of()
    other = Episode(e.support_x.flip(1), e.support_y, e.query_x, e.query_y, e.way)
    assert not torch.allclose(learner(other), learner(e), atol=1e-3)


@adapting
def test_the_way_is_read_from_the_labels_when_it_is_not_given(learner):
    e = episode_of()
    assert torch.equal(learner.predict(learner.adapt(e.support_x, e.support_y), e.query_x), learner(e))


@pytest.mark.parametrize("make", [LinearProbe, FineTune, PrototypicalNet, lambda b: Joint(b, 4, 3)])
def test_evaluate_leaves_parameters_buffers_modes_and_gradients_alone(make):
    learner = make(images_body()).double().train()
    learner.backbone[1].eval()
    before, modes = copy.deepcopy(learner.state_dict()), [m.training for m in learner.modules()]
    momenta = [m.momentum for m in learner.modules() if isinstance(m, nn.BatchNorm2d)]
    evaluate(learner, episode_of(shape=(1, 16, 16)))
    assert all(torch.equal(v, before[k]) for k, v in learner.state_dict().items())
    assert [m.training for m in learner.modules()] == modes and momenta == [0.1] * 4
    assert all(p.grad is None and p.requires_grad for p in learner.parameters())


# Nearest neighbour


def test_nearest_neighbour_equals_a_loop():
    q, p, y = numbers(2, 5, 3), numbers(2, 4, 3, seed=1), torch.tensor([[2, 0, 1, 0], [1, 1, 0, 2]])
    got = nearest_neighbour(q, p, y)
    for t in range(2):
        for j in range(5):
            gaps = [(q[t, j] - p[t, i]).norm().item() for i in range(4)]
            assert got[t, j] == y[t, gaps.index(min(gaps))]


def test_a_support_image_is_its_own_nearest_neighbour():
    e = episode_of(shape=(1, 5, 5))
    scores = NearestNeighbour().predict((e.support_x, e.support_y, 3), e.support_x)
    assert torch.equal(scores, F.one_hot(e.support_y, 3).double())


def test_nearest_neighbour_has_no_backbone_and_cannot_be_trained():
    with pytest.raises(ValueError, match="has no backbone"):
        NearestNeighbour(nn.Identity())
    with pytest.raises(ValueError, match="no parameters to learn"):
        fit(NearestNeighbour(), Sinusoids(), 1)


# Joint, and the mean that it predicts


@pytest.mark.parametrize(("amplitude", "phase"), [
    ((0.1, 5.0), (0.0, math.pi)), ((1.0, 1.0), (0.3, 0.3)), ((0.0, 2.0), (-1.0, 2.5)), ((2.0, 3.0), (0.0, 2 * math.pi)),
])  # fmt: skip
def test_mean_curve_equals_the_mean_of_many_curves(amplitude, phase):
    x = torch.linspace(-5, 5, 11, dtype=torch.float64)

    def middles(low, high, n=4000):  # the midpoint rule: its error falls with 1 / n^2
        return low + (high - low) * (torch.arange(n, dtype=torch.float64) + 0.5) / n

    curves = middles(*amplitude).mean() * torch.sin(x[:, None] - middles(*phase))  # [x, phases]
    assert torch.allclose(mean_curve(x, amplitude, phase), curves.mean(1), atol=1e-6)


def test_no_blind_answer_beats_the_mean_curve():
    tasks = Sinusoids(query=50)
    e = tasks.sample(4000, torch.Generator().manual_seed(0))

    def error(change):
        return F.mse_loss(mean_curve(e.query_x, tasks.amplitude, tasks.phase) * (1 + change), e.query_y).item()

    assert error(0) < min(error(-0.2), error(0.2))


def test_a_joint_network_does_not_read_the_support_set():
    e, joint = episode_of(), Joint(body(4), 4, 3).double()
    other = Episode(e.support_x + 1, e.support_y, e.query_x, e.query_y, e.way)
    assert torch.equal(joint(e), joint(other)) and torch.allclose(joint(e), joint.head(joint.backbone(e.query_x)))
    inner, outer = joint.losses(e)
    assert outer.item() == pytest.approx(F.cross_entropy(joint(e).flatten(0, 1), e.query_y.flatten()).item())
    outer.backward()
    assert not inner.requires_grad and all(p.grad.abs().max() > 0 for p in joint.parameters())


def test_a_joint_network_refuses_classes_that_are_not_its_own():
    with pytest.raises(ValueError, match="names 7 classes of its own, so it cannot answer a 3-way task"):
        Joint(body(4), 4, 7)(episode_of())
    with pytest.raises(ValueError, match="needs both features and classes"):
        Joint(body(4), features=4)


# Linear probe


def test_probe_step_follows_the_gradient_that_autograd_finds():
    z, y, w = numbers(3, 8, 5), torch.randint(4, (3, 8)), numbers(3, 5, 4, seed=1).requires_grad_()
    losses = [F.cross_entropy(z[t] @ w[t], y[t]) for t in range(3)]  # each task its own mean
    gradient = torch.autograd.grad(sum(losses), w)[0]
    assert torch.allclose(probe_step(w, z, y, 0.7), w - 0.7 * gradient, atol=1e-12)


def test_a_probe_equals_a_loop_over_tasks_and_steps():
    e, learner = episode_of(), LinearProbe(body(), steps=6, lr=1.5)
    for t in range(2):
        z, q = (F.normalize(learner.backbone(x[t]), dim=-1).detach() for x in (e.support_x, e.query_x))
        w = torch.zeros(4, 3, dtype=torch.float64, requires_grad=True)
        for _ in range(6):
            w = w - 1.5 * torch.autograd.grad(F.cross_entropy(z @ w, e.support_y[t]), w)[0]
        assert torch.allclose(learner(e)[t], q @ w, atol=1e-10)


def test_a_probe_of_no_steps_prefers_no_class_and_scale_does_not_matter():
    e = episode_of()
    assert LinearProbe(body(), steps=0)(e).abs().max() == 0
    one, big = LinearProbe(nn.Identity()), LinearProbe(nn.Identity())
    large = Episode(1000 * e.support_x, e.support_y, 1000 * e.query_x, e.query_y, e.way)
    assert torch.allclose(one(e), big(large), atol=1e-9)


def test_gradients_reach_the_backbone_through_the_adaptation_steps():
    learner = LinearProbe(body(), steps=3)
    learner.losses(episode_of())[1].backward()
    assert all(p.grad.isfinite().all() and p.grad.abs().max() > 0 for p in learner.parameters())


def test_a_probe_runs_on_the_meta_device():  # so nothing in it makes a GPU's host wait
    e = episode_of().map(lambda t: t.to("meta"))
    assert LinearProbe(body().to("meta"))(e).shape == (2, 5, 3)
    assert Joint(body(4).to("meta"), 4, 3).to("meta")(e).shape == (2, 5, 3)
    assert NearestNeighbour()(e).shape == (2, 5, 3)


# Fine-tuning


def test_fine_tuning_equals_a_loop():
    e, learner = episode_of(), FineTune(body(), steps=4, lr=0.02)
    net = nn.Sequential(copy.deepcopy(learner.backbone), nn.Linear(4, 3).double())
    nn.init.zeros_(net[1].weight), nn.init.zeros_(net[1].bias)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(4):
        optimizer.zero_grad()
        F.cross_entropy(net(e.support_x[1]), e.support_y[1]).backward()
        optimizer.step()
    assert torch.allclose(learner(e)[1], net(e.query_x[1]), atol=1e-10)


def test_fine_tuning_fits_curves_without_a_head():
    e = Sinusoids(shot=10).sample(2, torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    start = FineTune(MLP(), steps=0)
    tuned = FineTune(start.backbone, steps=60, lr=1e-2)

    def error(learner):
        return F.mse_loss(learner.predict(learner.adapt(e.support_x, e.support_y), e.support_x), e.support_y)

    assert torch.allclose(start(e), start.backbone(e.query_x), atol=1e-5)
    assert error(tuned) < 0.3 * error(start)


def test_batch_normalisation_uses_the_support_set_as_the_trained_network_sees_it():
    e = episode_of()
    learner = FineTune(nn.Sequential(body(), nn.BatchNorm1d(4).double()), steps=3, lr=0.05)
    network = learner.adapt(e.support_x, e.support_y, e.way)[0]
    inside = network[0][0](e.support_x[0])  # [n_support, features], by the final weights
    assert torch.allclose(network[0][1].running_mean, inside.mean(0), atol=1e-10)
    assert torch.allclose(network[0][1].running_var, inside.var(0), atol=1e-10)


def test_fine_tuning_leaves_what_is_frozen_and_fit_refuses():
    e = episode_of()
    frozen = body().requires_grad_(False)
    (network, head), _ = FineTune(frozen).adapt(e.support_x, e.support_y, e.way)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), frozen.parameters(), strict=True))
    assert head.weight.abs().max() > 0 and not torch.allclose(FineTune(frozen)(e), FineTune(body())(e))
    with pytest.raises(ValueError, match="nothing is left to fine-tune"):
        FineTune(frozen).adapt(e.support_x, e.support_x[..., :4])
    with pytest.raises(ValueError, match="learns only within a task"):
        FineTune(body()).losses(e)


@pytest.mark.parametrize("learner", [
    NearestNeighbour(), Joint(MLP()), Joint(Conv4(4, size=16), 4, 9), LinearProbe(Conv4(4, size=16), steps=3, lr=0.5),
    FineTune(MLP(), 2, 0.1),
])  # fmt: skip
def test_every_baseline_comes_back_from_a_file(learner, tmp_path):
    again = load(save(learner, tmp_path / "w.safetensors"))
    assert type(again) is type(learner) and again.config == learner.config
    state = learner.state_dict()
    assert state.keys() == again.state_dict().keys()
    assert all(torch.equal(v, state[k]) for k, v in again.state_dict().items())
