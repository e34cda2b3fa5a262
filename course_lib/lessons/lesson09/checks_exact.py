"""What `check` looks at in the exact answers of lesson 09, to lines and to curves, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.tasks import Lines
from course_lib.tasks.gaussian_process import posterior, rbf
from course_lib.tasks.lines import least_squares, ridge


def _line(dim, shot, tasks, *known, seed=0, dtype=torch.float64):
    noise, scale = known if len(known) > 1 else (*known, 1.0)
    e = Lines(dim, shot, 1, noise, scale).sample(tasks, torch.Generator().manual_seed(seed))
    return e.support_x.to(dtype), e.support_y.to(dtype), *known


def _strength(of):
    """Ridge regression with another strength, a function of (noise, scale, n, d)."""
    return lambda x, y, noise, scale=1.0: ridge(x, y, of(noise, scale, *x.shape[1:]))


def _then(change):
    """The right weights, changed afterwards: by (weights, x, y)."""
    return lambda x, y, noise, scale=1.0: change(bayes_line(x, y, noise, scale), x, y)


def _everywhere(x, y, noise, scale=1.0):
    return torch.linalg.solve(x.mT @ x + (noise / scale) ** 2, x.mT @ y)


def _centred(x, y, noise, scale=1.0):
    return bayes_line(x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True), noise, scale)


def _one_by_one(x, y, noise, scale=1.0):
    return (x.mT @ y) / (x.square().sum(1).unsqueeze(-1) + (noise / scale) ** 2)


_TWO = "Write down -log of the probability of w and y, up to a constant, times 2 noise^2: what stands before |w|^2?"
_NO_SCALE = ("scale is not used: how much a large w is held down depends on how large w is usually. "
"" + _TWO)  # fmt: skip
_FREE = "the strength is always {}, whatever noise and scale are. It is derived from the two. " + _TWO
_LINE_MISTAKES = [
    (_strength(lambda noise, scale, n, d: noise**2), _NO_SCALE),
    (_strength(lambda noise, scale, n, d: noise), "the strength is the noise itself. noise is a standard deviation; "
     "what counts is its square, and scale is not used."),
    (_strength(lambda noise, scale, n, d: noise / scale), "the strength is noise / scale. Both are standard "
     "deviations: what stands in a normal distribution is their square."),
    (_strength(lambda noise, scale, n, d: noise**2 / scale), "noise is squared, and scale is not: both are standard "
     "deviations."),
    (_strength(lambda noise, scale, n, d: noise / scale**2), "scale is squared, and noise is not: both are standard "
     "deviations."),
    (_strength(lambda noise, scale, n, d: (noise * scale) ** 2), "scale works the wrong way: the larger w usually is, "
     "the *less* a large one is held down."),
    (_strength(lambda noise, scale, n, d: (scale / noise) ** 2), "it is turned over: more noise should hold w down "
     "*more*, and a larger scale less."),
    (_strength(lambda noise, scale, n, d: scale**2), "the strength is scale^2, and noise is not used. " + _TWO),
    (_strength(lambda noise, scale, n, d: 1 / scale**2), "noise is not used: with more noise each point says less, and "
     "w is held down more. " + _TWO),
    (_strength(lambda noise, scale, n, d: 1 / noise**2), "it is turned over: more noise should hold w down *more*. "
     + _TWO),
    (_strength(lambda noise, scale, n, d: 2 * (noise / scale) ** 2), "the strength is twice as large as it should be: "
     "both squares are divided by 2, and the 2 cancels."),
    (_strength(lambda noise, scale, n, d: (noise / scale) ** 2 / 2), "the strength is half as large as it should be: "
     "both squares are divided by 2, and the 2 cancels."),
    (_strength(lambda noise, scale, n, d: n * (noise / scale) ** 2), "the strength grows with the number of points: "
     "x'x is a *sum* over points, not a mean. Each point brings its own noise, and w is drawn once."),
    (_strength(lambda noise, scale, n, d: n * noise**2), "the strength grows with the number of points, and scale is "
     "not used: x'x is a *sum* over points, not a mean. w is drawn once."),
    (_strength(lambda noise, scale, n, d: (noise / scale) ** 2 / n), "the strength is divided by the number of points. "
     "The sum over points takes care of them: w is drawn once."),
    (_strength(lambda noise, scale, n, d: d * (noise / scale) ** 2), "the strength is multiplied by d: |w|^2 is a sum "
     "over d numbers already."),
    (_strength(lambda noise, scale, n, d: (noise / scale) ** 2 / d), "the strength is divided by d: |w|^2 is a sum "
     "over d numbers already."),
    (_strength(lambda noise, scale, n, d: (noise / scale) ** 4), "the strength is squared once too often."),
    (_strength(lambda noise, scale, n, d: 0.0), "this is least squares: noise and scale are not used. What is known "
     "of w before any point is seen holds it down."),
    (lambda x, y, noise, scale=1.0: least_squares(x, y), "this is least squares: noise and scale are not used. What is "
     "known of w before any point is seen holds it down."),
    *((_strength(lambda noise, scale, n, d, s=s: s), _FREE.format(s))
      for s in (1.0, 0.5, 0.25, 0.1, 0.0625, 0.01, 1e-3, 1e-4)),
    (_everywhere, "the strength is added to every number of x'x. It belongs on the diagonal alone: times "
     "torch.eye(d)."),
    (_centred, "the means of x and y are taken away first. These lines pass through 0, so the means say something, "
     "too."),
    (_one_by_one, "each number of w is found by itself, as if the others were 0. x'x is a matrix: solve the equations "
     "together."),
    (_then(lambda w, x, y: x @ w), "these are the line's values at x. Return the weights, [tasks, d, 1]."),
    (_then(lambda w, x, y: w.mT), "the weights should be [tasks, d, 1], a column for each task: .mT turns the row "
     "round."),
    (_then(lambda w, x, y: w.squeeze(-1)), "the weights should be [tasks, d, 1]: the last axis, of size 1, is "
     "missing, so that new_x @ w works."),
    (_then(lambda w, x, y: w[:1].expand_as(w)), "every task gets the weights of the first one."),
    (lambda x, y, noise, scale=1.0: bayes_line(x.flatten(0, 1)[None], y.flatten(0, 1)[None], noise, scale)
     .expand(len(x), -1, -1), "all tasks share one line. Each task has its own: keep the axis of tasks."),
    (lambda x, y, noise, scale=1.0: x.mT @ y / x.shape[1], "x'y / n is the whole of it. Solve (x'x + strength I) w = "
     "x'y."),
    (lambda x, y, noise, scale=1.0: x.mT @ y, "x'y is the whole of it. Solve (x'x + strength I) w = x'y."),
]  # fmt: skip


def judge_line(call):
    """`bayes_line`: the strength first, where there are points enough; then fewer points than numbers in w."""
    enough = {
        "10 points, 3 numbers, noise 0.25, without a scale": _line(3, 10, 2, 0.25, seed=1),
        "noise 0.6 and scale 1.5": _line(3, 8, 2, 0.6, 1.5, seed=2),
        "noise 0.25 and scale 0.4": _line(2, 5, 3, 0.25, 0.4, seed=3),
        "lines with one number, x [tasks, 4, 1]": _line(1, 4, 2, 0.5, 2.0, seed=4),
        "float32, as the lesson has it": _line(3, 12, 1, 0.5, 1.0, seed=5, dtype=torch.float32),
    }
    try:
        compare(call, bayes_line, enough, _LINE_MISTAKES, axes=("task", "number", "column"))
    except Problem as problem:
        if str(problem).startswith("it stopped") and ".T" in str(problem):
            raise Problem(f"{problem}\n  .T turns all axes round, tasks too: .mT exchanges the last two.") from None
        raise
    few = {
        "a single point of a line with 3 numbers": _line(3, 1, 2, 0.25, seed=6),
        "4 points of a line with 5 numbers": _line(5, 4, 2, 0.5, 3.0, seed=7),
        "as many points as numbers": _line(3, 3, 2, 0.25, 1.0, seed=8),
    }
    also(call, bayes_line, few, "With fewer points than numbers x'x has no inverse, but x'x + strength I has one.")


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


def _covariance(x, y, q, length, noise):
    a, c = x.double(), q.double()
    among, across = rbf(a, a, length) + noise**2 * torch.eye(a.shape[1]).double(), rbf(c, a, length)
    return posterior(x, y, q, length, noise)[0], rbf(c, c, length) - across @ torch.linalg.solve(among, across.mT)


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
    (_covariance, "the mean is right; in place of the spread there is the covariance of all queries with one another. "
     "Take its diagonal, add noise^2, and take the root."),
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
        "8 points in float64": _curve(8, 7, 0.6, 0.1, 2),
        "length 1.5 and noise 0.3": _curve(4, 4, 1.5, 0.3, 3),
        "a single point and a single query": _curve(1, 1, 0.3, 0.2, 4),
        "3 points in float32": _curve(3, 6, 0.6, 0.1, 1, torch.float32),
    }
    names, axes = ("the mean", "the spread"), ("task", "query", "column")
    try:
        compare(call, posterior, cases, _GP_MISTAKES, names, axes)
    except Problem as problem:
        if str(problem).startswith("in the mean, the numbers differ"):  # the spread may be wrong in another way
            compare(_mean_of(call), _mean_of(posterior), cases, [(_mean_of(f), text) for f, text in _GP_MISTAKES])
        raise
    x, y, q, length, noise = _curve(6, 5, 0.6, 0.1, 5)
    also(call, posterior, {"two support points at the same place": (x[:, [0, 0, 1, 2, 3, 4]], y, q, length, noise)},
         "Two points at one place have one height and two noises: noise^2 on the diagonal keeps the matrix from being "
         "singular.")  # fmt: skip
    also(call, posterior, {"queries at the places of support points": (x, y, x[:, :4], length, noise)},
         "A new point at a place that was seen has new noise: its spread is above noise there, too.")  # fmt: skip
    also(call, posterior, {"no support point at all": (x[:, :0], y[:, :0], q, length, noise)},
         "Nothing seen: the mean is 0, and the spread that of the prior, the root of 1 + noise^2.")  # fmt: skip


def _mean_of(function: Callable) -> Callable:
    return lambda *args: function(*args)[0]
