"""Naming a language by counting: n-grams of letters, and naive Bayes on them."""

from __future__ import annotations

import torch
from torch import Tensor


def ngrams(words: Tensor, order: int, letters: int) -> Tensor:
    """The number of each n-gram of a word: of each group of `order` places that follow one another.

    A border, which counts as a letter of its own with the number 0, stands before and after the word.

    Args:
        words: `[..., length]` int64 letters 1 ... `letters`; 0 is padding, and stands behind the word.
        order: how many places: 1, 2, 3.
        letters: how many letters there are.

    Returns: `[..., length + 3 - order]` int64, 0 ... `(letters + 1) ** order - 1`, and -1 where there is no n-gram.
    """
    border = torch.zeros_like(words[..., :1])
    places = torch.cat([border, words, border], -1).unfold(-1, order, 1)  # [..., length + 3 - order, order]
    inside = places[..., 1:-1] if order > 2 else places
    found = (inside > 0).all(-1) if order > 2 else (inside > 0).any(-1)  # a border only at its ends
    codes = sum(places[..., i] * (letters + 1) ** (order - 1 - i) for i in range(order))
    return codes.where(found, -1)


def count_ngrams(codes: Tensor, labels: Tensor, way: int, size: int) -> Tensor:
    """How often each n-gram stands in the support words of each class.

    Args:
        codes: `[tasks, n_support, m]` int64 n-grams, as from `ngrams`; -1 for none.
        labels: `[tasks, n_support]` int64, 0 ... way-1.
        way: number of classes.
        size: number of n-grams that there are, `(letters + 1) ** order`.

    Returns: `[tasks, way, size]` float32.
    """
    places = labels.unsqueeze(-1) * (size + 1) + codes.where(codes >= 0, size)  # a last column for "none"
    counts = torch.zeros(len(codes), way * (size + 1), device=codes.device)
    ones = torch.ones(places.shape, device=codes.device).flatten(1)
    return counts.scatter_add(1, places.flatten(1), ones).view(-1, way, size + 1)[..., :-1]


def naive_bayes(counts: Tensor, queries: Tensor, pseudo: Tensor, total: Tensor | None = None) -> Tensor:
    """Log scores of each query word for each class, from the n-grams of the class's support words.

    A class says that its next n-gram is g with probability (count of g + pseudo-count of g) / (all its counts + total),
    and naive Bayes takes the n-grams of a word for independent, so the probability of a word is their product. Its
    logarithm is a sum.

    Args:
        counts: `[tasks, way, ngrams]` float32: how often each n-gram stands in the class's support words.
        queries: `[tasks, n_query, m]` int64: the numbers of the n-grams of each query word, and -1, at any place, where
            there is none.
        pseudo: `[ngrams]` pseudo-counts, above 0: what is added to each count.
        total: `[ngrams]`: what is added to the number of all n-grams of the class, for each n-gram its own number. None
            is what makes the probabilities of all n-grams sum to 1.

    Returns: `[tasks, n_query, way]`. They are no probabilities: softmax makes some of them.
    """
    if total is None:
        total = pseudo.sum()
    logs = (counts + pseudo).log() - (counts.sum(-1, keepdim=True) + total).log()  # [tasks, way, ngrams]
    logs = torch.cat([logs, torch.zeros_like(logs[..., :1])], -1)  # a last column for "none": it says nothing
    columns = queries.where(queries >= 0, counts.shape[-1]).flatten(1).unsqueeze(1)  # [tasks, 1, n_query * m]
    found = logs.gather(2, columns.expand(-1, counts.shape[1], -1))  # [tasks, way, n_query * m]
    return found.unflatten(2, queries.shape[1:]).sum(-1).transpose(1, 2)
