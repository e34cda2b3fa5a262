"""Lesson 12: a changed arm. What is looked at stands in `checks_motion.py`, `checks_control.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners import ridge_head
from course_lib.lessons.lesson12.asks import another_swing
from course_lib.lessons.lesson12.checks_asks import judge_asks
from course_lib.lessons.lesson12.checks_control import judge_control
from course_lib.lessons.lesson12.checks_identify import judge_identify
from course_lib.lessons.lesson12.checks_known_equation import judge_known_equation
from course_lib.lessons.lesson12.checks_motion import judge_motion
from course_lib.lessons.lesson12.checks_ridge import judge_ridge
from course_lib.lessons.lesson12.control import computed_torque
from course_lib.lessons.lesson12.identify import payload_spread
from course_lib.lessons.lesson12.known_equation import least_squares_with_prior
from course_lib.tasks.arm import acceleration

EXERCISES = {
    "acceleration": Exercise(
        acceleration,
        judge_motion,
        (
            "Write the derivative of M in q2 first: [[-2 k sin q2, -k sin q2], [-k sin q2, 0]]. In time, M changes by "
            "w2 times that.",
            "w'Mw holds q2 in 2 k cos q2 (w1^2 + w1 w2) alone. Half of its derivative in q2 is the elbow's number; the "
            "shoulder's is 0.",
            "With h = k sin q2, the two terms together are (-h (2 w1 w2 + w2^2), h w1^2). Then torch.linalg.solve(M, "
            "(torques - terms - gravity - joints).unsqueeze(-1)).squeeze(-1).",
        ),
    ),
    "least_squares_with_prior": Exercise(
        least_squares_with_prior,
        judge_known_equation,
        (
            "Make one row of each torque: r = rows.flatten(1, 2), [tasks, 2 n, unknowns]. Minus the logarithm, times 2 "
            "noise^2, is |r θ - torques|^2 + noise^2 (θ - mean)' C^-1 (θ - mean).",
            "With δ = θ - mean and error = torques - r mean, the derivative is 0 for (r'r + noise^2 C^-1) δ = r'error.",
            "From the left by C: (C r'r + noise^2 I) δ = C r'error. Then θ = mean + δ.",
        ),
    ),
    "ridge_head": Exercise(
        ridge_head,
        judge_ridge,
        (
            "The derivative, halved: F'(F W - Y) + Λ (W - μ) = 0, where Λ has the precision on its diagonal.",
            "With D = W - μ: (F'F + Λ) D = F'(Y - F μ). features.mT is F' of every task.",
            "mean + torch.linalg.solve(features.mT @ features + torch.diag(precision), features.mT @ (targets - "
            "features @ mean)).",
        ),
    ),
    "computed_torque": Exercise(
        computed_torque,
        judge_control,
        (
            "e'' is the wanted acceleration minus that of the arm. So the equation has one unknown.",
            "acceleration = wanted acceleration + damping * e' + stiffness * e, with e' = wanted velocity - velocity.",
            "state[:, :2] are angles, state[:, 2:] speeds. Return inverse(state, that acceleration).",
        ),
    ),
    "another_swing": Exercise(
        another_swing,
        judge_asks,
        (
            "Write it for one task first, in a loop: an arm, a swing, a first moment; then another swing, and moments "
            "of it. torch.stack makes a batch of them.",
            "The other swing: add 1 to swings - 1 to the first one, and take the rest of a division by swings.",
            "first = torch.randint(moments - n_support + 1, (1,), generator=generator), then x[arm, swing, first + "
            "torch.arange(n_support)]. For queries: torch.randperm(moments, generator=generator)[:n_query].",
        ),
    ),
    "payload_spread": Exercise(
        payload_spread,
        judge_identify,
        (
            "Cut the payload's column off: payload, others = rows[..., :1], rows[..., 1:].",
            "Which numbers make others @ numbers come nearest to the payload's column? torch.linalg.pinv(others) @ "
            "payload, also where columns are 0.",
            "r = payload - others @ (torch.linalg.pinv(others) @ payload); noise / r.square().sum((-2, -1)).sqrt().",
        ),
    ),
}
