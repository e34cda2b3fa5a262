"""The exact answer for invented languages: Markov chains whose rows are drawn from a Dirichlet distribution."""

from __future__ import annotations

import torch
from torch import Tensor


def count_pairs(words: Tensor, labels: Tensor, way: int, letters: int) -> Tensor:
    """How often each letter follows each other letter in the support words of each class.

    Args:
        words: `[tasks, n_support, length]` int64 letters 1 ... `letters`; 0 is padding, and stands behind the word.
        labels: `[tasks, n_support]` int64, 0 ... way-1.
        way, letters: how many classes and how many letters there are.

    Returns: `[tasks, way, letters, letters]` float32; row i, column j: how often letter j + 1 follows letter i + 1.
    """
    first, second = words[..., :-1], words[..., 1:]  # [tasks, n_support, length - 1]
    place = (labels.unsqueeze(-1) * letters + first - 1) * letters + second - 1
    follows = (second > 0).to(torch.get_default_dtype()).flatten(1)
    counts = follows.new_zeros(len(words), way * letters**2)
    return counts.scatter_add(1, place.clamp(min=0).flatten(1), follows).view(-1, way, letters, letters)


def markov_scores(counts: Tensor, queries: Tensor, concentration: float) -> Tensor:
    """Log probability of each query word in each class, exactly, for languages that are drawn as follows.

    In a language, the next letter depends on the letter before it and on nothing else. What follows a letter is a row
    of probabilities, and each row was drawn from a Dirichlet distribution with the same `concentration` a for all
    letters. Who has seen letter i followed by j n times, among N letters that followed i, expects j after i with
    probability (n + a) / (N + letters * a).

    The word is read letter by letter. What was read of it has been seen too: each of its pairs counts for those behind
    it. The first letter says nothing: it is the same for all languages.

    Args:
        counts: `[tasks, way, letters, letters]` float32: in row i, column j, how often letter j + 1 follows letter
            i + 1 in the class's support words.
        queries: `[tasks, n_query, length]` int64 letters 1 ... `letters`; 0 is padding, and stands behind the word.
        concentration: a, above 0.

    Returns: `[tasks, n_query, way]`, each a sum of logarithms, one for each letter but the first.

    Source: Polya's urn, the predictive distribution of Dirichlet and categorical.
    """
    tasks, n_query, _ = queries.shape
    letters = counts.shape[-1]
    seen = counts.unsqueeze(1).repeat(1, n_query, 1, 1, 1)  # [tasks, n_query, way, letters, letters]: each its own
    task, query = torch.arange(tasks).unsqueeze(1), torch.arange(n_query)
    score = counts.new_zeros(tasks, n_query, counts.shape[1])
    for first, second in zip(queries[..., :-1].unbind(-1), queries[..., 1:].unbind(-1), strict=True):
        there = (second > 0).unsqueeze(-1)  # [tasks, n_query, 1]
        i, j = first - 1, second - 1  # of padding, -1: some other pair, which does not count
        n, n_all = seen[task, query, :, i, j], seen[task, query, :, i].sum(-1)  # [tasks, n_query, way]
        score = score + there * ((n + concentration) / (n_all + letters * concentration)).log()
        seen[task, query, :, i, j] += there
    return score
