"""Least squares by a driver that may be wrong, in lesson 12: right by luck is not right."""

from __future__ import annotations

import torch
from torch.overrides import TorchFunctionMode

from course_lib.exercises.engine import Problem


class _Lstsq(TorchFunctionMode):
    """Sees whether torch.linalg.lstsq is used with its usual driver where some columns imitate others."""

    misused = False

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is torch.linalg.lstsq and kwargs.get("driver") in (None, "gelsy"):
            table = args[0] if args else kwargs["A" if "A" in kwargs else "input"]
            self.misused |= bool((torch.linalg.matrix_rank(table) < min(table.shape[-2:])).any())
        return func(*args, **kwargs)


def judge_driver(call, cases: dict[str, tuple]):
    """Refuse that driver where its answer depends on what stood in memory before: in some calls it is right.

    Args:
        call: the learner's function, made safe.
        cases: arguments for which columns are not independent.
    """
    with _Lstsq() as seen:
        for args in cases.values():
            try:
                call(*args)
            except Problem:  # whatever else is wrong is said elsewhere
                continue
    if seen.misused:
        raise Problem("torch.linalg.lstsq is used with its usual driver where columns are 0 or imitate one another. "
                      "There its answer depends on what stood in memory before (PyTorch's issue 187411): it is right "
                      "in some calls. driver='gelsd' is always right, and so is torch.linalg.pinv(others) @ "
                      "payload.")  # fmt: skip
