"""The methods in one file: the same losses and gradients as the library's, short, and they run to their end."""

import ast
import importlib.util
import re

import pytest
import torch
from torch.testing import assert_close

from course_lib.learners import MAML, InContext, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.tasks import AnyShot, Scripts, Sinusoids
from tools.notebooks import ROOT

EXACT = {"atol": 1e-6, "rtol": 0}
FILES = sorted((ROOT / "examples").glob("*.py"))


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = {name: example(f"{name}_in_one_file") for name in ("in_context", "maml", "prototypical")}
in_context, maml, prototypical = EXAMPLES.values()


def drawn(tasks, n=1):
    """The episode that everybody gets, in float64."""
    episode = tasks.sample(n, torch.Generator().manual_seed(0))
    return episode.map(lambda t: t.double() if t.is_floating_point() else t)


def start():
    """Parameters of the example's MAML, and an episode."""
    torch.manual_seed(0)
    theta = [p.detach().double().requires_grad_() for p in maml.new_theta()]
    return theta, drawn(Sinusoids(shot=5, query=10), 4)


def with_weights(learner, parameters):
    """The library's learner, in float64, with these parameters, which come in the same order."""
    learner.double().train()
    with torch.no_grad():
        for mine, theirs in zip(learner.parameters(), parameters, strict=True):
            mine.copy_(theirs)
    return learner


def embedding():
    """The example's embedding, and the library's learner with the same weights."""
    torch.manual_seed(0)
    f = prototypical.new_embedding().double()
    return f, with_weights(PrototypicalNet(Conv4(64)), f.parameters())


def reader():
    """The example's reader, and the library's with the same weights."""
    torch.manual_seed(0)
    mine = in_context.Reader().double()
    return mine, with_weights(InContext(), mine.parameters())


def test_there_are_three_and_each_is_read_from_top_to_bottom():
    assert [path.stem for path in FILES] == [f"{name}_in_one_file" for name in EXAMPLES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_short_and_takes_only_data_from_the_course(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 90
    nodes = list(ast.walk(ast.parse(text)))
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    assert {name for name in names if name.startswith("course_lib")} == {"course_lib.tasks"}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_maml_has_the_loss_and_the_outer_gradient_of_the_library(order, steps):
    theta, episode = start()
    # A tenth as the inner rate: at 0.01 the two orders would be too near to one another.
    mine = maml.query_losses(theta, episode, alpha=0.1, steps=steps, order=order).mean()
    learner = with_weights(MAML(MLP((1, 40, 40, 1)), steps, 0.1, order), theta)
    theirs = learner.losses(episode)[1]
    assert_close(mine, theirs, **EXACT)
    gradients = torch.autograd.grad(mine, theta), torch.autograd.grad(theirs, [*learner.parameters()])
    assert_close(*gradients, **EXACT)


def test_maml_first_and_second_order_differ_by_more_than_the_tests_tolerance():
    theta, episode = start()
    first, second = (
        torch.autograd.grad(maml.query_losses(theta, episode, alpha=0.1, order=order).mean(), theta) for order in (1, 2)
    )
    assert max((a - b).abs().max() for a, b in zip(first, second, strict=True)) > 1e-3


def test_maml_takes_the_paper_s_step_when_nothing_is_said():
    theta, episode = start()
    learner = with_weights(MAML(MLP((1, 40, 40, 1)), steps=1, lr=0.01, order=2), theta)
    assert_close(maml.query_losses(theta, episode).mean(), learner.losses(episode)[1], **EXACT)


def test_prototypical_has_the_loss_and_the_gradient_of_the_library():
    (f, learner), episode = embedding(), drawn(Scripts(way=4, shot=2, query=3))
    mine, theirs = prototypical.episode_loss(f, episode), learner.losses(episode)[1]
    assert_close(mine, theirs, **EXACT)
    gradients = (torch.autograd.grad(loss, [*net.parameters()]) for loss, net in ((mine, f), (theirs, learner)))
    assert_close(*gradients, **EXACT)


def test_prototypical_scores_as_the_library_does():
    (f, learner), episode = embedding(), drawn(Scripts(way=4, shot=1, query=3))
    prototypical.episode_loss(f, episode), learner.losses(episode)  # both gather the same statistics of batch norm
    with torch.no_grad():
        theirs = learner.eval()(episode)[0].log_softmax(-1)
        assert_close(prototypical.answers(f.eval(), episode), theirs, **EXACT)


def test_prototypes_do_not_lean_on_the_order_of_the_support_set():
    z, y, order = torch.randn(6, 5), torch.tensor([0, 0, 1, 1, 2, 2]), torch.randperm(6)
    assert_close(prototypical.prototypes(z[order], y[order], 3), prototypical.prototypes(z, y, 3))


@pytest.mark.parametrize("shot", [1, 5])
def test_in_context_has_the_loss_and_the_gradient_of_the_library(shot):
    (mine, learner), episode = reader(), drawn(Sinusoids(shot=shot, query=10), 4)
    here, there = in_context.loss(mine, episode), learner.losses(episode)[1]
    assert_close(here, there, **EXACT)
    gradients = torch.autograd.grad(here, [*mine.parameters()]), torch.autograd.grad(there, [*learner.parameters()])
    assert_close(*gradients, **EXACT)


def test_in_context_takes_the_steps_of_the_library():
    """The same cycle of rates from the same weights: after two steps of Adam the weights are the library's."""
    from course_lib.lessons.lesson09.measured import RECIPES, one_cycle
    from course_lib.training import outer_step

    (mine, learner), curves = reader(), AnyShot(Sinusoids(10, 4))
    torch.manual_seed(3)
    given = [curves.sample(64).map(torch.Tensor.double) for _ in range(40)]
    adam = torch.optim.Adam(learner.parameters(), lr=RECIPES["reader"].lr)
    cycle = one_cycle(RECIPES["reader"].lr, 40)(adam)
    for episode in given:
        outer_step(learner.losses, adam, episode)
        cycle.step()

    class Given:
        def sample(self, n):
            return given.pop(0)

    in_context.train(mine, Given(), 40)
    assert_close([*mine.parameters()], [*learner.parameters()], atol=1e-5, rtol=0)


@pytest.mark.parametrize("name, sizes", [
    ("maml", {"outer_steps": 3}), ("prototypical", {"episodes": 3, "n_tasks": 4}), ("in_context", {"steps": 3}),
])  # fmt: skip
def test_it_runs_to_its_end_and_says_what_was_reached(name, sizes, capsys):
    EXAMPLES[name].main(**sizes)
    said = capsys.readouterr().out
    assert said.startswith("On ") and re.search(r"\d ± \d", said) and "95 % interval" in said and said.endswith(".\n")
