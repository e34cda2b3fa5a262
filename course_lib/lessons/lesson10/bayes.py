"""Learners without weights: naive Bayes on n-grams, plain or with a learned prior, and Bayes' exact rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from course_lib.learners import Learner
from course_lib.learners.base import check_support
from course_lib.lessons.lesson10.counting import count_ngrams, naive_bayes, ngrams
from course_lib.lessons.lesson10.exact_rule import count_pairs, markov_scores
from course_lib.lessons.lesson10.learned_prior import learned_prior
from course_lib.tasks.words import LETTERS, encode

ORDERS = (1, 2, 3)  # letters of an n-gram
Prior = Sequence[tuple[Tensor, Tensor | None]]  # for each of ORDERS what `naive_bayes` takes as pseudo and total


def flat_prior(pseudo: float = 0.1, letters: int = len(LETTERS)) -> Prior:
    """The same pseudo-count for every n-gram: it knows no language."""
    return [(torch.full(((letters + 1) ** order,), pseudo), None) for order in ORDERS]


def ngrams_of(lists: Mapping[str, Sequence[str]], order: int) -> Tensor:
    """How often each n-gram stands in the words of each language: `[languages, 27 ** order]`."""
    codes = ngrams(encode([word for words in lists.values() for word in words]), order, len(LETTERS))
    labels = torch.tensor([i for i, words in enumerate(lists.values()) for _ in words])
    return count_ngrams(codes.unsqueeze(0), labels.unsqueeze(0), len(lists), (len(LETTERS) + 1) ** order)[0]


def prior_of(lists: Mapping[str, Sequence[str]]) -> Prior:
    """`learned_prior` of each order, from words of other languages, such as `words_of("train")`."""
    return [learned_prior(ngrams_of(lists, order)) for order in ORDERS]


class NaiveBayes(Learner):
    """Adapting is counting the n-grams of each class; predicting is `naive_bayes`, summed over the orders.

    With a flat prior it is plain counting. With a learned one it is a meta-learner: what it takes to a new task comes
    from other tasks.

    Args:
        prior: pseudo-counts of each order; those of `flat_prior()` when `None`.
        strength: all pseudo-counts are multiplied by it. The means of a learned prior stay, and count for so many times
            as many n-grams.
        letters: how many there are.
    """

    def __init__(self, prior: Prior | None = None, strength: float = 1.0, letters: int = len(LETTERS)):
        super().__init__(None)
        prior = flat_prior(letters=letters) if prior is None else prior
        self.letters = letters
        self.prior = [tuple(None if part is None else strength * part for part in pair) for pair in prior]

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> list[Tensor]:
        """For each order, how often each n-gram stands in the words of each class: `[tasks, way, ngrams]`."""
        check_support(support_x, support_y, way)
        way = int(support_y.max()) + 1 if way is None else way
        return [count_ngrams(ngrams(support_x, order, self.letters), support_y, way, (self.letters + 1) ** order)
                for order in ORDERS[: len(self.prior)]]  # fmt: skip

    def predict(self, adapted: list[Tensor], query_x: Tensor) -> Tensor:
        """Log scores `[tasks, n_query, way]`."""
        return sum(naive_bayes(counts, ngrams(query_x, order, self.letters), *prior)
                   for order, counts, prior in zip(ORDERS, adapted, self.prior, strict=False))  # fmt: skip


class ExactBayes(Learner):
    """The best possible answer for invented languages that are new in every task, see `Invented`: `markov_scores`.

    Args:
        alpha: the concentration that it believes in; it is the best answer if that is the true one.
        letters: how many there are.
    """

    def __init__(self, alpha: float = 0.3, letters: int = 6):
        super().__init__(None)
        self.alpha, self.letters = alpha, letters

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """The pairs of each class: `[tasks, way, letters, letters]`."""
        check_support(support_x, support_y, way)
        way = int(support_y.max()) + 1 if way is None else way
        return count_pairs(support_x, support_y, way, self.letters)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, way]`: their softmax is the exact probability of each class."""
        return markov_scores(adapted, query_x, self.alpha)
