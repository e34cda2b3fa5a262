"""Gaussian processes: the curves have the covariance that was asked for, and the posterior is what is left over."""

import math

import pytest
import torch
from torch.testing import assert_close

from course_lib.tasks import GaussianProcess
from course_lib.tasks.gaussian_process import posterior, rbf


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def points(n=4, m=3, tasks=2):
    g = seeded(1)
    return tuple(torch.randn(tasks, k, 1, generator=g, dtype=torch.float64) for k in (n, n, m))


def test_the_kernel_is_a_plain_loop():
    a, b = points()[0], points()[2]
    found = rbf(a, b, 0.7)
    for t in range(2):
        for i in range(4):
            for j in range(3):
                assert found[t, i, j] == pytest.approx(math.exp(-((a[t, i, 0] - b[t, j, 0]) ** 2) / (2 * 0.7**2)))


def test_curves_vary_together_as_the_kernel_says():
    tasks = GaussianProcess(3, 2, length=0.9, noise=0.3)
    e = tasks.sample(40_000, seeded())
    x, y = (torch.cat(pair, 1).double() for pair in ((e.support_x, e.query_x), (e.support_y, e.query_y)))
    assert x.min() >= -2 and x.max() <= 2 and x.std() == pytest.approx(4 / math.sqrt(12), rel=0.02)
    assert y.mean() == pytest.approx(0, abs=0.02) and y.var() == pytest.approx(1 + 0.3**2, rel=0.03)
    apart = (x[:, 0] - x[:, 4]).abs().flatten()  # a support point and a query
    for low, high in ((0, 0.2), (0.8, 1.0), (2.0, 2.2)):
        near = (apart >= low) & (apart < high)
        expected = torch.exp(-apart[near].square() / (2 * 0.9**2)).mean().item()
        assert (y[near, 0] * y[near, 4]).mean().item() == pytest.approx(expected, abs=0.06)


def test_the_posterior_is_what_conditioning_the_whole_covariance_leaves():
    """A direct inverse of the joint covariance: the precision of the new point, given the others, is a corner of it."""
    x, y, q = points()
    mean, spread = posterior(x, y, q, 0.7, 0.2)
    assert mean.shape == spread.shape == (2, 3, 1)
    for t in range(2):
        for j in range(3):
            places = torch.cat([x[t], q[t, j : j + 1]])  # [5, 1]
            precision = torch.linalg.inv(rbf(places, places, 0.7) + 0.2**2 * torch.eye(5, dtype=x.dtype))
            assert spread[t, j, 0] ** 2 == pytest.approx(1 / precision[4, 4].item())
            assert mean[t, j, 0] == pytest.approx(-(precision[4, :4] @ y[t, :, 0] / precision[4, 4]).item())


def test_of_sampled_curves_that_pass_near_the_points_the_posterior_knows_mean_and_spread():
    """Conditional sampling: of many curves over two seen places and a new one, those near what was seen."""
    x, q, y = torch.tensor([[[-0.5], [0.6]]]), torch.tensor([[[0.2]]]), torch.tensor([[[0.8], [0.3]]])
    places = torch.cat([x, q], 1).double()[0]
    covariance = rbf(places, places, 0.6) + 0.1**2 * torch.eye(3, dtype=torch.float64)
    drawn = torch.randn(2_000_000, 3, generator=seeded(), dtype=torch.float64) @ torch.linalg.cholesky(covariance).mT
    near = drawn[(drawn[:, :2] - y.flatten()).abs().amax(1) < 0.05][:, 2]
    mean, spread = posterior(x, y, q, 0.6, 0.1)
    assert len(near) > 500 and mean.item() == pytest.approx(near.mean().item(), abs=0.02)
    assert spread.item() == pytest.approx(near.std().item(), rel=0.1)


def test_without_points_it_is_the_prior_and_far_away_too():
    _, _, q = points()
    mean, spread = posterior(q[:, :0], q[:, :0], q, 0.6, 0.1)
    assert_close((mean, spread), (torch.zeros_like(q), torch.full_like(q, math.sqrt(1.01))))
    x, y, _ = points()
    far = posterior(x, y, torch.full((2, 1, 1), 50.0, dtype=x.dtype), 0.6, 0.1)
    assert_close(far, (x.new_zeros(2, 1, 1), x.new_full((2, 1, 1), math.sqrt(1.01))))


def test_an_order_does_not_matter_and_one_more_point_never_makes_less_sure():
    x, y, q = points()
    order = torch.tensor([2, 0, 3, 1])
    assert_close(posterior(x[:, order], y[:, order], q, 0.6, 0.1), posterior(x, y, q, 0.6, 0.1))
    spreads = [posterior(x[:, :k], y[:, :k], q, 0.6, 0.1)[1] for k in range(5)]
    assert all((a >= b - 1e-12).all() for a, b in zip(spreads[:-1], spreads[1:], strict=True))


def test_its_intervals_hold_what_they_promise():
    tasks = GaussianProcess(6, 50)
    e = tasks.sample(1500, seeded())
    mean, spread = tasks.posterior(e.support_x, e.support_y, e.query_x)
    inside = ((e.query_y - mean).abs() <= 1.96 * spread).float().mean(1)
    assert inside.mean().item() == pytest.approx(0.95, abs=0.01) and mean.dtype == torch.float32
    wrong = posterior(e.support_x, e.support_y, e.query_x, 1.2, 0.1)
    assert ((e.query_y - wrong[0]).abs() <= 1.96 * wrong[1]).float().mean() < 0.9


def test_near_points_in_single_precision_are_no_trouble():
    e = GaussianProcess(60, 60, length=3.0, noise=0.01).sample(20, seeded())
    assert e.support_y.isfinite().all()


def test_one_seed_one_episode_and_bad_arguments_are_refused():
    assert torch.equal(*(GaussianProcess().sample(3, seeded()).query_y for _ in range(2)))
    assert repr(GaussianProcess()) != repr(GaussianProcess(length=0.2)) != repr(GaussianProcess(noise=0.2))
    for bad in ({"length": 0}, {"noise": 0}, {"x_range": (1, 0)}, {"shot": 0}):
        with pytest.raises(ValueError, match=[*bad][0]):
            GaussianProcess(**bad)
