"""Walkers: each differs in what its name says, and returns are those of the start and of each step."""

import pytest
import torch

from course_lib.lessons.lesson13.walkers import WALKERS, new_walker, returns, train_walker
from course_lib.tasks import Navigation


@pytest.mark.parametrize("name", WALKERS)
def test_walkers_differ_in_what_their_name_says(name):
    walker = train_walker(name, 1, steps=1, progress=False)
    plain = new_walker(1)
    found = walker.config | {"order": walker.order}
    differs = {key for key, value in (plain.config | {"order": plain.order}).items() if found[key] != value}
    assert differs == WALKERS[name].keys()


def test_returns_begin_with_the_start_and_leave_the_rate_as_it_was():
    walker = new_walker()
    earned = returns(walker, 6, 2, trajectories=4, lr=0.0)
    assert earned.shape == (3, 6) and torch.allclose(earned[0], earned[2]) and walker.config["lr"] == 0.2
    moved = returns(walker, 6, 2, trajectories=4)
    assert torch.allclose(moved[0], earned[0]) and not torch.allclose(moved[1], earned[1])
    tasks = Navigation(8, 40)
    episode = tasks.sample(6, torch.Generator().manual_seed(999))
    places = walker.predict(walker.adapt(episode.support_x, episode.support_y, steps=0), episode.query_x)
    assert torch.allclose(earned[0], tasks.rewards(places, episode.query_y).sum(2).mean(1))
