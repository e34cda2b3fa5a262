"""What `check` looks at in the first-order meta-gradient of lesson 03, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch.func import grad
from torch.nn import functional as F

from course_lib.exercises.engine import compare
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03.checks_steps import bowl, mlp, mlp_params, named, plainly, starts
from course_lib.lessons.lesson03.meta_gradient import first_order_meta_gradient
from course_lib.tasks import Sinusoids


def _first_cases():
    for params, lr in zip(starts(), (0.1, 0.03), strict=True):
        yield bowl, lambda p: (p["w"] ** 2 * p["b"]).sum() + p["b"].sum().exp(), params, lr
    generator = torch.Generator().manual_seed(0)
    params = mlp_params(generator)
    task = Sinusoids(5, 6).sample(1, generator).map(lambda t: t.double())
    sets = [task.support_x[0], task.support_y[0]], [task.query_x[0], task.query_y[0]]
    yield *((lambda p, x=x, y=y: F.mse_loss(mlp(p, x), y)) for x, y in sets), params, 0.1


def _exact(support_loss, query_loss, params, lr):
    return grad(lambda p: query_loss(inner_step(support_loss, p, lr)))(params)


def _at(adapted, loss=lambda s, q: q):
    """The gradient of the query loss, or of another, at weights that were adapted in another way."""
    return lambda s, q, p, lr: grad(loss(s, q))({n: v.detach() for n, v in adapted(s, q, p, lr).items()})


def _moving(which):
    """Weights of which only those that `which(place, parameter)` names have moved."""

    def adapted(s, q, p, lr):
        new = inner_step(s, p, lr)
        return {n: new[n] if which(i, p[n], len(p)) else p[n] for i, n in enumerate(p)}

    return adapted


def _left_out(sign):
    """The term that is left out, v times lr H; with the sign that it would have, or the other."""

    def term(s, q, p, lr):
        exact, first = _exact(s, q, p, lr), first_order_meta_gradient(s, q, p, lr)
        return {n: sign * (first[n] - exact[n]) for n in p}

    return term


def _sum(one, other):
    return lambda s, q, p, lr: {n: g + other(s, q, p, lr)[n] for n, g in one(s, q, p, lr).items()}


_UP = "the inner step goes up the slope; it is start *minus* lr times gradient."
_SOME = "only some of the parameters take the inner step ({}). Every one of them adapts: weights and biases."
_TERM = "this is the term that first order leaves *out*. Return v, the query gradient at the adapted weights, alone."
_FIRST_MISTAKES = [
    (_exact, "this is the exact meta-gradient: it differentiates through the step. Detach the adapted weights, then "
             "take the gradient with respect to *them*."),
    (lambda s, q, p, lr: grad(q)(p), "the gradient is taken at the wrong point: at the start. Adapt first."),
    (lambda s, q, p, lr: grad(s)(inner_step(s, p, lr)), "this is the gradient of the support loss. The outer loss is "
                                                        "that of the query set."),
    (lambda s, q, p, lr: grad(q)(inner_step(q, p, lr)), "the query loss is used in the inner loop: adapt with "
                                                        "support_loss."),
    (lambda s, q, p, lr: {n: p[n] - lr * g for n, g in first_order_meta_gradient(s, q, p, lr).items()},
     "it takes the outer step as well. Return the gradient alone."),
    (lambda s, q, p, lr: {n: p[n] - new for n, new in inner_step(s, p, lr).items()},
     "this is how far the weights moved while adapting (Reptile, lesson 05). The query loss is not used."),
    (_at(lambda s, q, p, lr: inner_step(s, p, -lr)), _UP),
    (_at(lambda s, q, p, lr: inner_step(s, p, 1)), "lr is missing in the inner step: start minus *lr times* gradient."),
    (_at(lambda s, q, p, lr: grad(s)(p)), "the query gradient is taken at the support gradient itself. Adapt first: "
                                          "start minus lr times gradient."),
    (_at(lambda s, q, p, lr: inner_step(s, inner_step(s, p, lr), lr)), "it takes two inner steps; take one."),
    (_at(lambda s, q, p, lr: inner_step(q, p, lr), lambda s, q: s),
     "support and query loss are exchanged: adapt with support_loss, and take the gradient of query_loss."),
    (lambda s, q, p, lr: {n: lr * g for n, g in first_order_meta_gradient(s, q, p, lr).items()},
     "it is multiplied by lr, so it is a step. Return the gradient itself."),
    (lambda s, q, p, lr: {n: -lr * g for n, g in first_order_meta_gradient(s, q, p, lr).items()},
     "it is multiplied by -lr, so it is a step. Return the gradient itself."),
    (lambda s, q, p, lr: grad(s)(p),
     "this is the gradient of the *support* loss at the start: (start - adapted) / lr is the same. The query loss is "
     "not used."),
    (lambda s, q, p, lr: {n: (g - p[n]) / lr for n, g in inner_step(s, p, lr).items()},
     "this is minus the gradient of the *support* loss at the start. The query loss is not used."),
    (lambda s, q, p, lr: inner_step(s, p, lr), "these are the adapted weights. Return the gradient of the query loss "
                                               "with respect to them."),
    (lambda s, q, p, lr: inner_step(q, inner_step(s, p, lr), lr),
     "these are weights after a step. Return the gradient of the query loss at the adapted weights."),
    (_sum(lambda s, q, p, lr: grad(s)(p), first_order_meta_gradient),
     "it is the sum of the support gradient and the query gradient. .backward() adds to .grad: clear it in between, or "
     "use torch.autograd.grad."),
    (_sum(lambda s, q, p, lr: grad(s)(p), _exact),
     "it is the sum of the support gradient and the query gradient, and it goes through the step. .backward() adds to "
     ".grad: clear it in between, or use torch.autograd.grad."),
    *((_left_out(sign), _TERM) for sign in (1, -1)),
    (_at(_moving(lambda i, p, k: p.dim() > 1)), _SOME.format("matrices")),
    (_at(_moving(lambda i, p, k: p.dim() < 2)), _SOME.format("biases")),
    (_at(_moving(lambda i, p, k: i == 0)), _SOME.format("the first")),
    (_at(_moving(lambda i, p, k: i == k - 1)), _SOME.format("the last")),
    (_at(_moving(lambda i, p, k: i >= k - 2)), _SOME.format("the last two, as in ANIL of lesson 05")),
]  # fmt: skip


def judge_first(call):
    """`first_order_meta_gradient`: the gradient at the adapted weights, not through the step."""
    call = plainly(call, "Use inner_step, which makes new tensors.")

    def values(function):
        return lambda s, q, params, lr: named(function(s, q, params, lr), params)

    compare(values(call), values(first_order_meta_gradient), _first_cases(),
            [(values(f), text) for f, text in _FIRST_MISTAKES])  # fmt: skip
