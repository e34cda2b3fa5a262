"""What `check` looks at in `split_by_group` of lesson 01: whole groups, the right number of them, and the generator."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.exercises.guard import Stopped
from course_lib.lessons.lesson01.checks_sampling import SIGMAS, judge_randomness, need, seeded

_NAMES = ("Aurek", "Aurek Besh", "Besh", "Futhark", "Old Futhark", "Ti", "Tifinagh")  # one is part of another
_DRAWS = 300


def judge_split(call):
    """`split_by_group`: a partition, whole groups, the right number of groups, the generator, and a fair draw."""
    groups = _groups(lambda i: i)
    for validation, test in ((1, 2), (2, 1), (0, 3), (2, 0)):
        for seed in (3, 4, 5):
            try:
                split = call(list(groups), validation, test, seeded(seed))
            except Stopped as problem:
                sizes = f"\n  There are {len(groups)} classes in {len(_NAMES)} groups."
                raise Problem(f"{problem}{sizes if 'IndexError' in str(problem) else ''}") from None
            _judge_one(split, groups, validation, test)
    judge_randomness(lambda generator: [list(map(int, part)) for part in call(groups, 2, 2, generator).values()])
    need(
        call(groups, 2, 2, seeded(0)) == call(_groups(lambda i: 100 - i), 2, 2, seeded(0)),
        "the same generator gives another split when Python is started again: the order of a set of names is not "
        "fixed. Sort it first: sorted(set(groups)).",
    )
    _judge_draw([_judge_one(call(groups, 2, 2, seeded(seed)), groups, 2, 2) for seed in range(_DRAWS)])


def _judge_one(split, groups: list[str], validation: int, test: int) -> dict[str, set[str]]:
    """The groups of each split, if it is one."""
    asked = {"validation": validation, "test": test}
    places = _read(split, groups)
    for name, wanted in asked.items():
        need(
            wanted or not places[name],
            f"0 groups were asked for {name}, but it has {len(places[name])} classes. Mind slices from the end: "
            "names[-0:] is the whole list, and names[:-0] is empty.",
        )
    _judge_partition(places, groups, asked)
    parts = {name: {str(groups[i]) for i in its} for name, its in places.items()}
    for a, b in (("train", "test"), ("train", "validation"), ("validation", "test")):
        shared = sorted(parts[a] & parts[b])
        need(
            not shared,
            f"classes of group {shared and shared[0]} are in {a} and in {b}. Deal whole groups: which split a class is "
            "in follows from its group alone, and its place is that in `groups` as it was given. Classes of a group "
            "need not stand together.",
        )
    counts = {name: len(part) for name, part in parts.items()}
    _judge_counts(counts, parts, asked)
    return parts


def _judge_partition(places: dict[str, list[int]], groups: list[str], asked: dict[str, int]):
    everything, n = [i for part in places.values() for i in part], len(groups)
    found, size = set(everything), len(set(groups))
    train = set(places["train"])
    for name in asked:
        need(
            not places[name] or not set(places[name]) <= train,
            f"train holds the classes of {name}, too: some class is in two splits. Training gets only the groups that "
            "are in no other split.",
        )
    both = sorted({groups[i] for i in set(places["validation"]) & set(places["test"]) if 0 <= i < n})
    if both:
        around = [name for name in set(groups) if both[0] in name and name != both[0]]
        whole = all({i for i in range(n) if groups[i] == g} <= set(places["test"]) for g in both)
        raise Problem(
            f"some class is in two splits: group {both[0]} is in validation and in test. "
            + (f"If its name was found inside {around[0]}: compare whole names. If not: d" if around and whole else "D")
            + ("raw once, and give each split other places of one order: the first few, the next few, the "
               "rest." if whole
               else "eal whole groups.")
        )  # fmt: skip
    if len(everything) > len(found):
        part_of_name = sorted({(a, b) for a in set(groups) for b in set(groups) if a != b and a in b})
        raise Problem(
            "some class is in two splits, or twice in one."
            + (f" Is a name found inside another ({part_of_name[0][0]} in {part_of_name[0][1]})? Compare whole names."
               if len(found) == n and part_of_name else "")
        )  # fmt: skip
    need(found <= set(range(n)), f"there are {n} classes, with the places 0 ... {n - 1}.")
    if len(found) == n:
        return
    text = f"{n - len(found)} of {n} classes are in no split."
    its_groups = {groups[i] for i in found}
    need(
        found != set(range(size)) or size == len(its_groups),
        f"{text} It gives the numbers of the *groups*, 0 ... {size - 1}. Give the places of all classes of each group.",
    )
    lost = sorted(set(groups) - its_groups)
    whole = len(found) == sum(g in its_groups for g in groups)
    need(
        not (lost and whole),
        f"{text} They are those of {', '.join(lost)}, which are in no slice of the order. All groups that "
        "are not asked for go to train, however many there are: is a number of groups written into the code?",
    )
    need(
        len(found) > size,
        f"{text} It finds one class of a group and not the others (groups.index and dicts find one). Go through all "
        "places: [i for i, group in enumerate(groups) if ...].",
    )
    raise Problem(f"{text} Every class of a group goes where its group goes.")


def _judge_counts(counts: dict[str, int], parts: dict[str, set[str]], asked: dict[str, int]):
    """The numbers of groups in each split."""
    if all(counts[name] == wanted for name, wanted in asked.items()):
        return
    name = next(name for name in asked if counts[name] != asked[name])
    text = f"{asked[name]} groups were asked for {name}, but it got {counts[name]}."
    if (counts["validation"], counts["test"]) == (asked["test"], asked["validation"]):
        raise Problem(f"{text} Validation and test are exchanged.")
    if counts["train"] in asked.values() and sum(asked.values()) < sum(counts.values()) - counts["train"]:
        raise Problem(f"{text} The rest, all that is not asked for, is for train.")
    if not counts["validation"] and not counts["test"]:
        raise Problem(f"{text} `validation` and `test` are numbers of groups, not percent or fractions.")
    if all(counts[name] <= wanted for name, wanted in asked.items()):
        raise Problem(
            f"{text} A group that has many classes, or is drawn twice, is still one: draw from the *different* names, "
            "sorted(set(groups)), each once, and count groups, not classes."
        )
    inside = sorted((a, b) for a in parts[name] for b in parts[name] if a != b and a in b)
    if counts[name] > asked[name] and inside:
        raise Problem(
            f"{text} Is {inside[0][0]} found inside {inside[0][1]}? Compare whole names, not parts of a text."
        )
    raise Problem(f"{text} `validation` and `test` are numbers of groups.")


def _judge_draw(draws: list[dict[str, set[str]]]):
    """Two groups for validation and two for test: each choice should be as likely as any other."""
    rates = {(part, name): sum(name in draw[part] for draw in draws) / len(draws) for part in ("validation", "test")
             for name in _NAMES}  # fmt: skip
    never = [(part, name) for (part, name), rate in rates.items() if not rate]
    if never:
        part, name = never[0]
        raise Problem(
            f"in {len(draws)} draws, {name} is never in {part}. Shuffle *all* names: each group must have its chance "
            f"of "
            "each split."
        )
    for (part, name), rate in rates.items():
        need(
            _by_chance(rate, 2 / 7, len(draws)),
            f"{name} is in {part} in {rate:.0%} of {len(draws)} draws, and should be in 2 of 7. Shuffle the names, "
            f"each "
            "once: then all groups have the same chance, large or small.",
        )
    pairs = (("test", "test", 1 / 21), ("validation", "validation", 1 / 21), ("validation", "test", 4 / 42))
    for one, other, likely in pairs:
        for a in _NAMES:
            for b in _NAMES:
                together = sum(a in draw[one] and b in draw[other] for draw in draws) / len(draws)
                need(
                    a == b or _by_chance(together, likely, len(draws)),
                    f"{a} and {b} go together into {one}{'' if one == other else ' and ' + other} "
                    f"{'more' if together > likely else 'less'} often than others: not all orders of the groups have "
                    "the same chance. torch.randperm over all names gives it to them; a random start, or a swap, does "
                    "not.",
                )


def _by_chance(rate: float, likely: float, n: int) -> bool:
    return abs(rate - likely) < SIGMAS * (likely / n) ** 0.5 + 2 / n


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
    """The group of each of 28 classes, not in order."""
    groups = [_Name(name, place(size)) for size, name in enumerate(_NAMES, 1) for _ in range(size)]
    return [groups[i] for i in torch.randperm(len(groups), generator=seeded(0))]


def _read(split, groups: list[str]) -> dict[str, list[int]]:
    keys = ("train", "validation", "test")
    need(
        isinstance(split, dict) and set(split) == set(keys),
        'it should return a dict with the keys "train", "validation" and "test"; it returned '
        + (f"one with {', '.join(map(repr, split)) or 'nothing in it'}." if isinstance(split, dict)
           else f"a {type(split).__name__}."),
    )  # fmt: skip
    need(
        all(isinstance(part, list | tuple | Tensor) for part in split.values()),
        "the three values should be lists of places in `groups`.",
    )
    items = [i for part in split.values() for i in part]
    need(
        not any(isinstance(i, str) for i in items),
        "it gives the names of groups. Give the places of their classes in `groups`: 0, 1, 2, ...",
    )
    need(
        not any(isinstance(i, list | tuple | set | dict) or (isinstance(i, Tensor) and i.numel() != 1) for i in items),
        "it makes a list of lists, one for each group. Join them: each split is one list of places.",
    )
    need(
        not any(isinstance(i, bool) or getattr(i, "dtype", None) == torch.bool for i in items),
        "it gives True and False. Give the places of the classes in `groups`: 0, 1, 2, ...",
    )
    return {name: list(map(int, part)) for name, part in split.items()}
