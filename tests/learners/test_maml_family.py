"""The members of the MAML family against closed forms, plain loops and finite differences, in float64."""

import copy

import pytest
import torch
from torch import nn

from course_lib import Episode, evaluate, load, save
from course_lib.compute.over_tasks import forced
from course_lib.learners import MAML, ImplicitMAML, MAMLPlusPlus, Reptile, loss_of
from course_lib.models import MLP, Conv4
from course_lib.training import outer_step
from tests.learners.maml_cases import LR, assert_same, curves, double, gradient, images, normed, smooth  # noqa: F401


class Outer(nn.Module):
    """The outer loss as a forward, for functional_call."""

    def __init__(self, of):
        super().__init__()
        self.of = of

    def forward(self, episode):
        return self.of.losses(episode)[1]


@pytest.mark.parametrize("batch_norm", ["transductive", "inductive"])
@pytest.mark.parametrize(("network", "options"), [
    (normed, {"steps": 2}),
    (normed, {"steps": 3, "rates": "layer", "multi_step_for": 10}),
    (normed, {"steps": 2, "rates": "weight", "adapts": "body"}),
    (lambda: Conv4(2, size=16, out=3), {"steps": 1}),
    (lambda: Conv4(2, size=16, out=3), {"steps": 2, "adapts": "head"}),
])  # fmt: skip
def test_the_meta_gradient_through_batch_norm_matches_finite_differences(network, options, batch_norm):
    learner = MAMLPlusPlus(network().double(), lr=LR, batch_norm=batch_norm, **options).double()
    episode = images(size=16 if isinstance(learner.backbone, Conv4) else 2)
    names, values = zip(*learner.named_parameters(), strict=True)

    def outer(*values):
        named = {f"of.{name}": value for name, value in zip(names, values, strict=True)}
        return torch.func.functional_call(Outer(learner), named, episode)

    assert torch.autograd.gradcheck(outer, [v.detach().clone().requires_grad_() for v in values],
                                    eps=1e-7, fast_mode=True)  # fmt: skip


@pytest.mark.parametrize("make", [
    lambda: MAML(normed(), 2, LR), lambda: MAML(normed(), 2, LR, order=1, batch_norm="inductive"),
    lambda: MAMLPlusPlus(normed(), 3, LR, batch_norm="step", rates="layer", multi_step_for=9),
    lambda: Reptile(normed(), 3, LR, batch=None), lambda: ImplicitMAML(normed(), 3, LR),
    lambda: MAML(Conv4(2, size=16, out=3), 2, LR, batch_norm="inductive"),
])  # fmt: skip
def test_mapping_over_tasks_and_looping_are_the_same(make):
    learner = make().double()
    episode = images(size=16 if isinstance(learner.backbone, Conv4) else 2)
    found = []
    for at_once in (True, False):
        mine = copy.deepcopy(learner)
        with forced(at_once):
            found.append([mine.losses(episode)[1], *gradient(mine, episode), *mine.buffers()])
            found[-1] += [mine.eval()(episode), evaluate(mine, episode, batch_norm="transductive").losses]
    assert_same(*found)


@pytest.mark.parametrize("make", [MAML, Reptile, ImplicitMAML])
def test_going_through_a_meta_batch_task_by_task_gives_the_same_step(make):
    learner, episode = make(smooth()), curves()
    if make is Reptile:
        learner = Reptile(smooth(), batch=None)
    steps = []
    for at_once in (None, 1, 2):
        mine = copy.deepcopy(learner)
        shown = outer_step(mine.losses, torch.optim.SGD(mine.parameters(), lr=0.3), episode, at_once=at_once)
        steps.append([shown, *mine.parameters()])
    assert_same(steps[0], steps[1])
    assert_same(steps[0], steps[2])


@pytest.mark.parametrize(("adapts", "moves"), [("head", [False, True]), ("body", [True, False]), ("all", [True, True])])
def test_anil_and_boil_adapt_a_part_and_learn_all(adapts, moves):
    learner, episode = MAML(smooth(), 3, LR, adapts=adapts), curves()
    adapted = learner.adapt(episode.support_x, episode.support_y)
    moved = {name: not torch.equal(adapted[name][0], p) for name, p in learner.backbone.named_parameters()}
    assert moved == {"0.weight": moves[0], "0.bias": moves[0], "2.weight": moves[1], "2.bias": moves[1]}
    assert all(g.abs().max() > 1e-6 for g in gradient(learner, episode))


def test_anil_is_gradient_descent_on_fixed_features():
    learner, episode = MAML(smooth(), 2, LR, adapts="head"), curves(tasks=1)
    features, (weight, bias) = learner.backbone[:2](episode.support_x[0]), learner.backbone[2].parameters()
    for _ in range(2):
        error = 2 * (features @ weight.T + bias - episode.support_y[0]) / 5  # slope of the mean square
        weight, bias = weight - LR * error.T @ features, bias - LR * error.sum(0)
    answer = learner.backbone[:2](episode.query_x[0]) @ weight.T + bias
    assert_same([learner(episode)[0]], [answer])
    assert_same(gradient(learner, episode),
                torch.autograd.grad(loss_of(answer, episode.query_y[0]), list(learner.parameters())))  # fmt: skip


@pytest.mark.parametrize("rates", ["layer", "weight"])
def test_learned_rates_begin_as_one_rate_and_get_the_right_gradient(rates):
    """After one step from theta with rate a, d/da of the query loss is minus query gradient times support gradient."""
    episode, net = curves(tasks=1), smooth()
    learner = MAMLPlusPlus(net, 1, LR, rates=rates)
    assert_same([learner(episode)], [MAML(net, 1, LR)(episode)])
    support = torch.autograd.grad(loss_of(net(episode.support_x), episode.support_y), list(net.parameters()))
    adapted = copy.deepcopy(net)
    with torch.no_grad():
        for p, g in zip(adapted.parameters(), support, strict=True):
            p -= LR * g
    query = torch.autograd.grad(loss_of(adapted(episode.query_x), episode.query_y), list(adapted.parameters()))
    right = [-(q * s) if rates == "weight" else -(q * s).sum().view(1) for q, s in zip(query, support, strict=True)]
    assert_same(torch.autograd.grad(learner.losses(episode)[1], list(learner.rates)), right)


def test_steps_beyond_training_use_the_last_learned_rate():
    learner, episode = MAMLPlusPlus(smooth(), 2, LR, rates="layer"), curves()
    with torch.no_grad():
        for rates in learner.rates:
            rates.copy_(torch.tensor([0.0, LR]))
    beyond = learner.adapt(episode.support_x, episode.support_y, steps=4)
    plain = MAML(learner.backbone, 3, LR).adapt(episode.support_x, episode.support_y)  # the first step stands still
    assert_same(beyond.values(), plain.values())


def test_the_multi_step_loss_goes_from_the_mean_over_steps_to_the_last_step():
    learner, episode = MAMLPlusPlus(smooth(), 3, LR, multi_step_for=10), curves()
    path = learner.path(episode.support_x, episode.support_y)
    after = [loss_of(learner.predict(p, episode.query_x), episode.query_y) for p in path[1:]]
    last = MAML(learner.backbone, 3, LR).losses(episode)[1]
    for progress, right in ((0, sum(after) / 3), (5, sum(after) / 6 + after[-1] / 2), (10, last), (50, last)):
        learner.progress = progress
        assert_same([learner.losses(episode)[1]], [right])
    learner.progress = 0
    assert_same([learner.eval().losses(episode)[1]], [last])  # judged by the last step alone


def test_training_can_begin_with_first_order():
    net, episode = smooth(), curves()
    learner = MAMLPlusPlus(net, 2, LR, first_order_for=3)
    for progress, order in ((0, 1), (2, 1), (3, 2)):
        learner.progress = progress
        assert_same(gradient(learner, episode), gradient(MAML(net, 2, LR, order=order), episode))


@pytest.mark.parametrize("make", [MAML, Reptile, ImplicitMAML, lambda *a: MAMLPlusPlus(*a, batch_norm="step")])
def test_inductive_answers_do_not_depend_on_other_queries_and_transductive_ones_do(make):
    learner, episode = make(Conv4(3, size=16, out=3), 2, LR).eval(), images(tasks=1, queries=6)
    other = episode.query_x.clone()
    other[:, 1:] = torch.randn_like(other[:, 1:])
    others = Episode(episode.support_x, episode.support_y, other, episode.query_y)
    assert torch.allclose(learner(episode)[:, 0], learner(others)[:, 0], atol=1e-12)
    assert (learner(episode)[:, 1:] - learner(others)[:, 1:]).abs().max() > 1e-3
    found = [evaluate(learner, e.map(lambda t: t), batch_norm="transductive").losses for e in (episode, others)]
    assert (found[0] - found[1]).abs() > 1e-3
    learner.train()  # MAML's own way in training
    assert (learner(episode)[:, 0] - learner(others)[:, 0]).abs().max() > 1e-3


def test_inductive_batch_norm_by_hand():
    net = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
    with torch.no_grad():
        net[1].weight.copy_(torch.rand(4) + 0.5), net[1].bias.copy_(torch.randn(4))
    x, q = torch.randn(1, 6, 2), torch.randn(1, 3, 2)
    episode = Episode(x, torch.arange(6)[None] % 3, q, torch.arange(3)[None])
    h, g = net[0](x[0]), net[0](q[0])
    mean, var = h.mean(0), h.var(0, unbiased=False)  # of the support set
    right = net[2]((g - mean) / (var + net[1].eps).sqrt() * net[1].weight + net[1].bias)
    assert_same([MAML(net, 0).eval()(episode)[0]], [right])


def test_gathered_statistics_are_those_of_each_step():
    learner, episode = MAMLPlusPlus(normed(), 2, LR, batch_norm="step").double(), images(size=2)
    for _ in range(400):  # the same tasks: averages become their values
        learner.losses(episode)
    with torch.no_grad():
        path = learner.path(episode.support_x, episode.support_y)
        for step, (params, x) in enumerate(zip(path, [episode.support_x] * 2 + [episode.query_x], strict=True)):
            hidden = torch.stack([x[t].flatten(1) @ params["1.weight"][t].T + params["1.bias"][t] for t in range(2)])
            found = learner.gathers.of(step)
            right = hidden.mean(1).mean(0), hidden.var(1, correction=0).mean(0)  # of each task, then over tasks
            assert_same([found["2.running_mean"], found["2.running_var"]], right, 1e-6)
    before = copy.deepcopy(learner.state_dict())
    evaluate(learner, episode)
    assert all(torch.equal(v, before[k]) for k, v in learner.state_dict().items())


@pytest.mark.parametrize("make", [
    MAML, Reptile, ImplicitMAML, lambda n: MAMLPlusPlus(n, batch_norm="step", rates="layer"),
])  # fmt: skip
@pytest.mark.parametrize("batch_norm", ["inductive", "transductive"])
def test_evaluation_leaves_everything_as_it_was(make, batch_norm):
    learner, episode = make(Conv4(2, size=16, out=3)).double(), images()
    learner.backbone[0].eval()
    state, modes = copy.deepcopy(learner.state_dict()), [m.training for m in learner.modules()]
    evaluate(learner, episode, batch_norm=batch_norm)
    assert all(torch.equal(v, state[k]) for k, v in learner.state_dict().items())
    assert [m.training for m in learner.modules()] == modes and learner.backbone[0][1].running_mean is not None
    assert all(p.grad is None for p in learner.parameters())


def test_renaming_the_classes_renames_the_answers():
    """With the head's rows renamed too, or with a head whose rows are all the same."""
    learner, episode = MAML(Conv4(2, size=16, out=3), 2, LR).eval(), images()
    new_name = torch.tensor([2, 0, 1])
    renamed = Episode(episode.support_x, new_name[episode.support_y], episode.query_x, new_name[episode.query_y])
    before = learner(episode)
    moved = copy.deepcopy(learner)
    with torch.no_grad():
        for p in moved.backbone[-1].parameters():
            p[new_name] = p.clone()
    assert_same([moved(renamed)[..., new_name]], [before], 1e-9)
    assert (learner(renamed)[..., new_name] - before).abs().max() > 1e-3  # without: the head prefers places
    for p in learner.backbone[-1].parameters():
        nn.init.zeros_(p)
    assert_same([learner(renamed)[..., new_name]], [learner(episode)], 1e-9)


@pytest.mark.parametrize("make", [
    lambda: MAML(Conv4(2, size=16, out=3), 2, 0.3, adapts="body"),
    lambda: MAMLPlusPlus(Conv4(2, size=16, out=3), 2, 0.3, adapts="body", rates="layer", batch_norm="step",
                         multi_step_for=5),
    lambda: Reptile(Conv4(2, size=16, out=3), 2, 0.3, batch=None), lambda: ImplicitMAML(MLP(), 2, 0.3, 1.5),
])  # fmt: skip
def test_saved_and_loaded(make, tmp_path):
    torch.set_default_dtype(torch.float32)
    learner = make()
    episode = curves() if isinstance(learner.backbone, MLP) else images()
    learner.losses(episode)
    again = load(save(learner, tmp_path / "w.safetensors"))
    assert type(again) is type(learner) and again.config == learner.config
    assert torch.equal(again(episode), learner.eval()(episode))


@pytest.mark.parametrize(("make", "sentence"), [
    (lambda: MAMLPlusPlus(MLP(), rates="all"), "rates must be 'one', 'layer' or 'weight', but it is 'all'"),
    (lambda: MAML(MLP(), batch_norm="none"), "batch_norm must be"),
    (lambda: Reptile(MLP(), batch=0), "batch must be a whole number of at least 1"),
    (lambda: ImplicitMAML(MLP(), strength=0), "strength must be above 0"),
    (lambda: MAML(Conv4(2, size=16, out=2)).losses(images()), "2 outputs, too few for a 3-way task"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
