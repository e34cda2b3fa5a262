"""What `check` looks at in the Bayes answer to a line, in lesson 09, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.tasks import Lines
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


def _through_a_height(x, y, noise, scale=1.0):
    return bayes_line(torch.cat([x, torch.ones_like(x[..., :1])], -1), y, noise, scale)[:, :-1]


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
    (_strength(lambda noise, scale, n, d: scale), "the strength is scale, and noise is not used. " + _TWO),
    (_strength(lambda noise, scale, n, d: 1 / scale), "the strength is 1 / scale: noise is not used. " + _TWO),
    (_strength(lambda noise, scale, n, d: noise**2 * scale), "scale works the wrong way: the larger w usually is, the "
     "*less* a large one is held down."),
    (_strength(lambda noise, scale, n, d: noise * scale), "scale works the wrong way: the larger w usually is, the "
     "*less* a large one is held down; and noise should be squared."),
    (lambda x, y, noise, scale=1.0: ridge(x, y, x.shape[1] * (noise / scale) ** 2) * x.shape[1], "x'x is divided by "
     "the number of points, and x'y is not. Both are sums."),
    (lambda x, y, noise, scale=1.0: ridge(x, y, x.shape[1] * noise**2) * x.shape[1], "x'x is divided by the number of "
     "points, and x'y is not. Both are sums; and scale is not used."),
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
    (lambda x, y, noise, scale=1.0: noise**2 * bayes_line(x, y, noise, scale), "x'x is divided by noise^2, and x'y is "
     "not: the noise stands before both."),
    (_through_a_height, "an intercept is fitted, too. These lines pass through 0, and w has no number more."),
    (lambda x, y, noise, scale=1.0: torch.Size((len(x), x.shape[2] + 1, 1)), "an intercept is fitted, too. These lines "
     "pass through 0: [tasks, d, 1]."),
    (lambda x, y, noise, scale=1.0: torch.Size((x.shape[2], 1)), "the axis of tasks is missing: [tasks, d, 1]. x.mT "
     "and torch.linalg.solve do all tasks at once."),
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
        compare(call, bayes_line, enough, _LINE_MISTAKES, axes=("task", "number", "column"), dtypes=True)
    except Problem as problem:
        raise Problem(f"{problem}{_more(str(problem), call, enough)}") from None
    few = {
        "a single point of a line with 3 numbers": _line(3, 1, 2, 0.25, seed=6),
        "4 points of a line with 5 numbers": _line(5, 4, 2, 0.5, 3.0, seed=7),
        "as many points as numbers": _line(3, 3, 2, 0.25, 1.0, seed=8),
    }
    also(call, bayes_line, few, "With fewer points than numbers x'x has no inverse, but x'x + strength I has one.")


def _more(said: str, call, cases: dict) -> str:
    """What an error means here; or of which strength the weights are, if they are those of ridge regression."""
    if said.startswith("it stopped") and ".T" in said:
        return "\n  .T turns all axes round, tasks too: .mT exchanges the last two."
    if said.startswith("it stopped") and "must match the size" in said:
        return "\n  x.mT @ x is [tasks, d, d], so the identity has d rows."
    if not said.startswith("the numbers differ"):
        return ""
    for x, y, *known in cases.values():
        w, right = call(x, y, *known).detach().to(x.dtype), bayes_line(x, y, *known)
        if torch.allclose(w, right, rtol=1e-4, atol=1e-6):
            continue
        slope = x.mT @ (y - x @ w)  # strength * w, if it is ridge regression
        found = (slope * w).sum() / w.square().sum()
        if (slope - found * w).abs().max() > 1e-3 * slope.abs().max():
            return "\n  It is ridge regression of no strength: x'y - x'x w is no multiple of w."
        noise, scale = known if len(known) > 1 else (*known, 1.0)
        strength = f"{(noise / scale) ** 2:.4g} for noise {noise:g} and scale {scale:g}"
        return f"\n  It is ridge regression with strength {found:.4g}. It should be {strength}."
    return ""
