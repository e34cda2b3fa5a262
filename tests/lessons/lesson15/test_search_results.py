"""The stored table of searches: whole, read by name, and true where that is quick."""

import pytest
import torch

from course_lib.lessons.lesson15 import search_results
from course_lib.lessons.lesson15.search_results import (
    GRAIN,
    NEW,
    OTHERS,
    SEEDS,
    TRIALS,
    USUAL,
    difference,
    fresh_loss,
    mean_and_interval,
    measure,
    planned,
    read,
    regret,
    told_apart,
)
from course_lib.lessons.lesson15.settings import STORED_SEED, Maps, maps
from course_lib.lessons.lesson15.stopping_early import PLANS


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_row_is_stored(found):
    assert set(found) == set(planned()) and STORED_SEED not in SEEDS
    for (part, name, _, _), row in found.items():
        regrets = torch.tensor(row.regret)
        assert regrets.shape == (NEW, TRIALS if part == "search" else 1) and len(row.test) == NEW
        assert (regrets >= 0).all() and (regrets.diff() <= 0).all()
        assert row.price == (PLANS[name].trials if part == "halving" else TRIALS)


def test_what_remembers_begins_with_the_same_setting(found):
    """So far as the mean over others is the same to the last digit."""
    for name in ("portfolio", "portfolio, then process", "learned prior"):
        assert difference(found, name, "best on average", 1)[0] == 0


def test_rows_are_made_by_the_code_that_stands():
    """On maps of a few tasks, of which a search with other tasks gives the same in the table's words."""
    made = maps(6, 3)
    few = Maps(
        made.curves.repeat(OTHERS // 6 + 1, 1, 1)[: OTHERS + 4], made.test.repeat(OTHERS // 6 + 1, 1)[: OTHERS + 4]
    )
    row = measure("search", "best on average", 7, 6, lambda _: few)
    first = few.loss[:6].clamp(max=0.8).mean(0).argmin()
    expected = (few.loss[OTHERS:, first] - few.best[OTHERS:]).double() / GRAIN
    assert [each[0] for each in row.regret] == expected.round().int().tolist()
    row = measure("halving", "16 of the portfolio, from 10 steps", 7, 6, lambda _: few)
    assert row.price == 3 and len(row.regret) == 4 and len(row.regret[0]) == 1


def test_numbers_are_read_by_name(found):
    one, two = regret(found, "portfolio"), regret(found, "random")
    assert one.shape == two.shape == (len(SEEDS), NEW, TRIALS) and one.dtype == torch.float64
    assert one[1, :, 2].tolist() == [each[2] * GRAIN for each in found["search", "portfolio", SEEDS[1], USUAL].regret]
    assert fresh_loss(found, "portfolio", OTHERS).shape == (len(SEEDS), NEW)
    mean, half, seeds = difference(found, "random", "portfolio", 3)
    gaps = (two - one)[..., 2]
    assert mean == pytest.approx(gaps.mean().item()) and len(seeds) == len(SEEDS)
    assert half == pytest.approx(1.96 * gaps.flatten().std().item() / (len(SEEDS) * NEW) ** 0.5)
    gap, _, _ = difference(found, "6 at random, from 40 steps", "random", 3)
    assert gap == pytest.approx((regret(found, "6 at random, from 40 steps")[..., 0] - two[..., 2]).mean().item())
    assert mean_and_interval(torch.tensor([[1.0, 3.0], [3.0, 5.0]]))[0] == 3.0
    with pytest.raises(KeyError):
        regret(found, "portfolio", 7)


def test_told_apart():
    seeds = torch.tensor([0.5, 1.5])
    assert told_apart(1.0, 0.9, seeds) and told_apart(-1.0, 0.9, -seeds)
    assert not told_apart(1.0, 1.1, seeds) and not told_apart(1.0, 0.9, torch.tensor([-0.5, 2.5]))


def test_it_is_written_whole_and_read_again(found, tmp_path):
    search_results.write(list(found.values()), "a command", tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
