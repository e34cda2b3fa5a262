"""What some exercises promise for input that makes no sense: a ValueError."""

from __future__ import annotations

from collections.abc import Callable

from course_lib.exercises.guard import Problem, Stopped


def must_refuse(call: Callable, args: tuple, where: str):
    """Refuse an answer that is right elsewhere and raises no ValueError here.

    Args:
        call: the learner's function, made safe.
        where: which input this is, in words: "where no query window fits".
    """
    wanted = 'The docstring asks for raise ValueError("...") there, with a sentence.'
    try:
        call(*args)
    except Stopped as problem:
        if not str(problem).startswith("it stopped with ValueError"):
            raise Problem(f"elsewhere it is right, but {where} {problem}\n  {wanted}") from None
    except Problem as problem:  # nothing was returned, for example
        raise Problem(f"elsewhere it is right, but {where} {problem} {wanted}") from None
    else:
        raise Problem(f"elsewhere it is right, but {where} it goes on and returns something. {wanted}")
