"""Lesson 08's checks of reading, reporting and registering: mistakes get their hints, right answers pass."""

import math

import numpy as np
import pytest
import torch

from course_lib.exercises import check, engine
from course_lib.lessons.lesson08.checks import EXERCISES
from course_lib.lessons.lesson08.checks_study import LEARNERS, _pilot
from course_lib.lessons.lesson08.results_sections import FLAWS, deal, name_flaws
from course_lib.lessons.lesson08.study import planned, study, verdict
from course_lib.statistics import tasks_needed
from tests.exercises.exercise_cases import assert_refused
from tools.notebooks import ROOT, read


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def loop_honest(validation, test):
    chosen = [float(t[max(range(len(v)), key=lambda i: v[i])]) for v, t in zip(validation, test, strict=True)]
    mean = sum(chosen) / len(chosen)
    return mean, math.sqrt(sum((c - mean) ** 2 for c in chosen) / (len(chosen) - 1))


def registered(half=2.0, **changes):
    def answer(pilot, low, high):
        registration = study(pilot, low, high)[0] | {"half": half} | changes
        if "tasks" not in changes:
            registration["tasks"] = planned(pilot, registration["first"], registration["second"], half)
        return registration, verdict(registration["at_least"], low, high)

    return answer


def judged(rule, **changes):
    """A study whose verdict comes from `rule(claim, low, high)`."""
    return lambda pilot, low, high: (study(pilot, low, high)[0] | changes, rule(5.0, low, high))


def refused(**changes):
    """A registration that is refused before its numbers are looked at."""
    return lambda pilot, low, high: (study(pilot, low, high)[0] | changes, "undecided")


def planning(tasks):
    return lambda pilot, low, high: (study(pilot, low, high)[0] | {"tasks": tasks(pilot)}, verdict(5.0, low, high))


def stop(v, t):
    return t.gather(1, v.argmax(1, keepdim=True))[:, 0]


def both(x):
    return x.mean().item(), x.std().item()


def last_best(v, t):
    best = [max(i for i, x in enumerate(row) if x == max(row)) for row in v.tolist()]
    return t[torch.arange(len(t)), torch.tensor(best)]


PILOT = _pilot(0, 6.0)
RIGHT = [
    ("name_flaws", lambda: dict(reversed(name_flaws().items()))),
    ("honest_result", loop_honest),
    ("honest_result", lambda v, t: tuple(f(t[torch.arange(len(t)), v.argmax(1)]) for f in (torch.mean, torch.std))),
    ("name_flaws", lambda: {letter: name_flaws()[letter] for letter in deal(7)[0]}),
    ("study", registered(first="pixels", second="reptile", at_least=0, half=0.2)),
    ("study", registered(tasks=np.int64(30), half=30)),
    ("study", registered(because="画素の距離は筆跡の違いに弱い。", change_my_mind="差が５ポイントより下のとき。")),
    ("study", judged(lambda claim, low, high: {(1, 1): "supported", (0, 0): "refuted"}.get(
        (int(low >= claim), int(high >= claim)), "undecided"))),
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
    ("honest_result", lambda v, t: stop(v, t).mean().item(), "two numbers"),
    ("honest_result", lambda v, t: both(t[:, v.argmax(1)]), "reads every stop in every run"),
    ("honest_result", lambda v, t: both(last_best(v, t)), "it takes the later one"),
    ("honest_result", lambda v, t: (stop(v, t).median(), stop(v, t).std()), "the median of the runs"),
    ("honest_result", lambda v, t: (stop(v, t).std(), stop(v, t).mean()), "the two numbers are exchanged"),
    ("honest_result", lambda v, t: (stop(v, t), stop(v, t).std()), "the mean should be a number"),
    ("study", lambda *args: study(*args)[0], "a pair"),
    ("study", lambda *args: "supported", "a pair"),
    ("study", lambda pilot, low, high: (study(pilot, low, high)[0] | {"at_least": max(0.0, low)}, "supported"),
     "changes with the result"),
    ("study", lambda pilot, low, high: (study(pilot, low, high)[0] | {"verdict": "refuted"}, "refuted"), "no part of"),
    ("study", lambda pilot, low, high: ({"first": "maml"}, "supported"), "has no 'second'"),
    ("study", refused(first="MAML"), "choose one of prototypical, matching, relation, siamese, centroid, linear_probe"),
    ("study", refused(second="prototypical"), "the same learner"),
    ("study", refused(at_least=-2), "Exchange first and second"),
    ("study", refused(at_least=0.02), "Did you mean 2?"),
    ("study", refused(half=0.02), "Did you mean 2?"),
    ("study", refused(half=0), "above 0"),
    ("study", refused(tasks=99.5), "a whole number"),
    ("study", refused(because="It is better."), "four different words"),
    ("study", refused(because="asdf asdf asdf asdf"), "four different words"),
    ("study", refused(change_my_mind=study(PILOT, 0, 0)[0]["because"]), "are the same sentence"),
    ("study", refused(change_my_mind="Nothing could ever change my mind."), "has no number in it"),
    ("study", planning(lambda pilot: 150), "It is the same for every pilot"),
    ("study", planning(lambda pilot: tasks_needed(pilot["prototypical"], 2)), "with the scores of `first`"),
    ("study", planning(lambda pilot: tasks_needed(pilot["maml"], 2)), "with the scores of `second`"),
    ("study", planning(lambda pilot: min(400, tasks_needed(pilot["prototypical"] - pilot["maml"], 0.02))),
     "factor of 100"),
    ("study", registered(half=0.5, tasks=5000), "tasks is not what tasks_needed"),
    ("study", judged(lambda claim, low, high: "yes" if low > claim else "no"), 'must be "supported"'),
    ("study", judged(lambda claim, low, high: "supported" if low > 0 else "refuted" if high < 0 else "undecided"),
     "Compare its ends with at_least"),
    ("study", judged(lambda claim, low, high: "supported" if (low + high) / 2 >= claim else "refuted"),
     "both answers are possible"),
    ("study", judged(lambda claim, low, high: "supported" if low > claim else "refuted" if high < claim
                     else "undecided"), "at least means that or more"),
    ("study", judged(lambda claim, low, high: "supported" if low >= claim else "refuted" if high <= claim
                     else "undecided"), "so not all of it lies below"),
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


def test_the_learners_of_a_study_are_those_of_the_lesson():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "08_a_fair_comparison.ipynb").cells}
    found = {}
    exec(cells["pilot"].split("SHAKY")[0], found)
    assert found["ELEVEN"] == LEARNERS and len(LEARNERS) == 11
