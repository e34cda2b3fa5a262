"""Lesson 09's checks, beyond the blind answers: known mistakes are told, every style of a right answer passes."""

import pytest
import torch

from course_lib import Episode
from course_lib.exercises import check
from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson09 import checks_layer, checks_line, checks_mask, checks_posterior
from course_lib.lessons.lesson09.by_attention import context_mask, linear_attention_step
from course_lib.lessons.lesson09.checks import EXERCISES
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.lessons.lesson09.readers import find_flaw
from course_lib.tasks.gaussian_process import posterior
from tests.exercises.exercise_cases import assert_refused, assert_solved
from tests.lessons.lesson03.test_exercises_03 import named

KNOWN = {
    "context_mask": checks_mask._MISTAKES, "bayes_line": checks_line._LINE_MISTAKES,
    "linear_attention_step": checks_layer._MISTAKES, "posterior": checks_posterior._GP_MISTAKES,
}  # fmt: skip
CASES = [(name, i) for name, mistakes in KNOWN.items() for i in range(len(mistakes))]


@pytest.mark.parametrize(("name", "i"), CASES, ids=[f"{name}-{i}" for name, i in CASES])
def test_a_known_mistake_is_told_in_its_own_words(name, i):
    formula, message = KNOWN[name][i]

    def answer(*args):
        found = formula(*args)
        return torch.zeros(found, dtype=torch.bool) if isinstance(found, torch.Size) else found

    assert verdict(EXERCISES[name], answer) == ("hint", message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def turned_basis(lr):
    """Keys and queries in another basis: many weights are right."""
    W_K, W_Q, W_V = linear_attention_step(lr)
    basis = torch.randn(len(lr) + 1, len(lr) + 1, generator=torch.Generator().manual_seed(0))
    turn = torch.linalg.qr(basis).Q
    return turn @ W_K, turn @ W_Q, W_V


def roots(lr):
    d = len(lr)
    look = torch.zeros(d + 1, d + 1)
    look[:d, :d] = torch.diag((2 * lr).sqrt())
    value = torch.zeros(d + 1, d + 1)
    value[d, d] = -1
    return [look, look, value]


def by_the_joint(support_x, support_y, query_x, length, noise):
    """The covariance of all points at once, cut into its parts; float32 stays float32."""
    x = torch.cat([support_x, query_x], 1)
    n = support_x.shape[1]
    among = torch.exp(-0.5 * ((x - x.mT) / length) ** 2) + noise**2 * torch.eye(x.shape[1], dtype=x.dtype)
    inverse = torch.linalg.inv(among[:, :n, :n])
    mean = among[:, n:, :n] @ inverse @ support_y
    left = among[:, n:, n:] - among[:, n:, :n] @ inverse @ among[:, :n, n:]
    return mean, left.diagonal(dim1=1, dim2=2).unsqueeze(-1) ** 0.5


def leaves_out(reader, tasks, generator):
    """All queries but the last, and one order turned by a place."""
    e = tasks.sample(300, generator)
    x, y, new_x, new_y = e.tensors()

    def moves(other):
        return bool(((reader(e) - other).abs() > 0.005).any())

    for i in range(new_x.shape[1]):
        one = (new_x[:, [i]], new_y[:, [i]])
        if (reader(Episode(x, y, *one)) - reader(Episode(x, y, one[0], one[1] * 0 - 9))).abs().max() > 0.005:
            return "own y"
    first, last = (reader(Episode(x, y, new_x[:, p], new_y[:, p])) for p in (slice(None, -1), slice(-1, None)))
    if moves(torch.cat([first, last], 1)):
        return "other queries"
    if moves(reader(Episode(x.roll(1, 1), y.roll(1, 1), new_x, new_y))):
        return "order"
    best = new_x @ bayes_line(x, y, tasks.noise, tasks.scale)
    worse = (reader(e) - new_y).square().mean() / (best - new_y).square().mean()
    return "sound" if worse < 2.5 else "pool"


RIGHT = [
    ("linear_attention_step", turned_basis), ("linear_attention_step", roots),
    ("posterior", by_the_joint), ("find_flaw", leaves_out),
    ("bayes_line", lambda x, y, noise, scale=1.0: x.mT @ torch.linalg.solve(
        x @ x.mT + (noise / scale) ** 2 * torch.eye(x.shape[1]), y)),
    ("context_mask", lambda n_support, n_query: torch.stack([
        torch.tensor([[j < k for j in range(n)] for _ in range(n)]) for k in n_support.tolist()
        for n in [max(n_support.tolist()) + n_query]])),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


def flipped(reader, tasks, generator):
    return "order" if find_flaw(reader, tasks, generator) == "pool" else find_flaw(reader, tasks, generator)


def only_the_pool(reader, tasks, generator):
    e = tasks.sample(200, generator)
    best = e.query_x @ bayes_line(e.support_x, e.support_y, tasks.noise, tasks.scale)
    return "pool" if (reader(e) - e.query_y).square().mean() > 3 * (best - e.query_y).square().mean() else "sound"


def of_all(reader, tasks, generator):
    """All y of queries at once."""
    e = tasks.sample(200, generator)
    other = Episode(e.support_x, e.support_y, e.query_x, e.query_y + 1)
    return "own y" if (reader(e) - reader(other)).abs().max() > 1e-3 else find_flaw(reader, tasks, generator)


WRONG = [
    ("context_mask", lambda *a: context_mask(*a).float(), "should be of bool"),
    ("context_mask", lambda *a: torch.zeros(context_mask(*a).shape).masked_fill(~context_mask(*a), -torch.inf),
     "*added* to the scores"),
    ("bayes_line", lambda x, y, noise, scale=1.0: bayes_line(x, y, noise, 1.3 * scale), "with strength 0.03698. It"),
    ("bayes_line", lambda x, y, noise, scale=1.0: bayes_line(x, y, noise, scale) * 0.9, "of no strength"),
    ("bayes_line", lambda x, y, noise, scale=1.0: bayes_line(x, y, noise, scale) if x.shape[1] >= x.shape[2] else
     torch.zeros(len(x), x.shape[2], 1), "x'x has no inverse"),
    ("context_mask", lambda n, q: context_mask(n, q) & ~torch.eye(int(n.max()) + q, dtype=torch.bool).flip(0),
     "do not look at all support pairs (in task"),
    ("linear_attention_step", lambda lr: linear_attention_step(1.1 * lr), "as if its rate were 0.33, and its rate is"),
    ("linear_attention_step", lambda lr: linear_attention_step(lr)[::-1], "in another order"),
    ("linear_attention_step", lambda lr: torch.stack(linear_attention_step(lr)), "stacked"),
    ("linear_attention_step", lambda lr: linear_attention_step(lr.double()), ".float() makes it float32"),
    ("linear_attention_step", lambda lr: linear_attention_step(lr[:-1]), "as wide as x"),
    ("posterior", lambda *a: (posterior(*a)[0], (posterior(*a)[1].square() - 1 - 1e-9).sqrt()), "A curve's own is 1"),
    ("posterior", lambda *a: torch.cat(posterior(*a), -1), "should return 2 things"),
    ("find_flaw", of_all, "cannot tell whose y moved"),
    ("find_flaw", flipped, "was called 'order', but its flaw is 'pool'"),
    ("find_flaw", lambda *a: "fine" if find_flaw(*a) == "sound" else find_flaw(*a), "none of the words"),
    ("find_flaw", lambda *a: find_flaw(*a) != "sound", "should return one of the words"),
    ("find_flaw", only_the_pool, "'own y' slipped through. Your test never asks what would show it"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, lambda *args: answer(*args)), words, capsys)
