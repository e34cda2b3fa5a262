"""A task on a plane: embeddings projected to two numbers, the prototypes there, and the region that each class wins."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.learners.distances import NEARNESS
from course_lib.learners.prototypical import as_linear, prototypes

MARGIN = 0.07  # of a side of the picture, free on either side of the points


def directions(z: Tensor) -> tuple[Tensor, float]:
    """The two directions in which embeddings differ most: principal components. Two numbers or one are left alone.

    Args:
        z: embeddings, `[n, features]`.

    Returns: the directions as columns, `[features, 2]`, each with its largest entry above 0; and the share of the
    squared spread around the mean that they keep, 0 to 1.
    """
    features = z.shape[1]
    if features <= 2:
        return torch.eye(features, 2, dtype=z.dtype), 1.0
    _, spread, rows = torch.linalg.svd(z - z.mean(0), full_matrices=False)
    axes = rows[:2].T  # [features, 2]
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))  # [1, 2]: an SVD leaves the sign open
    squares = spread.square()
    share = (squares[:2].sum() / squares.sum()).item() if squares.sum() > 0 else 1.0
    return axes * largest.sign(), share


@dataclass(eq=False)
class Plane:
    """The embeddings of one task, and a plane through them.

    The projection turns and drops, but does not shift: the origin of the embedding is the origin of the plane (so
    cosines have a meaning there), and the mean of projected points is the projection of their mean.

    Args:
        support_z, query_z: embeddings `[n_support, features]` and `[n_query, features]`, float64.
        support_y, query_y: labels, 0 ... way-1.
        way: number of classes.

    In `axes` are the directions of the plane, `[features, 2]`; in `share`, what they keep: see `directions`.
    """

    support_z: Tensor
    support_y: Tensor
    query_z: Tensor
    query_y: Tensor
    way: int
    axes: Tensor = field(init=False)
    share: float = field(init=False)

    def __post_init__(self):
        self.axes, self.share = directions(torch.cat([self.support_z, self.query_z]))
        self.support_at, self.query_at = self.support_z @ self.axes, self.query_z @ self.axes  # [n, 2] each

    def prototypes(self, at: Tensor) -> Tensor:
        """The mean of each class, `[way, 2]`, when the support points lie at `[n_support, 2]`."""
        return prototypes(at[None], self.support_y[None], self.way)[0]

    def scores(self, at: Tensor, distance: str, whole: bool = False) -> tuple[Tensor, Tensor]:
        """Nearness of each image to each prototype, when the support points lie at `[n_support, 2]`.

        Args:
            distance: one of NEARNESS.
            whole: compare in the whole embedding. A support point that was moved is moved there by the same step,
                which lies within the plane.

        Returns: of support images `[n_support, way]`, of queries `[n_query, way]`.
        """
        support, query = at, self.query_at
        if whole:
            support, query = self.support_z + (at - self.support_at) @ self.axes.T, self.query_z
        means = prototypes(support[None], self.support_y[None], self.way)  # [1, way, features or 2]
        near = NEARNESS[distance](torch.cat([support, query])[None], means)[0]  # [n_support + n_query, way]
        return near[: len(support)], near[len(support) :]

    def right(self, scores: Tensor) -> Tensor:
        """Which queries get their own class's prototype, bool `[n_query]`, from `scores [n_query, way]`."""
        return scores.argmax(-1) == self.query_y

    def window(self, at: Tensor, distance: str, aspect: float) -> np.ndarray:
        """What to show: the lowest and the highest x and y, `[2, 2]`. One unit is as long across as it is up, or right
        angles would not look right. With cosine the origin is in sight.

        Args:
            at: where the support points lie now, `[n_support, 2]`.
            aspect: width of the picture over its height.
        """
        seen = torch.cat([at, self.support_at, self.query_at, at.new_zeros(1 if distance == "cosine" else 0, 2)])
        low, high = seen.amin(0).numpy(), seen.amax(0).numpy()
        height = max((high - low)[0] / aspect, (high - low)[1], 1e-6) / (1 - 2 * MARGIN)
        half = np.array([aspect, 1]) * height / 2
        return np.stack([(low + high) / 2 - half, (low + high) / 2 + half])


def regions(means: Tensor, distance: str, edges: np.ndarray) -> list[np.ndarray]:
    """The part of a picture in which each prototype is the nearest.

    Both distances make a linear classifier: class k beats class j on one side of a straight line, so a region is what
    way - 1 straight cuts leave of the picture. (Euclidean: Snell et al. 2017, arXiv:1703.05175, section 2.4. Cosine:
    prototypes of length 1 and no bias, because the length of the query does not change which class is the nearest.)

    Args:
        means: prototypes, `[way, 2]`.
        distance: one of NEARNESS.
        edges: lowest and highest x and y, `[2, 2]`.

    Returns: for each class the corners of its region, `[corners, 2]`, in order; none if it wins nowhere.
    """
    if distance == "cosine":
        weights, biases = F.normalize(means, dim=-1), means.new_zeros(len(means))
    else:
        weights, biases = (part[0] for part in as_linear(means[None]))  # [way, 2], [way]
    weights, biases = weights.numpy(), biases.numpy()
    (left, bottom), (right, top) = edges
    found = []
    for k in range(len(means)):
        corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
        for j in range(len(means)):
            corners = _cut(corners, weights[k] - weights[j], biases[k] - biases[j])
        found.append(corners)
    return found


def _cut(corners: np.ndarray, weight: np.ndarray, bias: float) -> np.ndarray:
    """The part of a convex polygon `[corners, 2]` where weight.x + bias >= 0."""
    kept = []
    side = corners @ weight + bias
    for i in range(len(corners)):
        here, there = side[i - 1], side[i]
        if (here < 0) != (there < 0):
            kept.append(corners[i - 1] + here / (here - there) * (corners[i] - corners[i - 1]))
        if there >= 0:
            kept.append(corners[i])
    return np.array(kept).reshape(-1, 2)


def middle(corners: np.ndarray) -> np.ndarray:
    """The centre of gravity `[2]` of a polygon `[corners, 2]`; the mean of its corners if it has no area."""
    at = corners - corners[0]
    after = np.concatenate([at[1:], at[:1]])
    cross = at[:, 0] * after[:, 1] - at[:, 1] * after[:, 0]
    area = cross.sum()
    if abs(area) < 1e-12 * np.ptp(corners, 0).max() ** 2:
        return corners.mean(0)
    return corners[0] + ((at + after) * cross[:, None]).sum(0) / (3 * area)
