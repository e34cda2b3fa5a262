"""The exercises of lesson 02: baselines, and how to compare them."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from course_lib.exercises.engine import Exercise, Problem, compare
from course_lib.learners import mean_curve, nearest_neighbour, probe_step, squared_distances
from course_lib.statistics import ci95, paired_difference

_G = torch.Generator().manual_seed(2)

_NEIGHBOURS = {
    "one shot, and labels in mixed order": (
        torch.randn(2, 7, 3, generator=_G), torch.randn(2, 5, 3, generator=_G),
        torch.tensor([[4, 2, 0, 1, 3], [1, 3, 4, 0, 2]])),
    "two shots, and labels in mixed order": (
        torch.randn(3, 4, 6, generator=_G), torch.randn(3, 6, 6, generator=_G),
        torch.tensor([[2, 2, 0, 1, 1, 0], [0, 1, 2, 0, 1, 2], [1, 0, 0, 2, 2, 1]])),
    "vectors that lie far apart": (
        200 * torch.randn(1, 5, 784, generator=_G), 200 * torch.randn(1, 4, 784, generator=_G),
        torch.tensor([[2, 0, 3, 1]])),
}  # fmt: skip

_NEIGHBOUR_MISTAKES = [
    (lambda q, p, y: squared_distances(q, p).argmin(-1),
     "it returns the *position* of the nearest support example; return the label that stands at that position."),
    (lambda q, p, y: y.gather(1, squared_distances(q, p).argmax(-1)),
     "it picks the support example that is *farthest* away: the nearest has the smallest distance."),
    (lambda q, p, y: y[0][squared_distances(q, p).argmin(-1)],
     "it reads the labels of the first task for every task. labels.gather(1, positions) reads each task's own."),
    (lambda q, p, y: squared_distances(q, p).argmin(1),
     "it finds the nearest *query* for each support example: look for the smallest value along the last axis."),
    (lambda q, p, y: y.gather(1, (q @ p.transpose(1, 2)).argmax(-1)),
     "it takes the largest dot product. That favours long vectors; use the distance between query and example."),
    (lambda q, p, y: squared_distances(q, p).amin(-1),
     "it returns the smallest distance; return the label of the example that has it."),
    (lambda q, p, y: squared_distances(q, p).argmin(-1) // (y.shape[1] // (int(y.max()) + 1)),
     "it takes for granted that the support set is sorted by class, with the same number of each. Read the label: "
     "labels.gather(1, positions)."),
    (lambda q, p, y: y.gather(1, (q.unsqueeze(2) - p.unsqueeze(1)).sum(-1).abs().argmin(-1)),
     "it adds up the differences before it squares them, so that they cancel. Square each one first."),
]  # fmt: skip

_SCORES = {
    "five scores": (torch.tensor([0.8, 1.0, 0.6, 0.8, 0.6]),),
    "40 scores": (torch.rand(40, generator=_G),),
    "nine scores around 2": (2 + 3 * torch.randn(9, generator=_G),),
}


def _error(scores):
    return scores.std() / math.sqrt(len(scores))


_CI_MISTAKES = [
    (lambda s: 1.96 * s.std(), "that says how much single *tasks* vary. The mean of n tasks varies less: divide the "
                               "standard deviation by the square root of n."),
    (lambda s: 1.96 * s.std() / len(s), "it divides by the number of tasks; divide by its square root."),
    (lambda s: 1.96 * s.std(correction=0) / math.sqrt(len(s)),
     "it uses the standard deviation that divides by n (correction=0). The mean was estimated from the same tasks, so "
     "divide by n - 1, as Tensor.std does by default."),
    (lambda s: 1.96 * s.std() / math.sqrt(len(s) - 1),
     "n - 1 is used twice: Tensor.std has it inside already, so divide by the square root of n."),
    (_error, "that is the standard error. 95 % of a normal curve lies within 1.96 of them: multiply by it."),
    (lambda s: 2 * 1.96 * _error(s), "that is the *whole* width of the interval; we write mean ± half of it."),
    (lambda s: 1.96 * s.var() / math.sqrt(len(s)), "it uses the variance; use the standard deviation."),
    (lambda s: 196 * _error(s), "it is in percent; give it in the units of the scores."),
    (lambda s: 1.96 * (s - s.mean()).square().sum().sqrt() / math.sqrt(len(s)),
     "the squares are added up and not divided by n - 1: a standard deviation takes their mean."),
    (lambda s: 2 * _error(s), "it takes 2 for 1.96. That is a good rule by heart; here give the number itself."),
    (lambda s: s.mean(), "that is the mean. What is wanted is how far it can be trusted."),
]  # fmt: skip

_BASE = torch.rand(30, generator=_G)  # how easy each task is
_PAIRS = {
    "30 tasks, on which the first is better": (_BASE + 0.1 * torch.rand(30, generator=_G), _BASE),
    "three tasks": (torch.tensor([0.9, 0.5, 0.7]), torch.tensor([0.8, 0.3, 0.7])),
    "12 tasks": (torch.rand(12, generator=_G), torch.rand(12, generator=_G)),
    "30 tasks, on which the first is worse": (_BASE - 0.2 * torch.rand(30, generator=_G), _BASE),
}


def _gap(a, b):
    return (a - b).mean().item()


_PAIR_NAMES = ("the mean difference", "half the width of its interval")
_PAIR_MISTAKES = [
    (lambda a, b: (_gap(a, b), 1.96 * math.sqrt((a.var() + b.var()) / len(a))),
     "it treats the two as if they had met *different* tasks. Subtract task by task first, then take the interval of "
     "the differences."),
    (lambda a, b: (_gap(a, b), ci95(a) + ci95(b)), "it adds the two intervals. Subtract task by task first, then take "
                                                   "the interval of the differences."),
    (lambda a, b: (_gap(a, b), abs(ci95(a) - ci95(b))), "it subtracts the two intervals. Subtract the *scores*, task "
                                                        "by task, and take the interval of those."),
    (lambda a, b: (_gap(b, a), ci95(a - b)), "the sign is turned round: `first` better is positive."),
    (lambda a, b: ((a - b).abs().mean(), ci95((a - b).abs())),
     "it takes absolute values, so losses count as wins. Keep the sign of each difference."),
    (lambda a, b: (_gap(a, b), 1.96 * (a - b).std()), "the standard deviation of the differences must be divided by "
                                                      "the square root of the number of tasks; ci95 does that."),
    (lambda a, b: (abs(_gap(a, b)), ci95(a - b)), "the mean difference lost its sign, which says who is better."),
    (lambda a, b: (_gap(a, b) - ci95(a - b), _gap(a, b) + ci95(a - b)), "these are the two ends of the interval. Give "
                                                                        "its middle and half its width."),
    (lambda a, b: (ci95(a - b), _gap(a, b)), "the two are exchanged: first the mean difference, then half the width."),
    (lambda a, b: (_gap(a, b), (a - b).std()), "that is the standard deviation of the differences; ci95 of them is "
                                               "half the width of the interval."),
    (lambda a, b: (_gap(a, b), (a - b).std() / math.sqrt(len(a))), "that is the standard error of the differences; "
                                                                   "half the width is 1.96 of them."),
    (lambda a, b: (_gap(a, b), 2 * ci95(a - b)), "that is the *whole* width of the interval; give half of it."),
    (lambda a, b: (100 * _gap(a, b), 100 * ci95(a - b)), "it is in percent; give it in the units of the scores."),
    (lambda a, b: (_gap(a, b), ci95(a)), "that is the interval of the first one's scores. Take that of the "
                                         "differences."),
]  # fmt: skip

_X = torch.linspace(-5, 5, 9)
# The sinusoids of the lesson come last: with half = pi / 2, some mistakes look like others.
_FAMILIES = {
    "amplitudes 1 to 2 and phases -0.5 to 2": (_X, (1.0, 2.0), (-0.5, 2.0)),
    "one amplitude and phases 1 to 1.5": (_X, (2.0, 2.0), (1.0, 1.5)),
    "x of shape [10, 1], as in the lesson's tasks": (torch.linspace(-4, 4, 10).view(10, 1), (1.0, 3.0), (0.0, 2.0)),
    "x of shape [2, 3]": (torch.linspace(-4, 4, 6).view(2, 3), (0.5, 3.0), (0.2, 2.0)),
    "the family of the lesson": (_X, (0.1, 5.0), (0.0, math.pi)),
}


def _middle(bounds):
    return (bounds[0] + bounds[1]) / 2


def _half(bounds):
    return (bounds[1] - bounds[0]) / 2


def _wave(x, a, b, flattening, shift=None):
    return _middle(a) * flattening * torch.sin(x - (_middle(b) if shift is None else shift))


def _sinc(t):
    return math.sin(t) / t


_CURVE_MISTAKES = [
    (lambda x, a, b: _wave(x, a, b, 1.0),
     "that is the curve of the *mean amplitude and mean phase*. The mean of the curves is flatter, because waves of "
     "different phase cancel in part: multiply by sin(half) / half, where half is half the width of the phase range."),
    (lambda x, a, b: _wave(x, a, b, _sinc(2 * _half(b))),
     "it flattens by the *whole* width of the phase range; use half of it: how far a phase can be from the middle."),
    (lambda x, a, b: _wave(x, a, b, torch.sinc(torch.tensor(_half(b)))),
     "torch.sinc(t) is sin(pi t) / (pi t), with pi inside: give it half / pi, or write sin(half) / half."),
    (lambda x, a, b: _wave(x, a, b, math.sin(_half(b))), "it has sin(half), but the division by half is missing."),
    (lambda x, a, b: _wave(x, a, b, _sinc(_half(b)), 0.0), "it is not shifted: the wave has the middle phase."),
    (lambda x, a, b: _wave(x, a, b, _sinc(_half(b)), -_middle(b)), "it is shifted the wrong way: sin(x - middle)."),
    (lambda x, a, b: _half(a) / _middle(a) * _wave(x, a, b, _sinc(_half(b))),
     "for the amplitude it uses half the range; the mean of an evenly drawn number is the middle of its range."),
    (lambda x, a, b: torch.zeros_like(x),
     "it says that all waves cancel. They would if phases went all the way round, but here they do not."),
    (lambda x, a, b: 2 * _wave(x, a, b, _sinc(_half(b))),
     "it takes the sum of the lowest and the highest amplitude; the mean is half of that."),
    (lambda x, a, b: _wave(x, a, b, _sinc(_half(b)) / 2),
     "it divides by twice `half`. With half the width h, the mean of cos(u) for u from -h to h is sin(h) / h."),
    (lambda x, a, b: _wave(x, a, b, _sinc(_half(b))).flatten(),
     "the result should be of the shape of x, but it has one axis. Leave out the .flatten(): sin works on any shape."),
    (lambda x, a, b: -_wave(x, a, b, _sinc(_half(b))), "the sign is turned round."),
    (lambda x, a, b: _middle(a) * _sinc(_half(b)) * torch.cos(x - _middle(b)), "it has a cosine in place of the sine."),
]  # fmt: skip


_PROBES = {
    "two tasks and three classes": (
        torch.randn(2, 4, 3, generator=_G), torch.randn(2, 6, 4, generator=_G),
        torch.tensor([[0, 1, 2, 2, 1, 1], [2, 0, 0, 1, 0, 2]]), 0.5),
    "weights that are 0, and one example of each class": (
        torch.zeros(1, 2, 5), torch.randn(1, 5, 2, generator=_G), torch.tensor([[3, 1, 0, 4, 2]]), 2.0),
    "three tasks and four classes": (
        torch.randn(3, 5, 4, generator=_G), torch.randn(3, 8, 5, generator=_G),
        torch.tensor([[0, 1, 2, 3, 3, 2, 1, 0]] * 3), 0.1),
    "scores in the hundreds": (
        100 * torch.randn(1, 3, 4, generator=_G), 3 * torch.randn(1, 6, 3, generator=_G),
        torch.tensor([[0, 1, 2, 3, 1, 2]]), 0.3),
}  # fmt: skip
_NO_LAST = (torch.randn(1, 3, 4, generator=_G), torch.randn(1, 5, 3, generator=_G),
            torch.tensor([[0, 2, 1, 1, 0]]), 0.4)  # fmt: skip


def _stepped(w, z, y, lr, scores=lambda s: s.softmax(-1), n=None, sign=-1.0, target=None):
    """probe_step with one part of it replaced."""
    target = F.one_hot(y, w.shape[-1]) if target is None else target(y)
    gradient = z.transpose(1, 2) @ (scores(z @ w) - target) / (z.shape[1] if n is None else n)
    return w + sign * lr * gradient


_PROBE_MISTAKES = [
    (lambda w, z, y, lr: _stepped(w, z, y, lr, sign=1.0), "it walks *up* the loss: subtract lr times the gradient."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, n=1),
     "it sums over the examples; the loss is their mean, so divide the gradient by n."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, scores=lambda s: s),
     "the softmax is missing: the error is probability - target, not score - target."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, scores=lambda s: s.softmax(1)),
     "the softmax runs over the *examples*; probabilities are over the classes, the last axis."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, scores=torch.sigmoid),
     "that is a sigmoid for each class. Here classes compete: use the softmax over the last axis."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, target=lambda y: y.unsqueeze(-1)),
     "it subtracts the label's *number*, the same from every class. Subtract 1 from the right class and 0 from the "
     "others: F.one_hot(labels, way)."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, target=lambda y: 0), "it never looks at the labels: the error is "
                                                                     "probability - target."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, n=len(z) * z.shape[1]),
     "it divides by the number of tasks too. Each task has weights and a loss of its own: divide by n alone."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, n=z.shape[1] * w.shape[-1]),
     "it divides by the number of classes too (a mean over the whole table?): divide by n alone."),
    (lambda w, z, y, lr: _stepped(w, z, y, 1.0), "the step is the whole gradient: is lr used?"),
    (lambda w, z, y, lr: _stepped(w, z, y, -1.0) - w, "it returns the gradient; return the new weights."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr).transpose(1, 2),
     "the weights come back turned: they are [tasks, features, way], so the gradient is features transposed @ error."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, n=w.shape[-1]), "it divides by the number of classes; divide by n, the "
                                                               "number of examples."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, scores=lambda s: s.exp() / s.exp().sum(-1, keepdim=True)),
     "for scores in the hundreds exp gives more than any number can be, and inf / inf is not a number. Use softmax, or "
     "take each row's largest score away first."),
    (lambda w, z, y, lr: _stepped(w, z, y, lr, scores=lambda s: s.log_softmax(-1)),
     "it takes logarithms of probabilities: use softmax, not log_softmax."),
    (lambda w, z, y, lr: _stepped(w, z, 1 - F.one_hot(y, w.shape[-1]), lr, target=lambda y: y),
     "0 and 1 are exchanged in the target: it is 1 for the class of the example."),
]  # fmt: skip


def _judge_probe(call):
    """`probe_step`; the number of classes is that of the weights, also where the last class has no example."""
    compare(call, probe_step, _PROBES, _PROBE_MISTAKES, axes=("task", "feature", "class"))
    try:
        compare(call, probe_step, {"labels among which the last class is missing": _NO_LAST})
    except Problem as problem:
        raise Problem(f"{problem}\n  No example is of the last class there: `way` is the last axis of `weights`, and "
                      "F.one_hot has to be told it.") from None  # fmt: skip


EXERCISES = {
    "nearest_neighbour": Exercise(
        nearest_neighbour,
        lambda call: compare(
            call, nearest_neighbour, _NEIGHBOURS, _NEIGHBOUR_MISTAKES, axes=("task", "query")
        ),
        (
            "squared_distances(queries, points) gives the distance of every query to every support example: "
            "[tasks, n_query, n_support].",
            "argmin(-1) of that says *where* in the support set the nearest example stands: [tasks, n_query].",
            "The labels that stand there: labels.gather(1, positions).",
        ),
    ),
    "ci95": Exercise(
        ci95,
        lambda call: compare(call, ci95, _SCORES, _CI_MISTAKES),
        (
            "A mean of n independent numbers varies less than one of them: by the square root of n.",
            "The standard error is scores.std() / sqrt(n). Tensor.std divides by n - 1, which is right here.",
            "95 % of a normal curve lies within 1.96 standard errors of its middle.",
        ),
    ),
    "paired_difference": Exercise(
        paired_difference,
        lambda call: compare(call, paired_difference, _PAIRS, _PAIR_MISTAKES, _PAIR_NAMES),
        (
            "Entry i of both belongs to the same task. Make one number a task: the difference.",
            "Now you have one list of numbers. Its mean is the first result.",
            "And ci95 of that list is the second: return differences.mean().item(), ci95(differences)",
        ),
    ),
    "mean_curve": Exercise(
        mean_curve,
        lambda call: compare(call, mean_curve, _FAMILIES, _CURVE_MISTAKES),
        (
            "Amplitude and phase are drawn independently, so the mean is (mean amplitude) x (mean of sin(x - phase)).",
            "Write phase = middle + u, with u evenly between -half and half. Then sin(x - phase) is "
            "sin(x - middle) cos(u) - cos(x - middle) sin(u), and the mean of sin(u) is 0.",
            "The mean of cos(u) for u between -half and half is sin(half) / half.",
            "torch.sinc(t) is sin(pi t) / (pi t), and 1 at t = 0: use torch.sinc(torch.tensor(half / torch.pi)).",
        ),
    ),
    "probe_step": Exercise(
        probe_step,
        _judge_probe,
        (
            "Forward first: scores = features @ weights, [tasks, n, way]; probabilities = their softmax over classes.",
            "The slope of cross-entropy in the scores is probabilities - one_hot(labels, way).",
            "Chain rule: scores = features @ weights, so the slope in the weights is features.transpose(1, 2) @ error. "
            "The loss is a mean over the n examples: divide by n.",
            "return weights - lr * gradient",
        ),
    ),
}
