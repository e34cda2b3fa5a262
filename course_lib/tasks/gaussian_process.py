"""Smooth random curves: a Gaussian process, whose exact answer stands beside it."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_range, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode


def rbf(a: Tensor, b: Tensor, length: float) -> Tensor:
    """How much a curve's heights at two places have to do with each other: `exp(-(a - b)^2 / (2 length^2))`.

    Args:
        a: `[..., n, 1]`.
        b: `[..., m, 1]`.
        length: so far apart, heights are still alike; the larger it is, the smoother the curves.

    Returns: `[..., n, m]`, 1 for the same place.

    Source: Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, equation 2.31.
    """
    return torch.exp(-(a - b.mT).square() / (2 * length**2))


class GaussianProcess:
    """A distribution over smooth curves; a task is one curve, seen with noise at `shot` points.

    All heights have mean 0 and standard deviation 1. Support and query targets both hold the noise.

    Args:
        shot: support points a task.
        query: query points a task.
        length: of the kernel, see `rbf`.
        noise: standard deviation of what is added to each y, above 0.
        x_range: the range of x, from which points are drawn evenly.
        device: where episodes are made.

    Source: a prior to fit a network to, as in Müller et al. 2022 (arXiv:2112.10510).
    """

    way = None

    def __init__(self, shot: int = 10, query: int = 10, length: float = 0.6, noise: float = 0.1, x_range=(-2.0, 2.0),
                 device="cpu"):  # fmt: skip
        check_whole(shot=shot, query=query)
        check_number(above=0, length=length, noise=noise)
        check_range(x_range=x_range)
        self.shot, self.query, self.length, self.noise, self.x_range = shot, query, length, noise, x_range
        self.device = pick_device(device)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` curves: support `[n_tasks, shot, 1]`, query `[n_tasks, query, 1]`, x and y alike."""
        check_draw(n_tasks, generator)
        (low, high), n = self.x_range, self.shot + self.query
        x = low + (high - low) * torch.rand(n_tasks, n, 1, generator=generator)  # [tasks, shot + query, 1]
        # In double precision: near points make the matrix almost singular.
        covariance = rbf(x.double(), x.double(), self.length) + self.noise**2 * torch.eye(n, dtype=torch.float64)
        y = torch.linalg.cholesky(covariance).float() @ torch.randn(n_tasks, n, 1, generator=generator)
        s = self.shot
        return Episode(x[:, :s], y[:, :s], x[:, s:], y[:, s:]).to(self.device)

    def posterior(self, support_x: Tensor, support_y: Tensor, query_x: Tensor) -> tuple[Tensor, Tensor]:
        """The exact answer under this prior: see the function `posterior`."""
        return posterior(support_x, support_y, query_x, self.length, self.noise)

    def __repr__(self):
        return (f"GaussianProcess({self.shot}-shot {self.query}-query, length {self.length:g}, noise {self.noise:g}, "
                f"x {self.x_range[0]:g} to {self.x_range[1]:g}, {self.device})")  # fmt: skip


def posterior(support_x: Tensor, support_y: Tensor, query_x: Tensor, length: float,
              noise: float) -> tuple[Tensor, Tensor]:  # fmt: skip
    """What is known of a new, noisy point of a curve when some points of it have been seen.

    Args:
        support_x, support_y: `[tasks, n_support, 1]`.
        query_x: `[tasks, n_query, 1]`.
        length, noise: of the prior, see `GaussianProcess`.

    Returns: the mean and the standard deviation of y at each query, `[tasks, n_query, 1]` each, in the dtype of
        support_y.

    Source: Rasmussen and Williams 2006, equations 2.25 and 2.26; the noise of the new point is added to the variance.
    """
    x, y, q = (t.double() for t in (support_x, support_y, query_x))
    among = rbf(x, x, length) + noise**2 * torch.eye(x.shape[-2], dtype=x.dtype, device=x.device)  # [tasks, n, n]
    across = rbf(q, x, length)  # [tasks, n_query, n]
    weights = torch.linalg.solve(among, across.mT).mT  # [tasks, n_query, n]: what each support y counts
    variance = 1 + noise**2 - (weights * across).sum(-1, keepdim=True)  # [tasks, n_query, 1]
    return (weights @ y).to(support_y.dtype), variance.sqrt().to(support_y.dtype)
