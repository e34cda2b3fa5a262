"""What `check` looks at in `mean_curve` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.learners import mean_curve

_X = torch.linspace(-5, 5, 9)
# In the lesson's family half = pi / 2, and some mistakes look like others: the cases after it tell them apart.
_FAMILIES = {
    "the family of the lesson, x of shape [200, 1]": (torch.linspace(-5, 5, 200).view(200, 1), (0.1, 5.0),
                                                      (0.0, math.pi)),
    "amplitudes 1 to 2 and phases -0.5 to 2, x of shape [9]": (_X, (1.0, 2.0), (-0.5, 2.0)),
    "one amplitude and phases 1 to 1.5": (_X, (2.0, 2.0), (1.0, 1.5)),
    "x of shape [10, 1], as in the lesson's tasks": (torch.linspace(-4, 4, 10).view(10, 1), (1.0, 3.0), (0.0, 2.0)),
    "x of shape [2, 3]": (torch.linspace(-4, 4, 6).view(2, 3), (0.5, 3.0), (0.2, 2.0)),
}  # fmt: skip


def _middle(bounds):
    return (bounds[0] + bounds[1]) / 2


def _half(bounds):
    return (bounds[1] - bounds[0]) / 2


def _sinc(t):
    return math.sin(t) / t


def _flat(b):
    return _sinc(_half(b))


def _wave(x, amplitude, flattening, shift):
    return amplitude * flattening * torch.sin(x - shift)


def _factor(message: str, flattening):
    """The right wave but for `flattening(phase)`."""
    return lambda x, a, b: _wave(x, _middle(a), flattening(b), _middle(b)), message


def _tall(message: str, tall):
    """The right wave but for its `tall(amplitude)`."""
    return lambda x, a, b: _wave(x, tall(a), _flat(b), _middle(b)), message


def _moved(message: str, shift):
    """The right wave but for its `shift(phase)`."""
    return lambda x, a, b: _wave(x, _middle(a), _flat(b), shift(b)), message


def _steps(k: int):
    """The mean of cos(u) over `k` phases at even steps, with both ends; and over the middles of `k` parts."""

    def ends(b):
        d = 2 * _half(b) / (k - 1)
        return math.sin(k * d / 2) / (k * math.sin(d / 2))

    def middles(b):
        d = 2 * _half(b) / k
        return math.sin(k * d / 2) / (k * math.sin(d / 2))

    return ends, middles


def _whole(which):
    """The middles and the half width that // gives, where `which` says so."""

    def curve(x, a, b):
        tall = (a[0] + a[1]) // 2 if which[0] else _middle(a)
        shift = (b[0] + b[1]) // 2 if which[1] else _middle(b)
        half = (b[1] - b[0]) // 2 if which[2] else _half(b)
        return _wave(x, tall, _sinc(half) if half else 1.0, shift)

    return curve


def _left(x, a, b, k):
    """The mean over `k` phases at even steps, without the last end."""
    phases = b[0] + (b[1] - b[0]) * torch.arange(k) / k
    return _middle(a) * torch.stack([torch.sin(x - p) for p in phases.tolist()]).mean(0)


_FROM_0 = "it takes the lowest phase for 0: both the middle and the width depend on where the range begins."
_FAMILY = "for the phases it has the numbers of the lesson's family, 0 to pi: use the argument `phase`."
_SIN_U = ("it lets u go from 0 to half. It goes from -half to half, and there the mean of sin(u) is 0, since its "
          "negative values cancel the positive ones.")  # fmt: skip
_MISTAKES = [
    _factor("that is the curve of the *mean amplitude and mean phase*. The mean of the curves is flatter, because "
            "waves of different phase cancel in part: multiply by sin(half) / half, where half is half the width of "
            "the phase range.", lambda b: 1.0),
    _factor("it flattens by the *whole* width of the phase range; use half of it: how far a phase can be from the "
            "middle.", lambda b: _sinc(2 * _half(b))),
    _factor("torch.sinc(t) is sin(pi t) / (pi t), with pi inside: give it half / pi, or write sin(half) / half.",
            lambda b: torch.sinc(torch.tensor(_half(b)))),
    _factor("torch.sinc(t) is sin(pi t) / (pi t), with pi inside: give it half / pi. And half is *half* the width of "
            "the phase range.", lambda b: torch.sinc(torch.tensor(2 * _half(b)))),
    _factor("it has sin(half), but the division by half is missing.", lambda b: math.sin(_half(b))),
    _factor("the sine is missing: the mean of cos(u) is sin(half) / half.", lambda b: 1 / _half(b)),
    _factor("it multiplies by half; divide by it: the mean of cos(u) is sin(half) / half.",
            lambda b: math.sin(_half(b)) * _half(b)),
    _factor("it has half / sin(half), which makes the wave taller; it is sin(half) / half.", lambda b: 1 / _flat(b)),
    _factor("it flattens twice: multiply by sin(half) / half once.", lambda b: _flat(b) ** 2),
    _factor("it has cos(half): the mean of the waves at the two ends of the range. All phases between count as well: "
            "the mean of cos(u) is sin(half) / half.", lambda b: math.cos(_half(b))),
    _factor("it divides by twice `half`. With half the width h, the mean of cos(u) for u from -h to h is sin(h) / h.",
            lambda b: _flat(b) / 2),
    _factor("it has the integral over the phases; the mean is the integral divided by the width of the range, "
            "high - low.", lambda b: 2 * math.sin(_half(b))),
    _factor("it has sin(half) of the whole width, divided by half of it: both are half the width.",
            lambda b: math.sin(2 * _half(b)) / _half(b)),
    _factor("it divides by the highest phase; divide by the width of the range, high - low.",
            lambda b: 2 * math.sin(_half(b)) / b[1]),
    _factor("it flattens by a quarter of the width of the phase range; use half of it.",
            lambda b: _sinc(_half(b) / 2)),
    _factor("torch.sinc(t) is sin(pi t) / (pi t): give it half / pi, not half * pi.",
            lambda b: torch.sinc(torch.tensor(_half(b) * math.pi))),
    _factor("it takes the phases for degrees: they are in radians.", lambda b: _sinc(math.radians(_half(b)))),
    _factor("it has (1 - cos(half)) / half, the mean of sin(u) over one side. The mean of cos(u) is sin(half) / half.",
            lambda b: (1 - math.cos(_half(b))) / _half(b)),
    _factor("brackets are missing: high - low / 2 halves the low end alone, (high - low) / 2 is half the width.",
            lambda b: _sinc(b[1] - b[0] / 2)),
    (lambda x, a, b: _wave(x, _middle(a), _sinc(_middle(b)), _half(b)),
     "the middle and half the width of the phases are exchanged."),
    (lambda x, a, b: _middle(a) * torch.sin(x - _middle(b)) + _flat(b), "sin(half) / half is added; multiply by it."),
    (lambda x, a, b: _middle(a) + _flat(b) * torch.sin(x - _middle(b)), "the amplitude is added; multiply by it."),
    _moved("brackets are missing: low + high / 2 halves the high end alone, (low + high) / 2 is the middle.",
           lambda b: b[0] + b[1] / 2),
    _moved("it is not shifted: the wave has the middle phase.", lambda b: 0.0),
    _moved("it is shifted the wrong way: sin(x - middle).", lambda b: -_middle(b)),
    _moved("it is shifted by the lowest phase; shift it by the middle one.", lambda b: b[0]),
    _moved("it is shifted by the highest phase; shift it by the middle one.", lambda b: b[1]),
    _moved("it is shifted by low + high; the middle is half of that.", lambda b: b[0] + b[1]),
    _moved("it is shifted by half the width; shift it by the middle of the range.", _half),
    _moved("it is shifted by the width of the range; shift it by its middle.", lambda b: 2 * _half(b)),
    _tall("for the amplitude it uses half the range; the mean of an evenly drawn number is the middle of its range.",
          _half),
    _tall("for the amplitude it uses the width of the range; the mean of an evenly drawn number is the middle of it.",
          lambda a: 2 * _half(a)),
    _tall("it takes the sum of the lowest and the highest amplitude; the mean is half of that.", sum),
    _tall("it takes the largest amplitude; take the mean one, the middle of the range.", lambda a: a[1]),
    _tall("it takes the smallest amplitude; take the mean one, the middle of the range.", lambda a: a[0]),
    _tall("it takes half of the highest amplitude, as if they began at 0: the middle is (low + high) / 2.",
          lambda a: a[1] / 2),
    _tall("brackets are missing: low + high / 2 halves the high end alone, (low + high) / 2 is the middle.",
          lambda a: a[0] + a[1] / 2),
    _tall("it multiplies the two ends of the amplitude; the middle is (low + high) / 2.", lambda a: a[0] * a[1] / 2),
    _tall("it multiplies the two ends of the amplitude; the middle is (low + high) / 2.", lambda a: a[0] * a[1]),
    _tall("it leaves out the amplitude: multiply by the mean one.", lambda a: 1.0),
    _tall("it takes the root of the mean *square* amplitude; take the mean.",
          lambda a: math.sqrt((a[0] ** 2 + a[0] * a[1] + a[1] ** 2) / 3)),
    _tall("it takes the root of the mean *square* amplitude; take the mean.",
          lambda a: math.sqrt((a[0] ** 2 + a[1] ** 2) / 2)),
    _tall("it takes the geometric mean of the amplitudes, a root of a product; take the usual one, (low + high) / 2.",
          lambda a: math.sqrt(a[0] * a[1])),
    (lambda x, a, b: torch.zeros_like(x),
     "it says that all waves cancel. They would if phases went all the way round, but here they do not."),
    (lambda x, a, b: mean_curve(x, a, b).flatten(),
     "the result should be of the shape of x, but it has one axis. .flatten() and loops over numbers lose the shape; "
     ".reshape(x.shape) gives it back."),
    (lambda x, a, b: -mean_curve(x, a, b), "the sign is turned round."),
    (lambda x, a, b: _middle(a) * _flat(b) * torch.cos(x - _middle(b)), "it has a cosine in place of the sine."),
    (lambda x, a, b: _middle(a) * _flat(b) * torch.sin(_middle(b) - x), "the sign is turned round: sin(x - middle)."),
    (lambda x, a, b: _wave(x, _middle(a), 2 / math.pi, math.pi / 2), _FAMILY),
    (lambda x, a, b: _wave(x, 2.55, 2 / math.pi, math.pi / 2),
     "it has the numbers of the lesson's family: use the arguments `amplitude` and `phase`."),
    _factor(_FAMILY, lambda b: 2 / math.pi),
    _moved(_FAMILY, lambda b: math.pi / 2),
    *((lambda x, a, b, low=low: _wave(x, _middle(a), low(b), b[1] / 2), _FROM_0)
      for low in (lambda b: _sinc(b[1] / 2), _flat, lambda b: 1.0)),
    _factor(_FROM_0, lambda b: _sinc(b[1] / 2)),
    _factor("it flattens by the highest phase; use half the width of the range.", lambda b: _sinc(b[1])),
    _factor("it flattens by the middle phase; use half the width of the range.",
            lambda b: _sinc(_middle(b)) if _middle(b) else 1.0),
    *(_factor(f"it takes the mean of {k} waves. That comes near, but it is not the mean of all: use the formula, "
              "sin(half) / half.", flattening)
      for k in (*range(2, 130), 200, 201, 500, 1000, 1001) for flattening in _steps(k)),
    *((lambda x, a, b, k=k: _left(x, a, b, k), f"it takes the mean of {k} waves and leaves out the end of the range. "
       "That comes near, but it is not the mean of all: use the formula, sin(half) / half.")
      for k in (5, 10, 20, 50, 100, 200, 500, 1000)),
    (lambda x, a, b: mean_curve(x, a, b).mean(),
     "it takes a mean over x as well; give a number for each x, a tensor of its shape."),
    (lambda x, a, b: mean_curve(x, a, b).mean(-1).shape,
     "it takes a mean over the last axis of x as well; give a number for each x, a tensor of its shape."),
    (lambda x, a, b: _middle(a) * (torch.sin(x - _middle(b)) * _flat(b)
                                   - torch.cos(x - _middle(b)) * (1 - math.cos(_half(b))) / _half(b)), _SIN_U),
    (lambda x, a, b: _middle(a) * (torch.sin(x - _middle(b)) - torch.cos(x - _middle(b))) * _flat(b),
     "it keeps the second term. The mean of sin(u) is 0, since u is as often below 0 as above."),
    *((_whole((i & 1, i & 2, i & 4)), "// divides and then drops what is behind the point: use /.")
      for i in range(1, 8)),
]  # fmt: skip


def _known(call):
    """All mistakes; the last has a number that is read from what is given in one case: an amplitude written in."""
    yield from _MISTAKES
    x, a, b = _FAMILIES["x of shape [2, 3]"]
    try:
        got = call(x.clone(), a, b)
    except Problem:
        return  # compare says what it is
    if not isinstance(got, Tensor) or got.shape != x.shape or not got.any():
        return
    wave = _wave(x, 1.0, _flat(b), _middle(b))
    tall = (got * wave).sum().item() / wave.square().sum().item()
    yield _tall(f"its amplitude is {tall:.3g}, whatever the range: use the argument `amplitude`.", lambda a: tall)


def judge_curve(call):
    """`mean_curve`."""
    compare(call, mean_curve, _FAMILIES, _known(call))
