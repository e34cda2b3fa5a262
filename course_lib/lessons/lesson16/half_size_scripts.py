"""The measurements' small world: characters of `Scripts`, written once at 14 x 14 pixels, and a network to match."""

from __future__ import annotations

from functools import cache

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from course_lib.models import HalfSize
from course_lib.tasks import Scripts
from course_lib.tasks.images import ImageTasks, freeze

COPIES = 40  # drawings of a character
FEATURES = 32  # numbers in an embedding


class SmallConv(nn.Sequential):
    """Three blocks as those of `Conv4`, for images of 14 x 14 pixels.

    Args:
        channels: filters in every block, and numbers in an embedding.
        out: `None` gives the embedding; a number adds a linear head with that many outputs.

    Shapes: `[n, 1, 14, 14] -> [n, channels]`, or `[n, out]`.
    """

    def __init__(self, channels: int = FEATURES, out: int | None = None):
        blocks = [nn.Sequential(nn.Conv2d(n_in, channels, 3, padding=1), nn.BatchNorm2d(channels), HalfSize(),
                                nn.ReLU()) for n_in in (1, channels, channels)]  # fmt: skip
        head = [] if out is None else [nn.Linear(channels, out)]
        super().__init__(*blocks, nn.Flatten(), *head)  # [n, channels, 7, 7], then 3 x 3, then 1 x 1
        self.config = {"channels": channels, "out": out}
        self.to(memory_format=torch.channels_last)


def halved(images: Tensor) -> Tensor:
    """Each pixel the mean of four: `[..., 28, 28]` uint8 to `[..., 14, 14]` uint8."""
    flat = images.reshape(-1, 1, *images.shape[-2:]).float()
    small = F.avg_pool2d(flat, 2).round().to(torch.uint8)  # [n, 1, 14, 14]
    return small.view(*images.shape[:-2], *small.shape[-2:])


@cache
def written(scripts: tuple[str, ...] | str, copies: int = COPIES, seed: int = 0) -> tuple[Tensor, tuple[str, ...]]:
    """The characters of a split of `Scripts`, or of some scripts, each written `copies` times.

    Returns: `[characters, copies, 14, 14]` uint8, ink 255 on paper 0, and the names of the characters. A character has
    one form of its own, around which its copies vary.
    """
    chosen = {"split": scripts} if isinstance(scripts, str) else {"scripts": scripts}
    generator, parts, names = Generator().manual_seed(seed), [], []
    for script in Scripts(2, 1, 1, **chosen).scripts:  # one at a time, for the sake of memory
        tasks = Scripts(2, 1, 1, scripts=(script,))
        parts.append(halved(freeze(tasks, copies, generator)))  # [its characters, copies, 14, 14]
        names += tasks.names
    return torch.cat(parts), tuple(names)


def small_tasks(split: str, shot: int, query: int = 15, way: int = 5, *, classes: int | None = None,
                copies: int = COPIES, seed: int = 0) -> ImageTasks:  # fmt: skip
    """Few-shot tasks over written characters.

    Args:
        split: of `Scripts`.
        shot, query, way: of a task.
        classes: so many characters of the split only, drawn by `seed`; `None` is all.
        copies: so many drawings of each only.
    """
    images, names = written(split)
    order = torch.randperm(len(images), generator=Generator().manual_seed(seed))[:classes]  # [classes]
    kept = order if classes is not None else torch.arange(len(images))
    return ImageTasks(images[kept, :copies], way, shot, query, names=[names[i] for i in kept.tolist()])


class SmallScripts(Scripts):
    """`Scripts` at 14 x 14 pixels: every drawing by a fresh hand. Takes what `Scripts` takes."""

    def render(self, images: Tensor, generator) -> Tensor:
        """As in `Scripts`, each pixel the mean of four: `[tasks, way, n, 14, 14]` float32 ink, 0 ... 1."""
        ink = super().render(images, generator)  # [tasks, way, n, 28, 28]
        return F.avg_pool2d(ink.flatten(0, 2).unsqueeze(1), 2).view(*ink.shape[:3], 14, 14)
