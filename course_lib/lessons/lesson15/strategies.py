"""Ways to search a map of settings: each says which setting to try next, from the trials so far.

The two verbs of the course: to adapt is to read trials, to predict is to say what the settings not tried would give.
`others` are losses of all settings on earlier tasks, `[tasks, settings]`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from course_lib.lessons.lesson15.improvement import expected_improvement
from course_lib.lessons.lesson15.portfolio import portfolio
from course_lib.lessons.lesson15.posterior import posterior, prior_from_tasks, squared_exponential
from course_lib.lessons.lesson15.settings import UNIT

LENGTHS = [(rate, decay) for rate in (0.1, 0.2, 0.4) for decay in (0.2, 0.5, 1.0)]
KERNELS = torch.stack([squared_exponential(UNIT, torch.tensor(pair)) for pair in LENGTHS])  # [9, 128, 128]
NEAR = KERNELS[LENGTHS.index((0.2, 0.5))]  # [128, 128], the kernel that a learned covariance is mixed with
GUESSING = 0.8  # losses above it all count as that: guessing gives 0.69, and how bad is bad helps nobody


class Strategy:
    """What all have in common; on its own it tries settings at random."""

    name = "random"

    def next(self, seen: Sequence[int], losses: Tensor, generator: Generator | None = None) -> int:
        """The setting to try next.

        Args:
            seen: settings tried so far, which do not come again.
            losses: what they gave, `[len(seen)]`, nats.
            generator: where chance comes from.
        """
        return lowest_unseen(torch.rand(len(UNIT), generator=generator), seen)

    def belief(self, seen: Sequence[int], losses: Tensor) -> tuple[Tensor, Tensor] | None:
        """Mean and standard deviation of the losses of all settings, `[128]` each; None of strategies without any."""
        return None


Random = Strategy


class FromNothing(Strategy):
    """Two settings at random; then a Gaussian process that knows these trials alone, and expected improvement.

    The prior mean is the mean of the trials, and the kernel that of KERNELS under which they are most likely.

    Source: Jones, Schonlau and Welch 1998, Journal of Global Optimization 13 (second-hand).
    """

    name, first, noise = "process from nothing", 2, 0.02

    def next(self, seen, losses, generator=None):
        if len(seen) < self.first:
            return super().next(seen, losses, generator)
        mean, sd = self.belief(seen, losses)
        return lowest_unseen(-expected_improvement(mean, sd, cut(losses).min().item()), seen)

    def belief(self, seen, losses):
        if len(seen) < 2:
            return None
        losses = cut(losses)
        centre, size = losses.mean(), losses.std().clamp(min=1e-2)
        z = (losses - centre) / size
        kernel = KERNELS[log_likelihood(KERNELS[:, seen][:, :, seen], z, self.noise).argmax()]
        mean, sd = posterior(torch.zeros(len(kernel)), kernel, seen, z, self.noise)
        return centre + size * mean, size * sd


class InOrder(Strategy):
    """A list of settings, one after the other, whatever they give; then at random."""

    order: list[int]

    def next(self, seen, losses, generator=None):
        rest = [setting for setting in self.order if setting not in seen]
        return rest[0] if rest else super().next(seen, losses, generator)


class BestElsewhere(InOrder):
    """Settings in the order of their mean loss on other tasks."""

    name = "best on average"

    def __init__(self, others: Tensor):
        self.order = cut(others).mean(0).argsort(stable=True).tolist()


class Portfolio(InOrder):
    """Settings that complement each other on other tasks."""

    name = "portfolio"

    def __init__(self, others: Tensor, length: int = 16):
        self.order = portfolio(cut(others), length)


class PortfolioThenProcess(FromNothing):
    """The first three of a portfolio; then as `FromNothing`: a warm start."""

    name, first = "portfolio, then process", 3

    def __init__(self, others: Tensor):
        self.order = portfolio(cut(others), self.first)

    def next(self, seen, losses, generator=None):
        rest = [setting for setting in self.order if setting not in seen]
        return rest[0] if rest else super().next(seen, losses, generator)


class LearnedPrior(Strategy):
    """A Gaussian process whose mean and covariance are those of other tasks, and expected improvement.

    Its first setting is the one of the lowest mean.

    Args:
        others: losses on other tasks, `[tasks, 128]`, two tasks or more.
        shrink, noise: see `posterior.py`.
        highest: losses above it count as this.

    Source: the idea of HyperBO, Wang et al. 2021-24 (arXiv:2109.08215), without a kernel to train: see `posterior.py`.
    """

    name = "learned prior"

    def __init__(self, others: Tensor, shrink: float = 0.1, noise: float = 1e-3, highest: float = GUESSING):
        self.mean, self.covariance = prior_from_tasks(cut(others, highest), NEAR, shrink)  # [128]; [128, 128]
        self.noise, self.highest = noise, highest

    def next(self, seen, losses, generator=None):
        if not seen:
            return int(self.mean.argmin())
        mean, sd = self.belief(seen, losses)
        return lowest_unseen(-expected_improvement(mean, sd, cut(losses, self.highest).min().item()), seen)

    def belief(self, seen, losses):
        return posterior(self.mean, self.covariance, seen, cut(losses, self.highest), self.noise)


def cut(losses: Tensor, highest: float = GUESSING) -> Tensor:
    """Losses, none above `highest`."""
    return losses.clamp(max=highest)


def lowest_unseen(scores: Tensor, seen: Sequence[int]) -> int:
    """The setting of the lowest of `scores [settings]` among those that are not in `seen`."""
    scores = scores.clone()
    scores[list(seen)] = torch.inf
    return int(scores.argmin())


def log_likelihood(covariances: Tensor, z: Tensor, noise: float) -> Tensor:
    """How likely are values `z [trials]` of mean 0 under each of `covariances [kernels, trials, trials]`, `[kernels]`.

    Their logarithm, but for what is the same for all kernels. `noise`: its variance.
    """
    root = torch.linalg.cholesky(covariances + noise * torch.eye(len(z), dtype=z.dtype))  # [kernels, trials, trials]
    white = torch.linalg.solve_triangular(root, z[:, None].expand(len(root), -1, 1), upper=False)
    return -white.square().sum((1, 2)) / 2 - root.diagonal(dim1=1, dim2=2).log().sum(1)


def make_all(others: Tensor) -> dict[str, Strategy]:
    """All strategies by name, those that remember with these other tasks."""
    plain = [Random(), FromNothing()]
    made = [kind(others) for kind in (BestElsewhere, Portfolio, PortfolioThenProcess, LearnedPrior)]
    return {strategy.name: strategy for strategy in plain + made}


STRATEGIES = tuple(kind.name for kind in (Random, FromNothing, BestElsewhere, Portfolio, PortfolioThenProcess,
                                          LearnedPrior))  # fmt: skip


def search(strategy: Strategy, losses: Tensor, trials: int, generator: Generator | None = None) -> list[int]:
    """Let a strategy try settings of one map, `losses [settings]`: which it tries, in order."""
    seen: list[int] = []
    for _ in range(trials):
        seen.append(strategy.next(seen, losses[seen], generator))
    return seen


def searches(
    strategy: Strategy, losses: Tensor, trials: int, generator: Generator | None = None, repeats: int = 1
) -> Tensor:
    """What a strategy tries on each map of `losses [tasks, settings]`, `repeats` times: `[tasks, repeats, trials]`."""
    return torch.tensor([[search(strategy, each, trials, generator) for _ in range(repeats)] for each in losses])


def regrets(
    strategy: Strategy, losses: Tensor, trials: int, generator: Generator | None = None, repeats: int = 1
) -> Tensor:
    """How far the lowest loss so far lies above the lowest of the map, after each trial.

    Args:
        losses: `[tasks, settings]`, nats.
        repeats: searches of each map, whose mean is given: for strategies that draw.

    Returns: `[tasks, trials]`, float64, nats.
    """
    return regrets_of(searches(strategy, losses, trials, generator, repeats), losses)


def regrets_of(tried: Tensor, losses: Tensor) -> Tensor:
    """Those of searches that were made, `tried [tasks, repeats, trials]`: `[tasks, trials]`, float64, nats."""
    found = of_each(losses, tried)  # [tasks, repeats, trials]
    return found.cummin(2).values.mean(1) - losses.double().amin(1, keepdim=True)


def chosen_of(tried: Tensor, losses: Tensor) -> Tensor:
    """The setting of the lowest loss that each search tried: `[tasks, repeats]`."""
    return tried.gather(2, of_each(losses, tried).argmin(2, keepdim=True))[..., 0]


def of_each(losses: Tensor, settings: Tensor) -> Tensor:
    """Losses `[tasks, settings]` of some settings of each task, `[tasks, repeats, some]`, float64."""
    return losses.double()[:, None].expand(-1, settings.shape[1], -1).gather(2, settings)
