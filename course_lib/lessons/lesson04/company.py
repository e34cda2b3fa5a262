"""How accurate a transductive learner is when its queries come in this or that company."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn

from course_lib.compute.batch_norm import batch_statistics
from course_lib.episode import Episode

#: In words: which queries share a batch.
COMPANIES = ("all together", "five, one of each class", "five, drawn at random", "five of one class", "each alone")


def company(name: str, episode: Episode, generator: Generator | None = None) -> Tensor:
    """Which queries share a batch: their numbers, `[tasks, batches, size]`.

    Args:
        name: one of COMPANIES.
        episode: queries sorted by class, equally many of each, as `sample` gives them; five classes of five here.
        generator: for "five, drawn at random".
    """
    tasks, n = episode.query_y.shape
    by_class = torch.arange(n).view(episode.way, -1)  # [way, queries of a class]
    if name == "five, drawn at random":
        return torch.rand(tasks, n, generator=generator).argsort(1).view(tasks, -1, episode.way)
    batches = {
        "all together": by_class.flatten().unsqueeze(0), "five, one of each class": by_class.T,
        "five of one class": by_class, "each alone": by_class.flatten().unsqueeze(1),
    }[name]  # fmt: skip
    return batches.expand(tasks, *batches.shape)


@torch.no_grad()
def accuracy_in_company(learner: nn.Module, episode: Episode, batches: Tensor) -> Tensor:
    """`[tasks]`: the share of right answers when batch norm uses the statistics of the queries that share a batch.

    Args:
        learner: in evaluation mode. It adapts to the support set once, as in `evaluate(batch_norm="transductive")`.
        episode: any tasks that the learner can answer.
        batches: numbers of queries, `[tasks, batches, size]`; each query in one batch.
    """
    tasks = torch.arange(episode.n_tasks).unsqueeze(1)  # [tasks, 1], beside [tasks, size]
    right = []
    with batch_statistics(learner):
        adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
        for numbers in batches.unbind(1):  # [tasks, size]
            scores = learner.predict(adapted, episode.query_x[tasks, numbers])  # [tasks, size, way]
            right.append(scores.argmax(-1) == episode.query_y[tasks, numbers])
    return torch.cat(right, 1).float().mean(1)
