"""What `check` looks at in the members of the MAML family that lesson 05 lets a learner write, and which mistakes it
knows."""

from __future__ import annotations

import torch

from course_lib.exercises.engine import Problem, compare
from course_lib.learners.maml import inner_step, partial_step
from course_lib.learners.reptile import reptile_step
from course_lib.lessons.lesson03.checks_steps import SLOPES, bowl, named, plainly, starts
from course_lib.lessons.lesson05.toy import implicit_meta_gradient


def _reptile_cases():
    generator = torch.Generator().manual_seed(0)
    for n, rate in ((3, 0.2), (4, 0.1), (2, 0.7)):
        draw = torch.randn(n + 1, 5, generator=generator, dtype=torch.float64)
        start, *ends = ({"w": d[:4].view(2, 2), "b": d[4:]} for d in draw)
        yield start, ends, rate


def _one_by_one(start, ends, rate):
    for end in ends:
        start = {name: p + rate * (end[name] - p) for name, p in start.items()}
    return start


def _mean(ends, name):
    return torch.stack([end[name] for end in ends]).mean(0)


_REPTILE_MISTAKES = [
    (lambda s, e, r: {n: p - r * (_mean(e, n) - p) for n, p in s.items()},
     "it goes away from where the tasks ended. Displacement is end minus start, and the step goes along it."),
    (lambda s, e, r: {n: p + r * sum(end[n] - p for end in e) for n, p in s.items()},
     "the displacements are added up. Take their mean, or the step grows with the meta-batch."),
    (lambda s, e, r: {n: _mean(e, n) for n in s}, "it goes all the way to the mean of the ends: rate is not used."),
    (lambda s, e, r: {n: r * (_mean(e, n) - p) for n, p in s.items()}, "this is the step alone; add it to the start."),
    (lambda s, e, r: {n: p + r * _mean(e, n) for n, p in s.items()},
     "it adds the ends themselves. What is added is the displacement: end minus start."),
    (lambda s, e, r: {n: p + r * (e[-1][n] - p) for n, p in s.items()}, "only the last task counts. Take the mean."),
    (_one_by_one, "the start moves after each task, so later tasks count more. That is the paper's serial version. "
                  "Here all displacements are from the same start, and their mean is one step."),
    (lambda s, e, r: {n: (1 - r) * _mean(e, n) + r * p for n, p in s.items()},
     "rate and 1 - rate are exchanged: with a rate of 0 the start should stay where it is."),
]  # fmt: skip


def judge_reptile(call):
    """`reptile_step`: the mean displacement, for several numbers of tasks."""
    call = plainly(call, "Return new tensors: p + rate * displacement.")

    def values(function):
        return lambda start, ends, rate: named(function(start, ends, rate), start)

    mistakes = [(values(f), text) for f, text in _REPTILE_MISTAKES]
    compare(values(call), values(reptile_step), _reptile_cases(), mistakes)


def _stays_constant(loss, params, lr, moving):
    """The right numbers, but what stays has been cut off from the outer gradient."""
    still = {name: p.detach() for name, p in params.items()}
    return partial_step(loss, still | {name: params[name] for name in moving}, lr, moving)


_PARTIAL_MISTAKES = [
    (lambda loss, p, lr, moving: inner_step(loss, p, lr),
     "everything moves. Only the names in `moving` take the step."),
    (lambda loss, p, lr, moving: partial_step(loss, p, lr, [n for n in p if n not in moving]),
     "the wrong part moves: it is the names in `moving` that take the step."),
    (lambda loss, p, lr, moving: partial_step(loss, p, -lr, moving),
     "it goes *up* the slope. The step is start *minus* lr times gradient."),
    (lambda loss, p, lr, moving: dict(p), "these are the parameters as they were: no step was taken."),
    (lambda loss, p, lr, moving: partial_step(loss, p, 1.0, moving), "the inner learning rate is not used."),
]  # fmt: skip


def judge_partial(call):
    """`partial_step`: what moves, what stays, and that a later backward pass reaches both."""
    call = plainly(call, "Return new tensors: p - lr * g.")
    cases = [(bowl, params, lr, moving) for params, lr in zip(starts(), (0.1, 0.03), strict=True)
             for moving in (["w"], ["b"])]  # fmt: skip

    def all_names(loss, params, lr, moving):
        result = call(loss, params, lr, moving)
        if isinstance(result, dict) and set(result) == set(moving) != set(params):
            raise Problem("it returns only what has moved. The network needs all parameters: params | new.")
        return named(result, params)

    def values(function):
        return lambda loss, params, lr, moving: named(function(loss, params, lr, moving), params)

    def derivative(function):
        """What a later loss, a sum with weights of the result times itself, sends back to each parameter."""

        def pulled(loss, params, lr, moving):
            new = named(function(loss, params, lr, moving), params)
            if not any(v.requires_grad for v in new.values()):
                raise Problem(
                    "the numbers are right, but nothing is connected to the start any more: .detach(), .data or "
                    "no_grad cut it, and the outer gradient cannot pass."
                )
            back = torch.autograd.grad(bowl(new), list(params.values()), allow_unused=True)
            return tuple(torch.zeros_like(p) if b is None else b for b, p in zip(back, params.values(), strict=True))

        return pulled

    compare(all_names, values(partial_step), cases, [(values(f), text) for f, text in _PARTIAL_MISTAKES])
    compare(derivative(call), derivative(partial_step), cases, [
        (derivative(_stays_constant),
         "the numbers are right, but what stays is cut off from the outer loop: it was detached. ANIL does not adapt "
         "the body in the inner loop; the outer loop still has to learn it."),
        (derivative(lambda *args: partial_step(*args, order=1)),
         "the numbers are right, but the inner gradient is a constant: this is first order. With "
         "torch.autograd.grad use create_graph=True."),
    ], SLOPES)  # fmt: skip


def _implicit_cases():
    generator = torch.Generator().manual_seed(0)
    for n, strength in ((2, 2.0), (3, 0.5), (3, 1.5)):
        a, b = torch.randn(2, n, n, generator=generator, dtype=torch.float64)
        theta, c, d = torch.randn(3, n, generator=generator, dtype=torch.float64)
        yield theta, (a @ a.T, c), (b @ b.T, d), strength


def _implicit(theta, support, query, strength, at="pulled", system=lambda H, s: torch.eye(len(H)).to(H) + H / s,
              product=torch.linalg.solve):  # fmt: skip
    """`implicit_meta_gradient` with one thing otherwise."""
    (H, c), (H_q, c_q) = support, query
    eye = torch.eye(len(theta)).to(theta)
    places = {"pulled": torch.linalg.solve(H + strength * eye, H @ c + strength * theta), "start": theta, "lowest": c,
              "inverse": torch.linalg.solve(strength * H + eye, strength * H @ c + theta)}  # fmt: skip
    return product(system(H, strength), H_q @ (places[at] - c_q))


_IMPLICIT_MISTAKES = [
    (lambda t, s, q, k: _implicit(t, s, q, k, system=lambda H, k: torch.eye(len(H)).to(H)),
     "this is the gradient of the query loss at the adapted weights: first order. Solve (I + H / strength) g = it."),
    (lambda t, s, q, k: _implicit(t, s, q, k, at="start"),
     "the query gradient is taken at the start. Adapt first: go to the lowest point of the loss with the pull."),
    (lambda t, s, q, k: _implicit(t, s, q, k, at="lowest"),
     "adapting ends at the lowest point of the support loss alone. The pull holds it back: it is in the slope that "
     "must be 0."),
    (lambda t, s, q, k: _implicit(t, s, q, k, system=lambda H, k: torch.eye(len(H)).to(H) + k * H),
     "the matrix is I + H / strength. With strength * H, a stronger pull would let the start matter less."),
    (lambda t, s, q, k: _implicit(t, s, q, k, "inverse", lambda H, k: torch.eye(len(H)).to(H) + k * H),
     "strength stands at the support loss. It belongs to the pull: loss + strength / 2 * |adapted - theta|^2."),
    (lambda t, s, q, k: _implicit(t, s, q, k, product=torch.matmul),
     "it multiplies by I + H / strength. The gradient is what this matrix takes to the query gradient: solve the "
     "system."),
    (lambda t, s, q, k: _implicit(t, s, q, k, system=lambda H, k: torch.eye(len(H)).to(H) + q[0] / k),
     "the matrix holds the curvature of the query loss. It was the support loss that was adapted to: use its H."),
    (lambda t, s, q, k: implicit_meta_gradient(t, s, q, k) / k,
     "it is `strength` times too small: the matrix is I + H / strength, not H + strength I."),
    (lambda t, s, q, k: implicit_meta_gradient(t, q, s, k), "support and query loss are exchanged."),
]  # fmt: skip


def judge_implicit(call):
    """`implicit_meta_gradient` of quadratics."""
    compare(call, implicit_meta_gradient, _implicit_cases(), _IMPLICIT_MISTAKES)
