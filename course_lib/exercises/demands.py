"""What some exercises ask for beyond the right numbers: a gradient by hand, special cases, names of arguments."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from course_lib.exercises.comparing import compare
from course_lib.exercises.guard import Guard, Problem

_ANY = {torch.autograd.functional.__file__, torch.autograd.forward_ad.__file__, inspect.getfile(torch.func.vjp)}
_NAMED = {torch.autograd.__file__: ("grad", "backward")}  # other functions of that file are called by PyTorch itself


@contextmanager
def derivatives_asked() -> Iterator[list[str]]:
    """Which derivatives are asked of PyTorch meanwhile: autograd.grad, .backward(), torch.func.grad, jvp, jacobian, ...

    Python's own profiler sees every call, so it does not matter under which name a function was imported.
    """
    seen = []

    def look(frame, event, _):
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if event == "call" and (file in _ANY or name in _NAMED.get(file, ())):
            seen.append(name)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def without_autograd(call: Callable, advice: str) -> Callable:
    """The learner's function, which must not let PyTorch compute the gradient.

    Args:
        call: the learner's function, made safe.
        advice: what to do in its place.
    """

    def by_hand(*args):
        with derivatives_asked() as seen:
            result = call(*args)
        if seen:
            raise Problem(f"it lets autograd find the gradient. The task is to write it down without. {advice}")
        return result

    return by_hand


def keeps_names(call: Guard, *names: str):
    """Refuse an answer whose arguments have other names than these, by which the lesson calls it."""
    parameters = inspect.signature(call.function).parameters
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters.values()):
        return
    for name in names:
        if name not in parameters:
            raise Problem(f"the numbers are right, but the lesson calls it with {name}=..., and it has no argument of "
                          "this name. Keep the names that the arguments had.")  # fmt: skip


def also(call: Callable, right: Callable, cases: dict[str, tuple], because: str):
    """Run an answer that is right elsewhere on special cases too; say what is special about them if it is wrong there.

    Args:
        call, right, cases: as in `compare`.
        because: what usually goes wrong in just these cases, and what helps.
    """
    try:
        compare(call, right, cases)
    except Problem as problem:
        raise Problem(f"elsewhere it is right, but here {problem}\n  {because}") from None
