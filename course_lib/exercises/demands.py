"""What some exercises ask for beyond the right numbers: a gradient by hand, special cases, names of arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch
from torch.autograd.graph import saved_tensors_hooks

from course_lib.exercises.comparing import compare
from course_lib.exercises.guard import Guard, Problem, Stopped

BY_HAND = "it lets autograd find the gradient. The task is to write it down without."


def without_autograd(call: Callable, refusal: str) -> Callable:
    """The learner's function, which must not let PyTorch compute the gradient.

    A backward pass asks for what the forward pass has saved, and that is seen here. Forward mode (`jacfwd`) saves
    nothing and is not seen.

    Args:
        call: the learner's function, made safe.
        refusal: what is said to an answer that does; BY_HAND, and what to do in its place.
    """

    def by_hand(*args):
        asked = []

        def unpack(tensor: torch.Tensor) -> torch.Tensor:
            asked.append(True)
            return tensor

        try:
            with saved_tensors_hooks(lambda tensor: tensor, unpack):
                result = call(*args)
        except Stopped as problem:
            if "saved tensor hooks" in str(problem):  # torch.func refuses to run where somebody looks
                raise Problem(refusal) from None
            raise
        if asked:
            raise Problem(refusal)
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
