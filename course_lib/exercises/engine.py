"""check, hint and solution: how an exercise answers a learner.

An exercise is a function that the learner writes, and that the library has too. `check` runs the learner's on
several inputs and says in plain words what is wrong; it returns the learner's function when it is right and the
library's when it is not (or not yet), so a lesson runs top to bottom either way. Whatever it is given, it answers in
a sentence.
"""

from __future__ import annotations

import ast
import difflib
import dis
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import FrameType

from course_lib.exercises.comparing import compare
from course_lib.exercises.guard import CALL_SECONDS, CHECK_SECONDS, Guard, Problem, Unwritten, in_short, is_unwritten
from course_lib.exercises.quiz import Quiz
from course_lib.exercises.saying import say
from course_lib.exercises.untouched import RandomState

__all__ = ["Course", "Exercise", "Problem", "check", "compare", "hint", "lessons", "solution", "verdict"]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Args:
        solution: the library's own function. `solution(...)` shows its source.
        judge: a function of `call`, which runs the learner's function safely; raises `Problem` if it is wrong.
        hints: from a nudge to nearly the answer.
        leaves_gradients: whether a right answer may leave gradients in `.grad` of its arguments.
    """

    solution: Callable
    judge: Callable
    hints: tuple[str, ...]
    leaves_gradients: bool = False


def verdict(
    exercise: Exercise, function: Callable, call_seconds: float = CALL_SECONDS, check_seconds: float = CHECK_SECONDS
) -> tuple[str, str]:
    """What `check` thinks of a learner's function: `("right", "")`, `("not yet", "")` if it is not written, or
    `("hint", sentence)`. `tools/classroom.py` asks this for a whole class. A function may take `call_seconds` each time
    that it is called, and `check_seconds` in all."""
    return _judge(exercise, Guard(function, exercise.solution, call_seconds, check_seconds))


def _judge(exercise: Exercise, guard: Guard) -> tuple[str, str]:
    if is_unwritten(guard.function):
        return "not yet", ""
    state = RandomState()
    try:
        exercise.judge(guard)
        left = guard.left_behind(exercise.leaves_gradients)
    except Unwritten:
        return "not yet", ""
    except Problem as problem:
        return "hint", str(problem)
    except Exception as error:  # the check took the result for something that it is not
        return "hint", f"the check cannot read what it returned ({in_short(error)}). Is it what the task asks for?"
    finally:
        guard.left_behind(True)
        state.put_back()
    return ("hint", left) if left else ("right", "")


class Course:
    """Exercises and quizzes by name, and what a learner asks of them.

    Args:
        exercises: by the name of the function that answers; or a function that gives them, asked when one is needed.
        quizzes: by name; the same.
    """

    def __init__(
        self,
        exercises: Mapping[str, Exercise] | Callable[[], Mapping[str, Exercise]],
        quizzes: Mapping[str, Quiz] | Callable[[], Mapping[str, Quiz]] = {},  # noqa: B006 (never changed)
    ):
        self._exercises = exercises if callable(exercises) else lambda: exercises
        self._quizzes = quizzes if callable(quizzes) else lambda: quizzes
        self._hints_given: dict[str, int] = {}

    def check(self, function: Callable, name: str | None = None) -> Callable:
        """Check the learner's function, and return the function to go on with.

        Args:
            function: what the learner wrote.
            name: the exercise that it answers. Where none is given, its own name says so, or the variable that the
                result of this call is assigned to, or one that holds the function: a lambda has no name of its own.
        """
        known, target = self._exercises(), None if name else _assigned(sys._getframe(1))
        name, found = _name(function, name, known, sys._getframe(1))
        if not found:
            say(_unknown(function, name, known, "check"))
            near = _near(name, known)
            return known[near[0]].solution if near else function
        if target in known and target != name:
            say(f"○ {target}: {name} answers another exercise; write {target} = check({target}).\n"
                "  The lesson goes on with the library's version.")  # fmt: skip
            return known[target].solution
        exercise = known[name]
        refusal = _refusal(function, name, exercise)
        if refusal:
            say(f"○ {name}: {refusal}\n  The lesson goes on with the library's version.")
            return exercise.solution
        try:
            return self._check(function, name, exercise)
        except KeyboardInterrupt:  # the stop button
            say(f"○ {name}: the check was stopped. The lesson goes on with the library's version.")
        return exercise.solution

    def _check(self, function: Callable, name: str, exercise: Exercise) -> Callable:
        guard = Guard(function, exercise.solution)
        word, problem = _judge(exercise, guard)
        if guard.printed_more:
            say("... (what it prints during a check is shown up to here)")
        if word == "right":
            say(f"✓ {name} is right. The lesson goes on with your version.")
        elif word == "not yet":
            say(f"○ {name} is not written yet. The lesson goes on with the library's version.\n"
                f"  hint({name}) gives a first step.")  # fmt: skip
        else:
            say(f"✗ {name}: {problem}\n"
                f"  The lesson goes on with the library's version; hint({name}) gives one more step.")  # fmt: skip
        if guard.warned:
            say(f"  While it ran, there was a warning. {guard.warned}")
        elif guard.drew and word == "right":
            say(f"  It uses or sets the random state that everything shares ({guard.drew}); the check put it back.")
        return function if word == "right" else exercise.solution

    def hint(self, function: Callable | str):
        """Print one more hint for this exercise each time it is called."""
        known = self._exercises()
        name, found = _name(function, None, known, sys._getframe(1))
        if not found:
            say(_unknown(function, name, known, "hint"))
            return
        hints, n = known[name].hints, self._hints_given.get(name, 0)
        if n == len(hints):
            say(f"That was the last hint for {name}. solution({name!r}) shows the library's version.")
            return
        self._hints_given[name] = n + 1
        say(f"Hint {n + 1} of {len(hints)}: {hints[n]}")

    def solution(self, function: Callable | str):
        """Print the source of the library's version: tested code, the same that the course itself runs.

        Above it stands the import of what it uses, so that both can be copied into a cell and run.
        """
        known = self._exercises()
        name, found = _name(function, None, known, sys._getframe(1))
        if not found:
            say(_unknown(function, name, known, "solution"))
            return
        say(f"{_needed(known[name].solution)}\n{inspect.getsource(known[name].solution)}")

    def quiz(self, name: str):
        """Ask a question with several answers to choose from: with buttons where a front end has them, else as text."""
        known = self._quizzes()
        if name in known:
            known[name].ask(name)
        else:
            say(_no_quiz(name, known))

    def answer(self, name: str, letter: str):
        """Answer a quiz by its name and a letter, where there are no buttons."""
        known = self._quizzes()
        say(known[name].answer(letter) if name in known else _no_quiz(name, known))


def _needed(function: Callable) -> str:
    """The lines to put above a function's source: where it is from, and an import of what it uses of its module."""
    there, module = inspect.unwrap(function).__globals__, function.__module__
    try:
        nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    except SyntaxError:  # the line of a lambda need not be a statement
        return f"# from {module}"
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)} | {function.__name__}
    names = ", ".join(sorted((read - own) & there.keys()))
    return f"# from {module}; it uses:\nfrom {module} import {names}\n" if names else f"# from {module}"


def _name(given, said, known: Mapping, frame: FrameType) -> tuple[str, bool]:
    """Which exercise is meant, and whether there is such a one."""
    held = {**frame.f_globals, **frame.f_locals}
    own = given if isinstance(given, str) else getattr(given, "__name__", None)
    holders = [name for name in known if name in held and held[name] is given]
    names = [own, _assigned(frame), *holders] if said is None else [said]
    found = next((name for name in names if isinstance(name, str) and name in known), None)
    return (found, True) if found else (str(said or own or type(given).__name__), False)


def _assigned(frame: FrameType):
    """The variable that the result of the call, which a frame is at, is assigned to; if there is one."""
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset > frame.f_lasti:
            return instruction.argval if instruction.opname.startswith("STORE_") else None
    return None


def _near(name: str, known: Mapping) -> list[str]:
    return difflib.get_close_matches(name.lower(), known, 3)


def _unknown(given, name: str, known: Mapping, asked: str) -> str:
    near = " or ".join(map(repr, _near(name, known)))
    if near and not isinstance(given, str):
        return f"○ there is no exercise {name!r}. Is it {near}? Name the function so."
    if near:
        return f"○ {asked}: there is no {name!r}. Is it {near}?"
    if isinstance(given, str) or inspect.isroutine(given):
        return f"○ {asked}: there is no exercise {name!r}. Keep the name that the task gives: `def name`, check(name)."
    kind = _kind(given)
    return f"○ {asked} wants the function of an exercise, such as {asked}(name) after `def name`, but it got {kind}."


def _no_quiz(name, known: Mapping) -> str:
    near = " or ".join(map(repr, _near(str(name), known)))
    return f"○ there is no quiz {name!r}." + (f" Is it {near}?" if near else "")


def _kind(given) -> str:
    if given is None:
        return "None"
    if isinstance(given, type):
        return f"the class {given.__name__}"
    return f"a {type(given).__name__}" + ("" if callable(given) else ", which is perhaps a result")


def _refusal(given, name: str, exercise: Exercise) -> str:
    """Why something cannot be checked, or nothing."""
    if given is exercise.solution:
        return "this is the library's own version, so there is nothing of yours to check. Run the cell with your `def`."
    if isinstance(given, str):
        return f"give the function itself, without quotes: check({name})."
    if isinstance(given, type):
        return f"this is a class, and the exercise asks for a function: def {name}(...)."
    if not callable(given):
        return f"check({name}) wants the function itself, not a result of it, but it got {_kind(given)}."
    return ""


def lessons() -> list[str]:
    """The rooms of this course; a room is found by its folder."""
    return [room.name for room in iter_modules(import_module("course_lib.lessons").__path__)]


def _in_rooms(file: str, table: str) -> dict:
    """What the rooms have in a table; they are imported here, so that `import course_lib` stays quick."""
    modules = [f"course_lib.lessons.{lesson}.{file}" for lesson in lessons()]
    tables = [getattr(import_module(module), table) for module in modules if find_spec(module)]
    return {name: entry for entries in tables for name, entry in entries.items()}


_ours = Course(lambda: _in_rooms("checks", "EXERCISES"), lambda: _in_rooms("quizzes", "QUIZZES"))
check, hint, solution, quiz, answer = _ours.check, _ours.hint, _ours.solution, _ours.quiz, _ours.answer
