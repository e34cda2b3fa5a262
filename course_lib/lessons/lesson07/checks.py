"""Lesson 07: relation networks. What is looked at stands in `checks_concatenation.py` and `checks_ring.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.relation import concatenate_pairs, first_layer
from course_lib.lessons.lesson07.checks_concatenation import judge_first_layer, judge_pairs
from course_lib.lessons.lesson07.checks_ring import judge_matrix, judge_ring
from course_lib.lessons.lesson07.vectors import ring_matrix, ring_task

EXERCISES = {
    "concatenate_pairs": Exercise(
        concatenate_pairs,
        judge_pairs,
        (
            "Give both the same axes first: [tasks, n_query, way, channels, ...].",
            "classes.unsqueeze(1) has an axis for queries, queries.unsqueeze(2) one for classes; expand them.",
            "torch.cat([classes, queries], 3), with axis 3 the channels.",
        ),
    ),
    "first_layer": Exercise(
        first_layer,
        judge_first_layer,
        (
            "Write one output for one pair, on paper, as a sum over its 2 * channels numbers. Which terms know the "
            "class, which the query?",
            "Cut the weight in two: weight[:, :channels] meets the class, weight[:, channels:] the query.",
            "of_class = classes @ left.T is [tasks, way, out]; of_query is [tasks, n_query, out], with the bias. "
            "Add them with an axis for the other: of_class.unsqueeze(1) + of_query.unsqueeze(2).",
        ),
    ),
    "ring_task": Exercise(
        ring_task,
        judge_ring,
        (
            "The angle between two neighbours is 2 * math.pi / way.",
            "The queries' angles are the support angles plus one such step.",
            "torch.stack([angle.cos(), angle.sin()], -1) turns [tasks, way] angles into [tasks, way, 2] points.",
        ),
    ),
    "ring_matrix": Exercise(
        ring_matrix,
        judge_matrix,
        (
            "q @ s is the cosine of the angle between the two, and highest where they are one point. Whose point is q?",
            "A @ s should be the place of the query of that class: s, turned by one place.",
            "So A is the turn of the text, with t the angle of one place: 2 * math.pi / way.",
        ),
    ),
}
