"""A prior that is learned in closed form: how the shares of n-grams vary from language to language."""

from __future__ import annotations

from torch import Tensor


def learned_prior(counts: Tensor, strongest: float = 1000.0) -> tuple[Tensor, Tensor]:
    """From the n-grams of the training languages, for each n-gram: what a new language does with it before it is read.

    The share of an n-gram is its part of all n-grams of a language. Shares vary from language to language: for each
    n-gram they are taken for draws from a gamma distribution, whose mean is shape / rate and whose variance is
    shape / rate ** 2. Two numbers are fitted to the languages:

    - the mean of the shares over the languages, plus 1e-6, so that what no language has is possible;
    - their variance over the languages (the one that divides by languages - 1), less the part that is no difference
      between languages: a share r, read from N n-grams, scatters with variance r / N by chance. Each language has its
      own r / N; the mean of these is taken off.

    `rate` is the strength of the prior, counted in n-grams; it is at most `strongest`, also where less than nothing is
    left of the variance.

    Args:
        counts: `[languages, ngrams]` float32: how often each n-gram stands in the words of each training language.
        strongest: the largest `rate`.

    Returns: shape and rate, each `[ngrams]`: after n of N n-grams, a language's share is expected to be
    (n + shape) / (N + rate).

    Source: moments of a gamma distribution, the prior that is conjugate to Poisson counts; an empirical Bayes estimate.
    """
    n_ngrams = counts.sum(1, keepdim=True)  # [languages, 1]
    shares = counts / n_ngrams  # [languages, ngrams]
    mean = shares.mean(0) + 1e-6
    variance = shares.var(0) - (shares / n_ngrams).mean(0)
    variance = variance.maximum(mean / strongest)  # then mean / variance is at most `strongest`
    return mean**2 / variance, mean / variance
