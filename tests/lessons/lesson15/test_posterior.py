"""The posterior from other tasks, beside other ways to the same numbers."""

import pytest
import torch

from course_lib.lessons.lesson15.posterior import (
    learned_posterior,
    posterior,
    prior_from_tasks,
    squared_exponential,
)


@pytest.fixture
def world():
    g = torch.Generator().manual_seed(0)
    places = torch.rand(7, 2, generator=g, dtype=torch.float64)
    kernel = squared_exponential(places, torch.tensor([0.3, 0.6]))
    others = torch.randn(5, 7, generator=g, dtype=torch.float64) @ torch.randn(7, 7, generator=g, dtype=torch.float64)
    return places, kernel, others, [4, 1], torch.tensor([0.3, -1.2], dtype=torch.float64)


def test_the_kernel_is_a_bell_in_the_distance(world):
    places, kernel = world[:2]
    d = ((places[2] - places[5]) / torch.tensor([0.3, 0.6])).norm()
    assert torch.equal(kernel.diagonal(), torch.ones(7, dtype=torch.float64))
    torch.testing.assert_close(kernel[2, 5], torch.exp(-(d**2) / 2))
    line = torch.tensor([[0.0], [1.0]])
    torch.testing.assert_close(squared_exponential(line, 1.0)[0, 1], torch.tensor(-0.5).exp())


def test_the_prior_is_mean_and_covariance_of_tasks(world):
    _, kernel, others, _, _ = world
    mean, covariance = prior_from_tasks(others, kernel, 0.0)
    torch.testing.assert_close(mean, others.mean(0))
    torch.testing.assert_close(covariance, torch.cov(others.T))
    assert torch.linalg.matrix_rank(covariance) == 4  # of 7: five tasks tell four directions apart
    assert torch.linalg.matrix_rank(prior_from_tasks(others, kernel, 0.1)[1]) == 7
    torch.testing.assert_close(prior_from_tasks(others, kernel, 1.0)[1], covariance.diagonal().mean() * kernel)


def test_the_posterior_is_that_of_the_precision(world):
    """Bayes' rule once more, by adding precisions: no matrix of the trials is solved."""
    _, kernel, others, seen, values = world
    mean, covariance = prior_from_tasks(others, kernel)
    found, sd = posterior(mean, covariance, seen, values, 0.05)
    chosen = torch.eye(7, dtype=torch.float64)[seen]
    after = torch.linalg.inv(torch.linalg.inv(covariance) + chosen.T @ chosen / 0.05)
    want = after @ (torch.linalg.solve(covariance, mean) + chosen.T @ values / 0.05)
    torch.testing.assert_close(found, want)
    torch.testing.assert_close(sd, after.diagonal().sqrt())


def test_two_trials_of_a_setting_count_as_their_mean(world):
    mean, covariance = prior_from_tasks(world[2], world[1])
    twice = posterior(mean, covariance, [3, 3], torch.tensor([1.0, 2.0], dtype=torch.float64), 0.2)
    once = posterior(mean, covariance, [3], torch.tensor([1.5], dtype=torch.float64), 0.1)
    torch.testing.assert_close(twice, once)


def test_nothing_seen_is_the_prior_and_all_seen_is_known(world):
    _, kernel, others, _, _ = world
    mean, covariance = prior_from_tasks(others, kernel)
    nothing = learned_posterior(others, kernel, [], torch.zeros(0, dtype=torch.float64))
    torch.testing.assert_close(nothing, (mean, covariance.diagonal().sqrt()))
    found, sd = learned_posterior(others, kernel, range(7), others[0], noise=1e-9)
    torch.testing.assert_close(found, others[0], atol=1e-4, rtol=0)
    assert sd.max() < 1e-3


def test_without_the_kernel_a_direction_that_no_task_shows_never_moves():
    others = torch.tensor([[0.0, 0.0, 0.0], [2.0, 2.0, 0.0]], dtype=torch.float64)
    far = torch.eye(3, dtype=torch.float64)
    tried = torch.tensor([5.0], dtype=torch.float64)
    assert learned_posterior(others, far, [2], tried, shrink=0.0)[0][2] == 0  # the tasks never saw it move
    assert learned_posterior(others, far, [2], tried, shrink=0.1)[0][2] > 4.9
