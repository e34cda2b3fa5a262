"""Linear regression: tasks whose best answer is known exactly, ridge regression."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_whole
from course_lib.compute.devices import pick_device
from course_lib.compute.seeding import task_seed
from course_lib.episode import Episode


class Lines:
    """A distribution over lines y = w . x + noise; a task is one w, seen at `shot` points.

    Each weight is drawn from a normal distribution of mean 0 and standard deviation `scale`, each number of x from one
    of standard deviation `x_scale`, and so is the noise, from one of `noise`.

    Args:
        dim: numbers in x.
        shot: support points a task.
        query: query points a task.
        noise: standard deviation of what is added to y.
        scale: standard deviation of a weight.
        x_scale: standard deviation of a number of x.
        intercept: w has one number more, the height at x = 0; see `features`.
        pool: draw tasks from so many fixed w only; `None` draws a new w for every task. With one `pool_seed` the first
            4 of 32 are the 4.
        pool_seed: which w are in the pool.
        clean_queries: targets of queries without noise, to judge how far an answer is from the line itself. Training
            takes noisy ones, as the world has them.
        device: where episodes are made.

    Source: Garg et al. 2022 (arXiv:2208.01066), section 3; the pool, Raventós et al. 2023 (arXiv:2306.15063).
    """

    way = None

    def __init__(self, dim: int = 1, shot: int = 10, query: int = 10, noise: float = 0.25, scale: float = 1.0,
                 x_scale: float = 1.0, intercept: bool = False, pool: int | None = None, pool_seed: int = 0,
                 clean_queries: bool = False, device="cpu"):  # fmt: skip
        check_whole(dim=dim, shot=shot, query=query)
        check_whole(0, pool_seed=pool_seed)
        check_number(noise=noise, scale=scale, x_scale=x_scale)
        self.dim, self.shot, self.query, self.noise, self.scale, self.x_scale = dim, shot, query, noise, scale, x_scale
        self.intercept, self.clean_queries, self.device = bool(intercept), bool(clean_queries), pick_device(device)
        self.pool, self.pool_seed = None, pool_seed
        if pool is not None:
            check_whole(pool=pool)
            each = (self._weights(1, torch.Generator().manual_seed(task_seed(pool_seed, i)))
                    for i in range(pool))  # fmt: skip
            self.pool = torch.cat(list(each))  # [pool, dim (+ 1), 1]

    def _weights(self, n: int, generator: Generator | None) -> Tensor:
        return self.scale * torch.randn(n, self.dim + self.intercept, 1, generator=generator)

    def features(self, x: Tensor) -> Tensor:
        """What w is multiplied with: x `[..., dim]`, with an intercept a 1 after it, `[..., dim + 1]`."""
        return torch.cat([x, torch.ones_like(x[..., :1])], -1) if self.intercept else x

    def draw(self, n_tasks: int, generator: Generator | None = None) -> tuple[Episode, Tensor]:
        """`sample`, and the w of each task, `[n_tasks, dim (+ 1), 1]`."""
        check_draw(n_tasks, generator)
        if self.pool is None:
            w = self._weights(n_tasks, generator)
        else:
            w = self.pool[torch.randint(len(self.pool), (n_tasks,), generator=generator)]
        x = self.x_scale * torch.randn(n_tasks, self.shot + self.query, self.dim, generator=generator)
        y = self.features(x) @ w  # [tasks, shot + query, 1]
        noise, s = self.noise * torch.randn(y.shape, generator=generator), self.shot
        query_y = y[:, s:] if self.clean_queries else (y + noise)[:, s:]
        return Episode(x[:, :s], (y + noise)[:, :s], x[:, s:], query_y).to(self.device), w.to(self.device)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` lines: support x `[n_tasks, shot, dim]` and y `[n_tasks, shot, 1]`, queries alike."""
        return self.draw(n_tasks, generator)[0]

    def __repr__(self):
        of = "" if self.pool is None else f", {len(self.pool)} tasks of seed {self.pool_seed}"
        return (f"Lines(dim {self.dim}{' and intercept' * self.intercept}, {self.shot}-shot {self.query}-query, noise "
                f"{self.noise:g}, scale {self.scale:g}, x_scale {self.x_scale:g}{of}"
                f"{', clean queries' * self.clean_queries}, {self.device})")  # fmt: skip


def ridge(x: Tensor, y: Tensor, strength: float | Tensor) -> Tensor:
    """The weights w with the least `|x w - y|^2 + strength * |w|^2`: the solution of `(x'x + strength I) w = x'y`.

    With `strength = (noise / scale)^2` this is the Bayes answer to `Lines`: the mean of w given the points.

    Args:
        x: `[tasks, n, dim]`; of `Lines` with an intercept, `features(x)`.
        y: `[tasks, n, 1]`.
        strength: above 0.

    Returns: `[tasks, dim, 1]`; answers are `query_x @ w`.

    Source: Hoerl and Kennard 1970 (Technometrics 12), as any textbook has it.
    """
    return torch.linalg.solve(x.mT @ x + strength * torch.eye(x.shape[-1], dtype=x.dtype, device=x.device), x.mT @ y)


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """The weights w with the least `|x w - y|^2`; where many have it, the shortest. Shapes as in `ridge`."""
    return torch.linalg.pinv(x) @ y
