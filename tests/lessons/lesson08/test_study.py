"""A registration is whole before anything is measured, and the lesson's cell measures what was registered."""

import pytest
import torch

from course_lib.lessons.lesson08 import study
from course_lib.statistics import paired_bootstrap, tasks_needed
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "08_a_fair_comparison.ipynb").cells}
WHOLE = {"first": "good", "second": "poor", "at_least": 5, "half": 2.0, "because": "so", "change_my_mind": "4 points"}


@pytest.mark.parametrize(("change", "words"), [
    ({}, ""), ({"first": ...}, "beside 'first'"), ({"because": ""}, "beside 'because'"),
    ({"second": "good"}, "the same"),
    ({"first": "MAML"}, "choose one of good, poor"), ({"at_least": -1}, "Exchange first"),
    ({"half": 0.02}, "two points"), ({"at_least": "5"}, "a number of points"), ({"half": True}, "a number of points"),
])  # fmt: skip
def test_what_is_missing_is_said(change, words):
    said = study.missing(WHOLE | change, ["good", "poor"])
    assert (words in said) and bool(words) == bool(said)


def test_the_form_of_the_lesson_is_empty_and_asks_for_all_fields():
    names = {}
    exec(CELLS["study-form"], names)
    assert set(names["registration"]) == set(WHOLE) and set(names["registration"].values()) == {...}
    assert study.missing(names["registration"], ["good"])


def test_a_verdict_compares_the_interval_with_the_claim():
    said = [study.verdict(1, *ends) for ends in ((1, 2), (0.9, 2), (0.2, 0.9), (-1, 1))]
    assert said == ["supported", "undecided", "refuted", "undecided"]


class Tasks:
    """Stands for the tasks, and for a learner's scores in them."""

    def __init__(self, *size, **more):
        self.drawn = []

    def sample(self, n, generator):
        self.n = n
        return self

    def to(self, device):
        return self


class Scores:
    def __init__(self, learner, tasks):
        self.scores = torch.rand(tasks.n, generator=torch.Generator().manual_seed(0)) / 10 + learner


@pytest.mark.parametrize(("at_least", "verdict"), [(20, "supported"), (40, "refuted")])
def test_the_cell_measures_what_is_registered(at_least, verdict, capsys):
    noise = torch.randn(2, 30, generator=torch.Generator().manual_seed(1))
    pilot = {"good": 90 + 9 * noise[0], "poor": 60 + 9 * noise[1]}
    names = {"registration": WHOLE | {"at_least": at_least}, "study": study, "pilot": pilot, "ELEVEN": ("good", "poor"),
             "everyone": {"good": 0.8, "poor": 0.5}, "Scripts": Tasks, "SHAKY": 3.4, "SEED": 0, "device": "cpu",
             "evaluate": Scores, "seeded": lambda seed=0: torch.Generator().manual_seed(seed),
             "tasks_needed": tasks_needed, "paired_bootstrap": paired_bootstrap}  # fmt: skip
    exec(CELLS["study-use"], names)
    planned = tasks_needed(pilot["good"] - pilot["poor"], 2.0)
    assert 30 < planned < 400 and names["fresh"].n == planned
    assert f"verdict: {verdict}" in capsys.readouterr().out
    exec(CELLS["study-use"], names | {"registration": WHOLE | {"half": ...}})
    assert "Nothing is measured yet" in capsys.readouterr().out
