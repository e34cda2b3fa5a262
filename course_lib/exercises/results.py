"""Results: whether one is the right one, what it is, and how it differs, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


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
            alone = next((i for i, part in enumerate(want) if same(got, part)), None)
            if alone is not None and len(want) > 1:
                return (f"it should return {len(want)} things{parts}, but it returned only "
                        f"{names[alone] if names else f'number {alone + 1} of them'}.")  # fmt: skip
            apart = ""
            if isinstance(got, Tensor | np.ndarray) and got.ndim == 1 and same(list(got), want):
                apart = " Its numbers are right: return them one by one, a tuple."
            return f"it should return {len(want)} things{parts}, but it returned {form(got)}.{apart}"
        i = next(i for i in range(len(want)) if not same(got[i], want[i], dtypes))
        part = names[i] if names else f"returned value {i + 1}"
        return f"in {part}, {difference(got[i], want[i], (), axes, dtypes)}"
    if isinstance(want, bool | str):
        return f"it should be {want!r}, but it is {got!r}." if isinstance(got, bool | str) else _should(got, want, axes)
    if isinstance(want, Tensor):
        fits = isinstance(got, Tensor) and got.shape == want.shape and _kind(got) == _kind(want)
        if not fits or (dtypes and got.dtype != want.dtype):
            return _should(got, want, axes)
        return _numbers(got.detach(), want.detach(), axes)
    if as_number(got) is None:
        return f"the result should be a number, but it is {form(got)}.{_part(got, want)}"
    return _numbers(torch.tensor(as_number(got)), torch.tensor(float(want)), ())


def _entries(got, want: dict, axes, dtypes) -> str:
    if not isinstance(got, dict):
        return f"it should return a dict with the entries {', '.join(map(repr, want))}, but it returned {form(got)}."
    if got.keys() != want.keys():
        return f"it should have the entries {', '.join(map(repr, want))}, but it has {', '.join(map(repr, got))}."
    key = next(key for key in want if not same(got[key], want[key], dtypes))
    return f"in entry {key!r}, {difference(got[key], want[key], (), axes, dtypes)}"


def _should(got, want, axes: Sequence[str] = ()) -> str:
    text = f"the result should be {form(want)}, but it is {form(got)}."
    if isinstance(got, np.ndarray | np.generic):
        return text + " torch.as_tensor makes a tensor of it."
    if not isinstance(want, Tensor):
        return text
    return text + (_shape(got, want, axes) if isinstance(got, Tensor) else _part(got, want))


def _part(got, want) -> str:
    """Whether the right result is a part of what was returned, or its parts are."""
    if not isinstance(got, tuple | list):
        return ""
    alone = next((i for i, part in enumerate(got) if same(part, want)), None)
    if alone is not None:
        return f" Number {alone + 1} of what is in it is right: return that alone."
    for make, name in ((torch.tensor, "torch.tensor"), (torch.stack, "torch.stack")):
        try:
            if same(make(list(got)), want):
                return f" Its numbers are right: {name}(...) makes a tensor of it."
        except Exception:  # lists of anything
            continue
    return ""


def _shape(got: Tensor, want: Tensor, axes: Sequence[str]) -> str:
    """What happened to a tensor of another shape or kind of numbers, if that can be seen."""
    one, other = list(got.shape), list(want.shape)
    for i in reversed(range(len(one))):
        if one[i] == 1 and one[:i] + one[i + 1 :] == other:
            return f" Axis {i}, of size 1, is too many: keepdim=True or unsqueeze made it; .squeeze({i}) takes it away."
    for i in range(len(other)):
        if other[i] == 1 and other[:i] + other[i + 1 :] == one:
            name = f" ({axes[i]})" if len(axes) == len(other) else ""
            return (f" Axis {i}{name} is missing, since its size is 1: .squeeze() without a number takes away every "
                    "axis of size 1, and so does an index.")  # fmt: skip
    if one == other and not got.is_complex() and same(got.to(want.dtype), want):
        return f" Its numbers are right, but of another type: .to({want.dtype}) changes it."
    if len(one) > 1 and one != other and same(got.mT, want):
        return " Its numbers are right, but the last two axes are exchanged."
    if one != other and got.numel() == want.numel() and same(got.reshape(want.shape), want):
        return " Its numbers are right and in their order, but the axes are not kept apart."
    return ""


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


def form(value) -> str:
    """What a result is, in a few words."""
    if isinstance(value, Tensor | np.ndarray):
        kind, dtype = ("tensor", str(value.dtype)) if isinstance(value, Tensor) else ("NumPy array", str(value.dtype))
        dtype = dtype.removeprefix("torch.")
        return f"{'an' if dtype[0] in 'aeio' else 'a'} {dtype} {kind} of shape {list(value.shape)}"
    name = type(value).__name__
    if isinstance(value, tuple | list):
        name += f" of {len(value)}"
    return "nothing (None)" if value is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
