"""What the report of lesson 06 says of networks that know everything, seen classes only, or nothing."""

import pytest
import torch

from course_lib.lessons.lesson06 import zero_shot_report

SEEN = torch.tensor([True, True, True, False, False])
LABELS = torch.tensor([4, 0, 0, 3, 1, 2, 3, 4])


def distances(to_own, to_seen=5.0, to_unseen=5.0):
    """Of each image to its own prototype, and to the others."""
    others = torch.where(SEEN, to_seen, to_unseen) + 0.1 * torch.arange(5)
    return torch.full((8, 5), 0.0).copy_(others).scatter(1, LABELS.unsqueeze(1), to_own)


def test_who_knows_everything_gets_ones():
    assert zero_shot_report(distances(1.0), LABELS, SEEN) == (1, 1, 1, 1)


def test_who_prefers_seen_classes_looks_good_among_unseen_ones_alone():
    found = zero_shot_report(distances(1.0, to_seen=0.0), LABELS, SEEN)
    assert found[0] == 1 and found[2] == 0 and found[3] == 0


def test_nothing_right_is_no_division_by_zero():
    assert zero_shot_report(distances(9.0), LABELS, SEEN) == (0, 0, 0, 0)


def test_shares_are_of_images_and_the_harmonic_mean_is_low_where_one_is():
    far = distances(1.0)
    far[0, 0] = 0.5  # an unseen image is taken for a seen class
    alone, old, new, harmonic = zero_shot_report(far, LABELS, SEEN)
    assert (alone, old, new) == (1, 1, 0.75)
    assert harmonic == pytest.approx(2 * 0.75 / 1.75)
