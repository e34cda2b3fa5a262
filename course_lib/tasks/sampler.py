"""The episode sampler in two halves: which classes and images, and which of these images are the support set.

`images.ImageTasks` puts them together.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor


def pick_different(shape: tuple[int, ...], n: int | Tensor, k: int, generator: Generator | None) -> Tensor:
    """For each cell of `shape`, `k` different numbers of 0 ... n-1 in random order, every choice equally likely.

    Args:
        shape: how many choices to make, e.g. `(tasks,)` or `(tasks, way)`. They do not depend on one another.
        n, k: how many there are, one number or `[*shape]`, and how many to pick; `k` is at most `n`.
        generator: where all the randomness comes from.

    Returns: `[*shape, k]`, int64.

    >>> pick_different((2,), n=3, k=3, generator=None).sort().values.tolist()
    [[0, 1, 2], [0, 1, 2]]
    """
    most = int(n.max()) if isinstance(n, Tensor) else n
    keys = torch.rand(*shape, most, generator=generator)  # [*shape, n]: a random key for each candidate
    if isinstance(n, Tensor):
        keys = keys.where(torch.arange(most) < n.unsqueeze(-1), -1)  # what a cell does not have comes last
    return keys.topk(k).indices  # [*shape, k]: where the k largest keys are


def support_and_query(images: Tensor, shot: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Divide the images of each class between the support set and the query set, and label both.

    Args:
        images: `[tasks, way, shot + query, ...]`, all different.
        shot: how many of each class go to the support set; the others go to the query set.

    Returns: `support_x [tasks, way * shot, ...]`, `support_y [tasks, way * shot]`, `query_x [tasks, way * query, ...]`
    and `query_y [tasks, way * query]`. The label of a class is its place in the task, 0 ... way-1.
    """
    labels = torch.arange(images.shape[1], device=images.device)  # [way]
    labels = labels.view(1, -1, 1).expand(images.shape[:3])  # [tasks, way, shot + query]
    support, query = slice(shot), slice(shot, None)
    return (
        images[:, :, support].flatten(1, 2), labels[:, :, support].flatten(1, 2),
        images[:, :, query].flatten(1, 2), labels[:, :, query].flatten(1, 2),
    )  # fmt: skip
