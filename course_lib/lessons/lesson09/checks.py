"""Lesson 09: in context. What is looked at stands in `checks_mask.py`, `checks_line.py`, `checks_layer.py`,
`checks_posterior.py` and `checks_flaw.py`."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson09.by_attention import context_mask, linear_attention_step
from course_lib.lessons.lesson09.checks_flaw import judge_find_flaw
from course_lib.lessons.lesson09.checks_layer import judge_layer
from course_lib.lessons.lesson09.checks_line import judge_line
from course_lib.lessons.lesson09.checks_mask import judge_mask
from course_lib.lessons.lesson09.checks_posterior import judge_posterior
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.lessons.lesson09.readers import find_flaw
from course_lib.tasks.gaussian_process import posterior

EXERCISES = {
    "context_mask": Exercise(
        context_mask,
        judge_mask,
        (
            "Go through the three kinds of tokens (pair, padding, query) as *columns*: at which of them may anybody "
            "look?",
            "All rows of a task are alike. The columns of its support pairs are True, and no others.",
            "torch.arange(n) < n_support.unsqueeze(1) is [tasks, n]. Repeat it for n rows.",
        ),
    ),
    "bayes_line": Exercise(
        bayes_line,
        judge_line,
        (
            "The logarithm of a normal distribution is -(distance from its mean)^2 / (2 variance). Which two does w "
            "meet?",
            "Minus the logarithm is |x w - y|^2 / (2 noise^2) + |w|^2 / (2 scale^2). Multiply by 2 noise^2 and compare "
            "with ridge regression.",
            "With strength = (noise / scale) ** 2: torch.linalg.solve(x.mT @ x + strength * torch.eye(d), x.mT @ y).",
        ),
    ),
    "linear_attention_step": Exercise(
        linear_attention_step,
        judge_layer,
        (
            "Begin with one number in x. By how much does a step from w = 0 change what is left over at a place x, and "
            "which numbers of which pair are in it?",
            "Pair i takes 2 * y_i * (lr[0] x_i[0] x[0] + lr[1] x_i[1] x[1] + ...) away there, and then comes the "
            "mean over pairs. Which factor can be key · query, which the value?",
            "W_Q keeps x and drops y; W_K does too, with the rates on its diagonal; W_V is 0 but for its last number, "
            "which is -2.",
        ),
    ),
    "posterior": Exercise(
        posterior,
        judge_posterior,
        (
            "Write the kernel first: (a - b.mT) of [tasks, n, 1] and [tasks, m, 1] is [tasks, n, m].",
            "Both answers need the same numbers: torch.linalg.solve(K + noise**2 * eye, k.mT).mT, [tasks, n_query, "
            "n], what each support y counts for each query.",
            "The variance is 1 + noise**2 - (those numbers * k).sum(-1, keepdim=True). Its root is the spread.",
        ),
    ),
    "find_flaw": Exercise(
        find_flaw,
        judge_find_flaw,
        (
            "For each flaw: what could you change in an episode that must leave a sound answer as it is?",
            "Ask for one query alone, Episode(x, y, new_x[:, i : i + 1], new_y[:, i : i + 1]): then once more with "
            "another y, and compare with its answer beside the others.",
            "Order: new_order = torch.randperm(n, generator=generator), for x and y alike, more than once. Pool, the "
            "last: is the mean squared error on 200 new tasks more than 3 times that of bayes_line?",
        ),
    ),
}
