"""What `check` looks at in expected improvement, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson15.checks_special import special
from course_lib.lessons.lesson15.improvement import expected_improvement


def _case(mean: list, sd: list, best: float) -> tuple:
    return torch.tensor(mean, dtype=torch.float64), torch.tensor(sd, dtype=torch.float64), best


@cache
def _cases() -> dict[str, tuple]:
    return {
        "a mean of 0.5, a standard deviation of 0.2, best 0.4": _case([0.5], [0.2], 0.4),
        "five settings with means on both sides of the best": _case(
            [0.1, 0.9, 0.45, 1.4, -0.3], [0.3, 0.25, 0.08, 0.9, 1.6], 0.4),
        "a table of means [2, 3]": _case([[0.7, 0.65, 0.2], [1.5, 0.9, 0.6]], [[0.1, 0.6, 0.05], [0.4, 2.0, 0.3]], 0.6),
    }  # fmt: skip


def _bell(z: Tensor) -> Tensor:
    return torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5


def _answer(
    gain=lambda m, b: b - m,
    ratio=lambda g, s: g / s,
    left=torch.special.ndtr,
    bell=_bell,
    spread=lambda s: s,
    first=lambda g, area: g * area,
    second=lambda s, f: s * f,
    end=lambda e, g, s, z: e,
):
    """Expected improvement once more, with places to go wrong.

    Args:
        gain: of (mean, best); ratio: z, of (gain, sd); left: the area; bell: the density; spread: what sd becomes.
        first, second: the two terms, of (gain, area) and (sd, density).
        end: what is returned, of (the sum, gain, sd, z).
    """

    def answer(mean, sd, best):
        s, g = spread(sd), gain(mean, best)
        z = ratio(g, s)
        return end(first(g, left(z)) + second(s, bell(z)), g, s, z)

    return answer


def _cut(formula):
    return lambda mean, sd, best: formula(mean, sd, best).clamp(min=0)


_TERMS = "With z = (best - mean) / sd there are two terms: (best - mean) times the area, and sd times the density at z."
_SAID = [
    (_answer(gain=lambda m, b: m - b), "the loss is taken for something to make high. A trial gains best - loss, where "
     "that is above 0."),
    (_answer(ratio=lambda g, s: -g / s), "the area is that on the other side, the probability that the loss is *above* "
     "`best`. It is torch.special.ndtr(z) with z = (best - mean) / sd."),
    (_answer(first=lambda g, area: -g * area), "the first term has the wrong sign: it is (best - mean) times the "
     "area."),
    (_answer(ratio=lambda g, s: g), "z is not divided by the standard deviation: z = (best - mean) / sd."),
    (_answer(end=lambda e, g, s, z: torch.special.ndtr(z)), "this is the *probability* that a trial is better. How "
     "much better it is counts too."),
    (_answer(second=lambda s, f: f), "the density is not multiplied by sd. Where the spread is large, much can be "
     "gained."),
    (_answer(second=lambda s, f: f / s), "the density is divided by sd. It is multiplied by it: a density of the "
     "*loss* at `best` is density(z) / sd, and the integral has sd squared before that."),
    (_answer(second=lambda s, f: s**2 * f), "the density is multiplied by the variance. " + _TERMS),
    (_answer(second=lambda s, f: -s * f), "the second term is taken off. It is added: a spread can only help, since we "
     "keep `best` where the trial is worse."),
    (_answer(second=lambda s, f: 0 * s), "the term with the density is missing. " + _TERMS),
    (_answer(first=lambda g, area: 0 * g), "the term with the area is missing. " + _TERMS),
    (_answer(first=lambda g, area: g), "best - mean is not multiplied by the area. " + _TERMS),
    (_answer(first=lambda g, area: area), "the area is not multiplied by best - mean. " + _TERMS),
    (_answer(first=lambda g, area: g.clamp(min=0)), "the first term is max(best - mean, 0). It is (best - mean) times "
     "the area, also where that is below 0: the other term makes up for it."),
    (_answer(first=lambda g, area: (g * area).clamp(min=0)), "the first term is cut off at 0 by itself. Where the mean "
     "is above `best` it is below 0, and the other term makes up for it: clamp the sum."),
    (_answer(gain=lambda m, b: (b - m).clamp(min=0)), "best - mean is cut off at 0 before z. A setting whose mean is "
     "above `best` has a z below 0."),
    (_answer(bell=lambda z: torch.exp(-z.square() / 2)), "the density lacks its factor 1 / sqrt(2 pi)."),
    (_answer(bell=lambda z: torch.exp(-z.square() / 2) / (2 * torch.pi)), "the density is divided by 2 pi. It is by "
     "the *root* of 2 pi."),
    (_answer(bell=lambda z: torch.exp(-z.square() / 2) / (2**0.5 * torch.pi)), "the root goes over 2 pi, not over 2 "
     "alone: 1 / sqrt(2 pi)."),
    *((_answer(bell=lambda z, by=by: torch.exp(-z.square() / 2) * by), "brackets are missing: after a division, what "
       "is multiplied stands above the line again. 1 / sqrt(2 pi) is 1 / (2 * pi) ** 0.5.") for by in (
        torch.pi / 2**0.5, torch.pi / 2, torch.pi**0.5 / 2, (torch.pi / 2) ** 0.5)),
    (_answer(bell=lambda z: torch.exp(-z.square() / 2) / (2 * torch.pi**0.5)), "the root goes over 2 pi, not over pi "
     "alone: 1 / sqrt(2 pi)."),
    (_answer(bell=lambda z: torch.exp(-z.square()) / (2 * torch.pi) ** 0.5), "in the density's exponent is -z^2 / 2: "
     "the half is missing."),
    (_answer(bell=lambda z: torch.exp(-z / 2) / (2 * torch.pi) ** 0.5), "in the density's exponent is -z^2 / 2: the "
     "square is missing."),
    (_answer(bell=lambda z: torch.exp(z.square() / 2) / (2 * torch.pi) ** 0.5), "in the density's exponent is -z^2 / "
     "2: the minus is missing."),
    (_answer(bell=lambda z: -z.square() / 2 - 0.5 * torch.log(torch.tensor(2 * torch.pi))), "log_prob is the "
     "*logarithm* of the density: .exp()."),
    (_answer(bell=torch.special.ndtr), "the area stands where the density belongs: exp(-z^2 / 2) / sqrt(2 pi)."),
    (_answer(left=_bell), "the density stands where the area belongs: torch.special.ndtr(z)."),
    (_answer(left=torch.erf), "erf is not the area: ndtr(z) is (1 + erf(z / sqrt(2))) / 2."),
    (_answer(left=lambda z: (1 + torch.erf(z)) / 2), "in erf, z is divided by the root of 2: ndtr(z) is (1 + erf(z / "
     "sqrt(2))) / 2."),
    (_answer(left=lambda z: 1 + torch.erf(z / 2**0.5)), "the area is twice as large as it should be: ndtr(z) is (1 + "
     "erf(z / sqrt(2))) / 2."),
    (_answer(left=torch.sigmoid), "the area is that of a logistic curve. The loss is normal: torch.special.ndtr."),
    (_answer(spread=torch.sqrt), "sd is taken for a variance: its root is used. It is the standard deviation "
     "itself."),
    (_answer(spread=torch.square), "sd is squared. It is the standard deviation, and z = (best - mean) / sd."),
    *((_answer(spread=lambda s, by=by: s + by), f"{by:g} is added to every standard deviation, which changes all "
       "numbers. Only a standard deviation of 0 needs care: sd.clamp(min=1e-12).") for by in (0.1, 1e-2, 1e-3)),
    *((_answer(gain=lambda m, b, by=by: b - m - by), f"a margin of {by:g} is taken off. Any improvement counts here.")
      for by in (0.1, 0.01)),
    (_answer(end=lambda e, g, s, z: g), "this is what the *mean* gains. A loss that is spread out may be lower than "
     "its mean, and where it is higher we keep `best`."),
    (_answer(end=lambda e, g, s, z: e / torch.special.ndtr(z)), "this is the gain *if* the trial is better. Its "
     "probability counts too: do not divide by it."),
    (_answer(end=lambda e, g, s, z: e / s), "it is divided by sd: that counts standard deviations. The gain in loss is "
     "wanted."),
    (_answer(end=lambda e, g, s, z: s * e), "it is multiplied by sd once too often: sd (z F + f), or (best - mean) F + "
     "sd f."),
    (_answer(first=lambda g, area: g * (2 * area - 1), second=lambda s, f: 2 * s * f), "this is the mean *distance* to "
     "`best`, on both sides. Where the loss is above it, nothing is gained: 0."),
    (_answer(end=lambda e, g, s, z: g + s), "this is a bound of confidence, best - (mean - sd). The mean of max(best - "
     "loss, 0) is wanted."),
    *((_answer(end=lambda e, g, s, z, by=by: g + by * s), f"this is a bound of confidence, best - (mean - {by:g} sd). "
       "The mean of max(best - loss, 0) is wanted.") for by in (1.645, 1.96, 2.0, 2.576, 3.0)),
    (_answer(end=lambda e, g, s, z: e.clamp(min=0) / e.clamp(min=0).sum()), "the numbers are made to add up to 1. Each "
     "setting's own gain is wanted, in units of the loss."),
    (_answer(ratio=lambda g, s: (g / s).clamp(min=0)), "z is cut off at 0. Where the mean is above `best` it is below "
     "0, and there is still something to gain."),
    (lambda mean, sd, best: expected_improvement(mean, sd, mean.mean()), "the mean of all settings stands for the best "
     "so far. `best` is a loss that was seen."),
    (lambda mean, sd, best: expected_improvement(mean, sd, min(best, mean.min())), "the lowest *mean* stands for the "
     "best so far where it is below `best`. `best` is a loss that was seen; a mean is only expected."),
    (_answer(end=lambda e, g, s, z: e.clamp(min=1e-30).log()), "this is its logarithm. The gain itself is wanted."),
    (_answer(end=lambda e, g, s, z: e.sum()), "the settings are added up. Each one's own number is wanted, in the "
     "shape of `mean`."),
    (_answer(end=lambda e, g, s, z: e.mean()), "the settings are averaged. Each one's own number is wanted, in the "
     "shape of `mean`."),
    (_answer(end=lambda e, g, s, z: e.max()), "this is the largest alone. Each setting's own number is wanted, in the "
     "shape of `mean`."),
    (_answer(end=lambda e, g, s, z: e.argmax()), "this is *which* setting to try. Each one's expected improvement is "
     "wanted, in the shape of `mean`."),
    (lambda mean, sd, best: expected_improvement(mean, sd, mean.min()), "the lowest *mean* stands for the best so far. "
     "`best` is a loss that was seen."),
    (lambda mean, sd, best: expected_improvement(mean, sd, best).flatten(), "the axes are lost: return a tensor of the "
     "shape of `mean`. .reshape(mean.shape) brings them back."),
]  # fmt: skip
_MISTAKES = [one for formula, said in _SAID for one in ((formula, said), (_cut(formula), said))]

_ZERO = "where sd is 0, z is a division by 0, and the result nan. There the loss is known: the gain is max(best - " \
        "mean, 0)."  # fmt: skip
_KNOWN = [
    (lambda m, s, b: _answer()(m, s, b).clamp(min=0), _ZERO),
    (lambda m, s, b: torch.where(s > 0, expected_improvement(m, s, b), 0.0), "where sd is 0, it gives 0. There the "
     "loss is known to be `mean`: the gain is max(best - mean, 0)."),
    (lambda m, s, b: torch.where(s > 0, expected_improvement(m, s, b), b - m), "where sd is 0, it gives best - mean, "
     "also below 0. The gain is max(best - mean, 0)."),
    (lambda m, s, b: torch.where(s > 0, expected_improvement(m, s, b), (b - m).abs()), "where sd is 0, it gives the "
     "distance to `best`. A loss above it gains nothing: max(best - mean, 0)."),
    *((lambda m, s, b, by=by: expected_improvement(m, s.clamp(min=by), b), f"a standard deviation of 0 becomes {by:g}, "
       "and then a known loss has something to gain. Take a much smaller number, or torch.where(sd > 0, ..., ...).")
      for by in (0.1, 0.05, 1e-2, 1e-3, 1e-4)),
    *((lambda m, s, b, known=known: known(m, b) if (s == 0).any() else expected_improvement(m, s, b), "where the sd of "
       "*one* setting is 0, all settings are taken for known. Each has its own sd: torch.where(sd > 0, ..., ...).")
      for known in (lambda m, b: (b - m).clamp(min=0), lambda m, b: b - m, lambda m, b: torch.zeros_like(m))),
]  # fmt: skip


def judge_improvement(call):
    """`expected_improvement`: shapes, means on both sides, a spread of 0, far means."""
    try:
        compare(call, expected_improvement, _cases(), _MISTAKES)
    except Problem as problem:
        if "Python scalar" in str(problem) or "must be real number" in str(problem):
            raise Problem(f"{problem}\n  mean and sd are tensors of many numbers: torch.exp, torch.erf and "
                          "torch.special.ndtr take them whole.") from None  # fmt: skip
        raise
    known = {
        "a standard deviation of 0 and a mean below the best": _case([0.13, 0.51], [0.0, 0.4], 0.4372),
        "a standard deviation of 0 and a mean above the best": _case([0.92, 0.36], [0.0, 0.4], 0.4372),
        "a standard deviation of 0 and a mean that is the best": _case([0.4372, 0.51], [0.0, 0.4], 0.4372),
    }
    special(call, expected_improvement, known, _KNOWN, "Where sd is 0, the loss is known: max(best - mean, 0).")
    special(call, expected_improvement, {"no setting's spread is 0, numbers of float32": tuple(
        part.float() if isinstance(part, Tensor) else part for part in list(_cases().values())[1])}, (),
        "The lesson's tensors are float32.")  # fmt: skip
    means = torch.linspace(0.4, 2.0, 400)
    far = call(means, torch.full_like(means, 0.1), 0.4)
    if (far < 0).any():
        at = int(far.argmin())
        raise Problem(f"for float32 numbers it is below 0 by rounding: {far[at].item():.2g} for a mean of "
                      f"{means[at].item():.3g}, sd 0.1 and best 0.4. The task promises that "
                      "it never is: .clamp(min=0).")  # fmt: skip
