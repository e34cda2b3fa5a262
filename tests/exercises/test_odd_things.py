"""Whatever is handed to check, hint and solution gets a sentence and no error, on exercises of real lessons."""

import functools
import linecache

import pytest
import torch
from torch.nn import functional as F

from course_lib.exercises import engine
from course_lib.exercises.engine import check, hint, solution

CELL = """
import functools, sys, warnings
import torch

def stub(*args):
    "What it should do."
    ...

def passes(*args):
    pass

def refuses(*args):
    raise NotImplementedError

class Class:
    pass

class CallableObject:
    def __call__(self, *args):
        return 1

class Rude(Exception):
    def __str__(self):
        raise SystemExit

async def asynchronous(*args):
    return 1

def generator_function(*args):
    yield 1

async def asynchronous_generator(*args):
    yield 1

def vector(*args):
    return torch.ones(7)

def number(*args):
    return 3.5

def word(*args):
    return "a word"

def itself(*args):
    return itself

def meta(*args):
    return torch.empty(2, device="meta")

def sparse(*args):
    return torch.eye(2).to_sparse()

def several(*args):
    return torch.ones(2), {"a": [None]}, 3

def empty(*args):
    return torch.ones(0)

def with_nothing(*args):
    return ()

def divides(*args):
    return 1 / 0

def exits(*args):
    sys.exit("bye")

def stopped(*args):
    raise KeyboardInterrupt

def bad_syntax(*args):
    return eval("1 +")

def recursion(*args):
    return recursion(*args)

def rude(*args):
    raise Rude

def no_arguments():
    return 1

def warns(*args):
    warnings.warn("mind the gap")
    return 1

def loops(*args):
    while True:
        pass

a_lambda = lambda *args: 1
a_partial = functools.partial(number, 1)
built_in = len
object_with_call = CallableObject()
module = torch.nn.Linear(2, 2)
"""
FUNCTIONS = [
    "stub", "passes", "refuses", "Class", "object_with_call", "a_lambda", "a_partial", "built_in", "module",
    "asynchronous", "generator_function", "asynchronous_generator", "vector", "number", "word", "itself", "meta",
    "sparse", "several", "empty", "with_nothing", "divides", "exits", "stopped", "bad_syntax", "recursion", "rude",
    "no_arguments", "warns", "loops",
]  # fmt: skip
THINGS = {
    "a string": "hello", "its name": None, "a result": torch.ones(3), "a number": 3, "nothing": None, "dots": ...,
    "a list": [1], "a dict": {}, "not a number": float("nan"),
}  # fmt: skip
NAMES = ["distances_to", "centre", "shared_images", "deal_labels", "ci95", "mean_curve", "inner_step",
         "query_dependence", "linear_cka", "episode_loss", "ring_matrix", "over_trainings",
         "honest_result", "find_flaw", "words_of_one_language", "learned_prior", "together"]  # fmt: skip
LONGEST = 400  # characters of what is printed


@pytest.fixture(scope="module")
def known():
    return engine._in_rooms("checks", "EXERCISES")


@pytest.fixture(scope="module")
def cell():
    """The functions above, as a notebook would define them."""
    file = "<ipython-input-1-odd>"
    linecache.cache[file] = len(CELL), None, CELL.splitlines(keepends=True), file
    room = {}
    exec(compile(CELL, file, "exec"), room)
    return room


@pytest.fixture(autouse=True)
def impatient(request, monkeypatch):
    """A limit of 0.2 seconds, where a loop never ends."""
    if "loops" in request.node.name:
        monkeypatch.setattr(engine, "Guard", functools.partial(engine.Guard, call_seconds=0.2, check_seconds=20))


def checked(thing, name, room=None):
    """What `name = check(thing)` assigns, in a cell."""
    room = {"check": check, "thing": thing} | (room or {})
    exec(f"{name} = check(thing)", room)
    return room[name]


def assert_told(printed: str, name: str):
    assert 1 <= len(printed.splitlines()) <= 4 and len(printed) < LONGEST, printed
    assert printed[0] in "○✗" and "Traceback" not in printed and name in printed, printed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("odd", FUNCTIONS)
def test_an_odd_function_gets_a_sentence_and_the_library_goes_on(name, odd, known, cell, capfd):
    assert checked(cell[odd], name) is known[name].solution
    printed, errors = capfd.readouterr()
    assert not errors
    assert_told(printed, name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("odd", THINGS)
def test_an_odd_thing_gets_a_sentence_and_the_library_goes_on(name, odd, known, capfd):
    assert checked(name if odd == "its name" else THINGS[odd], name) is known[name].solution
    printed, errors = capfd.readouterr()
    assert not errors and len(printed.splitlines()) <= 2
    assert_told(printed, name)


WORDS = {
    "stub": "not written yet", "refuses": "not written yet", "Class": "a class", "asynchronous": "without async",
    "generator_function": "has a yield", "meta": "on the device 'meta'", "sparse": ".to_dense()",
    "divides": "ZeroDivisionError: division by zero\n  in your line 63: return 1 / 0", "exits": "SystemExit: bye",
    "stopped": "the check was stopped", "bad_syntax": "SyntaxError", "recursion": "RecursionError",
    "rude": "it stopped with Rude\n", "no_arguments": "look at its arguments", "loops": "Does a loop never end?",
    "vector": "should be a number, but it is a float32 tensor of shape [7]",
}  # fmt: skip


@pytest.mark.parametrize("odd", WORDS)
def test_the_sentence_says_what_it_is(odd, cell, capsys):
    checked(cell[odd], "ci95")
    assert WORDS[odd] in capsys.readouterr().out


def test_a_right_answer_without_a_name_is_accepted(cell, capsys):
    right = {"lambda": lambda distances: (-distances).softmax(-1), "partial": functools.partial(F.softmin, dim=-1)}

    class Softmin:
        def __call__(self, distances):
            return (-distances).softmax(-1)

    for mine in (*right.values(), Softmin()):
        assert checked(mine, "probabilities") is mine
        probabilities = mine
        assert check(probabilities) is mine and check(mine, "probabilities") is mine
    assert capsys.readouterr().out.count("✓ probabilities is right") == 9


def test_the_answer_to_another_exercise_is_not_taken(known, capsys):
    assert checked(known["centre"].solution, "distances_to") is known["distances_to"].solution
    assert "○ distances_to: centre answers another exercise" in capsys.readouterr().out


def test_hint_and_solution_take_anything(capsys):
    for ask in (hint, solution):
        for thing in (*THINGS.values(), len, lambda x: x, int, "probabilites", functools.partial(print)):
            ask(thing)
            printed = capsys.readouterr().out
            assert len(printed.splitlines()) == 1 and printed[0] == "○", printed


def test_no_check_keeps_anything_from_one_answer_to_the_next(known, cell, capsys):
    """A try that writes over all it is given, then a wrong one: the same words as before."""

    def told():
        checked(cell["vector"], name)
        return capsys.readouterr().out

    def poisons(*args):
        for arg in args:
            for tensor in [arg, *getattr(arg, "__dict__", {}).values()]:
                if isinstance(tensor, torch.Tensor) and tensor.is_leaf:
                    tensor.detach().zero_()
        return args[0] if args else 1

    for name in known:
        before = told()
        checked(poisons, name)
        checked(known[name].solution, name)
        capsys.readouterr()
        assert told() == before, name
        guard = engine.Guard(lambda *a, f=known[name].solution, **k: f(*a, **k), known[name].solution, call_seconds=20)
        assert engine._judge(known[name], guard) == ("right", ""), name
