"""Judge a zero-shot learner where classes that it has seen compete with those that it has not."""

from __future__ import annotations

from torch import nn

from course_lib.compute.seeding import EVALUATE, generator_for
from course_lib.episode import Episode
from course_lib.evaluation import evaluate


def generalised(learner: nn.Module, tasks, n_tasks: int = 20, *, seed: int = 0) -> dict[str, float]:
    """Generalised zero-shot accuracy: every image is named among all classes, seen and unseen together.

    A learner that only ever answers with classes it was trained on is right on seen classes and scores nothing on
    unseen ones. The harmonic mean is high only where both are.

    Args:
        learner: any `Learner` that takes descriptions of classes.
        tasks: zero-shot tasks that hold all their classes, such as `Syllabics(60, split="all")`; with `attributes`
            `[classes, n_attributes]` and `seen` `[classes]`.
        n_tasks: how many tasks.
        seed: which tasks.

    Returns: accuracies, as fractions, over the images of `seen` and of `unseen` classes, and their `harmonic` mean.

    Raises:
        ValueError: if a task does not hold all classes, or all of them are seen, or none.

    Source: Xian et al. 2017 (arXiv:1707.00600), the harmonic mean of accuracies on seen and unseen classes.
    """
    if tasks.way != len(tasks.seen) or tasks.seen.all() or not tasks.seen.any():
        raise ValueError(
            f"tasks must hold all classes, seen and unseen ones, but a task holds {tasks.way} of {len(tasks.seen)} "
            f'classes, of which {int(tasks.seen.sum())} are seen; use Syllabics(60, split="all").'
        )
    episode = Episode.cat(tasks.sample(1, generator_for(seed, EVALUATE, i)) for i in range(n_tasks))
    same = (episode.support_x.unsqueeze(2) == tasks.attributes).all(-1)  # [tasks, way, classes]
    seen = tasks.seen[same.int().argmax(-1)].gather(1, episode.query_y)  # [tasks, n_query]
    found = {}
    for name, chosen in (("seen", seen), ("unseen", ~seen)):
        x, y = (q[chosen].unflatten(0, (n_tasks, -1)) for q in (episode.query_x, episode.query_y))  # [tasks, n, ...]
        part = Episode(episode.support_x, episode.support_y, x, y, episode.way)  # all classes, some of the queries
        found[name] = evaluate(learner, part, batch=1).accuracy
    total = found["seen"] + found["unseen"]
    return found | {"harmonic": 2 * found["seen"] * found["unseen"] / total if total else 0.0}
