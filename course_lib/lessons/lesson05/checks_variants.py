"""What `check` looks at in Reptile's outer step and in a step of some parameters, of lesson 05, and which mistakes it
knows."""

from __future__ import annotations

from functools import partial

import torch
from torch.func import grad

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.learners.maml import inner_step, partial_step
from course_lib.learners.reptile import reptile_step
from course_lib.lessons.lesson03.checks_steps import bowl, named, plainly, starts

#: What has a sentence of its own: a changed dict, and changed ends.
_OWN = ("a dict that is still needed", "`ends`")


def _reptile_cases():
    generator = torch.Generator().manual_seed(0)

    def draw(sizes, n):
        return [{name: torch.randn(size, generator=generator, dtype=torch.float64) for name, size in sizes.items()}
                for _ in range(n)]  # fmt: skip

    layers = {"0.weight": (4, 1), "0.bias": (4,), "2.weight": (1, 4), "2.bias": (1,)}
    for words, n, rate, sizes in (
        ("a network of two layers and three tasks", 3, 0.2, layers),
        ("four tasks", 4, 0.1, {"w": (2, 2), "b": (1,)}), ("a single task", 1, 0.7, {"w": (2, 2), "b": (1,)}),
    ):  # fmt: skip
        start, *ends = draw(sizes, n + 1)
        yield words, (start, ends, rate)
    start, *ends = draw({"w": (3,), "b": (3,)}, 3)
    ends = [dict(reversed(end.items())) for end in ends]
    yield "ends that have the same names in another order", (start, ends, 0.3)


def _mean(ends, name):
    return torch.stack([end[name] for end in ends]).mean(0)


def _each(new):
    """A mistake in how the new value of one parameter follows from its start `p`, the mean of its ends and the rate."""
    return lambda s, e, r: {n: new(p, _mean(e, n), r) for n, p in s.items()}


def _one_by_one(start, ends, rate):
    for end in ends:
        start = {name: p + rate * (end[name] - p) for name, p in start.items()}
    return start


def _by_order(start, ends, rate):
    means = [sum(values) / len(ends) for values in zip(*(end.values() for end in ends), strict=True)]
    return {name: p + rate * (mean - p) for (name, p), mean in zip(start.items(), means, strict=True)}


_STEP = "this is the step alone; add it to the start."
_DIVIDED = "it divides the displacements by the number of {}. Take their mean over the tasks: divide by len(ends)."
_REPTILE_MISTAKES = [
    (_each(lambda p, m, r: p - r * (m - p)),
     "it goes away from where the tasks ended. Displacement is end minus start, and the step goes along it."),
    (lambda s, e, r: {n: p + r * sum(end[n] - p for end in e) for n, p in s.items()},
     "the displacements are added up. Take their mean, or the step grows with the meta-batch."),
    (lambda s, e, r: {n: p + r * (sum(end[n] for end in e) - p) for n, p in s.items()},
     "the ends are added up. Take their mean, and subtract the start from that."),
    (_each(lambda p, m, r: (p + m) / 2), "it goes half way, whatever the rate: rate is not used."),
    (lambda s, e, r: {n: p + r / len(e) * (_mean(e, n) - p) for n, p in s.items()},
     "the rate is divided by the number of tasks. The mean has that division already: start + rate * (mean end - "
     "start)."),
    (_each(lambda p, m, r: m), "it goes all the way to the mean of the ends: rate is not used."),
    (_each(lambda p, m, r: p), "it stays at the start: no step was taken."),
    (_each(lambda p, m, r: r * (m - p)), _STEP),
    (_each(lambda p, m, r: r * (p - m)), "this is the step alone, and with the wrong sign: displacement is end minus "
                                         "start. Add it to the start."),
    (_each(lambda p, m, r: m - p), "this is the displacement. The new start is start + rate * displacement."),
    (_each(lambda p, m, r: p - m), "this is start minus end. The new start is start + rate * (mean end - start)."),
    (_each(lambda p, m, r: p + r * m), "it adds the ends themselves. What is added is the displacement: end minus "
                                       "start."),
    (_each(lambda p, m, r: r * m), "this is a part of the ends alone: start + rate * (mean end - start)."),
    (_each(lambda p, m, r: (1 - r) * m + r * p), "rate and 1 - rate are exchanged: with a rate of 0 the start should "
                                                 "stay where it is."),
    (_each(lambda p, m, r: m + r * (m - p)), "the step begins at the mean of the ends. It begins at the start."),
    (_each(lambda p, m, r: p + (m - p) / r), "it divides by the rate. Multiply by it."),
    (_each(lambda p, m, r: p + r * (m - p).sign()), "only the sign of the displacement is used. Its size matters."),
    (lambda s, e, r: {n: p + r * (e[-1][n] - p) for n, p in s.items()}, "only the last task counts. Take the mean."),
    (lambda s, e, r: {n: p + r * (e[0][n] - p) for n, p in s.items()}, "only the first task counts. Take the mean."),
    (lambda s, e, r: {n: p + r * ((e[0][n] + e[-1][n]) / 2 - p) for n, p in s.items()},
     "only the first and the last of the ends count. Take the mean of them all."),
    (lambda s, e, r: {n: p + r / len(e) * (e[-1][n] - p) for n, p in s.items()},
     "each task overwrites what the one before has written, so only the last counts. Add up over the tasks."),
    (lambda s, e, r: {n: p + r / len(e) * (e[0][n] - p) for n, p in s.items()},
     "only the first task counts, with its share of the mean. Add up over the tasks."),
    (_one_by_one, "the start moves after each task, so later tasks count more. That is the paper's serial version. "
                  "Here all displacements are from the same start, and their mean is one step."),
    (lambda s, e, r: {n: p + r * (torch.stack([end[n] for end in e]).median(0).values - p) for n, p in s.items()},
     "it takes the median of the ends. Take their mean."),
    (_by_order, "it goes by the order of the dicts. Names say which tensor is which: end[name]."),
    (lambda s, e, r: {n: p + r * (torch.stack([end[n] for end in e]).mean() - p) for n, p in s.items()},
     "the mean is taken over all entries of the tensors. Take it over the tasks alone: .mean(0) of the stack."),
    (lambda s, e, r: {n: p + r * (torch.stack([end[n] for end in e]).mean(-1) - p) for n, p in s.items()},
     "the mean is taken over the last axis. Take it over the tasks: .mean(0) of the stack."),
    (lambda s, e, r: {n: p + r * sum(end[n] - p for end in e) / len(s) for n, p in s.items()},
     _DIVIDED.format("names")),
    (lambda s, e, r: {n: p + r * sum(end[n] - p for end in e) / p.numel() for n, p in s.items()},
     _DIVIDED.format("entries")),
    (lambda s, e, r: {n: p + r * sum(end[n] - p for end in e) / (len(e) + 1) for n, p in s.items()},
     "it divides by the number of tasks and one more. Take the mean over the tasks: divide by len(ends)."),
]  # fmt: skip


def judge_reptile(call):
    """`reptile_step`: the mean displacement, for several numbers of tasks, by name."""
    safe = plainly(call, "Return new tensors: p + rate * displacement.", _OWN)

    def values(function):
        return lambda start, ends, rate: named(function(start, ends, rate), start)

    compare(values(safe), values(reptile_step), dict(_reptile_cases()),
            [(values(f), text) for f, text in _REPTILE_MISTAKES])  # fmt: skip
    keeps_names(call, "rate")


def _coupled(p):
    """A loss in which every parameter has a slope and a curvature of its own, and acts on all others."""
    t = torch.stack([p[name] for name in sorted(p)])
    weight = torch.arange(1.0, len(t) + 1, dtype=t.dtype)[:, None]
    return (weight * (t - 1) ** 4).sum() / 8 + t.prod(0).sum() + (weight * t).sum(0).square().sum() / 20


def _partial_cases():
    for params, lr in zip(starts(), (0.1, 0.03), strict=True):
        for moving in (["w"], ["b"]):
            yield f"moving = {moving}", (bowl, params, lr, moving)
    generator = torch.Generator().manual_seed(1)
    params = {name: torch.randn(3, generator=generator, dtype=torch.float64).requires_grad_()
              for name in ("0.w", "0.b", "10.w", "10.b")}  # fmt: skip
    for moving in (["10.w", "10.b"], ["10.b", "0.w"], ["0.b", "10.w", "0.w"], list(params)):
        yield f"moving = {moving} of {list(params)}", (_coupled, params, 0.05, moving)
    params = dict(zip(("w", "w2", "b", "b2"), params.values(), strict=True))
    for moving in (["w", "b2"], ["b"]):
        yield f"moving = {moving} of {list(params)}", (_coupled, params, 0.05, moving)


def _moved(names):
    """The step of other names than those in `moving`."""
    return lambda loss, p, lr, moving: partial_step(loss, p, lr, names(list(p), moving))


def _step(new):
    """A step that makes something else of a parameter that moves and of its gradient."""

    def step(loss, p, lr, moving):
        slopes = grad(loss)(p)
        return p | {n: new(p[n], slopes[n], lr) for n in moving}

    return step


def _order_of_params(loss, p, lr, moving):
    gradients = iter(torch.autograd.grad(loss(p), [p[n] for n in moving], create_graph=True))
    return {n: v - lr * next(gradients) if n in moving else v for n, v in p.items()}


def _one_after_another(loss, p, lr, moving):
    for n in moving:
        p = partial_step(loss, p, lr, [n])
    return p


def _still(p, moving):
    return {n: v if n in moving else v.detach() for n, v in p.items()}


def _cut_before(loss, params, lr, moving, order=2):
    """What stays is detached, and nothing else is used any more."""
    return partial_step(loss, _still(params, moving), lr, moving, order)


def _cut_after(loss, params, lr, moving, order=2):
    """What stays is detached in the returned dict alone."""
    return _still(partial_step(loss, params, lr, moving, order), moving)


def _cut_within(loss, params, lr, moving):
    """What stays is detached where the loss is taken, and returned as it was."""
    return params | {n: v for n, v in _cut_before(loss, params, lr, moving).items() if n in moving}


_PREFIX = ("it looks for a name inside other text, where \"0.w\" is found in \"10.w\", too. `name in moving` compares "
           "whole names, as long as `moving` is a list.")  # fmt: skip
_PARTIAL_MISTAKES = [
    (lambda loss, p, lr, moving: inner_step(loss, p, lr),
     "everything moves. Only the names in `moving` take the step."),
    (_moved(lambda p, moving: [n for n in p if n not in moving]),
     "the wrong part moves: it is the names in `moving` that take the step."),
    (_moved(lambda p, moving: moving[:1]), "only the first name in `moving` takes the step. All of them do."),
    (_moved(lambda p, moving: moving[-1:]), "only the last name in `moving` takes the step. All of them do."),
    (_moved(lambda p, moving: [n for n in p if n.startswith(tuple(moving))]),
     "it looks at how a name begins, and \"w2\" begins with \"w\", too. `name in moving` compares whole names."),
    (_moved(lambda p, moving: [n for n in p if n in "".join(moving)]), _PREFIX),
    (_moved(lambda p, moving: [n for n in p if any(m in n for m in moving)]), _PREFIX),
    (_moved(lambda p, moving: [n for n in p if any(n.startswith(m[:-1]) for m in moving)]),
     "it goes by the layer. Only the names in `moving` take the step, not all of their layers."),
    (_order_of_params, "the gradients are in the order of `moving`, but they are handed out in the order of `params`. "
                       "Pair them by name: dict(zip(moving, gradients))."),
    (_one_after_another, "one parameter moves after the other, and later gradients are taken where the first has moved "
                         "already. Take all gradients at the start."),
    (_step(lambda p, g, lr: p + lr * g), "it goes *up* the slope. The step is start *minus* lr times gradient."),
    (lambda loss, p, lr, moving: dict(p), "these are the parameters as they were: no step was taken."),
    (_step(lambda p, g, lr: p - g), "the inner learning rate is not used."),
    (_step(lambda p, g, lr: -lr * g), "this is the step alone; add it to the start."),
    (_step(lambda p, g, lr: g), "this is the gradient. The new parameters are start minus lr times gradient."),
    (_step(lambda p, g, lr: p - lr * g.sign()), "only the sign of the gradient is used. Its size matters."),
    (_step(lambda p, g, lr: p - g / lr), "it divides by lr. Multiply the gradient by it."),
    (lambda loss, p, lr, moving: partial_step(loss, partial_step(loss, p, lr, moving), lr, moving),
     "it takes two steps; take one."),
]  # fmt: skip
_FIRST = ("the numbers are right, but the inner gradient is a constant: this is first order. With torch.autograd.grad "
          "use create_graph=True.")  # fmt: skip
_STAYS = ("the numbers are right, but what stays is cut off from the outer loop: it was detached. ANIL does not adapt "
          "the body in the inner loop; the outer loop still has to learn it.")  # fmt: skip
_CUTS = [
    (_cut_before, _STAYS),
    (_cut_after, _STAYS),
    (_cut_within, "the numbers are right, but what stays is detached where the loss is taken. The inner gradient "
                  "depends on it as well, and the outer loop has to see that: call loss(params) with `params` itself."),
    (partial(partial_step, order=1), _FIRST),
    (partial(_cut_before, order=1), f"{_FIRST} And what stays was detached, so the outer loop cannot learn it."),
]  # fmt: skip


def _sends_back(function):
    """What a later loss, the same at the new parameters, sends back to each of the old ones."""

    def slopes(loss, params, lr, moving):
        new = named(function(loss, params, lr, moving), params)
        if not any(v.requires_grad for v in new.values()):
            raise Problem(
                "the numbers are right, but nothing is connected to the start any more: .detach(), .data or "
                "no_grad cut it, and the outer gradient cannot pass."
            )
        back = torch.autograd.grad(loss(new), list(params.values()), allow_unused=True)
        if all(b is None for b in back):
            raise Problem(
                "the numbers are right, but they are computed from copies of `params`: .detach(), .data and new leaves "
                "cut the connection, and the outer gradient cannot pass. Use the tensors in `params` themselves."
            )
        return {n: torch.zeros_like(p) if b is None else b for b, (n, p) in zip(back, params.items(), strict=True)}

    return slopes


def judge_partial(call):
    """`partial_step`: what moves, what stays, and that a later backward pass reaches both."""
    call, cases = plainly(call, "Return new tensors: p - lr * g.", _OWN), dict(_partial_cases())

    def all_names(loss, params, lr, moving):
        result = call(loss, params, lr, moving)
        if isinstance(result, dict) and set(result) == set(moving) != set(params):
            raise Problem("it returns only what has moved. The network needs all parameters: params | new.")
        return named(result, params)

    def values(function):
        return lambda loss, params, lr, moving: named(function(loss, params, lr, moving), params)

    compare(all_names, values(partial_step), cases, [(values(f), text) for f, text in _PARTIAL_MISTAKES])
    try:
        compare(_sends_back(call), _sends_back(partial_step), cases, [(_sends_back(f), text) for f, text in _CUTS])
    except Problem as problem:
        if not str(problem).startswith("in entry"):
            raise
        raise Problem("the numbers are right, but they do not depend on `params` as they should: what the outer loss "
                      f"sends back to `params` is not the same. {problem}") from None  # fmt: skip
