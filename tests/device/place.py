"""Which device `tests/device` and `tests/device/lesson.py` run on: the stand-in, or one that this machine has."""

from __future__ import annotations

import os
import sys

import torch

import course_lib
from tests.device import standin

VARIABLE = "COURSE_TEST_DEVICE"  # standin (where nothing is said), cuda, mps, cpu


def wanted() -> str:
    """What the environment asks for."""
    return os.environ.get(VARIABLE, "standin")


def use(name: str) -> torch.device:
    """From now on `pick_device()` gives this device, everywhere in course_lib."""
    pick = course_lib.pick_device
    device = standin.install() if name == "standin" else pick(name)

    def picked(name: str = "auto") -> torch.device:
        return device if name == "auto" else pick(name)

    for module in [m for name, m in sys.modules.items() if name.startswith("course_lib")]:
        if getattr(module, "pick_device", None) is pick:
            module.pick_device = picked
    return device
