"""Lesson 12: right answers of several kinds pass, and each usual mistake gets its own hint."""

import random

import pytest
import torch

from course_lib import Episode, check
from course_lib.learners import ridge_head
from course_lib.lessons.lesson12 import (
    checks_control,
    checks_identify,
    checks_known_equation,
    checks_motion,
    checks_ridge,
)
from course_lib.lessons.lesson12.asks import another_swing
from course_lib.lessons.lesson12.checks import EXERCISES
from course_lib.lessons.lesson12.identify import payload_spread
from course_lib.lessons.lesson12.known_equation import least_squares_with_prior
from course_lib.tasks.arm import acceleration, coriolis, gravity, joints, mass_matrix
from tests.exercises.exercise_cases import assert_refused, assert_solved, assert_told, each_mistake
from tests.lessons.lesson03.test_exercises_03 import named

KNOWN = {
    "acceleration": checks_motion._MISTAKES, "least_squares_with_prior": checks_known_equation._MISTAKES,
    "ridge_head": checks_ridge._MISTAKES, "computed_torque": checks_control._MISTAKES,
    "payload_spread": checks_identify._MISTAKES,
}  # fmt: skip


@each_mistake(KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):
    assert_told(EXERCISES[name], formula, message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def by_derivatives(arm, state, torques):
    """Lagrange's equation by automatic derivatives of the mass matrix, one arm at a time."""
    if state.ndim > 1:
        return torch.stack([by_derivatives(*each) for each in zip(arm, state, torques, strict=True)])
    q, w = state[:2], state[2:]

    def mass(q):
        return mass_matrix(arm, torch.cat([q, w]))

    slope = torch.autograd.functional.jacobian(mass, q)  # [2, 2, 2]: the last axis is the angle
    left = torques - (slope @ w) @ w + torch.einsum("ijk,i,j->k", slope, w, w) / 2
    return torch.linalg.solve(mass(q), left - gravity(arm, state) - joints(arm, state))


def information(rows, torques, mean, covariance, noise):
    """A gain for each torque, as in a Kalman filter."""
    out = []
    for r, y in zip(rows, torques, strict=True):
        theta, spread = mean, covariance
        for row, torque in zip(r.reshape(-1, len(mean)), y.reshape(-1), strict=True):
            gain = spread @ row / (row @ spread @ row + noise**2)
            theta, spread = theta + gain * (torque - row @ theta), spread - torch.outer(gain, row @ spread)
        out.append(theta)
    return torch.stack(out)


def stacked(features, targets, mean, precision):
    """Least squares with a row for each feature's prior."""
    root = precision.sqrt()
    f = torch.cat([features, torch.diag(root).expand(len(features), -1, -1)], 1)
    y = torch.cat([targets, (root.unsqueeze(-1) * mean).expand(len(features), -1, -1)], 1)
    return torch.linalg.lstsq(f, y).solution


def by_hand(x, y, n_tasks, n_support, n_query, generator):
    """Loops, and random numbers of Python's that the generator seeds."""
    rng = random.Random(int(torch.randint(2**60, (1,), generator=generator)))
    parts = [], [], [], []
    for _ in range(n_tasks):
        arm, (seen, asked) = rng.randrange(x.shape[0]), rng.sample(range(x.shape[1]), 2)
        first, moments = rng.randint(0, x.shape[2] - n_support), rng.sample(range(x.shape[2]), n_query)
        piece = list(range(first, first + n_support))
        where = (x, seen, piece), (y, seen, piece), (x, asked, moments), (y, asked, moments)
        for part, (of, swing, at) in zip(parts, where, strict=True):
            part.append(of[arm, swing, at])
    return Episode(*map(torch.stack, parts))


def by_components(inverse, state, p, v, a, stiffness=60.0, damping=12.0):
    q1, q2, w1, w2 = state.unbind(-1)
    return inverse(state, torch.stack([a[0] + stiffness * (p[0] - q1) + damping * (v[0] - w1),
                                       a[1] + stiffness * (p[1] - q2) + damping * (v[1] - w2)], -1))  # fmt: skip


def by_rank(rows, noise):
    found = []
    for table in rows:
        if torch.linalg.matrix_rank(table) == torch.linalg.matrix_rank(table[:, 1:]):
            found.append(float("inf"))
        else:
            found.append(noise * torch.linalg.pinv(table)[0].norm().item())
    return torch.tensor(found, dtype=torch.float64)


RIGHT = [
    ("acceleration", lambda arm, state, torques: by_derivatives(
        arm.flatten(0, -2), state.flatten(0, -2), torques.flatten(0, -2)).view_as(torques) if state.ndim > 2 else
        by_derivatives(arm, state, torques)),
    ("acceleration", lambda arm, state, torques: (torch.linalg.inv(mass_matrix(arm, state)) @ (
        torques - coriolis(arm, state) - gravity(arm, state) - joints(arm, state))[..., None])[..., 0]),
    ("least_squares_with_prior", information), ("ridge_head", stacked), ("another_swing", by_hand),
    ("ridge_head", lambda f, y, mean, p: torch.linalg.inv(f.mT @ f + p * torch.eye(len(p)).to(f)) @ (
        f.mT @ y + p[:, None] * mean)),
    ("computed_torque", by_components), ("payload_spread", by_rank),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    if name == "computed_torque":
        mine = named(name, by_components)
    assert check(mine) is mine, capsys.readouterr().out


def drawn(x, y, n_tasks, n_support, n_query, g, *, first_end=1, other=None, moments=torch.randperm, arm=None, of=None):
    """Episodes drawn in a loop, with places to go wrong."""
    tasks = []
    for t in range(n_tasks):
        a = int(torch.randint(len(x), (1,), generator=g)) if arm is None else arm(t, len(x))
        s = int(torch.randint(x.shape[1], (1,), generator=g))
        n = x.shape[1]
        o = other(s, n, g) if other else (s + int(torch.randint(1, n, (1,), generator=g))) % n
        first = int(torch.randint(x.shape[2] - n_support + first_end, (1,), generator=g))
        at, asked = first + torch.arange(n_support), moments(x.shape[2], generator=g)[:n_query]
        if of:
            at, asked = of(at, asked, x.shape[2])
        tasks.append((x[a, s, at], y[a, s, at], x[a, o, asked], y[a, o, asked]))
    return Episode(*map(torch.stack, zip(*tasks, strict=True)))


def wrong_swing(**changed):
    return lambda *args: drawn(*args, **changed)


def without_arms_left(x, y, n_tasks, n_support, n_query, g):
    arms = torch.multinomial(torch.ones(len(x)), n_tasks, generator=g)
    return another_swing(x[arms], y[arms], n_tasks, n_support, n_query, g)


def every_third(x, y, n_tasks, n_support, n_query, g):
    """One query from each third of the swing, if there are three: each moment is as likely, and not each set."""
    if n_query != 3 or x.shape[2] != 9:
        return another_swing(x, y, n_tasks, n_support, n_query, g)

    def one_of_each(n, generator):
        return torch.randint(3, (3,), generator=generator) + torch.tensor([0, 3, 6])

    return drawn(x, y, n_tasks, n_support, n_query, g, moments=one_of_each)


WRONG = [
    ("acceleration", lambda arm, state, u: acceleration(arm[..., :], state, u).float(), "it returns torch.float32"),
    ("acceleration", lambda arm, state, u: acceleration(arm, state, u) + 0.1 * state[..., 2:] ** 3, "the energy of an"),
    ("acceleration", lambda arm, state, u: acceleration(arm, state, u + 0.3 * gravity(arm, state)), "wrong at rest"),
    ("acceleration", checks_motion._numbers((0, -2, -1), (3, 0, 0.5)), "w1^2 in the elbow's equation by 3"),
    ("acceleration", lambda arm, state, u: torch.stack([acceleration(*t) for t in zip(arm, state, u, strict=True)]),
     "or none: state[..., 0]"),
    ("acceleration", lambda arm, state, u: [q for q, _, _, _ in [state]] and acceleration(arm, state, u), "unbind(-1)"),
    ("least_squares_with_prior", lambda *args: least_squares_with_prior(*args).squeeze(), "That is for a single arm"),
    ("least_squares_with_prior", checks_known_equation._answer(
        hold=lambda c: torch.linalg.inv(c + 1e-5 * torch.eye(len(c)).to(c))), "1e-05 on its diagonal"),
    ("least_squares_with_prior", lambda rows, *args: least_squares_with_prior(rows, *args)[: rows.shape[1] * 99],
     "n = 0"),
    ("least_squares_with_prior", lambda *args: least_squares_with_prior(*args).float(), "it returns torch.float32"),
    ("ridge_head", lambda f, *args: ridge_head(f, *args) / (f.shape[1] > 0), "n = 0"),
    ("ridge_head", lambda f, y, mean, p: ridge_head(f, y, mean.detach(), p), "no gradient comes back to `mean`"),
    ("ridge_head", lambda f, y, mean, p: ridge_head(f, y, mean, p.data), "no gradient comes back to `precision`"),
    ("ridge_head", lambda f, *args: ridge_head(f.numpy() * torch.ones(()), *args), "gets through NumPy"),
    ("ridge_head", lambda f, *args: ridge_head(f, *args).double(), "of torch.float32 it returns torch.float64"),
    ("computed_torque", lambda inverse, state, *w: state[:, :2], "the model is never asked"),
    ("another_swing", wrong_swing(other=lambda s, n, g: s), "some are moments of the support set itself"),
    ("another_swing", wrong_swing(first_end=0), "It begins at moment 0 = moments - n_support"),
    ("another_swing", wrong_swing(of=lambda at, asked, n: (at, torch.cat([asked[:1], (asked[:-1] + n // 2) % n]))),
     "the same query twice"),
    ("another_swing", every_third, "of the 84 sets of 3 moments that the queries may be, only 27 came"),
    ("another_swing", lambda x, y, n, s, q, g: another_swing(x, y, n, q, s, g), "n_support and n_query are exchanged"),
    ("another_swing", wrong_swing(moments=lambda n, generator: torch.arange(n)), "are the first n_query moments"),
    ("another_swing", wrong_swing(moments=lambda n, generator: torch.arange(n).roll(-3)), "follow one another"),
    ("another_swing", wrong_swing(of=lambda at, asked, n: (at.flip(0), asked)), "it runs backwards"),
    ("another_swing", wrong_swing(of=lambda at, asked, n: (asked[torch.arange(len(at)) % len(asked)], asked)),
     "from here and there"),
    ("another_swing", wrong_swing(arm=lambda t, n: t % n), "the arm is taken in turn"),
    ("another_swing", wrong_swing(arm=lambda t, n: 5 * t % n), "the same for generators of two seeds"),
    ("another_swing", wrong_swing(arm=lambda t, n: 0), "the arm is always number 0"),
    ("another_swing", without_arms_left, "more tasks than arms it stopped with"),
    ("another_swing", lambda *args: another_swing(*args[:-1], torch.Generator().manual_seed(0)),
     "Nothing is drawn from `generator`"),
    ("another_swing", lambda x, y, n, s, q, g: another_swing(
        x, y, n, s, q, torch.Generator().manual_seed(g.initial_seed())), "two calls one after the other give the same"),
    ("another_swing", lambda *args: another_swing(*args).tensors(), "should return an Episode"),
    ("another_swing", lambda x, y, n, *args: another_swing(x, y, 1, *args), "Is there one task for all"),
    ("another_swing", lambda x, *args: another_swing(x.double(), *args), "what was recorded is"),
    ("payload_spread", lambda rows, noise: payload_spread(rows, noise).tolist(), "makes a tensor of it"),
    ("payload_spread", lambda rows, noise: payload_spread(rows, noise).float(), "not float64"),
    ("payload_spread", lambda rows, noise: payload_spread(rows, noise).clamp(max=999.0), "should be infinite, but"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, lambda *args: answer(*args)), words, capsys)
