"""Hands, shifts and calibration: closed forms, and that a task differs in the hand alone."""

from __future__ import annotations

import math

import pytest
import torch

from course_lib.evaluation import Result
from course_lib.lessons.lesson16.half_size_scripts import SmallConv, SmallScripts, halved
from course_lib.lessons.lesson16.hands_and_shift import (
    OtherHands,
    calibration_error,
    error_of_tasks,
    fitted_temperature,
    worst_and_best,
)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_support_and_query_differ_in_the_hand_alone():
    thin, broad = (SmallScripts(2, 1, 2, scripts=("Nko",), pen=pen) for pen in (1.0, 3.0))
    e, own = OtherHands(thin, broad).sample(3, seeded()), broad.sample(3, seeded())
    assert torch.equal(e.query_x, own.query_x) and torch.equal(e.support_x, thin.sample(3, seeded()).support_x)
    assert e.query_x.shape == (3, 4, 1, 14, 14) and e.way == 2
    assert (e.support_x.mean((2, 3, 4)) < own.support_x.mean((2, 3, 4))).all()  # the same drawings, with less ink
    with pytest.raises(ValueError, match="of one way, shot and query"):
        OtherHands(thin, SmallScripts(2, 2, 2, scripts=("Nko",)))


def test_a_pixel_is_the_mean_of_four():
    image = torch.zeros(2, 28, 28, dtype=torch.uint8)
    image[1, 2, 4], image[1, 3, 5] = 200, 100
    found = halved(image)
    assert found.shape == (2, 14, 14) and found[1, 1, 2] == 75 and found.sum() == 75


def test_a_small_network_embeds_small_images():
    assert SmallConv(8)(torch.zeros(3, 1, 14, 14)).shape == (3, 8)
    assert SmallConv(8, out=5)(torch.zeros(3, 1, 14, 14)).shape == (3, 5)


def result_of(confidence, correct) -> Result:
    confidence, correct = torch.tensor(confidence), torch.tensor(correct)
    return Result(correct.float().mean(1), torch.zeros(len(correct)), confidence=confidence, correct=correct)


def test_too_sure_has_a_sign_and_the_calibration_error_has_none():
    sure, shy = (result_of([[c] * 4] * 2, [[True, True, False, False]] * 2) for c in (0.9, 0.1))
    assert error_of_tasks(sure).tolist() == pytest.approx([0.4, 0.4])
    assert error_of_tasks(shy).tolist() == pytest.approx([-0.4, -0.4])
    assert calibration_error(sure) == pytest.approx(0.4) and calibration_error(shy) == pytest.approx(0.4)


@pytest.mark.parametrize("share", [0.6, 0.9])
def test_the_fitted_temperature_makes_confidence_the_share_that_is_right(share):
    # Two classes, scores 8 and 0: the best T gives the first the share of answers that are right.
    n = 1000
    scores = torch.tensor([8.0, 0.0]).expand(n, 2)
    labels = (torch.arange(n) >= share * n).long()
    assert fitted_temperature(scores, labels) == pytest.approx(8 / math.log(share / (1 - share)), rel=1e-4)


def test_groups_are_compared_task_by_task():
    worst, best, gap = worst_and_best({"a": torch.tensor([0.5, 0.7]), "b": torch.tensor([0.9, 0.8])})
    assert (worst, best) == ("a", "b") and gap.tolist() == pytest.approx([0.4, 0.1])
