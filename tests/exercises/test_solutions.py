"""What `solution` prints can be copied into a cell and run."""

import builtins
import dis
from types import CodeType

import pytest

from course_lib import solution
from course_lib.exercises import Course, Exercise, engine


def globals_of(code: CodeType) -> set[str]:
    """The names that a function looks up outside itself, also those of functions in it."""
    inside = (one for one in code.co_consts if isinstance(one, CodeType))
    own = {line.argval for line in dis.get_instructions(code) if line.opname == "LOAD_GLOBAL"}
    return own.union(*map(globals_of, inside))


@pytest.mark.parametrize("name", sorted(engine._in_rooms("checks", "EXERCISES")))
def test_a_solution_runs_where_nothing_was_imported(name, capsys):
    solution(name)
    cell = {}
    exec(capsys.readouterr().out, cell)
    missing = globals_of(cell[name].__code__) - set(cell) - set(dir(builtins))
    assert not missing


def test_a_solution_inside_something_else_is_shown_as_ever(capsys):
    def halved(x):
        return globals_of(x) and x / 2

    inside = {"halved": Exercise(halved, None, ()), "doubled": Exercise(lambda x: 2 * x, None, ())}
    course = Course(lambda: inside)
    course.solution("halved")
    course.solution("doubled")
    printed = capsys.readouterr().out
    assert f"from {__name__} import globals_of" in printed and "def halved(x):" in printed and "2 * x" in printed
