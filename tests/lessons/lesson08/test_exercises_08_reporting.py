"""Lesson 08's checks of reading and reporting: mistakes get their hints, right answers pass."""

import math

import pytest
import torch

from course_lib.exercises import check, engine
from course_lib.lessons.lesson08.checks import EXERCISES
from course_lib.lessons.lesson08.results_sections import FLAWS, deal, name_flaws
from tests.exercises.exercise_cases import assert_refused


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def loop_honest(validation, test):
    chosen = [float(t[max(range(len(v)), key=lambda i: v[i])]) for v, t in zip(validation, test, strict=True)]
    mean = sum(chosen) / len(chosen)
    return mean, math.sqrt(sum((c - mean) ** 2 for c in chosen) / (len(chosen) - 1))


def stop(v, t):
    return t.gather(1, v.argmax(1, keepdim=True))[:, 0]


def both(x):
    return x.mean().item(), x.std().item()


def last_best(v, t):
    best = [max(i for i, x in enumerate(row) if x == max(row)) for row in v.tolist()]
    return t[torch.arange(len(t)), torch.tensor(best)]


def first_peak(v, t):
    rows = [[i for i in range(len(row)) if i + 1 == len(row) or row[i + 1] <= row[i]][0] for row in v.tolist()]
    return t[torch.arange(len(t)), torch.tensor(rows)]


def best_of_ties(v, t):
    return torch.stack([max(zip(a, b, strict=True))[1] for a, b in zip(v, t, strict=True)])


RIGHT = [
    ("name_flaws", lambda: dict(reversed(name_flaws().items()))),
    ("honest_result", loop_honest),
    ("honest_result", lambda v, t: tuple(f(t[torch.arange(len(t)), v.argmax(1)]) for f in (torch.mean, torch.std))),
    ("name_flaws", lambda: {letter: name_flaws()[letter] for letter in deal(7)[0]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, answer)
    assert check(mine) is mine, capsys.readouterr().out


WRONG = [
    ("name_flaws", lambda: name_flaws() | {"C": "no baseline"}, "9 of 10 are right. C is not 'no baseline': another"),
    ("name_flaws", lambda: dict.fromkeys("GJDEF", "best of seeds"), "1 of 5 are right. G is not 'best of"),
    ("name_flaws", lambda: name_flaws() | {"B": "test-set early stoping"}, "Is it 'test-set early stopping'?"),
    ("name_flaws", lambda: {"A": "too few tasks"}, "5 sections were dealt to you, and your answer has 1: A."),
    ("name_flaws", lambda: name_flaws() | {"B": "best of seeds"}, "which tasks decided when to stop"),
    ("name_flaws", lambda: name_flaws() | {"E": "test-set early stopping"}, "each run was stopped by validation"),
    ("name_flaws", lambda: name_flaws() | {"K": "too few tasks"}, "'K' is no section"),
    ("name_flaws", lambda: name_flaws() | {"A": ["too few tasks"]}, "the one main flaw"),
    ("name_flaws", lambda: {letter: FLAWS[flaw] for letter, flaw in name_flaws().items()}, "Give its short name"),
    ("name_flaws", lambda: {flaw: letter for letter, flaw in name_flaws().items()}, "turned round"),
    ("name_flaws", lambda: "too few tasks", "it should return a dict"),
    ("honest_result", lambda v, t: both(t.amax(1)), "test-set early stopping"),
    ("honest_result", lambda v, t: both(v.amax(1)), "reports the validation accuracy"),
    ("honest_result", lambda v, t: both(t[:, -1]), "last checkpoint"),
    ("honest_result", lambda v, t: both(t[:, v.mean(0).argmax()]), "one checkpoint is chosen for all"),
    ("honest_result", lambda v, t: both(t.mean(1)), "averages over checkpoints"),
    ("honest_result", lambda v, t: both(t.gather(0, v.argmax(0, keepdim=True))[0]), "best *run* at each checkpoint"),
    ("honest_result", lambda v, t: (stop(v, t).mean().item(), stop(v, t).std(correction=0).item()), "number of runs;"),
    ("honest_result", lambda v, t: (stop(v, t).mean().item(), stop(v, t).std().item() / len(t) ** 0.5),
     "standard error"),
    ("honest_result", lambda v, t: (stop(v, t).mean().item(), stop(v, t).var().item()), "is the variance"),
    ("honest_result", lambda v, t: (t.max(), stop(v, t).std()), "chosen twice"),
    ("honest_result", lambda v, t: (stop(v, t).max(), stop(v, t).std()), "best of seeds"),
    ("honest_result", lambda v, t: (t.flatten()[v.argmax()], stop(v, t).std()), "the one run with the best validation"),
    ("honest_result", lambda v, t: both(first_peak(v, t)), "may be a small bump"),
    ("honest_result", lambda v, t: both(best_of_ties(v, t)), "choosing by the test"),
    ("honest_result", lambda v, t: both(stop(v[:10], t[:10])), "the first ten runs"),
    ("honest_result", lambda v, t: (stop(v, t).mean(), ((stop(v, t) - stop(v, t).mean()) ** 2).sum().div(9).sqrt()),
     "divides by 9, whatever"),
    ("honest_result", lambda v, t: stop(v, t).mean().item(), "two numbers"),
    ("honest_result", lambda v, t: both(t[:, v.argmax(1)]), "reads every stop in every run"),
    ("honest_result", lambda v, t: both(last_best(v, t)), "it takes the later one"),
    ("honest_result", lambda v, t: (stop(v, t).median(), stop(v, t).std()), "the median of the runs"),
    ("honest_result", lambda v, t: (stop(v, t).std(), stop(v, t).mean()), "the two numbers are exchanged"),
    ("honest_result", lambda v, t: (stop(v, t), stop(v, t).std()), "the mean should be a number"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


def test_a_try_in_place_does_not_harm_what_is_checked_next():
    def honest_result(validation, test):
        validation.mul_(0)
        test.zero_()
        return 0.0, 0.0

    word, sentence = engine.verdict(EXERCISES["honest_result"], honest_result)
    assert word == "hint" and "in place" in sentence
    right = named("honest_result", EXERCISES["honest_result"].solution)
    assert engine.verdict(EXERCISES["honest_result"], right) == ("right", "")
