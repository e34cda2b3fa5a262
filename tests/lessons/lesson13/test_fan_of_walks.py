"""The fan of a walker: what `ActingMAML` does with the same luck, for one goal, and what sparse rewards make of it."""

import pytest
import torch

from course_lib.lessons.lesson13.fan_of_walks import NEAR, STEPS, WALKS, fan
from course_lib.lessons.lesson13.walkers import new_walker
from course_lib.tasks import Navigation

GOAL = torch.tensor([0.3, -0.2])


@pytest.mark.parametrize("how, sparse", [({}, None), ({"scaled": True}, NEAR), ({"to_go": False}, None)], ids=str)
def test_it_adapts_as_the_learner_does(how, sparse):
    world = Navigation(WALKS * STEPS, WALKS, sparse=sparse)
    walker = new_walker(1, world, **how)
    episode = world.sample(1, torch.Generator().manual_seed(5))
    goals = GOAL.expand_as(episode.support_x)
    path = walker.path(episode.support_x, goals, STEPS)
    found = fan(walker, GOAL, sparse is not None, seed=5)
    for params, walks in zip(path, found.walks, strict=True):
        assert torch.allclose(walker.live(params, episode.query_x).places[0], walks, atol=1e-4)
    lived = walker.live(path[1], episode.support_x[:, WALKS : 2 * WALKS]).places[:, :, 1:]
    paid = (world.rewards(lived, goals[:, :WALKS]) != 0).any(-1).sum()
    assert found.paid[1] == paid
    moved = sum((path[2][name] - path[1][name]).square().sum() for name in path[1]).sqrt().item()
    assert found.moved[1] == pytest.approx(moved, rel=1e-3, abs=1e-6)


def test_returns_are_by_distance_whatever_was_paid():
    found = fan(new_walker(0), GOAL, sparse=True)
    by_hand = [
        sum(-((place - GOAL) ** 2).sum() for walk in walks for place in walk[1:]) / WALKS for walks in found.walks
    ]
    assert torch.allclose(found.returns, torch.stack(by_hand), rtol=1e-4)


def test_where_nobody_is_paid_nothing_moves_and_the_walker_stays_as_it_was():
    walker = new_walker(0)
    before = [p.clone() for p in walker.parameters()]
    found = fan(walker, torch.tensor([5.0, 5.0]), sparse=True)
    assert found.paid == [0] * STEPS and found.moved == [0] * STEPS
    assert torch.allclose(found.walks[0], found.walks[-1], atol=1e-5)
    assert all(torch.equal(a, b) for a, b in zip(before, walker.parameters(), strict=True))
