"""Lesson 14: learning to train. What is looked at stands in `checks_forward.py`, `checks_neumann.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson14.checks_baseline import judge_baseline
from course_lib.lessons.lesson14.checks_expected import judge_expected
from course_lib.lessons.lesson14.checks_forward import judge_forward
from course_lib.lessons.lesson14.checks_neumann import judge_neumann
from course_lib.lessons.lesson14.checks_pieces import judge_pieces
from course_lib.lessons.lesson14.fair_baseline import tuned_baseline
from course_lib.lessons.lesson14.hypergradient import forward_hypergradient
from course_lib.lessons.lesson14.many_decays import implicit_hypergradient
from course_lib.lessons.lesson14.noisy_quadratic import expected_losses
from course_lib.lessons.lesson14.pieces import train_in_pieces

EXERCISES = {
    "forward_hypergradient": Exercise(
        forward_hypergradient,
        judge_forward,
        (
            "One step is w - r g(w). Its derivative in the log rate has three parts: that of w, that of r (which is r "
            "itself), and that of g(w), by the chain rule.",
            "m becomes m - r g - r H m, with g and H at the weights before the step. m begins with zeros.",
            "(g,) = torch.autograd.grad(train_loss(w), w, create_graph=True), then (Hm,) = torch.autograd.grad(g @ m, "
            "w). Detach w, g and m before the next step. In the end: the validation loss's gradient @ m.",
        ),
    ),
    "implicit_hypergradient": Exercise(
        implicit_hypergradient,
        judge_neumann,
        (
            "H dw/dh + M = 0, where H is the derivative of g in w, and M that in h. So dw/dh = -H^-1 M.",
            "With v the gradient of the validation loss, the answer is -(H^-1 v) M. For H^-1 v: term = rate * v, add "
            "it up, term = term - rate * H term, and so on.",
            "(g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True), with w and h detached and then "
            "requiring gradients; torch.autograd.grad(g, w, term, retain_graph=True) is H term, "
            "torch.autograd.grad(g, h, total) is total M.",
        ),
    ),
    "expected_losses": Exercise(
        expected_losses,
        judge_expected,
        (
            "One step, in one direction: θ becomes (1 - r h) θ + r h c.",
            "The mean of its square: (1 - r h)^2 times the mean of θ^2, and (r h)^2 times that of c^2, which is "
            "noise^2. The mixed term is 0.",
            "moved = rates[..., t, None] * curvature; moments = (1 - moved) ** 2 * moments + (moved * noise) ** 2. "
            "Losses: (curvature * moments).sum(-1) / 2, stacked along the last axis.",
        ),
    ),
    "train_in_pieces": Exercise(
        train_in_pieces,
        judge_pieces,
        (
            "Two loops: over the first steps of pieces, range(0, steps, cut), and inside over the piece's own steps, "
            "to min(first + cut, steps).",
            "In a step: step, memory = rule(gradient(problems, theta, t), memory), theta = theta + step, and "
            "problems.full(theta).mean() is added to the piece's loss.",
            "After a piece: the mean, zero_grad, backward, clip_grad_norm_, step. Then theta = theta.detach() and "
            "memory = memory.detached().",
        ),
    ),
    "tuned_baseline": Exercise(
        tuned_baseline,
        judge_baseline,
        (
            "ends(tuning, rates).mean(1) has one number for each rate; where it is not finite, that rate is out.",
            "torch.where(means.isfinite(), means, torch.inf).argmin(). If that is the first or the last place, go on "
            "with rate * factor or rate / factor in a loop.",
            "In the loop: the mean of ends(tuning, rate.view(1)) for the next rate; stop if it is not below the lowest "
            "so far. In the end ends(judging, best.view(1))[0].",
        ),
    ),
}
