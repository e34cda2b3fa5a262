"""The exercises of lesson 02: baselines, and how to compare them. What is looked at stands beside this file, in
`checks_neighbour.py`, `checks_interval.py`, `checks_probe.py`, `checks_pair.py` and `checks_curve.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners import mean_curve, nearest_neighbour, probe_step
from course_lib.lessons.lesson02.checks_curve import judge_curve
from course_lib.lessons.lesson02.checks_interval import judge_ci95
from course_lib.lessons.lesson02.checks_neighbour import judge_neighbour
from course_lib.lessons.lesson02.checks_pair import judge_pair
from course_lib.lessons.lesson02.checks_probe import judge_probe
from course_lib.statistics import ci95, paired_difference

EXERCISES = {
    "nearest_neighbour": Exercise(
        nearest_neighbour,
        judge_neighbour,
        (
            "squared_distances(queries, points) gives the distance of every query to every support example: "
            "[tasks, n_query, n_support].",
            "argmin(-1) of that says *where* in the support set the nearest example stands: [tasks, n_query].",
            "The labels that stand there: labels.gather(1, positions).",
        ),
    ),
    "ci95": Exercise(
        ci95,
        judge_ci95,
        (
            "A mean of n independent numbers varies less than one of them: by the square root of n.",
            "The standard error is scores.std() / sqrt(n). Tensor.std divides by n - 1, which is right here.",
            "95 % of a normal curve lies within 1.96 standard errors of its middle.",
        ),
    ),
    "paired_difference": Exercise(
        paired_difference,
        judge_pair,
        (
            "Entry i of both belongs to the same task. Make one number a task: the difference.",
            "Now you have one list of numbers. Its mean is the first result.",
            "And ci95 of that list is the second: return differences.mean().item(), ci95(differences)",
        ),
    ),
    "mean_curve": Exercise(
        mean_curve,
        judge_curve,
        (
            "Amplitude and phase are drawn independently, so the mean is (mean amplitude) x (mean of sin(x - phase)).",
            "Write phase = middle + u, with u evenly between -half and half. Then sin(x - phase) is "
            "sin(x - middle) cos(u) - cos(x - middle) sin(u), and the mean of sin(u) is 0.",
            "The mean of cos(u) for u between -half and half is sin(half) / half.",
            "torch.sinc(t) is sin(pi t) / (pi t), and 1 at t = 0: use torch.sinc(torch.tensor(half / torch.pi)).",
        ),
    ),
    "probe_step": Exercise(
        probe_step,
        judge_probe,
        (
            "Forward first: scores = features @ weights, [tasks, n, way]; probabilities = their softmax over classes.",
            "The slope of cross-entropy in the scores is probabilities - one_hot(labels, way).",
            "Chain rule: scores = features @ weights, so the slope in the weights is features.transpose(1, 2) @ error. "
            "The loss is a mean over the n examples: divide by n.",
            "return weights - lr * gradient",
        ),
    ),
}
