"""The worlds of the context explorer: formulas against closed forms and plain loops, areas, and sources of tasks."""

import math

import pytest
import torch

from course_lib.learners import InContext
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson09 import context_worlds as worlds
from course_lib.models import MLP
from course_lib.tasks import GaussianProcess, Lines, Sinusoids

GRID = torch.linspace(-3, 3, 13, dtype=torch.float64)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_two_points_are_enough_for_who_knows_the_equation():
    wave = 3 * torch.sin(GRID - 0.7)
    x = torch.tensor([0.2, 1.9], dtype=torch.float64)
    found = worlds.sine_rule(torch.stack([x, 3 * torch.sin(x - 0.7)], 1), GRID)
    assert torch.allclose(found.mean, wave, atol=1e-12) and found.spread is None


def test_of_one_point_it_takes_the_smallest_wave():
    point = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    found = worlds.sine_rule(point, torch.cat([point[:, 0], GRID])).mean
    assert found[0] == pytest.approx(2)  # it passes through the point,
    assert found.abs().max() <= 2 + 1e-12  # and the highest place of the smallest wave is the point
    assert torch.allclose(found[1:], 2 * torch.cos(GRID - 1))


def test_inside_counts_crossings_and_agrees_with_a_plain_rule():
    square = torch.tensor([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]])
    points = 4 * torch.rand(200, 2, generator=seeded()) - 1
    plain = [0 < x < 2 and 0 < y < 1 for x, y in points.tolist()]
    assert worlds.inside(points, square).tolist() == plain
    hollow = torch.tensor([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]])  # a notch from above
    assert worlds.inside(torch.tensor([[2.0, 2.0], [2.0, 0.5], [3.5, 3.0]]), hollow).tolist() == [False, True, True]


def test_the_grey_area_holds_what_training_shows_and_no_more():
    tasks = Sinusoids(shot=10, query=40)
    corners, drawn = worlds.reach(tasks, 401), tasks.sample(200, seeded())
    points = torch.stack([drawn.query_x, drawn.query_y], -1).reshape(-1, 2).double()
    assert worlds.inside(points, corners).double().mean() > 0.995  # rounding at the edge
    assert not worlds.inside(torch.tensor([[0.0, 1.0], [math.pi, -1.0], [0.5, 5.1]]), corners).any()
    # Of phases 0 to pi: at x = 0 a wave is a sin(-phase), never above 0, and as low as -5.
    at_zero = corners[corners[:, 0].abs() < 1e-9][:, 1].sort().values
    assert torch.allclose(at_zero, torch.tensor([-5.0, 0.0], dtype=torch.float64), atol=1e-12)


def test_a_learner_is_read_in_its_own_precision():
    torch.manual_seed(0)
    points = torch.randn(4, 2, dtype=torch.float64)
    reader = InContext(width=16, layers=1)
    answer = worlds.read(reader, points, GRID)
    x, y, grid = points[None, :, :1].float(), points[None, :, 1:].float(), GRID.float().view(1, -1, 1)
    assert answer.mean.dtype == torch.float64 and answer.spread is None
    assert torch.allclose(answer.mean.float(), reader.predict(reader.adapt(x, y), grid).flatten())
    unsure = InContext(width=16, layers=1, spread=True).double()
    mean, spread = unsure.distribution((x.double(), y.double()), grid.double())
    found = worlds.read(unsure, points, GRID)
    assert torch.allclose(found.mean, mean.flatten()) and torch.allclose(found.spread, spread.flatten())


def test_maml_takes_the_steps_that_are_asked_for():
    torch.manual_seed(0)
    network, points = MLP((1, 8, 1)), torch.randn(4, 2, dtype=torch.float64)
    start = worlds.read(MAML(network, steps=3, lr=0.1), points, GRID, steps=0).mean
    assert torch.allclose(start.float(), network(GRID.float()[:, None]).flatten())
    assert not torch.allclose(start, worlds.read(MAML(network, steps=3, lr=0.1), points, GRID, steps=1).mean)


READER = InContext(width=16, layers=1)
WORLDS = {
    "sines": worlds.sines({"all": READER}, MAML(MLP((1, 8, 1)))),
    "lines": worlds.lines({"4": READER, "endless": READER}, Lines(1, intercept=True)),
    "curves": worlds.curves(InContext(width=16, layers=1, spread=True), GaussianProcess()),
}


@pytest.mark.parametrize("name", WORLDS)
def test_sources_give_the_same_task_for_every_number_of_points(name):
    world = WORLDS[name]
    for source in world.sources.values():
        points, curve = source(3, 4)
        more, same = source(3, 9)
        assert points.shape == (4, 2) and curve.shape == world.grid.shape == (worlds.SHOWN,)
        assert torch.equal(points, more[:4])
        assert torch.allclose(curve, same, atol=1e-4)
        assert not torch.allclose(curve, source(4, 4)[1], atol=1e-2)


@pytest.mark.parametrize(("name", "noise"), [("sines", 0.0), ("lines", 0.25), ("curves", 0.1)])
def test_points_lie_on_their_curve_but_for_the_noise(name, noise):
    world = WORLDS[name]
    for source in world.sources.values():
        left = []
        for seed in range(12):
            points, curve = source(seed, 20)
            x, y = points.T
            place = torch.searchsorted(world.grid, x.contiguous()).clamp(1, worlds.SHOWN - 1)
            before, after = world.grid[place - 1], world.grid[place]
            share = (x - before) / (after - before)
            on = curve[place - 1] + share * (curve[place] - curve[place - 1])
            left.append((y - on)[(x >= world.grid[0]) & (x <= world.grid[-1])])
        assert torch.cat(left).square().mean().sqrt() == pytest.approx(noise, abs=0.035)


def test_the_rule_of_lines_is_the_posterior_mean_of_two_weights():
    tasks = Lines(1, noise=0.5, scale=2.0, intercept=True)
    rule = worlds.lines({"all": READER}, tasks).rule[1]
    points = torch.randn(5, 2, generator=seeded(), dtype=torch.float64)
    x, y = points.T
    a = torch.stack([x, torch.ones_like(x)], 1)
    w = torch.linalg.inv(a.T @ a / 0.25 + torch.eye(2) / 4) @ (a.T @ y / 0.25)  # precision of data, and of the prior
    assert torch.allclose(rule(points, GRID).mean, w[0] * GRID + w[1])


def test_the_rule_of_curves_has_the_spread_of_the_prior_far_away():
    rule = WORLDS["curves"].rule[1]
    point = torch.tensor([[0.0, 2.0]], dtype=torch.float64)
    found = rule(point, torch.tensor([0.0, 30.0], dtype=torch.float64))
    assert torch.allclose(found.mean, torch.tensor([2 / 1.01, 0.0], dtype=torch.float64))
    variance = torch.tensor([1.01 - 1 / 1.01, 1.01], dtype=torch.float64)
    assert torch.allclose(found.spread, variance.sqrt())


def test_the_grey_area_of_lines_holds_what_it_says():
    tasks = Lines(1, shot=1, query=200, intercept=True)
    drawn = tasks.sample(400, seeded())
    x, y = drawn.query_x.flatten().double(), drawn.query_y.flatten().double()
    near = x.abs() < worlds.MOST_OF_IT
    held = worlds.inside(torch.stack([x, y], 1)[near], WORLDS["lines"].grey).double().mean()
    assert held == pytest.approx(0.95, abs=0.02)


def test_the_lines_that_are_drawn_are_none_of_a_pool():
    pool = Lines(1, intercept=True, pool=32).pool.squeeze(-1).double()  # [32, 2]
    world = WORLDS["lines"]
    for seed in range(32):
        _, curve = world.sources["as in training"](seed, 1)
        slope = (curve[-1] - curve[0]) / (world.grid[-1] - world.grid[0])
        w = torch.stack([slope, curve[0] - slope * world.grid[0]])
        assert (pool - w).abs().sum(1).min() > 1e-3
