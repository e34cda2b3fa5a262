"""Lesson 13: learning to act. What is looked at stands in `checks_reinforce.py`, `checks_missing.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.learners import reward_to_go
from course_lib.lessons.lesson13.checks_credit import judge_to_go
from course_lib.lessons.lesson13.checks_dice import judge_dice
from course_lib.lessons.lesson13.checks_missing import judge_missing
from course_lib.lessons.lesson13.checks_reinforce import judge_reinforce
from course_lib.lessons.lesson13.checks_worth import judge_worth
from course_lib.lessons.lesson13.exact_bandit import adapted, two_parts
from course_lib.lessons.lesson13.optimal_pulls import values_of_next
from course_lib.lessons.lesson13.surrogates import dice

EXERCISES = {
    "adapted": Exercise(
        adapted,
        judge_reinforce,
        (
            "log p_a = start_a - log(sum over j of exp(start_j)). Its slope in start_j is 1 - p_j for j = a, and -p_j "
            "for the others: (1 for the arm pulled, else 0) - p.",
            "Summed over the pulls of an outcome, with rewards: arm j gets count_j * reward_j, and from all arms p_j "
            "times the sum of all counts * rewards is taken off.",
            "earned = counts / counts[0].sum() * rewards.unsqueeze(1) is [tasks, outcomes, arms]. Then start + lr * "
            "(earned - earned.sum(-1, keepdim=True) * start.softmax(-1)).",
        ),
    ),
    "two_parts": Exercise(
        two_parts,
        judge_missing,
        (
            "Make a copy that autograd watches, at = start.clone().requires_grad_(), and compute two tensors from it: "
            "P [outcomes], how likely each outcome is, and V [tasks, outcomes], what is earned after it.",
            "counts, ways = outcomes(len(start), pulls). P = ways * (counts @ at.log_softmax(-1)).exp(), and V = "
            "(adapted(at, counts, rewards, lr).softmax(-1) * rewards.unsqueeze(1)).sum(-1).",
            "path is the gradient of (P.detach() * V).sum(-1).mean(), score that of (P * V.detach()).sum(-1).mean(): "
            "torch.autograd.grad(number, at, retain_graph=True)[0].",
        ),
    ),
    "reward_to_go": Exercise(
        reward_to_go,
        judge_to_go,
        (
            "Begin at the last step: its reward to go is its own reward. What is that of the step before it?",
            "cumsum(-1) adds up from the first step on. .flip(-1) turns the steps round, before it and after it.",
        ),
    ),
    "dice": Exercise(
        dice,
        judge_dice,
        (
            "Which actions can have changed the reward of step t? Those of steps 0 to t. The probability of doing all "
            "of them is a product, so their log probabilities add up.",
            "so_far = log_probabilities.cumsum(-1). The brick before the reward of step t is exp(so_far - so_far held "
            "fast).",
            "((so_far - so_far.detach()).exp() * rewards).sum(-1).",
        ),
    ),
    "values_of_next": Exercise(
        values_of_next,
        judge_worth,
        (
            "There are two cases. The arm pays: 1, and what comes from a state in which it has one win more. Or it "
            "does not: 0, and what comes from a state in which it has one loss more.",
            "A new state: won = (*state[:i], (wins + 1, losses), *state[i + 1:]). What comes: best_value(won, left - "
            "1, safe).",
            "chance * (1 + best_value(won, left - 1, safe)) + (1 - chance) * best_value(lost, left - 1, safe). The "
            "safe arm shows nothing: safe + best_value(state, left - 1, safe).",
        ),
    ),
}
