"""The stored trainings of lesson 03, and the command that makes them."""

import pytest
import torch

from course_lib.lessons.lesson03 import ten_starts


def test_the_stored_table_is_that_of_the_command(monkeypatch):
    monkeypatch.setattr(ten_starts, "STEPS", 2)
    found, stored = ten_starts.made(range(2), range(1)), ten_starts.ten_trainings()
    assert list(found) == list(stored)
    assert {name: len(values) for name, values in stored.items()} == {
        "exact": 10, "first order": 10, "alpha h": 10, "alpha h, half the rate": 3,
    }  # fmt: skip
    assert all(0 < value < 10 for values in [*found.values(), *stored.values()] for value in values)
    assert found["exact"] != found["first order"] and max(stored["exact"]) < min(stored["first order"])


def test_the_curvature_along_the_gradient_of_a_known_loss():
    """For w x the mean squared error is a parabola in w, with the second derivative 2 mean(x^2)."""
    line = torch.nn.Linear(1, 1, bias=False)
    x = ten_starts.Sinusoids(10, query=10).sample(100, torch.Generator().manual_seed(2000)).support_x
    known = torch.median(2 * x.square().mean((1, 2))).item()
    assert ten_starts.curvature_along(line, 0) == pytest.approx(known, rel=1e-4)
