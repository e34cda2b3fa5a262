"""Lesson 15: search that remembers. What is looked at stands in `checks_tau.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson15.checks_from_tasks import judge_from_tasks
from course_lib.lessons.lesson15.checks_halving import judge_halving
from course_lib.lessons.lesson15.checks_improvement import judge_improvement
from course_lib.lessons.lesson15.checks_portfolio import judge_portfolio
from course_lib.lessons.lesson15.checks_synflow import judge_synflow
from course_lib.lessons.lesson15.checks_tau import judge_tau
from course_lib.lessons.lesson15.halving import successive_halving
from course_lib.lessons.lesson15.improvement import expected_improvement
from course_lib.lessons.lesson15.kendall import tau_and_ceiling
from course_lib.lessons.lesson15.portfolio import portfolio
from course_lib.lessons.lesson15.posterior import learned_posterior
from course_lib.lessons.lesson15.synflow import synflow

EXERCISES = {
    "expected_improvement": Exercise(
        expected_improvement,
        judge_improvement,
        (
            "Write the loss as mean + sd u, with u standard normal. It is below `best` where u is below z = (best - "
            "mean) / sd.",
            "So the integral of (best - mean - sd u) under the bell curve, from minus infinity to z. The first two "
            "give (best - mean) times the area. The integral of u times the density is minus the density.",
            "(best - mean) * torch.special.ndtr(z) + sd * torch.exp(-z**2 / 2) / (2 * torch.pi) ** 0.5. Where sd is "
            "0, z must not divide by it: sd.clamp(min=1e-12) helps. In the end .clamp(min=0).",
        ),
    ),
    "portfolio": Exercise(
        portfolio,
        judge_portfolio,
        (
            "Keep the lowest loss so far for each task, [tasks]. It begins with infinity.",
            "torch.minimum(lowest[:, None], losses) is [tasks, n]: what the lowest would be with each setting added. "
            "Its mean over tasks decides.",
            "means = torch.minimum(lowest[:, None], losses).mean(0); means[chosen] = torch.inf; k = "
            "means.argmin().item(); then append k, and lowest = torch.minimum(lowest, losses[:, k]).",
        ),
    ),
    "learned_posterior": Exercise(
        learned_posterior,
        judge_from_tasks,
        (
            "mean = others.mean(0); with apart = others - mean, the covariance S is apart.T @ apart / (T - 1). Then "
            "C, the mixture.",
            "Rows of the trials: C[seen], [k, n]. Their own part: C[seen][:, seen] + noise * torch.eye(k), K. Weights: "
            "torch.linalg.solve(K, C[seen]), [k, n].",
            "mean + (values - mean[seen]) @ weights; the variance is C.diagonal() - (weights * C[seen]).sum(0), "
            "clamped at 0; its root is the standard deviation. For no trial at all this gives the prior by itself.",
        ),
    ),
    "successive_halving": Exercise(
        successive_halving,
        judge_halving,
        (
            "Keep a list of those that are still in the race. At each rung: losses_after(alive, steps), and "
            "len(alive) * (steps - steps before) more to pay.",
            "torch.where(losses.isnan(), torch.inf, losses).argsort(stable=True) gives places from the best on. "
            "math.ceil(len(alive) / factor) of them go on.",
            "alive = [alive[place] for place in sorted(order[:many])] keeps the order of `settings`. At the last rung "
            "nobody is cut: alive[order[0]] wins.",
        ),
    ),
    "tau_and_ceiling": Exercise(
        tau_and_ceiling,
        judge_tau,
        (
            "(a[:, None] - a).sign() has the order of all pairs, each twice. Multiply those of scores and truth, and "
            "add up. Below the line: the root of (sum of squares of one) x (sum of squares of the other).",
            "Say a measurement has variance 1: r of it is worth, 1 - r luck. Two measurements share r. The mean of S "
            "has variance r + (1 - r) / S. Its correlation with the worth?",
            "r = sin(pi/2 mean tau). The worth has covariance r with the mean of S, and variance r, so that the "
            "correlation is r / sqrt(r (r + (1 - r) / S)) = sqrt(S r / (1 + (S - 1) r)). Back: 2/pi asin.",
        ),
    ),
    "synflow": Exercise(
        synflow,
        judge_synflow,
        (
            "sizes = [w.detach().abs().requires_grad_() for w in weights]: copies, so that nothing happens to the "
            "weights.",
            "R is forward(sizes).sum(), over all tasks. torch.autograd.grad(R, sizes, allow_unused=True) gives the "
            "slopes, and None where a weight is not used.",
            "(w.detach() * slope).flatten(1).sum(1), with w of sizes, is a tensor's part for each task; add them up "
            "over all whose slope is not None.",
        ),
    ),
}  # fmt: skip
