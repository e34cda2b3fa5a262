"""More mistakes in the exercises of lesson 03, each with its hint, and right answers that come near to them."""

import copy

import numpy as np
import pytest
import torch
from torch.func import grad
from torch.nn import functional as F

from course_lib.exercises import check
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03 import slope
from course_lib.lessons.lesson03.checks import EXERCISES
from course_lib.lessons.lesson03.meta_gradient import maml_outer_step
from tests.exercises.exercise_cases import assert_refused
from tests.lessons.lesson03.test_exercises_03 import gradients, moved, outer, step, support_loss


def called(name, function):
    function.__name__ = name
    return function


# --- the inner step

INNER = [
    (step(lambda loss, p: {n: g * (n == list(p)[-1]) for n, g in grad(loss)(p).items()}), "only some of the param"),
    (lambda loss, p, lr: {n: p[n].data - lr * g for n, g in gradients(loss, p, create_graph=True).items()},
     "the start is a constant in the result"),
    (step(lambda loss, p: {n: g.mean() for n, g in grad(loss)(p).items()}), "no .mean()"),
    (step(lambda loss, p: {n: g / g.norm() for n, g in grad(loss)(p).items()}), "divided by its length"),
    (step(lambda loss, p: {n: g.clamp(-100, 100) for n, g in grad(loss)(p).items()}), "clipped"),
    (step(lambda loss, p: {n: loss(p) for n in p}), "takes away the *loss*"),
    (lambda loss, p, lr: inner_step(loss, copy.deepcopy(p), lr), "from a *copy* of the start"),
]  # fmt: skip


# --- the outer step


def adapted_to(loss, start, lr, steps):
    for _ in range(steps):
        start = inner_step(loss, start, lr)
    return start


def joined(network, params, episode, inner_lr, outer_lr, steps):
    sx, sy, qx, qy = (t.reshape(-1, 1) for t in episode.tensors())
    adapted = adapted_to(lambda p: F.mse_loss(network(p, sx), sy), params, inner_lr, steps)
    loss = F.mse_loss(network(adapted, qx), qy)
    return moved(params, torch.autograd.grad(loss, list(params.values())), outer_lr), loss.detach()


def bound_late(network, params, episode, inner_lr, outer_lr, steps):
    losses = [lambda p: F.mse_loss(network(p, episode.support_x[i]), episode.support_y[i])  # noqa: B023 (the mistake)
              for i in range(episode.n_tasks)]  # fmt: skip
    adapted = [adapted_to(loss, params, inner_lr, steps) for loss in losses]
    tasks = zip(adapted, episode.query_x, episode.query_y, strict=True)
    loss = sum(F.mse_loss(network(p, x), y) for p, x, y in tasks) / len(losses)
    return moved(params, torch.autograd.grad(loss, list(params.values())), outer_lr), loss.detach()


def reptile(network, params, episode, inner_lr, outer_lr, steps):
    ends = [
        adapted_to(support_loss(network, episode, i), params, inner_lr, steps) for i in range(episode.n_tasks)
    ]
    away = [p - sum(end[n] for end in ends) / len(ends) for n, p in params.items()]
    return moved(params, away, outer_lr), maml_outer_step(network, params, episode, inner_lr, outer_lr, steps)[1]


OUTER = [
    (joined, "thrown together"),
    (bound_late, "support set of the *last* one"),
    (reptile, "Reptile, lesson 05"),
    (outer(total=lambda losses: losses[0]), "only the first task counts"),
    (outer(total=lambda losses: losses[-1] / len(losses)), "forgets the tasks before it"),
    (outer(total=lambda losses: 6 * sum(losses) / len(losses)), "squares are added up"),  # of six queries
    (lambda *a: maml_outer_step(*a)[::-1], "are exchanged: first the new parameters"),
    (lambda n, p, e, i, o, k: maml_outer_step(n, p, e, i, o / e.n_tasks, k), "taken twice"),
    (lambda *a: (maml_outer_step(*a)[0], outer("support", "support")(*a)[1]), "the one on the support sets"),
    (lambda *a: (maml_outer_step(*a)[0], maml_outer_step(*a)[1].item()), "in the outer loss"),
    (lambda *a: maml_outer_step(*a[:5], 1), "it is right for steps = 1"),
    (lambda *a: maml_outer_step(*a[:5], a[5] + 1), "one adaptation step too many"),
    (lambda *a: maml_outer_step(*a[:5], max(a[5] - 1, 0)), "one adaptation step too few"),
    (lambda *a: maml_outer_step(*a[:5], 2), "whatever `steps` says"),
    (lambda *a: maml_outer_step(*a[:5], a[5] ** 2), "two loops over range(steps)"),
    (lambda *a: maml_outer_step(*a[:3], a[5] * a[3], a[4], 1), "of `steps` times the length"),
]  # fmt: skip


# --- quadratic losses


def quadratic(factor=lambda g, H, lr: g - lr * H @ g, more=0, brackets=True, eye=None):
    def gradient(theta, support, query, lr, steps=1):
        (H, c), (H_q, c_q) = support, query
        for _ in range(steps):
            theta = theta - lr * (H @ (theta - c) if brackets else H @ theta - c)
        g = H_q @ (theta - c_q)
        for _ in range(steps + more):
            g = factor(g, H, lr) if eye is None else (torch.eye(len(g), dtype=eye) - lr * H) @ g
        return g

    return gradient


def by_func(theta, support, query, lr, steps=1):
    def after(t):
        for _ in range(steps):
            t = t - lr * support[0] @ (t - support[1])
        return (t - query[1]) @ query[0] @ (t - query[1]) / 2

    return grad(after)(theta)


def other_name(theta, support, query, lr, k=1):
    return quadratic()(theta, support, query, lr, k)


def no_default(theta, support, query, lr, steps):
    return quadratic()(theta, support, query, lr, steps)


QUADRATIC = [
    (by_func, "they are autograd's"),
    (other_name, "unexpected keyword argument 'steps'"),
    (no_default, "Keep the default"),
    (quadratic(eye=torch.float64), "dtype=theta.dtype"),
    (quadratic(lambda g, H, lr: H * g), "Does * stand where @ belongs?"),
    (quadratic(lambda g, H, lr: g - lr * H.diagonal() * g), "only the diagonal"),
    (quadratic(brackets=False), "brackets are missing"),
    (quadratic(more=1), "one factor I - lr H too many"),
    (quadratic(more=-1), "one factor I - lr H too few"),
    (lambda t, s, q, lr, steps=1: (t - q[1]) @ q[0] @ (t - q[1]) / 2, "it gives one number"),
]  # fmt: skip


# --- where training ends


def bowl_start(weights, divide=torch.sum):
    def start(curvature, lowest, lr, steps, order=2):
        w = weights(curvature, 1 - lr * curvature, steps, order)
        return ((w * lowest).sum() / divide(w)).item()

    return start


BOWLS = [
    (bowl_start(lambda h, f, k, order: h), "start of joint training"),
    (bowl_start(lambda h, f, k, order: h * f ** (2 * k)), "`order` is not used"),
    (bowl_start(lambda h, f, k, order: h * f**k), "`order` is not used"),
    (bowl_start(lambda h, f, k, order: h * f ** (k * (3 - order))), "are exchanged"),
    (bowl_start(lambda h, f, k, order: h * f**order), "it is right for one step"),
    (bowl_start(lambda h, f, k, order: f ** (k * order)), "h is missing"),
    (bowl_start(lambda h, f, k, order: h * f ** (k * order), len), "by the number of tasks"),
    (lambda curvature, lowest, lr, steps, order=2: lowest, "it gives a number for each task"),
    (lambda h, c, rate, steps, order=2: 0.0, "should be"),
]  # fmt: skip


# --- the test of a meta-gradient


def asking(usable=lambda gs: all(g is not None and g.isfinite().all() and g.any() for g in gs), tolerance=1e-5, sign=1,
           which=slice(None), alone=lambda loss, each: abs(loss - sum(each) / len(each)) <= 1e-8,
           parts=lambda episode: [episode.task(i) for i in range(episode.n_tasks)], add=torch.sum):  # fmt: skip
    """A test that asks the three questions, with places to go wrong."""

    def test(outer_loss, network, episode, lr):
        network.zero_grad()
        loss = outer_loss(network, episode, lr)
        loss.backward()
        got = [p.grad for p in network.parameters()]
        if not usable(got):
            return ["no gradient"]
        got = [torch.zeros_like(p) if p.grad is None else p.grad for p in network.parameters()]
        direction = [torch.zeros_like(g) for g in got]
        for d in direction[which]:
            d.normal_()
        measured = slope(lambda: outer_loss(network, episode, lr), network, direction)
        found = sum(add(g * d).item() for g, d in zip(got, direction, strict=True))
        faults = [] if abs(measured - sign * found) <= tolerance else ["not its gradient"]
        each = [outer_loss(network, part, lr).item() for part in parts(episode)]
        return faults + ([] if alone(loss.item(), each) else ["tasks"])

    return test


SOUND = [
    (asking(lambda gs: any(g is not None and g.any() for g in gs)), "Ask of *every* parameter"),
    *((asking(lambda gs, i=i: gs[i] is not None and bool(gs[i].isfinite().all() and gs[i].any())),
       "Ask of *every* parameter") for i in range(4)),
    (asking(lambda gs: all(g is not None and g.isfinite().all() and g.all() for g in gs)), "in *all* its numbers"),
    (asking(which=slice(1, 3)), "Does the direction move every parameter"),
    (asking(lambda gs: all(g is not None and g.isfinite().all() for g in gs)), "whether each gradient is all zero"),
    (asking(which=slice(1)), "Does the direction move every parameter"),
    (asking(which=slice(-1, None)), "Does the direction move every parameter"),
    (asking(parts=lambda e: [e.map(lambda t: t.flip(0))]), "throws all tasks together"),
    (asking(tolerance=1e-12), "never equal: allow a difference"),
    (asking(tolerance=1e9), "compare it with finite differences"),
    (asking(tolerance=4), "is its tolerance far too large?"),
    (asking(sign=-1), "by *plus* the inner product"),
    (asking(add=torch.mean), "not the mean, and not of one"),
    (asking(alone=lambda loss, each: loss == sum(each) / len(each)), "differs by rounding"),
    (asking(alone=lambda loss, each: abs(loss - sum(each)) < 1e-8), "not their sum and not one of them"),
    (asking(alone=lambda loss, each: abs(loss - each[0]) < 1e-8), "not their sum and not one of them"),
    (lambda *a: ["bad"], "What does your test find there?"),
]  # fmt: skip

WRONG = [(name, answer, words) for name, answers in (
    ("inner_step", INNER), ("maml_outer_step", OUTER), ("quadratic_meta_gradient", QUADRATIC),
    ("best_start", BOWLS), ("meta_gradient_test", SOUND)) for answer, words in answers]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], called(name, answer), words, capsys)


# --- right ones


def in_numpy(theta, support, query, lr, steps=1):
    t, H, c, H_q, c_q = (x.numpy() for x in (theta, *support, *query))
    factor = np.linalg.matrix_power(np.eye(len(t), dtype=t.dtype) - np.asarray(lr, t.dtype) * H, steps)
    return torch.from_numpy(factor @ H_q @ (c + factor @ (t - c) - c_q))


def by_eigenvalues(theta, support, query, lr, steps=1):
    values, vectors = torch.linalg.eigh(support[0])
    factor = vectors @ torch.diag((1 - lr * values) ** steps) @ vectors.T
    return factor @ (query[0] @ (support[1] + factor @ (theta - support[1]) - query[1]))


RIGHT = [("best_start", bowl_start(lambda h, f, k, order: h * f ** (k * order))),
         ("quadratic_meta_gradient", in_numpy), ("quadratic_meta_gradient", by_eigenvalues),
         ("quadratic_meta_gradient", quadratic()),
         ("quadratic_meta_gradient", quadratic(eye=torch.float32)), ("meta_gradient_test", asking()),
         ("meta_gradient_test", asking(alone=lambda loss, each: np.isclose(loss, np.mean(each))))]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = called(name, answer)
    assert check(mine) is mine, capsys.readouterr().out
