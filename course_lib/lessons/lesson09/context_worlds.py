"""The worlds of the context explorer: where tasks come from, who answers, and which points training could show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.learners import MAML, InContext, Learner
from course_lib.tasks import GaussianProcess, Lines, Sinusoids
from course_lib.tasks.gaussian_process import rbf
from course_lib.tasks.lines import ridge
from course_lib.widgets.points import MOST

SHOWN = 101  # places where a curve is drawn
NEW = 500_000  # added to the seed of a new line


@dataclass(frozen=True)
class Answer:
    """A curve: its mean at every place of the grid, `[places]`; and, where the one who answers gives it, the standard
    deviation of a point there, `[places]`."""

    mean: Tensor
    spread: Tensor | None = None


@dataclass(frozen=True)
class World:
    """A kind of task on a plane, and who answers in it.

    Args:
        readers: learners that read their support set, by what they were trained on.
        sources: by name, functions of a seed and a number of points that give those points `[n, 2]` and the curve
            without noise over `grid`, `[places]`.
        grey: corners of the area in which the points of training lie, `[corners, 2]`.
        edges: lowest x and y of the plot, and highest.
        rule: a name, and a function of points `[n, 2]` and `grid` that answers by a formula; it knows the world.
        walker: MAML, where there is one for this world.
    """

    readers: dict[str, Learner]
    sources: dict[str, Callable[[int, int], tuple[Tensor, Tensor]]]
    grey: Tensor
    edges: list[list[float]]
    rule: tuple[str, Callable[[Tensor, Tensor], Answer]]
    walker: MAML | None = None

    @property
    def grid(self) -> Tensor:
        """Where curves are drawn, `[places]`, float64."""
        return _grid(self.edges)


@torch.no_grad()
def read(learner: Learner, points: Tensor, grid: Tensor, **options) -> Answer:
    """What a learner answers over `grid` after it has adapted to `points` `[n, 2]`: float64, whatever it computes in.

    Args:
        options: of `adapt`, such as `steps` of MAML.
    """
    like = next(learner.parameters())
    x, y = (part.to(like)[None] for part in points.split(1, 1))  # [1, n, 1] each
    query = grid.to(like).view(1, -1, 1)  # [1, places, 1]
    adapted = learner.adapt(x, y, **options)
    if isinstance(learner, InContext) and learner.config["spread"]:
        return Answer(*(part.flatten().double() for part in learner.distribution(adapted, query)))
    return Answer(learner.predict(adapted, query).flatten().double())


def sine_rule(points: Tensor, grid: Tensor) -> Answer:
    """The sine wave of period 2 pi with the least squared error, the shortest one where there are many: of
    `a sin(x) + b cos(x)` it is linear in `a` and `b`. It knows nothing of ranges.

    Args:
        points: `[n, 2]`. grid: `[places]`.
    """
    x, y = points.T
    weights = torch.linalg.pinv(torch.stack([x.sin(), x.cos()], 1)) @ y  # [2]
    return Answer(weights[0] * grid.sin() + weights[1] * grid.cos())


def reach(tasks: Sinusoids, places: int = 61) -> Tensor:
    """The area in which the points of these sine waves lie: its corners, `[2 * places, 2]`, along the lower edge to the
    right and back along the upper one."""
    x = torch.linspace(*tasks.x_range, places, dtype=torch.float64)
    phases = torch.linspace(*tasks.phase, 181, dtype=torch.float64)
    waves = (x[:, None] - phases).sin()  # [places, phases]
    heights = torch.cat([a * waves for a in tasks.amplitude], 1)
    return closed(x, heights.amin(1), heights.amax(1))


def closed(x: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """The corners of the area between two curves over `x`, each `[places]`: `[2 * places, 2]`."""
    return torch.cat([torch.stack([x, low], 1), torch.stack([x, high], 1).flip(0)])


def inside(points: Tensor, corners: Tensor) -> Tensor:
    """Which points lie in an area.

    Args:
        points: `[n, 2]`. corners: `[corners, 2]`, of an outline that closes by itself.

    Returns: `[n]`, bool: a line from the point to the right crosses the outline an odd number of times.
    """
    x, y = (part.unsqueeze(1) for part in points.T)  # [n, 1]
    (ax, ay), (bx, by) = corners.T, corners.roll(-1, 0).T  # [corners], of each edge
    crosses = (ay > y) != (by > y)  # [n, corners]: the edge passes the height of the point
    at = ax + (y - ay) * (bx - ax) / torch.where(by == ay, 1, by - ay)
    return (crosses & (x < at)).sum(1) % 2 == 1


#: How far the grey area reaches where there is no edge: 95 % of what is drawn from a normal distribution lies within.
MOST_OF_IT = 1.96


def sines(readers: dict[str, Learner], walker: MAML) -> World:
    """The sine waves of lesson 03: in the training range, with phases outside of it, and with amplitudes outside."""
    tasks, edges = Sinusoids(), [[-5.0, -11.0], [5.0, 11.0]]
    grid = _grid(edges)

    def source(tasks: Sinusoids):
        def draw(seed: int, n: int) -> tuple[Tensor, Tensor]:
            wide = Sinusoids(MOST, 2, tasks.amplitude, tasks.phase, tasks.x_range)
            points, queries = _points(wide.sample(1, torch.Generator().manual_seed(seed)))
            return points[:n], sine_rule(torch.cat([points, queries]), grid).mean

        return draw

    sources = {
        "as in training": source(tasks),
        "other phases": source(Sinusoids(phase=(math.pi, 2 * math.pi))),
        "larger": source(Sinusoids(amplitude=(5.0, 10.0))),
    }
    return World(readers, sources, reach(tasks), edges, ("least squares of a sin x + b cos x", sine_rule), walker)


def lines(readers: dict[str, Learner], tasks: Lines) -> World:
    """Lines with an intercept, from `tasks`, and from a wider distribution."""
    edges = [[-6.0, -9.0], [6.0, 9.0]]
    grid = _grid(edges)
    strength = (tasks.noise / tasks.scale) ** 2

    def source(scale: float):
        def draw(seed: int, n: int) -> tuple[Tensor, Tensor]:
            wide = Lines(1, MOST, 1, tasks.noise, scale, tasks.x_scale, intercept=True)
            # No seed of a pool's line: those are new lines.
            episode, w = wide.draw(1, torch.Generator().manual_seed(NEW + seed))
            return _points(episode)[0][:n], (tasks.features(grid[:, None]) @ w[0].double()).flatten()

        return draw

    def rule(points: Tensor, grid: Tensor) -> Answer:
        w = ridge(tasks.features(points[None, :, :1]), points[None, :, 1:], strength)[0]  # [2, 1]
        return Answer((tasks.features(grid[:, None]) @ w).flatten())

    x = torch.linspace(-1, 1, 61, dtype=torch.float64) * MOST_OF_IT * tasks.x_scale
    high = MOST_OF_IT * (tasks.scale**2 * (1 + x.square()) + tasks.noise**2).sqrt()
    sources = {"as in training": source(tasks.scale), "three times larger": source(3 * tasks.scale)}
    return World(readers, sources, closed(x, -high, high), edges, ("ridge", rule))


def curves(reader: Learner, tasks: GaussianProcess) -> World:
    """Smooth curves from `tasks`, and rougher ones, where neither the reader nor the exact posterior of `tasks` is of
    that world."""
    edges = [[-3.5, -4.5], [3.5, 4.5]]
    grid = _grid(edges)
    low, high = tasks.x_range

    def source(length: float):
        def draw(seed: int, n: int) -> tuple[Tensor, Tensor]:
            generator = torch.Generator().manual_seed(seed)
            x = low + (high - low) * torch.rand(MOST, dtype=torch.float64, generator=generator)  # of all points
            places = torch.cat([x, grid])[:, None]  # [MOST + places, 1]
            covariance = rbf(places, places, length) + 1e-8 * torch.eye(len(places), dtype=torch.float64)
            noise = torch.randn(len(places) + MOST, dtype=torch.float64, generator=generator)
            heights = torch.linalg.cholesky(covariance) @ noise[: len(places)]
            y = heights[:MOST] + tasks.noise * noise[len(places) :]
            return torch.stack([x, y], 1)[:n], heights[MOST:]

        return draw

    def rule(points: Tensor, grid: Tensor) -> Answer:
        x, y = (part[None] for part in points.split(1, 1))  # [1, n, 1] each
        return Answer(*(part.flatten() for part in tasks.posterior(x, y, grid.view(1, -1, 1))))

    x = torch.tensor([low, high], dtype=torch.float64)
    half = torch.full((2,), MOST_OF_IT * math.sqrt(1 + tasks.noise**2), dtype=torch.float64)
    sources = {"as in training": source(tasks.length), "rougher": source(tasks.length / 3)}
    return World({"one prior": reader}, sources, closed(x, -half, half), edges, ("exact posterior", rule))


def _points(episode) -> tuple[Tensor, Tensor]:
    """The support points and the queries of the one task of an episode, `[n, 2]` each, float64."""
    sx, sy, qx, qy = (part[0].double().cpu() for part in episode.tensors())
    return torch.cat([sx, sy], 1), torch.cat([qx, qy], 1)


def _grid(edges: list) -> Tensor:
    return torch.linspace(edges[0][0], edges[1][0], SHOWN, dtype=torch.float64)
