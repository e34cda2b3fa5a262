"""Which device to compute on."""

from __future__ import annotations

from contextlib import contextmanager

import torch


def pick_device(name: str = "auto") -> torch.device:
    """`"auto"` is CUDA where there is one, then MPS (Apple), then the CPU; any other name is taken as it is.

    Raises:
        ValueError: if the named device is not on this machine.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"{name!r} is not a device; use 'auto', 'cpu', 'cuda' or 'mps'.") from error
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not here.get(device.type, True):
        raise ValueError(f"device {name!r} is not on this machine; use 'auto' or 'cpu'.")
    return device


@contextmanager
def one_thread():
    """For the few images of a widget: one thread is enough, and on a busy machine several would wait for each other,
    up to half a second."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
