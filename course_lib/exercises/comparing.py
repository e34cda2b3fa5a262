"""Judging an answer by its results: beside the right ones, and beside those of known mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain

import torch
from torch import Tensor

from course_lib.exercises.guard import Problem, Stopped
from course_lib.exercises.results import difference, same


def compare(
    call: Callable,
    right: Callable,
    cases: Iterable[tuple] | dict[str, tuple],
    mistakes: Iterable[tuple[Callable, str]] = (),
    names: Sequence[str] = (),
    axes: Sequence[str] = (),
    dtypes: bool = False,
):
    """Run both functions on every case; name the mistake if the wrong numbers are known ones.

    Every function gets copies of its own. A mistake is named only if its formula gives what the learner's function
    gives in *every* case, so that equal numbers by chance do not name one that was not made.

    Args:
        call: the learner's function, made safe.
        right: the library's function.
        cases: argument tuples; or a dict of them, whose keys say in words what is special: "a single dot".
        mistakes: `(formula, message)` pairs. A formula may fail, or give nan, where the mistake cannot be made; it may
            give a torch.Size where any result of that shape shows the mistake.
        names: what the parts of the result are called, if it is a tuple: "the losses".
        axes: what the axes of the result count, in the singular: "task", "query".
        dtypes: whether the dtype must be the same; otherwise any float will do for a float, and so on.

    Raises:
        Problem: what is wrong.
    """
    said = list(cases) if isinstance(cases, dict) else None
    cases = list(cases.values() if isinstance(cases, dict) else cases)
    for i, args in enumerate(cases):
        want, got = right(*copy.deepcopy(args)), _result(call, args, Stopped)
        if same(got, want, dtypes):
            continue
        tried = _Tried(call, right, cases, i, got)
        only_dtype = dtypes and same(got, want)  # and rounding to four decimals is as near
        for formula, message in chain(mistakes, () if only_dtype else _usual(right)):
            if tried.made(formula):
                raise Problem(message)
        where = f" That is for {said[i]}." if said else _inputs(args) if len(cases) > 1 else ""
        where += f" It is right for {said[0]}." if said and i else ""
        if isinstance(got, Problem):  # its last line quotes the learner's code
            sizes = " Does the code count on its sizes?" if _sizes(args) != _sizes(cases[0]) else ""
            raise Problem(f"{got}\n {where}{sizes}" if said and i else str(got))
        raise Problem(difference(got, want, names, axes, dtypes) + where + _chance(call, args))


class _Tried:
    """What a function that is wrong in case `i` gives in all cases; the others are tried when they are needed."""

    def __init__(self, call: Callable, right: Callable, cases: list[tuple], i: int, got):
        self._call, self._right, self._cases, self._i, self._got = call, right, cases, i, got
        self._others = None

    def made(self, formula: Callable) -> bool:
        """Whether a mistake explains all that was given, and some of it is wrong."""
        stopped, args = isinstance(self._got, Problem), self._cases[self._i]
        if not stopped and not _agree(formula, self._got, args):
            return False
        if self._others is None:
            others = self._cases[: self._i] + self._cases[self._i + 1 :]
            self._others = [(other, _result(self._call, other)) for other in others]
        found = [(other, its) for other, its in self._others if not isinstance(its, Problem)]
        if stopped and not any(_agree(formula, its, other) and not self._is_right(its, other) for other, its in found):
            return False
        return all(_agree(formula, its, other, True) for other, its in found)

    def _is_right(self, its, args: tuple) -> bool:
        return same(its, self._right(*copy.deepcopy(args)))


def _result(call: Callable, args: tuple, kept: type[Problem] = Problem):
    try:
        return call(*copy.deepcopy(args))
    except kept as problem:
        return problem


def _chance(call: Callable, args: tuple) -> str:
    drew = "" if any(isinstance(arg, torch.Generator) for arg in args) else getattr(call, "drew", "")
    return f" It draws random numbers ({drew}'s), and the right answer has no chance in it." if drew else ""


def _agree(formula: Callable, got, args: tuple, fails: bool = False) -> bool:
    """Whether a formula gives this result; `fails` if it gives no numbers, which a learner may have seen to."""
    try:
        found = _plain(formula(*copy.deepcopy(args)))
    except Exception:  # shapes for which this mistake cannot be made
        return fails
    if isinstance(found, torch.Size):
        return isinstance(got, Tensor) and got.shape == found
    return same(got, found) or (fails and not _every(torch.isfinite, found))


def _usual(right: Callable) -> list[tuple[Callable, str]]:
    """Mistakes that are made with any numbers."""

    def changed(change, *args):
        found = _each(right(*args), change)
        if _every(torch.logical_not, found):
            raise ValueError("from zeros, nothing can be told")
        return found

    said = {
        -1: "every number has the wrong sign.", 2: "every number is twice as large as it should be.",
        0.5: "every number is half as large as it should be.",
        100: "every number is 100 times as large as it should be: is it in percent?",
    }  # fmt: skip
    scaled = [(partial(changed, partial(torch.mul, other=factor)), message) for factor, message in said.items()]
    return scaled + [
        (partial(changed, partial(torch.round, decimals=d)), f"it is rounded (decimals: {d}). Return the numbers as "
                                                             "they are: rounding is for what is printed.")
        for d in (1, 2, 3, 4)
    ]  # fmt: skip


def _each(value, change: Callable):
    """The same with every float in it changed."""
    if isinstance(value, dict):
        return {key: _each(entry, change) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return tuple(_each(part, change) for part in value)
    if isinstance(value, float):
        return change(torch.tensor(value, dtype=torch.float64)).item()
    return change(value) if isinstance(value, Tensor) and value.is_floating_point() else value


def _every(test: Callable, value) -> bool:
    if isinstance(value, tuple | list | dict):
        return all(_every(test, one) for one in (value.values() if isinstance(value, dict) else value))
    return bool(test(torch.as_tensor(value)).all())


def _plain(value):
    """With numbers in place of tensors without an axis: a learner may give either."""
    if isinstance(value, Tensor) and not value.ndim:
        return value.item()
    return tuple(map(_plain, value)) if type(value) is tuple else value


def _sizes(args: tuple) -> list:
    return [arg.shape for arg in args if isinstance(arg, Tensor)]


def _inputs(args: tuple) -> str:
    """Which inputs these were, if that can be said in a few words."""
    said = []
    for arg in args:
        if isinstance(arg, Tensor):
            said.append(f"a tensor of shape {list(arg.shape)}" if arg.numel() > 4 else str(arg.tolist()))
        elif isinstance(arg, int | float | str | tuple):
            said.append(repr(arg))
    text = " and ".join(said)
    return f" That is for {text}." if len(said) == len(args) and len(text) < 100 else ""
