"""Lesson 05's checks of outer steps and gradients: each usual mistake gets its own hint, other styles pass."""

import pytest
import torch
from torch.func import grad

from course_lib.exercises import check
from course_lib.learners.maml import inner_step, partial_step
from course_lib.lessons.lesson05.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused, assert_solved
from tests.lessons.lesson03.test_exercises_03 import gradients, named


def mean(values):
    return torch.stack(list(values)).mean(0)


def loop_reptile(start, ends, rate):
    new = {}
    for name, p in start.items():
        total = torch.zeros_like(p)
        for end in ends:
            total = total + (end[name] - p)
        new[name] = p + rate * total / len(ends)
    return new


def mixed_reptile(start, ends, rate):
    return {n: (1 - rate) * p + rate * mean(e[n] for e in ends) for n, p in start.items()}


def in_place_reptile(start, ends, rate):
    for n, p in start.items():
        p += rate * mean(e[n] - p for e in ends)
    return start


def into_the_dict(start, ends, rate):
    for n in start:
        start[n] = start[n] + rate * mean(e[n] - start[n] for e in ends)
    return start


def into_the_ends(start, ends, rate):
    total = ends[0]
    for end in ends[1:]:
        for n in total:
            total[n] += end[n]
    return {n: p + rate * (total[n] / len(ends) - p) for n, p in start.items()}


def serial(start, ends, rate):
    now = dict(start)
    for end in ends:
        now = {n: p + rate * (end[n] - p) for n, p in now.items()}
    return now


def some(loss, params, lr, moving, keep=lambda p: p, **options):
    found = torch.autograd.grad(loss(params), [params[n] for n in moving], **({"create_graph": True} | options))
    new = {n: params[n] - lr * g for n, g in zip(moving, found, strict=True)}
    return {n: new.get(n, keep(p)) for n, p in params.items()}


def masked(loss, params, lr, moving):
    return {n: p - lr * g if n in moving else p for (n, p), g in
            zip(params.items(), gradients(loss, params, create_graph=True).values(), strict=True)}  # fmt: skip


def in_place_step(loss, params, lr, moving):
    for n in moving:
        params[n].data -= lr * gradients(loss, params)[n]
    return params


def frozen(loss, params, lr, moving):
    still = {n: p.detach() for n, p in params.items() if n not in moving}
    step = grad(lambda part: loss(still | part))({n: params[n] for n in moving})
    return still | {n: params[n] - lr * g for n, g in step.items()}


def from_copies(loss, params, lr, moving):
    return some(loss, {n: p.detach().clone().requires_grad_() for n, p in params.items()}, lr, moving)


def halfway(loss, params, lr, moving):
    two, one = some(loss, params, lr, moving), some(loss, params, lr, moving, create_graph=False)
    return {n: (two[n] + one[n]) / 2 for n in params}


def backward(loss, params, lr, moving):
    loss(params).backward(create_graph=True)
    return {n: p - lr * p.grad if n in moving else p for n, p in params.items()}


def detached_result(loss, params, lr, moving):
    return {n: p.detach() for n, p in partial_step(loss, params, lr, moving).items()}


def implicit(theta, support, query, strength, adapted=None, system=None, solve=torch.linalg.solve, energy=None):
    (H, c), (H_q, c_q) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    if adapted is None:
        adapted = torch.linalg.inv(H + strength * eye) @ (H @ c + strength * theta)
    return solve(eye + H / strength if system is None else system(H, H_q, eye), H_q @ (adapted - c_q))


def by_autograd(theta, support, query, strength):
    start = theta.clone().requires_grad_()
    H, c = support
    adapted = torch.linalg.solve(H + strength * torch.eye(len(H)).to(H), H @ c + strength * start)
    loss = (adapted - query[1]) @ query[0] @ (adapted - query[1]) / 2
    return torch.autograd.grad(loss, start)[0]


def by_many_steps(theta, support, query, strength):
    start = theta.clone().requires_grad_()
    (H, c), (H_q, c_q), here = support, query, start
    for _ in range(300):
        here = here - 0.05 * (H @ (here - c) + strength * (here - start))
    ((here - c_q) @ H_q @ (here - c_q) / 2).backward()
    return start.grad


def other_form(theta, support, query, strength):
    (H, c), (H_q, c_q) = support, query
    inverse = torch.linalg.inv(H + strength * torch.eye(len(H)).to(H))
    return strength * inverse @ H_q @ (c + strength * inverse @ (theta - c) - c_q)


def pulled_wrong(theta, support, query, strength):
    H, c = support
    eye = torch.eye(len(H)).to(H)
    return implicit(theta, support, query, strength, torch.linalg.solve(strength * H + eye, strength * H @ c + theta),
                    lambda H, H_q, eye: eye + strength * H)  # fmt: skip


RIGHT = [
    ("reptile_step", loop_reptile),
    ("reptile_step", mixed_reptile),
    ("partial_step", some),
    ("partial_step", masked),
    ("implicit_meta_gradient", implicit),
    ("implicit_meta_gradient", other_form),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


WRONG = [
    ("reptile_step", lambda s, e, r: {n: p - r * (mean(x[n] for x in e) - p) for n, p in s.items()}, "goes away from"),
    ("reptile_step", lambda s, e, r: {n: p + r * sum(x[n] - p for x in e) for n, p in s.items()}, "are added up"),
    ("reptile_step", lambda s, e, r: {n: mean(x[n] for x in e) for n in s}, "rate is not used"),
    ("reptile_step", lambda s, e, r: {n: r * mean(x[n] - p for x in e) for n, p in s.items()}, "the step alone"),
    ("reptile_step", lambda s, e, r: {n: p + r * mean(x[n] for x in e) for n, p in s.items()}, "the ends themselves"),
    ("reptile_step", lambda s, e, r: {n: p + r * (e[-1][n] - p) for n, p in s.items()}, "only the last task"),
    ("reptile_step", serial, "serial version"),
    ("reptile_step", lambda s, e, r: mixed_reptile(s, e, 1 - r), "are exchanged"),
    ("reptile_step", in_place_reptile, "in place (-="),
    ("reptile_step", into_the_dict, "it changes `start` in place, a dict"),
    ("reptile_step", into_the_ends, "of `ends` in place"),
    ("reptile_step", lambda s, e, r: {n: p + r * (sum(x[n] for x in e) - p) for n, p in s.items()}, "ends are added"),
    ("reptile_step", lambda s, e, r: {n: p + r * (e[0][n] - p) for n, p in s.items()}, "only the first task"),
    ("reptile_step", lambda s, e, r: list(loop_reptile(s, e, r).values()), "dict of tensors by name"),
    ("partial_step", lambda loss, p, lr, moving: inner_step(loss, p, lr), "everything moves"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, lr, [n for n in p if n not in m]), "the wrong part moves"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, -lr, m), "goes *up*"),
    ("partial_step", lambda loss, p, lr, m: dict(p), "no step was taken"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, 1, m), "rate is not used"),
    ("partial_step", lambda *a: {n: p for n, p in some(*a).items() if n in a[3]}, "returns only what has moved"),
    ("partial_step", in_place_step, "in place (-="),
    ("partial_step", frozen, "cut off from the outer loop"),
    ("partial_step", lambda *a: some(*a, keep=torch.Tensor.detach), "cut off from the outer loop"),
    ("partial_step", lambda *a: some(*a, keep=torch.Tensor.detach, create_graph=False), "first order. With torch.auto"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, lr, m[:1]), "only the first name"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, lr, m[-1:]), "only the last name"),
    ("partial_step", lambda loss, p, lr, m: some(loss, p, lr, [n for n in p if n in "".join(m)]), "inside other text"),
    ("partial_step", lambda loss, p, lr, m: masked(loss, p, lr, {n for n in p if any(n.startswith(k[:-1]) for k in m)}),
     "it goes by the layer"),
    ("partial_step", from_copies, "computed from copies of `params`"),
    ("partial_step", halfway, "what the outer loss sends back to `params` is not the same"),
    ("partial_step", backward, ".backward() leaves a gradient"),
    ("partial_step", lambda *a: some(*a, create_graph=False), "this is first order"),
    ("partial_step", detached_result, "nothing is connected"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, s, q, k, system=lambda H, H_q, eye: eye), "first order"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, s, q, k, t), "taken at the start"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, s, q, k, s[1]), "of the support loss alone"),
    ("implicit_meta_gradient",
     lambda t, s, q, k: implicit(t, s, q, k, system=lambda H, H_q, eye: eye + k * H), "the matrix is I + H / strength"),
    ("implicit_meta_gradient", pulled_wrong, "stands at the support loss"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, s, q, k, solve=torch.matmul), "it multiplies by"),
    ("implicit_meta_gradient",
     lambda t, s, q, k: implicit(t, s, q, k, system=lambda H, H_q, eye: eye + H_q / k), "curvature of the query loss"),
    ("implicit_meta_gradient",
     lambda t, s, q, k: implicit(t, s, q, k, system=lambda H, H_q, eye: k * eye + H), "times too small"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, q, s, k), "are exchanged"),
    ("implicit_meta_gradient", by_autograd, "lets autograd find"),
    ("implicit_meta_gradient", by_many_steps, "lets autograd find"),
    ("implicit_meta_gradient", lambda t, s, q, k: implicit(t, s, q, 2.0), "strength is taken to be 2"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def test_an_argument_keeps_its_name_where_the_lesson_calls_it_by_name(capsys):
    def reptile_step(start, ends, epsilon):
        return loop_reptile(start, ends, epsilon)

    def implicit_meta_gradient(theta, support, query, lam):
        return implicit(theta, support, query, lam)

    assert_refused(EXERCISES["reptile_step"], reptile_step, "the lesson calls it with rate=", capsys)
    assert_refused(EXERCISES["implicit_meta_gradient"], implicit_meta_gradient, "calls it with strength=", capsys)
