"""compare: what counts as the same, and how a difference is told."""

import copy

import numpy as np
import pytest
import torch

from course_lib.exercises.comparing import compare
from course_lib.exercises.engine import Exercise, verdict
from course_lib.exercises.guard import Problem
from course_lib.exercises.results import as_number, difference, same


def told(call, right, cases, *rest, **options):
    with pytest.raises(Problem) as problem:
        compare(call, right, cases, *rest, **options)
    return str(problem.value)


NUMBERS = [2.5, np.float64(2.5), np.array(2.5), np.array([2.5]), torch.tensor([2.5])]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_may_be_of_any_usual_type(number):
    assert as_number(number) == 2.5 and same(number, 2.5)


@pytest.mark.parametrize("other", [torch.ones(3), np.ones(3), "2.5", None, True, [2.5], torch.ones(0)])
def test_a_vector_for_a_number_gets_a_sentence(other):
    assert not same(other, 2.5)
    assert "the result should be a number, but it is " in difference(other, 2.5)


def test_whole_numbers_are_compared_exactly():
    assert not same(12345, 12346) and same(12346.0, 12346) and not same(12346.3, 12346)
    assert not same(torch.tensor([12345]), torch.tensor([12346]))
    assert same(torch.tensor([1.000001]), torch.tensor([1.0]))


def test_digits_are_enough_to_see_the_difference():
    text = difference(torch.tensor([0.99650]), torch.tensor([0.99649]))
    assert text == "the numbers differ: at [0] it should be 0.99649, but it is 0.9965."
    assert "at [1]" in difference(torch.tensor([float("nan"), 1.0]), torch.tensor([float("nan"), 2.0]))


def test_parts_axes_entries_and_cases_have_their_words():
    def right(x):
        return {"w": x, "b": (x.sum().item(), x)}

    def wrong(x):
        return right(x) | {"b": (x.sum().item(), x + torch.arange(x.numel()).view_as(x))}

    text = told(wrong, right, {"two tasks": (torch.zeros(2, 3),)})
    assert text == ("in entry 'b', in returned value 2, the numbers differ: at [1, 2] it should be 0, but it is 5. "
                    "That is for two tasks.")  # fmt: skip
    text = told(lambda x: (x, x + 1), lambda x: (x, x), [(torch.zeros(1),)], (), ("the start", "the losses"), ("task",))
    assert text == "in the losses, the numbers differ: at task 0 it should be 0, but it is 1."
    assert "2 things (the start, the losses), but it returned a list" in told(
        lambda x: [x], lambda x: (x, x), [(1,)], (), ("the start", "the losses"))  # fmt: skip
    assert "should have the entries 'w', but it has 'v'" in difference({"v": 1}, {"w": 1})
    assert "a dict with the entries 'w', but it returned a list" in difference([1], {"w": 1})
    assert "it should be True, but it is False" in difference(False, True)
    assert told(lambda x, y: x, lambda x, y: x * y, [(1.0, 1), (2.0, 3)]).endswith("That is for 2.0 and 3.")


def test_dtypes_are_compared_where_the_exercise_needs_them():
    cases = [(torch.zeros(2),)]
    compare(lambda x: x.double(), lambda x: x, cases)
    text = told(lambda x: x.double(), lambda x: x, cases, dtypes=True)
    assert "should be a float32 tensor of shape [2], but it is a float64 tensor" in text
    large = [(torch.tensor([3.14159265, 2.71828183], dtype=torch.float64),)]  # four decimals are as near as float32
    text = told(lambda x: x.float(), lambda x: x, large, dtypes=True)
    assert "Its numbers are right, but of another type: .to(torch.float64)" in text and "rounded" not in text
    assert "it is a float32 NumPy array of shape [2]. torch.as_tensor" in told(lambda x: x.numpy(), lambda x: x, cases)


def test_a_mistake_is_named_only_if_it_was_made_in_every_case():
    def right(scores):
        return (scores.std() / len(scores) ** 0.5).item()

    def without_n_minus_1(scores):  # for five scores it is twice too large by chance
        return ((scores - scores.mean()).square().sum() / len(scores)).sqrt().item()

    doubled = (lambda s: 2 * right(s), "that is the whole width.")
    cases = [(torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]),), (torch.tensor([1.0, 5.0]),)]
    assert told(lambda s: 2 * right(s), right, cases, [doubled]) == "that is the whole width."
    assert same(without_n_minus_1(*cases[0]), 2 * right(*cases[0]))
    assert "the numbers differ" in told(without_n_minus_1, right, cases, [doubled])


def test_a_learner_may_have_seen_to_a_case_in_which_a_formula_gives_nan():
    def half(points):
        return points / points.abs().max() / 2

    def careful(points):
        return half(points) if points.any() else points

    cases = [(torch.tensor([1.0, -2.0]),), (torch.zeros(2),)]
    assert told(careful, lambda p: 2 * careful(p), cases, [(half, "it is half as large")]) == "it is half as large"


def test_a_formula_may_return_a_tensor_where_the_answer_is_a_float_and_may_fail_elsewhere():
    def formula(x):
        return torch.tensor(x[2])

    assert told(lambda x: 3.0, lambda x: 0.0, [([1, 2, 3.0],), ([1],)], [(formula, "the third")]) == "the third"


X = torch.tensor([[0.123, 4.567]])  # [1, 2]
SHAPES = {
    "an axis too many at the end": (lambda x: x.unsqueeze(-1), "Axis 2, of size 1, is too many: keepdim=True"),
    "an axis too many at the front": (lambda x: x.unsqueeze(0), "is too many"),
    "squeezed": (lambda x: x.squeeze(), "Axis 0 (task) is missing, since its size is 1"),
    "turned": (lambda x: x.mT, "the last two axes are exchanged"),
    "in one axis": (lambda x: torch.stack([x, x]).flatten(), "the axes are not kept apart"),
    "a list": (lambda x: x.tolist(), "torch.tensor(...) makes a tensor of it"),
    "a list of tensors": (lambda x: list(x), "torch.stack(...) makes a tensor of it"),
    "more than is asked for": (lambda x: (1.0, x), "Number 2 of what is in it is right"),
    "a list of anything": (lambda x: [x, "x"], "Number 1 of what is in it is right"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_happened_to_the_shape_is_said(name):
    change, words = SHAPES[name]
    right = (lambda x: torch.stack([x, x])) if name == "in one axis" else lambda x: x
    text = told(change, right, {"one task": (X,)}, axes=("task", "query"))
    assert words in text and "the result should be a float32 tensor of shape" in text


def test_right_numbers_of_another_type_and_single_parts_are_said():
    text = told(lambda x: x.float(), lambda x: x, [(torch.tensor([1, 2]),)])
    assert "Its numbers are right, but of another type: .to(torch.int64)" in text
    assert "torch" not in difference(torch.tensor([1.0, 3.0]), torch.tensor([1, 2]))
    assert "but it returned only the width." in difference(2.0, (1.0, 2.0), ("the mean", "the width"))
    assert "but it returned only number 1 of them." in difference(torch.tensor(1.0), (1.0, 2.0))
    assert "but it is a tuple of 2. Number 2 of what is in it is right" in difference((1.0, 2.0), 2.0)
    assert "return them one by one" in difference(torch.tensor([1.0, 2.0]), (1.0, 2.0))


USUAL = {
    "it is rounded (decimals: 2)": lambda found: (round(found[0], 2), found[1].round(decimals=2)),
    "every number has the wrong sign": lambda found: (-found[0], -found[1]),
    "every number is twice as large": lambda found: (2 * found[0], 2 * found[1]),
    "every number is half as large": lambda found: (found[0] / 2, found[1] / 2),
    "every number is 100 times as large": lambda found: (100 * found[0], 100 * found[1]),
}


@pytest.mark.parametrize("words", USUAL)
def test_mistakes_that_are_made_with_any_numbers_are_named(words):
    def right(x):
        return x.sum().item() / 3, x / 3

    cases = [(X,), (torch.tensor([1.0, 2.0]),)]
    assert words in told(lambda x: USUAL[words](right(x)), right, cases)
    assert "numbers differ" in told(lambda x: USUAL[words](right(x)) if len(x) == 1 else right(x), right, cases)


def test_zeros_are_not_called_rounded():
    assert "numbers differ" in told(lambda x: 0 * x, lambda x: x / 1000, [(X,)])


def test_a_shape_can_be_a_mistake():
    one_each = (lambda x: torch.Size([len(x), 1]), "one for each row")
    cases = [(torch.rand(3, 1),), (torch.rand(3, 4),), (torch.rand(2, 3),)]
    assert told(lambda x: x[:, :1], lambda x: x, cases, [one_each]) == "one for each row"
    assert "should be a float32" in told(lambda x: x[:1], lambda x: x, cases, [one_each])


def test_a_mistake_is_named_where_it_stops_in_other_cases():
    """labels[positions] runs where there are tasks enough, and stops elsewhere."""
    wrong = (lambda x: x[:, 2], "that is column 2")
    cases = {"two columns": (torch.rand(2, 2),), "three columns": (torch.rand(2, 3),), "four": (torch.rand(2, 4),)}

    def guarded(function):
        return Exercise(lambda x: x[:, 0], lambda call: compare(call, lambda x: x[:, 0], cases, [wrong]), ()), function

    assert verdict(*guarded(lambda x: x[:, 2])) == ("hint", "that is column 2")
    word, text = verdict(*guarded(lambda x: x[:, 3]))
    assert word == "hint" and text.startswith("it stopped with IndexError") and "That is for" not in text
    word, text = verdict(*guarded(lambda x: x.view(2, 2)[:, 0]))
    assert text.endswith(
        "\n  That is for three columns. It is right for two columns. Does the code count on its sizes?"
    )


def test_a_formula_that_fails_everywhere_names_nothing():
    fails = (lambda x: x[:, 9], "never made")
    exercise = Exercise(
        torch.clone, lambda call: compare(call, torch.clone, [(torch.rand(2, n),) for n in (2, 3)], [fails]), ()
    )

    def stops_once(x):
        return x.view(2, 3) + 1

    assert verdict(exercise, stops_once)[1].startswith("it stopped with RuntimeError")


def test_chance_is_told_of_where_there_should_be_none():
    def judge(call):
        compare(call, torch.clone, [(torch.ones(2),)])

    assert "It draws random numbers (torch's)" in verdict(Exercise(torch.clone, judge, ()), torch.rand_like)[1]
    assert "random" not in verdict(Exercise(torch.clone, judge, ()), torch.zeros_like)[1]


def test_nobody_gets_the_data_of_the_check_itself():
    held = {"x": torch.ones(2), "list": [1, 2]}
    before = copy.deepcopy(held)

    def harms(data):
        data["x"].zero_()
        data["list"].clear()
        return 1.0

    compare(harms, lambda data: 1.0, [(held,)], [(harms, "")])
    assert torch.equal(held["x"], before["x"]) and held["list"] == [1, 2]


ODD = {
    "meta": (lambda x: torch.empty(2, device="meta"), "on the device 'meta'"),
    "sparse": (lambda x: x.to_sparse(), ".to_dense()"),
    "in a tuple": (lambda x: (x, x.to_sparse()), ".to_dense()"),
    "complex": (lambda x: x + 1j, "a complex64 tensor"),
    "half": (lambda x: x.half() + 3, "numbers differ"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_tensors_get_a_sentence(name):
    function, words = ODD[name]
    exercise = Exercise(torch.clone, lambda call: compare(call, lambda x: x, [(torch.ones(2),)]), ())
    word, sentence = verdict(exercise, function)
    assert word == "hint" and words in sentence, sentence
