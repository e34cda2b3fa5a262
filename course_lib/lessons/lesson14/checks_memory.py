"""What several checks of lesson 14 ask beyond the numbers: memory that does not grow, and no matrix [n, n]."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from course_lib.exercises.engine import Problem


def judge_memory(run: Callable[[int], object], most: float, few: int, many: int, cure: str):
    """Refuse an answer that keeps something of every step.

    Args:
        run: runs the answer with so many steps.
        most: bytes that it may keep of a step.
        few, many: steps to compare.
        cure: what usually keeps a step, and what helps.
    """
    run(2)  # what is made once and kept has been made
    gc.collect()
    peaks = [_peak(lambda steps=steps: run(steps)) for steps in (few, many)]
    more = (peaks[1] - peaks[0]) / (many - few)
    if more > most:
        raise Problem(f"the numbers are right, but memory grows with the steps: from {peaks[0] / 1024:.0f} kB for "
                      f"{few} steps to {peaks[1] / 1024:.0f} kB for {many}. {cure}")  # fmt: skip


def _peak(run: Callable[[], object]) -> int:
    """The most bytes of tensors at once, as `peak_bytes` has it, also where torch.func wraps them."""
    with _Alive() as alive:
        run()
    return alive.peak


class _Alive(TorchDispatchMode):
    """Sees the result of every operation, and learns when its memory is given back."""

    def __init__(self):
        super().__init__()
        self.now = self.peak = 0
        self._known = set()  # where in memory

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            try:
                storage = tensor.untyped_storage()
                at, size = storage.data_ptr(), storage.nbytes()
            except (AttributeError, RuntimeError):  # no tensor, or one that only stands for another
                continue
            if size and at not in self._known:
                self._known.add(at)
                self.now += size
                self.peak = max(self.peak, self.now)
                weakref.finalize(storage, self._gone, at, size)
        return result

    def _gone(self, at: int, size: int):
        self._known.discard(at)
        self.now -= size


class _Largest(TorchDispatchMode):
    """Sees the result of every operation, and remembers how many numbers the largest has."""

    def __init__(self):
        super().__init__()
        self.found = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if hasattr(tensor, "numel"):
                self.found = max(self.found, tensor.numel())
        return result


def largest_tensor(run: Callable[[], object]) -> int:
    """How many numbers the largest tensor has that is made while this runs."""
    with _Largest() as seen:
        run()
    return seen.found
