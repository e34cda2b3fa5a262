"""What `check` looks at in a split by person, and which leaks it knows by name."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import form
from course_lib.lessons.lesson11.refusing import must_refuse
from course_lib.lessons.lesson11.splitting import split_by_person


def _case(arms: list[int], test: list[int], seed: int, channels: int = 3, samples: int = 96) -> tuple:
    """About 300 windows of these arms in random order; people, arms and channels have levels and sizes of their own."""
    generator = torch.Generator().manual_seed(seed)
    arm = torch.tensor(arms)[torch.randint(len(arms), (300,), generator=generator)]
    level, size = (torch.randn(max(arms) + 1, channels, 1, generator=generator) for _ in range(2))
    scale = torch.tensor([9.0, 0.2, 70.0, 0.5, 3.0, 20.0])[:channels].unsqueeze(1)
    noise = torch.randn(300, channels, samples, generator=generator)
    return scale * (level[arm] + (0.3 * size[arm]).exp() * noise), arm, test


def _cases() -> dict[str, tuple]:
    return {
        "five people, of whom person 3 is tested": _case(list(range(10)), [3], 0),
        "six people, of whom two are tested": _case(list(range(12)), [4, 1], 1, channels=6, samples=64),
        "people of whom some wore the watch on one arm only": _case([0, 3, 4, 5, 7, 9, 18, 22], [2, 11], 2),
    }


def _is_in(values: Tensor, some: list[int]) -> Tensor:
    return torch.isin(values, torch.tensor(some))


def _sides(tested: Tensor) -> tuple[Tensor, Tensor]:
    return (~tested).nonzero().squeeze(1), tested.nonzero().squeeze(1)


def _tested_where(of):
    return lambda w, a, t: _sides(of(a, t))


def _one_after_the_other(windows, arm, test):
    train, held_out = _sides(_is_in(arm // 2, test))
    return train, torch.cat([(arm // 2 == p).nonzero().squeeze(1) for p in test])


def _by_arm(windows, arm, test):
    return tuple(side[arm[side].argsort(stable=True)] for side in _sides(_is_in(arm // 2, test)))


_PERSON = "The person of a window is arm // 2."
_OTHER_ARM = ("the two arms of one person stand on different sides: {} arms of the tested people are in training. That "
              "is the leak by arm; both arms go to the test.")  # fmt: skip
_SPLITS = [
    (_tested_where(lambda a, t: _is_in(a, t)), "`test` names people, and `arm` has numbers of arms: person 3 has the "
     f"arms 6 and 7. {_PERSON}"),
    (_tested_where(lambda a, t: _is_in(a % 2, t)), f"arm % 2 is the side, left or right. {_PERSON}"),
    (_tested_where(lambda a, t: _is_in((a + 1) // 2, t)), f"(arm + 1) // 2 puts arms of two people together. "
     f"{_PERSON}"),
    (_tested_where(lambda a, t: _is_in(a, [2 * p for p in t])), _OTHER_ARM.format("the right")),
    (_tested_where(lambda a, t: _is_in(a, [2 * p + 1 for p in t])), _OTHER_ARM.format("the left")),
    (_tested_where(lambda a, t: ~_is_in(a // 2, t)), "the two sides are exchanged: the places to train on come first, "
     "then those of the tested people."),
    (_tested_where(lambda a, t: _is_in(a // 2, t[:1])), "only the first person of `test` is tested."),
    (_tested_where(lambda a, t: _is_in(a // 2, t[-1:])), "only the last person of `test` is tested."),
    (_one_after_the_other, "the places to test on are right, but in the order of `test`. Give them in rising order."),
    (_by_arm, "the places are right, but not in rising order: they are sorted by arm."),
    (lambda w, a, t: tuple(a[side] for side in _sides(_is_in(a // 2, t))), "these are numbers of arms. Give the places "
     "of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side] // 2 for side in _sides(_is_in(a // 2, t))), "these are numbers of people. Give the "
     "places of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side].unique() for side in _sides(_is_in(a // 2, t))), "these are numbers of arms. Give "
     "the places of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side].div(2, rounding_mode="floor").unique() for side in _sides(_is_in(a // 2, t))),
     "these are numbers of people. Give the places of the windows, 0 ... n - 1."),
]  # fmt: skip


def _scaled(mean=None, deviation=None, of="train", end=lambda x: x):
    """All windows scaled by the numbers of some of them, with one thing otherwise."""

    def answer(windows, arm, test):
        train, held_out = _sides(_is_in(arm // 2, test))
        seen = {"train": windows[train], "test": windows[held_out], "all": windows}[of]
        m = (mean or _channel_mean)(seen)
        d = (deviation or _channel_deviation)(seen)
        return end((windows - m) / d)

    return answer


def _channel_mean(x: Tensor) -> Tensor:
    return x.mean((0, 2), keepdim=True)


def _channel_deviation(x: Tensor) -> Tensor:
    return x.std((0, 2), keepdim=True)


def _each_its_own(of):
    """Every group of windows is scaled by itself: persons, arms, or the two sides."""

    def answer(windows, arm, test):
        group, found = of(arm, test), torch.zeros_like(windows)
        for g in group.unique():
            found[group == g] = (windows[group == g] - _channel_mean(windows[group == g])) / _channel_deviation(
                windows[group == g]
            )
        return found

    return answer


def _of_test_by_itself(windows, arm, test):
    """Training windows by those of training; tested windows by all."""
    tested = _is_in(arm // 2, test)
    found = _scaled()(windows, arm, test)
    found[tested] = _scaled(of="all")(windows, arm, test)[tested]
    return found


def _train_first(windows, arm, test):
    train, held_out = _sides(_is_in(arm // 2, test))
    return _scaled()(windows, arm, test)[torch.cat([train, held_out])]


def _only(side: int):
    return lambda w, a, t: _scaled()(w, a, t)[_sides(_is_in(a // 2, t))[side]]


_LEAK = ("the mean and the deviation were computed with the windows of the tested people. That is the fourth leak: "
         "take them from the training windows alone.")  # fmt: skip
_ONE = "Take one mean and one deviation for each channel, over all training windows and samples."
_SCALES = [
    (_scaled(of="all"), _LEAK),
    (_scaled(of="test"), "the mean and the deviation are those of the tested people. Take the training windows."),
    (_each_its_own(lambda a, t: _is_in(a // 2, t)), "the tested people are scaled by their own mean and deviation: "
     "those were computed from data of the test. The numbers of the training windows serve for all."),
    (_of_test_by_itself, _LEAK),
    (_each_its_own(lambda a, t: a // 2), f"each person is scaled alone, the tested ones, too. {_ONE}"),
    (_each_its_own(lambda a, t: a), f"each arm is scaled alone, those of the tested people, too. {_ONE}"),
    (lambda w, a, t: (w - w.mean(2, keepdim=True)) / w.std(2, keepdim=True), f"each window is scaled alone. {_ONE}"),
    (lambda w, a, t: (w - w.mean(2, keepdim=True)) / w.std(2, correction=0, keepdim=True), f"each window is scaled "
     f"alone. {_ONE}"),
    (_scaled(lambda x: x.mean(0), lambda x: x.std(0)), "each sample of a window has a mean and a deviation of its own. "
     f"{_ONE}"),
    (_scaled(lambda x: x.mean(0), lambda x: x.std(0, correction=0)), "each sample of a window has a mean and a "
     f"deviation of its own. {_ONE}"),
    (_scaled(lambda x: x.mean(), lambda x: x.std()), f"all channels have one mean and one deviation. {_ONE}"),
    (_scaled(lambda x: x.mean(), lambda x: x.std(), of="all"), f"all channels have one mean and one deviation, and the "
     f"windows of the tested people are in them. {_ONE}"),
    (_scaled(deviation=lambda x: x.var((0, 2), keepdim=True)), "it is divided by the variance. The deviation is its "
     "root."),
    (_scaled(deviation=lambda x: torch.ones(())), "the mean is taken off, but nothing is divided by the deviation."),
    (_scaled(mean=lambda x: torch.zeros(())), "it is divided by the deviation, but the mean is not taken off."),
    (_scaled(deviation=lambda x: x.std(2).mean(0).view(1, -1, 1)), "this is the mean of the deviations of single "
     f"windows. What windows differ by belongs to the deviation as well. {_ONE}"),
    (_scaled(deviation=lambda x: x.mean(2).std(0).view(1, -1, 1)), "this is the deviation of the means of windows. How "
     f"a window moves belongs to it as well. {_ONE}"),
    (_scaled(deviation=lambda x: _channel_deviation(x).clamp(min=1)), "a deviation below 1 is taken for 1. Only a "
     "deviation of 0 is replaced."),
    *((_scaled(deviation=lambda x, e=e: _channel_deviation(x) + e), f"{e} is added to the deviation, which changes "
       "what moves little. Replace the deviation where it is 0, and nowhere else.") for e in (1.0, 0.1, 1e-2, 1e-3)),
    (_scaled(lambda x: x.amin((0, 2), keepdim=True), lambda x: x.amax((0, 2), keepdim=True)
             - x.amin((0, 2), keepdim=True)), "it is scaled by the smallest and the largest value. Use mean and "
     "deviation."),
    (_scaled(deviation=lambda x: x.abs().amax((0, 2), keepdim=True)), "it is divided by the largest value. Use the "
     "deviation."),
    (_train_first, "the windows are scaled rightly, but stand in another order: training windows first. Keep the order "
     "in which they came."),
    (_only(0), "only the training windows are scaled. Give all windows, in the order in which they came."),
    (_only(1), "only the windows of the test are scaled. Give all windows, in the order in which they came."),
    (lambda w, a, t: w, "the windows are not scaled."),
]  # fmt: skip

_ZERO = ("A channel that never changes in training has the deviation 0, and 0 / 0 is NaN; a small number in its place "
         "makes huge ones of the test. Divide by 1 there: deviation.where(deviation > 0, 1).")  # fmt: skip


def judge_split(call):
    """`split_by_person`: whose windows are where, then what they were scaled by, a silent channel, sides without "
    "any."""
    cases = _cases()
    for said, args in cases.items():
        _form(call(*args), args, said)

    def places(*args):
        return tuple(call(*args)[:2])

    try:
        compare(places, lambda *args: split_by_person(*args)[:2], cases, _SPLITS, ("train", "test"))
    except Problem as problem:
        known = any(str(problem) == message for _, message in _SPLITS)
        raise problem if known else Problem(_leak(call, cases) or str(problem)) from None
    said, (windows, arm, test) = next(iter(cases.items()))
    scaled = "in the scaled windows, "

    def third(*args):
        return call(*args)[2]

    axes = ("window", "channel", "sample")
    try:
        compare(third, lambda *args: split_by_person(*args)[2], cases, _SCALES, axes=axes, dtypes=True)
    except Problem as problem:
        known = any(str(problem) == message for _, message in _SCALES)
        raise problem if known else Problem(f"{scaled}{problem}") from None
    silent = windows.clone()
    silent[(arm // 2 != test[0]), 1] = 2.0
    also(third, lambda *args: split_by_person(*args)[2], {"a channel that never changes in training":
                                                          (silent, arm, test)}, _ZERO)
    must_refuse(call, (windows, arm, []), "where nobody is tested,")
    must_refuse(call, (windows, arm, [8]), "where the only tested person (8) has no window,")
    must_refuse(call, (windows, arm, list(range(5))), "where everybody is tested,")
    keeps_names(call, "test")


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
                    f"{_PERSON} That is for {said}.{drew}")  # fmt: skip
        if wrong := sorted(people[0] & set(test)):
            return f"person {wrong[0]} is to be tested, but is trained on. That is for {said}."
        if wrong := sorted(people[1] - set(test)):
            return f"person {wrong[0]} is tested, but is not in `test`. {_PERSON} That is for {said}."
        if missing := sorted(set(range(len(arm))) - train - held_out):
            return f"window {missing[0]} is on neither side. That is for {said}."
    return ""
