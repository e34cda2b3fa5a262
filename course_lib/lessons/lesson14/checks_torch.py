"""What checks of lesson 14 share of torch: its errors in plain words, and an import that takes long."""

from __future__ import annotations

from functools import cache

import torch

from course_lib.exercises.engine import Problem


@cache
def import_forward_mode():
    """Take one tiny forward derivative, so that what it imports is there before an answer's clock runs.

    The first forward derivative of a gradient, in a process, imports torch._dynamo, which takes seconds. Within the
    limit of a call it could be stopped in the middle, and then torch was broken for the rest of the process.
    """
    one = torch.ones(1)
    torch.func.jvp(torch.func.grad(lambda x: x.tanh().sum()), (one,), (one,))


def in_plain(problem: Problem, meanings: dict[str, str]) -> Problem:
    """A problem in words of the exercise, where torch's own say little: those of the first part that is found in it.

    Args:
        problem: what a judge would say.
        meanings: part of an error's message: what to say in place of it. The line of the learner's code is kept.
    """
    for part, words in meanings.items():
        if part in str(problem):
            lines = [line for line in str(problem).splitlines() if line.startswith("  in your line")]
            return Problem("\n".join([words, *lines]))
    return problem
