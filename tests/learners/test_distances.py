"""Distances that do not cancel: large numbers, half precision, points that are equal."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib import Episode, evaluate
from course_lib.learners import MatchingNet, NearestNeighbour, PrototypicalNet, cosine_similarities, squared_distances


def plain(queries, points):
    """The definition, pair by pair, in double precision: `[tasks, n, m]`."""
    return (queries.double().unsqueeze(2) - points.double().unsqueeze(1)).square().sum(-1)


def cloud(n, features=64, seed=0):
    return torch.randn(2, n, features, generator=torch.Generator().manual_seed(seed))


def test_two_large_numbers():
    assert squared_distances(torch.tensor([[[512695.0]]]), torch.tensor([[[512804.0]]])).item() == 109**2


@pytest.mark.parametrize("shift", [0.0, 1.0, 100.0, 10_000.0])
def test_a_shift_is_not_felt(shift):
    queries, points = cloud(7) + shift, cloud(5, seed=1) + shift
    assert torch.allclose(squared_distances(queries, points).double(), plain(queries, points), rtol=1e-4)


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 40), st.floats(-1e6, 1e6), st.integers(-30, 30))
def test_whatever_the_shift_and_the_scale(seed, n, features, shift, exponent):
    """Distances are those of the definition, and order queries alike; cosines do not feel a length."""
    queries, points = cloud(n, features, seed).double(), cloud(5, features, seed + 1).double()
    near = squared_distances(queries, points)
    assert torch.allclose(near, plain(queries, points), rtol=1e-9, atol=1e-9)
    assert torch.allclose(squared_distances(queries + shift, points + shift), near, rtol=1e-5, atol=1e-5)
    scale = 2.0**exponent  # which changes no digit
    assert torch.equal(squared_distances(queries * scale, points * scale), near * scale**2)
    lengths = cloud(n, 1, seed + 2).double().exp()
    cosines = cosine_similarities(queries, points)
    assert torch.allclose(cosine_similarities(queries * lengths * scale, points), cosines, atol=1e-9)
    assert torch.allclose(cosine_similarities(queries, points * scale), cosines, atol=1e-9)


@pytest.mark.parametrize("shift", [1.0, 1e4])
def test_classes_far_from_one_another_may_each_be_near_together(shift):
    """Two pairs of classes; in single precision what lies between the pairs drowns what lies within them."""
    points = torch.tensor([[[shift], [shift + 1], [-shift], [-shift - 1]]]).double()
    queries = points + 0.25
    assert torch.allclose(squared_distances(queries, points), plain(queries, points), rtol=1e-6)


def test_no_distance_is_negative_and_equal_points_are_at_none():
    points = cloud(50) + 3
    distances = squared_distances(points, points)
    assert distances.min() == 0 and distances.diagonal(dim1=1, dim2=2).max() < 1e-3
    same = points[:, :1].expand(-1, 5, -1)
    assert squared_distances(same, same).max() == 0


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_single(dtype):
    queries, points = cloud(7).to(dtype), cloud(5, seed=1).to(dtype)
    for autocast in (False, True):
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            found = squared_distances(queries, points)
            single = squared_distances(queries.float(), points.float())
            cosines = cosine_similarities(queries.float(), points.float())
        assert found.dtype == torch.float32 and torch.allclose(found.double(), plain(queries, points), rtol=1e-5)
        assert torch.equal(found, single)
        pairs = queries.float().unsqueeze(2), points.float().unsqueeze(1)
        assert torch.allclose(cosines, torch.cosine_similarity(*pairs, dim=-1), atol=1e-6)


def test_the_gradient_is_that_of_the_definition():
    for shift in (0, 1e6):
        queries = (cloud(3, 4).double() + shift).requires_grad_()
        points = (cloud(2, 4, 1).double() + shift).requires_grad_()
        weigh = torch.rand(2, 3, 2, dtype=torch.float64)
        found = torch.autograd.grad((weigh * squared_distances(queries, points)).sum(), (queries, points))
        right = torch.autograd.grad((weigh * plain(queries, points)).sum(), (queries, points))
        assert all(torch.allclose(a, b, rtol=1e-9) for a, b in zip(found, right, strict=True))


@pytest.mark.parametrize("learner", [PrototypicalNet(torch.nn.Identity()), NearestNeighbour(),
                                     MatchingNet(torch.nn.Identity(), "euclidean")])  # fmt: skip
def test_accuracy_is_the_same_in_every_place(learner):
    g = torch.Generator().manual_seed(0)
    x = torch.randn(40, 5, 1, 16, generator=g) + torch.randn(40, 5, 6, 16, generator=g)
    x, y = (x * 1024).round() / 1024, torch.arange(5).view(1, 5, 1).expand(40, 5, 3).flatten(1)
    found = []
    for shift in (0, 16, 8192):  # in each of them these numbers are exact
        support, query = x[:, :, :3].flatten(1, 2) + shift, x[:, :, 3:].flatten(1, 2) + shift
        found.append(evaluate(learner, Episode(support, y, query, y)).scores)
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2]) and 0.5 < found[0].mean() < 1
