"""What a function must leave as it was: its arguments and the random state of everybody. Seen, and put back."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn


class Arguments:
    """The arguments of a call as they were before it.

    Looks at tensors and arrays, lists, dicts and sets, data classes and modules, and at what is inside them. Other
    objects, such as a generator that is meant to go on, are not looked at.

    Args:
        values: the arguments.
        names: what the function calls them; where there is none, "argument 2".
    """

    def __init__(self, values: Sequence, names: Sequence[str] = ()):
        seen = set()
        self._parts = []  # the path to it in words, the object, what it held
        for i, value in enumerate(values):
            path = f"`{names[i]}`" if i < len(names) else f"argument {i + 1}"
            self._parts += [(where, part, _held(part)) for where, part in _parts(value, path, seen)]

    def put_back(self) -> str:
        """Put everything back, and say in a sentence what had been changed first; nothing if all is as it was."""
        found = ""
        for where, part, held in self._parts:
            sentence = _change(where, part, held)
            if sentence:
                _restore(part, held)
            found = found or sentence
        return found

    def gradients(self) -> list[tuple[str, Tensor, Tensor | None]]:
        """The tensors, but not those in modules, with what stood in their `.grad` before the call."""
        return [(where, part, held[2]) for where, part, held in self._parts
                if isinstance(part, Tensor) and not isinstance(part, nn.Parameter)]  # fmt: skip


def _parts(value, path: str, seen: set[int]) -> Iterator[tuple[str, object]]:
    """An argument and all that is inside it, each once, with words that say where it is."""
    if id(value) in seen:
        return
    seen.add(id(value))
    inside = ()
    if isinstance(value, nn.Module):
        yield path, value
        inside = [(f"the weights of {path}", p) for p in value.parameters()]
        inside += [(f"the buffers of {path}", b) for b in value.buffers()]
    elif isinstance(value, Tensor | np.ndarray | list | dict | set | bytearray):
        yield path, value
    if isinstance(value, dict):
        inside = [(f"entry {key!r} of {path}", item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        inside = [(f"place {i} of {path}", item) for i, item in enumerate(value)]
    elif dataclasses.is_dataclass(value) and not isinstance(value, type | nn.Module):
        yield path, value
        inside = [(f"{path[:-1]}.{f.name}`" if path.endswith("`") else f"{f.name} of {path}", getattr(value, f.name))
                  for f in dataclasses.fields(value)]  # fmt: skip
    for where, item in inside:
        yield from _parts(item, where, seen)


def _held(part):
    """A copy of what an object holds, deep enough to see a change and to undo it."""
    if isinstance(part, Tensor):
        gradient = part.grad if part.is_leaf else None
        return part.detach().clone(), part.requires_grad, None if gradient is None else gradient.clone()
    if isinstance(part, nn.Module):
        return [(module, module.training) for module in part.modules()]
    if isinstance(part, np.ndarray | list | dict | set | bytearray):
        return part.copy()
    return {f.name: getattr(part, f.name) for f in dataclasses.fields(part)}


def _change(where: str, part, held) -> str:
    """A sentence if the object no longer holds what it held."""
    if isinstance(part, Tensor):
        if not _equal(part.detach(), held[0]):
            return (f"it changes {where} in place; compute a new tensor instead (no +=, no x[...] = ..., no method "
                    "whose name ends in _).")  # fmt: skip
        if part.requires_grad != held[1]:
            return f"it changes requires_grad of {where}; use a copy, x.clone().requires_grad_()."
    elif isinstance(part, np.ndarray):
        if not np.array_equal(part, held, equal_nan=part.dtype.kind in "fc"):
            return f"it changes {where} in place; compute a new array instead (no +=, no x[...] = ...)."
    elif isinstance(part, nn.Module):
        if any(module.training != mode for module, mode in held):
            return f"it changes the mode of {where} (.train() or .eval()) and leaves it so. Leave it as it is."
    elif isinstance(part, list | dict | set | bytearray):
        if not _equal_items(part, held):
            kind = type(part).__name__
            return f"it changes {where} in place, a {kind} that is still needed; work on a copy: {kind}(...) makes one."
    elif not _equal_items(_held(part), held):
        return f"it changes {where} in place; make a new one instead."
    return ""


def _equal(now: Tensor, before: Tensor) -> bool:
    if now.shape != before.shape or now.dtype != before.dtype:
        return False
    return bool(((now == before) | ((now != now) & (before != before))).all())  # nan is no change


def _equal_items(now, before) -> bool:
    """Whether a list, dict or set holds the same items; what is inside the items is looked at elsewhere."""
    if isinstance(now, dict):
        return now.keys() == before.keys() and all(_one(now[key], before[key]) for key in now)
    if isinstance(now, list):
        return len(now) == len(before) and all(map(_one, now, before))
    return now == before


def _one(now, before) -> bool:
    plain = isinstance(before, int | float | str | bool | bytes | tuple | type(None)) and type(now) is type(before)
    return now is before or (plain and not isinstance(before, tuple) and (now == before or now != now))


def _restore(part, held):
    if isinstance(part, Tensor):
        with torch.no_grad():
            if part.is_leaf:
                part.requires_grad_(held[1])
            if part.shape == held[0].shape and part.dtype == held[0].dtype and 0 not in part.stride():
                part.data.copy_(held[0])  # in place: what shares its memory is put back with it
            else:
                part.data = held[0]
    elif isinstance(part, np.ndarray):
        part[...] = held
    elif isinstance(part, nn.Module):
        for module, mode in held:
            module.training = mode
    elif isinstance(part, list | bytearray):
        part[:] = held
    elif isinstance(part, dict | set):
        part.clear()
        part.update(held)
    else:
        for name, value in held.items():
            object.__setattr__(part, name, value)


class RandomState:
    """The random state of torch (on the CPU), NumPy and Python, as it was when this was made."""

    def __init__(self):
        self._held = _random_state()

    def put_back(self) -> str:
        """Put it back; say whose it was that had changed, or nothing."""
        now = _random_state()
        changed = [name for name in now if not _same_state(now[name], self._held[name])]
        torch.set_rng_state(self._held["torch"])
        np.random.set_state(self._held["NumPy"])
        random.setstate(self._held["Python"])
        return changed[0] if changed else ""


def _random_state() -> dict:
    return {"torch": torch.get_rng_state(), "NumPy": np.random.get_state(), "Python": random.getstate()}


def _same_state(one, other) -> bool:
    if isinstance(one, Tensor):
        return torch.equal(one, other)
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
