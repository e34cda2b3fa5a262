"""check, hint and solution, on a course of one exercise made up here."""

import io
import sys

import pytest
import torch

from course_lib import Episode
from course_lib.exercises import Course, Exercise, compare
from course_lib.exercises.engine import verdict
from course_lib.learners import squared_distances

CASES = [(torch.rand(2, 3, 4), torch.rand(2, 5, 4)), (torch.rand(1, 1, 2), torch.rand(1, 2, 2))]
MISTAKES = [(lambda q, p: squared_distances(q, p).sqrt(), "That is the distance; square it.")]
EXERCISE = Exercise(squared_distances, lambda call: compare(call, squared_distances, CASES, MISTAKES), ("a", "b"))


@pytest.fixture
def course():
    return Course({"squared_distances": EXERCISE})


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
        lambda q, p: torch.as_tensor(((q[:, :, None].numpy() - p[:, None].numpy()) ** 2).sum(-1)),
    ],
)
def test_a_right_answer_in_any_style_is_accepted_and_returned(course, right, capsys):
    assert course.check(answer(right)) is right
    assert capsys.readouterr().out == "✓ squared_distances is right. The lesson goes on with your version.\n"


def stub(q, p):
    """With a docstring."""
    ...


def passes(q, p):
    pass


def unfinished(q, p):
    raise NotImplementedError("write me")


def asks_a_helper(q, p):
    unfinished(q, p)
    return q


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (stub, "not written yet"),
        (passes, "not written yet"),
        (unfinished, "not written yet"),
        (lambda q, p: ..., "not written yet"),
        (asks_a_helper, "it stopped with NotImplementedError: write me\n  in your line"),
        (lambda q, p: ((q[:, :, None] - p[:, None]) ** 2).sum(-1).sqrt(), "square it"),
        (lambda q, p: squared_distances(p, q), "should be a float32 tensor of shape [2, 3, 5]"),
        (lambda q, p: squared_distances(q, p) + 1, "the numbers differ: at ["),
        (lambda q, p: squared_distances(q, p).long(), "float32"),
        (lambda q, p: "text", "but it is a str"),
        (lambda q, p: print("looking", end=""), "`return`"),
        (lambda q, p: squared_distances(q, p.mul_(2)), "it changes `p` in place"),
        (lambda q, p: q @ p, "in your line"),
        (lambda q, p: Episode(q, q, p, p[:, :1]), ": (lambda q, p: Episode("),  # not a line of Episode's own
        (lambda q: q, "could not be called"),
        (lambda q, p: squared_distances(q, p) * float("nan"), "numbers differ"),
    ],
)
def test_wrong_answers_get_a_sentence_and_the_library_goes_on(course, wrong, words, capsys):
    assert course.check(answer(wrong)) is squared_distances
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed


def test_a_stub_without_source_is_known_by_its_bytecode(course, capsys):
    said = '"""Says."""'
    for body in ("...", "pass", said, "raise NotImplementedError", f"{said}\n    raise NotImplementedError"):
        room = {}
        exec(f"def squared_distances(q, p):\n    {body}", room)
        assert verdict(EXERCISE, room["squared_distances"]) == ("not yet", ""), body
    room = {}
    exec("def squared_distances(q, p):\n    return None", room)
    exec("def other(q, p):\n    raise ValueError", room)
    assert verdict(EXERCISE, room["other"])[0] == "hint"


def test_the_line_shown_is_the_learners_own(course, capsys):
    def crashes(q, p):
        fine = q * 2
        return fine @ p

    course.check(answer(crashes))
    assert "return fine @ p" in capsys.readouterr().out


def test_hints_come_one_at_a_time_and_end(course, capsys):
    for expected in ("Hint 1 of 2: a", "Hint 2 of 2: b", "last hint"):
        course.hint("squared_distances")
        assert expected in capsys.readouterr().out


def test_solution_prints_the_library_itself(course, capsys):
    course.solution("squared_distances")
    assert "def squared_distances(queries" in capsys.readouterr().out


def test_the_librarys_own_function_is_not_praised(course, capsys):
    mine = course.check(stub_named())
    assert mine is squared_distances and course.check(mine) is squared_distances
    printed = capsys.readouterr().out
    assert "✓" not in printed and "the library's own version" in printed


def stub_named():
    def squared_distances(q, p): ...

    return squared_distances


def test_a_name_is_found_where_the_function_has_none(course, capsys):
    right = lambda q, p: torch.cdist(q, p) ** 2  # noqa: E731
    assert course.check(right, "squared_distances") is right
    squared_distances = right
    assert course.check(squared_distances) is right  # the variable that holds it
    squared_distances = course.check(lambda q, p: q)  # the variable that the result is assigned to
    assert squared_distances is EXERCISE.solution
    printed = capsys.readouterr().out
    assert printed.count("✓ squared_distances") == 2 and printed.count("✗ squared_distances") == 1


def test_an_unknown_name_gets_the_near_ones_or_a_sentence(course, capsys):
    def square_distances(q, p): ...

    def squares(q, p): ...

    assert course.check(square_distances) is squared_distances
    assert "Is it 'squared_distances'?" in capsys.readouterr().out
    assert course.check(squares, "colour") is squares
    assert "there is no exercise 'colour'. Keep the name" in capsys.readouterr().out
    for ask in (course.hint, course.solution):
        ask("squared_distance")
        ask(3)
        printed = capsys.readouterr().out
        assert "there is no 'squared_distance'. Is it 'squared_distances'?" in printed
        assert "wants the function" in printed


def test_the_same_answer_gets_the_same_words_whatever_was_checked_before(course, capsys):
    def poisons(q, p):
        q.zero_()
        return q

    def wrong(q, p):
        return squared_distances(q, p) + 1

    course.check(answer(wrong))
    first = capsys.readouterr().out
    for other in (poisons, lambda q, p: q.resize_(0), lambda q, p: torch.manual_seed(0)):
        course.check(answer(other))
    capsys.readouterr()
    course.check(answer(wrong))
    assert capsys.readouterr().out == first


def test_the_stop_button_ends_the_check_in_a_sentence(course, capsys):
    def stopped(q, p):
        raise KeyboardInterrupt

    assert course.check(answer(stopped)) is squared_distances
    assert capsys.readouterr().out == (
        "○ squared_distances: the check was stopped. The lesson goes on with the library's version.\n"
    )


def test_marks_do_not_stop_a_script_whose_output_cannot_hold_them(course, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    course.check(stub_named())
    sys.stdout.flush()
    assert raw.getvalue().decode("cp1252").startswith("[-] squared_distances is not written yet.")


def test_a_check_that_stumbles_over_a_result_says_so(capsys):
    def judge(call):
        call(1).shape[0]

    course = Course({"one": Exercise(stub, judge, ())})
    course.check(lambda x: 3, "one")
    assert "the check cannot read what it returned (AttributeError" in capsys.readouterr().out


def test_gradients_may_stay_only_where_the_exercise_says_so():
    def slope(x):
        """The slope of x²."""
        return torch.autograd.grad((x**2).sum(), x)[0]

    def leaves(x):
        (x**2).sum().backward()
        return x.grad.clone()

    def clears(x):
        x.grad = None
        return leaves(x)

    x = torch.ones(2, requires_grad=True)
    strict, lenient = (Exercise(slope, lambda call: call(x), (), leaves_gradients=may) for may in (False, True))
    assert "leaves a gradient in .grad of `x`" in verdict(strict, leaves)[1]
    assert x.grad is None
    assert verdict(lenient, clears) == verdict(strict, slope) == ("right", "")
