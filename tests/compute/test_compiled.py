"""The outer step as one list of operations gives the numbers of the outer step. The list is run as it is, without a
compiler, but for one slow test and one in test_training.py."""

import copy

import pytest
import torch
from torch import nn

from course_lib import Episode, fit
from course_lib.compute.compiled import CompiledLosses
from course_lib.learners import (
    MAML,
    ImplicitMAML,
    MAMLPlusPlus,
    MatchingNet,
    PrototypicalNet,
    RelationNet,
    Reptile,
    SiameseNet,
)
from course_lib.models import MLP, Conv4
from course_lib.tasks import Sinusoids
from course_lib.training import outer_step


@pytest.fixture
def compiled(monkeypatch):
    """What was handed to the compiler, which does nothing."""
    found = []
    monkeypatch.setattr(torch, "compile", lambda listed, **_: found.append(listed) or listed)
    return found


def curves(seed=1, tasks=4):
    return Sinusoids(shot=5, query=6).sample(tasks, torch.Generator().manual_seed(seed)).map(torch.Tensor.double)


def images(seed=1, tasks=2):
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(tasks, 9, 1, 28, 28, generator=generator, dtype=torch.float64)  # [tasks, support and query, ...]
    y = torch.arange(9).remainder(3).expand(tasks, -1)  # [tasks, support and query]
    return Episode(x[:, :3], y[:, :3], x[:, 3:], y[:, 3:], way=3)


def small():
    return nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))


LEARNERS = {
    "MAML": (lambda: MAML(small(), 2, 0.1), curves),
    "first order": (lambda: MAML(small(), 2, 0.1, order=1), curves),
    "head": (lambda: MAML(small(), 2, 0.1, adapts="head"), curves),
    "a rate each": (lambda: MAMLPlusPlus(small(), 2, 0.1, rates="weight"), curves),
    "Reptile": (lambda: Reptile(small(), 3, 0.1, batch=4), curves),
    "implicit": (lambda: ImplicitMAML(small(), 2, 0.1, solver_steps=2), curves),
    "dropout": (lambda: MAML(nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.3), nn.Linear(8, 1)), 1, 0.1), curves),
    "images": (lambda: MAML(Conv4(4, out=3), 1, 0.1), images),
    "gathers": (lambda: MAMLPlusPlus(Conv4(4, out=3), 2, 0.1, batch_norm="step", rates="layer"), images),
    "prototypical": (lambda: PrototypicalNet(Conv4(4)), images),
    "matching": (lambda: MatchingNet(Conv4(4)), images),
    "siamese": (lambda: SiameseNet(Conv4(4), 4), images),
    "relation": (lambda: RelationNet(Conv4(4, maps=True), 4), images),
}


def trained(learner, losses, episodes):
    optimizer = torch.optim.SGD(learner.parameters(), lr=0.05)
    torch.manual_seed(0)
    shown = []
    for step, episode in enumerate(episodes):
        learner.progress = step
        shown.append(outer_step(losses, optimizer, episode, at_once=learner.tasks_at_once))
    return torch.stack(shown)


@pytest.mark.parametrize("name", LEARNERS)
def test_three_outer_steps_are_those_of_the_learner(name, compiled):
    make, tasks = LEARNERS[name]
    torch.manual_seed(0)
    one = make().double().train()
    other, episodes = copy.deepcopy(one), [tasks(seed) for seed in range(3)]
    start = copy.deepcopy(one.state_dict())
    plain, fast = trained(one, one.losses, episodes), trained(other, CompiledLosses(other), episodes)
    torch.testing.assert_close(fast, plain, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(other.state_dict(), one.state_dict(), rtol=1e-9, atol=1e-11)
    assert len(compiled) == 1 and any(not torch.equal(start[key], value) for key, value in one.state_dict().items())


def test_what_is_frozen_or_unused_gets_no_gradient(compiled):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.spare, self.head = nn.Linear(1, 8), nn.Linear(1, 1), nn.Linear(8, 1)
            self.body.requires_grad_(False)

        def forward(self, x):
            return self.head(self.body(x).tanh())

    learner = PrototypicalNet(Net()).double().train()
    episode = images().map(lambda t: t.mean((-1, -2)) if t.is_floating_point() else t)  # [tasks, n, 1]
    outer_step(CompiledLosses(learner), torch.optim.SGD(learner.parameters()), episode)
    net = learner.backbone
    assert net.body.weight.grad is None and net.spare.weight.grad is None and net.head.weight.grad.abs().sum() > 0


def test_a_size_is_compiled_once(compiled):
    learner = MAML(small()).double().train()
    losses = CompiledLosses(learner)
    for tasks in (4, 2, 4, 2):
        found = losses(curves(tasks=tasks))
        torch.testing.assert_close(torch.stack(found), torch.stack(learner.losses(curves(tasks=tasks))))
    assert len(compiled) == 2


def test_compiling_begins_where_the_losses_have_settled(compiled):
    """The multi-step loss changes at every outer step, and the list would keep its first weights."""
    torch.manual_seed(0)
    one = MAMLPlusPlus(small(), 2, 0.1, multi_step_for=2, first_order_for=1).double().train()
    other, episodes = copy.deepcopy(one), [curves(seed) for seed in range(4)]
    losses = CompiledLosses(other)
    trained(other, losses, episodes[:2])
    assert not compiled and other.settles_at == 2
    trained(one, one.losses, episodes)
    other.load_state_dict(copy.deepcopy(one.state_dict()))
    other.progress = one.progress
    torch.testing.assert_close(torch.stack(losses(episodes[0])), torch.stack(one.losses(episodes[0])))
    assert len(compiled) == 1


def test_a_run_that_was_cut_goes_on_bit_for_bit(compiled, tmp_path):
    def run(*parts, **options):
        torch.manual_seed(0)
        learner = MAML(MLP((1, 8, 1)), 1, 0.1)
        for steps in parts:
            torch.manual_seed(0)
            learner = MAML(MLP((1, 8, 1)), 1, 0.1)
            fit(learner, Sinusoids(5, query=5), steps, meta_batch=3, device="cpu", compile=True, progress=False,
                **options)  # fmt: skip
        return list(learner.parameters())

    whole, cut = run(6), run(3, 6, checkpoint=tmp_path / "run")
    assert all(torch.equal(a, b) for a, b in zip(whole, cut, strict=True))


def test_what_cannot_be_listed_is_said(compiled):
    class Decides(MAML):
        def losses(self, episode):
            inner, outer = super().losses(episode)
            return inner, outer * (2 if outer > 0 else 1)

    with pytest.raises(ValueError, match="Decides cannot be compiled here .*takes no decision by a value.*the same"):
        fit(Decides(small()), Sinusoids(5), 2, device="cpu", compile=True, progress=False)


def test_a_machine_without_a_compiler_is_told(monkeypatch):
    def no_compiler(function, **_):
        def call(*args):
            raise RuntimeError("Compiler: cl is not found.\nand much more")

        return call

    monkeypatch.setattr(torch, "compile", no_compiler)
    with pytest.raises(ValueError, match=r"cl is not found.\). Compiling needs a C\+\+ compiler.*Leave compile=True"):
        fit(MAML(small()), Sinusoids(5), 2, device="cpu", compile=True, progress=False)


@pytest.mark.slow
def test_with_the_compiler_of_this_machine():
    learner = MAML(small(), 2, 0.1).double().train()
    inner, outer = CompiledLosses(learner)(curves())
    plain = learner.losses(curves())
    torch.testing.assert_close((inner, outer), plain, rtol=1e-10, atol=1e-12)
    fast, slow = (torch.autograd.grad(loss, list(learner.parameters())) for loss in (outer, plain[1]))
    torch.testing.assert_close(fast, slow, rtol=1e-9, atol=1e-11)
