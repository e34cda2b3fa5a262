"""Lesson 03's checks of meta-gradients, and of the learner's own test of them; see test_exercises_03.py."""

import pytest
import torch
from torch.func import functional_call, grad, vmap

from course_lib.exercises import check
from course_lib.lessons.lesson03.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused
from tests.lessons.lesson03.test_exercises_03 import named


def by_autograd(theta, support, query, lr, steps):
    def energy(t, part):
        return (t - part[1]) @ part[0] @ (t - part[1]) / 2

    start = theta.clone().requires_grad_()
    t = start
    for _ in range(steps):
        t = t - lr * torch.autograd.grad(energy(t, support), t, create_graph=True)[0]
    return torch.autograd.grad(energy(t, query), start)[0]


def by_matrices(theta, support, query, lr, steps):
    factor = torch.eye(len(theta), dtype=theta.dtype) - lr * support[0]
    t = support[1] + torch.linalg.matrix_power(factor, steps) @ (theta - support[1])
    return torch.linalg.matrix_power(factor, steps) @ query[0] @ (t - query[1])


def quadratic(factor=lambda g, s, q, lr: g - lr * s[0] @ g, at_start=False, factors=None, steps_taken=None):
    def gradient(theta, support, query, lr, steps):
        t = theta
        for _ in range(steps_taken or steps):
            t = t - lr * support[0] @ (t - support[1])
        g = query[0] @ ((theta if at_start else t) - query[1])
        for _ in range(factors or steps):
            g = factor(g, support, query, lr)
        return g

    return gradient


def asking(clear=True, gradient=True, differences=1e-4, tasks=True, restore=True):
    """A test of meta-learners that asks only some of the questions."""

    def test(outer_loss, network, episode, lr):
        if clear:
            network.zero_grad()
        loss = outer_loss(network, episode, lr)
        loss.backward()
        got = [p.grad for p in network.parameters()]
        if gradient and (None in got or not all(g.isfinite().all() and g.abs().sum() > 0 for g in got)):
            return ["no gradient"]
        faults = []
        if differences and None not in got:
            torch.manual_seed(1)
            for p, g in zip(network.parameters(), got, strict=True):  # every parameter alone, by hand
                d, start = torch.randn_like(p), p.detach().clone()
                sides = []
                for sign in (1, -1):
                    with torch.no_grad():
                        p.copy_(start + sign * 1e-5 * d)
                    sides.append(outer_loss(network, episode, lr).item())
                if restore:
                    with torch.no_grad():
                        p.copy_(start)
                if abs((sides[0] - sides[1]) / 2e-5 - (g * d).sum().item()) > differences:
                    faults.append("differs from finite differences")
        if tasks:
            alone = [outer_loss(network, episode.task(i), lr) for i in range(episode.n_tasks)]
            if not torch.allclose(loss, sum(alone) / len(alone)):
                faults.append("tasks leak")
        return faults

    return test


def against_my_own(outer_loss, network, episode, lr):
    """Compares with a sound meta-learner of the learner's own."""

    def mine(p):
        def task(sx, sy, qx, qy):
            slopes = grad(lambda p: (functional_call(network, p, (sx,)) - sy).square().mean())(p)
            adapted = {n: p[n] - lr * slopes[n] for n in p}
            return (functional_call(network, adapted, (qx,)) - qy).square().mean()

        return vmap(task)(episode.support_x, episode.support_y, episode.query_x, episode.query_y).mean()

    params = dict(network.named_parameters())
    network.zero_grad()
    loss = outer_loss(network, episode, lr)
    loss.backward()
    right = grad(mine)({n: p.detach() for n, p in params.items()})
    same = all(p.grad is not None and torch.allclose(p.grad, right[n]) for n, p in params.items())
    return [] if same and torch.allclose(loss, mine(params)) else ["not what mine gives"]


RIGHT = [
    ("quadratic_meta_gradient", by_matrices),
    ("quadratic_meta_gradient", quadratic()),
    ("meta_gradient_test", asking()),
    ("meta_gradient_test", against_my_own),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, answer)
    assert check(mine) is mine, capsys.readouterr().out


WRONG = [
    ("quadratic_meta_gradient", by_autograd, "they are autograd's"),
    ("quadratic_meta_gradient", quadratic(lambda g, s, q, lr: g), "factor I - lr H is missing"),
    ("quadratic_meta_gradient", quadratic(at_start=True), "at the wrong point"),
    ("quadratic_meta_gradient", quadratic(lambda g, s, q, lr: g + lr * s[0] @ g), "*minus* lr H"),
    ("quadratic_meta_gradient", quadratic(lambda g, s, q, lr: g - lr * q[0] @ g), "curvature of the query loss"),
    ("quadratic_meta_gradient", quadratic(lambda g, s, q, lr: g - s[0] @ g), "lr is missing"),
    ("quadratic_meta_gradient", quadratic(lambda g, s, q, lr: -lr * s[0] @ g), "only the second-order term"),
    ("quadratic_meta_gradient", quadratic(factors=1), "a factor I - lr H of its own"),
    ("quadratic_meta_gradient", quadratic(factors=1, steps_taken=1), "right for one step. With `steps` steps"),
    ("quadratic_meta_gradient", lambda t, s, q, lr, k: by_matrices(t, q, s, lr, k), "are exchanged"),
    ("quadratic_meta_gradient", lambda *a: 2 * by_matrices(*a), "twice too large"),
    ("meta_gradient_test", lambda *a: [], "suspect A slipped through"),
    ("meta_gradient_test", lambda *a: ["bad"], "suspect B was accused"),
    ("meta_gradient_test", asking(differences=None),
     "suspect A slipped through. It writes the adapted weights into .data"),
    ("meta_gradient_test", asking(tasks=False), "suspect E slipped through. Each task starts"),
    ("meta_gradient_test", asking(gradient=False), "suspect D slipped through. It copies"),
    ("meta_gradient_test", asking(clear=False), "network.zero_grad()"),
    ("meta_gradient_test", asking(differences=1e-14), "was accused"),
    ("meta_gradient_test", asking(restore=False), "changes the weights of"),
    ("meta_gradient_test", lambda *a: not asking()(*a), "list of sentences"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)
