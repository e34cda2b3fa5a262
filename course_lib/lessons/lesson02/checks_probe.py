"""What `check` looks at in `probe_step` of lesson 02, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.learners import probe_step

_G = torch.Generator().manual_seed(2)


def _randn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_G)


# The first is the lesson's form: five classes, one example of each, lr 5. There, some mistakes run without an error.
_CASES = {
    "lr 5 and five classes, with one example of each": (
        _randn(3, 6, 5), _randn(3, 5, 6), torch.tensor([[0, 1, 2, 3, 4], [2, 0, 4, 1, 3], [3, 1, 0, 4, 2]]), 5.0),
    "two tasks and three classes": (
        _randn(2, 4, 3), _randn(2, 6, 4), torch.tensor([[0, 1, 2, 2, 1, 1], [2, 0, 0, 1, 0, 2]]), 0.5),
    "weights that are 0, and one example of each class": (
        torch.zeros(1, 2, 5), _randn(1, 5, 2), torch.tensor([[3, 1, 0, 4, 2]]), 2.0),
    "three tasks and four classes": (
        _randn(3, 5, 4), _randn(3, 8, 5), torch.tensor([[0, 1, 2, 3, 3, 2, 1, 0]] * 3), 0.1),
    "20 classes and five examples of each": (
        _randn(2, 7, 20), _randn(2, 100, 7), torch.arange(20).repeat(2, 5), 5.0),
    "scores in the hundreds": (
        100 * _randn(1, 3, 4), 3 * _randn(1, 6, 3), torch.tensor([[0, 1, 2, 3, 1, 2]]), 0.3),
}  # fmt: skip
_NO_LAST = {
    "labels among which the last class is missing": (
        _randn(1, 3, 4), _randn(1, 5, 3), torch.tensor([[0, 2, 1, 1, 0]]), 0.4)
}  # fmt: skip


def _softmax(s):
    return s.softmax(-1)


def _hot(y, way):
    return F.one_hot(y, way)


def _gradient(w, z, y, scores=_softmax, target=_hot, error=torch.sub, n=None):
    """The gradient with one part of it replaced: `error(probabilities, target)`, divided by `n`."""
    return z.mT @ error(scores(z @ w), target(y, w.shape[-1])) / (z.shape[1] if n is None else n)


def _with(message: str, **parts):
    """A step with the gradient of these parts; `n` may be a function of weights and features."""

    def formula(w, z, y, lr):
        n = parts.get("n")
        return w - lr * _gradient(w, z, y, **(parts | {"n": n(w, z) if callable(n) else n}))

    return formula, message


def _through_softmax(p, slope):
    """The slope in the scores of what has this slope in their softmax `p`."""
    return p * (slope - (slope * p).sum(-1, keepdim=True))


def _squared_slope(p, t):
    """The slope of the squared error of the probabilities in the scores, without the factor 2."""
    return _through_softmax(p, p - t)


def _many(w, z, y, lr, steps):
    for _ in range(steps):
        w = probe_step(w, z, y, lr)
    return w


def _first_alone(w, z, y, lr):
    new = w.clone()
    new[0] = probe_step(w, z, y, lr)[0]
    return new


def _class_axis_1(y, way):
    """The target of F.cross_entropy(scores, labels) where as many examples as classes let it run."""
    return F.one_hot(y, y.shape[1]).mT


_SQUARED = ("that is the slope of a *squared* error, with the slope of the softmax in it. With cross-entropy that part "
            "drops out: the error is probability - target.")  # fmt: skip
_AXIS_1 = ("F.cross_entropy takes axis 1 for the classes, and here axis 1 counts the examples: hand it "
           "scores.flatten(0, 1) and labels.flatten(), or scores.transpose(1, 2).")  # fmt: skip
_UNSAFE = ("for scores in the hundreds exp gives more than any number can be, or 0 for all classes, and inf / inf or "
           "0 / 0 is not a number. Use softmax, or take *each row's own* largest score away first.")  # fmt: skip
_MISTAKES = [
    (lambda w, z, y, lr: w + lr * _gradient(w, z, y), "it walks *up* the loss: subtract lr times the gradient."),
    _with("it sums over the examples; the loss is their mean, so divide the gradient by n.", n=1),
    _with("the softmax is missing: the error is probability - target, not score - target.", scores=lambda s: s),
    _with("the softmax runs over the *examples*; probabilities are over the classes, the last axis.",
          scores=lambda s: s.softmax(1)),
    _with("the softmax runs over the *tasks*; probabilities are over the classes, the last axis.",
          scores=lambda s: s.softmax(0)),
    _with("that is a sigmoid for each class. Here classes compete: use the softmax over the last axis.",
          scores=torch.sigmoid),
    _with("it subtracts the label's *number*, the same from every class. Subtract 1 from the right class and 0 from "
          "the others: F.one_hot(labels, way).", target=lambda y, way: y.unsqueeze(-1)),
    _with("it never looks at the labels: the error is probability - target.", target=lambda y, way: 0 * _hot(y, way)),
    _with("it divides by the number of tasks too. Each task has weights and a loss of its own: divide by n alone.",
          n=lambda w, z: len(z) * z.shape[1]),
    _with("it divides by the number of classes too (a mean over the whole table?): divide by n alone.",
          n=lambda w, z: z.shape[1] * w.shape[-1]),
    _with("it takes a mean over tasks, examples *and* classes: divide by n, the number of examples, alone.",
          n=lambda w, z: len(z) * z.shape[1] * w.shape[-1]),
    _with("it divides by the number of classes; divide by n, the number of examples.", n=lambda w, z: w.shape[-1]),
    _with("it divides by the number of features; divide by n, the number of examples.", n=lambda w, z: z.shape[-1]),
    _with("it divides by the number of tasks; divide by n, the number of examples.", n=lambda w, z: len(z)),
    _with("it divides by n twice. The loss is a mean: divide once.", n=lambda w, z: z.shape[1] ** 2),
    _with("it divides by n - 1; a mean divides by n, the number of examples.", n=lambda w, z: z.shape[1] - 1),
    (lambda w, z, y, lr: w, "the weights come back as they were. Is the new value kept? And a mean over the whole "
                            "gradient is 0: divide by n."),
    (lambda w, z, y, lr: w - lr * lr * _gradient(w, z, y), "lr is multiplied twice; multiply once."),
    (lambda w, z, y, lr: w - _gradient(w, z, y), "the step is the whole gradient: is lr used?"),
    (lambda w, z, y, lr: w - _gradient(w, z, y) / lr, "it divides by lr; multiply the gradient by it."),
    (lambda w, z, y, lr: _gradient(w, z, y), "it returns the gradient; return the new weights."),
    (lambda w, z, y, lr: -lr * _gradient(w, z, y),
     "it returns the step alone, -lr times the gradient; return the new weights: weights - lr * gradient."),
    (lambda w, z, y, lr: lr * _gradient(w, z, y),
     "it returns lr times the gradient; return the new weights: weights - lr * gradient."),
    (lambda w, z, y, lr: (1 - lr) * w - lr * _gradient(w, z, y) + 0 * w,
     "it makes the weights smaller as well (weight decay), which nobody asked for."),
    (lambda w, z, y, lr: lr * (w - _gradient(w, z, y)), "lr multiplies the weights too: weights - lr * gradient."),
    (lambda w, z, y, lr: probe_step(w, z, y, lr).mT,
     "the weights come back turned: they are [tasks, features, way], so the gradient is features transposed @ error."),
    _with(_UNSAFE, scores=lambda s: s.exp() / s.exp().sum(-1, keepdim=True)),
    _with("exp is not divided by its sum over the classes: use softmax.", scores=torch.exp),
    _with("it takes logarithms of probabilities: use softmax, not log_softmax.", scores=lambda s: s.log_softmax(-1)),
    _with("0 and 1 are exchanged in the target: it is 1 for the class of the example.",
          target=lambda y, way: 1 - _hot(y, way)),
    _with("each target is one class too far: labels count from 0.",
          target=lambda y, way: _hot(y, way).roll(1, -1)),
    _with(_AXIS_1, scores=lambda s: s.softmax(1), target=_class_axis_1),
    _with(_AXIS_1, scores=lambda s: s.softmax(1), target=_class_axis_1, n=lambda w, z: z.shape[1] * len(z)),
    _with(_AXIS_1, scores=lambda s: s.softmax(1), target=_class_axis_1, n=lambda w, z: z.shape[1] ** 2 * len(z)),
    _with(_AXIS_1, scores=lambda s: s.softmax(1), target=_class_axis_1, n=1),
    *((lambda w, z, y, lr, pool=pool: w - lr * pool(_gradient(w, z, y), 0),
       "every task gets the same gradient, one for all. Each task has weights of its own, and its own gradient.")
      for pool in (torch.mean, torch.sum)),
    (lambda w, z, y, lr: w - lr * _gradient(w, z, y)[:1],
     "every task gets the gradient of the first. Each task has weights of its own, and its own gradient."),
    (lambda w, z, y, lr: w - lr * (z.reshape(len(z), z.shape[2], -1)
                                   @ (_softmax(z @ w) - _hot(y, w.shape[-1]))) / z.shape[1],
     "reshape and view keep the order of the numbers, so examples and features are mixed. Exchange the axes: "
     "features.transpose(1, 2)."),
    _with("it takes the answer (argmax) for the probabilities: the error needs softmax, so that being nearly right "
          "counts too.", scores=lambda s: F.one_hot(s.argmax(-1), s.shape[-1]).float()),
    *(_with(_SQUARED, error=error) for error in (
        lambda p, t: (p - t) * p * (1 - p), lambda p, t: 2 * (p - t) * p * (1 - p), _squared_slope,
        lambda p, t: 2 * _squared_slope(p, t))),
    *(_with(_SQUARED, error=lambda p, t: 2 * _squared_slope(p, t), n=n) for n in (
        lambda w, z: len(z) * z.shape[1] * w.shape[-1], lambda w, z: z.shape[1] * w.shape[-1], 1)),
    _with("it hands probabilities to F.cross_entropy, which takes a softmax itself: hand it the scores.",
          error=lambda p, t: _through_softmax(p, p.softmax(-1) - t)),
    _with("exp is divided by the sum over all examples and tasks; divide by each example's own sum over the classes.",
          scores=lambda s: s.exp() / s.exp().sum()),
    (lambda w, z, y, lr: w - lr * z.mT @ (z @ w.softmax(-1) - _hot(y, w.shape[-1])) / z.shape[1],
     "it takes the softmax of the *weights*; take it of the scores, features @ weights."),
    _with("every task gets the labels of the first; each has its own.", target=lambda y, way: _hot(y[:1], way)),
    (lambda w, z, y, lr: w - lr * _gradient(w, z, y).clamp(-1, 1), "the gradient is cut off at -1 and 1, which nobody "
                                                                  "asked for."),
    (lambda w, z, y, lr: w - lr * _gradient(w, z, y).sign(), "it keeps only the sign of the gradient."),
    *((lambda w, z, y, lr, part=part: probe_step(w, z[:, part], y[:, part], lr),
       f"it looks at the {words} only; the loss is the mean over all.") for part, words in (
        (slice(1), "first example"), (slice(-1, None), "last example"), (slice(5), "first five examples"))),
    (lambda w, z, y, lr: torch.Size([]), "it returns one number, perhaps the loss; return the new weights."),
    _with("it doubles the error, as a squared loss would: with cross-entropy it is probability - target.",
          error=lambda p, t: 2 * (p - t)),
    _with("it squares the error, so that its sign is lost.", error=lambda p, t: (p - t).square()),
    _with("it takes absolute values of the error, so that its sign is lost.", error=lambda p, t: (p - t).abs()),
    *((lambda w, z, y, lr, k=k: _many(w, z, y, lr, k), f"it takes {k} steps; take one.")
      for k in (2, 3, 4, 5, 10, 20, 50, 100, 200)),
    (_first_alone, "only the first task is updated. Is a `return` inside the loop over tasks?"),
    (lambda w, z, y, lr: w[:1].shape, "it gives weights for one task only. Is a `return` inside the loop over tasks?"),
    (lambda w, z, y, lr: w[0].shape, "it gives weights for one task only: the result is [tasks, features, way]."),
    *((lambda w, z, y, lr, dim=dim: probe_step(w, F.normalize(z, dim=dim), y, lr),
       "it changes the features first, to length 1. Use them as they are.") for dim in (-1, 1)),
    (lambda w, z, y, lr: probe_step(w, z - z.mean(1, keepdim=True), y, lr),
     "it takes the mean away from the features first. Use them as they are."),
    _with("it takes 1 / way for every probability. That is right where all weights are 0 and nowhere else: softmax of "
          "features @ weights.", scores=lambda s: torch.full_like(s, 1 / s.shape[-1])),
    _with("only the right class has an error. The others are pushed down as well: probability - 0.",
          error=lambda p, t: t * (p - 1)),
    _with("the probabilities are missing: the error is probability - target.", error=lambda p, t: -t),
    _with("the error is turned round: it is probability - target, which is then subtracted.",
          error=lambda p, t: t - p),
    (lambda w, z, y, lr: _softmax(z @ w).shape,
     "it returns something for each example and class: the new *weights* are [tasks, features, way]."),
]  # fmt: skip


def _known(call):
    """All mistakes; the last have a number that is read from what is given in one case: lr written in, or a factor."""
    yield from _MISTAKES
    w, z, y, lr = _CASES["two tasks and three classes"]
    try:
        got = call(w.clone(), z.clone(), y.clone(), lr)
    except Problem:
        return  # compare says what it is
    if not isinstance(got, Tensor) or got.shape != w.shape:
        return
    gradient = _gradient(w, z, y)
    rate = ((w - got) * gradient).sum().item() / gradient.square().sum().item()
    if abs(rate) < 1e-3:
        return
    n = z.shape[1] * lr / rate
    yield from [
        (lambda w, z, y, lr: w - rate * _gradient(w, z, y),
         f"the step is {rate:.3g} times the gradient, whatever lr is: use the argument lr."),
        (lambda w, z, y, lr: w - lr * _gradient(w, z, y, n=n),
         f"it divides by {n:.3g}, however many examples there are: n is features.shape[1]."),
        (lambda w, z, y, lr: w - rate / 0.5 * lr * _gradient(w, z, y),
         f"each step is {rate / lr:.3g} times as long as it should be."),
    ]  # fmt: skip


def judge_probe(call):
    """`probe_step`; the number of classes is that of the weights, also where the last class has no example."""
    compare(call, probe_step, _CASES, _known(call), axes=("task", "feature", "class"))
    try:
        compare(call, probe_step, _NO_LAST)
    except Problem as problem:
        raise Problem(f"{problem}\n  No example is of the last class there: `way` is the last axis of `weights`, and "
                      "F.one_hot has to be told it.") from None  # fmt: skip
