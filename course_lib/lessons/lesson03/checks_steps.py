"""What `check` looks at in the inner step of lesson 03: the value, and its derivative. Other checks use its parts."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.func import grad

from course_lib.exercises.engine import Problem, compare
from course_lib.learners.maml import inner_step


def _leaf(*values) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def bowl(p):
    """A loss with curvature that differs from place to place: `{"w": [n], "b": [m]}` to a number."""
    return ((p["w"] - 2) ** 4).sum() / 4 + p["w"].sum() * (p["b"] ** 2).sum()


def _wave(p):
    return (p["w"] * p["b"]).sin().sum() + (p["w"] ** 2).sum()


def starts():
    """Two sets of parameters for the losses of these checks."""
    return {"w": _leaf(1.0, -0.5, 2.5), "b": _leaf(0.7)}, {"w": _leaf(0.3, 0.4), "b": _leaf(-1.2, 0.9)}


def mlp(params, x):
    """A network of one hidden layer, as a function of its parameters and inputs `[n, 1]`."""
    return (x @ params["w1"].T + params["b1"]).tanh() @ params["w2"].T + params["b2"]


def mlp_params(generator) -> dict:
    """Parameters for `mlp`, leaves that require gradients."""
    shapes = {"w1": (4, 1), "b1": (4,), "w2": (1, 4), "b2": (1,)}
    return {n: torch.randn(s, generator=generator, dtype=torch.float64).requires_grad_() for n, s in shapes.items()}


def named(result, params) -> dict:
    """The learner's result as a dict with the names and shapes of `params`, or a sentence."""
    if not isinstance(result, dict):
        kind = "nothing (None)" if result is None else f"a {type(result).__name__}"
        raise Problem(f"it should give a dict of tensors by name, as `params` is, but it gives {kind}.")
    if set(result) != set(params):
        raise Problem(f"it should have the names {list(params)}, but it has {list(result)}.")
    for name, value in result.items():
        if not isinstance(value, Tensor) or value.shape != params[name].shape:
            raise Problem(f"{name!r} should be a tensor of shape {list(params[name].shape)}, like the parameter.")
    return {name: result[name] for name in params}


#: What a derivative is compared by: `starts` has these two names.
SLOPES = ("the slope that is sent back to 'w'", "the slope that is sent back to 'b'")


def plainly(call, advice: str, own: tuple[str, ...] = ()):
    """The learner's function; what is said to an in-place step gets plainer, unless it has words of `own` in it."""

    def plainer(*args):
        try:
            return call(*args)
        except Problem as problem:
            said = str(problem)
            if any(words in said for words in own):
                raise
            if "a dict that is still needed" in said:
                raise Problem(f"{said.partition(';')[0]}. {advice}") from None
            if "in-place operation" in said or "in place" in said:
                raise Problem(f"it changes its parameters in place (-=, .data -=, copy_, ...). {advice}") from None
            raise

    return plainer


def _new(sign: float):
    """A step with a factor of its own in place of -lr."""
    return lambda loss, p, lr: {n: p[n] + sign * lr * g for n, g in grad(loss)(p).items()}


def _one_by_one(through: bool):
    """One parameter moves after the other; the gradient of a later one may go `through` the steps of earlier ones."""

    def step(loss, p, lr):
        new = dict(p)
        for name in p:
            at = new if through else {n: v.detach().requires_grad_() for n, v in new.items()}
            (g,) = torch.autograd.grad(loss(at), at[name], create_graph=True)
            new[name] = p[name] - lr * g
        return new

    return step


def _changed(change):
    """A step along a gradient that is changed; `change` gets all of them."""
    return lambda loss, p, lr: {n: p[n] - lr * g for n, g in change(grad(loss)(p)).items()}


def _shortened(most: float):
    """Gradients whose common length is at most so long."""

    def change(gradients):
        length = sum(g.square().sum() for g in gradients.values()).sqrt()
        return {n: g * (most / length).clamp(max=1) for n, g in gradients.items()}

    return change


def _to_length_one(gradients):
    length = sum(g.square().sum() for g in gradients.values()).sqrt()
    return {n: g / length for n, g in gradients.items()}


def _only(names: slice):
    """A step of some parameters alone."""

    def step(loss, p, lr):
        moving = list(p)[names]
        return {n: p[n] - lr * g if n in moving else p[n] for n, g in grad(loss)(p).items()}

    return step


_CLIPPED = ("large gradients are made smaller (clipped, or scaled to a length). Plain gradient descent takes the "
            "gradient as it is: start minus lr times gradient.")  # fmt: skip
_STEP_MISTAKES = [
    (_new(+1), "it goes *up* the slope: the loss grows. The step is start *minus* lr times gradient."),
    (lambda loss, p, lr: {n: p[n] - g for n, g in grad(loss)(p).items()}, "the inner learning rate is not used."),
    *((lambda loss, p, lr, own=own: inner_step(loss, p, own),
       f"{own} stands in the place of `lr`. Use the rate that the function is given.") for own in (0.01, 0.1)),
    (lambda loss, p, lr: {n: -lr * g for n, g in grad(loss)(p).items()},
     "this is the step alone; add it to the start."),
    (lambda loss, p, lr: grad(loss)(p), "this is the gradient. The new parameters are start minus lr times gradient."),
    (lambda loss, p, lr: dict(p), "these are the parameters as they were: no step was taken."),
    (lambda loss, p, lr: inner_step(loss, inner_step(loss, p, lr), lr), "it takes two steps; take one."),
    (lambda loss, p, lr: {n: p[n] - lr * g.sign() for n, g in grad(loss)(p).items()},
     "only the sign of the gradient is used. Its size matters."),
    (lambda loss, p, lr: {n: p[n] - lr * g for n, g in zip(p, reversed(grad(loss)(p).values()), strict=True)},
     "a parameter gets the gradient of *another* one. The gradients come in the order of the tensors that were handed "
     "to autograd.grad: pair them with names in that same order."),
    *((_one_by_one(through), "one parameter is moved after the other, so later gradients are taken where earlier ones "
                             "have moved already. Take all gradients at the start, then move.")
      for through in (True, False)),
    *((_changed(lambda gs, c=c: {n: g.clamp(-c, c) for n, g in gs.items()}), _CLIPPED)
      for c in (0.01, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)),
    *((_changed(_shortened(c)), _CLIPPED) for c in (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)),
    (_changed(lambda gs: {n: g / g.norm() for n, g in gs.items()}),
     "the gradient is divided by its length. Its size matters: start minus lr times gradient, as it is."),
    (_changed(_to_length_one),
     "the gradient is divided by its length. Its size matters: start minus lr times gradient, as it is."),
    (_changed(lambda gs: {n: g.mean().expand_as(g) for n, g in gs.items()}),
     "every number of a parameter moves by the same amount. Each has a gradient of its own: no .mean(), no .sum()."),
    (lambda loss, p, lr: {n: v - lr * loss(p) for n, v in p.items()},
     "it takes away the *loss*, not its gradient. The gradient says for each parameter which way is up."),
    *((_only(which), "only some of the parameters move. The step moves every one of them.")
      for which in (slice(1), slice(-1, None), slice(1, None), slice(-1))),
]  # fmt: skip


def judge_inner(call):
    """`inner_step`: the new weights, then whether they are a function of the start, of second order."""
    call = plainly(call, "The adapted weights are new tensors, computed from the start: p - lr * g.")
    uneven, even = starts()  # even ones first: there, gradients with wrong names have the shapes of the right ones
    far = {"w": _leaf(-4.0, 6.0), "b": _leaf(3.0, -2.0)}  # gradients above 200
    cases = [(bowl, even, 0.03), (bowl, uneven, 0.1), (_wave, even, 0.03), (bowl, far, 0.01)]

    def values(function):
        return lambda loss, params, lr: named(function(loss, params, lr), params)

    def derivative(function):
        """The step's derivative times a vector: what a later backward pass gives the start."""

        def pulled(loss, params, lr):
            new = named(function(loss, params, lr), params)
            if any(p.grad is not None for p in params.values()):
                raise Problem(
                    "it calls .backward(), which adds to the .grad of the start: the next task would find the "
                    "gradients of this one there. torch.autograd.grad returns them and leaves nothing behind."
                )
            if not all(v.requires_grad for v in new.values()):
                raise Problem(
                    "the numbers are right, but the new weights have no connection to the start: "
                    ".data, .detach() or no_grad cut it, so no meta-gradient can reach the start. "
                    "Compute p - lr * g with the tensors themselves."
                )
            total = sum((v * torch.arange(1.0, v.numel() + 1).view_as(v)).sum() for v in new.values())
            back = torch.autograd.grad(total, list(params.values()), allow_unused=True)
            if any(b is None for b in back) and not any(v.is_leaf for v in new.values()):
                raise Problem(
                    "the numbers are right, but the step was taken from a *copy* of the start (.detach(), .clone() of "
                    "the data, deepcopy), so no meta-gradient can reach the start itself. Compute the loss and "
                    "p - lr * g with the tensors of `params`."
                )
            if any(b is None for b in back):
                raise Problem(
                    "the numbers are right, but the new weights are fresh leaves: .requires_grad_() on a copy makes a "
                    "new start, not a function of the old one. Leave it out, and do not detach."
                )
            return back

        return pulled

    def first_order(loss, params, lr):
        return inner_step(loss, params, lr, order=1)

    def start_cut(loss, params, lr):
        return {n: new - params[n] + params[n].detach() for n, new in inner_step(loss, params, lr).items()}

    compare(values(call), values(inner_step), cases, [(values(f), text) for f, text in _STEP_MISTAKES])
    compare(derivative(call), derivative(inner_step), cases, [
        (derivative(first_order),
         "the numbers are right, but the gradient is a constant in the result: `create_graph=True` is missing, or the "
         "gradient was detached. This is first order by accident."),
        (derivative(start_cut),
         "the numbers are right, but the start is a constant in the result (p.detach() or p.data): only the way "
         "through the gradient is left. Write p - lr * g with p itself."),
    ], SLOPES)  # fmt: skip
