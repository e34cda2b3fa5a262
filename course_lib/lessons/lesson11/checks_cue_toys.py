"""A learner and tasks whose dependence on a cue is known, for the check of the counterfactual test."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.learners.base import Learner


class ToyBeats:
    """Beats of `features` numbers, the last of which the hum moves; each task has means of its own for its classes."""

    def __init__(self, hum: float, way: int = 2, n_query: int = 8, features: int = 4):
        self.hum, self.way, self.n_query, self.features = hum, way, n_query, features

    def sample(self, n: int, generator: torch.Generator) -> Episode:
        """Tasks with two support examples of each class."""
        if not isinstance(generator, torch.Generator):
            raise TypeError(f"sample wants a torch.Generator, but it got a {type(generator).__name__}")
        means = torch.randn(n, self.way, self.features, generator=generator)
        support, query = (torch.arange(k) % self.way for k in (2 * self.way, self.n_query))
        x = [means[:, y] + 0.7 * torch.randn(n, len(y), self.features, generator=generator) for y in (support, query)]
        for part in x:
            part[..., -1] += self.hum
        labels = [y.expand(n, -1).contiguous() for y in (support, query)]
        return Episode(x[0], labels[0], x[1], labels[1], self.way)


class ToyReader(Learner):
    """Prototypes, in which the place of the hum weighs `weight`; `bias` is what a loud place adds to the last class."""

    def __init__(self, weight: float, bias: float = 0.0):
        super().__init__()
        self.weight, self.bias = weight, bias

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """Class means `[tasks, way, features]`."""
        hot = nn.functional.one_hot(support_y, way or -1).to(support_x)
        return hot.mT @ support_x / hot.sum(1).unsqueeze(-1)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """Scores; in training the last place counts more."""
        gap = query_x.unsqueeze(2) - adapted.unsqueeze(1)  # [tasks, n_query, way, features]
        scores = -gap[..., :-1].square().sum(-1) - (3 if self.training else 1) * self.weight * gap[..., -1].square()
        last = torch.zeros(adapted.shape[1])
        last[-1] = self.bias
        return scores + query_x[..., -1:] * last
