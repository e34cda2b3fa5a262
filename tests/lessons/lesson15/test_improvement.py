"""Expected improvement beside the integral that it is."""

import torch

from course_lib.lessons.lesson15.improvement import expected_improvement


def test_it_is_the_integral():
    mean = torch.tensor([[0.5, 0.4, -0.3], [2.0, 0.9, 1.0]], dtype=torch.float64)
    sd = torch.tensor([[0.2, 0.1, 1.5], [0.7, 0.3, 0.05]], dtype=torch.float64)
    z = torch.linspace(-12, 12, 200_001, dtype=torch.float64)
    losses = mean.unsqueeze(-1) + sd.unsqueeze(-1) * z  # [2, 3, points]
    weights = torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5
    want = torch.trapezoid((0.4 - losses).clamp(min=0) * weights, z, dim=-1)
    torch.testing.assert_close(expected_improvement(mean, sd, 0.4), want, rtol=1e-6, atol=1e-9)


def test_what_is_known_and_what_is_far():
    found = expected_improvement(torch.tensor([0.1, 0.4, 0.9]), torch.zeros(3), 0.4)
    torch.testing.assert_close(found, torch.tensor([0.3, 0.0, 0.0]))
    far = expected_improvement(torch.linspace(0.4, 40.0, 500), torch.full((500,), 0.1), 0.4)
    assert (far >= 0).all() and far.isfinite().all() and far[-1] == 0


def test_it_rises_with_the_spread_and_falls_with_the_mean():
    sd = torch.linspace(0.0, 2.0, 50, dtype=torch.float64)
    assert (expected_improvement(torch.full_like(sd, 0.7), sd, 0.5).diff() >= 0).all()
    assert (expected_improvement(sd, torch.full_like(sd, 0.3), 0.5).diff() <= 0).all()
