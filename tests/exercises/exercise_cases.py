"""What the tests of every lesson's exercises ask."""

import pytest

from course_lib import check, hint, solution
from course_lib.exercises.engine import verdict


def each_mistake(known):
    """Parametrize a test by the mistakes that checks know, `known[exercise]` = [(formula, message), ...]."""
    cases = [(name, i) for name, mistakes in known.items() for i in range(len(mistakes))]
    return pytest.mark.parametrize(
        ("name", "formula", "message"),
        [pytest.param(name, *known[name][i], id=f"{name}-{i}") for name, i in cases],
    )


def assert_told(exercise, formula, message):
    """Whoever answers with this mistake is told this message."""
    assert verdict(exercise, lambda *args: formula(*args)) == ("hint", message)


def assert_solved(exercise, name, capsys):
    """The library's own version passes its check, and hints and its source are there."""
    assert verdict(exercise, exercise.solution) == ("right", "")
    assert check(exercise.solution) is exercise.solution  # and the learner is not praised for it
    assert "the library's own version" in capsys.readouterr().out
    hint(name)
    solution(name)
    printed = capsys.readouterr().out
    assert "Hint 1 of" in printed and f"def {name}(" in printed


def assert_refused(exercise, answer, words, capsys):
    """The check keeps the library's version in place of a wrong answer, and says what is wrong in these words."""
    assert check(answer) is exercise.solution
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed, printed
