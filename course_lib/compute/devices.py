"""Which device to compute on."""

from __future__ import annotations

import os
from contextlib import contextmanager

import torch

from course_lib.compute import distributed


def pick_device(name: str = "auto") -> torch.device:
    """`"auto"` is CUDA where there is one, then MPS (Apple), then the CPU; any other name is taken as it is.

    Of several processes that torchrun has started, each gets a GPU of its own for `"auto"` and `"cuda"`.

    Raises:
        ValueError: if the named device is not on this machine, or it has fewer GPUs than there are processes.
    """
    if name == "auto":
        mps = "mps" if torch.backends.mps.is_available() else "cpu"
        name = "cuda" if torch.cuda.is_available() else mps
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"{name!r} is not a device; use 'auto', 'cpu', 'cuda' or 'mps'.") from error
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not here.get(device.type, True):
        raise ValueError(f"device {name!r} is not on this machine; use 'auto' or 'cpu'.")
    if device == torch.device("cuda") and distributed.launched():
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        if device.index >= (n := torch.cuda.device_count()):
            raise ValueError(f"there are more processes than the {n} GPUs of this machine: use --nproc_per_node={n}.")
    return device


def describe_machine() -> str:
    """One line: the device that `"auto"` picks, CPU threads, and the version of PyTorch."""
    device = pick_device()
    known = {"cuda": "a CUDA GPU", "mps": "the Apple GPU (mps)", "cpu": "the CPU"}
    name = known.get(device.type, f"the device {device.type!r}, on which the course was never tried")
    if device.type == "cuda":
        name += f" ({torch.cuda.get_device_name(device)})"
    return f"Computing on {name}, {torch.get_num_threads()} CPU threads, PyTorch {torch.__version__}."


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
