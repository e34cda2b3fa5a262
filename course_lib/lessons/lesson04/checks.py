"""The exercises of lesson 04: MAML on images. Each has its judge in a file of its own."""

from __future__ import annotations

from course_lib.compute.batch_norm import normalise_by
from course_lib.exercises.engine import Exercise
from course_lib.learners.maml_plus_plus import multi_step_weights
from course_lib.lessons.lesson04.adaptation import classification_loss, feature_gradient, query_dependence
from course_lib.lessons.lesson04.checks_dependence import judge_dependence
from course_lib.lessons.lesson04.checks_head import judge_head
from course_lib.lessons.lesson04.checks_loss import judge_loss
from course_lib.lessons.lesson04.checks_norm import judge_norm
from course_lib.lessons.lesson04.checks_weights import judge_weights

EXERCISES = {
    "classification_loss": Exercise(
        classification_loss,
        judge_loss,
        (
            "network(params, x) gives the scores [n, way].",
            "F.cross_entropy takes scores (not probabilities) and labels, and gives the mean.",
            "return F.cross_entropy(network(params, x), y)",
        ),
    ),
    "feature_gradient": Exercise(
        feature_gradient,
        judge_head,
        (
            "The scores are features @ weight.T + bias. Softmax of them, over the last axis, gives p.",
            "F.one_hot(labels, len(weight)) gives e. By how much a score should move is p - e.",
            "A score moves with the features by its row of `weight`: (p - e) @ weight. The loss is a mean: divide by "
            "the number of examples.",
        ),
    ),
    "normalise_by": Exercise(
        normalise_by,
        judge_norm,
        (
            "Take mean and variance of `reference` over every axis but 1: axes = [0, *range(2, x.ndim)].",
            "reference.var(axes, correction=0, keepdim=True) divides by n. Divide by sqrt(var + eps).",
            "weight and bias are [channels]. weight.view(1, -1, *[1] * (x.ndim - 2)) lines them up with axis 1.",
        ),
    ),
    "query_dependence": Exercise(
        query_dependence,
        judge_dependence,
        (
            "Adapt once, to the support set. Then predict twice: all queries together, and each alone.",
            "episode.query_x[:, i : i + 1] is query i alone, with its task axis. Put the answers together again with "
            "torch.cat(..., 1).",
            "Softmax of both over the last axis; then (together - alone).abs().max().item().",
        ),
    ),
    "multi_step_weights": Exercise(
        multi_step_weights,
        judge_weights,
        (
            "At done = 0 it is [1 / steps] * steps; at done = 1 it is zeros and a 1 at the end.",
            "An early step has (1 - done) / steps. What is missing to 1 goes to the last step.",
            "return [(1 - done) / steps] * (steps - 1) + [(1 - done) / steps + done]",
        ),
    ),
}  # fmt: skip
