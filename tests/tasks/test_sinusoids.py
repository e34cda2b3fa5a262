"""Sine waves: Finn et al. 2017, section 5.1."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.tasks import Sinusoids


def test_every_task_is_one_sine_wave_in_range():
    episode = Sinusoids(shot=5, query=60).sample(300, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    assert episode.support_x.shape == (300, 5, 1) and episode.query_y.shape == (300, 60, 1)
    assert episode.query_x.abs().max() <= 5 and episode.query_x.std() == pytest.approx(10 / math.sqrt(12), rel=0.02)
    x, y = episode.query_x, episode.query_y
    basis = torch.cat([x.sin(), x.cos()], -1)  # a sin(x - p) = a cos(p) sin(x) - a sin(p) cos(x)
    solution = torch.linalg.lstsq(basis, y).solution  # [300, 2, 1]
    assert torch.allclose(basis @ solution, y, atol=1e-5)
    support = torch.cat([episode.support_x.sin(), episode.support_x.cos()], -1)
    assert torch.allclose(support @ solution, episode.support_y, atol=1e-4)  # the same curve
    amplitude = solution.norm(dim=1).flatten()
    phase = torch.atan2(-solution[:, 1], solution[:, 0]).flatten()
    for value, low, high in ((amplitude, 0.1, 5.0), (phase, 0.0, math.pi)):
        assert low - 1e-3 <= value.min() < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < value.max() <= high + 1e-3
        assert abs(value.mean() - (low + high) / 2) < 0.1 * (high - low)


def test_the_same_seed_gives_the_same_episode():
    first, again = (Sinusoids().sample(3, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first.query_y, again.query_y)
    assert not torch.equal(first.query_y, Sinusoids().sample(3, torch.Generator().manual_seed(6)).query_y)


@given(st.sampled_from(["shot", "query"]), st.one_of(st.integers(max_value=0), st.floats(), st.booleans(), st.none()))
def test_bad_sizes_are_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        Sinusoids(**{name: value})


@pytest.mark.parametrize("bounds", [(2.0, 1.0), (0.0, math.nan), (-math.inf, 1.0)])
@pytest.mark.parametrize("name", ["amplitude", "phase", "x_range"])
def test_bad_ranges_are_refused(name, bounds):
    with pytest.raises(ValueError, match=f"{name} must be two finite numbers"):
        Sinusoids(**{name: bounds})


def test_its_name_tells_two_families_apart():
    assert repr(Sinusoids()) != repr(Sinusoids(phase=(0.0, 1.0)))  # fit refuses a checkpoint of other tasks by it
