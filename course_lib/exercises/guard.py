"""A learner's function, called so that nothing it does reaches the learner as a wall of red, or the check's own data.

What goes wrong becomes a sentence, in a `Problem`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import io
import linecache
import sys
import textwrap
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import torch
from torch import Tensor

from course_lib.exercises.limit import TimeUp, limited
from course_lib.exercises.untouched import Arguments, RandomState

CALL_SECONDS, CHECK_SECONDS = 10.0, 60.0
CANNOT_SUBTRACT = "True and False cannot be subtracted. Make 1 and 0 of them first: .double()"
LINES, CHARACTERS = 20, 4000  # of what a learner's function prints during a check
_NOT_THEIRS = tuple({str(Path(__file__).parent.parent), sys.prefix, sys.base_prefix})


class Problem(Exception):
    """What is wrong with an answer, in words for the learner."""


class Stopped(Problem):
    """The answer raised an error of its own."""


class Unwritten(Exception):
    """The learner has not written the function yet."""


class Guard:
    """A learner's function, made safe. It is called like the function and raises `Problem` in place of any error.

    Arguments are handed on as they are and put back after the call, so that a judge may ask for gradients with
    respect to them. Prints after the first lines are dropped.

    Args:
        function: what the learner wrote.
        like: the library's function, which names the arguments where the learner's does not.
        call_seconds: the longest time of a call.
        check_seconds: the longest time of all calls together.
    """

    def __init__(
        self, function: Callable, like: Callable, call_seconds: float = CALL_SECONDS,
        check_seconds: float = CHECK_SECONDS,
    ):  # fmt: skip
        self.function, self.call_seconds = function, call_seconds
        self.check_seconds, self.end = check_seconds, time.monotonic() + check_seconds
        self.warned, self.drew = "", ""
        self._generator, self._gradients, self._printed = False, {}, None
        self._names = _names(function) or _names(like)

    def __call__(self, *args, **kwargs):
        """Call the function as the exercise does."""
        self._generator |= any(isinstance(arg, torch.Generator) for arg in args)
        before, state = Arguments(args, self._names), RandomState()
        for where, tensor, gradient in before.gradients():
            self._gradients.setdefault(id(tensor), (where, tensor, gradient))
        try:
            result = self._run(args, kwargs)
        finally:
            changed = before.put_back()
            self.drew = state.put_back() or self.drew
        if changed:
            raise Problem(changed)
        _look(result, args)
        return result

    def _run(self, args, kwargs):
        seconds = min(self.call_seconds, self.end - time.monotonic())
        if self._printed is None:  # here, since a test or a front end may put another sys.stdout in place
            self._printed = _Few(sys.stdout)
        always, warned = torch.is_warn_always_enabled(), []
        torch.set_warn_always(True)  # or a second check of the same answer would warn no more
        try:
            with (
                redirect_stdout(self._printed),
                redirect_stderr(self._printed),
                warnings.catch_warnings(record=True) as warned,
            ):
                warnings.simplefilter("always")
                return limited(max(seconds, 0.001), self.function, *args, **kwargs)
        except KeyboardInterrupt:
            raise
        except TimeUp as error:
            if seconds < self.call_seconds:
                raise Problem(f"the check took more than {self.check_seconds:g} seconds in all: each call is slow. "
                              f"Fewer loops?{line_of(error)}") from None  # fmt: skip
            raise Problem(f"it was stopped after {self.call_seconds:g} seconds. Does a loop never end?"
                          f"{line_of(error)}") from None  # fmt: skip
        except BaseException as error:  # SystemExit too: it ends this call and no more
            line = line_of(error) or "\n  It could not be called as the exercise calls it: look at its arguments."
            raise Stopped(f"it stopped with {in_short(error)}{line}{_meaning(error)}") from None
        finally:
            torch.set_warn_always(always)
            if warned and not self.warned:
                self.warned = f"{warned[0].category.__name__}: {_words_of(warned[0].message)}"

    @property
    def printed_more(self) -> bool:
        """Whether it printed more than is shown."""
        return self._printed is not None and self._printed.dropped

    def left_behind(self, gradients: bool) -> str:
        """Put `.grad` of all arguments back; a sentence for what was left there, or drawn past a generator.

        Args:
            gradients: whether a gradient may be left in `.grad` of an argument.
        """
        found = ""
        for where, tensor, gradient in self._gradients.values():
            if not tensor.is_leaf:
                continue
            now, tensor.grad = tensor.grad, gradient
            kept = now is None if gradient is None else now is not None and torch.equal(now, gradient)
            if not kept and not gradients and not found:
                found = (
                    f"the result is right, but .backward() leaves a gradient in .grad of {where}, to which the next "
                    "one is added. torch.autograd.grad returns gradients and leaves nothing behind."
                )
        if self.drew and self._generator and not found:
            found = (
                f"the result is right, but it uses or sets the random state that everything shares ({self.drew}). "
                "Draw from the generator that is passed in, and from nothing else."
            )
        return found


def _names(function: Callable) -> list[str]:
    """What a function calls its arguments, if it has a name for each."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # something written in C, or no function
        return []
    return [] if any(p.kind is p.VAR_POSITIONAL for p in parameters) else [p.name for p in parameters]


class _Few(io.TextIOBase):
    """A place to print to that passes on a few lines only."""

    def __init__(self, to):
        self._to, self._lines, self._characters, self.dropped = to, LINES, CHARACTERS, False

    def write(self, text) -> int:
        """Pass on what there is room for."""
        shown = "".join(str(text).splitlines(keepends=True)[: self._lines])[: self._characters]
        self.dropped |= len(shown) < len(str(text))
        self._lines -= shown.count("\n")
        self._characters -= len(shown)
        if shown:
            self._to.write(shown)
        return len(str(text))

    def flush(self):
        """Nothing is held back."""


def _look(result, args):
    """Refuse a result that nothing could be done with."""
    if result is ...:
        raise Unwritten
    if result is None:
        raise Problem("it returned nothing. Is the `return` missing?")
    if inspect.iscoroutine(result):
        result.close()
        raise Problem("it is an async function, so calling it computes nothing: write def without async.")
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise Problem("it has a yield, so calling it computes nothing: return the whole result with return.")
    devices = {tensor.device.type for tensor in _tensors(args)} | {"cpu"}
    for tensor in _tensors(result):
        if tensor.layout != torch.strided:
            raise Problem("it returned a sparse tensor; .to_dense() makes a usual one of it.")
        if tensor.device.type not in devices:
            raise Problem(f"its result is on the device {tensor.device.type!r}, where its arguments are not. "
                          "Make new tensors there: torch.zeros(..., device=x.device).")  # fmt: skip


def _tensors(value) -> list[Tensor]:
    """The tensors in a value: itself, or those in a tuple, list or dict."""
    if isinstance(value, Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [tensor for item in items for tensor in _tensors(item)]


def _words_of(warning: Warning | str) -> str:
    """What a warning says, without where in PyTorch it was raised."""
    return textwrap.shorten(str(warning).partition("(Triggered internally")[0], 200, placeholder=" ...")


def in_short(error: BaseException) -> str:
    """The kind of an error and the first line of what it says."""
    try:
        said = next(iter(str(error).strip().splitlines()), "")
    except BaseException:  # a learner's own class of errors may fail here, too
        said = ""
    said = said if len(said) <= 300 else said[:300] + " ..."
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _meaning(error: BaseException) -> str:
    """What an error means whose words do not say it, on a line of its own; or nothing."""
    said = str(error) if type(error) in (RuntimeError, TypeError, ValueError, NotImplementedError) else ""
    if "converted to Python scalar" in said or "converted to Scalar" in said:
        return ("\n  A tensor of many numbers stands where one number belongs: .item(), float() and functions of "
                "math take one. Functions of torch take a whole tensor: torch.sin(x).")  # fmt: skip
    if "Index tensor must have the same number of dimensions" in said:
        return ("\n  gather wants positions with as many axes as the tensor that it reads from. argmin() without an "
                "axis gives a single number.")  # fmt: skip
    if "Boolean value of Tensor" in said:
        return ("\n  `if`, `and`, `or`, `not` and `in` want one True or False, not a tensor of many: torch.where takes "
                "many, and torch.equal compares two tensors as a whole.")  # fmt: skip
    if "subtract" in said.lower() and "bool" in said:  # torch and NumPy speak of ^ here
        return f"\n  {CANNOT_SUBTRACT} in torch, .astype(float) in NumPy."
    if "bitwise_xor" in said or "for ^:" in said:
        return "\n  In Python, ^ is not a power: write ** 2."
    if "torch.return_types." in said:
        return "\n  max and min along an axis give two things, values and places: .values, or amax and amin."
    return ""


def line_of(error: BaseException) -> str:
    """The last line of the learner's own code that an error came through, on a line of its own; or nothing.

    Code without a text, such as the __init__ of a data class, is nobody's, unless there is no other.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(_NOT_THEIRS)]
    lines = [(f.lineno, f.line or linecache.getline(f.filename, f.lineno).strip()) for f in frames]
    if not lines:
        return ""
    number, source = next((line for line in reversed(lines) if line[1]), lines[-1])
    return f"\n  in your line {number}: {source}"


def is_unwritten(function: Callable) -> bool:
    """Whether a function is as it was handed out: its body, a docstring apart, is `...`, `pass` or
    `raise NotImplementedError`. Its source decides; where there is none, its bytecode."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code is None or code.co_name == "<lambda>":
        return False
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return (code.co_code, code.co_names) in {(s.__code__.co_code, s.__code__.co_names) for s in _STUBS}
    body = getattr(tree.body[0], "body", [None]) if tree.body else [None]
    return all(_is_nothing(statement) for statement in body)


def _is_nothing(statement) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or constant


def _nothing(): ...


def _nothing_said():
    """What it should do."""


def _refuses():
    raise NotImplementedError


def _refuses_and_said():
    """What it should do."""
    raise NotImplementedError


_STUBS = (_nothing, _nothing_said, _refuses, _refuses_and_said)
