"""What `check` looks at in the outer step of lesson 03, and which mistakes it knows."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import same
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03.checks_steps import mlp, mlp_params, named, plainly
from course_lib.lessons.lesson03.meta_gradient import maml_outer_step
from course_lib.tasks import Sinusoids


def _outer_cases():
    generator = torch.Generator().manual_seed(0)

    def case(n_tasks, shot, *rates_and_steps):
        params = mlp_params(generator)
        tasks = Sinusoids(shot, 6).sample(n_tasks, generator).map(lambda t: t.double())
        return mlp, params, tasks, *rates_and_steps

    return {
        "three tasks and steps = 1": case(3, 4, 0.1, 0.02, 1),
        "two tasks and steps = 3": case(2, 5, 0.05, 0.3, 3),
        "two tasks and steps = 2": case(2, 4, 0.08, 0.1, 2),
    }


def _mean_square(prediction, y, squeezed=False):
    return ((prediction.squeeze(-1) if squeezed else prediction) - y).square().mean()


def _sets(episode):
    """The tasks of a meta-batch, each `{"support": (x, y), "query": (x, y)}`."""
    return [{"support": (sx, sy), "query": (qx, qy)} for sx, sy, qx, qy in zip(*episode.tensors(), strict=True)]


def _together(sets):
    """All tasks as a single one."""
    return [{part: tuple(torch.cat([task[part][i] for task in sets]) for i in (0, 1)) for part in sets[0]}]


def _wrong(adapt="support", judge="query", order=2, swap=None, carry=False, at="start", sign=1, taken=lambda k: k,
           squeezed=(), tasks=lambda sets: sets, total=lambda losses: sum(losses) / len(losses),
           exact=None, sums=False):  # fmt: skip
    """Algorithm 2 with one mistake; see `maml_outer_step` for the right one."""

    def step(network, params, episode, inner_lr, outer_lr, steps):
        if swap:
            inner_lr, outer_lr = swap(inner_lr, outer_lr)
        now, losses = params, []
        for sets in tasks(_sets(episode)):

            def loss(p, part, sets=sets):
                return _mean_square(network(p, sets[part][0]), sets[part][1], part in squeezed)

            here, k, each = now if carry else params, taken(steps) if adapt else 0, []
            for i in range(k):
                first = order == 1 or (exact and i != (0 if exact == "first" else k - 1))
                here = inner_step(lambda p, f=loss: f(p, adapt), here, inner_lr, 1 if first else 2)
                each.append(loss(here, judge))
            now = here
            losses.append(sum(each) / (len(each) if sums == "mean" else 1) if sums else loss(here, judge))
        outer = total(losses)
        gradient = torch.autograd.grad(outer, list(params.values()))
        base = params if at == "start" else now
        return {n: p - sign * outer_lr * g for (n, p), g in zip(base.items(), gradient, strict=True)}, outer

    return step


def _one_task_at_a_time(network, params, episode, inner_lr, outer_lr, steps):
    """An outer step after every task."""
    start, losses = params, []
    for i in range(episode.n_tasks):
        start, loss = maml_outer_step(network, start, episode.task(i), inner_lr, outer_lr, steps)
        losses.append(loss)
    return start, sum(losses) / len(losses)


def _last_support(sets):
    """Every task adapts to the support set of the last."""
    return [{"support": sets[-1]["support"], "query": task["query"]} for task in sets]


def _summed(inner):
    """The sum of squares over the points of a task, where the mean belongs; in the inner loop too, or only outside."""

    def step(network, params, episode, inner_lr, outer_lr, steps):
        shot, query = episode.support_x.shape[1], episode.query_x.shape[1]
        rates = inner_lr * (shot if inner else 1), outer_lr * query
        new, loss = maml_outer_step(network, params, episode, *rates, steps)
        return new, loss * query

    return step


def _reptile(network, params, episode, inner_lr, outer_lr, steps):
    """The start moves towards the mean of the adapted weights."""
    ends = []
    for task in _sets(episode):
        x, y = task["support"]
        ends.append(params)
        for _ in range(steps):
            ends[-1] = inner_step(lambda p, x=x, y=y: _mean_square(network(p, x), y), ends[-1], inner_lr)
    middle = {n: sum(end[n] for end in ends) / len(ends) for n in params}
    loss = maml_outer_step(network, params, episode, inner_lr, outer_lr, steps)[1]
    return {n: p + outer_lr * (middle[n] - p) for n, p in params.items()}, loss


def _parts_of_a_step(network, params, episode, inner_lr, outer_lr, steps):
    """An outer step after every task, shorter by the number of tasks."""
    return _one_task_at_a_time(network, params, episode, inner_lr, outer_lr / episode.n_tasks, steps)


def _more(network, params, episode, inner_lr, outer_lr, steps):
    """The gradient of the sum of the losses, beside their mean."""
    return maml_outer_step(network, params, episode, inner_lr, outer_lr * episode.n_tasks, steps)


def _less(network, params, episode, inner_lr, outer_lr, steps):
    """A mean of gradients that were a mean already."""
    return maml_outer_step(network, params, episode, inner_lr, outer_lr / episode.n_tasks, steps)


def _longer(network, params, episode, inner_lr, outer_lr, steps):
    """One step, `steps` times as long."""
    return maml_outer_step(network, params, episode, inner_lr * steps, outer_lr, 1)


def _outer_steps(network, params, episode, inner_lr, outer_lr, steps):
    """`steps` outer steps of one adaptation step each."""
    for _ in range(steps):
        params, loss = maml_outer_step(network, params, episode, inner_lr, outer_lr, 1)
    return params, loss


def _reports(loss):
    """The right start, with another outer loss beside it."""

    def step(network, params, *rest):
        new, _ = maml_outer_step(network, params, *rest)
        return new, loss(new, network, params, *rest)

    return step


def _reports_wrong(**mistake):
    return _reports(lambda new, *args: _wrong(**mistake)(*args)[1])


_OUTER_MISTAKES = [
    (_wrong(total=sum), "the losses of the tasks are added up. Take their mean, or the step grows with the "
                         "meta-batch."),
    (_wrong(swap=lambda i, o: (o, i)), "the two learning rates are exchanged: inner_lr is for adapting, outer_lr "
                                       "moves the start."),
    (_wrong(swap=lambda i, o: (i, i)), "inner_lr moves the start too. The outer step has its own rate, outer_lr."),
    (_wrong(swap=lambda i, o: (o, o)), "outer_lr is used in the inner loop. Adapting has its own rate, inner_lr."),
    (_wrong(adapt="query"), "the query set is used in the inner loop. A task adapts to its support set; the query set "
                            "is there to judge."),
    (_wrong(judge="support"), "the outer loss is taken on the support set. The adapted weights are judged on the query "
                               "set."),
    (_wrong(adapt="query", judge="support"), "support and query set are exchanged."),
    (_wrong(order=1), "this is the first-order step: the graph of the inner gradient is missing. Use inner_step of "
                      "exercise 1, and do not detach what it returns."),
    (_wrong(adapt=None), "the query loss is taken at the start, not at the adapted weights."),
    (_wrong(carry=True), "each task starts from the adapted weights of the task before it. Every task starts at "
                         "`params`."),
    (_wrong(total=lambda losses: losses[-1]), "only the last task counts. Add up the losses of all tasks, then "
                                              "divide."),
    (_wrong(total=lambda losses: losses[0]), "only the first task counts. Does a `return` stand inside the loop?"),
    (_wrong(total=lambda losses: losses[-1] / len(losses)),
     "only the last task counts: total = ... in the loop forgets the tasks before it. Add up: total = total + ..."),
    (_wrong(tasks=_together), "all tasks are thrown together and adapted to as one. Each task adapts by itself, from "
                              "`params` to its own support set."),
    *((function, "the start is moved after every task. An outer step is one for the whole meta-batch: mean of "
                 "the query losses first, then one step.") for function in (_one_task_at_a_time, _parts_of_a_step)),
    (_wrong(tasks=_last_support), "every task adapts to the support set of the *last* one. A lambda that is made in a "
                                  "loop looks i up when it is called, not when it is made: lambda p, i=i: ..."),
    *((_summed(inner), "squares are added up over the points of a task. F.mse_loss takes their mean.")
      for inner in (True, False)),
    (_reptile, "the start moves towards the adapted weights (Reptile, lesson 05), and the query loss is not used. It "
               "moves against the gradient of the mean query loss."),
    (_more, "the loss is right, but the start moves along the gradient of the *sum* over tasks, so the step is too "
            "long by the number of tasks. Differentiate the mean that you return."),
    (_less, "the loss is right, but the step of the start is too short by the number of tasks: the mean over tasks is "
            "taken twice."),
    (_wrong(taken=lambda k: 1), "it is right for steps = 1. With more, each step begins where the one before it ended: "
                                "adapted = params before the loop, and in it adapted = inner_step(..., adapted, ...)."),
    (_wrong(taken=lambda k: k + 1), "it takes one adaptation step too many. Does one stand before the loop?"),
    (_wrong(taken=lambda k: k - 1), "it takes one adaptation step too few: range(steps) has `steps` numbers."),
    (_wrong(taken=lambda k: 2), "it takes two adaptation steps, whatever `steps` says."),
    (_wrong(taken=lambda k: k * k), "it takes too many steps: do two loops over range(steps) stand in one another?"),
    (_longer, "it takes one adaptation step of `steps` times the length. Take `steps` steps: the gradient is "
              "another one after each."),
    (_outer_steps, "it takes `steps` *outer* steps, with one adaptation step each. `steps` counts adaptation steps; "
                   "the start moves once."),
    (_wrong(sums="sum"), "the query losses after every step are added up. Only the weights after the *last* step are "
                         "judged."),
    (_wrong(sums="mean"), "the query losses after every step are averaged. Only the weights after the *last* step are "
                          "judged."),
    (_wrong(exact="first"), "the meta-gradient is exact through the first step alone: the graph of the gradients of "
                            "the steps after it is missing (create_graph in *every* step)."),
    (_wrong(exact="last"), "the meta-gradient is exact through the last step alone: the graph of the gradients of "
                              "the steps before it is missing (create_graph in *every* step)."),
    *((_wrong(squeezed=which), "a prediction of shape [n] meets targets of shape [n, 1]: each is compared with *every* "
                               "target, n times n. Leave the shapes alone: both are [n, 1].")
      for which in (("query",), ("support",), ("support", "query"))),
    (_reports(lambda new, network, params, *rest: maml_outer_step(network, new, *rest)[1]),
     "the new start is right, but the outer loss is taken *after* the outer step. Return the one that was "
     "differentiated: before the step."),
    (_reports_wrong(total=sum), "the new start is right, but the loss that it returns is the sum over tasks, not the "
                                "mean."),
    (_reports_wrong(total=lambda losses: losses[-1]), "the new start is right, but the loss that it returns is that of "
                                                      "the last task alone, not the mean."),
    (_reports_wrong(judge="support"), "the new start is right, but the loss that it returns is the one on the support "
                                      "sets."),
    (_reports_wrong(adapt=None), "the new start is right, but the loss that it returns is the one before *adapting*. "
                                 "Before the step means before the outer step."),
    (_wrong(at="adapted"), "the outer step is taken from adapted weights. It moves the start: params minus outer_lr "
                           "times meta-gradient."),
    (_wrong(sign=-1), "the outer step goes up the slope: params *minus* outer_lr times meta-gradient."),
]  # fmt: skip


def _cut(said: str) -> str:
    """What PyTorch means where no gradient arrives at the start."""
    if "appears to not have been used" in said or "does not require grad" in said:
        return (
            "\n  The outer loss has no connection to `params`: .detach(), .data, no_grad or a fresh "
            "requires_grad_() between the steps cuts it. The adapted weights stay a function of the start."
        )
    return ""


def judge_outer(call):
    """`maml_outer_step`: start and loss after one outer step, twice with the same result, and no graph left."""
    call = plainly(call, "Return new parameters: p - outer_lr * g.")

    def flat(result, params):
        if isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[1], dict):
            raise Problem("the two things that it returns are exchanged: first the new parameters, then the loss.")
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Problem("it should return two things: the new parameters and the outer loss.")
        return named(result[0], params), result[1]

    def flat_of(function):
        return lambda network, params, *rest: flat(function(network, params, *rest), params)

    def twice(network, params, *rest):
        first, second = call(network, params, *rest), call(network, params, *rest)
        if not same(flat(first, params), flat(second, params)):
            raise Problem(
                "called twice with the same start and tasks, it gives two results: gradients are left over from the "
                "first call. .backward() adds to .grad; clear it before, or use torch.autograd.grad."
            )
        return first

    cases = _outer_cases()
    try:
        compare(flat_of(twice), flat_of(maml_outer_step), cases, [(flat_of(f), m) for f, m in _OUTER_MISTAKES],
                ("the new parameters", "the outer loss"))  # fmt: skip
    except Problem as problem:
        raise Problem(f"{problem}{_cut(str(problem))}") from None
    new, outer = call(*copy.deepcopy(cases["three tasks and steps = 1"]))
    if any(p.grad_fn is not None for p in new.values()):
        raise Problem(
            "the numbers are right, but the new parameters still hang on the graph of this step, and each step would "
            "add to it until memory is full. Cut it: (p - outer_lr * g).detach().requires_grad_()."
        )
    if not all(p.requires_grad for p in new.values()):
        raise Problem("the new parameters do not require gradients, so the next outer step stops: .requires_grad_().")
    if isinstance(outer, Tensor) and outer.requires_grad:
        raise Problem("the loss that it returns still holds the graph; who stores it fills the memory: .detach() it.")
