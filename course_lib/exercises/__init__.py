"""The exercises: `check` an answer, ask for a `hint`, see the `solution`; `quiz`, and `predict` before measuring."""

from course_lib.exercises.engine import (
    Course,
    Exercise,
    Problem,
    answer,
    check,
    compare,
    hint,
    quiz,
    solution,
)
from course_lib.exercises.prediction import Prediction, predict
from course_lib.exercises.quiz import Quiz

__all__ = [
    "Course", "Exercise", "Prediction", "Problem", "Quiz", "answer", "check", "compare", "hint", "predict", "quiz",
    "solution",
]  # fmt: skip
