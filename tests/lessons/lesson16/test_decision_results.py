"""The stored tables of lesson 16 on decisions and on robustness: readings in closed form, and what is stored."""

from __future__ import annotations

import pytest
import torch

from course_lib.lessons.lesson16 import decision_results, robustness_results
from course_lib.lessons.lesson16.decision_results import (
    ANSWERS,
    NAMES,
    QUERY,
    TESTED,
    WAY,
    Decision,
    accuracy,
    identities,
    lead,
    not_worse,
    planned,
    seconds,
)
from course_lib.lessons.lesson16.robustness_results import MIXED_UP, SEEDS, Measured, names, too_sure, values


def row(name: str, seed: int, scores: list[float], spent: float = 8.0) -> Decision:
    """A row at 5 shots, of 16 characters where they are needed."""
    classes, part = (0, 0.0) if name in ANSWERS[""] else (16, 1.0)
    return Decision(name, classes, 5, part, seed, scores, 10, spent, 0.1, "2")


def table_of(levels: dict[str, float]) -> dict:
    """Three trainings of each learner on two tasks, which differ by 0.2; the last training is worth 0.06 more."""
    rows = [row(name, seed, [level - 0.1 + 0.06 * (seed == 2), level + 0.1 + 0.06 * (seed == 2)], 8 + seed)
            for name, level in levels.items() for seed in (0, 1, 2)]  # fmt: skip
    return {one.identity: one for one in rows}


def test_means_are_of_trainings_and_intervals_of_tasks():
    found = table_of({"prototypical": 0.8, "nearest pixels": 0.5})
    mean, half = accuracy(found, "prototypical", 5, 16)
    assert mean == pytest.approx(82) and half == pytest.approx(1.96 * 10)  # of 72 and 92: std 14.1, two tasks
    assert accuracy(found, "nearest pixels", 5, 1024)[0] == pytest.approx(52)  # it needs no characters
    assert seconds(found, "prototypical", 5, 16) == pytest.approx((9, 0.1))
    with pytest.raises(ValueError, match="128 characters"):
        accuracy(found, "prototypical", 5, 128)


def test_a_lead_is_clear_if_the_interval_and_every_training_say_so():
    levels = dict.fromkeys(NAMES, 0.5) | {"prototypical": 0.8, "MAML": 0.79}
    found = table_of(levels)
    mean, half, trainings = lead(found, "prototypical", "MAML", 5, 16)
    assert mean == pytest.approx(1) and half == pytest.approx(0, abs=1e-9)
    assert trainings.tolist() == pytest.approx([1, 1, 1])
    assert not_worse(found, 5, 16) == ("prototypical", ["prototypical"])
    one = found["MAML", 16, 5, 1.0, 1]
    found[one.identity] = row("MAML", 1, [score + 0.02 for score in one.scores])  # ahead in one training
    mean, half, trainings = lead(found, "prototypical", "MAML", 5, 16)
    assert trainings.tolist() == pytest.approx([1, -1, 1]) and mean == pytest.approx(1 / 3)
    assert half == pytest.approx(0, abs=1e-9)  # tasks do not differ
    assert not_worse(found, 5, 16) == ("prototypical", ["prototypical", "MAML"])


def test_the_plan_asks_for_every_learner_at_every_number_of_shots():
    asked = [key for plan in planned() for key in identities(*plan)]
    assert len(asked) == len(set(asked))
    for name in NAMES:
        some = [key for key in asked if key[0] == name]
        free = name in ANSWERS[""]
        assert {key[2] for key in some} == {1, 5, 20} and {key[4] for key in some} == {0, 1, 2}
        assert {key[1] for key in some} == ({0} if free else {16, 128, 1024})
        assert {key[3] for key in some} == ({0.0} if free else {0.25, 1.0})


def test_what_is_stored_was_planned():
    asked = {key for plan in planned() for key in identities(*plan)}
    found = decision_results.read()
    assert found and set(found) <= asked
    for one in found.values():
        assert len(one.scores) == TESTED and one.test_seconds > 0
        right = torch.tensor(one.scores, dtype=torch.float64) * WAY * QUERY
        assert (right - right.round()).abs().max() < 0.005  # shares of 75 queries
        assert (one.steps == 0) == (one.name in ANSWERS[""]) and (one.seconds > 0) == (one.steps > 0)


def test_rows_of_robustness_are_read_by_training():
    rows = [Measured("shift", "none", seed, [0.5, 0.7], {"as trained": [0.1, 0.3]}, {"as trained": 0.2}, "2")
            for seed in SEEDS]  # fmt: skip
    rows += [Measured("stream", "one", 0, [0.5, None, 0.4, 0.6], {}, {}, "2")]
    found = {one.identity: one for one in rows}
    assert names(found, "shift") == ["none"] and values(found, "shift", "none").shape == (3, 2)
    over, ece = too_sure(found, "none")
    assert over.shape == (3, 2) and ece.tolist() == [0.2] * 3
    stages = values(found, "stream", "one")
    assert stages.shape == (1, 2, 2) and stages.isnan().sum() == 1
    with pytest.raises(ValueError, match="it has none"):
        values(found, "shift", "all")


def test_robustness_as_stored_has_all_tasks_of_each_part():
    found = robustness_results.read()
    lengths = {"wrong label": MIXED_UP, "recall": MIXED_UP, "shift": 60, "hands": 60, "stream": 36}
    assert {part for part, _, _ in found} == set(lengths)
    for (part, _, _), one in found.items():
        assert len(one.scores) == lengths[part]
    for name in names(found, "stream"):
        assert (values(found, "stream", name).isnan() == torch.ones(6, 6).triu(1).bool()).all()
