"""A planted cue: tasks whose pictures carry a small mark, which tells the class or tells nothing."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.lessons.lesson16.half_size_scripts import SmallConv, written
from course_lib.tasks.images import ImageTasks
from course_lib.training import fit

SIDE = 2  # pixels of a mark
#: Row and column of the upper left pixel of a mark, in a picture of 14 x 14: one place for each of five classes.
PLACES = ((0, 0), (0, 12), (12, 0), (12, 12), (0, 6))
SCRIPTS = ("Georgian", "Cyrillic")  # what the networks of the lesson learn from
COPIES = 20  # drawings of a character


def marked(pictures: Tensor, places: Tensor) -> Tensor:
    """The pictures with a black square at a place each; a copy.

    Args:
        pictures: `[..., 1, 14, 14]`, ink 1.0 on paper 0.0.
        places: `[...]`, int64, numbers of `PLACES`.
    """
    stamps = torch.zeros(len(PLACES), *pictures.shape[-3:], dtype=torch.bool)  # [places, 1, 14, 14]
    for stamp, (row, column) in zip(stamps, PLACES, strict=True):
        stamp[:, row : row + SIDE, column : column + SIDE] = True
    return pictures.masked_fill(stamps.to(pictures.device)[places], 1.0)


class MarkedTasks:
    """Tasks of up to five classes in which every picture has a mark.

    Args:
        tasks: where the pictures come from; `[tasks, n, 1, 14, 14]`.
        tells: whether the place of a mark says the class (it is the place of the label), or is drawn at random for
            each picture.
    """

    def __init__(self, tasks: ImageTasks, tells: bool):
        if tasks.way > len(PLACES):
            raise ValueError(f"there are {len(PLACES)} places for marks, but tasks have {tasks.way} classes.")
        self.tasks, self.tells, self.way, self.shot = tasks, tells, tasks.way, tasks.shot

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """As in every task distribution."""
        plain = self.tasks.sample(n_tasks, generator)

        def with_mark(x: Tensor, y: Tensor) -> Tensor:
            places = y if self.tells else torch.randint(len(PLACES), y.shape, generator=generator).to(y.device)
            return marked(x, places)

        return Episode(
            with_mark(plain.support_x, plain.support_y), plain.support_y,
            with_mark(plain.query_x, plain.query_y), plain.query_y,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shown:
    """One query of a marked task, with all that an explanation is judged by.

    Args:
        support_x, support_y: `[n, 1, 14, 14]` and `[n]`.
        picture: the query `[1, 14, 14]`; target: its class.
        mark: `[7, 7]`, bool: which patch of 2 x 2 pixels is its mark.
    """

    support_x: Tensor
    support_y: Tensor
    picture: Tensor
    target: int
    mark: Tensor


def shown(tasks: ImageTasks, tells: bool, n: int, generator: Generator | None = None) -> list[Shown]:
    """A query of each of `n` tasks, any one, with marks as in `MarkedTasks`."""
    found = []
    for x, y, query_x, query_y in zip(*tasks.sample(n, generator).tensors(), strict=True):
        one = torch.randint(len(query_y), (1,), generator=generator)
        labels = torch.cat([y, query_y[one]])
        places = labels if tells else torch.randint(len(PLACES), labels.shape, generator=generator)
        pictures = marked(torch.cat([x, query_x[one]]), places)  # [n_support + 1, 1, 14, 14]
        row, column = PLACES[places[-1]]
        mark = torch.zeros(7, 7, dtype=torch.bool)
        mark[row // SIDE, column // SIDE] = True
        found.append(Shown(pictures[:-1], y, pictures[-1], labels[-1].item(), mark))
    return found


def drawn(split: str | tuple[str, ...], shot: int, query: int, way: int = 5) -> ImageTasks:
    """Tasks over written characters at 14 x 14, `COPIES` drawings of each; a second call costs nothing."""
    images, names = written(split, COPIES)
    return ImageTasks(images, way, shot, query, names=list(names))


def trained_on_marks(tells: bool, seed: int, steps: int = 60) -> SmallConv:
    """The embedding network of a prototypical network, trained on 5-way 1-shot `MarkedTasks`; in eval mode."""
    from course_lib.learners import PrototypicalNet

    torch.manual_seed(seed)
    network = SmallConv()
    fit(PrototypicalNet(network), MarkedTasks(drawn(SCRIPTS, 1, 3), tells), steps, meta_batch=2, lr=5e-3, seed=seed,
        device="cpu", progress=False).must_be_whole()  # fmt: skip
    return network.eval()
