"""Few curves for ever, new points of the same curves, and three errors."""

import pytest
import torch

from course_lib.learners import MAML
from course_lib.lessons.lesson05 import overfitting
from course_lib.lessons.lesson05.overfitting import FewCurves, Proximal, overfit, three_errors
from course_lib.models import MLP
from course_lib.tasks import Sinusoids


def amplitude_and_phase(x, y):
    """Of the wave through these points `[points, 1]`, y = a sin(x) + b cos(x), by least squares; and what is left."""
    basis = torch.cat([x.sin(), x.cos()], 1).double()
    found = torch.linalg.lstsq(basis, y.double()).solution
    return found[:, 0], (basis @ found - y).abs().max()


def test_new_points_lie_on_the_same_curves_and_are_other_points():
    curves = FewCurves(6, seed=3)
    for old, new in zip(curves.episode.split(1), curves.again.split(1), strict=True):
        found = []
        for part in (old, new):
            wave, left = amplitude_and_phase(torch.cat([part.support_x[0], part.query_x[0]]),
                                             torch.cat([part.support_y[0], part.query_y[0]]))  # fmt: skip
            assert left < 1e-5
            found.append(wave)
        torch.testing.assert_close(found[0], found[1], atol=1e-4, rtol=1e-4)
        old_x, new_x = (torch.cat([p.support_x, p.query_x], 1).flatten() for p in (old, new))
        assert not set(old_x.tolist()) & set(new_x.tolist())
    assert curves.episode.support_x.shape == curves.again.support_x.shape == (6, 10, 1)
    assert curves.episode.query_x.shape == (6, 10, 1) and curves.again.query_x.shape == (6, 100, 1)


def test_the_first_ten_of_a_hundred_are_the_ten():
    ten, hundred = FewCurves(10, 1), FewCurves(100, 1)
    assert torch.equal(ten.episode.query_y, hundred.episode.query_y[:10])
    assert torch.equal(ten.again.support_y, hundred.again.support_y[:10])
    drawn = hundred.sample(50, torch.Generator().manual_seed(0))
    known = {tuple(y) for y in hundred.episode.support_y[..., 0].tolist()}
    assert {tuple(y) for y in drawn.support_y[..., 0].tolist()} <= known


def test_three_errors_are_on_what_they_say():
    torch.manual_seed(0)
    learner, curves = MAML(MLP((1, 8, 1)), 1, 0.01), FewCurves(4)
    new = Sinusoids(shot=10, query=20).sample(7, torch.Generator().manual_seed(5))
    found = three_errors(learner, curves, new)
    assert {kind: len(scores) for kind, scores in found.items()} == {"same points": 4, "new points": 4, "new curves": 7}
    for kind, episode in (("same points", curves.episode), ("new points", curves.again), ("new curves", new)):
        after = learner.predict(learner.adapt(episode.support_x, episode.support_y), episode.query_x)
        torch.testing.assert_close(found[kind], (after - episode.query_y).square().mean((1, 2)).detach())


def test_the_proximal_gradient_goes_through_the_steps_with_the_pull():
    """Two steps by hand: the second one feels the pull of 3."""
    torch.manual_seed(0)
    net = MLP((1, 5, 1))
    learner = Proximal(net, 2, 0.05, strength=3.0)
    episode = Sinusoids(shot=5, query=5).sample(1, torch.Generator().manual_seed(0))
    start = dict(net.named_parameters())

    def loss(p, x, y):
        return (torch.func.functional_call(net, p, (x[0],)) - y[0]).square().mean()

    params = start
    for _ in range(2):
        pulled = loss(params, episode.support_x, episode.support_y) + 1.5 * sum(
            (params[n] - p).square().sum() for n, p in start.items()
        )
        slopes = torch.autograd.grad(pulled, list(params.values()), create_graph=True)
        params = {n: p - 0.05 * g for (n, p), g in zip(params.items(), slopes, strict=True)}
    by_hand = torch.autograd.grad(loss(params, episode.query_x, episode.query_y), list(start.values()))
    net.zero_grad()
    learner.losses(episode)[1].backward()
    for p, g in zip(start.values(), by_hand, strict=True):
        torch.testing.assert_close(p.grad, g, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("cure", "kind"), [({}, MAML), ({"pull": 10.0}, Proximal)])
def test_overfit_trains_what_is_asked_for(cure, kind, monkeypatch):
    asked = {}

    def fake(learner, tasks, steps, **options):
        asked.update(options, learner=learner, steps=steps)

    monkeypatch.setattr(overfitting, "fit", fake)
    learner, _ = overfit(FewCurves(2), 5, seed=1, decay=0.3, dropout=0.1, **cure)
    assert type(learner) is kind and asked["learner"] is learner and asked["steps"] == 5 and asked["seed"] == 1
    assert asked["optimizer"](learner.parameters(), lr=0.1).defaults["weight_decay"] == 0.3
    assert [m.p for m in learner.backbone if isinstance(m, torch.nn.Dropout)] == [0.1, 0.1]
