"""What the fixes of MAML++ are worth with five adaptation steps. Stored trainings.

`python -m benchmarks.maml_plus_plus` trains them again and writes the table beside this file.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch

TABLE = Path(__file__).with_name("fixes.json")
STUDENT = 4.30  # in place of 1.96, for the mean of three: Student's t, 95 %


def read() -> dict[str, list[float]]:
    """By variant: test accuracy, %, of each training."""
    return json.loads(TABLE.read_text(encoding="utf-8"))["accuracy"]


def gain(found: list[float], plain: list[float]) -> tuple[float, float]:
    """Mean difference from `plain`, training by training, and half its 95 % interval; for three trainings of each."""
    differences = torch.tensor(found, dtype=torch.float64) - torch.tensor(plain, dtype=torch.float64)
    return differences.mean().item(), STUDENT * differences.std().item() / math.sqrt(3)


def verdict(gain: float, half: float) -> str:
    """In words."""
    return "cannot tell" if abs(gain) < half else "ahead" if gain > 0 else "behind"
