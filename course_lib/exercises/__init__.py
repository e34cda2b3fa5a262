"""The exercises: `check` an answer, ask for a `hint`, see the `solution`."""

from course_lib.exercises.engine import Exercise, Problem, check, compare, hint, solution

__all__ = ["Exercise", "Problem", "check", "compare", "hint", "solution"]
