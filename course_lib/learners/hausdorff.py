"""The modified Hausdorff distance between two drawings: nothing is learned, and Lake's test begins with it."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.learners.base import Learner, check_pixels, check_queries, check_support, way_of


def modified_hausdorff(first: Tensor, second: Tensor) -> Tensor:
    """The larger of two means: how far a point of `first` is from the nearest of `second`, and the reverse.

    Args:
        first: `[points, 2]`. second: `[other points, 2]`.

    Returns: a number, in units of the points; infinity where one of the two has no point.

    Source: Dubuisson and Jain 1994 (ICPR), the distance with the best results there.
    """
    if not (len(first) and len(second)):
        return first.new_tensor(torch.inf)
    distance = torch.cdist(first, second)  # [points, other points]
    return torch.maximum(distance.amin(1).mean(), distance.amin(0).mean())


class ModifiedHausdorff(Learner):
    """A query gets the class of the support drawing whose ink is nearest to its own, each drawing about its middle.

    Source: the baseline of Lake et al. 2015 (Science 350), which errs in 38.8 % of the trials of their one-shot test.
    """

    def __init__(self, backbone: None = None):
        if backbone is not None:
            raise ValueError("ModifiedHausdorff compares ink and has no backbone; build it without one.")
        super().__init__()

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None):
        """Keep where the ink of each support image is."""
        check_support(support_x, support_y, way)
        _check_drawings(support_x=support_x)
        return [[_ink(x) for x in task] for task in support_x], support_y, way_of(support_y, way)

    def predict(self, adapted, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, way]`: minus the distance to the nearest support drawing of the class, in pixels."""
        support, support_y, way = adapted
        check_queries(query_x)
        _check_drawings(query_x=query_x)
        distances = torch.stack([
            torch.stack([torch.stack([modified_hausdorff(_ink(q), points) for points in drawings]) for q in queries])
            for drawings, queries in zip(support, query_x, strict=True)
        ])  # [tasks, n_query, n_support]
        nearest = distances.new_full((*distances.shape[:2], way), torch.inf)
        return -nearest.scatter_reduce(2, support_y.unsqueeze(1).expand_as(distances), distances, "amin")


def _check_drawings(**values: Tensor):
    check_pixels(**values)
    for name, x in values.items():
        if x.ndim != 5 or x.shape[2] != 1:
            raise ValueError(f"{name} must be drawings [tasks, n, 1, height, width] here, ink above 0.5 on paper "
                             f"below, but it is {list(x.shape)}.")  # fmt: skip


def _ink(image: Tensor) -> Tensor:
    """Where there is ink, from the middle of all ink: `[1, height, width]` to `[points, 2]` in pixels."""
    points = (image[0] > 0.5).nonzero().float()
    return points - points.mean(0)
