"""Lesson 08's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import math
import random

import numpy as np
import pytest
import torch

from course_lib.exercises import check, engine
from course_lib.lessons.lesson08.checks import EXERCISES
from course_lib.lessons.lesson08.checks_study import LEARNERS, _pilot
from course_lib.lessons.lesson08.results_sections import FLAWS, deal, name_flaws
from course_lib.lessons.lesson08.study import planned, study, verdict
from course_lib.statistics import tasks_needed
from tests.exercises.exercise_cases import assert_refused, assert_solved
from tools.notebooks import ROOT, read


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def ends(means):
    return tuple(torch.as_tensor(means, dtype=torch.float64).quantile(torch.tensor([0.025, 0.975]).double()).tolist())


def drawn(a, b, draws, generator):
    """Means of the two sides on the same drawn tasks, `[2, draws]`."""
    chosen = torch.randint(len(a), (draws, len(a)), generator=generator)
    return a[chosen].mean(1), b[chosen].mean(1)


def numpy_bootstrap(a, b, draws, generator):
    chance = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
    means = [(a - b).numpy()[chance.integers(len(a), size=len(a))].mean() for _ in range(draws)]
    return np.percentile(means, [2.5, 97.5])[0], np.percentile(means, [2.5, 97.5])[1]


def sorted_bootstrap(a, b, draws, generator):
    chance = random.Random(int(torch.randint(2**31, (), generator=generator)))
    differences = (a - b).tolist()
    means = sorted(sum(chance.choices(differences, k=len(a))) / len(a) for _ in range(draws))
    return means[int(0.025 * draws)], means[min(draws - 1, int(0.975 * draws))]


def two_sided(a, b, draws, generator):
    first, second = drawn(a, b, draws, generator)
    return ends(first - second)


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


def spread(s):
    return s.std().item()


RIGHT = [
    ("tasks_needed", lambda s, h: math.ceil((1.96 * s.std().item() / h) ** 2)),
    ("tasks_needed", lambda s, h: next(n for n in range(2, 10**6) if 1.96 * s.double().std() / n**0.5 <= h)),
    ("tasks_needed", lambda s, h: (1.96**2 * s.double().var() / h**2).ceil()),
    ("paired_bootstrap", numpy_bootstrap),
    ("paired_bootstrap", sorted_bootstrap),
    ("paired_bootstrap", two_sided),
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


def apart(a, b, draws, generator):
    return ends(drawn(a, b, draws, generator)[0] - drawn(a, b, draws, generator)[1])


def shuffled(a, b, draws, generator):
    return ends([(a - b)[torch.randperm(len(a), generator=generator)].mean().item() for _ in range(draws)])


def of_answers(a, b, draws, generator):
    """Every task, its answers drawn afresh."""
    first, second = (torch.bernoulli(x.clamp(0, 1).expand(draws, -1), generator=generator).mean(1) for x in (a, b))
    return ends(first - second)


def of_tasks(a, b, draws, generator):
    return ends((a - b)[torch.randint(len(a), (draws,), generator=generator)])


def percentiles(low, high, function=torch.quantile):
    def answer(a, b, draws, generator):
        means = torch.sub(*drawn(a, b, draws, generator)).double()
        return float(function(means, low)), float(function(means, high))

    return answer


def seeded():
    return torch.Generator().manual_seed(0)


def skipping(a, b, draws, generator, start=0, end=0):
    chosen = torch.randint(start, len(a) - end, (draws, len(a)), generator=generator)
    return ends((a - b)[chosen].mean(1))


def sized(a, b, draws, generator, size):
    return ends((a - b)[torch.randint(len(a), (draws, size), generator=generator)].mean(1))


def normal(a, b, draws, generator):
    means = torch.sub(*drawn(a, b, draws, generator))
    return (means.mean() - 1.96 * means.std()).item(), (means.mean() + 1.96 * means.std()).item()


def fixed(a, b, draws, generator, low, high):
    means = torch.sub(*drawn(a, b, draws, generator)).sort().values
    return means[min(low, draws - 1)].item(), means[min(high, draws - 1)].item()


def stop(v, t):
    return t.gather(1, v.argmax(1, keepdim=True))[:, 0]


def both(x):
    return x.mean().item(), x.std().item()


def last_best(v, t):
    best = [max(i for i, x in enumerate(row) if x == max(row)) for row in v.tolist()]
    return t[torch.arange(len(t)), torch.tensor(best)]


PILOT = _pilot(0, 6.0)
WRONG = [
    ("tasks_needed", lambda s, h: int((1.96 * spread(s) / h) ** 2), "rounds down"),
    ("tasks_needed", lambda s, h: (1.96 * spread(s) / h) ** 2, "no part of a task"),
    ("tasks_needed", lambda s, h: math.ceil(1.96 * spread(s) / h), "square is missing"),
    ("tasks_needed", lambda s, h: math.ceil((spread(s) / h) ** 2), "1.96 is missing"),
    ("tasks_needed", lambda s, h: math.ceil(4 * (1.96 * spread(s) / h) ** 2), "for the whole width"),
    ("tasks_needed", lambda s, h: math.ceil((1.96 * s.std(correction=0).item() / h) ** 2), "divides by n;"),
    ("tasks_needed", lambda s, h: math.ceil((1.96 * spread(s) / h) ** 2 / len(s)), "the standard *error*"),
    ("tasks_needed", lambda s, h: math.ceil((1.96 * s.var().item() / h) ** 2), "uses the variance"),
    ("tasks_needed", lambda s, h: math.ceil(s.mean().item() * (1 - s.mean().item()) * (1.96 / h) ** 2), "p (1 - p)"),
    ("tasks_needed", lambda s, h: math.ceil((1.96 * spread(s) / h) ** 2) - len(s), "how many *more*"),
    ("tasks_needed", lambda s, h: math.ceil((1.96 * spread(s) / (h / 100)) ** 2), "no factor of 100"),
    ("tasks_needed", lambda s, h: round((1.96 * spread(s) / h) ** 2), "rounds to the nearest"),
    ("tasks_needed", lambda s, h: max(len(s), math.ceil((1.96 * spread(s) / h) ** 2)), "never says fewer tasks"),
    ("tasks_needed", lambda s, h: s, "one whole number"),
    ("paired_bootstrap", apart, "drawn independently"),
    ("paired_bootstrap", shuffled, "*with replacement*"),
    ("paired_bootstrap", of_answers, "draws answers within each task"),
    ("paired_bootstrap", of_tasks, "*single tasks* differ"),
    ("paired_bootstrap", percentiles(0.025, 0.975, np.percentile), "np.percentile wants per cent"),
    ("paired_bootstrap", percentiles(2.5, 97.5), "stopped with RuntimeError"),
    ("paired_bootstrap", percentiles(0.05, 0.95), "90 % interval"),
    ("paired_bootstrap", percentiles(0.16, 0.84), "one standard error"),
    ("paired_bootstrap", percentiles(0.975, 0.025), "ends are exchanged"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(b, a, n, g), "sign is turned round"),
    ("paired_bootstrap", lambda a, b, n, g: (float((a - b).mean()), float(1.96 * (a - b).std() / len(a) ** 0.5)),
     "mean and half-width"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(a, b, 4000, g), "number of draws used"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(a, b, n, torch.Generator().manual_seed(0)), "the same generator"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(a, b, n, None), "the same generator"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(a, b, n, g)[0], "two numbers"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided(a + 0.01, b, n, g), "should go from about"),
    ("paired_bootstrap", lambda a, b, n, g: skipping(a, b, n, g, end=1), "the last task is never drawn"),
    ("paired_bootstrap", lambda a, b, n, g: skipping(a, b, n, g, start=1), "the first task is never drawn"),
    ("paired_bootstrap", lambda a, b, n, g: two_sided((a - b).abs(), 0 * b, n, g), "drops the sign"),
    ("paired_bootstrap", lambda a, b, n, g: sized(a, b, n, g, len(a) - 1), "as many tasks as the old one"),
    ("paired_bootstrap", lambda a, b, n, g: sized(a, b, n, g, len(a) // 2), "as many tasks as the old one"),
    ("paired_bootstrap", normal, "assumes a normal curve"),
    ("paired_bootstrap", lambda a, b, n, g: ends([two_sided(a, b, 1, seeded())[0] for _ in range(n)]), "seeded anew"),
    ("paired_bootstrap", lambda a, b, n, g: fixed(a, b, n, g, 25, 975), "those of 1,000 draws"),
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


def test_a_second_check_meets_the_same_data():
    def paired_bootstrap(first, second, draws, generator):
        return 0.0, 1.0

    word, sentence = engine.verdict(EXERCISES["paired_bootstrap"], paired_bootstrap)
    assert (word, "the interval should go from about" in sentence) == ("hint", True)
    assert engine.verdict(EXERCISES["paired_bootstrap"], paired_bootstrap)[1] == sentence


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


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
