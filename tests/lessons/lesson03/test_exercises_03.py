"""Lesson 03's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import pytest
import torch
from torch.func import grad, vmap
from torch.nn import functional as F

from course_lib.exercises import check
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03 import meta_gradient
from course_lib.lessons.lesson03.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused, assert_solved


def named(name, function):
    def answer(*args, steps=None):
        if name == "quadratic_meta_gradient":
            args = (*args, 1 if steps is None else steps)
        return function(*args)

    answer.__name__ = name
    return answer


def gradients(loss, params, **options):
    return dict(zip(params, torch.autograd.grad(loss(params), list(params.values()), **options), strict=True))


def step(gradient=lambda loss, p: gradients(loss, p, create_graph=True), start=lambda p: p):
    return lambda loss, params, lr: {n: start(params[n]) - lr * g for n, g in gradient(loss, params).items()}


def backward_step(loss, params, lr):
    loss(params).backward()
    return {n: p - lr * p.grad for n, p in params.items()}


def no_grad_step(loss, params, lr):
    gradient = gradients(loss, params)
    with torch.no_grad():
        return {n: p - lr * gradient[n] for n, p in params.items()}


def in_place_step(loss, params, lr):
    for n, g in gradients(loss, params).items():
        params[n] -= lr * g
    return params


def data_step(loss, params, lr):
    for n, g in gradients(loss, params).items():
        params[n].data -= lr * g
    return params


def fresh_leaves(loss, params, lr):
    return {n: v.detach().requires_grad_() for n, v in inner_step(loss, params, lr).items()}


def one_by_one(loss, params, lr):
    return {n: p - lr * torch.autograd.grad(loss(params), p, create_graph=True)[0] for n, p in params.items()}


def outer(adapt_on="support", judge_on="query", step_of=inner_step, total=sum, rates=lambda i, o: (i, o), update=None):
    """Algorithm 2 once more, with places to go wrong."""

    def one_step(network, params, episode, inner_lr, outer_lr, steps):
        inner_lr, outer_lr = rates(inner_lr, outer_lr)
        losses = []
        for i in range(episode.n_tasks):

            def loss(p, part, i=i):
                return F.mse_loss(network(p, getattr(episode, f"{part}_x")[i]), getattr(episode, f"{part}_y")[i])

            adapted = params
            for _ in range(steps):
                adapted = step_of(lambda p, f=loss: f(p, adapt_on), adapted, inner_lr)
            losses.append(loss(adapted, judge_on))
        value = total(losses) / (episode.n_tasks if total is sum else 1)
        gradient = torch.autograd.grad(value, list(params.values()))
        made = update or (lambda p, g, adapted: (p - outer_lr * g).detach().requires_grad_())
        new = {n: made(p, g if update is None else outer_lr * g, adapted[n])
               for (n, p), g in zip(params.items(), gradient, strict=True)}  # fmt: skip
        return new, value.detach()

    return one_step


def vmapped(network, params, episode, inner_lr, outer_lr, steps):
    def mean_loss(p):
        def task(sx, sy, qx, qy, p=p):
            for _ in range(steps):
                slopes = grad(lambda p: (network(p, sx) - sy).square().mean())(p)
                p = {n: p[n] - inner_lr * slopes[n] for n in p}
            return (network(p, qx) - qy).square().mean()

        return vmap(task)(episode.support_x, episode.support_y, episode.query_x, episode.query_y).mean()

    return {n: (params[n] - outer_lr * g).detach().requires_grad_() for n, g in grad(mean_loss)(params).items()}, \
        mean_loss(params).detach()  # fmt: skip


def support_loss(network, episode, i):
    return lambda p: F.mse_loss(network(p, episode.support_x[i]), episode.support_y[i])


def carried(network, params, episode, inner_lr, outer_lr, steps):
    now, total = params, 0
    for i in range(episode.n_tasks):
        for _ in range(steps):
            now = inner_step(support_loss(network, episode, i), now, inner_lr)
        total = total + F.mse_loss(network(now, episode.query_x[i]), episode.query_y[i]) / episode.n_tasks
    return moved(params, torch.autograd.grad(total, list(params.values())), outer_lr), total.detach()


def moved(params, gradient, lr):
    return {n: (p - lr * g).detach().requires_grad_() for (n, p), g in zip(params.items(), gradient, strict=True)}


def accumulating(network, params, episode, inner_lr, outer_lr, steps):
    total = 0
    for i in range(episode.n_tasks):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(support_loss(network, episode, i), adapted, inner_lr)
        total = total + F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i]) / episode.n_tasks
    total.backward()
    return moved(params, [p.grad for p in params.values()], outer_lr), total.detach()


def clearing(network, params, *rest):
    for p in params.values():
        p.grad = None
    return accumulating(network, params, *rest)


def in_place_outer(network, params, *rest):
    new, loss = meta_gradient.maml_outer_step(network, params, *rest)
    with torch.no_grad():
        for n, p in params.items():
            p.copy_(new[n])
    return params, loss


def first_order_step(loss, params, lr):
    return inner_step(loss, params, lr, order=1)


RIGHT = [
    ("inner_step", step()),
    ("inner_step", step(lambda loss, p: grad(loss)(p))),
    ("inner_step", one_by_one),
    ("maml_outer_step", outer()),
    ("maml_outer_step", outer(step_of=step())),
    ("maml_outer_step", vmapped),
    ("maml_outer_step", clearing),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, answer)
    assert check(mine) is mine, capsys.readouterr().out


def detach(loss, p):
    return {n: g.detach() for n, g in gradients(loss, p).items()}


WRONG = [
    ("inner_step", lambda loss, p, lr: {n: p[n] + lr * g for n, g in grad(loss)(p).items()}, "goes *up*"),
    ("inner_step", lambda loss, p, lr: {n: p[n] - g for n, g in grad(loss)(p).items()}, "rate is not used"),
    ("inner_step", lambda loss, p, lr: grad(loss)(p), "this is the gradient"),
    ("inner_step", lambda loss, p, lr: {n: -lr * g for n, g in grad(loss)(p).items()}, "the step alone"),
    ("inner_step", lambda loss, p, lr: dict(p), "no step was taken"),
    ("inner_step", lambda loss, p, lr: {n: p[n] - lr * g.sign() for n, g in grad(loss)(p).items()}, "only the sign"),
    ("inner_step", lambda loss, p, lr: inner_step(loss, inner_step(loss, p, lr), lr), "two steps"),
    ("inner_step", in_place_step, "in place (-=, .data"),
    ("inner_step", data_step, "in place (-=, .data"),
    ("inner_step", step(start=lambda p: p.data, gradient=detach), "no connection to the start"),
    ("inner_step", no_grad_step, "no connection to the start"),
    ("inner_step", fresh_leaves, "fresh leaves"),
    ("inner_step", step(lambda loss, p: gradients(loss, p)), "`create_graph=True` is missing"),
    ("inner_step", step(detach), "`create_graph=True` is missing"),
    ("inner_step", backward_step, "adds to the .grad of the start"),
    ("inner_step", lambda loss, p, lr: list(inner_step(loss, p, lr).values()), "dict of tensors by name"),
    ("inner_step", lambda loss, p, lr: {"w": inner_step(loss, p, lr)["w"]}, "should have the names"),
    ("inner_step", lambda loss, p, lr: {n: v.sum() for n, v in inner_step(loss, p, lr).items()}, "tensor of shape"),
    ("maml_outer_step", outer(total=lambda losses: sum(losses)), "Take their mean"),
    ("maml_outer_step", outer(rates=lambda i, o: (o, i)), "rates are exchanged"),
    ("maml_outer_step", outer(rates=lambda i, o: (i, i)), "has its own rate, outer_lr"),
    ("maml_outer_step", outer(rates=lambda i, o: (o, o)), "has its own rate, inner_lr"),
    ("maml_outer_step", outer(adapt_on="query"), "query set is used in the inner loop"),
    ("maml_outer_step", outer(judge_on="support"), "taken on the support set"),
    ("maml_outer_step", outer("query", "support"), "are exchanged"),
    ("maml_outer_step", outer(step_of=first_order_step), "first-order step"),
    ("maml_outer_step", outer(step_of=lambda loss, p, lr: p), "taken at the start"),
    ("maml_outer_step", outer(total=lambda losses: losses[-1]), "only the last task"),
    ("maml_outer_step", outer(update=lambda p, g, adapted: adapted - g), "taken from adapted weights"),
    ("maml_outer_step", outer(update=lambda p, g, adapted: p + g), "goes up the slope"),
    ("maml_outer_step", outer(update=lambda p, g, adapted: p - g), "until memory is full"),
    ("maml_outer_step", outer(update=lambda p, g, adapted: (p - g).detach()), "do not require gradients"),
    ("maml_outer_step", carried, "of the task before it"),
    ("maml_outer_step", accumulating, "left over"),
    ("maml_outer_step", in_place_outer, "in place (-=, .data"),
    ("maml_outer_step", lambda *a: meta_gradient.maml_outer_step(*a)[0], "should return two things"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
