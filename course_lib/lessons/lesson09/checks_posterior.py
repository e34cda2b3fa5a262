"""What `check` looks at in the exact answer to a curve, in lesson 09, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.tasks.gaussian_process import posterior, rbf


def _posterior(kernel=rbf, diagonal=lambda noise: noise**2, more=lambda noise: noise**2, of=torch.sqrt,
               everywhere=0.0):  # fmt: skip
    """The posterior once more, with places to go wrong. All in double precision."""

    def answer(x, y, q, length, noise):
        a, b, c = x.double(), y.double(), q.double()
        among = kernel(a, a, length) + diagonal(noise) * torch.eye(a.shape[1]).double() + everywhere * noise**2
        across = kernel(c, a, length)
        weights = torch.linalg.solve(among, across.mT).mT
        return weights @ b, of(1 + more(noise) - (weights * across).sum(-1, keepdim=True))

    return answer


def _after(change):
    """The right mean and spread, changed afterwards: by (mean, spread, noise)."""
    return lambda x, y, q, length, noise: change(*posterior(x, y, q, length, noise), noise)


def _squares(a: Tensor, b: Tensor) -> Tensor:
    return (a - b.mT).square()


def _mean_by(weigh):
    def answer(x, y, q, length, noise):
        return weigh(rbf(q, x, length)) @ y, posterior(x, y, q, length, noise)[1]

    return answer


def _covariance(more: float, of=lambda c: c):
    def answer(x, y, q, length, noise):
        a, c = x.double(), q.double()
        among, across = rbf(a, a, length) + noise**2 * torch.eye(a.shape[1]).double(), rbf(c, a, length)
        own = rbf(c, c, length) + more * noise**2 * torch.eye(c.shape[1]).double()
        return posterior(x, y, q, length, noise)[0], of(own - across @ torch.linalg.solve(among, across.mT))

    return answer


def _explained_by(solve, of=torch.sqrt):
    """The right mean, with a variance from which something else is taken away: by (A, k, noise)."""

    def answer(x, y, q, length, noise):
        a, c = x.double(), q.double()
        among, across = rbf(a, a, length) + noise**2 * torch.eye(a.shape[1]).double(), rbf(c, a, length)
        taken = (across * solve(among, across, noise)).sum(-1, keepdim=True)
        return posterior(x, y, q, length, noise)[0], of(1 + noise**2 - taken)

    return answer


def _without_noise(e: float):
    return lambda A, k, noise: torch.linalg.solve(A - (noise**2 - e) * torch.eye(len(A[0])).double(), k.mT).mT


def _centred(x, y, q, length, noise):
    mean = y.mean(1, keepdim=True)
    about, spread = posterior(x, y - mean, q, length, noise)
    return mean + about, spread


_KERNEL = "the kernel is another one: {}. It is exp(-(a - b)^2 / (2 length^2))."
_CURVE = ("the mean is right; the spread is that of the curve itself. A new *point* has its noise, too: add noise^2 to "
          "the variance, before the root.")  # fmt: skip
_GP_MISTAKES = [
    (_posterior(more=lambda noise: 0), _CURVE),
    (_posterior(more=lambda noise: 0, of=lambda v: v), "the mean is right; in place of the spread it gives the curve's "
     "variance: add noise^2, and take the root."),
    (_posterior(of=lambda v: v), "the mean is right; in place of the spread it gives the variance: take the root."),
    (_posterior(more=lambda noise: noise), "the variance of a new point has noise^2 in it, not noise: noise is a "
     "standard deviation."),
    (_posterior(diagonal=lambda noise: noise), "the noise on the diagonal should be squared: a matrix of covariances "
     "has variances there."),
    (_posterior(diagonal=lambda noise: noise, more=lambda noise: noise), "noise is a standard deviation: square it, on "
     "the diagonal and in the spread."),
    (_posterior(diagonal=lambda noise: noise, more=lambda noise: 0), "the noise on the diagonal should be squared; and "
     "the spread of a new point has noise^2 in its variance, too."),
    *((_posterior(diagonal=lambda noise, e=e: e), "the curve goes through every point, as if nothing had noise: add "
       "noise^2 on the diagonal of the kernel among the support points.") for e in (0, 1e-6, 1e-5, 1e-8, 1e-4)),
    *((_posterior(diagonal=lambda noise, e=e: e, more=lambda noise: 0), "noise is not used: it belongs on the "
       "diagonal of the kernel among the support points, and into the variance of a new point.")
      for e in (0, 1e-6, 1e-5, 1e-8)),
    (_posterior(diagonal=lambda noise: 0, everywhere=1.0), "noise^2 is added to every number of the kernel. It belongs "
     "on the diagonal alone: two points have noise of their own."),
    (_posterior(diagonal=lambda noise: 2 * noise**2), "noise^2 is on the diagonal twice."),
    (_posterior(more=lambda noise: 2 * noise**2), "noise^2 is in the variance twice."),
    (_posterior(lambda a, b, length: (-_squares(a, b) / length**2).exp()), _KERNEL.format("a 2 is missing")),
    (_posterior(lambda a, b, length: (-_squares(a, b) / (2 * length)).exp()), _KERNEL.format("length is not squared")),
    (_posterior(lambda a, b, length: (-_squares(a, b) / length).exp()), _KERNEL.format("length is not squared, and a 2 "
                                                                                      "is missing")),
    (_posterior(lambda a, b, length: (-_squares(a, b) / 2).exp()), _KERNEL.format("length is not used")),
    (_posterior(lambda a, b, length: (-_squares(a, b)).exp()), _KERNEL.format("length is not used, and a 2 is "
     "missing")),
    (_posterior(lambda a, b, length: (-_squares(a, b) * length**2 / 2).exp()), _KERNEL.format("it is multiplied by "
                                                                                               "length^2, not "
                                                                                               "divided")),
    (_posterior(lambda a, b, length: (-_squares(a, b).sqrt() / length).exp()), _KERNEL.format("|a - b| / length has no "
                                                                                              "square")),
    (_posterior(lambda a, b, length: (-_squares(a, b).sqrt() / (2 * length**2)).exp()),
     _KERNEL.format("a - b is not squared")),
    (_mean_by(lambda k: k), "the mean is the kernel times y, so points that are close together count twice. The kernel "
     "among the support points has to be solved for."),
    (_mean_by(lambda k: k / k.sum(-1, keepdim=True)), "the mean is an average of y, weighed by nearness, as lesson "
     "06's attention is. The exact answer solves with the kernel among the support points."),
    (_mean_by(lambda k: k.softmax(-1)), "the mean is an average of y by softmax. The exact answer solves with the "
     "kernel among the support points."),
    *((_posterior(diagonal=lambda noise, e=e: noise**2 + e), f"there is more than noise^2 on the diagonal, {e:g}, "
       f"which moves the answer. With noise the matrix can be solved for as it is.") for e in (1e-3, 1e-4, 1e-2)),
    (_posterior(more=lambda noise: -(noise**2)), "noise^2 is taken away from the variance. A new point has more spread "
     "than the curve: add it."),
    (_after(lambda m, s, noise: (m, torch.full_like(s, (1 + noise**2) ** 0.5))), "the spread is the same everywhere, "
     "as if no point had been seen: take away what the points explain."),
    (_after(lambda m, s, noise: (m, (1 + noise**2 - s.square()).clamp(min=0).sqrt())), "the spread is what the points "
     "explain. What is left is 1 minus that, and noise^2 besides."),
    (_after(lambda m, s, noise: (m, (s.square() - noise**2).clamp(min=0).sqrt() + noise)), "noise is added to the "
     "standard deviation. Variances add up: add noise^2 before the root."),
    (_after(lambda m, s, noise: (s, m)), "mean and spread are exchanged."),
    (_after(lambda m, s, noise: (m, 1.96 * s)), "the spread is 1.96 times as large as it should be. Return the "
     "standard deviation; whoever draws an interval multiplies."),
    (_after(lambda m, s, noise: (m, 2 * s)), "the spread is twice as large as it should be. Return the standard "
     "deviation."),
    (_after(lambda m, s, noise: (m.squeeze(-1), s.squeeze(-1))), "both should be [tasks, n_query, 1]: the last axis, "
     "of size 1, is missing."),
    (_after(lambda m, s, noise: (m, s.squeeze(-1))), "the mean is right; the spread should be [tasks, n_query, 1]: its "
     "last axis, of size 1, is missing."),
    (_after(lambda m, s, noise: (m, s.expand(-1, -1, s.shape[1]).contiguous().mT)), "the mean is right; the spread "
     "should be [tasks, n_query, 1], a column."),
    (_after(lambda m, s, noise: (m[:1].expand_as(m), s[:1].expand_as(s))), "every task gets the answer of the first "
     "one."),
    *((_covariance(more, of), "the mean is right; in place of the spread there is the covariance of all queries with "
       "one another, [m, m]. Take its diagonal, with noise^2, and the root of that.")
      for more in (0, 1) for of in (lambda c: c, torch.sqrt, lambda c: c.clamp(min=0).sqrt())),
    *((_explained_by(_without_noise(e)), "the mean is right; for the variance, the matrix has no noise on its "
       "diagonal. It is the same matrix A for both.") for e in (0, 1e-8, 1e-6, 1e-5, 1e-4)),
    *((_explained_by(lambda A, k, noise: k, of), "the mean is right; the variance takes k k' away, without solving "
       "with A in between.") for of in (torch.sqrt, lambda v: v.clamp(min=0).sqrt(), lambda v: v.abs().sqrt())),
    *((_explained_by(lambda A, k, noise: torch.linalg.solve(A, k.mT).mT.sum(-2, keepdim=True), of), "the mean is "
       "right; in the variance the rows of k A^-1 k', [m, m], are summed. What query i takes away stands at [i, i] "
       "alone: take the diagonal. (With one query it is right.)")
      for of in (torch.sqrt, lambda v: v.clamp(min=0).sqrt(), lambda v: v.abs().sqrt())),
    (_after(lambda m, s, noise: (m, torch.full_like(s, noise))), "the spread is the noise alone, as if the curve "
     "itself were known."),
    (_centred, "the mean of y is taken away first. Curves of this prior have mean 0, before any point is seen."),
]  # fmt: skip


def _curve(shot, query, length, noise, seed, dtype=torch.float64):
    """Two curves whose support points stand apart, so that a kernel without noise can be solved for, too."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-2, 2, shot).view(1, -1, 1) + 0.1 * torch.rand(2, shot, 1, generator=generator)
    y, new_x = torch.randn(2, shot, 1, generator=generator), 4 * torch.rand(2, query, 1, generator=generator) - 2
    return *(part.to(dtype) for part in (x, y, new_x)), length, noise


def judge_posterior(call):
    """`posterior`: some curves, then the cases at the edge."""
    cases = {
        "8 points in float64": _curve(8, 7, 0.6, 0.3, 2),
        "length 1.5 and noise 0.5": _curve(4, 4, 1.5, 0.5, 3),
        "a single point and a single query": _curve(1, 1, 0.3, 0.4, 4),
        "3 points in float32": _curve(3, 6, 0.6, 0.2, 1, torch.float32),
    }
    names, axes = ("the mean", "the spread"), ("task", "query", "column")
    try:
        compare(call, posterior, cases, _GP_MISTAKES, names, axes, dtypes=True)
    except Problem as problem:
        if str(problem).startswith("in the mean, the numbers differ"):  # the spread may be wrong in another way
            _name_mean(call, cases)
        if str(problem).startswith("in the spread, the numbers differ") and "it is nan" in str(problem):
            raise Problem(f"{problem}\n  {_NEGATIVE}") from None
        raise
    x, y, q, length, noise = _curve(6, 5, 0.6, 0.3, 5)
    also(call, posterior, {"two support points at the same place": (x[:, [0, 0, 1, 2, 3, 4]], y, q, length, noise)},
         "Two points at one place have one height and two noises: noise^2 on the diagonal keeps the matrix from being "
         "singular.")  # fmt: skip
    also(call, posterior, {"queries at the places of support points": (x, y, x[:, :4], length, noise)},
         "A new point at a place that was seen has new noise: its spread is above noise there, too.")  # fmt: skip
    # With noise 0.5 the right spread, 1.118, is not 1 when it is rounded.
    also(call, posterior, {"no support point at all": (x[:, :0], y[:, :0], q, length, 0.5)},
         "Nothing seen: the mean is 0, and the spread that of the prior, the root of 1 + noise^2.")  # fmt: skip


_NEGATIVE = ("NaN is the root of a negative variance. A curve's own is 1, before any point is seen; a new point has "
             "noise^2 more; and what the points take away is less than 1.")  # fmt: skip


def _name_mean(call: Callable, cases: dict):
    """Raise what is wrong with the mean, if that is a known mistake."""
    try:
        compare(_mean_of(call), _mean_of(posterior), cases, [(_mean_of(f), text) for f, text in _GP_MISTAKES])
    except Problem as problem:
        if not str(problem).startswith("the numbers differ"):
            raise


def _mean_of(function: Callable) -> Callable:
    return lambda *args: function(*args)[0]
