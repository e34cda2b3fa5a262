"""Small worlds of vectors: no distance can be right in one, squared distance is right in another, and some between."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_whole
from course_lib.episode import Episode


def ring_task(first: Tensor, way: int) -> tuple[Tensor, Tensor]:
    """Classes on a circle of radius 1, whose queries stand one place further on than their support examples.

    The support example of class k stands at the angle `first + k * 2 pi / way`, and a query of class k where the
    support example of class k + 1 stands. (The query of the last class stands where class 0 stands.)

    Args:
        first: `[tasks]` angle of class 0's support example, in radians, counted from the x axis.
        way: number of classes.

    Returns: support `[tasks, way, 2]` and queries `[tasks, way, 2]`, x and y, class by class.
    """
    place = 2 * math.pi / way * torch.arange(way + 1, device=first.device)  # [way + 1]
    angle = first.unsqueeze(1) + place  # [tasks, way + 1]
    points = torch.stack([angle.cos(), angle.sin()], -1)  # [tasks, way + 1, 2]
    return points[:, :-1], points[:, 1:]


def ring_matrix(way: int) -> Tensor:
    """A matrix A with which `q @ A @ s` is highest for the query's own class, for all q and s of a `ring_task`.

    A query stands one place further on than its class, so A turns s by one place too: then q @ A @ s is the dot product
    of two points of the circle, which is highest where they are one.

    Args:
        way: number of classes, 3 or more.

    Returns: float32 `[2, 2]`.
    """
    step = 2 * math.pi / way
    return torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])


class _Vectors:
    """What both worlds share: sizes, and labels in the order of the classes."""

    def __init__(self, way: int, shot: int, query: int):
        check_whole(2, way=way)
        check_whole(shot=shot, query=query)
        self.way, self.shot, self.query = way, shot, query

    def _episode(self, support: Tensor, query: Tensor) -> Episode:
        """From `[tasks, way, shot, features]` and `[tasks, way, query, features]`."""
        labels = torch.arange(self.way).expand(len(support), -1)  # [tasks, way]
        y = [labels.repeat_interleave(x.shape[2], 1) for x in (support, query)]  # [tasks, way * examples]
        return Episode(support.flatten(1, 2), y[0], query.flatten(1, 2), y[1], self.way)


class Ring(_Vectors):
    """Tasks in which a query stands where the support examples of the *next* class stand: see `ring_task`.

    Without noise, one embedding for both makes them equal: the next class is at distance 0, the own can at best tie.

    Args:
        way, shot, query: classes in a task, support and query examples a class.
        noise: standard deviation of what is added to each coordinate. The circle has radius 1.
        places: a function like `ring_task`, which says where support examples and queries stand.
    """

    def __init__(self, way: int = 5, shot: int = 1, query: int = 5, noise: float = 0.0, places=ring_task):
        super().__init__(way, shot, query)
        if not noise >= 0:
            raise ValueError(f"noise must be 0 or more, but it is {noise!r}.")
        self.noise, self.places = noise, places

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw tasks, each turned by an angle of its own: support `[n_tasks, way * shot, 2]`."""
        places = self.places(2 * math.pi * torch.rand(n_tasks, generator=generator), self.way)
        x = [place.unsqueeze(2).repeat(1, 1, n, 1) for place, n in zip(places, (self.shot, self.query), strict=True)]
        return self._episode(*(p + self.noise * torch.randn(p.shape, generator=generator) for p in x))

    def __repr__(self):
        return f"Ring({self.way}-way {self.shot}-shot {self.query}-query, noise {self.noise:g})"


class Clouds(_Vectors):
    """Tasks whose classes are round clouds: noise of variance 1 in every direction around a mean that is drawn anew.

    The queries' clouds may be turned: coordinates i and i + features / 2 of a mean are turned in their plane, for all
    i by one angle, and in all tasks alike. Then a query is not near its class, but a rule leads from one to the other.

    Args:
        way, shot, query: classes in a task, support and query examples a class.
        features: numbers in a vector; even, if they are turned.
        spread: standard deviation of the coordinates of the means.
        turn: by how many degrees the means of the queries are turned.
    """

    def __init__(self, way: int = 5, shot: int = 1, query: int = 5, features: int = 20, spread: float = 1.0,
                 turn: float = 0.0):  # fmt: skip
        super().__init__(way, shot, query)
        if not (features >= 1 and spread > 0):
            raise ValueError(f"features must be 1 or more and spread above 0, but they are {features} and {spread}.")
        if turn and features % 2:
            raise ValueError(f"to be turned, features must be even, but there are {features}.")
        self.features, self.spread, self.turn = features, spread, turn

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw tasks: support `[n_tasks, way * shot, features]`."""
        means = self.spread * torch.randn(n_tasks, self.way, 1, self.features, generator=generator)
        n = self.shot + self.query
        noise = torch.randn(n_tasks, self.way, n, self.features, generator=generator)
        return self._episode(means + noise[:, :, : self.shot], self._turned(means) + noise[:, :, self.shot :])

    def _turned(self, means: Tensor) -> Tensor:
        if not self.turn:
            return means
        first, second = means.chunk(2, -1)  # the coordinates of each plane
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        return torch.cat([cos * first - sin * second, sin * first + cos * second], -1)

    def __repr__(self):
        sizes = f"{self.way}-way {self.shot}-shot {self.query}-query"
        return f"Clouds({sizes}, {self.features} features, spread {self.spread:g}, turned by {self.turn:g} degrees)"
