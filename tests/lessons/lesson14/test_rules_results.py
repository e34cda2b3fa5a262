"""The stored table of lesson 14: whole, made by the recipes that stand in the code, and true where that is quick."""

import pytest
import torch

from benchmarks.training_rules import measure
from course_lib.lessons.lesson14 import rules_results
from course_lib.lessons.lesson14.learned_rule import STEPS, follow, shipped_rule
from course_lib.lessons.lesson14.rules_results import (
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
from course_lib.lessons.lesson14.tuned_classics import CLASSICS, RATES, train_by


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_row_is_stored(found):
    assert set(found) == set(planned())
    for (part, name, _), row in found.items():
        if part == "networks":
            own = {f"{world}, tuned" for world in WORLDS} - {"as trained, tuned"} if name in CLASSICS else set()
            assert set(row.ends) == set(WORLDS) | own
        assert all(len(losses) == TESTED and min(losses) >= 0 for losses in row.ends.values())
        assert len(row.curve) == (11 if name == "conjugate gradients" else STEPS + 1)
        assert row.outer == (RECIPES[name][0] if name in RECIPES else rules_results.LSTM_OUTER * (name == "LSTM"))


def test_no_chosen_rate_is_at_the_edge_of_what_was_tried(found):
    for row in found.values():
        for rate in row.rates.values():
            assert 1.01 * RATES[0] < rate < 0.99 * RATES[-1], row.identity


def test_what_is_quick_comes_out_again(found):
    """The test problems and the rules are those of the table."""
    test = networks(TESTED, TEST)
    for name in CLASSICS:
        row = found["networks", name, 0]
        again = train_by(name, test, row.rates["as trained"], STEPS)[-1]
        assert again.mean().item() == pytest.approx(sum(row.ends["as trained"]) / TESTED, rel=0.02)
    again = follow(shipped_rule(), test)[-1].mean().item()
    stored = found["networks", "learned, 10 times", 0].ends["as trained"]
    assert again == pytest.approx(sum(stored) / TESTED, rel=0.05)
    again, row = measure("quadratics", "conjugate gradients", 0), found["quadratics", "conjugate gradients", 0]
    assert sum(again.ends["10 steps"]) == pytest.approx(sum(row.ends["10 steps"]), rel=0.5, abs=0.1)


def test_numbers_are_read_by_name(found):
    wide = ends(found, "Adam", "wider")
    assert wide.shape == (3, TESTED) and wide.dtype == torch.float64
    assert wide[1].tolist() == found["networks", "Adam", 1].ends["wider"]
    assert torch.equal(ends(found, "learned", "wider, tuned"), ends(found, "learned", "wider")), "nothing to tune"
    assert torch.equal(ends(found, "Adam", "as trained, tuned"), ends(found, "Adam"))
    gap, half, each = difference(found, "learned", "Adam", "wider")
    apart = ends(found, "learned", "wider").mean(0) - wide.mean(0)
    assert gap == pytest.approx(apart.mean().item()) and half == pytest.approx(1.96 * apart.std().item() / 10)
    assert len(each) == len(rules_results.TEN) and each.mean().item() == pytest.approx(gap)
    assert mean_and_interval(torch.tensor([[1.0, 3.0], [3.0, 5.0]]))[0] == 3.0


def test_it_is_written_whole_and_read_again(found, tmp_path):
    rules_results.write(list(found.values()), "a command", tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
