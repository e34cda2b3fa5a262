"""Lesson 07's checks: each usual mistake gets its own hint, other styles pass."""

import math

import pytest
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.exercises import check
from course_lib.learners.relation import concatenate_pairs, first_layer
from course_lib.lessons.lesson07.checks import EXERCISES
from course_lib.lessons.lesson07.vectors import ring_task
from tests.exercises.exercise_cases import assert_refused, assert_solved
from tests.lessons.lesson03.test_exercises_03 import named


def loop_pairs(classes, queries):
    rows = [torch.stack([torch.cat([c, q], 1) for c in classes.unbind(1)], 1) for q in queries.unbind(1)]
    return torch.stack(rows, 1)


def repeated_pairs(classes, queries, first="class", axis=3):
    rest = [1] * (classes.ndim - 2)
    c = classes[:, None].repeat(1, queries.shape[1], 1, *rest)
    q = queries[:, :, None].repeat(1, 1, classes.shape[1], *rest)
    return torch.cat([c, q] if first == "class" else [q, c], axis)


def by_pairs(learner, adapted, query_x):
    logits = learner.module.score_pairs(concatenate_pairs(adapted, learner.embed(query_x)))
    return 1 / (1 + (-logits).exp())


def by_module(learner, adapted, query_x):
    return torch.sigmoid(learner.module(adapted, learner.embed(query_x)))


def query_first(learner, adapted, query_x):
    return learner.module.score_pairs(repeated_pairs(adapted, learner.embed(query_x), "query")).sigmoid()


def in_batch(learner, adapted, query_x):
    with batch_statistics(learner):
        return by_module(learner, adapted, query_x)


def in_training(learner, adapted, query_x):
    learner.train()
    return by_module(learner, adapted, query_x)


def one_hot(scores, labels):
    return F.one_hot(labels, scores.shape[-1]).float()


def by_hand_loss(scores, labels):
    target = torch.zeros_like(scores).scatter(-1, labels.unsqueeze(-1), 1.0)
    return (scores - target).square().mean()


def loop_loss(scores, labels):
    total = sum((scores[t, q, k] - float(labels[t, q] == k)) ** 2
                for t in range(scores.shape[0]) for q in range(scores.shape[1]) for k in range(scores.shape[2]))
    return total / scores.numel()  # fmt: skip


def halves(classes, queries, weight, bias, bias_2=0):
    left, right = weight.chunk(2, 1)
    return (classes @ left.T + bias_2).unsqueeze(1) + (queries @ right.T + bias).unsqueeze(2)


def by_einsum(classes, queries, weight, bias):
    left, right = weight.chunk(2, 1)
    of_class, of_query = torch.einsum("twc,oc->two", classes, left), torch.einsum("tqc,oc->tqo", queries, right)
    return of_class[:, None] + of_query[:, :, None] + bias


def the_slow_way(classes, queries, weight, bias):
    return F.linear(concatenate_pairs(classes, queries), weight, bias)


def ring(first, way, step=1, turn=2 * math.pi, places=None):
    angle = first[:, None] + torch.arange(way) * turn / (places or way)
    points = [torch.stack([a.cos(), a.sin()], 2) for a in (angle, angle + step * turn / (places or way))]
    return tuple(points)


def loop_ring(first, way):
    support = torch.stack([torch.stack([torch.tensor([math.cos(a + 2 * math.pi * k / way),
                                                      math.sin(a + 2 * math.pi * k / way)]) for k in range(way)])
                           for a in first.tolist()])  # fmt: skip
    return support, support.roll(-1, 1)


RIGHT = [
    ("concatenate_pairs", loop_pairs), ("concatenate_pairs", repeated_pairs),
    ("relation_scores", by_pairs), ("relation_scores", by_module),
    ("relation_loss", by_hand_loss), ("relation_loss", loop_loss),
    ("first_layer", halves), ("first_layer", by_einsum), ("first_layer", the_slow_way),
    ("ring_task", ring), ("ring_task", loop_ring),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


WRONG = [
    ("concatenate_pairs", lambda c, q: repeated_pairs(c, q, "query"), "class's channels come first"),
    ("concatenate_pairs", lambda c, q: repeated_pairs(c, q).transpose(1, 2), "rows and columns are exchanged"),
    ("concatenate_pairs", lambda c, q: repeated_pairs(q, c), "and so are the axes"),
    ("concatenate_pairs", lambda c, q: repeated_pairs(c, q, axis=1), "wrong axis"),
    ("concatenate_pairs", lambda c, q: repeated_pairs(c, q, axis=2), "wrong axis"),
    ("concatenate_pairs", lambda c, q: c.unsqueeze(1) + q.unsqueeze(2), "are added"),
    ("concatenate_pairs", lambda c, q: repeated_pairs(c, q).flatten(1, 2), "share one axis"),
    ("relation_scores", lambda *a: by_module(*a).sigmoid(), "applied twice"),
    ("relation_scores", lambda le, a, x: le.module(a, le.embed(x)), "these are logits"),
    ("relation_scores", lambda le, a, x: le.module(a, le.embed(x)).softmax(-1), "softmax makes"),
    ("relation_scores", lambda *a: by_module(*a).transpose(1, 2), "rows and columns are exchanged"),
    ("relation_scores", query_first, "swapped"),
    ("relation_scores", lambda le, a, x: le.predict(a, x), "logarithms"),
    ("relation_scores", in_batch, "batch norm mixes queries"),
    ("relation_scores", in_training, "batch norm mixes queries"),
    ("relation_loss", lambda s, y: F.mse_loss(s, y[..., None].expand_as(s).float()), "class indices. A score"),
    ("relation_loss", lambda s, y: F.mse_loss(s.argmax(-1).float(), y.float()), "compares class indices"),
    ("relation_loss", lambda s, y: F.mse_loss(s, one_hot(s, y), reduction="sum"), "pairs are summed"),
    ("relation_loss", lambda s, y: (s - one_hot(s, y)).square().sum(-1).mean(), "pairs of a query are summed"),
    ("relation_loss", lambda s, y: F.mse_loss(s.softmax(-1), one_hot(s, y)), "softmax comes before"),
    ("relation_loss", lambda s, y: F.mse_loss(s.sigmoid(), one_hot(s, y)), "applied twice"),
    ("relation_loss", lambda s, y: F.cross_entropy(s.flatten(0, 1), y.flatten()), "this is cross-entropy"),
    ("relation_loss", lambda s, y: F.binary_cross_entropy(s, one_hot(s, y)), "binary cross-entropy"),
    ("relation_loss", lambda s, y: F.mse_loss(s, one_hot(s, y)).sqrt(), "no root"),
    ("relation_loss", lambda s, y: (1 - s.gather(2, y[..., None])).square().mean(), "only the right class"),
    ("first_layer", lambda c, q, w, b: halves(c, q, w, b, b), "added twice"),
    ("first_layer", lambda c, q, w, b: halves(c, q, w, 0), "bias is missing"),
    ("first_layer", lambda c, q, w, b: halves(c, q, w.roll(w.shape[1] // 2, 1), b), "swapped"),
    ("first_layer", lambda c, q, w, b: halves(c, q, w, b).transpose(1, 2), "rows and columns are exchanged"),
    ("first_layer", lambda c, q, w, b: first_layer(c, q, w, b).relu(), "no ReLU"),
    ("ring_task", lambda f, w: ring(f, w, step=0), "own class stands"),
    ("ring_task", lambda f, w: ring(f, w, step=-1), "one step back"),
    ("ring_task", lambda f, w: ring(f, w, turn=360), "in degrees"),
    ("ring_task", lambda f, w: ring(f, w, turn=math.pi), "half of the circle"),
    ("ring_task", lambda f, w: ring(f, w, places=w - 1), "where the first one stands"),
    ("ring_task", lambda f, w: ring(f, w)[::-1], "are exchanged"),
    ("ring_task", lambda f, w: tuple(x.flip(-1) for x in ring(f, w)), "x is the cosine"),
    ("ring_task", lambda f, w: tuple(x.mT for x in ring(f, w)), "axes should be"),
    ("ring_task", lambda f, w: ring_task(0 * f, w), "first is not used"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
