"""The mean over the letters of a word that does not know how far the word was padded."""

from __future__ import annotations

from torch import Tensor


def masked_mean(values: Tensor, words: Tensor) -> Tensor:
    """The mean of what a network says of each letter, over the true letters of each word.

    Padding fills short words up, so that a batch of words is one tensor. It is no part of a word: the mean is the same
    however many places are filled up, and whatever `values` holds there (behind a softmax over nothing that is NaN).

    Args:
        values: `[tasks, n, length, features]`, floating point: some numbers for each place of each word.
        words: `[tasks, n, length]` int64: the number of the letter at each place, from 1; 0 is padding.

    Returns: `[tasks, n, features]`; zeros for a word without a letter. The dtype is that of `values`.
    """
    letter = (words != 0).unsqueeze(-1)  # [tasks, n, length, 1]
    total = values.masked_fill(~letter, 0).sum(-2)  # not a product with 0: NaN times 0 is NaN
    return total / letter.sum(-2).clamp(min=1)  # [tasks, n, features] / [tasks, n, 1]
