"""Lesson 07's checks, beyond the blind answers: known mistakes are told, every style of a right answer passes."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_lib.exercises import check
from course_lib.exercises.engine import verdict
from course_lib.learners.relation import concatenate_pairs, first_layer
from course_lib.lessons.lesson07 import checks_concatenation, checks_ring
from course_lib.lessons.lesson07.checks import EXERCISES
from course_lib.lessons.lesson07.vectors import ring_matrix, ring_task
from tests.exercises.exercise_cases import assert_refused, assert_solved
from tests.lessons.lesson03.test_exercises_03 import named


def loop_pairs(classes, queries):
    rows = [torch.stack([torch.cat([c, q], 1) for c in classes.unbind(1)], 1) for q in queries.unbind(1)]
    return torch.stack(rows, 1)


def halves(classes, queries, weight, bias):
    left, right = weight.chunk(2, 1)
    return (classes @ left.T).unsqueeze(1) + (queries @ right.T + bias).unsqueeze(2)


def by_einsum(classes, queries, weight, bias):
    left, right = weight.chunk(2, 1)
    of_class, of_query = torch.einsum("twc,oc->two", classes, left), torch.einsum("tqc,oc->tqo", queries, right)
    return of_class[:, None] + of_query[:, :, None] + bias


def by_hand(classes, queries, weight, bias):
    """Multiplied number by number, each image once."""
    left, right = weight.chunk(2, 1)
    of_class, of_query = ((x.unsqueeze(2) * w).sum(-1) for x, w in ((classes, left), (queries, right)))
    return of_class.unsqueeze(1) + of_query.unsqueeze(2) + bias


def by_convolution(classes, queries, weight, bias):
    left, right = (w.unsqueeze(-1) for w in weight.chunk(2, 1))
    of_class, of_query = F.conv1d(classes.mT, left).mT, F.conv1d(queries.mT, right, bias).mT
    return of_class.unsqueeze(1) + of_query.unsqueeze(2)


def with_zeros(classes, queries, weight, bias):
    """Each image padded to a pair with nothing: twice the multiplications, and still one for an image."""
    of_class = F.linear(torch.cat([classes, torch.zeros_like(classes)], -1), weight)
    of_query = F.linear(torch.cat([torch.zeros_like(queries), queries], -1), weight, bias)
    return of_class.unsqueeze(1) + of_query.unsqueeze(2)


def the_slow_way(classes, queries, weight, bias):
    return F.linear(concatenate_pairs(classes, queries), weight, bias)


def slow_by_hand(classes, queries, weight, bias):
    return (concatenate_pairs(classes, queries).unsqueeze(3) * weight).sum(-1) + bias


def slow_loops(classes, queries, weight, bias):
    left, right = weight.chunk(2, 1)
    return torch.stack([torch.stack([torch.stack([left @ c + right @ q + bias for c in cs]) for q in qs])
                        for cs, qs in zip(classes, queries, strict=True)])  # fmt: skip


def slow_einsum(classes, queries, weight, bias):
    return torch.einsum("tqwc,oc->tqwo", concatenate_pairs(classes, queries), weight) + bias


def slow_half(classes, queries, weight, bias):
    left, right = weight.chunk(2, 1)
    expanded = classes.unsqueeze(1).expand(-1, queries.shape[1], -1, -1)
    return expanded @ left.T + (queries @ right.T + bias).unsqueeze(2)


def loop_ring(first, way):
    support = torch.stack([torch.stack([torch.tensor([math.cos(a + 2 * math.pi * k / way),
                                                      math.sin(a + 2 * math.pi * k / way)]) for k in range(way)])
                           for a in first.tolist()])  # fmt: skip
    return support, support.roll(-1, 1)


def in_float64(first, way):
    angles = first.numpy()[:, None] + 2 * np.pi * np.arange(way) / way
    support = torch.from_numpy(np.stack([np.cos(angles), np.sin(angles)], -1))
    return support, support.roll(-1, 1)


RIGHT = [
    ("concatenate_pairs", loop_pairs),
    ("first_layer", halves), ("first_layer", by_einsum), ("first_layer", by_hand), ("first_layer", by_convolution),
    ("first_layer", with_zeros),
    ("ring_task", loop_ring), ("ring_task", lambda f, w: list(ring_task(f, w))),
    ("ring_matrix", lambda way: -3 * torch.matrix_exp(torch.tensor([[0, -1.0], [1, 0]]) * (2 / way - 1) * math.pi)),
    ("ring_matrix", lambda way: checks_ring._turn(2 * math.pi / (way + 1))),
    ("ring_matrix", lambda way: ring_matrix(way).requires_grad_()),
    ("ring_matrix", lambda way: sum(torch.outer(q, s) for s, q in zip(*(x[0] for x in ring_task(torch.ones(1), way)),
                                                                      strict=True))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


def cut_at_out(classes, queries, weight, bias):
    left, right = weight[:, : len(bias)], weight[:, len(bias) :]
    return (classes @ left.T).unsqueeze(1) + (queries @ right.T + bias).unsqueeze(2)


def cut_rows(classes, queries, weight, bias):
    top, bottom = weight.chunk(2)
    return (classes @ top.T).unsqueeze(1) + (queries @ bottom.T + bias).unsqueeze(2)


WRONG = [
    ("concatenate_pairs", lambda c, q: torch.cat([c.unsqueeze(1), q.unsqueeze(2)], 3), "torch.cat does not broadcast"),
    ("concatenate_pairs", lambda c, q: concatenate_pairs(c, q).double(), ".to(torch.float32) changes it"),
    ("first_layer", cut_at_out, "It is right for as many outputs as channels"),
    ("first_layer", cut_rows, "its columns belong to the numbers of a pair"),
    ("concatenate_pairs", lambda c, q: concatenate_pairs(c, q).detach(), "no gradient comes back through"),
    ("concatenate_pairs", lambda c, q: concatenate_pairs(c.detach(), q), "no gradient comes back to `classes`"),
    ("first_layer", the_slow_way, "as if each of the 125 pairs"),
    ("first_layer", slow_by_hand, "as if each of the 125 pairs"),
    ("first_layer", slow_loops, "as if each of the 125 pairs"),
    ("first_layer", slow_einsum, "as if each of the 125 pairs"),
    ("first_layer", slow_half, "one of the two halves is still computed once for every pair"),
    ("first_layer", lambda *a: first_layer(*a[:3], a[3].detach()), "no gradient comes back to `bias`"),
    ("first_layer", lambda *a: torch.from_numpy(first_layer(*a).detach().numpy()), "no gradient comes back through"),
    ("ring_task", in_float64, ".to(torch.float32) changes it"),
    ("ring_task", lambda f, w: torch.stack(ring_task(f, w)), "should return 2 things"),
    ("ring_matrix", lambda way: ring_matrix(way).numpy(), "should return a float32 tensor"),
    ("ring_matrix", lambda way: ring_matrix(way)[0], "of shape [2, 2]"),
    ("ring_matrix", lambda way: ring_matrix(way) / 0 * 0, "nan or infinite"),
    ("ring_matrix", lambda way: checks_ring._turn(1.01 * 3 * math.pi / way), "wins for every query"),
    ("ring_matrix", lambda way: checks_ring._turn(3 * math.pi / way), "half way between two places"),
    ("ring_matrix", lambda way: torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "depends on how the task is turned"),
    ("ring_matrix", lambda way: ring_matrix(way if way < 7 else 7), "right for 3, 4, 5, 6, 8 classes"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, lambda *args: answer(*args)), words, capsys)


KNOWN = {
    "concatenate_pairs": checks_concatenation._PAIR_MISTAKES, "first_layer": checks_concatenation._LAYER_MISTAKES,
    "ring_task": checks_ring._RING_MISTAKES, "ring_matrix": checks_ring._MATRIX_MISTAKES,
}  # fmt: skip
CASES = [(name, i) for name, mistakes in KNOWN.items() for i in range(len(mistakes))]


@pytest.mark.parametrize(("name", "i"), CASES, ids=[f"{name}-{i}" for name, i in CASES])
def test_a_known_mistake_is_told_in_its_own_words(name, i):
    formula, message = KNOWN[name][i]
    try:
        assert verdict(EXERCISES[name], lambda *args: formula(*args)) == ("hint", message)
    except AssertionError:
        if name != "concatenate_pairs" or message != checks_concatenation._AXIS:
            raise
        # Some axes do not exist for vectors, or give what another of these mistakes gives.
        assert verdict(EXERCISES[name], lambda *args: formula(*args))[0] == "hint"


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def test_multiplications_are_counted():
    a, b = torch.ones(3, 4), torch.ones(4, 5)
    for count, function in [
        (60, lambda: a @ b), (60, lambda: torch.einsum("ij,jk->ik", a, b)), (60, lambda: F.linear(a, b.T)),
        (12, lambda: a @ b[:, 0]), (12, lambda: a * a), (0, lambda: a + a), (0, lambda: a.unsqueeze(0).expand(9, 3, 4)),
        (60, lambda: F.linear(a, b.T, torch.ones(5))), (4, lambda: a[0] @ a[1]),
    ]:  # fmt: skip
        assert checks_concatenation.multiplications(function, ()) == count
