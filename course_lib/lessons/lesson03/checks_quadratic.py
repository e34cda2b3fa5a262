"""What `check` looks at in the meta-gradient of quadratic losses of lesson 03, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.exercises.demands import without_autograd
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.lessons.lesson03.meta_gradient import quadratic_meta_gradient


def _quadratic_cases():
    generator = torch.Generator().manual_seed(0)

    def bowls(n, lr, steps):
        a, b = torch.randn(2, n, n, generator=generator, dtype=torch.float64)
        theta, c, d = torch.randn(3, n, generator=generator, dtype=torch.float64)
        return theta, (a @ a.T, c), (b @ b.T, d), lr, steps

    plain = torch.tensor([[4.0, 1.0], [1.0, 2.0]]), torch.tensor([-1.0, 1.0])
    single = torch.tensor([[4.0]]), torch.tensor([-1.0])
    return {
        "two parameters and one step": bowls(2, 0.1, 1),
        "a call without `steps`, which is then 1": (*bowls(2, 0.1, 1)[:4], None),
        "numbers in float32, which the next section has": (torch.tensor([0.5, 0.2]), plain, plain, 0.2, 1),
        "three parameters and one step": bowls(3, 0.3, 1),
        "three parameters and three steps": bowls(3, 0.2, 3),
        "one parameter, as in the next section": (torch.tensor([0.5]), single, single, 0.2, 1),
    }


def _as_called(function):
    """The function, called as the lesson does: `steps` by its name, or not at all."""

    def called(theta, support, query, lr, steps):
        by_name = {} if steps is None else {"steps": steps}
        try:
            return function(theta, support, query, lr, **by_name)
        except Stopped as problem:
            if "dtype" in str(problem):
                raise Stopped(f"{problem}\n  torch.eye, zeros and others make float32 unless they are told another "
                              "type, and the numbers here may be of either: dtype=theta.dtype.") from None  # fmt: skip
            if "missing 1 required positional argument: 'steps'" in str(problem):
                raise Problem("the lesson calls it without `steps` too, for one step. Keep the default in its first "
                              "line: steps=1.") from None  # fmt: skip
            raise

    return called


def _adapt(theta, support, lr, steps):
    for _ in range(steps):
        theta = theta - lr * support[0] @ (theta - support[1])
    return theta


def _eye(H):
    return torch.eye(len(H), dtype=H.dtype)


def _factors(factor, at=_adapt, more=0, slope=lambda q, t: q[0] @ (t - q[1])):
    """`factor(g, H_s, H_q, lr)` times the query gradient, `steps` times and `more`, at the adapted point or another."""

    def gradient(theta, support, query, lr, steps=1):
        g = slope(query, at(theta, support, lr, steps))
        for _ in range(steps + more):
            g = factor(g, support[0], query[0], lr)
        return g

    return gradient


def _right(g, H, H_q, lr):
    return g - lr * H @ g


def _once(change):
    """`change(g, H, lr, steps)` of the query gradient at the adapted point, once."""

    def gradient(theta, support, query, lr, steps=1):
        g = query[0] @ (_adapt(theta, support, lr, steps) - query[1])
        return change(g, support[0], lr, steps)

    return gradient


def _half_kept(inner, outer):
    """The half of the loss is kept in the gradient of the inner loop, or of the query loss, or of both."""

    def gradient(theta, support, query, lr, steps=1):
        adapted = _adapt(theta, support, lr * inner, steps)
        g = outer * query[0] @ (adapted - query[1])
        for _ in range(steps):
            g = g - lr * support[0] @ g
        return g

    return gradient


def _mixed(theta, support, query, lr, steps=1):
    adapted = _adapt(theta, support, lr, steps)
    return query[0] @ torch.linalg.matrix_power(_eye(query[0]) - lr * support[0], steps) @ (adapted - query[1])


def _one_long_step(theta, support, query, lr, steps=1):
    """Point and factor of a single step, `steps` times as long."""
    return quadratic_meta_gradient(theta, support, query, lr * steps)


def _towards_zero(steps_too):
    """The step goes to H theta = 0: the c of the support loss is forgotten."""

    def gradient(theta, support, query, lr, steps=1):
        return quadratic_meta_gradient(theta, (support[0], 0 * support[1]), query, lr, steps if steps_too else 1)

    return gradient


def _brackets(inner, outer):
    """H theta - c for H (theta - c), in the inner loop or in the query gradient."""

    def gradient(theta, support, query, lr, steps=1):
        for _ in range(steps):
            theta = theta - lr * (support[0] @ theta - support[1] if inner else support[0] @ (theta - support[1]))
        g = query[0] @ theta - query[1] if outer else query[0] @ (theta - query[1])
        return torch.linalg.matrix_power(_eye(support[0]) - lr * support[0], steps) @ g

    return gradient


_HALF = ("the half in front of the loss is kept in its gradient. (theta - c) H (theta - c) / 2 has the gradient "
         "H (theta - c): the half goes.")  # fmt: skip
_QUADRATIC_MISTAKES = [
    (_factors(lambda g, *_: g), "the factor I - lr H is missing: this is the first-order approximation."),
    (_factors(_right, at=lambda t, *_: t),
     "the query gradient is taken at the wrong point: at the start. It belongs to the adapted parameters."),
    (_factors(lambda g, H, H_q, lr: g + lr * H @ g), "the factor is I *minus* lr H: a step goes down the slope."),
    (_factors(lambda g, H, H_q, lr: g - lr * H_q @ g),
     "the factor holds the curvature of the query loss. The step was taken on the support loss: use its H."),
    (_factors(lambda g, H, H_q, lr: g - H @ g), "the factor is I - lr H; lr is missing."),
    (_factors(lambda g, H, H_q, lr: -lr * H @ g),
     "this is only the second-order term. The I of I - lr H is missing."),
    (_factors(lambda g, H, H_q, lr: (1 - lr * H) @ g),
     "1 - lr * H takes every entry of the matrix from 1. I is the identity matrix, torch.eye(n): 1 on the diagonal, 0 "
     "elsewhere."),
    (_factors(lambda g, H, H_q, lr: g - lr * H.diagonal() * g),
     "only the diagonal of H is used. The factor is a matrix: lr * H @ g."),
    (lambda t, s, q, lr, steps=1: torch.Size([len(t), len(t)]),
     "it gives a matrix, n times n, and the gradient has n numbers. Does * stand where @ belongs? * multiplies entry "
     "by entry, @ adds up along a row."),
    (lambda t, s, q, lr, steps=1: torch.Size([]),
     "it gives one number, as the loss is. Its derivative has a number for each parameter: [n]."),
    *((_brackets(i, o), "brackets are missing: the gradient of a loss is H (theta - c), not H theta - c.")
      for i, o in ((True, True), (True, False), (False, True))),
    (_one_long_step, "it takes one step of `steps` times the length. Take `steps` steps: the gradient is another one "
                     "after each, and each has its factor I - lr H."),
    *((_towards_zero(steps_too), "the c of the support loss is forgotten in the step: its gradient is H (theta - c), "
                                 "so a step goes towards c and not towards 0.") for steps_too in (True, False)),
    (_factors(_right, more=1), "there is one factor I - lr H too many: one for each step."),
    (_factors(_right, more=-1), "there is one factor I - lr H too few: one for each step."),
    (_factors(_right, at=lambda t, s, lr, k: _adapt(t, s, lr, k + 1)),
     "it takes one adaptation step too many: the factors are right, the point is not."),
    (_factors(_right, at=lambda t, s, lr, k: _adapt(t, s, -lr, k)),
     "the adaptation step goes *up* the slope: theta minus lr H (theta - c)."),
    (_factors(_right, at=lambda t, s, lr, k: _adapt(t, s, 1, k)),
     "lr is missing in the adaptation step: theta minus lr H (theta - c)."),
    (_factors(_right, slope=lambda q, t: t - q[1]),
     "the query gradient is H (theta' - c), with the H of the query loss; that H is missing."),
    (lambda t, s, q, lr, steps=1: quadratic_meta_gradient(t, s, (s[0], q[1]), lr, steps),
     "the query gradient has the H of the support loss. Each loss has an H of its own."),
    (lambda t, s, q, lr, steps=1: quadratic_meta_gradient(t, s, (q[0], s[1]), lr, steps),
     "the query gradient has the lowest point c of the support loss. Each loss has a c of its own."),
    (lambda t, s, q, lr, steps=1: quadratic_meta_gradient(t, s, s, lr, steps),
     "it is the gradient of the *support* loss after adapting. The outer loss is that of the query set."),
    (lambda t, s, q, lr, steps=1: quadratic_meta_gradient(t, q, s, lr, steps), "support and query loss are exchanged."),
    (_mixed, "matrices stand in the wrong order: first H_q times (theta' - c_q), then the factors, from the left."),
    (_once(lambda g, H, lr, k: (_eye(H) - lr * H) ** k @ g),
     "** takes the power of each entry by itself. A power of a matrix is torch.linalg.matrix_power, or multiply by it "
     "in a loop."),
    (_once(lambda g, H, lr, k: g - k * lr * H @ g),
     "`steps` factors I - lr H are multiplied, which is not I - steps * lr H: that is what the first terms give."),
    (lambda t, s, q, lr, steps=1: quadratic_meta_gradient(t, s, q, lr),
     "it is right for one step. With `steps` steps, step so often, and multiply by I - lr H once for each."),
    (_once(lambda g, H, lr, k: g - lr * H @ g),
     "it is right for one step. Each step has a factor I - lr H of its own: multiply `steps` times."),
    (_factors(_right, at=lambda t, s, lr, k: _adapt(t, s, lr, 1)),
     "it has `steps` factors, but it takes a single adaptation step: take `steps` of them too."),
    (lambda t, s, q, lr, steps=1: 2 * quadratic_meta_gradient(t, s, q, lr, steps),
     "it is twice too large: the loss has a half in front, so its gradient is H (theta - c)."),
    *((_half_kept(i, o), _HALF) for i, o in ((0.5, 0.5), (0.5, 1), (1, 0.5))),
]  # fmt: skip


def judge_quadratic(call):
    """`quadratic_meta_gradient`: one step and three, in both precisions, worked out by hand."""
    cases, mine = _quadratic_cases(), _as_called(call)
    right = _as_called(quadratic_meta_gradient)
    compare(mine, right, cases, [(_as_called(formula), text) for formula, text in _QUADRATIC_MISTAKES])
    exact, *_ = cases.values()
    found = mine(*exact)
    if found.dtype == torch.float32:
        raise Problem(
            "it computes in float32 though what it is given is float64: only seven digits of the result are right, too "
            "few to compare with autograd below. Leave the dtype as it is: no .float(), torch.eye(n, dtype=H.dtype)."
        )
    without_autograd(
        mine,
        "the numbers are right, but they are autograd's. Here the derivative is worked out by hand; the next cell "
        "compares it with autograd. The gradient of a loss is H (theta - c), and a step has the derivative I - lr H.",
    )(*exact)
