"""Where a bent, turned, shifted image looks in its original."""

import math

import pytest
import torch

from course_lib.tasks.scripts.warp import WAVES, looking_points, rewrite, turning


def still(n=1):
    """Neither turned, shifted nor bent."""
    return torch.eye(2).expand(n, 2, 2), torch.zeros(n, 2), torch.zeros(n, 2, WAVES, WAVES)


def picture():
    image = torch.zeros(28, 28, dtype=torch.uint8)
    image[4:20, 10] = 255  # a stroke from the top, left of the middle
    return image


def test_an_image_that_is_left_alone_looks_at_itself():
    points = looking_points(*still(), 28)
    assert points.shape == (1, 28, 28, 2)
    assert torch.equal(points[0, 3, 5], torch.tensor([5 - 13.5, 3 - 13.5]))  # x, then y, from the middle


def test_a_shift_moves_the_image_by_as_many_pixels():
    turn, _, waves = still()
    points = looking_points(turn, torch.tensor([[2.0, -1.0]]), waves, 28)
    assert torch.equal(points[0, 9, 7], torch.tensor([7 - 2 - 13.5, 9 + 1 - 13.5]))  # ink at x comes from x - 2


def test_turning_by_a_right_angle_and_scaling():
    number = torch.tensor
    quarter = turning(number(math.pi / 2), number(0.0), number(1.0), number(1.0))
    assert torch.allclose(quarter, number([[0.0, 1.0], [-1.0, 0.0]]), atol=1e-6)
    larger = turning(number(0.0), number(0.0), number(3.0), number(2.0))  # stretch divides x, multiplies y
    assert torch.allclose(larger, number([[1.5, 0.0], [0.0, 6.0]]))
    assert torch.allclose(turning(number(0.0), number(0.5), number(1.0), number(1.0)), number([[1.0, 0.5], [0.0, 1.0]]))


def test_a_wave_bends_what_it_should():
    turn, shift, waves = still()
    waves[0, 0, 0, 1] = 1.0  # in x, by a wave along x alone
    bend = looking_points(turn, shift, waves, 28) - looking_points(*still(), 28)
    assert bend[..., 1].abs().max() == 0 and torch.allclose(bend[0, 0, :, 0], bend[0, 20, :, 0])
    assert bend[0, 0, :, 0].square().mean() == pytest.approx(1, abs=1e-5)  # a wave of unit mean square


def test_rewriting_keeps_the_character_and_changes_the_hand():
    images = picture().expand(200, 28, 28)
    new = rewrite(images, torch.Generator().manual_seed(0))
    assert new.shape == (200, 28, 28) and new.dtype == torch.float32 and new.min() >= 0 and new.max() <= 1
    ink = images[0].float().sum() / 255
    assert 0.9 < new.sum((1, 2)).mean() / ink < 1.1  # as much ink, on average
    assert len({image.numpy().tobytes() for image in new}) == 200
    rows = torch.arange(28.0)
    middle = (new.sum(2) * rows).sum(1) / new.sum((1, 2))  # the height of each stroke's middle
    assert middle.mean() == pytest.approx(11.5, abs=0.5) and 0.8 < middle.std() < 3  # pixels
    assert torch.equal(new, rewrite(images, torch.Generator().manual_seed(0)))
