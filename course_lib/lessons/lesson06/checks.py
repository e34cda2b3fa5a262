"""Lesson 06: prototypical networks. The judges are in `checks_measures.py`, `checks_means.py`, `checks_losses.py` and
`checks_attention.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.matching import attention
from course_lib.learners.prototypical import as_linear, episode_loss, prototypes
from course_lib.lessons.lesson06.checks_attention import judge_attention
from course_lib.lessons.lesson06.checks_losses import judge_episode_loss
from course_lib.lessons.lesson06.checks_means import judge_linear, judge_prototypes
from course_lib.lessons.lesson06.checks_measures import judge_cosine, judge_distances

EXERCISES = {
    "squared_distances": Exercise(
        squared_distances,
        judge_distances,
        ("For one query q and one point p it is ((q - p) ** 2).sum(). The task is to have all pairs at once.",
         "queries.unsqueeze(2) is [tasks, n, 1, features], points.unsqueeze(1) is [tasks, 1, m, features]. Their "
         "difference is [tasks, n, m, features]; square it and sum over the last axis.",
         "Less memory: |q - p|² = |q|² - 2 q·p + |p|², and all products at once are queries @ points.transpose(1, 2)."),
    ),
    "cosine_similarities": Exercise(
        cosine_similarities,
        judge_cosine,
        ("The cosine of two vectors is their dot product divided by both lengths.",
         "Divide every vector by its length first; then the dot products are the cosines.",
         "F.normalize(queries, dim=-1) @ F.normalize(points, dim=-1).transpose(1, 2)"),
    ),
    "attention": Exercise(
        attention,
        judge_attention,
        ("Nearness first, high for near: cosine_similarities, or minus squared_distances.",
         "Divide it by the temperature. Then softmax over the support examples, the last axis.",
         "near = cosine_similarities(queries, points) if distance == \"cosine\" else -squared_distances(queries, "
         "points); return (near / temperature).softmax(-1)"),
    ),
    "prototypes": Exercise(
        prototypes,
        judge_prototypes,
        ("For one task: for each class k take the rows where labels == k, and their mean over axis 0.",
         "All at once: with member = F.one_hot(labels).to(embeddings.dtype), [tasks, n, way], the sums are "
         "member.transpose(1, 2) @ embeddings.",
         "Divide the sums by member.sum(1).unsqueeze(-1), the number of examples of each class."),
    ),
    "as_linear": Exercise(
        as_linear,
        judge_linear,
        ("Expand -|q - c|². Three terms come out; which of them depend on the class?",
         "2 c·q - |c|² - |q|². The last is the same for all classes, and softmax does not feel it.",
         "return 2 * prototypes, -prototypes.square().sum(-1)"),
    ),
    "episode_loss": Exercise(
        episode_loss,
        judge_episode_loss,
        ("Four steps: prototypes of the support set, squared distances of the queries, softmax of minus them, minus "
         "the logarithm for the right class.",
         "F.cross_entropy does the last two. It wants scores [n, way] and labels [n]: flatten(0, 1) joins tasks and "
         "queries.",
         "scores = -squared_distances(query_z, prototypes(support_z, support_y)); return "
         "F.cross_entropy(scores.flatten(0, 1), query_y.flatten())"),
    ),
}  # fmt: skip
