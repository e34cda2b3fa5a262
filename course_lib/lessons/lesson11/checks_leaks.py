"""What `check` looks at in a split by person, and which leaks it knows by name."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import form
from course_lib.lessons.lesson11.refusing import must_refuse
from course_lib.lessons.lesson11.splitting import split_by_person
from course_lib.lessons.lesson11.wrong_splits import PERSON, SCALES, SPLITS


def _case(arms: list[int], test: list[int], seed: int, channels: int = 3, samples: int = 96) -> tuple:
    """160 windows of these arms in random order; people, arms and channels have levels and sizes of their own.

    Fewer numbers would not do: n and n - 1 in the deviation have to be alike within the tolerance of `compare`.
    """
    generator = torch.Generator().manual_seed(seed)
    arm = torch.tensor(arms)[torch.randint(len(arms), (160,), generator=generator)]
    level, size = (torch.randn(max(arms) + 1, channels, 1, generator=generator) for _ in range(2))
    scale = torch.tensor([9.0, 0.2, 70.0, 0.5, 3.0, 20.0])[:channels].unsqueeze(1)
    noise = torch.randn(160, channels, samples, generator=generator)
    return scale * (level[arm] + (0.3 * size[arm]).exp() * noise), arm, test


def _cases() -> dict[str, tuple]:
    return {
        "five people, of whom person 1 is tested": _case(list(range(10)), [1], 0),
        "six people, of whom two are tested": _case(list(range(12)), [4, 1], 1, channels=6, samples=80),
        "people of whom some wore the watch on one arm only": _case([1, 2, 3, 4, 7, 9, 18, 22], [1, 11], 2),
    }


_NO_AXES = ("\n  mean((0, 2)) is [channels], and broadcasts along the last axis of the windows, that of the samples. "
            "With keepdim=True it is [1, channels, 1].")  # fmt: skip
_ZERO = ("A channel that never changes in training has the deviation 0, and 0 / 0 is NaN; a small number in its place "
         "makes huge ones of the test. Divide by 1 there.")  # fmt: skip
_ROUNDED = ("Rounding leaves a tiny deviation in place of 0 there (0.000002 for 9.81, say), and dividing by that makes "
            "huge numbers. A channel that never changes is one whose largest value is its smallest: amax == amin."
            )  # fmt: skip


def judge_split(call):
    """`split_by_person`: whose windows are where, then what they were scaled by, a silent channel, sides without "
    "any."""
    cases = _cases()
    for said, args in cases.items():
        try:
            _form(call(*args), args, said)
        except Stopped as problem:
            more = _NO_AXES if "must match the size" in str(problem) else _both_sides(problem, args, said)
            raise Problem(f"{problem}{more}") from None

    def places(*args):
        return tuple(call(*args)[:2])

    try:
        compare(places, lambda *args: split_by_person(*args)[:2], cases, SPLITS, ("train", "test"))
    except Problem as problem:
        known = any(str(problem) == message for _, message in SPLITS)
        raise problem if known else Problem(_leak(call, cases) or str(problem)) from None
    said, (windows, arm, test) = next(iter(cases.items()))
    scaled = "in the scaled windows, "

    def third(*args):
        return call(*args)[2]

    axes, some = ("window", "channel", "sample"), dict(list(cases.items())[:2])
    try:
        compare(third, lambda *args: split_by_person(*args)[2], some, SCALES, axes=axes, dtypes=True)
    except Problem as problem:
        known = any(str(problem) == message for _, message in SCALES)
        raise problem if known else Problem(f"{scaled}{problem}") from None
    _still(third, windows, arm, test)
    away = {"a list of people of whom one has no window": (windows, arm, [test[0], 77])}
    also(places, lambda *args: split_by_person(*args)[:2], away, "Person 77 has no window, but the other one has some: "
         "there are windows on both sides, so nothing has to be refused.")  # fmt: skip
    must_refuse(call, (windows, arm, []), "where nobody is tested,")
    must_refuse(call, (windows, arm, [8]), "where the only tested person (8) has no window,")
    must_refuse(call, (windows, arm, list(range(5))), "where everybody is tested,")
    keeps_names(call, "test")


def _both_sides(problem: Stopped, args: tuple, said: str) -> str:
    """What an answer should know that refuses input of its own accord, where there is nothing to be refused."""
    if "raise ValueError" not in str(problem):
        return ""
    people, test = sorted({a // 2 for a in args[1].tolist()}), args[2]
    return (f"\n  Here there are windows on both sides: they are those of the people {people}, and {test} are tested. "
            f"{PERSON} That is for {said}.")  # fmt: skip


def _still(third, windows: Tensor, arm: Tensor, test: list[int]):
    """Refuse what is divided by 0, or by what rounding leaves of it, where a channel never changes in training."""
    for values, because in (((2.0,), _ZERO), ((9.81, 1.7, 101.3), _ROUNDED)):
        still = windows.clone()
        for channel, value in enumerate(values):
            still[arm // 2 != test[0], channel] = value
        gap = (third(still, arm, test).double() - split_by_person(still, arm, test)[2].double()).abs().nan_to_num(1e9)
        if gap.max() > 0.01:  # a mean that is rounded is no mistake
            which = "channels that are 9.81, 1.7 and 101.3" if len(values) > 1 else f"a channel that is {values[0]}"
            raise Problem(f"elsewhere it is right, but not for {which} in all training windows.\n  {because}")


def _form(got, args: tuple, said: str):
    """Refuse what is no three tensors: places, places, windows."""
    if not isinstance(got, tuple | list) or len(got) != 3:
        raise Problem(f"it should return three things (train, test, scaled), but it returned {form(got)}.")
    for name, part in zip(("train", "test"), got, strict=False):
        if isinstance(part, tuple) and len(part) == 1:
            raise Problem(f"`{name}` is a tuple with the places in it: torch.where(...) and nonzero(as_tuple=True) "
                          "give one for each axis. Take [0].")  # fmt: skip
        if not isinstance(part, Tensor):
            raise Problem(f"`{name}` should be an int64 tensor of places, but it is {form(part)}. torch.as_tensor(...) "
                          "makes one of it.")  # fmt: skip
        if part.dtype == torch.bool:
            raise Problem(f"`{name}` is a mask of True and False. Give the places: mask.nonzero().squeeze(1).")
        if part.ndim == 2 and part.shape[1] == 1:
            raise Problem(f"`{name}` has the shape {list(part.shape)}: nonzero gives a row for each place. .squeeze(1) "
                          "takes the last axis away.")  # fmt: skip
        if part.ndim == args[0].ndim:
            raise Problem(f"`{name}` has windows in it. Give their places, 0 ... n - 1.")
        if part.ndim != 1 or part.dtype != torch.int64:
            what = f"{form(part)}. That is for {said}."
            raise Problem(f"`{name}` should be an int64 tensor [n_{name}] of places, but it is {what}")
    if not isinstance(got[2], Tensor):
        raise Problem(f"the third result should be all windows, scaled, a tensor, but it is {form(got[2])}.")


def _leak(call, cases: dict[str, tuple]) -> str:
    """In words, who stands on a wrong side, in the first case where somebody does."""
    for said, (windows, arm, test) in cases.items():
        train, held_out = (set(side.tolist()) for side in call(windows, arm, test)[:2])
        odd = sorted((train | held_out) - set(range(len(arm))))
        if odd:
            return f"the places of the windows are 0 ... {len(arm) - 1}, but {odd[0]} is among the places."
        both = train & held_out
        if both:
            return f"window {min(both)} is to be trained on and to be tested on. That is for {said}."
        drew = f" It draws random numbers ({call.drew}'s): who is tested stands in `test`." if call.drew else ""
        arms, people = [[{a // d for a in arm[list(side)].tolist()} for side in (train, held_out)] for d in (1, 2)]
        if shared := sorted(arms[0] & arms[1]):
            return (f"windows of arm {shared[0]} are on both sides. Windows of one recording resemble each other: "
                    "that is the first leak. All windows of a person go to one side. "
                    f"That is for {said}.{drew}")  # fmt: skip
        if shared := sorted(people[0] & people[1]):
            return (f"one arm of person {shared[0]} is trained on and the other one tested: that is the leak by arm. "
                    f"{PERSON} That is for {said}.{drew}")  # fmt: skip
        if wrong := sorted(people[0] & set(test)):
            return f"person {wrong[0]} is to be tested, but is trained on. That is for {said}."
        if wrong := sorted(people[1] - set(test)):
            return f"person {wrong[0]} is tested, but is not in `test`. {PERSON} That is for {said}."
        if missing := sorted(set(range(len(arm))) - train - held_out):
            return f"window {missing[0]} is on neither side. That is for {said}."
        if any(side.tolist() != side.sort().values.tolist() for side in call(windows, arm, test)[:2]):
            return f"the places are right, but not in rising order. That is for {said}."
    return ""
