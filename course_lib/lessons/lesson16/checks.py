"""Lesson 16: limits and good practice. What is looked at stands in `checks_leave.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson16.break_even import paid_after
from course_lib.lessons.lesson16.checks_deletion import judge_deletion
from course_lib.lessons.lesson16.checks_even import judge_even
from course_lib.lessons.lesson16.checks_leave import judge_leave
from course_lib.lessons.lesson16.checks_median import judge_median
from course_lib.lessons.lesson16.checks_random import judge_random
from course_lib.lessons.lesson16.deletion import deletion_curve
from course_lib.lessons.lesson16.explanation_tests import randomised_similarity
from course_lib.lessons.lesson16.influence import leave_one_out
from course_lib.lessons.lesson16.robust_prototypes import robust_prototypes

EXERCISES = {
    "paid_after": Exercise(
        paid_after,
        judge_even,
        (
            "With n tasks it costs once + n * each, or n * instead. What does each task bring back?",
            "It brings back saved = instead - each, if that is above 0. once // saved tasks bring back no more than "
            "`once`.",
            "One task more makes it cheaper: once // saved + 1. Where saved is 0 or less: math.inf.",
        ),
    ),
    "leave_one_out": Exercise(
        leave_one_out,
        judge_leave,
        (
            "Write a function for the log probabilities first, of a support set of which some examples are left out. "
            "Then call it once with all examples, and once without each.",
            "Keep a column for each class, way = labels.max() + 1, also for one that has lost everybody: its score is "
            "-inf, before log_softmax.",
            "scores = -(query_z[:, None] - means).square().sum(-1), then scores.log_softmax(-1).gather(1, targets[:, "
            "None])[:, 0]. With all minus without each, stacked along the last axis.",
        ),
    ),
    "robust_prototypes": Exercise(
        robust_prototypes,
        judge_median,
        (
            "For each class: points = support_z[labels == k], and at = points.mean(0). Then a loop of `steps` rounds.",
            "In a round: distances from `at` to each point, and weights 1 / distance. A weighted mean is divided by "
            "the sum of the weights.",
            "weights = 1 / (points - at).norm(dim=1, keepdim=True).clamp(min=nearest); at = (weights * points).sum(0) "
            "/ weights.sum().",
        ),
    ),
    "deletion_curve": Exercise(
        deletion_curve,
        judge_deletion,
        (
            "importance.flatten().argsort(descending=True) names the patches, the most important first. Patch i is "
            "in row i // columns and column i % columns.",
            "A patch is height // rows pixels high and width // columns wide. Fill it in a copy of the last picture, "
            "so that filled patches stay filled.",
            "Keep the picture as it is and all the copies in a list; score(torch.stack(pictures)) gives the curve.",
        ),
    ),
    "randomised_similarity": Exercise(
        randomised_similarity,
        judge_random,
        (
            "First the map of the trained network. Then a copy of the network, copy.deepcopy(network), which may be "
            "changed.",
            "for layer in reversed(network), with the copy: pass over those without parameters, renew the others, and "
            "explain the copy each time.",
            "any(True for _ in layer.parameters()) says whether there are weights. After renew(layer): "
            "rank_correlation(trained, explain(network, picture)).",
        ),
    ),
}
