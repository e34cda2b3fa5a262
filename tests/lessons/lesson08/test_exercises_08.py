"""Lesson 08's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import math
import random

import numpy as np
import pytest
import torch

from course_lib.exercises import check, engine
from course_lib.lessons.lesson08.checks import EXERCISES
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


def spread(s):
    return s.std().item()


RIGHT = [
    ("tasks_needed", lambda s, h: math.ceil((1.96 * s.std().item() / h) ** 2)),
    ("tasks_needed", lambda s, h: next(n for n in range(2, 10**6) if 1.96 * s.double().std() / n**0.5 <= h)),
    ("tasks_needed", lambda s, h: (1.96**2 * s.double().var() / h**2).ceil()),
    ("paired_bootstrap", numpy_bootstrap),
    ("paired_bootstrap", sorted_bootstrap),
    ("paired_bootstrap", two_sided),
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


def in_first_test(s, h):
    enough = [n for n in range(2, len(s) + 1) if 1.96 * spread(s[:n]) / n**0.5 <= h]
    return enough[0] if enough else math.ceil((1.96 * spread(s) / h) ** 2)


def reflected(a, b, draws, generator):
    low, high = two_sided(a, b, draws, generator)
    return 2 * float((a - b).mean()) - high, 2 * float((a - b).mean()) - low


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
    ("tasks_needed", lambda s, h: math.floor((1.96 * spread(s) / h) ** 2) + 1, "where it comes out even"),
    ("tasks_needed", lambda s, h: min(5000, math.ceil((1.96 * spread(s) / h) ** 2)), "it stops at 5,000, but 35,"),
    ("tasks_needed", in_first_test, "among the tasks of the first test"),
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
    ("paired_bootstrap", reflected, "twice the mean minus the percentiles"),
    ("paired_bootstrap", lambda a, b, n, g: ends((a - b)[torch.randint(len(a), (n, len(a)), generator=g)].mean(0)),
     "far too narrow"),
    ("paired_bootstrap", normal, "assumes a normal curve"),
    ("paired_bootstrap", lambda a, b, n, g: ends([two_sided(a, b, 1, seeded())[0] for _ in range(n)]), "seeded anew"),
    ("paired_bootstrap", lambda a, b, n, g: fixed(a, b, n, g, 25, 975), "those of 1,000 draws"),
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


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
