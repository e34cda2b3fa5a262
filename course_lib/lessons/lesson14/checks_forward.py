"""What `check` looks at in a gradient forwards through a training, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson14.checks_memory import judge_memory
from course_lib.lessons.lesson14.checks_torch import import_forward_mode, in_plain
from course_lib.lessons.lesson14.hypergradient import SmallTraining, forward_hypergradient, trained


def _case(seed: int, log_rate: float, steps: int, hidden: int = 2) -> tuple:
    one = SmallTraining(seed, examples=12, new=20, hidden=hidden)
    return one.train_loss, one.validation_loss, one.start, log_rate, steps


@cache
def _cases() -> dict[str, tuple]:
    return {
        "4 steps": _case(0, -0.4, 4),
        "a single step": _case(1, 0.3, 1),
        "12 steps with a larger rate": _case(2, 0.7, 12),
        "3 steps with a small rate": _case(3, -2.0, 3),
    }


def _slopes(loss, weights: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient, and the Hessian times v: `[n]`, `[n]`."""
    weights = weights.detach().requires_grad_()
    (slope,) = torch.autograd.grad(loss(weights), weights, create_graph=True)
    (bent,) = torch.autograd.grad(slope @ v, weights)
    return slope.detach(), bent


def _step(train_loss, w, m, r):
    g, b = _slopes(train_loss, w, m)
    return w - r * g, m - r * g - r * b


def _chain(train_loss, validation_loss, w, m, before):
    loss, slope = validation_loss(w), _slopes(validation_loss, w, m)[0]
    return loss.item(), (slope @ m).item()


def _forward(step=_step, rate=math.exp, begin=lambda start, r: torch.zeros_like(start), count=lambda n: n, end=_chain):
    """The derivative once more, with places to go wrong.

    Args:
        step: what becomes of weights and their derivative, of (train loss, weights, derivative, rate).
        rate: of the log rate; begin: the first derivative; count: how many steps.
        end: what is returned, of (train loss, validation loss, weights, derivative, (weights, derivative) before).
    """

    def answer(train_loss, validation_loss, start, log_rate, steps):
        r, w = rate(log_rate), start.detach().clone()
        m = begin(start, r)
        before = w, m
        for _ in range(count(steps)):
            before = w, m
            w, m = step(train_loss, w, m, r)
        return end(train_loss, validation_loss, w, m, before)

    return answer


def _parts(direct=1.0, bent=1.0, keep=1.0, times=lambda r: r, curve=lambda r: r, of=None):
    """A step whose derivative is keep * m - direct * times(r) * g - bent * curve(r) * H of(m, g)."""

    def step(train_loss, w, m, r):
        g = _slopes(train_loss, w, m)[0]
        b = _slopes(train_loss, w, m if of is None else of(m, g, r))[1]
        return w - r * g, keep * m - direct * times(r) * g - bent * curve(r) * b

    return step


def _late(slope: bool, hessian: bool):
    """Gradient or Hessian of the new weights in the derivative."""

    def step(train_loss, w, m, r):
        g, b = _slopes(train_loss, w, m)
        new = w - r * g
        g2, b2 = _slopes(train_loss, new, m)
        return new, m - r * (g2 if slope else g) - r * (b2 if hessian else b)

    return step


def _matrix(change):
    """A step with something else in place of the Hessian times m: change(Hessian, m, g)."""

    def step(train_loss, w, m, r):
        g, _ = _slopes(train_loss, w, m)
        H = torch.autograd.functional.hessian(train_loss, w)
        return w - r * g, m - r * g - r * change(H, m, g)

    return step


def _of_the_start(train_loss, validation_loss, start, log_rate, steps):
    """The Hessian of the first weights in every step."""
    H = torch.autograd.functional.hessian(train_loss, start)

    def step(train_loss, w, m, r):
        g = _slopes(train_loss, w, m)[0]
        return w - r * g, m - r * g - r * (H @ m)

    return _forward(step)(train_loss, validation_loss, start, log_rate, steps)


def _then(change):
    """The right numbers, changed: change(loss, slope, the arguments)."""
    return lambda *args: change(*(part.item() for part in forward_hypergradient(*args)), args)


def _last_step(train_loss, validation_loss, start, log_rate, steps):
    """The way through the last step alone."""
    r = math.exp(log_rate)
    before = trained(train_loss, start, log_rate, steps - 1)
    g = _slopes(train_loss, before, before)[0]
    w = before - r * g
    return validation_loss(w).item(), -r * (_slopes(validation_loss, w, w)[0] @ g).item()


def _ends(loss, slope):
    """Returns with parts of other losses or places: each of (train loss, validation loss, w, m, before)."""
    return lambda *args: (float(loss(*args)), float(slope(*args)))


def _at(which, before=False):
    """The gradient of train (0) or validation (1) loss, at the last weights or before, times the last derivative."""

    def slope(train_loss, validation_loss, w, m, past):
        return _slopes((train_loss, validation_loss)[which], past[0] if before else w, m)[0] @ m

    return slope


_RIGHT_LOSS = lambda train, validation, w, m, past: validation(w)  # noqa: E731 (one of several)
_PAPER = "The derivative of one step: m - r g - r H m, where g and H are those of the weights before the step."
_MISTAKES = [
    (_forward(_parts(bent=0)), "the gradient's own change is left out: g depends on the weights, and they depend on "
     "the rate. That is the Hessian times m. " + _PAPER),
    (_forward(_parts(direct=0)), "the derivative is always 0. Is something detached? Or m never "
     "begun: r itself depends on the log rate, and that gives - r g in every "
     "step. " + _PAPER),
    (_then(lambda loss, slope, args: (loss, slope / math.exp(args[3]))), "this is the derivative in the *rate*. The "
     "derivative of r = exp(log rate) in the log rate is r: it stands before g, in every step."),
    (_then(lambda loss, slope, args: (loss, slope * math.exp(args[3]))), "the rate counts once too often: the "
     "derivative of exp(log rate) is the rate itself, once."),
    (_forward(_parts(curve=lambda r: 1.0)), "the rate is missing before the Hessian's part. " + _PAPER),
    (_forward(_parts(curve=lambda r: r * r)), "before the Hessian's part the rate is squared. " + _PAPER),
    (_forward(_parts(bent=-1)), "the Hessian's part has the wrong sign: the step is *minus* r g. " + _PAPER),
    (_forward(_parts(direct=-1)), "the derivative has the wrong sign. The step is *minus* r g, and what is wanted is "
     "the slope itself, not the way down. " + _PAPER),
    (_forward(_parts(direct=-1, bent=-1)), "both parts have the wrong sign: the step is *minus* r g. " + _PAPER),
    (_forward(_parts(keep=0)), "m of the step before is lost: w stands by itself in the step, and its derivative is m. "
     + _PAPER),
    (_forward(_parts(keep=0, bent=0)), "this is the way through the last step alone. The weights before it depend on "
     "the rate as well. " + _PAPER),
    (_last_step, "this is the way through the last step alone. The weights before it depend on the rate as well. "
     + _PAPER),
    (_forward(_late(True, True)), "the weights take their step first, and then gradient and Hessian of the *new* "
     "weights go into m. Both belong to the weights before the step."),
    (_forward(_late(False, True)), "the Hessian is taken at the new weights. It belongs to the weights before the "
     "step, as the gradient does."),
    (_forward(_late(True, False)), "the gradient in m is taken at the new weights. It belongs to the weights before "
     "the step."),
    (_forward(_parts(of=lambda m, g, r: m - r * g)), "the Hessian is multiplied by m after - r g was added to it. It "
     "takes m as it was before the step."),
    (_forward(_parts(of=lambda m, g, r: g)), "the Hessian is multiplied by the gradient. It is wanted times m. "
     + _PAPER),
    (_forward(_parts(of=lambda m, g, r: -g)), "the Hessian is multiplied by the gradient. It is wanted times m. "
     + _PAPER),
    (_of_the_start, "the Hessian is that of the *start*, in every step. H belongs to the weights of its step, as g "
     "does: both are computed anew."),
    (_forward(_matrix(lambda H, m, g: H.sum(1) * m)), "the derivative of slope.sum() adds up the rows of the Hessian; "
     "times m, number by number, this is not H m. Take the derivative of slope @ m, with m held fast."),
    (_forward(_matrix(lambda H, m, g: H.sum(1))), "the derivative of slope.sum() adds up the rows of the Hessian. H m "
     "is the derivative of slope @ m, with m held fast."),
    (_forward(_matrix(lambda H, m, g: H.diagonal() * m)), "only the Hessian's diagonal is used. All of it counts: H m "
     "is the derivative of slope @ m, with m held fast."),
    (_forward(_matrix(lambda H, m, g: g * (g @ m))), "g times (g @ m) stands in place of the Hessian times m."),
    (_forward(begin=lambda start, r: torch.ones_like(start)), "m begins with ones. At the start the weights do not "
     "depend on the rate: zeros."),
    (_forward(begin=lambda start, r: start.clone()), "m begins as the weights. At the start they do not depend on the "
     "rate: zeros."),
    *((_forward(rate=rate), f"the rate is taken to be {name}. `log_rate` is its natural logarithm: rate = "
       "exp(log_rate).") for rate, name in ((lambda at: at, "log_rate itself"), (lambda at: 10**at, "10 ** log_rate"),
                                            (lambda at: 2**at, "2 ** log_rate"), (lambda at: math.exp(-at),
                                                                                "exp(-log_rate)"))),
    (_forward(count=lambda n: n - 1), "one step is missing."),
    (_forward(count=lambda n: n + 1), "there is one step too many."),
    (_forward(end=_ends(_RIGHT_LOSS, _at(0))), "the derivative that comes out is that of the *train* loss. In the end "
     "the chain rule takes the gradient of the validation loss."),
    (_forward(end=_ends(lambda t, v, w, m, p: t(w), _at(0))), "these are the train loss and its derivative. The "
     "training goes down the train loss; what is asked for is the validation loss."),
    (_forward(end=_ends(lambda t, v, w, m, p: t(w), _at(1))), "the derivative is right, and the loss is the train "
     "loss. The validation loss is wanted."),
    (_forward(end=_ends(_RIGHT_LOSS, _at(1, True))), "the gradient of the validation loss is taken at the weights "
     "before the last step. Take it at the last weights."),
    (_forward(end=_ends(lambda t, v, w, m, p: t(p[0]), _at(1))), "the derivative is right, and the loss is the train "
     "loss, as it was before the last step. The validation loss at the last weights is wanted."),
    (_forward(end=_ends(lambda t, v, w, m, p: v(p[0]), _at(1))), "the derivative is right, and the loss is that of "
     "the weights before the last step."),
    (_forward(end=_ends(lambda t, v, w, m, p: v(p[0]), _at(1, True))), "the validation loss and its gradient are taken "
     "at the weights before the last step. Take them at the last weights."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: _slopes(v, w, m)[0] @ p[1])), "the validation loss's "
     "gradient meets m of the step before. Take the last m."),
    (lambda t, v, start, at, n: _forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: _slopes(v, start, m)[0] @ m))(
        t, v, start, at, n), "the gradient of the validation loss is taken at the *start*. Take it at the last "
     "weights."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: _slopes(v, w, m)[0].norm())), "this is the length of the "
     "validation loss's gradient. The chain rule wants it times m: gradient @ m."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: _slopes(v, w, m)[0].sum())), "the gradient of the "
     "validation loss is summed. The chain rule wants it times m: gradient @ m."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: m.sum())), "m is summed. The chain rule: the gradient of "
     "the validation loss, times m."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: m.norm())), "this is the length of m. The chain rule: the "
     "gradient of the validation loss, times m."),
    (_forward(end=_ends(_RIGHT_LOSS, lambda t, v, w, m, p: (_slopes(v, w, m)[0] * m).mean())), "the mean of gradient "
     "times m is taken. The chain rule has the sum: gradient @ m."),
    (_then(lambda loss, slope, args: (slope, loss)), "loss and derivative are exchanged: the loss comes first."),
    (_then(lambda loss, slope, args: (loss, abs(slope))), "the derivative lost its sign."),
    (_then(lambda loss, slope, args: (loss, slope / args[4])), "the derivative is divided by the number of steps. "
     "What all steps add counts in full."),
]  # fmt: skip
_MISTAKES = [(once(wrong, lambda t, v, start, at, n: (start[0].item(), at, n)), said) for wrong, said in _MISTAKES]


def _right(*args) -> tuple[float, float]:
    loss, slope = forward_hypergradient(*args)
    return loss.item(), slope.item()


_KEEPS = ("Something of every step is kept. Is there a list, or a graph or a dual level that lives through all steps? "
          "Both the weights and m need .detach() after each step. Or is the whole training differentiated backwards? "
          "That needs all steps; go forwards, with m.")  # fmt: skip
_GRAPH = ("g has to remember how it was made, so that it can be differentiated once more: weights that require "
          "gradients, train_loss(weights) outside of no_grad, and create_graph=True.")  # fmt: skip
_ERRORS = {
    "does not require grad": _GRAPH, "not have been used in the graph": _GRAPH, "through the graph a second time":
    "a graph is used twice, and was freed by its first use. create_graph=True or retain_graph=True in the first call "
    "keeps it.",
}  # fmt: skip


def judge_forward(call):
    """`forward_hypergradient`: several rates and steps; memory; no step; a loss that finite differences cannot see."""
    import_forward_mode()
    try:
        compare(call, _right, _cases(), _MISTAKES, ("the loss", "its derivative"))
    except Problem as problem:
        if "in its derivative, the numbers differ" in str(problem):
            raise Problem(str(problem) + _where(call)) from None
        raise in_plain(problem, _ERRORS) from None
    judge_memory(lambda steps: call(*_case(5, -1.0, steps, hidden=1)), 20, 4, 12, _KEEPS)  # half of the 5 weights
    also(call, _right, {"no step at all": _case(4, -0.4, 0)}, "Then the weights are the start, and do not depend on "
         "the rate: the derivative is 0.")  # fmt: skip
    _judge_exact(call)


def _where(call) -> str:
    """Whether a single step is right, where no Hessian comes up."""
    args = _cases()["a single step"]
    try:
        loss, slope = call(*args)
        fits = abs(float(slope) - _right(*args)[1]) < 1e-6
    except (Problem, TypeError, ValueError):
        return ""
    if fits:
        return ("\n  With a single step it is right. So what goes wrong is how m is carried from one step to the "
                "next.")  # fmt: skip
    return "\n  With a single step it is wrong already, where m is - r g and no Hessian comes up."


def _judge_exact(call):
    """A loss with tiny waves: its derivatives know of them, and differences over a larger width do not."""
    one = SmallTraining(6, examples=12, new=20, hidden=2)
    width = 1e-7
    waves = lambda w: one.train_loss(w) + 0.3 * width**2 * torch.cos(w / width).sum()  # noqa: E731 (short)
    args = waves, one.validation_loss, one.start, -0.5, 4
    _, slope = call(*args)
    want = _right(*args)
    if abs(torch.as_tensor(slope).item() - want[1]) > 1e-3 * abs(want[1]):
        raise Problem("the numbers are right up to a small error, and no more than that: is a difference of two losses "
                      "or gradients divided by a small width? The derivative itself is wanted, in the dtype of the "
                      "weights: torch.autograd.grad(slope @ m, weights) is H m exactly.")  # fmt: skip
