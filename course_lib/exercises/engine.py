"""check, hint and solution: how an exercise answers a learner.

An exercise is a function that the learner writes, and that the library has too. `check` runs the learner's on
several inputs and says in plain words what is wrong; it returns the learner's function when it is right and the
library's when it is not (or not yet), so a lesson runs top to bottom either way.
"""

from __future__ import annotations

import copy
import dis
import inspect
import linecache
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

import torch
from torch import Tensor

_hints_given: dict[str, int] = {}


class Problem(Exception):
    """What is wrong with an answer, in words for the learner."""


class Unwritten(Exception):
    """The learner has not written the function yet."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Args:
        solution: the library's own function. `solution(...)` shows its source.
        judge: a function of `call`, which runs the learner's function safely; raises `Problem` if it is wrong.
        hints: from a nudge to nearly the answer.
    """

    solution: Callable
    judge: Callable
    hints: tuple[str, ...]


def check(function: Callable) -> Callable:
    """Check the learner's function; its name says which exercise it answers. Returns the function to go on with."""
    name, exercise = _find(function)
    word, problem = verdict(exercise, function)
    if word == "right":
        _say(f"✓ {name} is right. The lesson goes on with your version.")
        return function
    if word == "not yet":
        _say(
            f"○ {name} is not written yet. The lesson goes on with the library's version.\n"
            f"  hint({name}) gives a first step."
        )
    else:
        _say(
            f"✗ {name}: {problem}\n  The lesson goes on with the library's version; hint({name}) gives one more step."
        )
    return exercise.solution


def verdict(exercise: Exercise, function: Callable) -> tuple[str, str]:
    """What `check` thinks of a learner's function: `("right", "")`, `("not yet", "")` if it is not written, or
    `("hint", sentence)`. `tools/classroom.py` asks this for a whole class."""
    try:
        exercise.judge(_safely(function))
    except Unwritten:
        return "not yet", ""
    except Problem as problem:
        return "hint", str(problem)
    return "right", ""


def hint(function: Callable | str):
    """Print one more hint for this exercise each time it is called."""
    name, exercise = _find(function)
    n = _hints_given.get(name, 0)
    if n == len(exercise.hints):
        print(f"That was the last hint for {name}. solution({name!r}) shows the library's version.")
        return
    _hints_given[name] = n + 1
    _say(f"Hint {n + 1} of {len(exercise.hints)}: {exercise.hints[n]}")


def solution(function: Callable | str):
    """Print the source of the library's version: tested code, the same that the course itself runs."""
    name, exercise = _find(function)
    _say(f"# from {exercise.solution.__module__}\n{inspect.getsource(exercise.solution)}")


def _say(text: str):
    """Print, also where the stream has no ✓ ○ ✗, as a redirected one on Windows: there a `?` stands for such a sign."""
    try:
        print(text)
    except UnicodeEncodeError:
        print(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))


def compare(call: Callable, right: Callable, cases: Iterable[tuple], mistakes: Iterable[tuple[Callable, str]] = ()):
    """Judge by results: run both functions on every case; name the mistake if the wrong numbers are known ones.

    Args:
        call: the learner's function, made safe.
        right: the library's function.
        cases: argument tuples.
        mistakes: `(formula, message)` pairs. When an answer equals what the wrong formula gives, its message is said.
    """
    for args in cases:
        want, got = right(*copy.deepcopy(args)), call(*args)
        if _same(got, want):
            continue
        for formula, message in mistakes:
            if _same(got, formula(*copy.deepcopy(args))):
                raise Problem(message)
        _explain(got, want)


def _same(got, want) -> bool:
    if isinstance(want, tuple):
        return isinstance(got, tuple | list) and len(got) == len(want) and all(map(_same, got, want))
    if not isinstance(want, Tensor):
        return isinstance(got, Tensor | int | float) and _same(torch.as_tensor(got), torch.as_tensor(want))
    if not isinstance(got, Tensor) or got.shape != want.shape or got.is_floating_point() != want.is_floating_point():
        return False
    return torch.allclose(got.detach().double(), want.detach().double(), rtol=1e-4, atol=1e-6, equal_nan=True)


def _explain(got, want):
    """Raise the most useful plain statement of how two answers differ."""
    if isinstance(want, tuple):
        if not isinstance(got, tuple | list) or len(got) != len(want):
            raise Problem(f"it should return {len(want)} things, but it returned {_form(got)}.")
        for i, (g, w) in enumerate(zip(got, want, strict=True)):
            if not _same(g, w):
                try:
                    _explain(g, w)
                except Problem as problem:
                    raise Problem(f"in returned value {i + 1}, {problem}") from None
    if isinstance(want, Tensor) and (not isinstance(got, Tensor) or got.shape != want.shape):
        raise Problem(f"the result should be {_form(want)}, but it is {_form(got)}.")
    if not isinstance(got, Tensor | int | float):
        raise Problem(f"the result should be a number, but it is {_form(got)}.")
    got, want = torch.as_tensor(got).detach(), torch.as_tensor(want).detach()
    if got.is_floating_point() != want.is_floating_point():
        raise Problem(f"the result should be {_form(want)}, but it is {_form(got)}.")
    gap = (got.double() - want.double()).abs().nan_to_num(nan=float("inf"))
    at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)] if gap.ndim else []
    where = f"at {at} " if at else ""
    raise Problem(f"the numbers differ: {where}it should be {want[tuple(at)]:.4g}, but it is {got[tuple(at)]:.4g}.")


def _form(value) -> str:
    if isinstance(value, Tensor):
        kind = str(value.dtype).removeprefix("torch.")
        return f"a {kind} tensor of shape {list(value.shape)}"
    return "nothing (None)" if value is None else f"a {type(value).__name__}"


def _safely(function: Callable) -> Callable:
    """The learner's function, with its errors and side effects turned into sentences."""

    def call(*args):
        before = copy.deepcopy(args)
        try:
            result = function(*args)
        except NotImplementedError:
            raise Unwritten from None
        except Exception as error:
            raise Problem(_where(error, function)) from None
        if result is ... or (result is None and _is_stub(function)):
            raise Unwritten
        if result is None:
            raise Problem("it returned nothing. Is the `return` missing?")
        old, new = _tensors(before), _tensors(args)
        if len(old) != len(new) or not all(map(torch.equal, old, new)):
            raise Problem("it changes its input in place; compute a new tensor instead (no +=, no x[...] = ...).")
        return result

    return call


def _tensors(value) -> list[Tensor]:
    """The tensors in an argument: itself, or those in a tuple, list or dict."""
    if isinstance(value, Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [tensor for item in items for tensor in _tensors(item)]


def _is_stub(function: Callable) -> bool:
    """True for a body of `...` or `pass`, with or without a docstring: it only loads None and returns it."""
    nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return {i.opname for i in dis.get_instructions(inspect.unwrap(function))} <= nothing


def _where(error: Exception, function: Callable) -> str:
    """The learner's error with the line of *their* code."""
    own = inspect.unwrap(function).__code__.co_filename
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == own]
    text = f"it stopped with {type(error).__name__}: {error}"
    if not lines:
        return f"{text}\n  It could not be called as the exercise calls it: look at its arguments."
    source = lines[-1].line or linecache.getline(own, lines[-1].lineno).strip()
    return f"{text}\n  in your line {lines[-1].lineno}: {source}"


def lessons() -> list[str]:
    """The rooms that have exercises, in `checks.EXERCISES`; a room is found by its folder."""
    return [room.name for room in iter_modules(import_module("course_lib.lessons").__path__)]


def _find(function: Callable | str) -> tuple[str, Exercise]:
    name = function if isinstance(function, str) else getattr(function, "__name__", repr(function))
    known = {}
    for lesson in lessons():  # imported here, so that `import course_lib` stays quick
        known |= import_module(f"course_lib.lessons.{lesson}.checks").EXERCISES
    if name not in known:
        raise ValueError(f"there is no exercise {name!r}. Keep the function's name; there are: {', '.join(known)}.")
    return name, known[name]
