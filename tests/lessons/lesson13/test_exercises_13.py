"""Lesson 13: right answers of several kinds pass, and each usual mistake gets its own hint."""

import numpy as np
import pytest
import torch

from course_lib import check
from course_lib.exercises.engine import verdict
from course_lib.learners import reward_to_go
from course_lib.lessons.lesson13 import (
    checks_credit,
    checks_dice,
    checks_missing,
    checks_reinforce,
    checks_worth,
)
from course_lib.lessons.lesson13.checks import EXERCISES
from course_lib.lessons.lesson13.exact_bandit import adapted, outcomes, two_parts
from course_lib.lessons.lesson13.optimal_pulls import best_value, values_of_next
from course_lib.lessons.lesson13.surrogates import dice
from tests.exercises.exercise_cases import assert_refused, assert_solved, each_mistake
from tests.lessons.lesson03.test_exercises_03 import named

KNOWN = {
    "adapted": checks_reinforce._MISTAKES, "two_parts": checks_missing._MISTAKES, "dice": checks_dice._MISTAKES,
    "reward_to_go": checks_credit._MISTAKES, "values_of_next": checks_worth._MISTAKES,
}  # fmt: skip


@each_mistake(KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):

    def answer(*args):
        found = formula(*args)
        return torch.zeros(found) if isinstance(found, torch.Size) else found

    assert verdict(EXERCISES[name], answer) == ("hint", message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def by_differences(start, rewards, pulls, lr):
    """Both parts as central differences, each with the other factor as it was."""
    counts, ways = outcomes(len(start), pulls)

    def chance(s):
        return ways * s.softmax(-1).pow(counts).prod(-1)

    def value(s):
        return (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)

    found = []
    for part in (lambda s: chance(start) * value(s), lambda s: chance(s) * value(start)):
        steps = 1e-5 * torch.eye(len(start), dtype=start.dtype)
        slope = [(part(start + e) - part(start - e)).sum(-1).mean() / 2e-5 for e in steps]
        found.append(torch.stack(slope))
    return found


def pull_by_pull(start, counts, rewards, lr):
    """A step for each pull, with the slope of its logarithm by autograd."""
    slopes = torch.autograd.functional.jacobian(lambda s: s.log_softmax(-1), start, create_graph=True)
    found = torch.zeros(len(rewards), len(counts), len(start), dtype=start.dtype)
    for task, pays in enumerate(rewards):
        for outcome, row in enumerate(counts):
            arms = [arm for arm, n in enumerate(row.long().tolist()) for _ in range(n)]
            step = sum(pays[arm] * slopes[arm] for arm in arms) / len(arms)
            found[task, outcome] = start + lr * step
    return found


def beside_the_return(log_probabilities, rewards):
    """The return, and what has no size and all derivatives."""
    so_far = log_probabilities.cumsum(-1)
    return rewards.sum(-1) + (torch.expm1(so_far - so_far.detach()) * rewards).sum(-1)


def backwards(rewards):
    found, after = np.zeros(rewards.shape), 0.0
    for step in reversed(range(rewards.shape[-1])):
        after = after + rewards[..., step].numpy()
        found[..., step] = after
    return torch.as_tensor(found)


def as_arrays(state, left, safe=None):
    table = np.array(state)
    values = []
    for arm in range(len(table)):
        step = np.zeros_like(table)
        step[arm] = 1
        won, lost = (table + step * np.array(way) for way in ((1, 0), (0, 1)))
        chance = (table[arm, 0] + 1) / (table[arm].sum() + 2)
        after = [best_value(tuple(map(tuple, s.tolist())), left - 1, safe) for s in (won, lost)]
        values.append(chance * (1 + after[0]) + (1 - chance) * after[1])
    return values if safe is None else (safe + best_value(state, left - 1, safe), *values)


RIGHT = [("adapted", pull_by_pull), ("two_parts", by_differences), ("dice", beside_the_return),
         ("reward_to_go", backwards), ("values_of_next", as_arrays)]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    def mine(*args, safe=None):
        return answer(*args, safe) if safe is not None else answer(*args)

    mine = mine if name == "values_of_next" else named(name, answer)
    mine.__name__ = name
    assert check(mine) is mine, capsys.readouterr().out


def without_unsqueeze(start, counts, rewards, lr):
    return start + lr * counts / counts.sum(-1) * rewards


def twice_through_one_graph(start, rewards, pulls, lr):
    at = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    p = ways * (counts @ at.log_softmax(-1)).exp()
    v = (adapted(at, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    return [torch.autograd.grad(x.sum(-1).mean(), at)[0] for x in (p * v, p * v.detach())]


WRONG = [
    ("adapted", lambda start, *args: adapted(start.detach(), *args), "no gradient gets through the step"),
    ("adapted", lambda start, *args: adapted(start.detach().clone().requires_grad_(), *args), "that was cut off"),
    ("adapted", lambda start, *args: start + (adapted(start, *args) - start).detach(), "takes the step for a constant"),
    ("adapted", lambda start, counts, r, lr: start / 2 + start.detach() / 2 + adapted(start, counts, r, lr) - start,
     "is another one"),
    ("adapted", lambda start, counts, r, lr: start + torch.autograd.grad((start * counts).sum(), start)[0],
     "start.requires_grad is False, with a copy"),
    ("adapted", without_unsqueeze, "Two axes of different size meet there"),
    ("adapted", lambda start, counts, r, lr: adapted(start, counts, r, lr).squeeze(0), "also for one task"),
    ("adapted", lambda start, counts, r, lr: adapted(start, counts, r, lr).squeeze(1), "also for one outcome"),
    ("adapted", lambda start, counts, r, lr: adapted(start, counts.unique(dim=0), r, lr)
     if len(counts) == 3 and counts[0, 2] < 2 and len(r) == 1 else adapted(start, counts, r, lr), "in another order"),
    ("two_parts", twice_through_one_graph, "retain_graph=True in the first of the two"),
    ("two_parts", lambda start, r, n, lr: two_parts(start.requires_grad_(), r, n, lr), "is such a copy"),
    ("two_parts", lambda start, r, n, lr: torch.autograd.grad(start.sum(), start), "Work on a copy"),
    ("two_parts", lambda *args: [two_parts(*args)[0] + 1e-3, two_parts(*args)[1]], "in path, the numbers differ"),
    ("reward_to_go", lambda r: r[..., ::-1].cumsum(-1), "PyTorch has no [::-1]"),
    ("reward_to_go", lambda r: reward_to_go(r).squeeze(), "also where one has size 1"),
    ("reward_to_go", lambda r: reward_to_go(r.view(-1, *r.shape[-3:])).view_as(r) if r.ndim < 5 else r.cumsum(-1),
     "any number of axes"),
    ("reward_to_go", lambda r: [sum([0, *r.tolist()])], "rewards[..., t] is step t of all of them"),
    ("dice", lambda x, r: dice(x, r) + 0.1 * x[..., :1].prod(-1) - 0.1 * x[..., :1].prod(-1).detach(),
     "the first derivative of trajectory 0, by the log probability of step 0, differs: it should be"),
    ("dice", lambda x, r: dice(x, r) + 0.1 * (x[..., :1] - x[..., :1].detach()).mul(x[..., -1:] - x[..., -1:].detach()
     ).sum(-1), "by the log probabilities of steps 0 and 2, differs: it should be"),
    ("dice", lambda x, r: dice(x.mT, r.mT) if x.ndim == 2 else dice(x, r), "along the first axis"),
    ("dice", lambda x, r: dice(x, r).sum(), "a single number for all trajectories"),
    ("dice", lambda x, r: dice(x, r).unsqueeze(-1), "is too many"),
    ("dice", lambda x, r: dice(x, r).detach(), "it has no derivative"),
    ("dice", lambda x, r: torch.exp(x.cumsum(-1) - x.cumsum(-1).detach()) * r, "a number for each *step*"),
    ("dice", lambda x, r: (torch.exp(x - x.detach()).prod(0) * r).sum(-1), "the first derivative of trajectory 3, by"),
    ("values_of_next", lambda state, left, safe=None: values_of_next(state, left, safe or None), "0 is not None"),
    ("values_of_next", lambda state, left, safe=None: [best_value([p], left, safe) for p in state], "tuple of tuples"),
    ("values_of_next", lambda state, left, safe=None: [best_value(p, left, safe) for p in state], "a comma"),
    ("values_of_next", lambda state, left, safe=None: [w / (w + n) for w, n in state], "(0 + 1) / (0 + 0 + 2)"),
    ("values_of_next", lambda state, left, safe=None: {i: v for i, v in enumerate(values_of_next(state, left, safe))},
     "it returned a dict"),
    ("values_of_next", lambda state, left, safe=None: torch.tensor(values_of_next(state, left, safe)), "in a list"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    def mine(*args, safe=None):
        return answer(*args, safe) if safe is not None else answer(*args)

    mine.__name__ = name
    assert_refused(EXERCISES[name], mine if name == "values_of_next" else named(name, answer), words, capsys)


def a_list_of_floats(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    found = start + lr * (earned - earned.sum(-1, keepdim=True) * p)
    return torch.tensor([[[float(score) for score in row] for row in task] for task in found], dtype=start.dtype)


def test_no_warning_advises_what_the_hint_advises_against(capsys):
    assert_refused(EXERCISES["adapted"], named("adapted", a_list_of_floats), "float(), torch.tensor(list)", capsys)
    check(named("adapted", a_list_of_floats))
    assert "warning" not in capsys.readouterr().out
