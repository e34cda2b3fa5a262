"""What several checks of lesson 12 ask beyond the numbers: the dtype that was promised."""

from __future__ import annotations

from collections.abc import Callable

import torch

from course_lib.exercises.engine import Problem


def keeps_dtype(call: Callable, args: tuple, name: str):
    """Refuse an answer that is right and of another dtype than its arguments.

    Args:
        call: the learner's function, made safe.
        args: of float64; those that are no tensors stay as they are.
        name: the argument whose dtype the task promises.
    """
    for dtype in (torch.float64, torch.float32):
        got = call(*(arg.to(dtype) if isinstance(arg, torch.Tensor) else arg for arg in args))
        if got.dtype != dtype:
            raise Problem(f"the numbers are right, but for {name} of {dtype} it returns {got.dtype}. The result has "
                          f"the dtype of {name}: look for .float(), .double(), torch.zeros(...).")  # fmt: skip
