"""The exercises of lesson 04: MAML on images. Each has its judge in a file of its own."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson04.adaptation import feature_gradient, query_dependence
from course_lib.lessons.lesson04.checks_dependence import judge_dependence
from course_lib.lessons.lesson04.checks_head import judge_head
from course_lib.lessons.lesson04.checks_images import judge_images
from course_lib.lessons.lesson04.image_gradient import image_meta_gradient

EXERCISES = {
    "image_meta_gradient": Exercise(
        image_meta_gradient,
        judge_images,
        (
            "start = dict(network.named_parameters()) is where every task begins. Go through the tasks with "
            "zip(*episode.tensors()).",
            "A step: adapted = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), adapted, lr). Take "
            "`steps` of them, from adapted = start.",
            "Then the loss of the queries, call(network, adapted, query_x), divided by episode.n_tasks.",
            "torch.autograd.grad(loss, list(start.values())) gives the gradients in the order of the names. Add them "
            "up over the tasks.",
        ),
        leaves_gradients=True,
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
}  # fmt: skip
