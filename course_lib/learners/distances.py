"""How near is a query to a point? The fixed metrics of the course, for all pairs at once."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from course_lib.arguments import check_one_of


def squared_distances(queries: Tensor, points: Tensor) -> Tensor:
    """Squared Euclidean distance of every query to every point, by |q|^2 - 2 q.p + |p|^2.

    Args:
        queries: `[tasks, n, features]`.
        points: `[tasks, m, features]`.

    Returns: `[tasks, n, m]`.
    """
    q2 = queries.square().sum(-1, keepdim=True)  # [tasks, n, 1]
    p2 = points.square().sum(-1).unsqueeze(1)  # [tasks, 1, m]
    return q2 - 2 * queries @ points.transpose(1, 2) + p2


def cosine_similarities(queries: Tensor, points: Tensor) -> Tensor:
    """Cosine of the angle between every query and every point: 1 in the same direction, -1 in the opposite one.

    Args:
        queries: `[tasks, n, features]`.
        points: `[tasks, m, features]`. A vector of zeros has no direction; its similarity is 0.

    Returns: `[tasks, n, m]`.
    """
    return F.normalize(queries, dim=-1) @ F.normalize(points, dim=-1).transpose(1, 2)


def _minus_squared_distances(queries: Tensor, points: Tensor) -> Tensor:
    return -squared_distances(queries, points)


#: Class scores by name of the metric: the nearer, the higher.
NEARNESS = {"euclidean": _minus_squared_distances, "cosine": cosine_similarities}


def nearness(name: str):
    """The function for a metric's name.

    Raises:
        ValueError: for a name that is none of NEARNESS.
    """
    check_one_of(NEARNESS, distance=name)
    return NEARNESS[name]
