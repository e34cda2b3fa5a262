"""How well a movement tells the payload, against the full inverse and against simulated least squares."""

import math

import torch

from course_lib.lessons.lesson12.identify import UNKNOWN, five_movements, payload_spread, rows_of, swing
from course_lib.tasks.arm import inverse_dynamics


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_it_is_the_corner_of_the_inverse():
    rows = torch.randn(4, 20, 5, generator=generator(), dtype=torch.float64)
    corner = torch.linalg.inv(rows.mT @ rows)[:, 0, 0]
    torch.testing.assert_close(payload_spread(rows, 0.7), 0.7 * corner.sqrt())


def test_it_is_the_spread_of_least_squares():
    rows = five_movements()["swing for 0.2 s"]
    truth = torch.tensor([1.2, 0.9, 1.1, 0.3, 0.6], dtype=torch.float64)
    torques = rows @ truth + 0.5 * torch.randn(4000, len(rows), generator=generator(1), dtype=torch.float64)
    found = torques @ torch.linalg.pinv(rows).T  # [4000, 5]
    assert abs(found[:, 0].mean() - 1.2) < 0.02
    assert math.isclose(found[:, 0].std().item(), payload_spread(rows[None], 0.5).item(), rel_tol=0.05)


def test_a_column_of_zeros_does_not_matter_and_a_twin_does():
    rows = torch.randn(1, 20, 3, generator=generator(2), dtype=torch.float64)
    more = torch.cat([rows, torch.zeros_like(rows[..., :1])], -1)
    torch.testing.assert_close(payload_spread(more, 0.5), payload_spread(rows, 0.5))
    assert payload_spread(torch.cat([rows, 3 * rows[..., :1]], -1), 0.5) > 1e6


def test_units_of_the_others_do_not_matter():
    rows = torch.randn(2, 20, 4, generator=generator(3), dtype=torch.float64)
    torch.testing.assert_close(payload_spread(rows * torch.tensor([1, 1e3, 1e-3, 7.0]), 0.5), payload_spread(rows, 0.5))


def test_rows_times_parameters_are_torques():
    g = generator(4)
    position, velocity, acceleration = torch.randn(3, 12, 2, generator=g, dtype=torch.float64)
    arm = torch.cat([torch.rand(UNKNOWN, generator=g, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)])
    want = inverse_dynamics(arm.expand(12, 7), torch.cat([position, velocity], 1), acceleration)  # [12, 2]
    rows = rows_of(position, velocity, acceleration)
    torch.testing.assert_close((rows @ arm[:UNKNOWN]).view(12, 2), want)


def test_a_swing_is_the_movement_that_it_says():
    """Accelerations and speeds are derivatives: torques of a fine movement, by differences."""
    seconds, n = 0.5, 25
    t = 0.02 * torch.arange(n, dtype=torch.float64).unsqueeze(1)
    d, size, rounds = 1e-4, torch.tensor([0.5, 0.6]), torch.tensor([0.7, 1.1])

    def at(t):
        return torch.tensor([0.2, -1.0]) + size * torch.sin(2 * math.pi * t * rounds)

    rows = rows_of(at(t), (at(t + d) - at(t - d)) / (2 * d), (at(t + d) - 2 * at(t) + at(t - d)) / d**2)
    torch.testing.assert_close(swing((0.5, 0.6), (0.7, 1.1), seconds), rows, rtol=1e-5, atol=1e-5)


def test_five_movements():
    spread = {name: payload_spread(rows[None], 0.5).item() for name, rows in five_movements().items()}
    assert [name for name, kg in spread.items() if kg < 0.1] == ["swing both joints", "bend the elbow alone"]
    assert spread["hold still"] > 1e6 and 2 < spread["go slowly through many poses"] < 4
    assert 0.1 < spread["swing for 0.2 s"] < 0.2
    alone = {name: (0.5 / rows[:, 0].norm()).item() for name, rows in five_movements().items()}
    assert max(alone.values()) < 0.02  # the column alone would tell the payload everywhere
