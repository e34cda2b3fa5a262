"""What `check` looks at in least squares with a prior, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson12.checks_dtype import keeps_dtype
from course_lib.lessons.lesson12.known_equation import least_squares_with_prior, prior_of, rows
from course_lib.tasks.arm import PARAMETERS, TORQUE_UNIT, network_input, random_targets, record

Case = tuple[Tensor, Tensor, Tensor, Tensor, float]


def _case(tasks: int, n: int, unknowns: int, noise: float, seed: int) -> Case:
    """Rows and torques drawn at random, and a covariance that has an inverse."""
    g = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, generator=g, dtype=torch.float64)  # noqa: E731 (three letters shorter)
    root, mean, r = draw(unknowns, unknowns), 2 * draw(unknowns), draw(tasks, n, 2, unknowns)
    numbers = mean + draw(tasks, 1, 1, unknowns) @ root.T  # [tasks, 1, 1, unknowns]
    torques = (r * numbers).sum(-1) + noise * draw(tasks, n, 2)
    return r, torques, mean, root @ root.T + 0.1 * torch.eye(unknowns).to(root), noise


@cache
def _real(n: int) -> Case:
    """Three arms that swing for n moments; what is known of 40 others has no inverse."""
    g = torch.Generator().manual_seed(3)
    low, high = torch.tensor([[0, 0.7, 0.7, 0, 0, 0, 0], [2, 1.3, 1.3, 1, 1, 0, 0.0]])
    arms = low + (high - low) * torch.rand(40, len(PARAMETERS), generator=g)
    states, torques, moved = record(arms[:3], random_targets(3, n / 50, g), g)
    x = network_input(states, moved + 0.5 * torch.randn(moved.shape, generator=g))
    mean, covariance = prior_of(arms.double())
    return rows(x.double()), (torques / TORQUE_UNIT).double(), mean, covariance, 0.1


@cache
def _cases() -> dict[str, Case]:
    return {
        "3 arms, 6 moments, 4 unknown numbers": _case(3, 6, 4, 0.5, 0),
        "fewer torques than unknown numbers": _case(2, 2, 7, 0.2, 1),
        "a single moment": _case(2, 1, 3, 0.7, 2),
        "much noise": _case(2, 5, 3, 3.0, 3),
    }


def _answer(strength=lambda noise, n: noise**2, hold=torch.linalg.inv, back=1.0, off=1.0, more=None, scale=1.0):
    """The answer once more, for a covariance that has an inverse, with places to go wrong.

    Args:
        strength: what the prior is multiplied by, of (noise, number of torques).
        hold: the matrix of the prior, of the covariance.
        back: how much of the mean is added in the end; off: how much of it is taken off the torques.
        more: what is added on the right side, of (mean, precision, noise).
        scale: what the right side is multiplied by, of noise; or a number.
    """

    def answer(rows, torques, mean, covariance, noise):
        r, y = rows.flatten(1, 2), torques.flatten(1)  # [tasks, 2 n, unknowns], [tasks, 2 n]
        held = strength(noise, r.shape[1]) * hold(covariance)
        right = (r.mT @ (y - off * (r @ mean)).unsqueeze(-1)).squeeze(-1) * (scale(noise) if callable(scale) else scale)
        right = right + (more(mean, hold(covariance), noise) if more else 0)
        return back * mean + torch.linalg.solve(r.mT @ r + held, right.unsqueeze(-1)).squeeze(-1)

    return answer


def _product(left, right, end=lambda c, z: z):
    """The equation multiplied by the covariance C: by (C, rows' rows, noise), and the right side by (C, vector)."""

    def answer(rows, torques, mean, covariance, noise):
        r, y = rows.flatten(1, 2), torques.flatten(1)
        error = (r.mT @ (y - r @ mean).unsqueeze(-1)).squeeze(-1)  # [tasks, unknowns]
        seen = left(covariance, r.mT @ r, noise)
        return mean + end(covariance, torch.linalg.solve(seen, right(covariance, error).unsqueeze(-1)).squeeze(-1))

    return answer


def _torques_alone(rows, torques, mean, covariance, noise):
    """The equation for the numbers themselves; all in it is multiplied by the covariance, but for rows' torques."""
    r, y = rows.flatten(1, 2), torques.flatten(1).unsqueeze(-1)
    right = r.mT @ y + noise**2 * mean.unsqueeze(-1)  # [tasks, unknowns, 1]
    return torch.linalg.solve(covariance @ r.mT @ r + noise**2 * _eye(covariance), right).squeeze(-1)


def _times(matrix: Tensor, vectors: Tensor) -> Tensor:
    return vectors @ matrix.mT


def _then(change):
    return lambda *args: change(least_squares_with_prior(*args), *args)


def _given(change):
    """The right function on other data."""
    return lambda rows, torques, mean, covariance, noise: least_squares_with_prior(
        *change(rows, torques), mean, covariance, noise)  # fmt: skip


def _plain(rows, torques, mean, covariance, noise):
    return torch.linalg.lstsq(rows.flatten(1, 2), torques.flatten(1).unsqueeze(-1)).solution.squeeze(-1)


def _pooled(rows, torques, *prior):
    one = least_squares_with_prior(rows.flatten(0, 1)[None], torques.flatten(0, 1)[None], *prior)
    return one.expand(len(rows), -1)


def _in_float32(rows, torques, mean, covariance, noise):
    given = (part.float() for part in (rows, torques, mean, covariance))
    return least_squares_with_prior(*given, noise).to(rows.dtype)


def _eye(c: Tensor) -> Tensor:
    return torch.eye(len(c)).to(c)


_ROUNDED = "the numbers are nearly right: they were computed in float32 on the way. Keep the dtype of rows."
_NO_INVERSE = ("Multiply the equation (rows'rows + noise^2 C^-1) δ = rows'error by C, so that no inverse is left in "
               "it.")  # fmt: skip
_WRITE = ("Minus the logarithm, times 2 noise^2: |rows θ - torques|^2 + noise^2 (θ - mean)' C^-1 (θ - mean). Set its "
          "derivative to 0.")  # fmt: skip
_ZERO = ("the numbers are pulled to 0. Arms are not drawn around 0 but around `mean`: take rows @ mean off the "
         "torques, solve for the difference, and add the mean.")  # fmt: skip
_MISTAKES = [
    (_answer(back=0, off=0), _ZERO),
    (_answer(back=0), "this is the difference from the mean. Add the mean to it."),
    (_answer(off=0), "the mean is added in the end, but it was not taken off before: solve for torques - rows @ mean."),
    (_answer(back=-1), "the mean is taken off in the end. Add it."),
    (_answer(off=-1), "rows @ mean is added to the torques. Take it off: what is solved for is the difference."),
    (_answer(hold=lambda c: c), "the covariance stands in place of its inverse: what varies much between arms should "
     "be held *less*. " + _WRITE),
    (_answer(strength=lambda noise, n: 1 / noise**2, hold=lambda c: c), "both are turned over: the prior counts "
     "noise^2 C^-1. " + _WRITE),
    (_answer(hold=_eye), "all numbers are held alike, each alone, as if there were no covariance. (If you "
     "multiplied by C: noise^2 C^-1 times C is noise^2 alone.) " + _WRITE),
    (_answer(hold=_eye, strength=lambda noise, n: 1.0), f"neither covariance nor noise is used. {_WRITE}"),
    (_answer(hold=_eye, back=0, off=0), f"this is ridge regression with noise^2: mean and covariance are not used. "
     f"{_WRITE}"),
    (_answer(hold=lambda c: torch.diag(1 / c.diagonal())), "only the diagonal of the covariance is used. The numbers "
     "vary together, and what was learned of one says something about the others."),
    (_answer(hold=lambda c: torch.diag(c.diagonal())), "the diagonal of the covariance stands where its inverse "
     "belongs. "
     + _WRITE),
    (_answer(hold=lambda c: 1 / c), "1 / covariance has the reciprocal of each number. That is not the inverse of the "
     "matrix."),
    (_answer(hold=lambda c: torch.linalg.inv(c @ c)), "the inverse of the covariance is squared: it has squares in it "
     "already."),
    *((_answer(hold=lambda c, e=e: torch.linalg.inv(c + e * _eye(c))), f"{e:g} is added to the covariance's diagonal, "
       f"which changes the answer. {_NO_INVERSE}") for e in (0.1, 0.01, 1e-3)),
    (_in_float32, _ROUNDED),
    (_answer(strength=lambda noise, n: noise), "noise is a standard deviation: its square is what counts."),
    (_answer(strength=lambda noise, n: 1.0), f"noise is not used: the more of it, the more the prior counts. {_WRITE}"),
    (_answer(strength=lambda noise, n: 1 / noise**2), "noise works the wrong way: the more of it, the *more* the prior "
     "counts. " + _WRITE),
    (_answer(strength=lambda noise, n: 1 / noise), "noise works the wrong way: the more of it, the *more* the prior "
     "counts, and it is squared. " + _WRITE),
    (_answer(strength=lambda noise, n: noise**4), "noise is squared twice."),
    (_answer(strength=lambda noise, n: noise**2 / 2), "the prior counts half as much as it should: both squares are "
     "divided by 2, and the 2 cancels."),
    (_answer(strength=lambda noise, n: 2 * noise**2), "the prior counts twice as much as it should: both squares are "
     "divided by 2, and the 2 cancels."),
    (_answer(strength=lambda noise, n: noise**2 * n), "the *mean* over the torques was taken, so that the prior counts "
     "the more the more there are. Each torque has its own error: take the sum."),
    (_answer(strength=lambda noise, n: noise**2 * n / 2), "the *mean* over the moments was taken, so that the prior "
     "counts the more the more there are. Each torque has its own error: take the sum."),
    (_answer(strength=lambda noise, n: noise**2 / n), "the prior is divided by the number of torques. They are "
     "summed, so that more of them count more already."),
    (_answer(strength=lambda noise, n: 0.0), f"the prior is not used in what is solved: this is plain least squares. "
     f"{_WRITE}"),
    (_plain, "this is plain least squares, without a prior. With few torques many numbers fit them all. " + _WRITE),
    (_answer(scale=lambda noise: 1 / noise**2), "the right side is divided by noise^2, and rows' rows is not (or the "
     "other way round). " + _WRITE),
    (_answer(strength=lambda noise, n: noise**2, scale=lambda noise: noise**2), "the right side is multiplied by "
     "noise^2, and rows' rows is not (or the other way round). " + _WRITE),
    (_answer(back=0, off=0, more=lambda mean, p, noise: mean), "on the right side, the mean is added as it is. With "
     "rows'torques there stands noise^2 C^-1 mean."),
    (_answer(back=0, off=0, more=lambda mean, p, noise: p @ mean), "on the right side, C^-1 mean lacks its noise^2."),
    (_answer(back=0, off=0, more=lambda mean, p, noise: noise**2 * mean), "on the right side, noise^2 mean lacks "
     "its C^-1."),
    (_answer(more=lambda mean, p, noise: noise**2 * p @ mean, off=0), "the mean counts twice: on the right side, and "
     "added in the end."),
    (_product(lambda c, s, noise: s @ c + noise**2 * _eye(c), _times), "C stands on the wrong side of rows'rows. "
     "Matrices keep their order: the whole equation is multiplied from the left."),
    (_product(lambda c, s, noise: c @ s + noise**2 * _eye(c), lambda c, v: v), "the left side of the equation is "
     "multiplied by C, and the right side is not."),
    (_torques_alone, "the left side of the equation and the prior's mean are multiplied by C, and rows'torques is "
     "not."),
    (_product(lambda c, s, noise: s + noise**2 * _eye(c), _times), "the right side is multiplied by C, and rows'rows "
     "on the left is not."),
    (_product(lambda c, s, noise: c @ s + noise**2, _times), "noise^2 is added to every number of the matrix. It "
     "stands on the diagonal: noise^2 times torch.eye."),
    (_product(lambda c, s, noise: s + noise**2, lambda c, v: v), "noise^2 is added to every number of the matrix, and "
     f"the covariance is not used. {_WRITE}"),
    (_product(lambda c, s, noise: s @ c + noise**2 * _eye(c), lambda c, v: v), "the last step is missing: this is C^-1 "
     "times the difference from the mean. Multiply it by C."),
    (lambda r, y, mean, c, noise: (mean + _plain(r, y, mean, c, noise)) / 2, "this is halfway between the mean and "
     "plain least squares. How much each counts depends on covariance, noise and rows."),
    (_pooled, "all arms get the same numbers, from all torques together. Each arm has its own."),
    (_then(lambda a, *args: a[:1].expand_as(a)), "every arm gets the numbers of the first one."),
    (_then(lambda a, rows, torques, mean, *more: mean.expand_as(a)), "this is the mean. The torques are not used."),
    (_given(lambda r, y: (r[:, :, :1], y[:, :, :1])), "only the shoulder's torque is used. Both joints have a row."),
    (_given(lambda r, y: (r[:, :, 1:], y[:, :, 1:])), "only the elbow's torque is used. Both joints have a row."),
    (_given(lambda r, y: (r.sum(2, keepdim=True), y.sum(2, keepdim=True))), "the two torques of a moment are added to "
     "one. Each is an equation of its own: flatten(1, 2)."),
    (_given(lambda r, y: (r.mean(2, keepdim=True), y.mean(2, keepdim=True))), "the two torques of a moment are "
     "averaged. Each is an equation of its own: flatten(1, 2)."),
    (_given(lambda r, y: (r[:, -1:], y[:, -1:])), "only the last moment is used."),
    (_given(lambda r, y: (r[:, :1], y[:, :1])), "only the first moment is used."),
    *((_given(turn), "rows and torques are in another order each: in one of them all of the shoulder comes first and "
       "then the elbow, in the other moment after moment. flatten(1, 2) for both keeps them together.") for turn in (
        lambda r, y: (r, y.mT.reshape(y.shape)), lambda r, y: (r.transpose(1, 2).reshape(r.shape), y))),
    (_then(lambda a, *args: a.clamp(min=0)), "negative numbers are set to 0. The prior does not forbid them."),
    (_then(lambda a, *args: a.unsqueeze(-1)), "there is an axis too many, of size 1 (from unsqueeze(-1) for the "
     "solver): squeeze(-1)."),
    (_then(lambda a, rows, *args: (rows @ a[:, None, :, None]).squeeze(-1)), "these are torques. The unknown numbers "
     "are wanted."),
]  # fmt: skip


def judge_known_equation(call):
    """`least_squares_with_prior`: covariances with an inverse first, then the lesson's own, and no torque at all."""
    try:
        compare(call, least_squares_with_prior, _cases(), _MISTAKES, (), ("task", "unknown"))
    except Problem as problem:
        if "the numbers differ" in str(problem) and _nearly(call):
            raise Problem(_ROUNDED) from None
        raise
    _judge_singular(call)
    r, y, *prior = _case(3, 4, 4, 0.5, 4)
    also(call, least_squares_with_prior, {"no torque at all, n = 0": (r[:, :0], y[:, :0], *prior)}, "Nothing was "
         "measured, so every task has the mean: [tasks, unknowns].")  # fmt: skip
    also(call, least_squares_with_prior, {"a single arm": _case(1, 4, 3, 0.5, 7), "a single unknown number": _case(
         2, 3, 1, 0.5, 8)}, "The result is [tasks, unknowns], also where one of them is 1: squeeze(-1) takes away the "
         "last axis alone.")  # fmt: skip
    keeps_dtype(call, _case(2, 5, 3, 0.7, 5), "rows")


def _nearly(call) -> bool:
    """Whether an answer is off by no more than the rounding of float32, in all cases."""
    results = [(call(*args), least_squares_with_prior(*args)) for args in _cases().values()]
    return all(got.dtype == torch.float32 and torch.allclose(got.to(want), want, atol=0.01) for got, want in results)


def _judge_singular(call):
    """Covariances that have no inverse: those of arms, and one in which a number never varies."""
    r, y, mean, covariance, noise = _case(2, 6, 3, 0.5, 6)
    covariance[:, 0] = covariance[0] = 0
    for args, words in (
        ((r, y, mean, covariance, noise), "a number that is the same for all arms"),
        (_real(10), "arms of the lesson, 0.2 s"), (_real(100), "arms of the lesson, 2 s"),
    ):  # fmt: skip
        want = least_squares_with_prior(*args)
        try:
            got = call(*args)
        except Problem as problem:
            raise Problem(f"elsewhere it is right, but for {words}, whose covariance has no inverse, {problem}\n  "
                          f"{_NO_INVERSE}") from None  # fmt: skip
        if not torch.allclose(got.to(want), want, rtol=5e-3, atol=5e-3):  # what is known to a millionth is no mistake
            raise Problem(f"elsewhere it is right, but for {words} the numbers are off by up to "
                          f"{(got.to(want) - want).abs().max():.2g}. Their covariance has no inverse. {_why(got, args)}"
                          f"{_NO_INVERSE}")  # fmt: skip


def _why(got: Tensor, args: Case) -> str:
    """What was done about the inverse that there is not."""
    free = _answer(hold=torch.linalg.pinv)(*args)
    if torch.allclose(got.to(free), free, rtol=1e-3, atol=1e-3):
        return "pinv gives what never varies the precision 0, so that it is free. It should be held entirely. "
    for e in (0.1, 0.01, 1e-3, 1e-4, 1e-5):
        more = _answer(hold=lambda c, e=e: torch.linalg.inv(c + e * _eye(c)))(*args)
        if torch.allclose(got.to(more), more, rtol=1e-3, atol=1e-3):
            return f"{e:g} on its diagonal lets vary what never does. "
    return ""
