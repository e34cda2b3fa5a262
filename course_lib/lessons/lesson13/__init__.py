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
    greedy,
    thompson,
    uniform,
    values_of_next,
)
from course_lib.lessons.lesson13.recurrent_policy import Life, RecurrentPolicy, discounted

__all__ = [
    "SEARCH", "HiddenGoal", "Life", "RecurrentPolicy", "adapted", "ascend", "bayes_optimal", "best_value",
    "discounted", "exact_value", "expected_reward", "greedy", "on_line", "outcomes", "safe_or_risky",
    "sampled_gradients", "thompson", "thompson_walks", "two_parts", "uniform", "values_of_next",
]  # fmt: skip
