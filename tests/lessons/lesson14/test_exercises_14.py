"""Lesson 14: right answers of several kinds pass, and each usual mistake gets its own hint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch._dynamo  # noqa: F401  (or the first optimiser imports it within a test)
from torch.func import grad, jvp, vjp

from course_lib import check
from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson14 import (
    checks_baseline,
    checks_expected,
    checks_forward,
    checks_neumann,
    checks_pieces,
)
from course_lib.lessons.lesson14.checks import EXERCISES
from course_lib.lessons.lesson14.hypergradient import finite_difference, reverse_hypergradient, trained
from course_lib.lessons.lesson14.noisy_quadratic import simulated_losses
from course_lib.lessons.lesson14.small_problems import gradient
from tests.exercises.exercise_cases import assert_refused, assert_solved, assert_told, each_mistake
from tests.lessons.lesson03.test_exercises_03 import named

ROOT = Path(__file__).parents[3]
KNOWN = {
    "forward_hypergradient": checks_forward._MISTAKES, "implicit_hypergradient": checks_neumann._MISTAKES,
    "expected_losses": checks_expected._MISTAKES, "train_in_pieces": checks_pieces.MISTAKES,
    "tuned_baseline": checks_baseline._MISTAKES,
}  # fmt: skip


@each_mistake(KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):
    assert_told(EXERCISES[name], formula, message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def by_jvp(train_loss, validation_loss, start, log_rate, steps):
    at = torch.tensor(log_rate, dtype=torch.float64)
    return jvp(lambda at: validation_loss(trained(train_loss, start, at, steps)), (at,), (torch.ones_like(at),))


def by_vjp(train_loss, validation_loss, start, log_rate, steps):
    r, w, m = torch.tensor(log_rate).exp().item(), start, torch.zeros_like(start)
    for _ in range(steps):
        g, times = vjp(grad(train_loss), w)
        w, m = w - r * g, m - r * g - r * times(m)[0]
    return validation_loss(w).item(), (grad(validation_loss)(w) @ m).item()


def by_functions(train_loss, validation_loss, weights, hyper, rate, terms):
    _, times = vjp(lambda w: grad(train_loss)(w, hyper), weights)
    _, mixed = vjp(lambda h: grad(train_loss)(weights, h), hyper)
    v, p = grad(validation_loss)(weights), torch.zeros_like(weights)
    for _ in range(terms):  # Horner's way: p = rate v + (I - rate H) p
        p = rate * v + p - rate * times(p)[0]
    return -mixed(p)[0]


def by_unrolling(train_loss, validation_loss, weights, hyper, rate, terms):
    """Steps of gradient descent that begin at the solution."""

    def after(h):
        w = weights
        for _ in range(terms):
            w = w - rate * grad(train_loss)(w, h)
        return validation_loss(w)

    return grad(after)(hyper)


def apart(rates, curvature, noise, second_moments):
    """Mean and variance of theta, one schedule at a time."""
    if rates.ndim > 1:
        return torch.stack([apart(row, curvature, noise, second_moments) for row in rates])
    theta, variance, found = second_moments.sqrt(), 0 * second_moments, []
    for t in range(len(rates) + 1):
        found.append(0.5 * torch.einsum("i,i->", curvature, theta.square() + variance))
        if t < len(rates):
            left = 1 - rates[t] * curvature
            theta, variance = left * theta, left * left * variance + (1 - left) ** 2 * noise * noise
    return torch.stack(found)


def by_counting(rule, problems, optimizer, steps, cut):
    theta, memory, losses, piece = problems.start.clone(), rule.begin(problems.start), [], []
    for t in range(steps):
        change, memory = rule(gradient(problems, theta, t), memory)
        theta = theta + change
        piece.append(problems.full(theta))
        if len(piece) == cut or t == steps - 1:
            loss = torch.stack(piece).mean()
            for p in rule.parameters():
                p.grad = None
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(rule.parameters()), max_norm=1)
            optimizer.step()
            losses, piece = [*losses, loss.detach()], []
            theta, memory = theta.detach(), memory.detached()
    return losses, theta


def by_dict(ends, tuning, judging, rates):
    factor, known = float(rates[1] / rates[0]), {}

    def mean(rate):
        if rate not in known:
            value = float(ends(tuning, torch.tensor([rate], dtype=rates.dtype)).mean())
            known[rate] = value if value < float("inf") else float("inf")
        return known[rate]

    best = min(rates.tolist(), key=mean)
    while best == max(known) and mean(best * factor) < mean(best):
        best *= factor
    while best == min(known) and mean(best / factor) < mean(best):
        best /= factor
    return torch.tensor(best), ends(judging, torch.tensor([best], dtype=rates.dtype)).squeeze(0)


RIGHT = [
    ("forward_hypergradient", by_jvp), ("forward_hypergradient", by_vjp), ("implicit_hypergradient", by_functions),
    ("implicit_hypergradient", by_unrolling), ("expected_losses", apart), ("train_in_pieces", by_counting),
    ("tuned_baseline", by_dict),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=[f"{name}-{answer.__name__}" for name, answer in RIGHT])
def test_other_right_answers_pass(name, answer):
    assert verdict(EXERCISES[name], answer) == ("right", "")


def keeps_a_graph(train_loss, validation_loss, start, log_rate, steps):
    r, w, m = torch.tensor(log_rate).exp().item(), start.clone().requires_grad_(), torch.zeros_like(start)
    for _ in range(steps):
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (bent,) = torch.autograd.grad(g @ m.detach(), w, retain_graph=True)
        m, w = m - r * g - r * bent, (w - r * g).detach().requires_grad_()
    return validation_loss(w), torch.autograd.grad(validation_loss(w), w)[0] @ m


def builds_the_hessian(train_loss, validation_loss, weights, hyper, rate, terms):
    at = checks_neumann._At(train_loss, validation_loss, weights, hyper, rate, terms)
    return -at.series(at.rate * at.v, at.step, at.terms) @ at.M


def simulates(rates, curvature, noise, second_moments):
    g = torch.Generator().manual_seed(0)
    return simulated_losses(rates, curvature, noise, second_moments.sqrt(), 1000, g).mean(0)


def forgets_create_graph(train_loss, validation_loss, start, log_rate, steps):
    w = start.clone().requires_grad_()
    (g,) = torch.autograd.grad(train_loss(w), w)
    return validation_loss(w), torch.autograd.grad(g @ g.detach(), w)


def keeps_graphs(rule, problems, optimizer, steps, cut):
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    for first in range(0, steps, cut):
        here = range(first, min(first + cut, steps))
        losses.append(0)
        for t in here:
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            losses[-1] = losses[-1] + problems.full(theta).mean() / len(here)
        optimizer.zero_grad()
        losses[-1].backward(retain_graph=True)
        torch.nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        theta, memory = theta.detach(), memory.detached()
    return losses, theta


def forgets_memory(rule, problems, optimizer, steps, cut):
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    for first in range(0, steps, cut):
        total, here = 0, range(first, min(first + cut, steps))
        for t in here:
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total = total + problems.full(theta).mean() / len(here)
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        theta = theta.detach()
        losses.append(total.item())
    return losses, theta


def peeks(ends, tuning, judging, rates):
    rate, losses = EXERCISES["tuned_baseline"].solution(ends, tuning, judging, rates)
    ends(judging, rates)
    return rate, losses


@pytest.mark.parametrize(("name", "answer", "words"), [
    ("forward_hypergradient", reverse_hypergradient, "memory grows with the steps"),
    ("forward_hypergradient", keeps_a_graph, "memory grows with the steps"),
    ("forward_hypergradient", lambda t, v, s, r, n: (v(trained(t, s, r, n)), finite_difference(t, v, s, r, n)),
     "divided by a small width"),
    ("implicit_hypergradient", builds_the_hessian, "a matrix [n, n] is built"),
    ("expected_losses", simulates, "the numbers differ"),
    ("expected_losses", lambda r, h, s, m: apart(r.detach(), h, s, m), "no gradient gets through"),
    ("forward_hypergradient", forgets_create_graph, "create_graph=True"),
    ("train_in_pieces", forgets_memory, "have to be cut off"),
    ("train_in_pieces", keeps_graphs, "Graphs of earlier pieces are kept"),
    ("tuned_baseline", peeks, "the judging problems are trained"),
])  # fmt: skip
def test_what_numbers_do_not_show_is_seen(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


def test_a_rate_may_be_tried_again():
    def in_rounds(ends, tuning, judging, rates):
        for _ in range(3):
            ends(tuning, rates)
        return EXERCISES["tuned_baseline"].solution(ends, tuning, judging, rates)

    assert verdict(EXERCISES["tuned_baseline"], in_rounds) == ("right", "")


@pytest.mark.parametrize(
    ("name", "checks"), [("forward_hypergradient", checks_forward), ("implicit_hypergradient", checks_neumann)]
)
def test_forward_mode_is_tried_before_an_answer_is(name, checks, monkeypatch):
    done = []
    monkeypatch.setattr(checks, "import_forward_mode", lambda: done.append("forward mode"))
    verdict(EXERCISES[name], lambda *args: done.append("answer"))
    assert done[:2] == ["forward mode", "answer"]


@pytest.mark.slow
def test_forward_mode_is_imported_before_an_answer_runs():
    """Its first use of a process imports for seconds, and an answer that is stopped in the middle breaks torch."""
    there = (
        "import sys; from course_lib.exercises.engine import Problem, verdict\n"
        "from course_lib.lessons.lesson14.checks import EXERCISES\n"
        "def stops(*args): raise SystemExit('torch._dynamo' in sys.modules)\n"
        "assert 'torch._dynamo' not in sys.modules\n"
        "for name in ('forward_hypergradient', 'implicit_hypergradient'):\n"
        "    assert 'SystemExit: True' in verdict(EXERCISES[name], stops)[1]\n"
    )
    subprocess.run([sys.executable, "-c", there], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_stub_is_not_written_yet(capsys):
    for name in EXERCISES:
        check(named(name, lambda *args: ...))
        assert "not written yet" in capsys.readouterr().out
