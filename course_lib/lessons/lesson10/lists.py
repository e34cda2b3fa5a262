"""Queries of several words of one language."""

from __future__ import annotations

import torch
from torch import Tensor


def together(scores: Tensor, words: int) -> Tensor:
    """One answer for each `words` queries that stand side by side and are of one language.

    Words of one language are drawn independently, so the probability of all of them is a product, and its logarithm a
    sum. (To average probabilities would ask something else: from which language is one of them, taken at random?)

    Args:
        scores: `[tasks, n_query, way]`; their softmax is what a learner says of one word.
        words: how many make one query; it divides `n_query`.

    Returns: `[tasks, n_query // words, way]`: sums of log-probabilities.

    Raises:
        ValueError: if the number of queries is no multiple of `words`.
    """
    if scores.shape[1] % words:
        raise ValueError(f"{scores.shape[1]} queries cannot be dealt out by {words}.")
    return scores.log_softmax(-1).unflatten(1, (-1, words)).sum(2)


def right_answers(scores: Tensor, labels: Tensor, words: int = 1) -> Tensor:
    """Whether each query of `words` words is answered rightly: `[tasks, n_query // words]`, bool.

    Args:
        scores: `[tasks, n_query, way]`.
        labels: `[tasks, n_query]`, equal for words that make one query.
        words: as in `together`.
    """
    return together(scores, words).argmax(-1) == labels[:, ::words]


def by_class(right: Tensor, way: int) -> Tensor:
    """The part of a class's queries that was right: `[tasks, way * queries] -> [tasks, way]`, float64."""
    return right.unflatten(1, (way, -1)).double().mean(2)


def over_languages(values: Tensor, languages: Tensor) -> Tensor:
    """The mean of each language over all tasks that it stood in: the unit that an interval has to count.

    Args:
        values: `[tasks, way]`, such as an accuracy or a difference of two.
        languages: `[tasks, way]`, which language each class was: see `Words.draw`.

    Returns: `[languages that were met]`, in the order of their numbers.
    """
    return torch.stack([values[languages == i].mean() for i in languages.unique()])
