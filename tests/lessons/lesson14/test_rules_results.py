"""The stored table of lesson 14: whole, made by the recipes that stand in the code, and true where that is quick."""

import pytest
import torch
from safetensors import safe_open

from benchmarks.training_rules import COMMAND, measure
from course_lib.lessons.lesson14 import rules_results
from course_lib.lessons.lesson14.learned_rule import SHIPPED, STEPS, follow, shipped_rule
from course_lib.lessons.lesson14.rules_results import (
    LSTM_OUTER,
    RECIPES,
    TEST,
    TESTED,
    WORLDS,
    difference,
    ends,
    mean_and_interval,
    planned,
    read,
)
from course_lib.lessons.lesson14.small_problems import networks
from course_lib.lessons.lesson14.tuned_classics import RATES, train_by


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_row_is_stored(found):
    assert set(found) == set(planned())
    for (part, name, _), row in found.items():
        if part != "quadratics":
            assert set(row.ends) == set(WORLDS) - ({"as trained"} if part == "tuned there" else set())
        assert all(len(losses) == TESTED and min(losses) >= 0 for losses in row.ends.values())
        assert len(row.curve) == (11 if name == "conjugate gradients" else STEPS + 1)
        assert row.outer == (RECIPES[name][0] if name in RECIPES else LSTM_OUTER if name == "LSTM" else 0)


def test_no_chosen_rate_is_at_the_edge_of_what_was_tried(found):
    for (part, name, seed), row in found.items():
        for rate in row.rates.values():
            assert rate in RATES[1:-1], row.identity
            if part == "tuned there":
                first = found["networks", name, seed].rates["as trained"]
                assert abs(RATES.index(rate) - RATES.index(first)) < 3, row.identity


def test_what_is_quick_comes_out_again(found):
    """The test problems and the rules are those of the table."""
    test = networks(TESTED, TEST)
    for name in ("momentum, falling", "Adam, falling"):
        row = found["networks", name, 0]
        again = train_by(name, test, row.rates["as trained"], STEPS)[-1]
        assert again.mean().item() == pytest.approx(sum(row.ends["as trained"]) / TESTED, rel=0.02)
    again = follow(shipped_rule(), test)[-1].mean().item()
    stored = found["networks", "learned, 10 times", 0].ends["as trained"]
    assert again == pytest.approx(sum(stored) / TESTED, rel=0.05)
    again, row = measure("quadratics", "conjugate gradients", 0), found["quadratics", "conjugate gradients", 0]
    assert sum(again.curve[:9]) == pytest.approx(sum(row.curve[:9]), rel=0.01)


def test_the_rule_that_ships_says_how_it_was_trained(found):
    with safe_open(SHIPPED, "pt") as file:
        said = file.metadata()
    row = found["networks", "learned, 10 times", 0]
    assert said["command"] == COMMAND and float(said["seconds"]) == row.seconds


def test_numbers_are_read_by_name(found):
    wide = ends(found, "Adam", "wider")
    assert wide.shape == (3, TESTED) and wide.dtype == torch.float64
    assert wide[1].tolist() == found["networks", "Adam", 1].ends["wider"]
    assert ends(found, "Adam, falling", "ReLU", "tuned there").shape == (3, TESTED)
    gap, half, each = difference(found, "learned", "Adam", "wider")
    apart = ends(found, "learned", "wider").mean(0) - wide.mean(0)
    assert gap == pytest.approx(apart.mean().item()) and half == pytest.approx(1.96 * apart.std().item() / 10)
    assert len(each) == 10 and each.mean().item() == pytest.approx(gap)
    assert mean_and_interval(torch.tensor([[1.0, 3.0], [3.0, 5.0]]))[0] == 3.0


def test_it_is_written_whole_and_read_again(found, tmp_path):
    rules_results.write(list(found.values()), "a command", tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
