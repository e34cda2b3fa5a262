"""The stored measurement of people: whole, read rightly, not repeated; and how scores become accuracies of people."""

import json

import pytest
import torch
from click.testing import CliRunner
from torch.nn import functional as F
from torch.testing import assert_close

from course_lib.lessons.lesson11 import five_folds
from course_lib.lessons.lesson11.five_folds import FOLDS, PARTS, SEEDS, Fold
from course_lib.lessons.lesson11.judged_people import LABELLED, Judge, judge_features, with_labels
from course_lib.lessons.lesson11.networks import hand_made, nearest, scene
from course_lib.tasks.people import SIDES


@pytest.fixture(scope="module")
def stored():
    return five_folds.read()


@pytest.fixture(scope="module")
def judge():
    return Judge("here", scene(1), {})


def test_the_table_holds_what_is_planned(stored):
    assert set(stored) == set(five_folds.planned()) and len(stored) == len(PARTS) * len(SEEDS) * FOLDS == 45
    assert json.loads(five_folds.TABLE.read_text(encoding="utf-8"))["command"] == five_folds.COMMAND
    keys = {part: {frozenset(row.found) for (name, *_), row in stored.items() if name == part} for part in PARTS}
    assert all(len(found) == 1 for found in keys.values())  # the same questions in every fold
    values = [value for row in stored.values() for value in row.found.values()]
    assert all(len(value) in (1, 4) and 0 <= min(value) <= max(value) <= 100 for value in values)


def test_what_needs_no_training_is_judged_again_with_the_same_numbers(stored):
    judge = Judge("mirror", scene(3, SIDES, mirror=True), {})
    judge_features(judge, "hand-made", hand_made, (64,), (0, 3), ())
    for key, value in judge.found.items():
        assert value == pytest.approx(stored["mirror", 2, 3].found[key], abs=1)  # of 280 answers an arm


def test_people_are_read_in_order_with_their_sides():
    rows = {("mirror", seed, fold): Fold("mirror", seed, fold, {
                "scene; method; asked": [100 * seed + 10 * person + side for person in (2 * fold, 2 * fold + 1)
                                         for side in (0, 1)], "a": [seed + fold / 10]}, {}, "2")
            for seed in SEEDS for fold in range(FOLDS)}  # fmt: skip
    rows |= {("right", *row[1:]): Fold("right", *row[1:], {"else": [0]}, {}, "2") for row in rows}
    asked = ("scene", "method", "asked")
    right = five_folds.trainings(rows, *asked, side="right")
    assert_close(right, torch.tensor([[100.0 * s + 10 * p + 1 for p in range(10)] for s in SEEDS]).double())
    assert_close(five_folds.people(rows, *asked), torch.tensor([100 + 10 * p + 0.5 for p in range(10)]).double())
    assert_close(five_folds.number(rows, "a"), torch.tensor([[s + f / 10 for f in range(5)] for s in SEEDS]).double())


def test_scores_become_accuracies_of_arms(judge):
    y = judge.episode.query_y  # [16, 70]: four tasks of each of four arms
    scores = F.one_hot(y, 7).double()
    judge.note("all", "right", scores)
    assert judge.found["here; all; right"] == [100] * 4
    scores[:2, :35] = F.one_hot((y[:2, :35] + 1) % 7, 7).double()  # half of two tasks of the first arm
    scores[15] = -scores[15]  # a task of the last arm
    judge.note("some", "wrong", scores)
    assert judge.found["here; some; wrong"] == [75, 100, 100, 75]
    judge.note("some", "those", scores, only=torch.arange(7).expand(16, -1) < 3)  # 30 of 70 queries a task
    assert judge.found["here; some; those"] == [50, 100, 100, 75]


def test_features_are_judged_by_the_formula(judge):
    judge_features(judge, "hand-made", hand_made, (64,), (0, 3, 7), (0.5,))
    own = hand_made(judge.one)
    judge.note("formula", "2.56 s", nearest(hand_made(judge.episode.query_x), own))
    found = judge.found
    assert found["here; hand-made; 2.56 s"] == found["here; formula; 2.56 s"] == found["here; hand-made; 7 labelled"]
    assert found["here; hand-made; 0 labelled"] != found["here; hand-made; 3 labelled"]
    assert "here; hand-made, trust 0.5; 2.56 s" in found and "here; hand-made; 3 windows" in found
    both = torch.tensor([found[f"here; hand-made; 3 labelled, {which}"] for which in ("those", "the others")])
    assert_close((3 * both[0] + 4 * both[1]) / 7, torch.tensor(found["here; hand-made; 3 labelled"]), atol=0.02, rtol=0)


def test_only_labelled_windows_are_the_persons_own(judge):
    assert all((judge.labelled[k].sum(1) == k).all() for k in LABELLED)
    assert (judge.labelled[2] <= judge.labelled[3]).all()
    x, y = with_labels(judge, 3)
    assert x.shape == (16, 3, 6, 64)
    for i in range(16):
        assert judge.labelled[3][i, y[i]].all() and x[i].equal(judge.one[i, y[i]])
    x, y = with_labels(judge, 3, lend=2)
    assert x.shape == (16, 11, 6, 64) and all(set(row.tolist()) == set(range(7)) for row in y)
    assert all(not judge.labelled[3][i, y[i, 3:]].any() for i in range(16))


def test_what_is_stored_is_not_measured_again(stored, tmp_path, monkeypatch):
    path, missing = tmp_path / "table.json", ("right", 1, 2)
    five_folds.write([row for identity, row in stored.items() if identity != missing], path)
    asked, row = [], stored[missing]
    monkeypatch.setattr("course_lib.lessons.lesson11.judged_people.judge",
                        lambda *identity: asked.append(identity) or (row.found, row.seconds))  # fmt: skip
    done = CliRunner().invoke(five_folds.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and set(five_folds.read(path)) == set(stored)
