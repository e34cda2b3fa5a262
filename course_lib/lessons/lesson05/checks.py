"""Lesson 05: the MAML family and its price. The judges are in `checks_variants.py`, `checks_implicit.py`,
`checks_likeness.py` and `checks_gap.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.maml import partial_step
from course_lib.learners.reptile import reptile_step
from course_lib.lessons.lesson05.checks_gap import judge_gap
from course_lib.lessons.lesson05.checks_implicit import judge_implicit
from course_lib.lessons.lesson05.checks_likeness import judge_cka
from course_lib.lessons.lesson05.checks_variants import judge_partial, judge_reptile
from course_lib.lessons.lesson05.similarity import linear_cka
from course_lib.lessons.lesson05.toy import implicit_meta_gradient
from course_lib.statistics import unpaired_difference

EXERCISES = {
    "reptile_step": Exercise(
        reptile_step,
        judge_reptile,
        (
            "How far is it from the start to the mean of the ends, and which part of that does the new start go? Ask "
            "row 3: from 0 towards 4 it goes 2.",
            "The mean of the ends of one parameter: torch.stack([end[name] for end in ends]).mean(0).",
            "return {name: p + rate * (mean_of_ends(name) - p) for name, p in start.items()}",
        ),
    ),
    "partial_step": Exercise(
        partial_step,
        judge_partial,
        (
            "Take the gradient of loss(params) with respect to the moving parameters alone.",
            "gradients = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)",
            "new = {name: params[name] - lr * g for name, g in zip(moving, gradients)}. Return all of them: "
            "params | new.",
        ),
    ),
    "implicit_meta_gradient": Exercise(
        implicit_meta_gradient,
        judge_implicit,
        (
            "Where does adapting end? Where the slope of support loss plus pull is 0: "
            "H (adapted - c) + strength (adapted - theta) = 0.",
            "That is a linear system, (H + strength I) adapted = H c + strength theta: torch.linalg.solve(A, b).",
            "With v = H_q (adapted - c_q), solve (I + H / strength) g = v, and return g.",
        ),
    ),
    "linear_cka": Exercise(
        linear_cka,
        judge_cka,
        (
            "Centre first: x = first - first.mean(0), and the same for second. Then the table of likeness is x @ x.T.",
            "A number that is 1 for multiples, whatever the factor, is the cosine: the sum of products, divided by the "
            "two lengths.",
            "With tables k and m: (k * m).sum() / (k.norm() * m.norm()).",
        ),
    ),
    "unpaired_difference": Exercise(
        unpaired_difference,
        judge_gap,
        (
            "The gap is first.mean() - second.mean().",
            "3 and 4 give 5, 5 and 12 give 13: it is the *squares* of the two errors that add up. The squared error of "
            "a mean of n tasks is scores.var() / n.",
            "Half the width is 1.96 times the square root of the sum of the two variances.",
        ),
    ),
}  # fmt: skip
