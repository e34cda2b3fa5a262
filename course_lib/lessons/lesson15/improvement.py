"""Expected improvement: by how much a trial is expected to lower the best loss so far.

Source: Mockus, Tiesis and Zilinskas 1978, and Jones, Schonlau and Welch 1998, at second hand; the formula is derived
    here and tested against an integral.
"""

from __future__ import annotations

import torch
from torch import Tensor


def expected_improvement(mean: Tensor, sd: Tensor, best: float) -> Tensor:
    """E[max(best - loss, 0)] where the loss is normal.

    With z = (best - mean) / sd it is sd (z F(z) + f(z)), F and f the standard normal distribution and its density.

    Args:
        mean, sd: of the loss of each setting, of any shape; a standard deviation may be 0.
        best: the lowest loss so far, a number.

    Returns: of the shape of `mean`, never below 0. Where sd is 0 it is max(best - mean, 0).
    """
    gain = best - mean
    z = gain / sd.clamp(min=torch.finfo(sd.dtype).tiny)
    density = torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5
    expected = gain * torch.special.ndtr(z) + sd * density
    return torch.where(sd > 0, expected, gain).clamp(min=0)
