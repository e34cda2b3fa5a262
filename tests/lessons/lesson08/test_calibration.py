"""Confidence against the share of right answers."""

import pytest
import torch

from course_lib.lessons.lesson08.calibration import reliability


def test_bins_by_hand():
    confidence = torch.tensor([[0.15, 0.12, 0.95], [1.0, 0.5, 0.59]])
    correct = torch.tensor([[True, False, True], [True, False, True]])
    found = reliability(confidence, correct)
    assert found.count.tolist() == [0, 2, 0, 0, 0, 2, 0, 0, 0, 2]
    assert found.confidence[[1, 5, 9]].tolist() == pytest.approx([0.135, 0.545, 0.975])
    assert found.accuracy[[1, 5, 9]].tolist() == pytest.approx([0.5, 0.5, 1.0])
    assert found.ece == pytest.approx((2 * 0.365 + 2 * 0.045 + 2 * 0.025) / 6, abs=1e-6)


def test_an_honest_learner_has_no_error_and_a_boaster_has():
    confidence = torch.rand(200_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    correct = torch.rand(200_000, generator=torch.Generator().manual_seed(1)) < confidence
    assert reliability(confidence, correct).ece < 0.01
    assert reliability(torch.ones_like(confidence), correct).ece == pytest.approx(0.5, abs=0.01)
    assert reliability(confidence, correct, bins=25).count.sum() == 200_000


@pytest.mark.parametrize(
    ("confidence", "correct", "sentence"),
    [
        (torch.rand(3), torch.ones(4, dtype=torch.bool), "must have one shape"),
        (torch.rand(0), torch.ones(0, dtype=torch.bool), "an answer or more"),
        (torch.tensor([1.2]), torch.tensor([True]), "must lie in 0 ... 1"),
        (torch.tensor([torch.nan]), torch.tensor([True]), "must lie in 0 ... 1"),
    ],
)
def test_bad_input_is_named(confidence, correct, sentence):
    with pytest.raises(ValueError, match=sentence):
        reliability(confidence, correct)
