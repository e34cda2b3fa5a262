"""What `check` looks at in the meta-gradients of lesson 03 and in the learner's test of them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import grad

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem, compare
from course_lib.learners.maml import MAML, inner_step
from course_lib.lessons.lesson03.bug_hunt import BUGS, SUSPECTS
from course_lib.lessons.lesson03.checks_steps import bowl, named, plainly, starts
from course_lib.lessons.lesson03.meta_gradient import first_order_meta_gradient, quadratic_meta_gradient
from course_lib.tasks import Sinusoids


def _quadratic_cases():
    generator = torch.Generator().manual_seed(0)
    for n, lr, steps in ((2, 0.1, 1), (3, 0.3, 1), (3, 0.2, 3)):
        a, b = torch.randn(2, n, n, generator=generator, dtype=torch.float64)
        theta, c, d = torch.randn(3, n, generator=generator, dtype=torch.float64)
        yield theta, (a @ a.T, c), (b @ b.T, d), lr, steps


def _factors(theta, support, query, lr, steps, factor, at=None):
    """`factor` times the query gradient, `steps` times, at the adapted point or at another."""
    H_q, c_q = query
    for _ in range(steps):
        theta = theta - lr * support[0] @ (theta - support[1])
    gradient = H_q @ ((theta if at is None else at) - c_q)
    for _ in range(steps):
        gradient = factor(gradient)
    return gradient


_QUADRATIC_MISTAKES = [
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: g),
     "the factor I - lr H is missing: this is the first-order approximation."),
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: g - lr * s[0] @ g, at=t),
     "the query gradient is taken at the wrong point: at the start. It belongs to the adapted parameters."),
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: g + lr * s[0] @ g),
     "the factor is I *minus* lr H: a step goes down the slope."),
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: g - lr * q[0] @ g),
     "the factor holds the curvature of the query loss. The step was taken on the support loss: use its H."),
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: g - s[0] @ g), "the factor is I - lr H; lr is missing."),
    (lambda t, s, q, lr, k: _factors(t, s, q, lr, k, lambda g: -lr * s[0] @ g),
     "this is only the second-order term. The I of I - lr H is missing."),
    (lambda t, s, q, lr, k: quadratic_meta_gradient(t, q, s, lr, k), "support and query loss are exchanged."),
    (lambda t, s, q, lr, k: quadratic_meta_gradient(t, s, q, lr),
     "it is right for one step. With `steps` steps, step so often, and multiply by I - lr H once for each."),
    (lambda t, s, q, lr, k: _once(t, s, q, lr, k),
     "it is right for one step. Each step has a factor I - lr H of its own: multiply `steps` times."),
    (lambda t, s, q, lr, k: 2 * quadratic_meta_gradient(t, s, q, lr, k),
     "it is twice too large: the loss has a half in front, so its gradient is H (theta - c)."),
]  # fmt: skip


def _once(theta, support, query, lr, steps):
    gradient = _factors(theta, support, query, lr, steps, lambda g: g)
    return gradient - lr * support[0] @ gradient


def _first_cases():
    for params, lr in zip(starts(), (0.1, 0.03), strict=True):
        yield bowl, lambda p: (p["w"] ** 2 * p["b"]).sum() + p["b"].sum().exp(), params, lr


def _exact(support_loss, query_loss, params, lr):
    return grad(lambda p: query_loss(inner_step(support_loss, p, lr)))(params)


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
    (lambda s, q, p, lr: grad(q)({n: p[n] + lr * g for n, g in grad(s)(p).items()}),
     "the inner step goes up the slope; it is start *minus* lr times gradient."),
]  # fmt: skip


def judge_quadratic(call):
    """`quadratic_meta_gradient`: one step and three."""
    compare(call, quadratic_meta_gradient, _quadratic_cases(), _QUADRATIC_MISTAKES)


def judge_first(call):
    """`first_order_meta_gradient`: the gradient at the adapted weights, not through the step."""
    call = plainly(call, "Use inner_step, which makes new tensors.")

    def values(function):
        return lambda s, q, params, lr: named(function(s, q, params, lr), params)

    compare(values(call), values(first_order_meta_gradient), _first_cases(),
            [(values(f), text) for f, text in _FIRST_MISTAKES])  # fmt: skip


def _by_library(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """A sound one in another style: all tasks at once, by torch.func."""
    return MAML(network, 1, lr).losses(episode)[1]


def judge_test(call):
    """`meta_gradient_test`: it must clear both sound learners and find something wrong with each of the four others."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    episode = Sinusoids(5, 5).sample(3, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    sound = {"B": SUSPECTS["B"], "the library's MAML": _by_library}
    for name, suspect in (sound | SUSPECTS).items():
        for p in network.parameters():
            p.grad = torch.ones_like(p)  # as left by whoever used the network before
        try:
            faults = call(suspect, network, episode, 0.1)
        except Problem as problem:
            who = name if name in sound else f"suspect {name}"
            raise Problem(f"on {who}, {problem}") from None
        if not isinstance(faults, list):
            kind = type(faults).__name__
            raise Problem(f"it should return a list of sentences, empty for a sound one, but it gives a {kind}.")
        if name in sound and faults:
            who = "suspect B" if name == "B" else name
            raise Problem(
                f"{who} was accused ({faults[0]}), but it is sound. Are old gradients cleared with network.zero_grad()"
                "? Is a tolerance so tight that rounding fails it?"
            )
        if name in BUGS and not faults:
            raise Problem(f"suspect {name} slipped through. {BUGS[name]}")
