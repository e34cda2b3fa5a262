"""The stored trainings of lesson 06: whole, and made as the lesson trains."""

import json

import pytest
import torch

from course_lib.lessons.lesson06 import choices
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "06_prototypical_networks.ipynb").cells}
STEPS = 4  # the schedule needs some


def test_the_table_holds_every_choice_with_every_seed():
    stored = choices.read()
    assert set(stored) == set(choices.CHOICES) and len(choices.SEEDS) == 10
    assert all(20 < value < 100 for found in stored.values() for values in found.values() for value in values)
    rows = json.loads(choices.TABLE.read_text())["trainings"]
    assert len(rows) == len(choices.CHOICES) * len(choices.SEEDS)


def test_the_table_in_the_benchmarks_is_the_stored_one():
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    stored = choices.read()
    for name, found in stored.items():
        low, high = found[1].aminmax()
        row = f"| {found[1].mean():.1f} | {low:.1f}, {high:.1f} |"
        if name != "20-way":
            for shot in (1, 5):
                row += " {:+.1f} ± {:.1f} |".format(*choices.over_trainings(found[shot] - stored["20-way"][shot]))
        assert row in text, name


def test_the_interval_is_students_over_ten_trainings():
    values = torch.tensor([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10], dtype=torch.float64)
    mean, half = choices.over_trainings(values)
    assert mean == pytest.approx(5.5) and half == pytest.approx(2.262 * values.std().item() / 10**0.5, rel=2e-3)


def test_the_test_tasks_are_the_same_each_time_and_none_is_of_a_script_that_was_trained_on():
    first, again = choices.tests(), choices.tests()
    assert all(torch.equal(first[shot].query_x, again[shot].query_x) for shot in (1, 5))
    assert [first[shot].support_x.shape[1] for shot in (1, 5)] == [5, 25]


@pytest.mark.parametrize("name", ["20-way", "cosine, T = 1", "cosine, T learned"])
def test_a_choice_is_trained_as_the_lesson_trains_it(name, monkeypatch):
    """Four steps of both, in the lesson's own code."""
    monkeypatch.setattr(choices, "STEPS", STEPS)
    stored = choices.train(name, 0)
    found = {}
    for cell in ("parameters", "prediction", "imports", "tasks"):
        exec(CELLS[cell], found)
    found["STEPS"] = STEPS
    exec(CELLS["train"].split("torch.manual_seed")[0], found)  # one_cycle
    exec(CELLS["two-dimensional"].split("flat = ")[0], found)  # trained, fresh
    given = choices.EPISODES[name][-1]
    learner = found["trained"](found["PrototypicalNet"](found["fresh"](), **given), found["tasks"])
    for mine, its in zip(stored.parameters(), learner.parameters(), strict=True):
        torch.testing.assert_close(mine, its)


def test_what_differs_between_the_choices_is_what_the_lesson_says():
    images = {name: tasks * way * (shot + query) for name, (way, shot, query, tasks, _) in choices.EPISODES.items()}
    assert {name for name, n in images.items() if n != 120} == {"3 queries"} and images["3 queries"] == 80
    (way, shot, query, tasks, given), control = choices.EPISODES["3-shot"], choices.EPISODES["3 queries"]
    assert (way, query, tasks, given) == (control[0], *control[2:]) and (shot, control[1]) == (3, 1)
