"""Few-shot classification over one class-indexed tensor of images."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode


class ImageTasks:
    """A distribution over few-shot tasks: pick `way` classes, then `shot + query` different images of each.

    The images are one tensor on the training device, so sampling is indexing: no workers, no copies.
    Random choices are made on the CPU, so one seed gives one episode on any device. Labels are dealt
    afresh for every task: class "3" means nothing outside its task.

    Args:
        images: `[classes, examples, height, width]` uint8, ink 255 on paper 0.
        way: classes in a task.
        shot: support images a class.
        query: query images a class.
        device: where the images live and episodes are made.
        names: a name for each class, for pictures.

    Raises:
        ValueError: if the tensor does not have this form, or holds fewer classes or examples than a task needs.

    Source: the episodes of Vinyals et al. 2016 (arXiv:1606.04080), section 2.2.
    """

    def __init__(self, images: Tensor, way=5, shot=1, query=15, device="cpu", names=None):
        if not isinstance(images, Tensor) or images.ndim != 4 or images.dtype != torch.uint8:
            found = f"{images.dtype} {list(images.shape)}" if isinstance(images, Tensor) else type(images).__name__
            raise ValueError(f"images must be a uint8 tensor [classes, examples, height, width], but got {found}.")
        for name, value in (("way", way), ("shot", shot), ("query", query)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, but it is {value!r}.")
        if way > len(images):
            raise ValueError(f"a {way}-way task needs {way} classes, but there are {len(images)}; use a smaller way.")
        self.images = images.to(device)
        self.way, self.shot, self.query = way, shot, query
        self.names = list(names) if names is not None else [str(i) for i in range(len(images))]
        self._check_examples()

    def _check_examples(self):
        if self.shot + self.query > self.images.shape[1]:
            raise ValueError(
                f"shot + query = {self.shot + self.query} images of a class are needed, "
                f"but there are {self.images.shape[1]}; use fewer."
            )

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` independent tasks.

        Returns an `Episode` of `[n_tasks, way * shot, 1, height, width]` support and
        `[n_tasks, way * query, 1, height, width]` query images, ink 1.0 on paper 0.0, ordered class by class.
        """
        classes = self.pick_classes(n_tasks, generator)  # [tasks, way]
        examples = self.pick_examples(n_tasks, generator)  # [tasks, way, shot + query]
        rows = classes.unsqueeze(-1) * self.images.shape[1] + examples  # of all images, one below the other
        images = self.images.flatten(0, 1).index_select(0, rows.flatten().to(self.images.device))
        images = images.view(*rows.shape, *images.shape[1:])  # [tasks, way, shot + query, height, width]
        images = self.render(images, generator)
        labels = torch.arange(self.way, device=self.images.device)
        labels = labels.view(1, -1, 1).expand(images.shape[:3])  # [tasks, way, shot + query]

        def part(of: slice) -> tuple[Tensor, Tensor]:
            x = images[:, :, of].flatten(1, 2).unsqueeze(2)  # [tasks, way * n, 1, height, width]
            return (x / 255 if x.dtype == torch.uint8 else x), labels[:, :, of].flatten(1, 2)

        return Episode(*part(slice(self.shot)), *part(slice(self.shot, None)), self.way)

    def pick_classes(self, n_tasks: int, generator) -> Tensor:
        """`way` different classes for each task, in random order: `[tasks, way]`."""
        return torch.rand(n_tasks, len(self.images), generator=generator).topk(self.way).indices

    def pick_examples(self, n_tasks: int, generator) -> Tensor:
        """`shot + query` different examples of each class: `[tasks, way, shot + query]`."""
        keys = torch.rand(n_tasks, self.way, self.images.shape[1], generator=generator)
        return keys.topk(self.shot + self.query).indices

    def render(self, images: Tensor, generator) -> Tensor:
        """What a task shows of `[tasks, way, shot + query, height, width]` stored images: here, the images themselves.

        Subclasses may draw them afresh. Returns uint8 ink 0 ... 255, or float32 ink 0 ... 1.
        """
        return images

    def __repr__(self):
        return (
            f"{type(self).__name__}({len(self.images):,} classes, {self.way}-way {self.shot}-shot "
            f"{self.query}-query, {self.images.device})"
        )
