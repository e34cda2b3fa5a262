"""Maps of a picture and the curves that test them: against networks whose answer is known."""

import pytest
import torch

from course_lib.lessons.lesson16.deletion import deletion_area, deletion_curve, random_curves
from course_lib.lessons.lesson16.saliency import edge_map, gradient_map, occlusion_map, per_patch, tile


def linear(weights):
    """A score that is a sum of weighted pixels: then each patch's worth is known."""
    return lambda pictures: (pictures * weights).sum((1, 2, 3))


@pytest.fixture
def case():
    g = torch.Generator().manual_seed(0)
    weights, picture = (torch.randn(2, 8, 12, generator=g, dtype=torch.float64) for _ in range(2))
    return weights, picture


def test_patches_tile():
    covers = tile(8, 12, 4, 3)
    assert covers.shape == (4, 3, 8, 12) and (covers.sum((0, 1)) == 1).all()
    assert covers[1, 2, 2:4, 8:].all() and covers[1, 2].sum() == 8
    with pytest.raises(ValueError, match="do not tile"):
        tile(8, 12, 3, 3)


def test_maps_of_a_weighted_sum(case):
    weights, picture = case
    worth = per_patch((weights * picture).sum(0), 4)
    torch.testing.assert_close(occlusion_map(linear(weights), picture, 4), worth)
    filled = per_patch((weights * (picture - 0.5)).sum(0), 4)
    torch.testing.assert_close(occlusion_map(linear(weights), picture, 4, 0.5), filled)
    torch.testing.assert_close(gradient_map(linear(weights), picture, 4), per_patch(weights.abs().sum(0), 4))
    times = per_patch((weights * picture).abs().sum(0), 4)
    torch.testing.assert_close(gradient_map(linear(weights), picture, 4, times_input=True), times)


def test_edges_are_where_pixels_change():
    picture = torch.zeros(1, 8, 8)
    picture[0, :, 6:] = 1
    assert torch.equal(edge_map(picture, 4), torch.tensor([[0.0, 4], [0, 4]]))


def test_a_curve_falls_by_the_worth_of_each_patch(case):
    weights, picture = case
    score, before = linear(weights), picture.clone()
    worth = per_patch((weights * picture).sum(0), 4)  # [2, 3]
    curve = deletion_curve(score, picture, worth)
    torch.testing.assert_close(curve[:-1] - curve[1:], worth.flatten().sort(descending=True).values)
    torch.testing.assert_close(curve[0], score(picture[None])[0])
    assert torch.equal(picture, before) and abs(curve[-1]) < 1e-12
    # no order falls faster than that of the true worths
    others = random_curves(score, picture, (2, 3), 20, torch.Generator().manual_seed(1))
    assert others.shape == (20, 7) and min(map(deletion_area, others)) >= deletion_area(curve)
    assert deletion_area(torch.tensor([1.0, 0.5, 0.0])) == 0.5
