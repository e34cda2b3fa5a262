"""Lesson 03: MAML from scratch. Values and derivatives are checked, so plain PyTorch and torch.func both pass.

The checks are in `checks_*.py`, one for each exercise; the broken meta-learners are in `bug_hunt.py`.
"""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson03.checks_bowls import judge_bowls
from course_lib.lessons.lesson03.checks_outer import judge_outer
from course_lib.lessons.lesson03.checks_quadratic import judge_quadratic
from course_lib.lessons.lesson03.checks_sound import judge_test
from course_lib.lessons.lesson03.checks_steps import judge_inner
from course_lib.lessons.lesson03.meta_gradient import (
    best_start,
    maml_outer_step,
    meta_gradient_test,
    quadratic_meta_gradient,
)

EXERCISES = {
    "inner_step": Exercise(
        inner_step,
        judge_inner,
        (
            "Compute the loss at `params`, and its gradient with respect to each of them.",
            "torch.autograd.grad(loss(params), list(params.values()), create_graph=True) gives the gradients, in the "
            "order of the names. torch.func.grad(loss)(params) gives them as a dict.",
            "return {name: p - lr * g for (name, p), g in zip(params.items(), gradients)}",
        ),
    ),
    "maml_outer_step": Exercise(
        maml_outer_step,
        judge_outer,
        (
            "Loop over the tasks, i in range(episode.n_tasks). Each begins with adapted = params, takes `steps` steps "
            "of inner_step on episode.support_x[i] and support_y[i], and is judged on query_x[i] and query_y[i].",
            "The loss for inner_step is a function of parameters: "
            "lambda p: F.mse_loss(network(p, episode.support_x[i]), episode.support_y[i]).",
            "Divide the sum of the query losses by the number of tasks, and differentiate it: "
            "torch.autograd.grad(outer, list(params.values())).",
            "The new start: {name: (p - outer_lr * g).detach().requires_grad_() ...}. Return it and outer.detach().",
        ),
        leaves_gradients=True,  # .backward() is right too, if the old gradients are cleared before
    ),
    "quadratic_meta_gradient": Exercise(
        quadratic_meta_gradient,
        judge_quadratic,
        (
            "The gradient of a quadratic loss is H @ (theta - c). Take the step, `steps` times, with the support loss.",
            "Then take the query gradient at the adapted point.",
            "By the chain rule each step contributes a factor I - lr * H_s. Multiply the query gradient by it, `steps` "
            "times: gradient = gradient - lr * H_s @ gradient.",
        ),
    ),
    "best_start": Exercise(
        best_start,
        judge_bowls,
        (
            "Write theta' - c as a number times (theta - c): one step multiplies it by 1 - lr h, `steps` steps by a "
            "power of that. Call it f.",
            "The query gradient of a task at theta' is h f (theta - c). Order 1 uses it as it is, so order 1 has one "
            "f. The chain rule gives one more, so order 2 has two.",
            "The sum over tasks of w (theta - c) is 0, with w = h * f ** order. What is theta? A weighted mean.",
        ),
    ),
    "meta_gradient_test": Exercise(
        meta_gradient_test,
        judge_test,
        (
            "Call network.zero_grad(), then outer_loss(network, episode, lr).backward(). Does every parameter have a "
            "gradient that is finite and not all zero?",
            "Draw a direction, one torch.randn_like(p) a parameter. The sum of (p.grad * d).sum() over the parameters "
            "should be slope(lambda: outer_loss(network, episode, lr), network, direction), to about five digits.",
            "The loss of the meta-batch should be the mean of outer_loss(network, episode.task(i), lr) over its tasks.",
        ),
    ),
}  # fmt: skip
