"""predict: each kind of answer, odd values, none, and the comparison in a line."""

import numpy as np
import pytest
import torch

from course_lib.exercises import predict

ALL = ("pixels", "probe", "meta")


def made(capsys, *args, **options):
    prediction = predict("How many?", *args, **options)
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 1
    return prediction, printed


@pytest.mark.parametrize("value", [48, 48.0, "48", "48 %", " 48", np.float32(48), torch.tensor(48), np.array([48])])
def test_a_number_in_any_form(value, capsys):
    prediction, printed = made(capsys, value, between=(0, 100), unit="%")
    assert prediction.answer == 48 and printed == "Your prediction: 48 %.\n"
    prediction.compare(torch.tensor(12.34))
    prediction.compare(48.0)
    assert capsys.readouterr().out == "You said 48 %; it is 12.3 %.\nYou said 48 %, and so it is.\n"


@pytest.mark.parametrize("odd", ["nearly all", 148, -1, True, [1], float("nan"), {}, object(), torch.ones(3), "4 8"])
def test_an_odd_number_gets_a_sentence(odd, capsys):
    prediction, printed = made(capsys, odd, between=(0, 100))
    assert printed.startswith("○ It should be a number from 0 to 100, but it is ")
    assert prediction.answer is None
    prediction.compare(12)
    assert capsys.readouterr().out == "You made no prediction. It is 12.\n"


@pytest.mark.parametrize("none", [..., None, "?", "", "..."])
@pytest.mark.parametrize("kind", [{"between": (0, 5)}, {"among": ("yes", "no")}, {"order": ALL}])
def test_no_answer_is_fine(none, kind, capsys):
    prediction, printed = made(capsys, none, **kind)
    assert printed.startswith("○ No prediction yet: put your answer in place of the three dots (")
    assert prediction.answer is None
    prediction.compare({"between": 3, "among": "yes", "order": ALL}[next(iter(kind))])
    assert capsys.readouterr().out.startswith("You made no prediction. It is ")


@pytest.mark.parametrize(("value", "read"), [(True, "yes"), ("No", "no"), ("False", "no"), (" yes ", "yes")])
def test_a_word(value, read, capsys):
    prediction, _ = made(capsys, value, among=("yes", "no"))
    assert prediction.answer == read
    prediction.compare("no")
    assert capsys.readouterr().out == ("You said no, and so it is.\n" if read == "no" else "You said yes; it is no.\n")


@pytest.mark.parametrize("odd", ["perhaps", 3, ["yes"], 0.5])
def test_an_odd_word_gets_a_sentence(odd, capsys):
    assert "It should be one of yes, no, but it is" in made(capsys, odd, among=("yes", "no"))[1]
    assert made(capsys, "d", among=("A", "D"))[0].answer == "D"


@pytest.mark.parametrize("value", [["meta", "probe", "pixels"], ("meta", "probe", "pixels"), "meta, probe,pixels"])
def test_an_order(value, capsys):
    prediction, printed = made(capsys, value, order=ALL)
    assert prediction.answer == ("meta", "probe", "pixels") and printed == "Your prediction: meta, probe, pixels.\n"
    prediction.compare(["probe", "meta", "pixels"])
    assert capsys.readouterr().out == "You ordered 2 of 3 pairs as measured: probe, meta, pixels.\n"


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (["meta", "prob", "pixels"], "There is no 'prob'; is it 'probe'?"),
        (["meta", "xyz"], "There is no 'xyz' among pixels, probe, meta."),
        (["meta"], "Your order lacks pixels, probe."),
        ([*ALL, "meta"], "a name twice"),
        (3, "a list of names, but it is 3."),
        ([3, None], "There is no '3'"),
    ],
)
def test_an_odd_order_gets_a_sentence(odd, words, capsys):
    assert words in made(capsys, odd, order=ALL)[1]


def test_one_kind_of_answer_has_to_be_asked_for():
    for kinds in ({}, {"between": (0, 1), "among": ("a",)}):
        with pytest.raises(ValueError, match="one kind of answer"):
            predict("?", ..., **kinds)
