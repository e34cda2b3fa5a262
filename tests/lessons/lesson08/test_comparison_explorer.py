"""The comparison explorer without a browser: what it draws is what resampling the stored scores gives."""

import math

import pytest
import torch

from course_lib.compute.seeding import EVALUATE, generator_for
from course_lib.lessons.lesson08 import ComparisonExplorer
from course_lib.lessons.lesson08.comparison_explorer import SIZES, draw_gaps, draw_means
from course_lib.lessons.lesson08.comparison_picture import COLOR, TESTS, draw_tests
from course_lib.statistics import ci95, paired_difference, unpaired_difference


@pytest.fixture(scope="module")
def scores():
    generator = torch.Generator().manual_seed(0)
    ease, a, b = torch.randn(3, 600, generator=generator)
    return {"good": (0.92 + 0.05 * ease + 0.02 * a).clamp(0, 1), "near": (0.91 + 0.05 * ease + 0.02 * b).clamp(0, 1),
            "poor": torch.rand(600, generator=generator)}  # fmt: skip


@pytest.fixture
def explorer(scores):
    return ComparisonExplorer(scores, "good", "near")


def test_a_test_draws_tasks_once_for_both_and_each_alone_when_unpaired(scores):
    first, second = scores["good"], scores["near"]
    mine = torch.randint(600, (50,), generator=generator_for(3, EVALUATE, 50))
    tests = draw_tests(first, second, 50, paired=True, seed=3)
    d, half = paired_difference(100 * first[mine], 100 * second[mine])
    assert tests.difference[0] == pytest.approx(d, abs=1e-4) and tests.half[0] == pytest.approx(half, rel=1e-5)
    assert tests.halves[0, 0] == pytest.approx(ci95(100 * first[mine]), rel=1e-5)
    generator = generator_for(3, EVALUATE, 50)
    mine, other = (torch.randint(600, (50,), generator=generator) for _ in range(2))
    alone = draw_tests(first, second, 50, paired=False, seed=3)
    d, half = unpaired_difference(100 * first[mine], 100 * second[other])
    assert alone.difference[0] == pytest.approx(d, abs=1e-4) and alone.half[0] == pytest.approx(half, rel=1e-5)
    assert tests.half.mean() < 0.6 * alone.half.mean()  # what pairing is worth here


def test_more_tasks_make_intervals_narrower_and_verdicts_agree(scores):
    halves, said = {}, {}
    for n in (10, 600):
        tests = draw_tests(scores["good"], scores["near"], n, True, 0)
        halves[n], said[n] = tests.half.mean().item(), tests.verdicts
    assert halves[10] / halves[600] == pytest.approx(math.sqrt(60), rel=0.15)
    assert set(said[600]) == {"first"} and "neither" in said[10]


@pytest.mark.parametrize("act", [
    lambda e: setattr(e.n, "value", 200), lambda e: setattr(e.paired, "value", False),
    lambda e: setattr(e.second, "value", "poor"), lambda e: e.another.click(),
])  # fmt: skip
def test_each_control_changes_both_panels_and_the_words_alike(explorer, act):
    words, before = explorer.message, dict(explorer.view.parts)
    act(explorer)
    now = explorer.view.parts
    assert explorer.message != words and now["gaps"] != before["gaps"] and now["said"] != before["said"]
    both = [explorer.scores[name] for name in explorer.names]
    tests = draw_tests(*both, explorer.n.value, explorer.paired.value, explorer.seed)
    assert now["gaps"] == draw_gaps(explorer.panels["gaps"], tests, explorer.y)[0]
    assert now["means"] == draw_means(explorer.panels["means"], tests, explorer.x)[0]
    assert f"{tests.difference[0]:+.1f} ± {tests.half[0]:.1f} points" in explorer.message
    for kind, color in COLOR.items():  # a line and a spot for each test
        assert now["gaps"].count(f'fill="{color}"') == tests.verdicts.count(kind)


def test_the_words_count_the_tests(explorer):
    said = explorer.tests.verdicts
    ahead = (explorer.tests.difference > 0).sum().item()
    assert f"Of {TESTS} such tests, good is ahead in {ahead}" in explorer.message
    counts = [said.count(kind) for kind in ("first", "second", "neither")]
    assert "in {} and {}; in {} it contains 0".format(*counts) in explorer.message


def test_what_is_drawn_lies_in_the_panels_for_every_number_of_tasks(explorer):
    for n in SIZES:
        explorer.n.value = n
        assert (explorer.tests.difference.abs() < explorer.y).all()
        low, high = explorer.x
        assert ((explorer.tests.means > low - 1e-6) & (explorer.tests.means < high + 1e-6)).all()


def test_without_a_front_end_there_is_a_picture_with_its_words(explorer):
    png, alt = explorer.snapshot()
    assert png[:4] == b"\x89PNG"
    assert explorer.message in alt


def test_learners_that_cannot_be_compared_are_refused(scores):
    with pytest.raises(ValueError, match="two learners or more, scored on the same tasks"):
        ComparisonExplorer({"one": scores["good"]})
    with pytest.raises(ValueError, match="scored on the same tasks"):
        ComparisonExplorer({"one": scores["good"], "other": scores["near"][:5]})
