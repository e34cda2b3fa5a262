"""What `check` looks at in the learner's test of readers, in lesson 09, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import combinations

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.exercises.results import form
from course_lib.lessons.lesson09.more_readers import MORE, in_the_middle, on_a_grid
from course_lib.lessons.lesson09.readers import FLAWS, Reader, deal_readers, dealt_flaws, sound
from course_lib.tasks.lines import Lines

_ANSWERS = ("sound", *FLAWS)
_TASKS = {"Lines(3, 10, 8)": (3, 10, 8), "Lines(4, 16, 5)": (4, 16, 5)}
_TWINS = {
    "own y": "Ask twice, with another query_y and all else as it was: no answer may move.",
    "other queries": "Ask for a query alone, and for the same query beside others: its answer may not move.",
    "order": "Ask twice, with the support pairs in another order, x and y together: no answer may move.",
    "pool": "On new tasks it errs far more than bayes_line on the same ones, four times as much or more.",
}


def _asked(call: Callable, reader: Reader, sizes=(3, 10, 8), seed: int = 0):
    """What a learner's test says of a reader."""
    return call(reader, Lines(*sizes), torch.Generator().manual_seed(seed))


def _said(call: Callable, what: str, reader: Reader, sizes=(3, 10, 8), seed: int = 0) -> str:
    try:
        said = _asked(call, reader, sizes, seed)
    except Problem as problem:
        raise Problem(f"on {what}, {problem}{_more(str(problem))}") from None
    if not isinstance(said, str):
        raise Problem(f"it should return one of the words {', '.join(map(repr, _ANSWERS))}, but it gives {form(said)}.")
    if said not in _ANSWERS:
        raise Problem(f"it says {said[:40]!r}, which is none of the words {', '.join(map(repr, _ANSWERS))}.")
    return said


def _more(said: str) -> str:
    """What the words of an error mean here."""
    if "'tuple' object has no attribute" in said or "'Tensor' object has no attribute" in said:
        return "\n  A reader is asked with an Episode: reader(Episode(x, y, new_x, new_y))."
    if "name 'Episode' is not defined" in said:
        return "\n  from course_lib import Episode"
    return ""


class _Watched:
    """A reader that keeps what it is asked."""

    def __init__(self, reader: Reader):
        self._reader, self.asked = reader, []

    def __call__(self, episode: Episode) -> Tensor:
        if len(self.asked) < 60:
            self.asked.append(tuple(t.detach().double().clone() for t in episode.tensors()))
        return self._reader(episode)


class _Dealing(Lines):
    """Lines that keep what they deal, and what it was then."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.dealt: list[tuple[Episode, Episode]] = []

    def draw(self, n_tasks: int, generator: torch.Generator | None = None):
        episode, w = super().draw(n_tasks, generator)
        if len(self.dealt) < 20:
            self.dealt.append((episode, episode.map(torch.clone)))
        return episode, w


def _changed(call: Callable) -> str:
    """Which part of an episode that it drew a learner's test changes in place, or nothing."""
    tasks = _Dealing(3, 10, 8)
    with suppress(Problem):
        call(on_a_grid, tasks, torch.Generator().manual_seed(0))
    parts = ("support_x", "support_y", "query_x", "query_y")
    pairs = [(part, *(getattr(episode, part) for episode in both)) for both in tasks.dealt for part in parts]
    return next((part for part, now, before in pairs if not torch.equal(now, before)), "")


def _questions(call: Callable) -> list[tuple[Tensor, ...]]:
    """What a sound reader is asked by a learner's test: a list of (support x, y, query x, y)."""
    watched = _Watched(on_a_grid)
    with suppress(Problem):
        _asked(call, watched)
    return watched.asked


def _equal(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one, other)


def _reordered(one: Tensor, other: Tensor) -> bool:
    """Whether the rows of a task's tensor are the same in another order (or in the same)."""
    if one.shape != other.shape:
        return False
    return torch.equal(*(t.flatten(2).sum(-1).sort(1).values.float() for t in (one, other)))


def _alters(flaw: str, a: tuple[Tensor, ...], b: tuple[Tensor, ...]) -> bool:
    """Whether two questions differ in what would show a flaw, and in nothing else."""
    support, queries = all(map(_equal, a[:2], b[:2])), _equal(a[2], b[2])
    if flaw == "own y":
        return support and queries and not _equal(a[3], b[3])
    if flaw == "other queries":
        return support and not queries
    return queries and not _equal(a[0], b[0]) and _reordered(a[0], b[0])


def _is_torn(a: tuple[Tensor, ...], b: tuple[Tensor, ...]) -> bool:
    """Whether support x and y were put in another order, but not both in the same one."""
    if not all(map(_reordered, a[:2], b[:2])) or all(map(_equal, a[:2], b[:2])):
        return False
    return not _reordered(*(torch.cat([t[0], t[0] * t[1], t[1]], -1) for t in (a, b)))


def _why_accused(call: Callable, said: str) -> str:
    """What a test does that accuses a sound reader, found out by making the case simpler."""
    if said == "pool":
        return ("The noise in y is an error that nobody can avoid, and ridge itself has more, so there is no number "
                "that a sound reader stays below: compare it with bayes_line on the same tasks, of which there "
                "should be many. A sound one errs twice as much at most.")  # fmt: skip
    pairs = list(combinations(_questions(call), 2))
    if said == "order" and any(_is_torn(a, b) for a, b in pairs):
        return ("Your test puts x and y of the support set in another order each, so that pairs are torn apart: that "
                "is another task. One order for both.")  # fmt: skip
    if _cleared(call, on_a_grid):
        return ("Where answers are rounded to three decimals it is cleared. Two sums in another order differ by "
                "rounding: allow a difference of 0.001, and do not ask for ==.")  # fmt: skip
    if said == "other queries":
        return "Are the answers that you compare those to the same query, of the same task?"
    return _TWINS[said]


def _cleared(call: Callable, reader: Reader) -> bool:
    try:
        return _asked(call, reader) == "sound"
    except Problem:
        return False


def _why_missed(call: Callable, flaw: str, said: str, text: str) -> str:
    """Why a flaw was not found: the test never asks what would show it, or it asks too little."""
    if said == "pool" and flaw != "pool":
        return ("It errs, too, but why? Ask about the other flaws first: a reader that errs may have one of them. "
                + text).strip()  # fmt: skip
    pairs = list(combinations(_questions(call), 2))
    if flaw != "pool" and not any(_alters(flaw, a, b) for a, b in pairs):
        if flaw == "other queries" and any(_alters("own y", a, b) and a[2].shape[1] > 1 for a, b in pairs):
            return f"Its answers move with the x of other queries, and your test changes their y alone. {_TWINS[flaw]}"
        return f"Your test never asks what would show it. {_TWINS[flaw]}"
    return text or _TWINS[flaw]


def judge_find_flaw(call):
    """`find_flaw`: the readers that the lesson deals, and others that have its flaws in other ways."""
    truth = dealt_flaws(0)
    for letter in sorted(truth, key=lambda letter: _ANSWERS.index(truth[letter])):
        name = "a sound reader (ridge)" if truth[letter] == "sound" else f"a reader with the flaw {truth[letter]!r}"
        _must_say(call, name, truth[letter], deal_readers(0)[letter], "")
    for what, (flaw, reader, text) in MORE.items():
        name = f"a {'sound ' * (flaw == 'sound')}reader {what}"
        if reader is in_the_middle and _said(call, name, reader) == "other queries":
            continue  # true as well: which query is in the middle depends on how many there are
        _must_say(call, name, flaw, reader, text)
    for seed, (name, sizes) in enumerate(_TASKS.items(), 1):
        for flaw, reader in (("sound", sound), *((truth[k], deal_readers(0)[k]) for k in truth)):
            if (said := _said(call, f"tasks of {name}", reader, sizes, seed)) != flaw:
                raise Problem(f"it is right for most readers, but with other tasks, {name} of seed {seed}, it calls a "
                              f"reader {said!r} that is {_are(flaw)}. Does the test count on chance, on a number of "
                              "queries, or on numbers in x?")  # fmt: skip


def _are(flaw: str) -> str:
    return "sound" if flaw == "sound" else f"of the flaw {flaw!r}"


def _must_say(call: Callable, what: str, flaw: str, reader: Reader, text: str):
    said = _said(call, what, reader)
    if said == flaw:
        return
    found = "slipped through" if said == "sound" else f"was called {said!r}, but its flaw is {flaw!r}"
    found = f"was called {said!r}" if flaw == "sound" else found
    if part := _changed(call):
        raise Problem(f"{what} {found}. Your test changes {part} of an episode in place, and goes on with what it has "
                      f"changed. Change a copy: {part}.clone().")  # fmt: skip
    if flaw == "sound":
        raise Problem(f"{what} {found}. {text if said == 'pool' and text else _why_accused(call, said)}")
    raise Problem(f"{what} {found}. {_why_missed(call, flaw, said, text)}")
