"""Prototypical Networks (Snell, Swersky and Zemel, NeurIPS 2017, arXiv:1703.05175)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_number, check_whole
from course_lib.learners.base import loss_of
from course_lib.learners.distances import nearness, squared_distances
from course_lib.learners.metric import MetricLearner, class_sums


def prototypes(embeddings: Tensor, labels: Tensor, way: int | None = None) -> Tensor:
    """The mean embedding of each class: equation 1 of the paper.

    Args:
        embeddings: `[tasks, n, features]`.
        labels: `[tasks, n]`, int64, 0 ... way-1. Classes may have different numbers of examples.
        way: number of classes; read from the labels when `None`.

    Returns: `[tasks, way, features]`.
    """
    way = int(labels.max()) + 1 if way is None else way
    sums, counts = class_sums(embeddings, labels, way)  # [tasks, way, features], [tasks, way, 1]
    return sums / counts


def as_linear(prototypes: Tensor) -> tuple[Tensor, Tensor]:
    """Weights and biases of the linear classifier that answers as squared Euclidean distances do: section 2.4.

    -|q - c|^2 = 2 c.q - |c|^2 - |q|^2, and softmax does not feel the last term: it is the same for every class.

    Args:
        prototypes: `[tasks, way, features]`.

    Returns: weights `[tasks, way, features]` and biases `[tasks, way]`.
    """
    return 2 * prototypes, -prototypes.square().sum(-1)


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


class PrototypicalNet(MetricLearner):
    """Adapting is averaging: a class is the mean of its embedded support examples (its prototype),
    and a query belongs to the nearest prototype (section 2.3).

    Args:
        backbone: embeds images.
        distance: "euclidean", squared, as the paper recommends; or "cosine".
        temperature: scores are divided by it, so a high one makes answers less sure. The paper has none, which is 1.
            Cosines lie between -1 and 1, so without a temperature well below 1 no answer can be sure.
        learn_temperature: train it with the rest. (A learned factor of scores: TADAM, Oreshkin et al. 2018,
            arXiv:1805.10123, section 2.1, equation 1.)
        attributes: how many numbers describe a class, for zero-shot learning (see `MetricLearner`): a linear layer
            makes them a prototype, which then has length 1, as in section 3.3 of the paper. `None` is few-shot.
        features: numbers in an embedding; read only with attributes.

    Raises:
        ValueError: for an unknown distance, a temperature that is not above 0, or a task of one class.
    """

    def __init__(self, backbone: nn.Module, distance: str = "euclidean", temperature: float = 1.0,
                 learn_temperature: bool = False, attributes: int | None = None, features: int = 64):  # fmt: skip
        check_number(above=0, temperature=temperature)
        check_whole(features=features)
        if attributes is not None:
            check_whole(attributes=attributes)
        describe = None if attributes is None else nn.Linear(attributes, features)
        super().__init__(backbone, describe, distance=distance, temperature=temperature,
                         learn_temperature=learn_temperature, attributes=attributes, features=features)  # fmt: skip
        self.nearness = nearness(distance)
        # Its logarithm is learned, so that it stays above 0.
        self.log_temperature = nn.Parameter(torch.tensor(math.log(temperature))) if learn_temperature else None

    @property
    def temperature(self) -> Tensor | float:
        """What scores are divided by."""
        return self.config["temperature"] if self.log_temperature is None else self.log_temperature.exp()

    def remember(self, support_z: Tensor, support_y: Tensor, way: int) -> Tensor:
        """Prototypes `[tasks, way, features]`."""
        found = prototypes(support_z, support_y, way)
        return found if self.describe is None else F.normalize(found, dim=-1)

    def compare(self, adapted: Tensor, query_z: Tensor) -> Tensor:
        """Nearness to each prototype `[tasks, n_query, way]`; its softmax is equation 2."""
        return self.nearness(query_z, adapted) / self.temperature
