"""The course of two exercises in CONTRIBUTING.md works as it stands there, and needs no lesson of ours."""

import importlib.util
import re
import subprocess
import sys

import pytest

from tools.notebooks import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "my_course.py"
    (source,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("my_course", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.path = path
    return module


def mean(numbers):
    """The mean of a list of numbers."""
    ...


def test_its_exercises_answer(course, capsys):
    check = course.check
    assert check(mean) is course.mean
    assert check(lambda numbers: sum(numbers), "mean") is course.mean
    assert check(lambda numbers: numbers.sort() or numbers[len(numbers) // 2], "mean") is course.mean
    assert check(lambda numbers: sum(numbers) / 2, "mean") is course.mean
    right = lambda numbers: sum(n / len(numbers) for n in numbers)  # noqa: E731
    assert check(right, "mean") is right
    said = capsys.readouterr().out
    for words in ("○ mean is not written yet", "that is the sum", "it changes `numbers` in place", "✓ mean is right",
                  "it should be 0.5, but it is 0.25. That is for one number."):  # fmt: skip
        assert words in said, said


def test_its_second_exercise_hints_and_quiz(course, capsys):
    assert course.check(lambda items, g: list(items), "shuffled") is course.shuffled
    assert course.check(lambda items, g: sorted(items, key=lambda _: g.random()), "shuffled") is not course.shuffled
    course.hint("shuffled")
    course.solution("shuffled")
    course.quiz("outlier")
    course.answer("outlier", "b")
    said = capsys.readouterr().out
    for words in ("does not depend on the generator", "✓ shuffled", "Hint 1 of 1", "def shuffled(items", "a) it grows",
                  "✗ b: That is the median."):  # fmt: skip
        assert words in said, said


def test_it_needs_no_lesson(course):
    code = (f"import sys; sys.path.insert(0, {str(course.path.parent)!r}); import my_course as c; c.hint('mean')\n"
            "c.check(lambda n: 0, 'mean'); c.quiz('outlier')\n"
            "assert not [m for m in sys.modules if m.startswith('course_lib.lessons')]")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
