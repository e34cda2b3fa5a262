"""Lesson 08's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import math
import random

import numpy as np
import pytest
import torch

from course_lib.exercises import check, engine
from course_lib.lessons.lesson08 import checks
from course_lib.lessons.lesson08.calibration import Reliability
from course_lib.lessons.lesson08.checks import EXERCISES
from course_lib.lessons.lesson08.results_sections import name_flaws
from course_lib.lessons.lesson08.study import study, verdict
from tests.exercises.exercise_cases import assert_refused, assert_solved


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


def loop_reliability(confidence, correct, bins):
    rows = [[] for _ in range(bins)]
    for c, right in zip(confidence.flatten().tolist(), correct.flatten().tolist(), strict=True):
        rows[min(bins - 1, int(c * bins))].append((c, right))
    columns = [(len(r), sum(c for c, _ in r) / max(1, len(r)), sum(y for _, y in r) / max(1, len(r))) for r in rows]
    return Reliability(*torch.tensor(columns, dtype=torch.float64).T)


def masked_reliability(confidence, correct, bins):
    place = torch.bucketize(confidence.flatten(), torch.linspace(0, 1, bins + 1)[1:-1], right=True)
    at = torch.arange(bins)[:, None] == place  # [bins, answers]
    count = at.sum(1)
    return Reliability(
        count, (at * confidence.flatten()).sum(1) / count.clamp(min=1), (at & correct.flatten()).sum(1) / count.clamp(1)
    )


def loop_honest(validation, test):
    chosen = [float(t[max(range(len(v)), key=lambda i: v[i])]) for v, t in zip(validation, test, strict=True)]
    mean = sum(chosen) / len(chosen)
    return mean, math.sqrt(sum((c - mean) ** 2 for c in chosen) / (len(chosen) - 1))


def registered(**changes):
    def answer(low, high):
        registration = study(low, high)[0] | changes
        return registration, verdict(registration["at_least"], low, high)

    return answer


def judged(rule, **changes):
    """A study whose verdict comes from `rule(claim, low, high)`."""
    return lambda low, high: (study(low, high)[0] | changes, rule(1.0, low, high))


def spread(s):
    return s.std().item()


RIGHT = [
    ("tasks_needed", lambda s, h: math.ceil((1.96 * s.std().item() / h) ** 2)),
    ("tasks_needed", lambda s, h: next(n for n in range(2, 10**6) if 1.96 * s.double().std() / n**0.5 <= h)),
    ("tasks_needed", lambda s, h: (1.96**2 * s.double().var() / h**2).ceil()),
    ("paired_bootstrap", numpy_bootstrap),
    ("paired_bootstrap", sorted_bootstrap),
    ("paired_bootstrap", two_sided),
    ("reliability", loop_reliability),
    ("reliability", masked_reliability),
    ("name_flaws", lambda: dict(reversed(name_flaws().items()))),
    ("honest_result", loop_honest),
    ("honest_result", lambda v, t: tuple(f(t[torch.arange(len(t)), v.argmax(1)]) for f in (torch.mean, torch.std))),
    ("study", registered(first="pixels", second="reptile", at_least=0, tasks=400)),
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


def edged(confidence, correct, bins):
    """The upper edge belongs to the bin."""
    return loop_reliability(confidence - 1e-7, correct, bins)


def drop_ones(confidence, correct, bins):
    return loop_reliability(confidence[confidence < 1], correct[confidence < 1], bins)


def changed(**parts):
    """A `Reliability` with some columns replaced: functions of the right one."""

    def answer(confidence, correct, bins):
        right = masked_reliability(confidence, correct, bins)
        columns = {k: getattr(right, k).double() for k in ("count", "confidence", "accuracy")}
        return Reliability(**columns | {k: f(right, bins) for k, f in parts.items()})

    return answer


def nan_bins(confidence, correct, bins):
    right = masked_reliability(confidence, correct, bins)
    empty = torch.where(right.count == 0, torch.nan, 0.0)
    return Reliability(right.count, right.confidence + empty, right.accuracy + empty)


def stop(v, t):
    return t.gather(1, v.argmax(1, keepdim=True))[:, 0]


def both(x):
    return x.mean().item(), x.std().item()


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
    ("reliability", changed(confidence=lambda r, n: r.confidence * r.count, accuracy=lambda r, n: r.accuracy * r.count),
     "these are sums"),
    ("reliability", nan_bins, "0 / 0"),
    ("reliability", changed(confidence=lambda r, n: (torch.arange(n) + 0.5) / n), "middle of the bin"),
    ("reliability", changed(count=lambda r, n: r.count / r.count.sum()), "count holds shares"),
    ("reliability", changed(confidence=lambda r, n: r.accuracy, accuracy=lambda r, n: r.confidence), "exchanged"),
    ("reliability", changed(accuracy=lambda r, n: 1 - r.accuracy), "*wrong* answers"),
    ("reliability", edged, "lower edge of a bin"),
    ("reliability", drop_ones, "exactly 1"),
    ("reliability", lambda c, y, n: loop_reliability(c, y, n).ece, "should return Reliability("),
    ("reliability", lambda c, y, n: tuple(vars(loop_reliability(c, y, n)).values()), "Put them into Reliability"),
    ("name_flaws", lambda: name_flaws() | {"C": "no baseline"}, "4 of 5 are right. Read C again: what exactly was"),
    ("name_flaws", lambda: dict.fromkeys("ABCDE", "best of seeds"), "1 of 5 are right. Read A again"),
    ("name_flaws", lambda: name_flaws() | {"B": "test-set early stoping"}, "there is no flaw"),
    ("name_flaws", lambda: {"A": "too few tasks"}, "with the keys A, B, C, D, E"),
    ("name_flaws", lambda: name_flaws() | {"B": "best of seeds"}, "which tasks decided when to stop"),
    ("name_flaws", lambda: name_flaws() | {"D": "wrong measure"}, "in training mode"),
    ("name_flaws", lambda: name_flaws() | {"E": "too few tasks"}, "how many networks"),
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
    ("study", lambda low, high: study(low, high)[0], "two things"),
    ("study", lambda low, high: (study(low, high)[0] | {"at_least": max(0.0, low)}, "supported"),
     "changes with the result"),
    ("study", lambda low, high: ({"first": "maml"}, "supported"), "has no 'second'"),
    ("study", registered(first="MAML"), "choose one of"),
    ("study", registered(second="prototypical"), "the same learner"),
    ("study", lambda low, high: (study(low, high)[0] | {"at_least": -2}, "supported"), "Exchange first and second"),
    ("study", registered(at_least=0.02), "Did you mean 2?"),
    ("study", registered(tasks=10), "too narrow"),
    ("study", registered(tasks=5000), "take minutes"),
    ("study", registered(because="It is better."), "a sentence of four words"),
    ("study", judged(lambda claim, low, high: "yes" if low > claim else "no"), 'must be "supported"'),
    ("study", judged(lambda claim, low, high: "supported" if low > 0 else "refuted" if high < 0 else "undecided"),
     "Compare its ends with at_least"),
    ("study", judged(lambda claim, low, high: "supported" if (low + high) / 2 >= claim else "refuted"),
     "both answers are possible"),
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


def test_a_try_in_place_does_not_harm_the_data_of_the_check(capsys):
    def reliability(confidence, correct, bins=10):
        confidence.mul_(0.5)
        correct.zero_()
        return EXERCISES["reliability"].solution(confidence, correct, bins)

    before = [[tensor.clone() for tensor in case[:2]] for case in checks._ANSWERED]
    for _ in range(2):
        assert_refused(EXERCISES["reliability"], reliability, "it changes `confidence` in place", capsys)
    for case, saved in zip(checks._ANSWERED, before, strict=True):
        assert all(map(torch.equal, case[:2], saved))
    right = named("reliability", EXERCISES["reliability"].solution)
    assert engine.verdict(EXERCISES["reliability"], right) == ("right", "")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
