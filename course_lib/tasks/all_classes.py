"""Ordinary supervised learning, in the form of a task distribution, so that the same `fit` serves it."""

from __future__ import annotations

import torch
from torch import Generator

from course_lib.episode import Episode
from course_lib.tasks.folder import Folder
from course_lib.tasks.images import ImageTasks, as_ink


class AllClasses:
    """One large task: name which of *all* training classes an image is. Labels mean the same in every batch.

    Train `Joint(backbone, features, classes)` on it to pretrain a backbone; `way` says how many classes there are.

    Args:
        tasks: where the images come from; its way, shot and query do not matter. Where `tasks` turns images at
            random as it draws them (`Scripts(rotations=True)`), a turned image keeps its class's label.
        batch: images a step.

    Raises:
        ValueError: if `tasks` has no images by class, or the batch is empty.

    Source: "baseline" training in Chen et al. 2019 (arXiv:1904.04232), section 3.2.
    """

    def __init__(self, tasks: ImageTasks | Folder, batch: int = 128):
        if not isinstance(tasks, ImageTasks | Folder):
            raise ValueError(f"AllClasses needs tasks over images, such as Scripts, but got {type(tasks).__name__}.")
        if batch < 1:
            raise ValueError(f"batch must be at least 1, but it is {batch}.")
        self.tasks, self.batch, self.way = tasks, batch, len(tasks.names)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`[n_tasks, batch, channels, height, width]` query images of random classes. A joint network does not read the
        support set, so it is one blank image a class, which takes no memory."""
        classes = torch.randint(self.way, (n_tasks, self.batch), generator=generator)
        if isinstance(self.tasks, Folder):
            x = self.tasks.show(self.tasks.pick(classes, 1, generator).squeeze(2))
        else:
            images = self.tasks.images
            examples = torch.randint(images.shape[1], (n_tasks, self.batch), generator=generator).to(images.device)
            # Each image is a "class" of one example to `render`, so each gets a hand of its own.
            x = self.tasks.render(images[classes.to(images.device), examples].unsqueeze(2), generator)
        x = as_ink(x) if x.dtype == torch.uint8 else x
        blank = x.new_zeros(()).expand(n_tasks, self.way, *x.shape[2:])
        labels = torch.arange(self.way, device=x.device).expand(n_tasks, self.way)
        return Episode(blank, labels, x, classes.to(x.device), self.way)

    def __repr__(self):
        return f"AllClasses({self.tasks!r}, batch {self.batch})"
