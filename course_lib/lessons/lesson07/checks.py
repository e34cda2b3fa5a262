"""Lesson 07: relation networks. The checks are in `relations.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.relation import RelationNet, concatenate_pairs, first_layer, relation_loss
from course_lib.lessons.lesson07.checks_relations import (
    judge_first_layer,
    judge_loss,
    judge_pairs,
    judge_ring,
    judge_scores,
)
from course_lib.lessons.lesson07.vectors import ring_task

EXERCISES = {
    "concatenate_pairs": Exercise(
        concatenate_pairs,
        judge_pairs,
        (
            "Give both the same five axes first: [tasks, n_query, way, channels, ...].",
            "classes.unsqueeze(1) has an axis for queries, queries.unsqueeze(2) one for classes; expand them.",
            "torch.cat([classes, queries], 3), with axis 3 the channels.",
        ),
    ),
    "relation_scores": Exercise(
        RelationNet.relation_scores,
        judge_scores,
        (
            "First embed the queries: z = learner.embed(query_x).",
            "logits = learner.module.score_pairs(concatenate_pairs(adapted, z)), or learner.module(adapted, z).",
            "One sigmoid turns logits into scores between 0 and 1: logits.sigmoid().",
        ),
    ),
    "relation_loss": Exercise(
        relation_loss,
        judge_loss,
        (
            "The target of a pair is 1 if the query is of this class, and 0 if not.",
            "F.one_hot(labels, scores.shape[-1]) holds these targets; make them float.",
            "return ((scores - targets) ** 2).mean()",
        ),
    ),
    "first_layer": Exercise(
        first_layer,
        judge_first_layer,
        (
            "Cut the weight in two: weight[:, :channels] meets the class, weight[:, channels:] the query.",
            "of_class = classes @ left.T is [tasks, way, out]; of_query is [tasks, n_query, out], with the bias.",
            "return of_class.unsqueeze(1) + of_query.unsqueeze(2)",
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
}
