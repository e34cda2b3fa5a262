"""What `check` looks at in the inner and the outer step of lesson 03: the value, and what the derivative of it is."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.func import grad
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import same
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03.meta_gradient import maml_outer_step
from course_lib.tasks import Sinusoids


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


def plainly(call, advice: str):
    """The learner's function; PyTorch's refusal of an in-place step gets a plainer sentence."""

    def plainer(*args):
        try:
            return call(*args)
        except Problem as problem:
            if "in-place operation" in str(problem) or "in place" in str(problem):
                raise Problem(f"it changes its parameters in place (-=, .data -=, copy_, ...). {advice}") from None
            raise

    return plainer


def _new(sign: float):
    """A step with a factor of its own in place of -lr."""
    return lambda loss, p, lr: {n: p[n] + sign * lr * g for n, g in grad(loss)(p).items()}


_STEP_MISTAKES = [
    (_new(+1), "it goes *up* the slope: the loss grows. The step is start *minus* lr times gradient."),
    (lambda loss, p, lr: {n: p[n] - g for n, g in grad(loss)(p).items()}, "the inner learning rate is not used."),
    (lambda loss, p, lr: {n: -lr * g for n, g in grad(loss)(p).items()},
     "this is the step alone; add it to the start."),
    (lambda loss, p, lr: grad(loss)(p), "this is the gradient. The new parameters are start minus lr times gradient."),
    (lambda loss, p, lr: dict(p), "these are the parameters as they were: no step was taken."),
    (lambda loss, p, lr: inner_step(loss, inner_step(loss, p, lr), lr), "it takes two steps; take one."),
    (lambda loss, p, lr: {n: p[n] - lr * g.sign() for n, g in grad(loss)(p).items()},
     "only the sign of the gradient is used. Its size matters."),
]  # fmt: skip


def judge_inner(call):
    """`inner_step`: the new weights, then whether they are a function of the start, of second order."""
    call = plainly(call, "The adapted weights are new tensors, computed from the start: p - lr * g.")
    cases = [(loss, params, lr) for loss in (bowl, _wave) for params, lr in zip(starts(), (0.1, 0.03), strict=True)
             if loss is bowl or params["w"].shape == params["b"].shape]  # fmt: skip

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
            if any(b is None for b in back):
                raise Problem(
                    "the numbers are right, but the new weights are fresh leaves: .requires_grad_() on a copy makes a "
                    "new start, not a function of the old one. Leave it out, and do not detach."
                )
            return back

        return pulled

    def first_order(loss, params, lr):
        return inner_step(loss, params, lr, order=1)

    compare(values(call), values(inner_step), cases, [(values(f), text) for f, text in _STEP_MISTAKES])
    compare(derivative(call), derivative(inner_step), cases, [(
        derivative(first_order),
        "the numbers are right, but the gradient is a constant in the result: `create_graph=True` is missing, or the "
        "gradient was detached. This is first order by accident.",
    )], SLOPES)  # fmt: skip


def _mlp(params, x):
    return (x @ params["w1"].T + params["b1"]).tanh() @ params["w2"].T + params["b2"]


def _outer_cases():
    generator = torch.Generator().manual_seed(0)
    for n_tasks, shot, rates in ((3, 4, (0.1, 0.02)), (2, 5, (0.05, 0.3))):
        shapes = {"w1": (4, 1), "b1": (4,), "w2": (1, 4), "b2": (1,)}
        params = {n: torch.randn(s, generator=generator, dtype=torch.float64).requires_grad_()
                  for n, s in shapes.items()}  # fmt: skip
        yield _mlp, params, Sinusoids(shot, 6).sample(n_tasks, generator).map(lambda t: t.double()), *rates


def _wrong(adapt="support", judge="query", order=2, mean=True, swap=False, carry=False, last=False, at="start", sign=1):
    """Algorithm 2 with one mistake; see `maml_outer_step` for the right one."""

    def step(network, params, episode, inner_lr, outer_lr):
        if swap:
            inner_lr, outer_lr = swap(inner_lr, outer_lr)
        now, losses = params, []
        for i in range(episode.n_tasks):
            sets = {"support": (episode.support_x[i], episode.support_y[i]),
                    "query": (episode.query_x[i], episode.query_y[i])}  # fmt: skip

            def loss(p, part, sets=sets):
                return F.mse_loss(network(p, sets[part][0]), sets[part][1])

            here = now if carry else params
            adapted = inner_step(lambda p, f=loss: f(p, adapt), here, inner_lr, order) if adapt else here
            now = adapted
            losses.append(loss(adapted, judge))
        outer = losses[-1] if last else sum(losses) / (len(losses) if mean else 1)
        gradient = torch.autograd.grad(outer, list(params.values()))
        base = params if at == "start" else now
        return {n: p - sign * outer_lr * g for (n, p), g in zip(base.items(), gradient, strict=True)}, outer

    return step


_OUTER_MISTAKES = [
    (_wrong(mean=False), "the losses of the tasks are added up. Take their mean, or the step grows with the "
                         "meta-batch."),
    (_wrong(swap=lambda i, o: (o, i)), "the two learning rates are exchanged: inner_lr is for adapting, outer_lr "
                                       "moves the start."),
    (_wrong(swap=lambda i, o: (i, i)), "inner_lr moves the start too. The outer step has its own rate, outer_lr."),
    (_wrong(swap=lambda i, o: (o, o)), "outer_lr is used in the inner loop. Adapting has its own rate, inner_lr."),
    (_wrong(adapt="query"), "the query set is used in the inner loop. A task adapts to its support set; the query set "
                            "is there to judge."),
    (_wrong(judge="support"), "the outer loss is taken on the support set. The adapted weights are judged on the query "
                               "set."),
    (_wrong(adapt="query", judge="support"), "support and query set are exchanged."),
    (_wrong(order=1), "this is the first-order step: the graph of the inner gradient is missing. Use inner_step of "
                      "exercise 1, and do not detach what it returns."),
    (_wrong(adapt=None), "the query loss is taken at the start, not at the adapted weights."),
    (_wrong(carry=True), "each task starts from the adapted weights of the task before it. Every task starts at "
                         "`params`."),
    (_wrong(last=True), "only the last task counts. Add up the losses of all tasks, then divide."),
    (_wrong(at="adapted"), "the outer step is taken from adapted weights. It moves the start: params minus outer_lr "
                           "times meta-gradient."),
    (_wrong(sign=-1), "the outer step goes up the slope: params *minus* outer_lr times meta-gradient."),
]  # fmt: skip


def judge_outer(call):
    """`maml_outer_step`: start and loss after one step, twice with the same result, and no graph left."""
    call = plainly(call, "Return new parameters: p - outer_lr * g.")

    def flat(result, params):
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Problem("it should return two things: the new parameters and the outer loss.")
        return named(result[0], params), result[1]

    def flat_of(function):
        return lambda network, params, *rest: flat(function(network, params, *rest), params)

    def twice(network, params, *rest):
        first, second = call(network, params, *rest), call(network, params, *rest)
        if not same(flat(first, params), flat(second, params)):
            raise Problem(
                "called twice with the same start and tasks, it gives two results: gradients are left over from the "
                "first call. .backward() adds to .grad; clear it before, or use torch.autograd.grad."
            )
        return first

    compare(flat_of(twice), flat_of(maml_outer_step), _outer_cases(), [(flat_of(f), m) for f, m in _OUTER_MISTAKES],
            ("the new parameters", "the outer loss"))  # fmt: skip
    new, outer = call(*next(_outer_cases()))
    if any(p.grad_fn is not None for p in new.values()):
        raise Problem(
            "the numbers are right, but the new parameters still hang on the graph of this step, and each step would "
            "add to it until memory is full. Cut it: (p - outer_lr * g).detach().requires_grad_()."
        )
    if not all(p.requires_grad for p in new.values()):
        raise Problem("the new parameters do not require gradients, so the next outer step stops: .requires_grad_().")
    if isinstance(outer, Tensor) and outer.requires_grad:
        raise Problem("the loss that it returns still holds the graph; who stores it fills the memory: .detach() it.")
