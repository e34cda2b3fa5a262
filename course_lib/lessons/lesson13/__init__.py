"""What lesson 13, learning to act, needs."""

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
from course_lib.lessons.lesson13.recurrent_policy import Life, RecurrentPolicy, discounted
from course_lib.lessons.lesson13.surrogates import SURROGATES, Tree, bias, dice, lvc, score_surrogate, study

__all__ = [
    "SEARCH", "SURROGATES", "HiddenGoal", "Life", "RecurrentPolicy", "Tree", "adapted", "ascend", "bayes_optimal",
    "best_value", "bias", "dice", "discounted", "exact_value", "expected_reward", "given_away", "greedy", "lvc",
    "on_line", "outcomes", "safe_or_risky", "sampled_gradients", "score_surrogate", "study", "thompson",
    "thompson_walks", "two_parts", "uniform", "values_of_next",
]  # fmt: skip
