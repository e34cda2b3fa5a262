"""What `check` looks at in the noisy quadratic's closed form, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson14.noisy_quadratic import CURVATURE, SECOND_MOMENTS, expected_losses


def _case(rates: list, curvature: list, noise: float, moments: list) -> tuple:
    made = [torch.tensor(part, dtype=torch.float64) for part in (rates, curvature, moments)]
    return made[0], made[1], noise, made[2]


@cache
def _cases() -> dict[str, tuple]:
    return {
        "two directions, 3 steps": _case([0.5, 0.9, 0.2], [1.0, 0.3], 1.5, [2.0, 9.0]),
        "one direction, one step": _case([0.4], [2.0], 0.7, [3.0]),
        "the lesson's quadratic": (torch.linspace(1.2, 0.1, 6).double(), CURVATURE, 1.0, SECOND_MOMENTS),
        "a training without noise": _case([0.3, 0.6], [1.0, 0.5, 0.2], 0.0, [1.0, 4.0, 2.0]),
        "a start in the middle, where noise alone moves": _case([0.8, 0.8], [1.4, 0.6], 2.0, [0.0, 0.0]),
    }


def _answer(
    pull=lambda r, h, m: (1 - r * h) ** 2 * m,
    push=lambda r, h, s: (r * h * s) ** 2,
    loss=lambda h, m, s: (h * m).sum(-1) / 2,
    start=lambda m: m,
    given=lambda rates: rates,
    end=lambda found: found,
):
    """The losses once more, with places to go wrong.

    Args:
        pull: what a step makes of the second moments, of (rate, curvature, moments).
        push: what noise adds, of (rate, curvature, noise).
        loss: of (curvature, moments, noise); start: the first moments.
        given: the rates that are used; end: what becomes of the losses `[..., steps + 1]`.
    """  # fmt: skip

    def answer(rates, curvature, noise, second_moments):
        rates = given(rates)
        m = start(second_moments).expand(*rates.shape[:-1], -1)
        found = [loss(curvature, m, noise)]
        for rate in rates.unbind(-1):
            r = rate.unsqueeze(-1)
            m = pull(r, curvature, m) + push(r, curvature, noise)
            found.append(loss(curvature, m, noise))
        return end(torch.stack(found, -1))

    return answer


def _sum_of(rates, curvature, noise, second_moments):
    """Noise is added up, and is not pulled by later steps."""
    m, added, found = second_moments, 0.0, [(curvature * second_moments).sum(-1) / 2]
    for rate in rates.unbind(-1):
        r = rate.unsqueeze(-1)
        m, added = (1 - r * curvature) ** 2 * m, added + (r * curvature * noise) ** 2
        found.append((curvature * (m + added)).sum(-1) / 2)
    return torch.stack(found, -1)


def _apart(mean, spread):
    """Mean and variance of theta apart: of (rate, curvature, mean), and (rate, curvature, noise, variance)."""

    def answer(rates, curvature, noise, second_moments):
        theta, variance = second_moments.sqrt(), torch.zeros_like(second_moments)
        found = [(curvature * theta**2).sum(-1) / 2]
        for rate in rates.unbind(-1):
            r = rate.unsqueeze(-1)
            theta, variance = mean(r, curvature, theta), spread(r, curvature, noise, variance)
            found.append((curvature * (theta**2 + variance)).sum(-1) / 2)
        return torch.stack(found, -1)

    return answer


def _mixed(factor):
    """The product of θ and c stays in the square: factor(r h) times the root of the second moment times noise."""

    def answer(rates, curvature, noise, second_moments):
        m, found = second_moments, [(curvature * second_moments).sum(-1) / 2]
        for rate in rates.unbind(-1):
            a = rate.unsqueeze(-1) * curvature
            m = (1 - a) ** 2 * m + factor(a) * m.sqrt() * noise + (a * noise) ** 2
            found.append((curvature * m).sum(-1) / 2)
        return torch.stack(found, -1)

    return answer


def _all_alike(rates, curvature, noise, second_moments):
    """The mean curvature for all directions."""
    return expected_losses(rates, curvature.mean().expand_as(curvature), noise, second_moments)


_WRITE = "One step: θ becomes (1 - r h) θ + r h c. Square it and take the mean; c has mean 0, and θ does not know it."
_MISTAKES = [
    (_answer(push=lambda r, h, s: 0 * r * h), "noise is left out: this is gradient descent without it. " + _WRITE),
    (_answer(push=lambda r, h, s: r * h * s**2), "noise is added with r h. The step moves θ by r h c, and the mean of "
     "its square has r h squared. " + _WRITE),
    (_answer(push=lambda r, h, s: r * h * s), "noise is not squared, nor what stands before it: the mean of (r h c)^2 "
     "is (r h noise)^2."),
    (_answer(push=lambda r, h, s: (r * h) ** 2 * s), "noise is a standard deviation: the mean of c^2 is its square."),
    (_answer(push=lambda r, h, s: (r * h) ** 2 * s**4), "noise is squared twice: it is a standard deviation, and the "
     "mean of c^2 is its square."),
    (_answer(push=lambda r, h, s: (r * h) ** 2 + 0 * s), "noise is not used. " + _WRITE),
    (_answer(push=lambda r, h, s: (r * s) ** 2 + 0 * h), "the curvature is missing before the noise: c moves the "
     "lowest point of a loss with curvature h, so the step has r h c in it. " + _WRITE),
    (_answer(push=lambda r, h, s: r**2 * h * s**2), "the curvature is not squared before the noise. " + _WRITE),
    (_answer(push=lambda r, h, s: r * h**2 * s**2), "the rate is not squared before the noise. " + _WRITE),
    (_answer(push=lambda r, h, s: (h * s) ** 2 + 0 * r), "the rate is missing before the noise. " + _WRITE),
    (_answer(push=lambda r, h, s: s**2 + 0 * r * h), "the noise is added as it is. A step goes only a part r h of the "
     "way to c. " + _WRITE),
    (_answer(push=lambda r, h, s: -((r * h * s) ** 2)), "noise is taken off. It adds to the spread."),
    (_answer(push=lambda r, h, s: (r * h * s) ** 2 / 2), "the noise counts half. " + _WRITE),
    (_answer(push=lambda r, h, s: 2 * (r * h * s) ** 2), "the noise counts twice. " + _WRITE),
    (_answer(push=lambda r, h, s: ((1 - r * h) * r * h * s) ** 2), "noise is pulled by the very step that brings it: c "
     "comes with r h, not with (1 - r h) r h."),
    (_answer(push=lambda r, h, s: (1 - (1 - r * h) ** 2) * s**2), "the mean of (r h c)^2 is (r h noise)^2, not "
     "[1 - (1 - r h)^2] noise^2."),
    (_answer(push=lambda r, h, s: (r * h * s) ** 2 + 2 * r * h * (1 - r * h) * s), "a mixed term is added. c has mean "
     "0, whatever θ is, so that the mean of θ c is 0."),
    *((_mixed(factor), "a mixed term of θ and c is added. c has mean 0, whatever θ is, so that the mean of their "
       "product is 0.") for factor in (lambda a: 2 * a * (1 - a), lambda a: a * (1 - a), lambda a: 2 * a)),
    (_answer(pull=lambda r, h, m: (1 - r) ** 2 * m + 0 * h, push=lambda r, h, s: (r * s) ** 2 + 0 * h), "the step has "
     "no h in it: θ - r (θ - c). The gradient of h (θ - c)^2 / 2 is h (θ - c)."),
    (_all_alike, "all directions have the mean curvature here. Each has its own h, and its own second moment: only "
     "their losses are added up."),
    (_sum_of, "noise of earlier steps is only added up. Later steps pull it back, as they do all of θ: it is "
     "part of the second moment."),
    (_apart(lambda r, h, t: (1 - r * h) * t, lambda r, h, s, v: (1 - r * h) * v + (r * h * s) ** 2), "the variance is "
     "pulled by 1 - r h. Its factor is squared: (1 - r h)^2."),
    (_apart(lambda r, h, t: (1 - r * h) * t, lambda r, h, s, v: (r * h * s) ** 2 + 0 * v), "only the last step's noise "
     "is there. That of earlier steps is pulled back, but not to 0."),
    (_answer(pull=lambda r, h, m: (1 - r * h) * m), "the second moment is pulled by 1 - r h. θ is, and its square by "
     "(1 - r h)^2."),
    (_answer(pull=lambda r, h, m: (1 - r * h) * m, push=lambda r, h, s: r * h * s**2), "nothing is squared: (1 - r "
     "h)^2 and (r h)^2. " + _WRITE),
    (_answer(pull=lambda r, h, m: (1 - r * h**2) * m), "the square is on the curvature alone: (1 - r h)^2."),
    (_answer(pull=lambda r, h, m: (1 - (r * h) ** 2) * m), "1 - (r h)^2 is not (1 - r h)^2."),
    (_answer(pull=lambda r, h, m: (1 - 2 * r * h) * m), "(1 - r h)^2 = 1 - 2 r h + (r h)^2: the last part is missing."),
    (_answer(pull=lambda r, h, m: (1 + r * h) ** 2 * m), "the step goes up: θ becomes θ - r h (θ - c)."),
    (_answer(pull=lambda r, h, m: (1 - r) ** 2 * m + 0 * h), "the curvature is missing in the pull: (1 - r h)^2."),
    (_answer(pull=lambda r, h, m: (1 - r * h) ** 4 * m), "the pull is squared twice: the mean of θ^2 is carried along "
     "already."),
    (_answer(pull=lambda r, h, m: (1 - r * h / 2) ** 2 * m), "the gradient of h (θ - c)^2 / 2 is h (θ - c), without "
     "a half."),
    (_answer(pull=lambda r, h, m: (1 - 2 * r * h) ** 2 * m, push=lambda r, h, s: (2 * r * h * s) ** 2), "the gradient "
     "of h (θ - c)^2 / 2 is h (θ - c): the 2 cancels."),
    (_answer(pull=lambda r, h, m: (1 - r * h) ** 2 * m + (r * h) ** 2 * m), "(r h)^2 times the second moment is "
     "added, beside (1 - r h)^2 times it, which has it already."),
    (_answer(start=lambda m: m**2), "the second moments are squared: they are means of θ^2 already."),
    (_answer(start=torch.sqrt), "the root of the second moments is carried along as if it were a second moment."),
    (_answer(start=torch.zeros_like), "the start is not used: second moments begin at second_moments."),
    (_answer(loss=lambda h, m, s: (h * m).sum(-1)), "the ½ of the loss is missing: sum h θ² / 2."),
    (_answer(loss=lambda h, m, s: m.sum(-1) / 2), "the curvature is missing in the loss: sum h θ² / 2."),
    (_answer(loss=lambda h, m, s: m.sum(-1)), "these are the second moments. The loss is sum h θ² / 2."),
    (_answer(loss=lambda h, m, s: (h**2 * m).sum(-1) / 2), "the curvature is squared in the loss: sum h θ² / 2."),
    (_answer(loss=lambda h, m, s: (h * m).mean(-1) / 2), "the mean over directions is taken. The loss is the sum."),
    (_answer(loss=lambda h, m, s: (h * m).mean(-1)), "the mean over directions is taken, in place of a sum and ½."),
    (_answer(loss=lambda h, m, s: (h * m**2).sum(-1) / 2), "the loss squares the second moments. They are means of θ^2 "
     "already."),
    (_answer(loss=lambda h, m, s: (h * m**0.5).sum(-1) / 2), "the loss takes a root of the second moments. It has θ^2 "
     "in it, whose mean they are."),
    (_answer(loss=lambda h, m, s: (h * (m + s**2)).sum(-1) / 2), "the loss is taken around c, so that noise^2 is "
     "added. What counts is the mean of sum h θ² / 2."),
    (_answer(loss=lambda h, m, s: h * m / 2), "each direction has its own loss here. Their sum is wanted."),
    (_answer(end=lambda f: f[..., 1:]), "the loss before the first step is missing: [..., steps + 1]."),
    (_answer(end=lambda f: f[..., :-1]), "the loss after the last step is missing: [..., steps + 1]."),
    (_answer(end=lambda f: f[..., -1]), "only the last loss is returned. All are wanted, from the one before the first "
     "step: [..., steps + 1]."),
    (_answer(end=lambda f: f.mean(-1)), "the mean over steps is returned. All losses are wanted: [..., steps + 1]."),
    (_answer(end=lambda f: f.flip(-1)), "the losses come from last to first."),
    (_answer(end=lambda f: f.cumsum(-1)), "the losses are added up over the steps."),
    (_answer(given=lambda r: r.flip(-1)), "the rates are used from last to first."),
    (_answer(given=lambda r: r[..., :1].expand_as(r)), "the first rate is used in every step."),
    (_answer(given=lambda r: r.mean(-1, keepdim=True).expand_as(r)), "the mean rate is used in every step."),
    (_answer(given=lambda r: torch.cat([r[..., :1], r[..., :-1]], -1)), "the rates come one step late: step t, from "
     "0, takes rates[..., t], and here it takes that of the step before it."),
    (_answer(given=lambda r: torch.cat([r[..., 1:], r[..., -1:]], -1)), "the rates come one step early: step t, from "
     "0, takes rates[..., t], and here it takes that of the step after it."),
    (_answer(given=lambda r: r.exp()), "exp is taken of the rates. They are rates already."),
]  # fmt: skip
_LOST = ("the numbers are right, but no gradient gets through to the rates. .detach(), .item(), float(), torch.tensor, "
         "NumPy and no_grad cut it off. torch.stack makes a tensor of many, and keeps it.")  # fmt: skip


def judge_expected(call):
    """`expected_losses`: directions, noise, starts; several schedules; gradients; the dtype."""
    try:
        compare(call, expected_losses, _cases(), _MISTAKES, (), ("step",))
    except Problem as problem:
        if "should be a float64 tensor of shape" in str(problem) and "but it is a float32" in str(problem):
            raise Problem(f"{problem} Keep the dtype of the rates.") from None
        raise
    g = torch.Generator().manual_seed(0)
    rates = torch.rand(5, 3, generator=g, dtype=torch.float64)
    _, h, noise, moments = _cases()["two directions, 3 steps"]
    _judge_schedules(call, {"5 schedules at once, rates [5, 3]": (rates, h, noise, moments)}, "Rates may have axes "
                     "before the last: rates[..., t] is that of step t, and rates[..., t, None] * curvature is "
                     "[..., n].")  # fmt: skip
    _judge_schedules(call, {"rates [2, 2, 3] and 2 directions": (rates[:4].view(2, 2, 3), h, noise, moments),
                            "as many schedules as directions": (rates[:2], h, noise, moments),
                            "a single schedule, rates [1, 3]": (rates[:1], h, noise, moments)},
                     "Rates may have any number of axes before the last. rates[..., t, None] * curvature is "
                     "[..., n].")  # fmt: skip
    _judge_gradient(call, rates[0], h, noise, moments)
    for dtype in (torch.float64, torch.float32):
        got = call(rates[0].to(dtype), h.to(dtype), noise, moments.to(dtype))
        if got.dtype != dtype:
            raise Problem(f"the numbers are right, but for rates of {dtype} it returns {got.dtype}.")


_FIRST = ("with several schedules the axis of steps comes first in the result. It is the last: [..., steps + 1], as "
          "torch.stack(losses, -1) makes it.")  # fmt: skip


def _judge_schedules(call, cases: dict, because: str):
    try:
        compare(call, expected_losses, cases, [(_answer(end=lambda found: found.movedim(-1, 0)), _FIRST)])
    except Problem as problem:
        known = str(problem) == _FIRST
        raise Problem(_FIRST if known else f"elsewhere it is right, but here {problem}\n  {because}") from None


def _judge_gradient(call, rates: Tensor, h: Tensor, noise: float, moments: Tensor):
    slopes = []
    for of in (call, expected_losses):
        asked = rates.clone().requires_grad_()
        try:
            last = of(asked, h, noise, moments)[-1]
        except Problem as problem:
            if "numpy()" in str(problem) or "requires_grad" in str(problem) or "requires grad" in str(problem):
                raise Problem(_LOST) from None
            raise
        if not last.requires_grad:
            raise Problem(_LOST)
        slopes.append(torch.autograd.grad(last, asked, allow_unused=True)[0])
    if slopes[0] is None or not torch.allclose(*slopes):
        raise Problem(_LOST)
