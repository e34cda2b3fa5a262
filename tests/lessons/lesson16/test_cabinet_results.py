"""The stored table of the failure cabinet: whole, and every fault is told from its readings in each training."""

import pytest
import torch

from course_lib.lessons.lesson16 import cabinet_results
from course_lib.lessons.lesson16.cabinet import FAULTS
from course_lib.lessons.lesson16.cabinet_results import (
    FITTED,
    RULES,
    SEEDS,
    diagnose,
    headlines,
    planned,
    read,
    reading,
    truths,
)
from course_lib.lessons.lesson16.instruments import INSTRUMENTS


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_report_is_stored_with_every_reading(found):
    assert set(found) == set(planned()) and len(found) == len(FAULTS) * len(SEEDS)
    for row in found.values():
        assert set(row.readings) == set(row.halves) == set(INSTRUMENTS)
        assert all(0 <= value <= 100 for values in row.readings.values() for value in values)
        assert row.readings["people"][0] <= row.headline[0] <= row.readings["people"][1]


def test_the_rules_name_every_fault_also_in_the_training_they_were_not_made_for(found):
    assert set(SEEDS) > set(FITTED)
    assert {fault for fault, _ in RULES} == set(FAULTS)
    for row in found.values():
        assert diagnose(row.headline[0], row.readings) == row.fault, row.identity


def test_the_reading_that_tells_a_fault_lies_apart_from_those_of_all_other_reports(found):
    """Also of those that another rule names first."""
    tell = {
        "leak": lambda row: row.readings["overlap"][0],
        "transduction": lambda row: row.headline[0] - row.readings["company"][0],
        "cue": lambda row: row.headline[0] - row.readings["margin"][0],
        "unfair": lambda row: row.readings["people"][1] - row.readings["people"][0],
        "elsewhere": lambda row: row.readings["apart"][0],
        "few tasks": lambda row: row.readings["training"][0] - row.headline[0],
        "mislabelled": lambda row: row.headline[0] - row.readings["shots"][0],
    }
    for fault, told in tell.items():
        own = [told(row) for row in found.values() if row.fault == fault]
        others = [told(row) for row in found.values() if row.fault != fault]
        assert min(own) > max(others) + 3, fault


def test_the_headline_alone_tells_little(found):
    """Sorted by headline, reports with a fault lie on both sides of those with none."""
    healthy = headlines(found, "healthy")
    others = torch.cat([headlines(found, fault) for fault in FAULTS if fault != "healthy"])
    assert (others > healthy.max()).any() and (others < healthy.min()).any()
    assert ((others > healthy.min() - 8) & (others < healthy.max() + 8)).double().mean() > 0.4


def test_where_only_the_test_is_at_fault_the_network_is_the_healthy_one(found):
    for seed in SEEDS:
        healthy = found["healthy", seed]
        assert healthy.truth == healthy.headline[0]
        for fault in ("elsewhere", "mislabelled"):
            row = found[fault, seed]
            assert row.truth == healthy.truth and row.readings["training"] == healthy.readings["training"]
            assert row.readings["fresh"] == healthy.readings["fresh"]
        assert found["few tasks", seed].truth == healthy.truth


def test_numbers_are_read_by_name(found):
    assert reading(found, "unfair", "people").dtype == torch.float64
    assert reading(found, "unfair", "people", 1).tolist() == [found["unfair", s].readings["people"][1] for s in SEEDS]
    assert truths(found, "unfair").tolist() == [found["unfair", s].readings["people"][0] for s in SEEDS]
    assert headlines(found, "leak")[2] == found["leak", 2].headline[0]


def test_it_is_written_whole_and_read_again(found, tmp_path):
    cabinet_results.write(list(found.values()), "a command", tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
