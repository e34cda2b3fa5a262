"""What `check` looks at in the ridge head, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.learners import ridge_head
from course_lib.lessons.lesson07.checks_concatenation import judge_gradients
from course_lib.lessons.lesson12.checks_dtype import keeps_dtype


def _case(tasks: int, n: int, k: int, outputs: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    g = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, generator=g, dtype=torch.float64)  # noqa: E731 (one word for one thing)
    return draw(tasks, n, k), 2 * draw(tasks, n, outputs), draw(k, outputs), draw(k).exp()


@cache
def _cases() -> dict[str, tuple[Tensor, Tensor, Tensor, Tensor]]:
    return {
        "3 tasks, 8 points, 4 features, 2 outputs": _case(3, 8, 4, 2, 0),
        "fewer points than features": _case(2, 3, 6, 2, 1),
        "a single point": _case(2, 1, 3, 2, 2),
        "five outputs": _case(2, 6, 3, 5, 3),
        "a single output": _case(2, 7, 3, 1, 4),
    }


def _head(hold=torch.diag, back=1.0, off=1.0, more=None, among=lambda f: f.mT @ f, left=lambda f: f):
    """The head once more, with places to go wrong.

    Args:
        hold: the matrix of the prior, of the precision.
        back: how much of the mean is added in the end; off: how much of it is taken off the targets.
        more: what is added on the right side, of (mean, precision).
        among: what the features are to one another; left: the features on the right side.
    """

    def answer(features, targets, mean, precision):
        right = left(features).mT @ (targets - off * (features @ mean))
        right = right + (more(mean, precision) if more else 0)
        return back * mean + torch.linalg.solve(among(features) + hold(precision), right)

    return answer


def _then(change):
    return lambda *args: change(ridge_head(*args), *args)


def _given(change):
    """The right function on other data."""
    return lambda f, y, mean, precision: ridge_head(*change(f, y, mean, precision))


def _plain(f, y, mean, precision):
    return torch.linalg.lstsq(f, y).solution


def _by_points(f, y, mean, precision):
    """The n x n form, without a precision in it."""
    return mean + f.mT @ torch.linalg.solve(f @ f.mT + torch.eye(f.shape[1]).to(f), y - f @ mean)


def _pooled(f, y, mean, precision):
    return ridge_head(f.flatten(0, 1)[None], y.flatten(0, 1)[None], mean, precision).expand(len(f), -1, -1)


def _centred(f, y, mean, precision):
    return ridge_head(f - f.mean(1, keepdim=True), y - y.mean(1, keepdim=True), mean, precision)


def _eye(p: Tensor) -> Tensor:
    return torch.eye(len(p)).to(p)


_DERIVE = "The derivative, halved: F'(F W - Y) + Λ (W - μ) = 0, where Λ has the precision on its diagonal."
_ZERO = f"the weights are pulled to 0. They should be pulled to the mean. {_DERIVE}"
_MISTAKES = [
    (_head(back=0, off=0), _ZERO),
    (_head(back=0), "this is the difference from the mean. Add the mean to it."),
    (_head(off=0), "the mean is added in the end, but it was not taken off before: solve for targets - features @ "
     "mean."),
    (_head(back=-1), "the mean is taken off in the end. Add it."),
    (_head(off=-1), "features @ mean is added to the targets. Take it off: what is solved for is the difference."),
    (_head(back=0, off=0, more=lambda m, p: m), "on the right side, the mean lacks the precision: F'Y + Λ μ."),
    (_head(off=0, more=lambda m, p: p.unsqueeze(-1) * m), "the mean counts twice: Λ μ on the right side, and added in "
     "the end. One of the two is enough."),
    (_head(off=1, back=0, more=lambda m, p: p.unsqueeze(-1) * m), "features @ mean is taken off the targets *and* Λ μ "
     "is added on the right side. One of the two: either F'Y + Λ μ, or F'(Y - F μ) and the mean added in the end."),
    (_head(back=0, off=0, more=lambda m, p: m * p[: m.shape[1]]), "on the right side, the precisions go along the "
     "outputs. Each belongs to a feature, a *row* of the mean: precision.unsqueeze(-1) * mean."),
    (_head(back=0, off=0, more=lambda m, p: m / p.unsqueeze(-1)), "on the right side, the mean is divided by the "
     "precision: F'Y + Λ μ."),
    (_head(hold=lambda p: torch.diag(1 / p)), "the precision is turned over. It says how hard a weight is held: it "
     "is added to F'F as it is. (Only F Λ^-1 F' + I, with a row for each point, has its reciprocal.)"),
    (_head(hold=lambda p: torch.diag(p.exp())), "exp is taken of the precision. It is above 0 already: take it as it "
     "is."),
    (_head(hold=lambda p: torch.diag(p.log())), "the logarithm is taken of the precision. Take it as it is."),
    (_head(hold=lambda p: torch.diag(p.square())), "the precision is squared. It stands before the squares in the "
     "task: take it as it is."),
    (_head(hold=lambda p: torch.diag(p.sqrt())), "a root is taken of the precision. Take it as it is."),
    (_head(hold=lambda p: torch.diag(2 * p)), "the precision counts twice. In the derivative both squares give a 2, "
     "and it cancels."),
    (_head(hold=lambda p: torch.diag(p / 2)), "the precision counts half. In the derivative both squares give a 2, and "
     "it cancels."),
    (_head(hold=lambda p: p.mean() * _eye(p)), "all features are held alike, by the mean of the precisions. Each has "
     "its own: torch.diag(precision)."),
    (_head(hold=lambda p: p.sum() * _eye(p)), "all features are held alike, by the sum of the precisions. Each has its "
     "own: torch.diag(precision)."),
    (_head(hold=lambda p: p[0] * _eye(p)), "all features are held alike, by the first precision. Each has its own: "
     "torch.diag(precision)."),
    (_head(hold=_eye), f"the precision is not used: all features are held with 1. {_DERIVE}"),
    (_head(hold=_eye, back=0, off=0), f"mean and precision are not used: this is ridge regression with strength 1. "
     f"{_DERIVE}"),
    *((_head(hold=lambda p, e=e: e * _eye(p)), f"the precision is not used (there is {e:g} in its place). {_DERIVE}")
      for e in (0, 1e-6, 1e-3, 0.1)),
    *((_head(hold=hold, **right), f"the precision is added to every {part} of F'F. It belongs on the diagonal: "
       "torch.diag(precision).") for right in ({}, {"back": 0, "off": 0, "more": lambda m, p: p.unsqueeze(-1) * m})
      for hold, part in ((lambda p: p, "row"), (lambda p: p.unsqueeze(-1), "column"))),
    (_head(hold=lambda p: p * torch.ones_like(_eye(p)) * 0 + p.mean()), "one number is added to all of F'F. The "
     "precision belongs on the diagonal: torch.diag(precision)."),
    (lambda f, *args: (_plain if f.shape[1] >= f.shape[2] else ridge_head)(f, *args), "with as many points as "
     "features, or more, mean and precision are not used. They count however many points there are."),
    (_plain, f"this is plain least squares: mean and precision are not used. {_DERIVE}"),
    (_by_points, f"the precision is not used: all features are held with 1. {_DERIVE}"),
    (_head(among=lambda f: f.mT @ f / f.shape[1], left=lambda f: f / f.shape[1]), "F'F and F'Y are divided by the "
     "number of points, so that more points count no more than few. They are sums."),
    (_head(among=lambda f: f.mT @ f / f.shape[1]), "F'F is divided by the number of points, and the right side is "
     "not."),
    (_head(left=lambda f: f / f.shape[1]), "the right side is divided by the number of points, and F'F is not."),
    (_head(hold=lambda p: 0 * _eye(p), among=lambda f: torch.eye(f.shape[2]).to(f)), "nothing is solved: this is a "
     "step of gradient descent from the mean, with rate 1."),
    (_head(among=lambda f: 0 * f.mT @ f), "F'F is missing on the left side: this is one step of gradient descent, with "
     "rates of 1 / precision."),
    (_head(among=lambda f: f.mT @ f, hold=lambda p: -torch.diag(p)), "the precision is taken away from F'F. Add it."),
    (_pooled, "all tasks get the same weights, from all points together. Each task has its own."),
    (_then(lambda w, *args: w[:1].expand_as(w)), "every task gets the weights of the first one."),
    (_then(lambda w, f, y, mean, p: mean.expand_as(w)), "this is the mean. The points are not used."),
    (_then(lambda w, f, *args: f @ w), "these are answers at the support points. The weights themselves are wanted."),
    (_then(lambda w, f, y, mean, p: w - mean), "this is the difference from the mean. Add the mean to it."),
    (_then(lambda w, *args: w.mT), "the axes of features and outputs are exchanged: [tasks, k, outputs]."),
    (_then(lambda w, *args: w.mean(0)), "the weights are averaged over tasks. Each task has its own."),
    (_then(lambda w, *args: w.sum(0)), "the weights are summed over tasks. Each task has its own."),
    (_then(lambda w, *args: w.squeeze(-1)), "with a single output the last axis is missing: .squeeze() takes away any "
     "axis of size 1."),
    (_centred, "features and targets are centred first. A network's features hold a 1 for the constant; leave them as "
     "they are."),
    (_given(lambda f, y, m, p: (f, y, m.mean(1, keepdim=True).expand_as(m), p)), "all outputs get the same mean. Each "
     "has its own column."),
    (_given(lambda f, y, m, p: (f, y, m[:1].expand_as(m), p)), "all features get the mean of the first one."),
    (_given(lambda f, y, m, p: (f[:, -1:], y[:, -1:], m, p)), "only the last point is used."),
    (_given(lambda f, y, m, p: (f[:, :1], y[:, :1], m, p)), "only the first point is used."),
]  # fmt: skip


def judge_ridge(call):
    """`ridge_head`: many and few points, no point at all, gradients to all four arguments."""
    compare(call, ridge_head, _cases(), _MISTAKES, (), ("task", "feature", "output"))
    f, y, mean, precision = _case(3, 4, 3, 2, 5)
    also(call, ridge_head, {"no point at all, n = 0": (f[:, :0], y[:, :0], mean, precision)}, "Nothing was seen, so "
         "every task has the mean: [tasks, k, outputs].")  # fmt: skip
    also(call, ridge_head, {"a single task": _case(1, 4, 3, 2, 8)}, "The result is [tasks, k, outputs], also for one "
         "task.")  # fmt: skip
    keeps_dtype(call, _case(2, 5, 3, 2, 6), "features")
    names = ("features", "targets", "mean", "precision")
    try:
        judge_gradients(call, ridge_head, _case(2, 5, 3, 2, 7), names)
    except Problem as problem:
        if "numpy()" in str(problem):  # PyTorch's own advice is to detach
            raise Problem("the numbers are right, but no gradient gets through NumPy. Stay with tensors.") from None
        raise
