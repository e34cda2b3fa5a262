"""Calibration: when a learner says 80 %, is it right 80 % of the time?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(eq=False)
class Reliability:
    """Answers sorted by confidence into bins of equal width from 0 to 1.

    Args:
        count: `[bins]` answers in each bin.
        confidence: `[bins]` their mean confidence; 0 for an empty bin.
        accuracy: `[bins]` the share of them that is right; 0 for an empty bin.
    """

    count: Tensor
    confidence: Tensor
    accuracy: Tensor

    @property
    def ece(self) -> float:
        """Expected calibration error: the mean gap between confidence and accuracy, a bin weighing as much as it
        holds. A fraction; 0 is perfect."""
        gap = (self.confidence - self.accuracy).abs()
        return ((self.count * gap).sum() / self.count.sum()).item()


def reliability(confidence: Tensor, correct: Tensor, bins: int = 10) -> Reliability:
    """How often answers of each confidence are right.

    Args:
        confidence: probabilities, any shape, that a learner gives to its answers: `Result.confidence`.
        correct: bool of the same shape, whether the answers are right: `Result.correct`.
        bins: how many bins; bin `i` holds confidences from `i / bins` up to, but without, `(i + 1) / bins`; the last
            holds 1 too.

    Raises:
        ValueError: if the shapes differ, there is no answer, or a confidence is not in 0 ... 1.

    Source: Guo et al. 2017 (ICML, arXiv:1706.04599), section 2.
    """
    if confidence.shape != correct.shape or not confidence.numel():
        raise ValueError(
            f"confidence and correct must have one shape and hold an answer or more, but they are "
            f"{list(confidence.shape)} and {list(correct.shape)}."
        )
    confidence, correct = confidence.flatten().double(), correct.flatten().double()
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("a confidence must lie in 0 ... 1; give probabilities, not scores.")
    place = (confidence * bins).long().clamp(max=bins - 1)  # [answers]
    count, said, right = (
        torch.zeros(bins, dtype=torch.float64).index_add(0, place, values)
        for values in (torch.ones_like(confidence), confidence, correct)
    )
    return Reliability(count, said / count.clamp(min=1), right / count.clamp(min=1))
