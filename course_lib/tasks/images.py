"""Few-shot classification over one class-indexed tensor of images."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode
from course_lib.tasks.sampler import pick_different, support_and_query


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
        check_whole(way=way, shot=shot, query=query)
        if way > len(images):
            raise ValueError(f"a {way}-way task needs {way} classes, but there are {len(images)}; use a smaller way.")
        self.images = images.to(pick_device(device))
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
        check_draw(n_tasks, generator)
        classes = self.pick_classes(n_tasks, generator)  # [tasks, way]
        examples = self.pick_examples(n_tasks, generator)  # [tasks, way, shot + query]
        rows = classes.unsqueeze(-1) * self.images.shape[1] + examples  # of all images, one below the other
        images = self.images.flatten(0, 1).index_select(0, rows.flatten().to(self.images.device))
        images = images.view(*rows.shape, *images.shape[1:])  # [tasks, way, shot + query, height, width]
        images = self.render(images, generator)
        support_x, support_y, query_x, query_y = support_and_query(images.unsqueeze(3), self.shot)
        if images.dtype == torch.uint8:
            support_x, query_x = as_ink(support_x), as_ink(query_x)
        return Episode(support_x, support_y, query_x, query_y, self.way)

    def pick_classes(self, n_tasks: int, generator) -> Tensor:
        """`way` different classes for each task, in random order: `[tasks, way]`."""
        return pick_different((n_tasks,), len(self.images), self.way, generator)

    def pick_examples(self, n_tasks: int, generator) -> Tensor:
        """`shot + query` different examples of each class: `[tasks, way, shot + query]`."""
        return pick_different((n_tasks, self.way), self.images.shape[1], self.shot + self.query, generator)

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


def as_ink(images: Tensor) -> Tensor:
    """0 ... 255 as 0 ... 1, in float32. (`images / 255` would be slower: it makes two tensors of this size.)"""
    return images.float().div_(255)


def freeze(tasks: ImageTasks, copies: int, generator: Generator | None = None) -> Tensor:
    """Write `copies` images of every class once and keep them: a data set in the form of Omniglot.

    Returns: `[classes, copies, height, width]` uint8, ink 255 on paper 0, which `ImageTasks` takes.
    """
    classes, examples = tasks.images.shape[:2]
    chosen = torch.randint(examples, (1, classes, copies), generator=generator).to(tasks.images.device)
    rows = torch.arange(classes, device=chosen.device).view(1, -1, 1)
    chosen = tasks.images[rows, chosen]  # [1, classes, copies, ...], as they are stored
    ink = tasks.render(chosen, generator)[0]  # [classes, copies, height, width]
    return ink if ink.dtype == torch.uint8 else (255 * ink).round().to(torch.uint8)
