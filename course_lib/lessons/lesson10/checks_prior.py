"""What `check` looks at in a prior that is learned from counts, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson10.learned_prior import learned_prior


def _counts(languages: int, seed: int, sizes: tuple[int, int] = (300, 3000)) -> Tensor:
    """Counts of 8 n-grams in languages with lists of several lengths. The first vary between languages, then come some
    that do not, one that is rare, and one that no language has."""
    generator = torch.Generator().manual_seed(seed)
    mean = torch.tensor([0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.0])
    spread = torch.tensor([0.5, 0.8, 1.2, 0.4, 0.0, 0.0, 0.01, 0.0])
    rates = mean * (spread * torch.randn(languages, 8, generator=generator)).exp()
    rates[:, 6] *= 0.02
    sizes = torch.linspace(*sizes, languages)[torch.randperm(languages, generator=generator)]
    return torch.poisson(rates / rates.sum(1, keepdim=True) * sizes.unsqueeze(1), generator=generator)


def _cases() -> dict[str, tuple]:
    return {
        "12 languages": (_counts(12, 7),),
        "30 languages with short lists": (_counts(30, 1, (40, 400)),),
        "two languages": (_counts(2, 2),),
        "strongest=50": (_counts(12, 3), 50.0),
        "strongest=20000": (_counts(40, 4), 20000.0),
    }


def _n(counts):
    return counts.sum(1, keepdim=True)


def _rates(counts):
    return counts / _n(counts)


def _mean(counts):
    return _rates(counts).mean(0) + 1e-6


def _variance(counts):
    return _rates(counts).var(0)


def _noise(counts):
    return (_rates(counts) / _n(counts)).mean(0)


def _fit(mean=_mean, variance=_variance, noise=_noise, least=None, end=None):
    """The whole function, with one part of it another."""

    def answer(counts, strongest=1000.0):
        m = mean(counts)
        v = variance(counts) - (noise(counts) if noise else 0)
        v = v.maximum(m / strongest) if least is None else least(v, m, strongest)
        return (m**2 / v, m / v) if end is None else end(m, v, strongest)

    return answer


def _uncapped(v, m, strongest):
    return v


def _capped_rate(m, v, strongest):
    """The rate is limited at the end, the shape is not."""
    return m**2 / v, (m / v).clamp(max=strongest)


def _both_capped(m, v, strongest):
    rate = (m / v).clamp(max=strongest)
    return m * rate, rate


def _where_left(m, v, strongest):
    """`strongest` where nothing is left of the variance, and a limit on the rate."""
    rate = torch.where(v > 0, m / v, strongest).clamp(max=strongest)
    return m * rate, rate


def _mean_of_counts(counts):
    return counts.mean(0) + 1e-6


def _over_languages(counts, strongest=1000.0):
    n = counts.sum(0, keepdim=True)
    rates = counts / n
    mean = rates.mean(0) + 1e-6
    variance = (rates.var(0) - (rates / n).mean(0)).maximum(mean / strongest)
    return mean**2 / variance, mean / variance


_OF_NOISE = "chance moves a share r that is read from N n-grams by a variance of r / N"
_ORDER = "they are exchanged: shape first, then rate."
_MOMENTS = "mean = shape / rate and variance = shape / rate ** 2. So rate = mean / variance, and shape = mean * rate."
_CAP = "`rate` is at most `strongest`: make the variance at least mean / strongest. Then shape / rate stays the mean."
_WRONG_AXIS = ("the counts are divided by the sum over languages. A share is one of the n-grams of *one* language: "
               "sum over axis 1.")  # fmt: skip
_MISTAKES = [
    (_fit(noise=None), "the variance of the shares is taken as it is. A part of it is chance, since each list is "
     "short: take off the mean over the languages of r / N."),
    (_fit(noise=lambda c: -_noise(c)), "the part that is chance is added to the variance. It is in it already: take it "
     "off."),
    (_fit(mean=lambda c: c.sum(0) / c.sum() + 1e-6), "the mean is that of all n-grams together, so languages with long "
     "lists count for more. Take each language's shares first, then their mean over languages."),
    *((_fit(mean=lambda c: _rates(c).mean(0), least=least, end=end), "1e-6 is not added to the mean. An n-gram that no "
       "language has would be impossible in a new one, too.")
      for least, end in ((None, None), (_uncapped, _where_left), (lambda v, m, s: v.clamp(min=1e-12), _both_capped))),
    (_fit(mean=lambda c: _rates(c + 1e-6).mean(0)), "1e-6 is to be added to the mean of the shares. In the counts it "
     "is next to nothing, since they are divided by N."),
    (_fit(mean=lambda c: _rates(c).mean(0).clamp(min=1e-6)), "1e-6 is to be added to the mean, everywhere."),
    (_fit(mean=lambda c: _rates(c).median(0).values + 1e-6), "this uses the median of the shares."),
    (_fit(mean=lambda c: _rates(c).mean() + 1e-6), "the mean goes over n-grams, too: each n-gram has its own prior, "
     "from its shares in all languages (axis 0)."),
    (_fit(variance=lambda c: _rates(c).var(0, unbiased=False)), "the variance is divided by the number of languages; "
     "the one that is meant divides by languages - 1, as .var does by itself (NumPy: ddof=1)."),
    (_fit(variance=lambda c: _rates(c).std(0)), "this uses the standard deviation for the variance: square it."),
    (_fit(variance=lambda c: (_rates(c) ** 2).mean(0)), "this uses the mean of the squares for the variance. The "
     "squares of the *differences* from the mean are meant."),
    (_fit(variance=lambda c: _rates(c).var()), "the variance goes over n-grams, too: each n-gram has its own, over all "
     "languages (axis 0)."),
    (_fit(noise=lambda c: _mean(c) / _n(c).mean()), f"{_OF_NOISE}. Each language has its own N: take the mean of all "
     "r / N, not the mean share divided by the mean N."),
    (_fit(noise=lambda c: _rates(c).mean(0) / _n(c).mean()), f"{_OF_NOISE}. Each language has its own N: take the mean "
     "of all r / N, not the mean share divided by the mean N."),
    (_fit(noise=lambda c: _mean(c) / c.sum()), f"{_OF_NOISE}, and N is that of one language, not of all together."),
    (_fit(noise=lambda c: _rates(c).mean(0) / c.sum()), f"{_OF_NOISE}, and N is that of one language, not of all "
     "together."),
    (_fit(noise=lambda c: (_rates(c) / _n(c)).sum(0)), "the r / N of all languages are summed. Take their mean."),
    (_fit(noise=lambda c: _mean(c) * (1 / _n(c)).mean()), f"{_OF_NOISE}. Take the mean of r / N: here the mean of r is "
     "multiplied by the mean of 1 / N."),
    (_fit(noise=lambda c: _rates(c).mean(0) * (1 / _n(c)).mean()), f"{_OF_NOISE}. Take the mean of r / N: here the "
     "mean of r is multiplied by the mean of 1 / N."),
    (_fit(noise=lambda c: (_rates(c) * (1 - _rates(c)) / _n(c)).mean(0)), f"{_OF_NOISE}: here it is r (1 - r) / N, "
     "which is nearly that for rare n-grams. The task takes counts for Poisson counts: r / N."),
    (_fit(least=lambda v, m, s: m / s), "every n-gram gets the rate `strongest`. Is no variance looked at, or is more "
     "taken off than there is? Chance adds r / N, which is much less than r."),
    (_fit(noise=lambda c: (1 / _n(c)).mean(0)), f"{_OF_NOISE}: here r is missing."),
    (_fit(noise=lambda c: _variance(c) / len(c)), f"{_OF_NOISE}. What is taken off here is the variance divided by the "
     "number of languages: that is how sure their *mean* is."),
    (_fit(noise=lambda c: _variance(c) / _n(c).mean()), f"{_OF_NOISE}. What is taken off here is the variance divided "
     "by N."),
    (_fit(noise=lambda c: _noise(c) / len(c)), "the mean of r / N is divided by the number of languages once more."),
    (_fit(noise=lambda c: _noise(c).mean()), "one number is taken off for all n-grams. Each has its own r / N."),
    (_fit(noise=lambda c: (_rates(c) / _n(c)).sqrt().mean(0)), f"{_OF_NOISE}; here its root is taken off."),
    (_fit(noise=lambda c: (_rates(c) / _n(c) ** 2).mean(0)), f"{_OF_NOISE}; here it is divided by N twice (a share is "
     "divided by N already)."),
    (_fit(end=lambda m, v, s: (m / v, m**2 / v)), _ORDER),
    (_fit(end=lambda m, v, s: (m**2 / v, v / m)), "the second number is variance / mean, the *scale* of a gamma "
     "distribution. Its rate is 1 / scale: mean / variance."),
    (_fit(end=lambda m, v, s: (m / v, v / m)), _MOMENTS), (_fit(end=lambda m, v, s: (m, v)), "these are the mean and "
     "the variance themselves. " + _MOMENTS),
    (_fit(end=lambda m, v, s: (m / v, m / v)), "shape and rate are the same here. " + _MOMENTS),
    (_fit(end=lambda m, v, s: (m**2 / v, m)), _MOMENTS), (_fit(end=lambda m, v, s: (m, m / v)), "the first number is "
     "the mean. " + _MOMENTS),
    (_fit(end=lambda m, v, s: (m**2 / v, 1 / v)), _MOMENTS), (_fit(end=lambda m, v, s: (m**2 / v, m**2 / v)), _MOMENTS),
    (_fit(end=lambda m, v, s: (m / v.sqrt(), m / v)), _MOMENTS),
    (_fit(end=lambda m, v, s: (m**2 / v, m / v**2)), _MOMENTS),
    (_fit(least=lambda v, m, s: v.clamp(min=0)), f"where nothing is left of the variance, rate is infinite. {_CAP}"),
    (_fit(least=lambda v, m, s: v.abs()), "where less than nothing is left of the variance, its sign is changed. It is "
     f"no variance: chance alone explains the shares, so the prior is as strong as allowed. {_CAP}"),
    (_fit(least=_uncapped), f"`strongest` is not used, and what is left of a variance may be 0 or less. {_CAP}"),
    *((_fit(least=lambda v, m, s, e=e: v.clamp(min=e)), f"the variance is at least {e}, whatever `strongest` is. "
       f"{_CAP}")
      for e in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)),
    *((_fit(least=lambda v, m, s, e=e: v.clamp(min=e), end=_both_capped), f"the variance is at least {e}, so where "
       "less is left of it the prior is too weak. The limit is on the rate, which is at most `strongest`, and on "
       "nothing else.") for e in (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)),
    *((_fit(least=lambda v, m, s, e=e: v.clamp(min=0) + e, end=end), f"{e} is added to the variance everywhere, which "
       f"changes all priors. {_CAP}") for e in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8) for end in (None, _both_capped)),
    (_fit(least=lambda v, m, s: v.maximum((m - 1e-6) / s)), "the limit is made from the mean without 1e-6: it is 0 for "
     f"an n-gram that no language has, and rate is infinite. {_CAP}"),
    (_fit(least=lambda v, m, s: torch.where(v > 0, v, m / s)), "only where less than nothing is left of the variance "
     f"is rate limited. It is at most `strongest` everywhere. {_CAP}"),
    (_fit(least=lambda v, m, s: v.maximum(m / 1000)), "`strongest` is not used: the limit is 1000, whatever is asked "
     "for."),
    (_fit(least=lambda v, m, s: v.maximum(m * m / s)), "`rate` is to be limited; here `shape` is, to strongest. rate = "
     "mean / variance, so the variance is at least mean / strongest."),
    (_fit(least=lambda v, m, s: v.clamp(min=1 / s)), "the variance is at least 1 / strongest. The rate is mean / "
     "variance, so it is to be at least mean / strongest."),
    (_fit(least=lambda v, m, s: v.minimum(m / s)), "the rate is at *least* `strongest` here: it is at most that."),
    (_fit(least=lambda v, m, s: v + m / s), "mean / strongest is added to the variance everywhere. Only a smaller one "
     "is raised to it: maximum."),
    (_fit(least=_uncapped, end=_both_capped), "where less than nothing is left of the variance, rate is negative, and "
     f"a limit from above leaves it so. {_CAP}"),
    (_fit(least=_uncapped, end=_capped_rate), "`rate` is limited, but `shape` is that of another variance, and where "
     f"less than nothing is left both are negative. {_CAP}"),
    *((_fit(least=lambda v, m, s, e=e: v.clamp(min=e), end=_capped_rate), "`rate` is limited, but `shape` is not, so "
       f"shape / rate is no longer the mean. {_CAP}") for e in (0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)),
    (_fit(mean=_mean_of_counts, variance=lambda c: c.var(0), noise=lambda c: c.mean(0)), "these are counts. Lists "
     "differ in length: divide each language's counts by their sum first."),
    (_fit(variance=lambda c: c.var(0) / _n(c).mean() ** 2), "this is the variance of the counts, which long lists have "
     "more of. Take the variance of the shares."),
    (_fit(mean=_mean_of_counts, variance=lambda c: c.var(0)), "these are counts. Lists differ in length: divide each "
     "language's counts by their sum first."),
    (_over_languages, _WRONG_AXIS),
    (lambda c, s=1000.0: learned_prior(c / c.sum(0, keepdim=True), s), _WRONG_AXIS),
    (lambda c, s=1000.0: tuple(x.unsqueeze(0) for x in learned_prior(c, s)), "an axis of size 1 is too many "
     "(keepdim=True): each is [ngrams]."),
]  # fmt: skip


def judge_prior(call):
    """`learned_prior`: lists of several lengths, few languages, limits of several strengths."""
    try:
        compare(call, learned_prior, _cases(), _MISTAKES, ("shape", "rate"), ("n-gram",))
    except Problem as problem:
        if "the numbers differ" in str(problem) and _all_alike(call):
            raise Problem(_WRONG_AXIS) from None
        if "at n-gram 7 " in str(problem):
            raise Problem(f"{problem} No language has this n-gram.") from None
        raise
    keeps_names(call, "strongest")


def _all_alike(call) -> bool:
    """Whether each n-gram has the mean 1 / languages: shares over the languages sum to 1."""
    counts = _counts(12, 7)
    shape, rate = (torch.as_tensor(part).float() for part in call(counts))
    return torch.allclose((shape / rate)[:7], torch.tensor(1 / 12), rtol=1e-3)
