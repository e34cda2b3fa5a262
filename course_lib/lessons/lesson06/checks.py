"""Lesson 06: prototypical networks. The judges are in `checks_measures.py`, `checks_means.py`, `checks_losses.py` and
`checks_reports.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.prototypical import as_linear, episode_loss, prototypes
from course_lib.lessons.lesson06.checks_losses import judge_episode_loss
from course_lib.lessons.lesson06.checks_means import judge_linear, judge_prototypes
from course_lib.lessons.lesson06.checks_measures import judge_cosine, judge_distances
from course_lib.lessons.lesson06.checks_reports import judge_report
from course_lib.lessons.lesson06.zero_shot import zero_shot_report

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
    "zero_shot_report": Exercise(
        zero_shot_report,
        judge_report,
        ("seen[labels] is [n]: for each image, whether its class is a seen one. distances.argmin(1) is [n]: which "
         "class each image is given.",
         "For the first number seen classes must not win: distances.masked_fill(seen, float(\"inf\")).argmin(1).",
         "Compare with labels, then take the mean over the images of one kind: (named == labels)[seen[labels]]. The "
         "harmonic mean needs an `if`: both accuracies may be 0."),
    ),
}  # fmt: skip
