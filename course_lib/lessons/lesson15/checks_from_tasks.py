"""What `check` looks at in the posterior that begins with other tasks, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson15.checks_from_tasks_known import MISTAKES
from course_lib.lessons.lesson15.checks_special import special
from course_lib.lessons.lesson15.posterior import learned_posterior, squared_exponential

_NAMES, _AXES = ("the mean", "the standard deviation"), ("setting",)


def _drawn(tasks: int, n: int, seed: int, dtype=torch.float64) -> tuple[Tensor, Tensor]:
    """Losses of tasks `[tasks, n]`, smooth over settings, and a kernel `[n, n]`."""
    g = torch.Generator().manual_seed(seed)
    places = torch.rand(n, 1, generator=g, dtype=torch.float64)
    kernel = squared_exponential(places, 0.25)
    bend = squared_exponential(places, 0.5) + 0.2 * torch.eye(n, dtype=torch.float64)
    hard = 0.4 * torch.randn(tasks, 1, generator=g, dtype=torch.float64)  # tasks as a whole
    losses = 1.5 + places[:, 0] + hard + 0.5 * torch.randn(tasks, n, generator=g, dtype=torch.float64) @ bend
    return losses.to(dtype), kernel.to(dtype)


def _case(tasks: int, n: int, seed: int, seen: list, values: list, *more, dtype=torch.float64) -> tuple:
    return (*_drawn(tasks, n, seed, dtype), seen, torch.tensor(values, dtype=dtype), *more)


@cache
def _cases() -> dict[str, tuple]:
    return {
        "5 other tasks, 5 settings, 2 trials": _case(5, 5, 0, [3, 1], [0.9, 2.4], 0.3, 0.05),
        "4 other tasks, 7 settings, one trial": _case(4, 7, 1, [5], [3.5], 0.2, 0.3),
        "9 other tasks, 4 settings, 3 trials": _case(9, 4, 2, [2, 0, 3], [1.0, 2.5, 0.4], 0.6, 0.02),
        "the defaults of shrink and noise, 2 trials": _case(4, 6, 3, [0, 4], [2.0, 1.1]),
    }  # fmt: skip


def _first_error(said: str) -> str:
    if "singular" in said or "positive-definite" in said or "not positive" in said:
        return "\n  Is the noise on the diagonal, and the kernel in C? Then the trials' matrix has an inverse."
    if "tensors used as indices" in said or "only integers" in said or "expected scalar type Long" in said:
        return "\n  An empty list becomes a tensor of floats: torch.tensor(seen, dtype=torch.long)."
    return ""


_NAN = "the numbers are right, but where nothing is left to know the standard deviation is nan: by rounding a " \
       "variance can come out a little below 0, and has no root. .clamp(min=0) before it."  # fmt: skip


def judge_from_tasks(call):
    """`learned_posterior`: sizes, shrink and noise, nothing seen, rounding, the lesson's size, names of arguments."""
    try:
        compare(call, learned_posterior, _cases(), MISTAKES, _NAMES, _AXES)
    except Problem as problem:
        raise Problem(str(problem) + _first_error(str(problem))) from None
    nothing = _case(5, 4, 4, [], [], 0.3, 0.1)
    try:
        special(call, learned_posterior, {"no trial at all, seen = []": nothing}, [
            (lambda o, k, *_: (o.mean(0), torch.zeros(o.shape[1])), "before the first trial the standard deviation is "
             "0 here. It is the root of C's diagonal."),
            (lambda o, k, *_: (o.mean(0), torch.cov(o.T).diagonal().sqrt()), "before the first trial the standard "
             "deviation is that of S alone. It is the root of C's diagonal, with the kernel in it."),
            (lambda o, k, *_: (o.mean(0), torch.ones(o.shape[1])), "before the first trial the standard deviation is "
             "1 here. It is the root of C's diagonal."),
        ], "Before the first trial the mean is that of the other tasks, and the standard deviation the root of C's "
           "diagonal.", _NAMES, _AXES)  # fmt: skip
    except Problem as problem:
        raise Problem(str(problem) + _first_error(str(problem))) from None
    for exact in _exact():
        mean, sd = call(*exact)
        if sd.isnan().any() and not mean.isnan().any():
            raise Problem(_NAN)
    large = _lesson_size()
    special(call, learned_posterior, {"128 settings and 40 other tasks": large}, [], "This is as large as in the "
            "lesson.", _NAMES, _AXES)  # fmt: skip
    single = [part.float() if isinstance(part, Tensor) else part for part in large]
    for name, got, want in zip(_NAMES, call(*single), learned_posterior(*large), strict=True):
        if not torch.allclose(torch.as_tensor(got).double(), want, rtol=0.02, atol=0.02):
            raise Problem(f"the numbers are right for float64, but {name} is far off for float32, with 128 settings "
                          "and 40 other tasks. Solve the system of the trials, [k, k]; invert nothing "
                          "larger.")  # fmt: skip
    keeps_names(call, "shrink", "noise")


@cache
def _exact() -> tuple[tuple, ...]:
    """Trials without noise, in float32 and float64: nothing is left to know of what was tried."""
    return tuple(
        _case(9, 5, seed, [3, 0, 4], [1.0, 2.0, 1.5], 0.5, 0.0, dtype=dtype)
        for seed in range(5, 13) for dtype in (torch.float32, torch.float64)
    )  # fmt: skip


@cache
def _lesson_size() -> tuple:
    return _case(40, 128, 6, [100, 3, 64, 20, 21], [2.0, 1.5, 1.2, 1.9, 1.8], 0.2, 1e-2)
