"""Medians of classes: the lowest sum of distances, and what one wrong label can do to them."""

import torch

from course_lib.lessons.lesson16.robust_prototypes import (
    geometric_median,
    medoids,
    robust_prototypes,
    trimmed_prototypes,
)


def shots(seed=0, way=3, shot=5, d=4):
    """`[way * shot, d]` in mixed order, and labels."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.arange(way).repeat(shot)
    return torch.randn(way * shot, d, generator=g, dtype=torch.float64) + 3 * labels[:, None], labels


def test_no_step_from_it_makes_the_distances_shorter():
    z, labels = shots()
    found = robust_prototypes(z, labels, steps=300)
    for k in range(3):
        at = found[k].clone().requires_grad_()
        (slope,) = torch.autograd.grad((z[labels == k] - at).norm(dim=1).sum(), at)
        assert slope.norm() < 1e-6


def test_many_at_once_is_one_after_the_other():
    z, labels = shots()
    points = torch.stack([z[labels == k] for k in range(3)])  # [way, shots, d]
    torch.testing.assert_close(geometric_median(points, 7, 0.1), robust_prototypes(z, labels, 7, 0.1))
    torch.testing.assert_close(robust_prototypes(z, labels, 0), points.mean(1))


def test_a_line_has_its_usual_median_and_two_points_their_middle():
    z = torch.tensor([[0.0], [1.0], [2.0], [3.0], [90.0], [4.0], [8.0]], dtype=torch.float64)
    labels = torch.tensor([0, 0, 0, 0, 0, 1, 1])
    found = robust_prototypes(z, labels, steps=300)
    torch.testing.assert_close(found, torch.tensor([[2.0], [6.0]], dtype=torch.float64), rtol=0, atol=0.1)


def test_equal_points_and_arriving_at_a_point_give_no_nan():
    z = torch.tensor([[1.0, 1.0]] * 3 + [[5.0, 5.0], [-1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 9.0], [0.0, -9.0]])
    labels = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1, 1])
    found = robust_prototypes(z, labels)
    torch.testing.assert_close(found, torch.tensor([[1.0, 1.0], [0.0, 0.0]]), rtol=0, atol=1e-4)


def test_a_stranger_carries_off_the_mean_and_not_the_median():
    z, labels = shots()
    for far in (10.0, 1000.0):
        moved = z.clone()
        moved[0] += far  # an example of class 0, in all four directions
        way = [(at(moved, labels)[0] - at(z, labels)[0]).norm() for at in (robust_prototypes, medoids,
                                                                           trimmed_prototypes)]  # fmt: skip
        assert max(way) < 3 and (robust_prototypes(moved, labels, 0)[0] - robust_prototypes(z, labels, 0)[0]).norm() > (
            far * 0.39
        )


def test_far_from_the_others_is_far_from_all():
    points = shots(1)[0][:5]
    of_all = (points - points.mean(0)).norm(dim=1)
    of_others = torch.stack([(points[i] - (points.sum(0) - points[i]) / 4).norm() for i in range(5)])
    torch.testing.assert_close(of_all, of_others * 4 / 5)
    rest = points[torch.arange(5) != of_others.argmax()]
    torch.testing.assert_close(trimmed_prototypes(points, torch.zeros(5, dtype=torch.long))[0], rest.mean(0))
