"""Mistakes that the check of Kendall's tau and its ceiling knows, in lesson 15."""

from __future__ import annotations

from itertools import combinations
from math import asin, pi, sin, sqrt

import torch
from torch import Tensor

from course_lib.lessons.lesson15.kendall import ceiling, kendall_tau, tau_and_ceiling


def _signs(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return tuple((s.unsqueeze(-1) - s.unsqueeze(-2)).sign() for s in (a.double(), b.double()))


def _tau(
    count=lambda one, two: (one * two).sum(), below=lambda one, two: (one.square().sum() * two.square().sum()).sqrt()
):
    def tau(a, b):
        one, two = _signs(a, b)
        return (count(one, two) / below(one, two)).item()

    return tau


def _pearson(a: Tensor, b: Tensor) -> float:
    return torch.corrcoef(torch.stack([a.double(), b.double()]))[0, 1].item()


def _ranks(a: Tensor, middle: bool) -> Tensor:
    """Places from below; equal numbers share the middle one if `middle`, else they follow one another."""
    if not middle:
        return a.argsort().argsort()
    return ((a.unsqueeze(1) > a).sum(1) + (a.unsqueeze(1) >= a).sum(1)) / 2


def _spearman(a: Tensor, b: Tensor, middle: bool = True) -> float:
    return _pearson(_ranks(a, middle), _ranks(b, middle))


def _with_truth(tau, truth=lambda truths: truths.mean(0)):
    return lambda scores, truths: tau(scores, truth(truths))


def _among(n: Tensor | int) -> int:
    return n * (n - 1)


def _opposite(a: Tensor, b: Tensor) -> float:
    """Pairs that are equal on a side count as in opposite order."""
    one, two = _signs(a, b)
    n, up = len(a), (one * two > 0).sum()
    return ((2 * up - n * (n - 1)) / (n * (n - 1))).item()


def _by_product(a: Tensor, b: Tensor) -> float:
    one, two = ((s.unsqueeze(1) - s) for s in (a.double(), b.double()))
    return ((one * two).sum() / (one.square().sum() * two.square().sum()).sqrt()).item()


def _next_ones(divide):
    """Only architectures that stand side by side are compared."""

    def tau(a, b):
        one, two = a.double().diff().sign(), b.double().diff().sign()
        return ((one * two).sum() / divide(one, two)).item()

    return tau


_TIES = "Divide by the root of (pairs that the scores tell apart) x (pairs that the truth tells apart)."
TAU_MISTAKES = [
    (_with_truth(_tau(below=lambda one, two: _among(len(one)))), "pairs that one side calls equal are counted below "
     "the line, too: that is tau-a. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: _among(len(one)) / 2)), "each pair is counted twice above the line, once "
     "below: and pairs that one side calls equal are counted there, too. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: len(one) ** 2)), "it is divided by n squared. A thing is no pair with "
     "itself, and equal pairs are left out. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: (one * two).abs().sum())), "it is divided by the pairs that *both* tell "
     "apart: that is Goodman and Kruskal's gamma. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: two.square().sum())), "it is divided by the pairs that the truth tells "
     "apart. Those of the scores count alike. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: one.square().sum())), "it is divided by the pairs that the scores tell "
     "apart. Those of the truth count alike. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: one.square().sum() * two.square().sum())), "the root below the line is "
     "missing. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: (one.square().sum() + two.square().sum()) / 2)), "it is divided by the "
     "mean of two numbers of pairs. " + _TIES),
    (_with_truth(_tau(below=lambda one, two: torch.maximum(one.square().sum(), two.square().sum()))), "it is divided "
     "by the larger number of pairs. " + _TIES),
    (_with_truth(_tau(count=lambda one, two: (one * two).sum() / 2)), "above the line each pair counts once, below "
     "twice. " + _TIES),
    (_with_truth(_tau(count=lambda one, two: (one * two > 0).sum(), below=lambda one, two: _among(len(one)))), "this "
     "is the share of pairs in the same order. Those in opposite order are taken off: +1 and -1."),
    (_with_truth(_tau(count=lambda one, two: (one * two > 0).sum())), "pairs in opposite order are not taken off: they "
     "count -1."),
    (_with_truth(_tau(count=lambda one, two: (one == two).sum() - len(one), below=lambda one, two: _among(len(one)))),
     "this is the share of pairs in the same order. Those in opposite order are taken off: +1 and -1."),
    (_with_truth(_tau(count=lambda one, two: (one == two).sum() - len(one) - (one * two < 0).sum())), "a pair that "
     "both sides call equal counts +1. It has no order that could agree: it counts 0."),
    *((_with_truth(_next_ones(divide)), "only architectures that stand next to each other are compared. *Every* pair "
       "counts: (a[:, None] - a).sign() has them all.") for divide in (
        lambda one, two: len(one), lambda one, two: (one.abs().sum() * two.abs().sum()).sqrt())),
    (_with_truth(_opposite), "a pair that one side calls equal counts -1, as if in opposite order. It counts 0, and is "
     "left out below the line. " + _TIES),
    *((_with_truth(_tau(count=lambda one, two, a=a: (2 * (a(one) == a(two)).double() - 1).fill_diagonal_(0).sum(),
                        below=lambda one, two: _among(len(one)))), "pairs that are equal on one side are counted as if "
       "in some order. They count 0. " + _TIES) for a in (lambda s: s > 0, lambda s: s)),
    *((_with_truth(lambda a, b, middle=middle: _spearman(a, b, middle)), "this is the correlation of ranks (Spearman). "
       "For tau, pairs are counted: +1 in the same order, -1 in the other.") for middle in (True, False)),
    *((_with_truth(tau), "this is the correlation of the numbers (Pearson). Only the order of each pair counts: the "
       "*sign* of its difference.") for tau in (_pearson, _by_product)),
    (lambda scores, truths: sum(kendall_tau(scores, t).item() for t in truths) / len(truths), "tau is found with each "
     "training, and averaged. The truth is the *mean* of the trainings: one tau with that, and less luck."),
    (_with_truth(lambda a, b: kendall_tau(a, b).item(), lambda truths: truths[0]), "tau is that with the first "
     "training. The truth is the mean of all."),
    (_with_truth(lambda a, b: kendall_tau(a, b).item(), lambda truths: truths[-1]), "tau is that with the last "
     "training. The truth is the mean of all."),
    (_with_truth(lambda a, b: kendall_tau(a, b).item(), lambda truths: truths.median(0).values), "tau is that with the "
     "median of the trainings. The truth is their mean."),
    (_with_truth(lambda a, b: kendall_tau(a, b).item(), lambda truths: truths.amax(0)), "tau is that with the best "
     "training of each architecture. The truth is their mean."),
    (_with_truth(lambda a, b: kendall_tau(a.sort().values, b).item()), "the scores are sorted, and the truth is not: "
     "score i and truth i belong to the same architecture."),
    *((_with_truth(lambda a, b, places=places: kendall_tau(places(a), b).item()), "the scores are turned into places "
       "first, so that equal ones get different places. A pair that the predictor calls equal counts 0.")
      for places in (lambda a: a.argsort(stable=True).argsort(), lambda a: a.argsort().argsort())),
    (_with_truth(lambda a, b: kendall_tau(a.argsort(), b).item()), "argsort gives who stands where, not who has which "
     "place. Compare the scores as they are."),
    (lambda scores, truths: (lambda pair: pair[0] * pair[1])(tau_and_ceiling(scores, truths)), "tau is multiplied with "
     "its ceiling. Tau itself is wanted."),
    (_with_truth(lambda a, b: -kendall_tau(a, b).item()), "tau has the wrong sign: a pair in the same order counts "
     "+1."),
    (_with_truth(lambda a, b: abs(kendall_tau(a, b).item())), "tau has no sign. A predictor can be worse than chance."),
    (_with_truth(lambda a, b: max(kendall_tau(a, b).item(), 0.0)), "tau is cut off at 0. A predictor can be worse than "
     "chance; only the agreement of trainings is cut."),
    (lambda scores, truths: (lambda pair: pair[0] / pair[1])(tau_and_ceiling(scores, truths)), "tau is divided by its "
     "ceiling. Tau itself is wanted."),
    (lambda scores, truths: tau_and_ceiling(scores, truths)[1], "tau and its ceiling are exchanged: tau comes first."),
]  # fmt: skip


def pairs_of(truths: Tensor) -> list[float]:
    """Tau of all pairs of two different trainings, of truths `[S, n]`."""
    return [kendall_tau(a, b).item() for a, b in combinations(truths, 2)]


def top(
    pairs=lambda scores, truths: pairs_of(truths),
    mean=lambda taus, S: sum(taus) / len(taus),
    floor=lambda mean: max(mean, 0.0),
    there=lambda mean: sin(pi / 2 * mean),
    known=lambda r, S, n: sqrt(S * r / (1 + (S - 1) * r)),
    back=lambda known: 2 / pi * asin(known),
    end=lambda top, mean: top,
):
    """The ceiling once more, with places to go wrong: each step of the way from taus to a correlation, and back."""

    def answer(scores, truths):
        S = len(truths)
        agreement = floor(mean(pairs(scores, truths), S))
        return end(back(known(there(agreement), S, truths.shape[1])), agreement)

    return answer


_WAY = "tau -> correlation: r = sin(pi/2 tau). Worth with the mean of S trainings: sqrt(S r / (1 + (S - 1) r)). " \
       "Back: 2/pi asin."  # fmt: skip
TOP_MISTAKES = [
    (top(end=lambda top, mean: mean), "the agreement of two trainings is taken for the ceiling. Two trainings have two "
     "lucks between them; somebody who knows the worth has none. " + _WAY),
    (top(end=lambda top, mean: sqrt(mean)), "the root is taken of a tau. It belongs to a correlation: first sin, then "
     "the root, then asin."),
    (top(end=lambda top, mean: 1.0), "the ceiling is 1. Even somebody who knows the worth does not know the luck that "
     "is left in the mean of S trainings."),
    (top(known=lambda r, S, n: S * r / (1 + (S - 1) * r)), "the root is missing: S r / (1 + (S - 1) r) is the "
     "correlation of *two* means of S trainings. Knowing the worth, only one of them has luck: its root."),
    (top(known=lambda r, S, n: (S * r / (1 + (S - 1) * r)) ** 2), "the square is taken where the root belongs."),
    (top(known=lambda r, S, n: (S * r / (1 + (S - 1) * r)) ** 0.25), "the root is taken twice. Once, then 2/pi asin."),
    (top(known=lambda r, S, n: sqrt((1 + (S - 1) * r) / S)), "this is how one *training* goes with the mean of S, in "
     "which it is itself. It has luck; who knows the worth has none: sqrt(S r / (1 + (S - 1) r))."),
    *((top(known=lambda r, S, n, k=k: sqrt(k(S) * r / (1 + (k(S) - 1) * r))), f"the truth is taken for a mean of "
       f"{said} trainings. It is one of S: len(truths).") for k, said in (
        (lambda S: 2 * S, "2 S"), (lambda S: S + 1, "S + 1"), (lambda S: S / 2, "S / 2"),
        (lambda S: S * (S - 1) / 2, "as many as there are pairs of"))),
    (top(known=lambda r, S, n: sqrt(r)), "this is the ceiling with a *single* training: sqrt(r). The mean of S has "
     "less luck: its variance is r + (1 - r) / S."),
    (top(there=lambda mean: mean, back=lambda known: known), "taus are put into a formula of correlations. " + _WAY),
    (top(there=lambda mean: mean), "the agreement is a tau and is taken for a correlation: r = sin(pi/2 tau) first."),
    (top(back=lambda known: known), "this is a correlation. Go back to a tau: 2/pi asin."),
    (top(there=lambda mean: 2 / pi * asin(mean), back=lambda known: sin(pi / 2 * known)), "sin and asin are exchanged: "
     "tau = 2/pi asin(r), so r = sin(pi/2 tau)."),
    (top(there=lambda mean: 2 / pi * asin(mean)), "tau is turned into a correlation by asin. It is the other way "
     "round: r = sin(pi/2 tau)."),
    (top(back=lambda known: sin(pi / 2 * known)), "the correlation is turned into a tau by sin. It is tau = 2/pi "
     "asin(r)."),
    (top(there=sin), "in the sine, pi/2 is missing: r = sin(pi/2 tau)."),
    (top(there=lambda mean: sin(pi * mean)), "in the sine stands pi tau. From tau = 2/pi asin(r): r = sin(pi/2 tau)."),
    (top(there=lambda mean: sin(2 / pi * mean)), "in the sine stands 2/pi. From tau = 2/pi asin(r): r = sin(pi/2 "
     "tau)."),
    (top(there=lambda mean: sin(pi / 180 * mean)), "the sine is taken of degrees. Its argument is pi/2 tau."),
    (top(there=lambda mean: 2 * sin(pi / 6 * mean)), "2 sin(pi/6 ...) belongs to the correlation of ranks (Spearman). "
     "For a tau: r = sin(pi/2 tau)."),
    (top(back=lambda known: 6 / pi * asin(known / 2)), "6/pi asin(r/2) is the correlation of ranks (Spearman). For a "
     "tau: 2/pi asin(r)."),
    (top(back=asin), "2/pi is missing before asin."),
    (top(back=lambda known: pi / 2 * asin(known)), "before asin stands pi/2. It is 2/pi."),
    (top(known=lambda r, S, n: sqrt(S * r / (1 + S * r))), "S stands below the line where S - 1 belongs. The mean of S "
     "trainings has variance r + (1 - r) / S."),
    (top(known=lambda r, S, n: sqrt(r / (1 + (S - 1) * r))), "S is missing above the line. The mean of S trainings has "
     "variance r + (1 - r) / S, and shares r with the worth."),
    (top(known=lambda r, S, n: sqrt(r / (r + (1 - r) * S))), "the luck of the mean *grows* with S here. Its variance "
     "is (1 - r) / S."),
    (top(known=lambda r, S, n: sqrt(r / (r + (1 - r) / S**2))), "the luck of a mean of S has variance (1 - r) / S. S "
     "is squared here."),
    *((top(known=lambda r, S, n, k=k: sqrt(k * r / (1 + (k - 1) * r))), f"the truth is taken for a mean of {k} "
       "trainings, whatever their number. It is len(truths).") for k in (2, 3)),
    (top(known=lambda r, S, n: sqrt(n * r / (1 + (n - 1) * r))), "the number of architectures stands for S, the number "
     "of trainings: len(truths)."),
    (top(known=lambda r, S, n: sqrt((S - 1) * r / (1 + (S - 2) * r))), "S is one too small: the truth is the mean of "
     "all S trainings."),
    (top(mean=lambda taus, S: (2 * sum(taus) + S) / S**2), "pairs of a training with itself are counted, which agree "
     "with tau 1. Only pairs of two *different* trainings tell of luck."),
    (top(mean=lambda taus, S: (sum(taus) + S) / (len(taus) + S)), "pairs of a training with itself are counted, which "
     "agree with tau 1. Only pairs of two *different* trainings tell of luck."),
    (top(mean=lambda taus, S: max(taus)), "the best pair of trainings is taken. The mean over all pairs is wanted."),
    (top(mean=lambda taus, S: min(taus)), "the worst pair of trainings is taken. The mean over all pairs is wanted."),
    (top(mean=lambda taus, S: sorted(taus)[len(taus) // 2]), "a pair in the middle is taken. The mean over all pairs "
     "is wanted."),
    (top(mean=lambda taus, S: taus[0]), "only the first two trainings are compared. The mean over *all* pairs is "
     "wanted."),
    (top(mean=lambda taus, S: sum(taus) / S), "the sum over pairs is divided by S. There are S (S - 1) / 2 pairs."),
    (top(mean=lambda taus, S: min(2 * sum(taus) / S**2, 1.0)), "the sum over pairs is divided by S squared. There are "
     "S (S - 1) / 2 pairs of different trainings."),
    (top(mean=lambda taus, S: min(sum(taus), 1.0)), "taus of the pairs are summed. Their mean is wanted."),
    (top(pairs=lambda scores, truths: [kendall_tau(a, b).item() for a, b in zip(truths, truths[1:], strict=False)]),
     "only neighbours are compared, each training with the next. The mean over *all* pairs is wanted."),
    (top(pairs=lambda scores, truths: [kendall_tau(truths[0], b).item() for b in truths[1:]]), "only pairs with the "
     "first training are compared. The mean over *all* pairs is wanted."),
    (top(pairs=lambda scores, truths: [kendall_tau(t, truths.mean(0)).item() for t in truths]), "each training is "
     "compared with the mean of all, in which it is itself. Compare pairs of two different trainings."),
    (top(pairs=lambda scores, truths: [
        kendall_tau(t, truths[[j for j in range(len(truths)) if j != i]].mean(0)).item()
        for i, t in enumerate(truths)]), "each training is compared with the mean of the others, which has less luck. "
     "Compare pairs of two single trainings."),
    (top(pairs=lambda scores, truths: [kendall_tau(scores, t).item() for t in truths]), "the *scores* are compared "
     "with each training. The ceiling does not know the predictor: compare trainings with each other."),
    (top(pairs=lambda scores, truths: [sin(pi / 2 * t) for t in pairs_of(truths)], there=lambda r: r), "each pair is "
     "turned into a correlation, and these are averaged. The task averages the taus first."),
    (top(pairs=lambda scores, truths: [ceiling(t, len(truths)) for t in pairs_of(truths)], there=lambda r: r,
          known=lambda r, S, n: r, back=lambda r: r), "each pair gets a ceiling, and these are averaged. The task "
     "averages the taus first."),
    (top(pairs=lambda scores, truths: [max(t, 0.0) for t in pairs_of(truths)]), "taus below 0 are cut off before the "
     "mean. The mean is cut, not each of them."),
    (top(pairs=lambda scores, truths: [_pearson(a, b) for a, b in combinations(truths, 2)], there=lambda r: r),
     "trainings are compared by the correlation of their numbers. The task takes tau-b, and goes from there to a "
     "correlation."),
    (top(pairs=lambda scores, truths: [_pearson(a, b) for a, b in combinations(truths, 2)]), "trainings are compared "
     "by the correlation of their numbers. The task takes tau-b."),
    (lambda scores, truths: tau_and_ceiling(scores, truths)[0], "the second number is tau once more. It is the "
     "ceiling, which does not depend on the scores."),
]  # fmt: skip
