"""check, hint and solution, on an exercise made up here."""

import io
import sys

import pytest
import torch

from course_lib.exercises import Exercise, check, compare, engine, hint, solution
from course_lib.learners import squared_distances

CASES = [(torch.rand(2, 3, 4), torch.rand(2, 5, 4)), (torch.rand(1, 1, 2), torch.rand(1, 2, 2))]
MISTAKES = [(lambda q, p: squared_distances(q, p).sqrt(), "That is the distance; square it.")]


@pytest.fixture(autouse=True)
def one_exercise(monkeypatch):
    exercise = Exercise(squared_distances, lambda call: compare(call, squared_distances, CASES, MISTAKES), ("a", "b"))
    monkeypatch.setattr(engine, "lessons", lambda: [])
    monkeypatch.setattr(engine, "_hints_given", {})
    find = engine._find

    def find_here(function):
        name = function if isinstance(function, str) else function.__name__
        return (name, exercise) if name == "squared_distances" else find(function)

    monkeypatch.setattr(engine, "_find", find_here)


def answer(body):
    """A function called squared_distances with another body."""
    body.__name__ = "squared_distances"
    return body


@pytest.mark.parametrize(
    "right",
    [
        lambda q, p: ((q[:, :, None] - p[:, None]) ** 2).sum(-1),
        lambda q, p: torch.cdist(q, p) ** 2,
        lambda q, p: torch.stack([torch.stack([((a - p[t]) ** 2).sum(-1) for a in q[t]]) for t in range(len(q))]),
    ],
)
def test_a_right_answer_in_any_style_is_accepted_and_returned(right, capsys):
    assert check(answer(right)) is right
    assert capsys.readouterr().out.startswith("✓")


def stub(q, p):
    """With a docstring."""
    ...


def unfinished(q, p):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (stub, "not written yet"),
        (unfinished, "not written yet"),
        (lambda q, p: ((q[:, :, None] - p[:, None]) ** 2).sum(-1).sqrt(), "square it"),
        (lambda q, p: squared_distances(p, q), "should be a float32 tensor of shape [2, 3, 5]"),
        (lambda q, p: squared_distances(q, p) + 1, "the numbers differ: at ["),
        (lambda q, p: squared_distances(q, p).long(), "float32"),
        (lambda q, p: "text", "but it is a str"),
        (lambda q, p: print("looking", end=""), "`return`"),
        (lambda q, p: squared_distances(q, p.mul_(2)), "in place"),
        (lambda q, p: q @ p, "in your line"),
        (lambda q: q, "could not be called"),
        (lambda q, p: squared_distances(q, p) * float("nan"), "numbers differ"),
    ],
)
def test_wrong_answers_get_a_sentence_and_the_library_goes_on(wrong, words, capsys):
    assert check(answer(wrong)) is squared_distances
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed


def test_the_line_shown_is_the_learners_own(capsys):
    def crashes(q, p):
        fine = q * 2
        return fine @ p

    check(answer(crashes))
    assert "return fine @ p" in capsys.readouterr().out


def test_an_answer_reaches_a_stream_without_its_signs(monkeypatch):
    file = io.BytesIO()  # Python on Windows with its output redirected: cp1252
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding="cp1252", write_through=True))
    check(answer(lambda q, p: torch.cdist(q, p) ** 2))
    check(answer(lambda q, p: torch.cdist(q, p)))
    check(answer(lambda q, p: ...))
    said = file.getvalue().decode("cp1252")
    assert "? squared_distances is right." in said and "square it" in said and "not written yet" in said


def test_hints_come_one_at_a_time_and_end(capsys):
    for expected in ("Hint 1 of 2: a", "Hint 2 of 2: b", "last hint"):
        hint("squared_distances")
        assert expected in capsys.readouterr().out


def test_solution_prints_the_library_itself(capsys):
    solution("squared_distances")
    assert "def squared_distances(queries" in capsys.readouterr().out


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="there is no exercise 'squares'"):
        check(answer_named("squares"))


def answer_named(name):
    def f():
        return 0

    f.__name__ = name
    return f


def test_a_change_in_place_is_seen_inside_a_dict_too():
    def doubles(params):
        params["w"].mul_(2)
        return params["w"]

    with pytest.raises(engine.Problem, match="in place"):
        engine._safely(doubles)({"w": torch.ones(2), "b": [torch.ones(1)]})
    assert engine._safely(lambda params: params["w"] * 2)({"w": torch.ones(2)}).sum() == 4
