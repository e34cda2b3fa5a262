"""Peak memory of a computation, counted tensor by tensor, on any device."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


def peak_bytes(function: Callable) -> int:
    """The most bytes that tensors made by `function()` hold at once, those kept for the backward pass among them.

    Tensors that were there before do not count, nor does the scratch memory inside an operation. So the number is the
    same on every machine, and below what the process takes. Counting makes the computation slower.
    """
    with _Count() as count:
        function()
    return count.peak


class _Count(TorchDispatchMode):
    """Sees the result of every operation, and learns when its memory is given back."""

    def __init__(self):
        super().__init__()
        self.now = self.peak = 0
        self.known = weakref.WeakSet()

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        before = {t.untyped_storage().data_ptr() for t in tree_leaves((args, kwargs)) if hasattr(t, "untyped_storage")}
        result = operation(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if not hasattr(tensor, "untyped_storage"):
                continue
            storage = tensor.untyped_storage()
            if storage.data_ptr() in before or storage in self.known:  # a view, or written in place
                continue
            self.known.add(storage)
            self.now += storage.nbytes()
            self.peak = max(self.peak, self.now)
            weakref.finalize(storage, self._gone, storage.nbytes())
        return result

    def _gone(self, size: int):
        self.now -= size
