"""Judging an answer by its results: beside the right ones, and beside those of known mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from course_lib.exercises.guard import Problem


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
        mistakes: `(formula, message)` pairs. A formula may fail, or give nan, where the mistake cannot be made.
        names: what the parts of the result are called, if it is a tuple: "the losses".
        axes: what the axes of the result count, in the singular: "task", "query".
        dtypes: whether the dtype must be the same; otherwise any float will do for a float, and so on.

    Raises:
        Problem: what is wrong.
    """
    said = list(cases) if isinstance(cases, dict) else None
    cases = list(cases.values() if isinstance(cases, dict) else cases)
    for i, args in enumerate(cases):
        want, got = right(*copy.deepcopy(args)), call(*copy.deepcopy(args))
        if same(got, want, dtypes):
            continue
        made = [(formula, message) for formula, message in mistakes if _agree(formula, got, args)]
        others = [(other, _result(call, other)) for other in (cases[:i] + cases[i + 1 :] if made else ())]
        for formula, message in made:
            if all(isinstance(its, Problem) or _agree(formula, its, other, True) for other, its in others):
                raise Problem(message)
        where = f" That is for {said[i]}." if said else _inputs(args) if len(cases) > 1 else ""
        raise Problem(difference(got, want, names, axes, dtypes) + where)


def _result(call: Callable, args: tuple):
    try:
        return call(*copy.deepcopy(args))
    except Problem as problem:
        return problem


def _agree(formula: Callable, got, args: tuple, fails: bool = False) -> bool:
    """Whether a formula gives this result; `fails` if it gives no numbers, which a learner may have seen to."""
    try:
        found = _plain(formula(*copy.deepcopy(args)))
    except Exception:  # shapes for which this mistake cannot be made
        return fails
    return same(got, found) or (fails and not _finite(found))


def _finite(value) -> bool:
    if isinstance(value, tuple | list | dict):
        return all(map(_finite, value.values() if isinstance(value, dict) else value))
    return bool(torch.isfinite(torch.as_tensor(value)).all())


def _plain(value):
    """With numbers in place of tensors without an axis: a learner may give either."""
    if isinstance(value, Tensor) and not value.ndim:
        return value.item()
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def same(got, want, dtypes: bool = False) -> bool:
    """Whether a result is the right one, as near as rounding allows."""
    if isinstance(want, dict):
        return isinstance(got, dict) and got.keys() == want.keys() and all(same(got[k], want[k], dtypes) for k in want)
    if isinstance(want, tuple | list):
        fits = isinstance(got, tuple | list) and len(got) == len(want)
        return fits and all(same(g, w, dtypes) for g, w in zip(got, want, strict=True))
    if isinstance(want, bool | str):
        return isinstance(got, type(want) | np.bool_) and got == want
    if not isinstance(want, Tensor):
        number = as_number(got)
        if number is None or isinstance(want, int):
            return number == want
        return _close(torch.tensor(number), torch.tensor(want))
    if not isinstance(got, Tensor) or got.shape != want.shape or _kind(got) != _kind(want):
        return False
    return (got.dtype == want.dtype or not dtypes) and _close(got, want)


def as_number(value) -> float | None:
    """A number of any usual type: int, float, NumPy's, or an array or a tensor that holds just one. Otherwise None."""
    if isinstance(value, Tensor | np.ndarray | np.generic):
        is_one = (value.numel() if isinstance(value, Tensor) else value.size) == 1
        value = value.item() if is_one else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _close(got: Tensor, want: Tensor) -> bool:
    if not want.is_floating_point():
        return torch.equal(got.to(want.dtype), want)
    return torch.allclose(got.detach().double(), want.detach().double(), rtol=1e-4, atol=1e-6, equal_nan=True)


def _kind(tensor: Tensor) -> str:
    return "float" if tensor.is_floating_point() else "complex" if tensor.is_complex() else "whole"


def difference(got, want, names: Sequence[str] = (), axes: Sequence[str] = (), dtypes: bool = False) -> str:
    """How a result differs from the right one, in a sentence."""
    if isinstance(want, dict):
        return _entries(got, want, axes, dtypes)
    if isinstance(want, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(want):
            parts = f" ({', '.join(names)})" if names else ""
            return f"it should return {len(want)} things{parts}, but it returned {form(got)}."
        i = next(i for i in range(len(want)) if not same(got[i], want[i], dtypes))
        part = names[i] if names else f"returned value {i + 1}"
        return f"in {part}, {difference(got[i], want[i], (), axes, dtypes)}"
    if isinstance(want, bool | str):
        return f"it should be {want!r}, but it is {got!r}." if isinstance(got, bool | str) else _should(got, want)
    if isinstance(want, Tensor):
        fits = isinstance(got, Tensor) and got.shape == want.shape and _kind(got) == _kind(want)
        if not fits or (dtypes and got.dtype != want.dtype):
            return _should(got, want)
        return _numbers(got.detach(), want.detach(), axes)
    if as_number(got) is None:
        return f"the result should be a number, but it is {form(got)}."
    return _numbers(torch.tensor(as_number(got)), torch.tensor(float(want)), ())


def _entries(got, want: dict, axes, dtypes) -> str:
    if not isinstance(got, dict):
        return f"it should return a dict with the entries {', '.join(map(repr, want))}, but it returned {form(got)}."
    if got.keys() != want.keys():
        return f"it should have the entries {', '.join(map(repr, want))}, but it has {', '.join(map(repr, got))}."
    key = next(key for key in want if not same(got[key], want[key], dtypes))
    return f"in entry {key!r}, {difference(got[key], want[key], (), axes, dtypes)}"


def _should(got, want) -> str:
    text = f"the result should be {form(want)}, but it is {form(got)}."
    return text + " torch.as_tensor makes a tensor of it." if isinstance(got, np.ndarray | np.generic) else text


def _numbers(got: Tensor, want: Tensor, axes: Sequence[str]) -> str:
    """Where two tensors of one shape differ most, and what stands there."""
    gap = (got.double() - want.double()).abs().nan_to_num(nan=float("inf"))
    gap[got.isnan() & want.isnan()] = 0
    at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)] if gap.ndim else []
    place = ", ".join(f"{axis} {i}" for axis, i in zip(axes, at, strict=True)) if len(axes) == len(at) else str(at)
    one, other = want[tuple(at)].item(), got[tuple(at)].item()
    digits = next((d for d in range(4, 17) if f"{one:.{d}g}" != f"{other:.{d}g}"), 17)
    where = f"at {place} " if at else ""
    return f"the numbers differ: {where}it should be {one:.{digits}g}, but it is {other:.{digits}g}."


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


def form(value) -> str:
    """What a result is, in a few words."""
    if isinstance(value, Tensor | np.ndarray):
        kind, dtype = ("tensor", str(value.dtype)) if isinstance(value, Tensor) else ("NumPy array", str(value.dtype))
        dtype = dtype.removeprefix("torch.")
        return f"{'an' if dtype[0] in 'aeio' else 'a'} {dtype} {kind} of shape {list(value.shape)}"
    name = type(value).__name__
    return "nothing (None)" if value is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
