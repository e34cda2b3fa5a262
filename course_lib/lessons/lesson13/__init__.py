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

__all__ = [
    "adapted", "ascend", "expected_reward", "on_line", "outcomes", "safe_or_risky", "sampled_gradients", "two_parts",
]  # fmt: skip
