"""The pulls explorer without a browser: all play the same bandit with the same luck, and nobody looks ahead."""

import io

import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson13 import optimal_pulls
from course_lib.lessons.lesson13.pulls_explorer import PullsExplorer
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy
from course_lib.lessons.lesson13.ten_pulls import BEST, NETWORK, PLAYERS, YOU, TenPulls
from course_lib.tasks.bandits import Bandits, InformativeArm


@pytest.fixture(scope="module")
def policy():
    torch.manual_seed(0)
    policy = RecurrentPolicy(Bandits(3, 4, 0.6), hidden=8)
    torch.nn.init.normal_(policy.chooses.weight)
    return policy


def test_who_pulls_the_same_is_paid_the_same(policy):
    for seed in range(6):
        match = TenPulls(policy, seed)
        for arm in match.actions[NETWORK]:
            match.pull(arm)
        assert match.rewards[YOU] == match.rewards[NETWORK]
        copy = TenPulls(policy, seed)
        for arm in copy.actions[BEST]:
            copy.pull(arm)
        assert copy.rewards[YOU] == copy.rewards[BEST] and copy.given_away(YOU) == pytest.approx(0, abs=1e-6)


def test_the_best_strategy_gives_nothing_away_and_others_do(policy):
    match = TenPulls(policy, 1)
    assert match.given_away(BEST) == pytest.approx(0, abs=1e-6)
    for _ in range(4):
        match.pull(0)  # the safe arm, for ever
    best = optimal_pulls.bayes_optimal(3, 4, 0.6)
    assert match.given_away() == pytest.approx(best - 4 * 0.6, abs=1e-5)  # it learns nothing on its way


def test_pulls_that_are_not_done_do_not_count(policy):
    match = TenPulls(policy, 1)
    assert match.given_away() == 0
    match.pull(0)
    worth = optimal_pulls.values_of_next(((0, 0), (0, 0)), 4, 0.6)
    assert match.given_away() == pytest.approx(max(worth) - worth[0], abs=1e-5)


def test_states_are_what_was_seen(policy):
    match = TenPulls(policy, 2)
    for arm in (1, 2, 1, 0):
        match.pull(arm)
    match.pull(1)  # too late
    paid = match.rewards[YOU]
    assert match.state() == (
        ((paid[0] > 0) + (paid[2] > 0), (paid[0] <= 0) + (paid[2] <= 0)),
        (paid[1] > 0, paid[1] <= 0),
    )
    assert len(match.actions[YOU]) == 4 and match.rewards[YOU][3] == pytest.approx(0.6)


def test_others_show_a_pull_after_yours(policy):
    explorer = PullsExplorer(policy)
    assert explorer.view.parts["rows"].count("#f4f4f4") == 12  # nothing is shown yet
    explorer.arms[0].click()
    assert explorer.view.parts["rows"].count("#f4f4f4") == 9
    assert explorer.match.actions[YOU] == [0] and "safe arm paid 0.6" in explorer.message


def test_what_arms_are_worth_is_shown_when_asked_for_and_chances_at_the_end(policy):
    explorer = PullsExplorer(policy)
    assert "worth now" not in explorer.view.parts["table"]
    explorer.worth.value = True
    worth = explorer.match.worth()
    assert all(f"{value:.3f}" in explorer.view.parts["table"] for value in worth)
    assert "on average" not in explorer.view.parts["table"]
    for _ in range(4):
        explorer.pull(1)
    table = explorer.view.parts["table"]
    assert "worth now" not in table and all(f"{chance:.2f}" in table for chance in explorer.match.chances)


def test_bandits_are_counted_once_and_a_new_one_is_another(policy):
    explorer = PullsExplorer(policy)
    for _ in range(6):
        explorer.pull(2)
    assert [len(explorer.tally[player]) for player in PLAYERS] == [1, 1, 1] and all(b.disabled for b in explorer.arms)
    before = explorer.match.chances
    explorer.again.click()
    assert explorer.match.chances != before and not explorer.match.actions[YOU] and not explorer.arms[0].disabled
    for _ in range(4):
        explorer.pull(0)
    assert "Mean of 2 bandits" in explorer.message and "best strategy" in explorer.message


def test_where_nothing_was_pulled_the_picture_has_a_greedy_one(policy):
    explorer = PullsExplorer(policy, seed=3)
    png, alt = explorer.snapshot()
    assert "who is greedy" in alt and Image.open(io.BytesIO(png)).size[0] > 700
    assert set(explorer.shown_match().actions[YOU]) == {0} and not explorer.match.actions[YOU]  # 0.6 against 0.5
    explorer.pull(1)
    assert "you:" in explorer.snapshot()[1] and explorer.shown_match() is explorer.match


def test_without_a_safe_arm_all_arms_are_numbered():
    explorer = PullsExplorer(RecurrentPolicy(Bandits(2, 3), hidden=4))
    assert explorer.match.arms == ["arm 1", "arm 2"] and "grey" not in explorer.view.page
    explorer.pull(1)
    assert explorer.match.worth() == optimal_pulls.values_of_next(explorer.match.state(), 2)


@pytest.mark.parametrize("wrong", [None, RecurrentPolicy(InformativeArm(), hidden=4)], ids=["none", "informative"])
def test_only_bandits_can_be_played(wrong):
    with pytest.raises(ValueError, match="shipped"):
        PullsExplorer(wrong)
