"""Walks to a goal: rewards and the best walk against loops, and the same luck for every policy."""

import pytest
import torch
from torch.testing import assert_close

from course_lib.tasks import Navigation


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_task_is_one_goal_and_its_trajectories_have_their_own_luck():
    episode = Navigation(shot=3, query=4, steps=5).sample(2000, seeded())
    assert episode.support_x.shape == episode.support_y.shape == (2000, 3, 5, 2)
    assert episode.query_x.shape == episode.query_y.shape == (2000, 4, 5, 2) and not episode.is_classification
    goals = episode.query_y[:, 0, 0]
    assert (episode.query_y == goals[:, None, None]).all() and (episode.support_y == goals[:, None, None]).all()
    assert goals.amin() < -0.49 and goals.amax() > 0.49 and goals.abs().amax() <= 0.5
    assert goals.std() == pytest.approx(1 / 12**0.5, rel=0.02)
    luck = torch.cat([episode.support_x, episode.query_x], 1)
    assert luck.mean() == pytest.approx(0, abs=0.01) and luck.std() == pytest.approx(1, rel=0.01)
    assert luck.flatten().unique().numel() > 0.99 * luck.numel()


def walked(goal, steps, world):
    """The return of a walk straight to the goal, step by step."""
    place, total = [0.0, 0.0], 0.0
    for _ in range(steps):
        place = [p + max(-0.1, min(0.1, g - p)) for p, g in zip(place, goal, strict=True)]
        total += world.rewards(torch.tensor(place, dtype=torch.float64), torch.tensor(goal, dtype=torch.float64)).item()
    return total


@pytest.mark.parametrize("sparse", [None, 0.15])
def test_the_best_walk_is_that_of_a_loop(sparse):
    world = Navigation(steps=7, sparse=sparse)
    goals = [[0.31, -0.42], [-0.05, 0.0], [0.5, 0.5]]
    found = world.known_goal(torch.tensor(goals, dtype=torch.float64))
    assert found.tolist() == pytest.approx([walked(goal, 7, world) for goal in goals])


def test_moves_are_cut_off_and_rewards_are_squared_distances_or_a_circle():
    world = Navigation()
    places = world.move(torch.tensor([[0.0, 0.3]]), torch.tensor([[0.5, -7.0]]))
    assert_close(places, torch.tensor([[0.05, 0.2]]))
    assert world.start(torch.ones(4, 3, 20, 2)).shape == (4, 3, 2)
    goal = torch.tensor([[0.05, 0.5]])
    assert world.rewards(places, goal).item() == pytest.approx(-0.09)
    assert Navigation(sparse=0.31).rewards(places, goal).tolist() == [1.0]
    assert Navigation(sparse=0.29).rewards(places, goal).tolist() == [0.0]


@pytest.mark.parametrize("bad", [{"shot": 0}, {"query": 1.5}, {"steps": 0}, {"sparse": 0}, {"sparse": -1.0}])
def test_bad_arguments_get_a_sentence(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Navigation(**bad)
    assert "within 0.2" in repr(Navigation(sparse=0.2))
