"""The grid: walls, pay and episodes by hand; searches against a loop over goals; Thompson's walk keeps its promises."""

import pytest
import torch

from course_lib.lessons.lesson13.grid import SEARCH, HiddenGoal, thompson_walks


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_goals_are_away_from_the_corner_and_all_are_drawn():
    world = HiddenGoal()
    episode = world.sample(2000, seeded())
    drawn = set(map(tuple, episode.support_y[:, 0].long().tolist()))
    assert drawn == set(world.goals) and len(drawn) == 22 and not drawn & {(0, 0), (0, 1), (1, 0)}
    assert episode.support_x.shape == episode.support_y.shape == (2000, 30, 2)


def test_walls_hold_and_every_episode_begins_in_the_corner():
    world = HiddenGoal(3, 4, 2)
    places, walked = world.start(1), []
    for step, action in enumerate([2, 4, 3, 3, 1, 0, 1, 1]):  # up and left into walls, right, right; down ...
        places = world.move(places, torch.tensor([action]), step)
        walked.append(tuple(places[0].tolist()))
    assert walked == [(0, 0), (0, 0), (0, 1), (0, 2), (1, 0), (1, 0), (2, 0), (2, 0)]
    hidden = torch.tensor([[2.0, 0.0]])
    assert world.pay(hidden, torch.tensor([[2, 0]]), None, None).tolist() == [1.0]
    assert world.pay(hidden, torch.tensor([[0, 2]]), None, None).tolist() == [0.0]
    seen = world.look(torch.tensor([[2, 1]]), torch.tensor([3]), torch.tensor([1.0]), 3)[0]
    assert seen[7] == 1 and seen[:9].sum() == 1 and seen[9:14].tolist() == [0, 0, 0, 1, 0]
    assert seen[14:].tolist() == [1, 0, 0.75]
    again = world.look(torch.tensor([[2, 1]]), torch.tensor([3]), torch.tensor([1.0]), 4)[0]
    assert again[0] == 1 and again[14:].tolist() == [1, 1, 0]  # a new episode: the corner is seen


def test_searches_are_those_of_a_loop_over_goals():
    """On 3 x 3 with five steps: two cells are missed, and the rest is found in the second episode."""
    world = HiddenGoal(3, 5, 2)
    walk = [(1, 0), (2, 0), (2, 1), (1, 1), (1, 2)]
    first = {(2, 0): 4, (2, 1): 3, (1, 1): 2, (1, 2): 1}
    straight = {goal: 6 - sum(goal) for goal in first}
    # (0, 2) after two steps, then (2, 2) after two more: 4 and 2; the other way round 2 and 0.
    assert world.searched(walk) == pytest.approx([10 / 6, (sum(straight.values()) + 4 + 2) / 6])
    assert world.known() == pytest.approx((4 + 4 + 4 + 3 + 3 + 2) / 6)


def test_the_search_walk_is_one_and_no_first_episode_is_paid_more():
    world = HiddenGoal()
    steps = zip(((0, 0), *SEARCH), SEARCH, strict=False)
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 for a, b in steps)
    assert len(set(SEARCH)) == 15 and set(SEARCH[1:]) <= set(world.goals)
    # No goal is one step away; then each step finds one cell at most, and is paid until the end.
    bound = sum(range(1, 15)) / 22
    first, second = world.searched()
    assert first == pytest.approx(bound) and second == pytest.approx(250 / 22) and second < world.known()


def test_thompsons_walks_know_the_goal_once_they_have_met_it():
    world = HiddenGoal(3, 5, 3)
    rewards = thompson_walks(world, 4000, seeded())
    assert rewards.shape == (4000, 3) and (rewards.mean(0).diff() > 0).all()
    met = rewards[:, 0] > 0
    assert (rewards[met, 1] >= 2).all() and torch.equal(rewards[met, 1], rewards[met, 2])  # straight there
    assert torch.equal(thompson_walks(world, 50, seeded(1)), thompson_walks(world, 50, seeded(1)))
