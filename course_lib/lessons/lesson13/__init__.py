"""What lesson 13, learning to act, needs."""

from course_lib.lessons.lesson13 import rl_results
from course_lib.lessons.lesson13.exact_bandit import (
    adapted,
    ascend,
    expected_reward,
    on_line,
    outcomes,
    safe_or_risky,
    sampled_gradients,
    two_parts,
)
from course_lib.lessons.lesson13.fan_of_walks import fan
from course_lib.lessons.lesson13.grid import SEARCH, HiddenGoal, thompson_walks
from course_lib.lessons.lesson13.optimal_pulls import (
    bayes_optimal,
    best_value,
    exact_value,
    given_away,
    greedy,
    thompson,
    uniform,
    values_of_next,
)
from course_lib.lessons.lesson13.policy_recipes import RECIPES, shipped, train_policy
from course_lib.lessons.lesson13.pulls_explorer import PullsExplorer
from course_lib.lessons.lesson13.real_environments import act_in
from course_lib.lessons.lesson13.recurrent_policy import Life, RecurrentPolicy, discounted
from course_lib.lessons.lesson13.start_explorer import StartExplorer
from course_lib.lessons.lesson13.start_line import LINE, start_line
from course_lib.lessons.lesson13.surrogates import SURROGATES, Tree, bias, dice, lvc, score_surrogate, study
from course_lib.lessons.lesson13.walkers import WALKERS, new_walker, returns, train_walker
from course_lib.lessons.lesson13.walkers_explorer import WalkersExplorer

__all__ = [
    "LINE", "RECIPES", "SEARCH", "SURROGATES", "WALKERS", "HiddenGoal", "Life", "PullsExplorer", "RecurrentPolicy",
    "StartExplorer", "Tree", "WalkersExplorer", "act_in", "adapted", "ascend", "bayes_optimal", "best_value",
    "bias", "dice", "discounted", "exact_value", "expected_reward", "fan", "given_away", "greedy", "lvc",
    "new_walker", "on_line", "outcomes", "returns", "rl_results", "safe_or_risky", "sampled_gradients",
    "score_surrogate", "shipped", "start_line", "study", "thompson", "thompson_walks", "train_policy",
    "train_walker", "two_parts", "uniform", "values_of_next",
]  # fmt: skip
