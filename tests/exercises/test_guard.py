"""What a learner's function may do to the world around it: nothing, or it is put back and told."""

import random
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from course_lib.episode import Episode
from course_lib.exercises.engine import Course, Exercise
from course_lib.exercises.guard import Guard, Problem, _words_of


def call(function, *args):
    return Guard(function, function)(*args)


def episode():
    x, y = torch.rand(1, 2, 3), torch.tensor([[0, 1]])
    return Episode(x, y, x.clone(), y.clone())


def doubles_entry(params):
    params["w"].mul_(2)
    return params["w"]


CHANGES = [
    ("tensor", torch.ones(3), lambda x: x.add_(1), "`x` in place"),
    ("tensor that grows", torch.ones(3), lambda x: x.resize_(5), "`x` in place"),
    ("tensor of data", torch.ones(3), lambda x: setattr(x, "data", torch.zeros(2)) or x, "`x` in place"),
    ("a rolled out tensor", torch.ones(1, 3).expand(2, 3), lambda x: setattr(x, "data", torch.zeros(2)) or x, "`x` in"),
    ("array", np.ones(3), lambda x: np.multiply(x, 2, out=x), "`x` in place"),
    ("sorted list", ["b", "a"], lambda x: x.sort() or x, "a list that is still needed"),
    ("longer list", [1], lambda x: x.append(2) or x, "a list"),
    ("dict", {"a": 1}, lambda x: x.pop("a"), "a dict"),
    ("set", {1}, lambda x: x.add(2) or x, "a set"),
    ("tensor in a dict in a list", [{"w": torch.ones(2)}], lambda x: x[0]["w"].mul_(2), "entry 'w' of place 0 of `x`"),
    ("entry exchanged", {"w": torch.ones(2)}, lambda x: x.update(w=torch.zeros(2)) or x, "a dict"),
    ("data class", episode(), lambda x: x.support_x.mul_(2), "`x.support_x` in place"),
    ("field", episode(), lambda x: setattr(x, "way", 7) or 1, "`x` in place"),
    ("mode", nn.Linear(2, 2), lambda x: x.eval(), "the mode of `x`"),
    ("weights", nn.Linear(2, 2), lambda x: x.weight.data.mul_(2), "the weights of `x`"),
    ("buffers", nn.BatchNorm1d(2), lambda x: x(torch.rand(4, 2)), "the buffers of `x`"),
    ("requires_grad", torch.ones(3), lambda x: x.requires_grad_() * 2, "requires_grad of `x`"),
]


@pytest.mark.parametrize(("kind", "value", "body", "words"), CHANGES, ids=[c[0] for c in CHANGES])
def test_a_changed_argument_is_told_and_put_back(kind, value, body, words):
    def look(x):
        if isinstance(x, nn.Module):
            return [x.training, {k: v.clone() for k, v in x.state_dict().items()}]
        return [x.support_x.clone(), x.way] if isinstance(x, Episode) else torch.save if x is None else repr(x)

    before = look(value)
    with pytest.raises(Problem) as told:
        call(lambda x: body(x), value)
    assert words in str(told.value) and repr(look(value)) == repr(before)


def test_nothing_is_told_where_nothing_has_changed():
    params = {"w": torch.tensor([1.0, float("nan")])}
    call(lambda p, g, n: p["w"] * 2 + torch.rand(2, generator=g), params, torch.Generator(), [1, "a", None])


def test_what_was_changed_is_put_back_after_an_error_too():
    x = torch.ones(2)

    def fails(x):
        x.zero_()
        raise ValueError("after the harm")

    with pytest.raises(Problem, match="after the harm"):
        call(fails, x)
    assert x.tolist() == [1, 1]


DRAWS = [lambda: torch.rand(1), lambda: torch.manual_seed(3), lambda: np.random.rand(), lambda: random.random()]


@pytest.mark.parametrize("draw", DRAWS)
def test_the_random_state_is_put_back(draw):
    def state():
        return torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), random.getstate()

    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    before = state()
    call(lambda: draw() and 1 or 1)
    assert state() == before


def test_who_draws_past_a_generator_is_refused_and_others_are_told(capsys):
    def pick(generator):
        torch.rand(3)
        return 1

    def count():
        torch.rand(3)
        return 1

    with_generator = Exercise(len, lambda call: call(torch.Generator()), ())
    course = Course({"pick": with_generator, "count": Exercise(len, lambda call: call(), ())})
    course.check(pick)
    assert "✗ pick: the result is right, but it uses or sets the random state" in capsys.readouterr().out
    assert course.check(count) is count
    assert "It uses or sets the random state that everything shares (torch)" in capsys.readouterr().out


def test_prints_are_cut_and_warnings_told(capfd):
    def chatty():
        for i in range(100_000):
            print("line", i)
        warnings.warn("mind the gap", stacklevel=1)
        return 1

    def long_line():
        print("x" * 10**7)
        return 1

    course = Course({name: Exercise(len, lambda call: call(), ()) for name in ("chatty", "long_line")})
    for _ in range(2):  # and the same at the second time
        assert course.check(chatty) is chatty
        printed, errors = capfd.readouterr()
        lines = printed.splitlines()
        assert lines[:20] == [f"line {i}" for i in range(20)] and len(lines) == 23 and not errors
        assert "shown up to here" in lines[20] and "UserWarning: mind the gap" in lines[22]
    course.check(long_line)
    assert len(capfd.readouterr().out) < 5000


def test_a_warning_of_torch_is_told_each_time(capsys):
    def warns():
        fixed = np.ones(2)
        fixed.flags.writeable = False
        return torch.from_numpy(fixed)  # torch itself would warn of this only once

    course = Course({"warns": Exercise(len, lambda call: call(), ())})
    for _ in range(2):
        course.check(warns)
        printed = capsys.readouterr().out
        assert "UserWarning: The given NumPy array is not writable" in printed and printed.endswith(" ...\n")
    assert _words_of("a scalar. (Triggered internally at /pytorch/a.cpp:1.)") == "a scalar."


def test_keywords_are_handed_on():
    assert call(lambda: 1) == 1 and Guard(lambda x, y=2: x + y, len)(1, y=5) == 6


@pytest.mark.parametrize("make", [torch.tensor, np.array], ids=["torch", "numpy"])
def test_truth_values_that_are_subtracted_are_no_power(make):
    with pytest.raises(Problem, match="True and False cannot be subtracted") as told:
        call(lambda x: x - x, make([True, False]))
    assert "power" not in str(told.value)


def test_a_power_that_is_written_as_in_mathematics_is_told():
    with pytest.raises(Problem, match=r"\^ is not a power"):
        call(lambda x: x ^ 2, np.ones(3))
