"""What `check` looks at in `split_by_group` of lesson 01: whole groups, the right number of them, and the generator."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.lessons.lesson01.checks_sampling import judge_randomness, need, seeded


def judge_split(call):
    """`split_by_group`: a partition, whole groups, the right number of groups, the generator."""
    groups = _groups(lambda i: i)
    for validation, test in ((1, 2), (2, 1), (0, 3), (2, 0)):
        split = _read_split(call(list(groups), validation, test, seeded(3)), groups, validation, test)
        parts = {name: {groups[i] for i in places} for name, places in split.items()}
        for a, b in (("train", "test"), ("train", "validation"), ("validation", "test")):
            shared = sorted(parts[a] & parts[b])
            need(
                not shared,
                f"classes of group {shared and shared[0]} are in {a} and in {b}. Deal whole groups: "
                "which split a class is in follows from its group alone.",
            )
        for name, wanted in (("validation", validation), ("test", test)):
            need(len(parts[name]) == wanted, f"{wanted} groups were asked for {name}, but it got {len(parts[name])}.")
    judge_randomness(lambda generator: [list(map(int, part)) for part in call(groups, 2, 2, generator).values()])
    need(
        call(groups, 2, 2, seeded(0)) == call(_groups(lambda i: 100 - i), 2, 2, seeded(0)),
        "the same generator gives another split when Python is started again: the order of a set of names is not "
        "fixed. Sort it first: sorted(set(groups)).",
    )


class _Name(str):
    """The name of a group, whose place in a set is decided here; in a set of plain names, each run of Python has its
    own order."""

    def __new__(cls, text: str, place: int):
        """A name that says which place in a set it takes."""
        name = super().__new__(cls, text)
        name.place = place
        return name

    def __hash__(self):
        return self.place


def _groups(place) -> list[str]:
    """The group of each of 28 classes, not in order. One name is part of another, as among alphabets."""
    names = ("Aurek", "Aurek Besh", "Besh", "Futhark", "Old Futhark", "Ti", "Tifinagh")
    groups = [_Name(name, place(size)) for size, name in enumerate(names, 1) for _ in range(size)]
    return [groups[i] for i in torch.randperm(len(groups), generator=seeded(0))]


def _read_split(split, groups, validation: int, test: int) -> dict[str, list[int]]:
    need(
        isinstance(split, dict) and set(split) == {"train", "validation", "test"},
        'it should return a dict with the keys "train", "validation" and "test".',
    )
    need(
        all(isinstance(part, list | tuple | Tensor) for part in split.values()),
        "the three values should be lists of places in `groups`.",
    )
    need(
        not any(isinstance(i, str) for part in split.values() for i in part),
        "it gives the names of groups. Give the places of their classes in `groups`: 0, 1, 2, ...",
    )
    split = {name: list(map(int, part)) for name, part in split.items()}
    for name, wanted in (("validation", validation), ("test", test)):
        need(
            wanted or not split[name],
            f"0 groups were asked for {name}, but it has {len(split[name])} classes. Mind slices from the end: "
            "names[-0:] is the whole list, and names[:-0] is empty.",
        )
    places = [i for part in split.values() for i in part]
    need(len(set(places)) == len(places), "some class is in two splits, or twice in one.")
    need(
        set(places) <= set(range(len(groups))),
        f"there are {len(groups)} classes, with the places 0 ... {len(groups) - 1}.",
    )
    need(len(places) == len(groups), f"{len(groups) - len(places)} of {len(groups)} classes are in no split.")
    return split
