"""Which label a class gets: dealt afresh in every task, or always the same."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.tasks.images import ImageTasks
from course_lib.tasks.sampler import pick_different


def deal_labels(support_y: Tensor, query_y: Tensor, way: int, generator: Generator | None) -> tuple[Tensor, Tensor]:
    """Rename the classes of each task: a random permutation of 0 ... way-1, the same for its support and query set.

    Args:
        support_y: `[tasks, n_support]`, int64, 0 ... way-1.
        query_y: `[tasks, n_query]`.
        way: number of classes.
        generator: which permutation; each task has its own.

    Returns: new `support_y` and `query_y`, of the same shapes.

    Source: labels shuffled from task to task, Santoro et al. 2016 (arXiv:1605.06065), section 2.
    """
    new = pick_different((len(support_y),), way, way, generator)  # [tasks, way]: the new label of each old one
    new = new.to(support_y.device)
    return new.gather(1, support_y), new.gather(1, query_y)


class DealtLabels:
    """A task distribution whose labels are dealt afresh, whatever they were.

    Args:
        tasks: a distribution over classification tasks.
    """

    def __init__(self, tasks):
        self.tasks, self.way = tasks, tasks.way

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks of the distribution below, their classes renamed."""
        episode = self.tasks.sample(n_tasks, generator)
        labels = deal_labels(episode.support_y, episode.query_y, episode.way, generator)
        return Episode(episode.support_x, labels[0], episode.query_x, labels[1], episode.way)

    def __repr__(self):
        return f"DealtLabels({self.tasks!r})"


class FixedLabels(ImageTasks):
    """What not to do: a class keeps its label in every task, the remainder of its number divided by `way`.

    A network can then learn the label of each class by heart and need not read the support set. Takes the arguments
    of `ImageTasks`.

    Source: "non-mutually-exclusive" tasks, Yin et al. 2020 (arXiv:1912.03820), section 3.
    """

    def pick_classes(self, n_tasks: int, generator) -> Tensor:
        """For each label one of its classes: `[tasks, way]`."""
        sharing = len(self.images) // self.way  # classes that have the same label
        return torch.randint(sharing, (n_tasks, self.way), generator=generator) * self.way + torch.arange(self.way)
