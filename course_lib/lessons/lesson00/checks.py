"""The exercises of lesson 00: what the sketchpad does between your drawing and its answer."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson00.checks_centre import judge_centre
from course_lib.lessons.lesson00.checks_distances import judge_distances
from course_lib.lessons.lesson00.checks_probabilities import judge_probabilities
from course_lib.lessons.lesson00.drawing import centre
from course_lib.lessons.lesson00.sketch import distances_to, probabilities

EXERCISES = {
    "distances_to": Exercise(
        distances_to,
        judge_distances,
        (
            "query - examples takes the query away from every row of examples at once: [n, values].",
            "Square each difference with .square() or ** 2; then no two can cancel.",
            "Now add up each row: .sum(-1) adds along the last axis and leaves [n].",
            "return (query - examples).square().sum(-1)",
        ),
    ),
    "probabilities": Exercise(
        probabilities,
        judge_probabilities,
        (
            "Softmax is two steps: the exponential of each number, then each row divided by its sum.",
            "Small distances should give large probabilities, so the numbers that enter are the negative distances.",
            "With keepdim=True the sum stays [n, 1], so that each row is divided by its own. For large distances take "
            "each row's smallest distance away first; torch.softmax does that for you.",
            "return torch.softmax(-distances, dim=-1)",
        ),
    ),
    "centre": Exercise(
        centre,
        judge_centre,
        (
            "points.amin(0) is the corner of the box with the smallest x and y; points.amax(0) is the opposite corner.",
            "The middle is half way between the two corners. The sides are their difference; the longer one is its "
            "max().",
            "Move first, then scale: (points - middle) * side / longer.",
            "A dot has longer == 0: return points - middle for it.",
        ),
    ),
}
