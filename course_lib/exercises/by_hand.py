"""Exercises whose answer is a derivative worked out by hand: whether an answer left the work to autograd."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable

import torch

_ANY = {torch.autograd.functional.__file__, torch.autograd.forward_ad.__file__, inspect.getfile(torch.func.vjp)}
_NAMED = {torch.autograd.__file__: ("grad", "backward")}  # other functions of that file are called by PyTorch itself


def autograd_used(call: Callable, *args) -> bool:
    """Whether a call asks PyTorch for a derivative: autograd.grad, .backward(), torch.func.grad, jvp, jacobian, ...

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
        call(*args)
    finally:
        sys.setprofile(before)
    return bool(seen)
