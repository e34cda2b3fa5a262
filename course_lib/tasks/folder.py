"""Few-shot tasks over pictures of your own: a folder of folders, or a table of file names and labels."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_one_of, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode
from course_lib.pictures.finding import find
from course_lib.pictures.reading import on_white, read_all
from course_lib.tasks.images import as_ink
from course_lib.tasks.sampler import pick_different, support_and_query
from course_lib.tasks.splits import split_by_group

#: Outermost folders of these names, two or more of them, are splits.
SPLIT_FOLDERS = {"train": "train", "test": "test", **dict.fromkeys(("val", "valid", "validation"), "validation")}


class Folder:
    """Few-shot tasks over your own pictures; classes may have different numbers of them.

    Args:
        path: a folder that holds a folder of pictures for each class; or a table (csv) with the columns filename and
            label, whose files lie beside it or in a folder `images` there.
        way, shot, query: classes in a task, support and query pictures a class. Classes with too few are left out.
        split: "train", "validation", "test" or "all"; or a list of names of classes. Of the classes, 16 % are for
            validation and 20 % for the test, as `seed` and the names of all classes say. Of nested folders
            (`"birds/crow"`) the outermost go as a whole; are they called train, val and test, they are the splits.
        size, channels: see `pictures.reading.read`: height and width, one number or two, and 1 for grey or 3 for
            colour.
        invert: make dark bright, as the course's own images are bright ink (1) on dark paper (0)? "auto" does it for
            grey pictures that are white for more than half (see `on_white`): for drawings, not for photos.
        seed: which classes are for what.
        device: where the pictures live and episodes are made.

    Attributes:
        names: of the classes. counts, first: `[classes]`, how many pictures each has, and the place of its first in
        pictures: `[pictures, channels, height, width]` uint8. inverted: whether they were.

    Raises:
        FileNotFoundError: if the path, or a file that a table names, is not there.
        ValueError: for a picture that cannot be read, for too few classes or pictures, for an argument out of range.
    """

    def __init__(self, path, way=5, shot=1, query=15, split="train", *, size=28, channels=1, invert="auto", seed=0,
                 device="cpu"):  # fmt: skip
        check_whole(way=way, shot=shot, query=query)
        size = tuple(size) if isinstance(size, list) else size
        for side in size if isinstance(size, tuple) and len(size) == 2 else (size,):
            check_whole(1, 10_000, size=side)
        check_whole(0, seed=seed)
        check_one_of((1, 3), channels=channels)
        if not isinstance(path, str | Path):
            raise ValueError(f"path must be that of a folder or a table, but it is {path!r}.")
        if invert != "auto" and not isinstance(invert, bool):
            raise ValueError(f'invert must be "auto", True or False, but it is {invert!r}.')
        self.path, self.way, self.shot, self.query = Path(path), way, shot, query
        self.split = f"of {len(split)} named classes" if isinstance(split, list | tuple) else split
        labels, files = zip(*find(self.path), strict=True)
        counts = Counter(labels)  # in their order, which is sorted
        mine = self._large_enough(counts, _split(list(counts), split, seed))
        pictures = read_all(files, size, channels, self.path)  # all of the path: one file in the cache
        self.inverted = on_white(pictures) if invert == "auto" else invert
        pictures = pictures[torch.tensor([label in mine for label in labels])]
        self.pictures = (255 - pictures if self.inverted else pictures).to(pick_device(device))
        self.names, self.counts = list(mine), torch.tensor([counts[name] for name in mine])
        self.first = self.counts.cumsum(0) - self.counts

    def _large_enough(self, counts: Counter, names: list[str]) -> dict[str, int]:
        need = self.shot + self.query
        left = {name: counts[name] for name in names if counts[name] >= need}
        small = [f"{name}: {counts[name]}" for name in names if name not in left]
        said = f"{len(small)} of {len(names)} classes have fewer than shot + query = {need} pictures and are left out"
        said = f"{said} ({', '.join(small[:5])}{', ...' * (len(small) > 5)})." if small else ""
        if len(left) < self.way:
            raise ValueError(f"a {self.way}-way task needs {self.way} classes, but there are {len(left)} in split "
                             f"'{self.split}' of {self.path}; use a smaller way, or split='all'. {said}".strip())
        if small:
            warnings.warn(said, stacklevel=3)
        return left

    def pick(self, classes: Tensor, k: int, generator: Generator | None) -> Tensor:
        """The places of `k` different pictures of each class: `[tasks, n]` class numbers to `[tasks, n, k]`."""
        return self.first[classes].unsqueeze(-1) + pick_different(classes.shape, self.counts[classes], k, generator)

    def show(self, places: Tensor) -> Tensor:
        """The pictures at these places: `[..., channels, height, width]`, 0 ... 1."""
        found = self.pictures.index_select(0, places.flatten().to(self.pictures.device))
        return as_ink(found).view(*places.shape, *found.shape[1:])

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` independent tasks, as `ImageTasks` does; `[n_tasks, way * shot, channels, height, width]`."""
        check_draw(n_tasks, generator)
        classes = pick_different((n_tasks,), len(self.names), self.way, generator)  # [tasks, way]
        places = self.pick(classes, self.shot + self.query, generator)  # [tasks, way, shot + query]
        support, support_y, query, query_y = support_and_query(places.to(self.pictures.device), self.shot)
        return Episode(self.show(support), support_y, self.show(query), query_y, self.way)

    def __repr__(self):
        n, channels, *size = self.pictures.shape
        shape = " x ".join(map(str, size)) + (" grey" if channels == 1 else " colour")
        kind = f"{n:,} pictures, {shape}{', inverted' * self.inverted}"
        return (f"Folder({str(self.path)!r}, {len(self.names):,} classes, {kind}, {self.split}, {self.way}-way "
                f"{self.shot}-shot {self.query}-query, {self.pictures.device})")  # fmt: skip


def _split(names: list[str], split, seed: int) -> list[str]:
    """The classes of a split, in the order of `names`."""
    if isinstance(split, list | tuple):
        if unknown := [name for name in split if name not in names]:
            raise ValueError(f"there are no pictures of the class {unknown[0]!r}, which split names.")
        return [name for name in names if name in split]
    check_one_of(("train", "validation", "test", "all"), split=split)
    if split == "all":
        return names
    groups, inner = zip(*(name.partition("/")[::2] for name in names), strict=True)
    homes = [SPLIT_FOLDERS.get(group.lower()) for group in groups]
    if len({*homes} - {None}) > 1 and all(inner):
        if twice := [name for name, n in Counter(inner).items() if n > 1]:
            raise ValueError(f"the class {twice[0]!r} is in two of the folders {', '.join(sorted({*groups}))}: all its "
                             "pictures must be in one, so that a test meets new classes.")  # fmt: skip
        return [name for name, home in zip(names, homes, strict=True) if home == split]
    n = len(set(groups))
    rows = split_by_group(groups, round(0.16 * n), round(0.2 * n), torch.Generator().manual_seed(seed))
    return [names[i] for i in rows[split]]
