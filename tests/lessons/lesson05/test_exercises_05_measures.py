"""Lesson 05's checks of the two measures; see test_exercises_05.py."""

import math

import pytest
import torch

from course_lib.exercises import check
from course_lib.lessons.lesson05.checks import EXERCISES
from course_lib.statistics import ci95, paired_difference
from tests.lessons.lesson03.test_exercises_03 import named


def cka(x, y, centre=lambda a: a - a.mean(0), power=2, low=lambda a: a.norm(), cross=lambda x, y: y.T @ x):
    x, y = centre(x), centre(y)
    return (cross(x, y) ** power).sum() / (low(x.T @ x) * low(y.T @ y))


def by_grams(x, y):
    H = torch.eye(len(x), dtype=x.dtype) - 1 / len(x)
    K, L = H @ x @ x.T @ H, H @ y @ y.T @ H
    return torch.trace(K @ L) / torch.sqrt(torch.trace(K @ K) * torch.trace(L @ L))


def table(x):
    return (x - x.mean(0)) @ (x - x.mean(0)).T


def by_tables(x, y):
    return torch.nn.functional.cosine_similarity(table(x).flatten(), table(y).flatten(), dim=0)


def by_einsum(x, y):
    x, y = x - torch.einsum("nf->f", x) / len(x), y - torch.einsum("nf->f", y) / len(y)
    c = torch.einsum("nf,ng->fg", x, y).square().sum()
    xx, yy = torch.einsum("nf,ng->fg", x, x), torch.einsum("nf,ng->fg", y, y)
    return c / (xx.square().sum() * yy.square().sum()).sqrt()


def gap(a, b):
    return a.mean() - b.mean(), 1.96 * torch.sqrt(a.var() / len(a) + b.var() / len(b))


def listed(a, b):
    return [float(v) for v in gap(a, b)]


def half(function):
    return lambda a, b: (a.mean() - b.mean(), function(a, b))


RIGHT = [("linear_cka", cka), ("linear_cka", lambda x, y: cka(x, y).item()),
         ("linear_cka", lambda x, y: cka(x, y).numpy()), ("unpaired_difference", lambda a, b: torch.stack(gap(a, b))),
         ("linear_cka", by_grams), ("linear_cka", by_einsum), ("linear_cka", by_tables), ("unpaired_difference", gap),
         ("unpaired_difference", listed)]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


WRONG = [
    ("linear_cka", lambda x, y: cka(x, y, centre=lambda a: a), "not centred"),
    ("linear_cka", lambda x, y: cka(x, y, centre=lambda a: a - a.mean(1, keepdim=True)), "have in common has to go"),
    ("linear_cka", lambda x, y: cka(x, y, centre=lambda a: a - a.mean()), "one mean is taken"),
    ("linear_cka", lambda x, y: cka(x, y, low=lambda a: 1), "a layer times 3 gives another answer"),
    ("linear_cka", lambda x, y: cka(x, y, low=lambda a: a.norm() ** 2), "divided by squared lengths"),
    ("linear_cka", lambda x, y: torch.sqrt(cka(x, y) * 0 + ((y - y.mean(0)).T @ (x - x.mean(0))).norm() ** 2)
        / (((x - x.mean(0)).T @ (x - x.mean(0))).norm() * ((y - y.mean(0)).T @ (y - y.mean(0))).norm()),
     "a square stands above the line, and it is missing"),
    ("linear_cka", lambda x, y: ((x - x.mean(0)) @ (y - y.mean(0)).T).square().sum()
        / (((x - x.mean(0)) @ (x - x.mean(0)).T).norm() * ((y - y.mean(0)) @ (y - y.mean(0)).T).norm()),
     "equally many features alone: X Y^T"),
    ("linear_cka", lambda x, y: (((x - x.mean(0)) * (y - y.mean(0))).sum()
        / ((x - x.mean(0)).norm() * (y - y.mean(0)).norm())) ** 2, "feature 1 with feature 1"),
    ("unpaired_difference", lambda a, b: (gap(b, a)[0], gap(a, b)[1]), "sign is turned round"),
    ("unpaired_difference", paired_difference, "it pairs task i"),
    ("unpaired_difference", half(lambda a, b: ci95(a) + ci95(b)), "half-widths are added"),
    ("unpaired_difference", half(lambda a, b: gap(a, b)[1] / 1.96), "standard error"),
    ("unpaired_difference", half(lambda a, b: 1.96 * math.hypot(a.std(), b.std())), "spread of the tasks"),
    ("unpaired_difference", half(lambda a, b: ci95(torch.cat([a, b]))), "thrown together"),
    ("unpaired_difference", half(lambda a, b: ci95(a)), "only the first mean"),
    ("unpaired_difference", half(lambda a, b: ci95(b)), "only the second mean"),
    ("unpaired_difference", lambda a, b: a.mean() - b.mean(), "two numbers"),
    ("unpaired_difference", lambda a, b: (a.mean() - b.mean(), a), "one of them is"),
    ("unpaired_difference", half(lambda a, b: 2 * gap(a, b)[1]), "the whole width"),
    ("unpaired_difference", half(lambda a, b: gap(a, b)[1] / 1.96 * 2), "it takes 2 standard errors"),
    ("unpaired_difference", lambda a, b: gap(a, b)[::-1], "the two numbers are exchanged"),
    ("unpaired_difference", lambda a, b: (gap(a, b)[0] - gap(a, b)[1], sum(gap(a, b))), "two ends of the interval"),
    ("linear_cka", lambda x, y: cka(x, y, low=lambda a: torch.linalg.matrix_norm(a, 2)), "the numbers differ"),
    ("linear_cka", lambda x, y: 1 - cka(x, y), "a distance"),
    ("linear_cka", lambda x, y: cka(x, y) ** 0.5, "square root of the right number"),
    ("linear_cka", lambda x, y: (table(x) * table(y)).mean(), "a layer times 3 gives another answer"),
    ("linear_cka", lambda x, y: torch.corrcoef(torch.stack([(x @ x.T).flatten(), (y @ y.T).flatten()]))[0, 1],
     "centred as a whole"),
    ("linear_cka", lambda x, y: torch.nn.functional.cosine_similarity(table(x), table(y)).mean(), "one cosine"),
    ("linear_cka", lambda x, y: (table(x) * table(y)).sum() / (table(x).norm() + table(y).norm()),
     "divides by their product"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert check(named(name, answer)) is EXERCISES[name].solution
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed, printed
