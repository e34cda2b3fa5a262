"""What the quizzes of lesson 13 say is true."""

import torch

from course_lib.learners import ActingMAML, GaussianPolicy
from course_lib.lessons.lesson13.exact_bandit import adapted, expected_reward, on_line, safe_or_risky, two_parts
from course_lib.lessons.lesson13.grid import HiddenGoal
from course_lib.lessons.lesson13.optimal_pulls import bayes_optimal, exact_value, greedy, values_of_next
from course_lib.lessons.lesson13.quizzes import QUIZZES
from course_lib.lessons.lesson13.surrogates import dice
from course_lib.tasks import Navigation
from course_lib.tasks.bandits import InformativeArm


def test_only_the_score_rewards_a_start_for_looking():
    """From a start with two risky arms and a safe one, exploring more is better; the path alone says the opposite."""
    given = safe_or_risky(0.5), 4, 8.0
    path, score = two_parts(on_line(0.0), *given)
    towards = on_line(1.0)
    assert (path @ towards) < 0 < ((path + score) @ towards)
    assert expected_reward(on_line(0.1), *given) > expected_reward(on_line(0.0), *given)
    assert QUIZZES["whose credit"].right.startswith("that its first pulls")


def test_a_brick_is_1_and_has_every_derivative():
    x = torch.tensor([-1.2], dtype=torch.float64, requires_grad=True)
    brick = dice(x, torch.ones(1, dtype=torch.float64))
    (slope,) = torch.autograd.grad(brick, x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x)
    assert brick == slope == bend == 1
    assert QUIZZES["a brick"].right.startswith("its derivative")


def test_five_arms_cannot_tell_greedy_from_the_best():
    best, plain = bayes_optimal(5, 10), exact_value(greedy, 5, 10)
    assert (round(best, 2), round(plain, 2)) == (6.66, 6.63) and 0.025 < best - plain < 0.04
    safe = bayes_optimal(5, 10, 0.6), exact_value(greedy, 5, 10, 0.6)
    assert (round(safe[0], 2), round(safe[1], 2)) == (6.71, 6.00)
    assert QUIZZES["greedy is nearly best"].right == "this setting cannot tell"


def test_four_pulls_are_enough_for_a_gamble():
    worth = {left: values_of_next(((0, 0),), left, 0.6) for left in range(1, 12)}
    better = [left for left, (safe, unknown) in worth.items() if unknown > safe]
    assert better == list(range(4, 12)) and QUIZZES["when a gamble pays"].right == "4 or more"
    assert [round(v, 2) for left in (3, 4) for v in worth[left]] == [1.80, 1.78, 2.40, 2.43]


def test_where_nothing_is_paid_nothing_is_learned():
    world = Navigation(sparse=1e-6)
    walker = ActingMAML(GaussianPolicy(), world)
    episode = world.sample(2, torch.Generator().manual_seed(0))
    before, after = walker.path(episode.support_x, episode.support_y, 1)
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert QUIZZES["a reward that nobody meets"].right == "nothing"


def test_a_step_from_nothing_paid_is_no_step_on_the_bandit_either():
    start, counts = torch.zeros(3, dtype=torch.float64), torch.eye(3, dtype=torch.float64)
    assert torch.equal(adapted(start, counts, 0 * safe_or_risky(0.5), 4.0)[0, 0], start)


def test_more_pulls_turn_the_path_and_do_not_put_it_right():
    start = torch.tensor([0.3, 0.1, -0.2], dtype=torch.float64)
    found = []
    for pulls in (1, 2, 4, 8):
        path, score = two_parts(start, safe_or_risky(0.6), pulls, 4.0)
        found.append(round(torch.cosine_similarity(path, path + score, dim=0).item(), 2))
        assert 0.9 < score.norm() / (path + score).norm() < 1.3
    assert found == [-0.49, -0.41, 0.07, 0.35]
    assert QUIZZES["more pulls"].right.endswith("do not put it right")


def test_who_forgets_where_the_goal_is_searches_again():
    grid = HiddenGoal()
    first, second = grid.searched()
    assert first < 5 < 11 < second < grid.known()
    assert QUIZZES["memory wiped"].right == "no more than the first one earned"


def test_the_worst_arm_is_worth_more_than_a_search():
    world = InformativeArm()
    pays = world.draw(1000, torch.Generator().manual_seed(0))
    assert (pays[:, -1] <= 1.0 + 1e-6).all()  # never more than any other arm
    told = pays[:, -1].mean() + 4 * 5
    searched = sum((10 - k) / 10 * 1 + k / 10 * 5 for k in range(1, 6))  # at each pull one arm more has been tried
    assert searched == 11 and told > 20
    assert QUIZZES["a bonus for chance"].right.startswith("it keeps the policy trying")
