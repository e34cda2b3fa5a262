"""Alarms for a rare class: precision and recall at each threshold, and answers where the class has another share."""

from __future__ import annotations

import torch
from torch import Tensor


def precision_recall(scores: Tensor, ectopic: Tensor) -> tuple[Tensor, Tensor]:
    """Precision and recall at every threshold: an alarm is where the score is at or above it.

    Args:
        scores: `[n]`, higher for what looks ectopic.
        ectopic: `[n]` bool: whether the beat is ectopic.

    Returns: precision and recall, `[thresholds]` each, at the different scores from the highest to the lowest. Of the
    alarms, the share that were ectopic; of the ectopic beats, the share that gave an alarm.

    Raises:
        ValueError: if no beat is ectopic: then recall has no meaning.
    """
    if not ectopic.any():
        raise ValueError("no beat is ectopic, so there is nothing to recall.")
    scores, order = scores.sort(descending=True)
    hits = ectopic[order].cumsum(0)  # [n], among the beats down to this one
    last = torch.cat([scores[1:] != scores[:-1], scores.new_ones(1, dtype=torch.bool)])  # of those with one score
    alarms = torch.arange(1, len(scores) + 1, device=scores.device)
    return (hits / alarms)[last], (hits / hits[-1])[last]


def with_prior(scores: Tensor, trained: Tensor, here: Tensor) -> Tensor:
    """Log probabilities of a network's answers, where classes have other shares than in training.

    Bayes' rule: the probability of a class, given a beat, is its share times how probable it makes the beat. The
    latter stays, so the old share is divided out and the new one multiplied in, and all sums to 1 again.

    Args:
        scores: `[..., way]`; their softmax is what the network says.
        trained: `[way]`, the share of each class in training, above 0.
        here: `[way]`, the share of each class where it is used; 0 is a class that is impossible.

    Returns: `[..., way]` log probabilities.

    Source: Saerens, Latinne and Decaestecker 2002, *Adjusting the outputs of a classifier to new a priori
    probabilities*, Neural Computation 14 (abstract read; it goes on to the case where the new shares are unknown).
    """
    return (scores - trained.log() + here.log()).log_softmax(-1)
