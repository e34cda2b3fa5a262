"""The training of a prototypical network in one function: the outer loss of an episode."""

from __future__ import annotations

from torch import Tensor

from course_lib.learners.base import loss_of
from course_lib.learners.distances import squared_distances
from course_lib.learners.prototypical import prototypes


def episode_loss(support_z: Tensor, support_y: Tensor, query_z: Tensor, query_y: Tensor) -> Tensor:
    """What a prototypical network is trained to make small: the mean of minus the logarithm of the probability that
    the softmax of minus the squared distances gives to the right class. `PrototypicalNet.losses` gives the same.

    Args:
        support_z: embedded support sets `[tasks, n_support, features]`.
        support_y: `[tasks, n_support]`, int64, 0 ... way-1, in any order.
        query_z: `[tasks, n_query, features]`.
        query_y: `[tasks, n_query]`.

    Returns: a number (nats): the mean over the queries of all tasks.

    Source: Snell et al. 2017 (arXiv:1703.05175), equation 2 and algorithm 1.
    """
    distances = squared_distances(query_z, prototypes(support_z, support_y))  # [tasks, n_query, way]
    return loss_of(-distances, query_y)
