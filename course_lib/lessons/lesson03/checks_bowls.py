"""What `check` looks at in the start where training ends, of lesson 03, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, same
from course_lib.lessons.lesson03.meta_gradient import best_start


def _cases():
    two = torch.tensor([4.0, 0.5]), torch.tensor([-1.0, 1.0])
    three = torch.tensor([3.0, 0.25, 1.0]), torch.tensor([0.5, -2.0, 3.0])
    return {
        "the two bowls, one step, order 2": (*two, 0.2, 1, 2),
        "the two bowls, one step, order 1": (*two, 0.2, 1, 1),
        "steps = 0, which is joint training": (*two, 0.2, 0, 2),
        "three tasks, three steps, order 2": (*three, 0.1, 3, 2),
        "three tasks, three steps, order 1": (*three, 0.1, 3, 1),
        "a step that goes too far (lr times h is 1.6)": (*two, 0.4, 1, 2),
    }


def _hard_cases():
    """Where a search does not arrive: one far end, one nearly flat task, and a sum of weights that is negative."""
    one_sided = torch.tensor([5.0, 0.001]), torch.tensor([-1.0, 3.0])
    far = torch.tensor([4.0, 0.5]), torch.tensor([-800.0, 700.0])
    return {
        "a steep and a very flat task, order 2": (*one_sided, 0.2, 1, 2),
        "lowest points that lie far away": (*far, 0.2, 1, 2),
        "two tasks of which one has a negative weight to first order (1 - lr h is -0.6)":
            (torch.tensor([4.0, 0.5]), torch.tensor([-1.0, 1.0]), 0.4, 1, 1),
    }  # fmt: skip


_SEARCH = ("Is it a search, by gradient descent or on a grid? Where the weights have a negative sum descent runs away, "
           "where a task is very flat it does not arrive, and a grid has ends and gaps. The start can be written down: "
           "where the sum of w (theta - c) is 0.")  # fmt: skip


def _mean(weights):
    """The mean of the lowest points with these weights, a function of (h, lr, steps, order)."""

    def start(h, c, lr, steps, order=2):
        weight = weights(h, lr, steps, order)
        return ((weight * c).sum() / weight.sum()).item()

    return start


def _undivided(by):
    """The weighted sum of the lowest points, divided by something else than the sum of the weights."""

    def start(h, c, lr, steps, order=2):
        weight = h * (1 - lr * h) ** (steps * order)
        return ((weight * c).sum() / by(h)).item()

    return start


def _adapted(which):
    """Where a task has moved to from the best start."""

    def end(h, c, lr, steps, order=2):
        return (c + (1 - lr * h) ** steps * (best_start(h, c, lr, steps, order) - c))[which].item()

    return end


_FACTOR = "it is right for one step. With `steps` steps there is a factor 1 - lr h for each: they are multiplied."
_MISTAKES = [
    (_mean(lambda h, lr, k, order: torch.ones_like(h)),
     "this is the plain mean of the lowest points. A steep task pulls more: its gradient h (theta - c) is larger."),
    (_mean(lambda h, lr, k, order: h),
     "this is the start of joint training, whatever `steps` and `order` say. After a step, theta' - c is (1 - lr h) "
     "(theta - c), and the query gradient is taken *there*."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (2 * k)),
     "it is right for order 2, and `order` is not used. First order leaves out the factors of the chain rule; the one "
     "that comes from the point theta' stays."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** k),
     "it is right for order 1, and `order` is not used. The exact meta-gradient has the factors of the chain rule "
     "as well, so each stands there twice."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (k * (3 - order))), "orders 1 and 2 are exchanged."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (k * (order - 1))),
     "the point is missing: the query gradient is taken at theta', and theta' - c is (1 - lr h) (theta - c) for each "
     "step. Only the factors of the chain rule are there."),
    (_mean(lambda h, lr, k, order: (1 - lr * h) ** (k * order)),
     "h is missing: the query gradient is *h* times (theta' - c)."),
    (_mean(lambda h, lr, k, order: h**2 * (1 - lr * h) ** (k * order)), "h stands there twice: the gradient is h times "
                                                                        "(theta' - c)."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** order), _FACTOR),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** order if k else h), _FACTOR),
    (_mean(lambda h, lr, k, order: h * (1 - k * lr * h) ** order),
     "`steps` factors 1 - lr h are multiplied, which is not 1 - steps * lr * h."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (k + order - 1)),
     "one factor too few: for the exact meta-gradient there are `steps` factors from the point theta' and `steps` from "
     "the chain rule."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (k + (order - 1) * (k > 0))),
     "the chain rule gives one factor for each step, as the point theta' does: `steps` of them, not one."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h).clamp(min=0) ** (k * order)),
     "a factor 1 - lr h below 0 is set to 0. It is negative where a step goes beyond c, and it counts."),
    (_mean(lambda h, lr, k, order: h * (1 - lr * h) ** (k * order) if k else torch.ones_like(h)),
     "with steps = 0 it gives the plain mean. Joint training weighs by h: there f is 1, and h stays."),
    (_mean(lambda h, lr, k, order: h * (1 + lr * h) ** (k * order)),
     "the factor is 1 *minus* lr h: a step goes down the slope."),
    (_mean(lambda h, lr, k, order: h * (1 - h) ** (k * order)), "lr is missing in the factor 1 - lr h."),
    (_mean(lambda h, lr, k, order: h * (1 - lr) ** (k * order)), "h is missing in the factor 1 - lr h."),
    (_undivided(len), "the weighted sum is divided by the number of tasks. Divide by the sum of the *weights*: with c "
                      "the same in all tasks, the start must be that c."),
    (_undivided(lambda h: 1), "the weighted sum is not divided. Divide by the sum of the weights: with c the same in "
                              "all tasks, the start must be that c."),
    (_undivided(lambda h: h.sum()), "the weighted sum is divided by the sum of h. The weights hold the factors too: "
                                    "divide by the sum of the *weights*."),
    *((_adapted(i), "this is where a task has moved to. Return the start.") for i in (0, -1)),
    (lambda h, c, lr, k, order=2: torch.Size([len(h)]),
     "it gives a number for each task. One start serves all: at it, the *sum* of the gradients over tasks is 0."),
]  # fmt: skip


def judge_bowls(call):
    """`best_start`: joint, first order and exact, with one step and several."""

    def number(h, c, lr, steps, order):
        found = call(h, c, lr, steps=steps, order=order)
        return found if as_number(found) is None else as_number(found)

    compare(number, best_start, _cases(), _MISTAKES)
    beyond = list(_hard_cases().values())[-1]
    without_sign = _mean(lambda h, lr, k, order: h * (1 - lr * h).abs() ** (k * order))
    if same(number(*beyond), torch.tensor(without_sign(*beyond))):
        raise Problem("the sign of 1 - lr h is lost. It is negative where a step goes beyond c, and so is the weight "
                      "then, to first order.")  # fmt: skip
    also(number, best_start, _hard_cases(), _SEARCH)
    if as_number(call(*list(_cases().values())[0][:4])) is None:
        raise Problem("without `order` it should take the exact meta-gradient, order=2.")
