"""The first layer of a comparison, for all pairs and without building one of them."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def first_layer(classes: Tensor, queries: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer's answer to every pair that `concatenate_pairs` would build, from one answer for each vector.

    The layer is linear, so its answer to (class, query) is a part from the class plus a part from the query.

    Args:
        classes: `[tasks, way, channels]`.
        queries: `[tasks, n_query, channels]`.
        weight: `[out, 2 * channels]`: the left half is for the class, the right half for the query.
        bias: `[out]`.

    Returns: `[tasks, n_query, way, out]`.
    """
    channels = classes.shape[-1]
    of_class = F.linear(classes, weight[:, :channels])  # [tasks, way, out]
    of_query = F.linear(queries, weight[:, channels:], bias)  # [tasks, n_query, out]; the bias counts once
    return of_class.unsqueeze(1) + of_query.unsqueeze(2)
