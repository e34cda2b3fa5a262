"""What checks of lesson 15 share: cases that are special, after the usual ones are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import torch

from course_lib.exercises.engine import Problem, compare


@cache
def import_forward_mode():
    """Take one tiny forward derivative before an answer's clock runs: the first one of a process imports for seconds.

    An answer that is stopped in the middle of that import breaks torch for the rest of the process.
    """
    one = torch.ones(1)
    torch.func.jvp(torch.func.grad(lambda x: x.tanh().sum()), (one,), (one,))


class Through:
    """A learner's function with something done to what goes in or comes out: whether it drew numbers is known still.

    Args:
        call: the learner's function, made safe.
        run: what is called in its place.
    """

    def __init__(self, call: Callable, run: Callable):
        self._call, self._run = call, run

    def __call__(self, *args, **kwargs):
        return self._run(*args, **kwargs)

    def __getattr__(self, name: str):
        return getattr(self._call, name)


class SameMode(Through):
    """A learner's function that must leave autograd on or off as it was; if not, that is put back and said.

    Without this, one answer that switches autograd off would spoil every check and every cell after it.
    """

    def __init__(self, call: Callable):
        super().__init__(call, call)

    def __call__(self, *args, **kwargs):
        was = torch.is_grad_enabled()
        try:
            found = self._call(*args, **kwargs)
        finally:
            now = torch.is_grad_enabled()
            torch.set_grad_enabled(was)
        if now != was:
            word, name = ("on", "enable_grad") if now else ("off", "no_grad")
            raise Problem(f"it leaves autograd switched {word} for all that runs after it. As a context it is put back "
                          f"in the end: with torch.{name}(): ...")  # fmt: skip
        return found


def special(
    call: Callable,
    right: Callable,
    cases: dict[str, tuple],
    mistakes: Iterable[tuple[Callable, str]],
    because: str,
    names: Sequence[str] = (),
    axes: Sequence[str] = (),
):
    """Run an answer that is right elsewhere on special cases; `compare` with what is special said in words.

    Args:
        call, right, cases, mistakes, names, axes: as in `compare`.
        because: what to think of in just these cases, where no known mistake was made.
    """
    mistakes = list(mistakes)
    try:
        compare(call, right, cases, mistakes, names, axes)
    except Problem as problem:
        known = str(problem) in {said for _, said in mistakes}
        raise Problem(str(problem) if known else f"elsewhere it is right, but here {problem}\n  {because}") from None
