"""The stored scores: of the weights that ship, as measured, and a sample of them measured again here."""

import json

import pytest

from benchmarks.scores import identity, measure, plan
from course_lib.lessons.lesson08 import scores
from course_lib.paths import pretrained
from course_lib.statistics import ci95

STORED, TRAINING = scores.read()
ROWS = {(row.group, row.name): row for row in plan()}
EMBEDDED = [key for key in ROWS if key[0] == "scripts 5-way 1-shot"]
REAL = ("omniglot 5-way 1-shot", "lake", "papers")
NEEDS_OMNIGLOT = [key for key in ROWS if key[0] in REAL and "20-way" not in key[1]]
# Only make reliability measures them again.
LONG = {
    ("lake", "hausdorff"), ("lake", "fine_tune"), ("omniglot 5-way 1-shot", "fine_tune"),
    ("papers", "reptile 5-way 1-shot inductive"), ("papers", "reptile 5-way 1-shot transductive"),
}  # fmt: skip


def test_every_row_is_stored_once_and_is_of_the_weights_that_ship():
    assert [score.identity for score in STORED] == [identity(row) for row in plan()]
    assert set(TRAINING) == {row.weights for row in plan() if row.weights.startswith("fair/")}


def test_learners_of_a_group_meet_the_same_number_of_tasks_of_one_size():
    for group in dict.fromkeys(score.group for score in STORED):
        sizes = {(s.tasks, s.way, s.shot, s.query, s.seed) for s in scores.pick(STORED, group).values()}
        assert len(sizes) == (4 if group == "papers" else 1), (group, sizes)


def remeasured(key, n):
    stored = scores.pick(STORED, key[0])[key[1]]
    return stored.scores[:n], measure(ROWS[key], n).scores[:n]


def inside(stored, again):
    """The new mean lies in the interval of the stored figure for these tasks; another CPU may turn an answer or two."""
    return abs((stored.mean() - again.mean()).item()) <= ci95(stored) + 0.002


@pytest.mark.parametrize("key", EMBEDDED, ids="/".join)
def test_a_score_on_scripts_comes_out_again(key):
    assert inside(*remeasured(key, 20))


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.slow] if key in LONG else []) for key in NEEDS_OMNIGLOT], ids="/".join
)
def test_a_score_on_omniglot_comes_out_again(key):
    try:
        assert inside(*remeasured(key, 20))
    except (FileNotFoundError, ConnectionError) as error:
        pytest.skip(str(error))


def test_a_wrong_figure_is_noticed():
    stored, again = remeasured(EMBEDDED[0], 20)
    assert not inside(stored - 0.1, again)


def test_what_is_written_is_read_back_and_damage_is_named(tmp_path):
    path = tmp_path / "scores.json"
    scores.write(STORED[:3], TRAINING, path)
    again, training = scores.read(path)
    assert [vars(s) for s in again] == [vars(s) for s in STORED[:3]] and len(training) == len(TRAINING)
    path.write_text(path.read_text()[:-10])
    with pytest.raises(ValueError, match="does not hold scores"):
        scores.read(path)
    path.write_text(json.dumps({"scores": [{"learner": "x"}], "training": {}}))
    with pytest.raises(ValueError, match="does not hold scores"):
        scores.read(path)
    with pytest.raises(FileNotFoundError, match="python -m benchmarks.scores"):
        scores.read(tmp_path / "none.json")
    with pytest.raises(KeyError, match="there is no group 'lunar'"):
        scores.pick(STORED, "lunar")


def test_a_score_knows_its_mean_interval_and_calibration():
    score = scores.pick(STORED, "scripts 5-way 1-shot")["prototypical"]
    assert score.scores.shape == (score.tasks,) and score.mean == pytest.approx(sum(score.right) / score.tasks / 75)
    assert score.ci95 == ci95(score.scores) and 0 <= score.ece < 0.2
    assert sum(score.bins["count"]) == score.tasks * 75
    assert scores.digest(pretrained(score.weights)) == score.digest
