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
from course_lib.lessons.lesson13.optimal_pulls import (
    bayes_optimal,
    best_value,
    exact_value,
    greedy,
    thompson,
    uniform,
    values_of_next,
)

__all__ = [
    "adapted", "ascend", "bayes_optimal", "best_value", "exact_value", "expected_reward", "greedy", "on_line",
    "outcomes", "safe_or_risky", "sampled_gradients", "thompson", "two_parts", "uniform", "values_of_next",
]  # fmt: skip
