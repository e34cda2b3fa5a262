"""What the tests of every lesson's exercises ask."""

from course_lib import check, hint, solution


def assert_solved(exercise, name, capsys):
    """The library's own version passes its check, and hints and its source are there."""
    assert check(exercise.solution) is exercise.solution
    hint(name)
    solution(name)
    printed = capsys.readouterr().out
    assert printed.startswith("✓") and "Hint 1 of" in printed and f"def {name}(" in printed


def assert_refused(exercise, answer, words, capsys):
    """The check keeps the library's version in place of a wrong answer, and says what is wrong in these words."""
    assert check(answer) is exercise.solution
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed, printed
