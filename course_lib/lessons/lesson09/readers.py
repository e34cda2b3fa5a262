"""Five in-context learners to tell apart, for the last exercise of lesson 09. All answer by formulas, without training.

A reader is a function of an episode that gives an answer to each query, `[tasks, n_query, 1]`, as `InContext` and every
other learner is. One is sound. The others have one flaw each.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.tasks.lines import Lines

Reader = Callable[[Episode], Tensor]

#: What may be wrong with a reader. Of a reader without a flaw it is said that it is "sound".
FLAWS = {
    "own y": "its answer to a query depends on that query's own y.",
    "other queries": "its answer to a query depends on the other queries, on their x or on their y.",
    "order": "its answers depend on the order in which the support pairs stand.",
    "pool": "it has learned a few tasks by heart: on a new one it gives the answers of one of those, or a mixture.",
}


def fitted(x: Tensor, y: Tensor, strength: float = 0.0625, counts: Tensor | None = None) -> Tensor:
    """The weights of a line: ridge regression in which pairs may count more or less.

    Args:
        x: `[..., n, d]`. y: `[..., n, 1]`.
        strength: lambda.
        counts: `[..., n, 1]` how often each pair counts; `None`: once.

    Returns: `[..., d, 1]`.
    """
    weighed = x if counts is None else counts * x
    return torch.linalg.solve(x.mT @ weighed + strength * torch.eye(x.shape[-1]).to(x), weighed.mT @ y)


def sound(episode: Episode) -> Tensor:
    """Ridge regression."""
    return episode.query_x @ fitted(episode.support_x, episode.support_y)


def _with_own(episode: Episode) -> Tensor:
    """Each query's own pair stands in its context."""
    x, y, new_x, new_y = episode.tensors()
    n_query = new_x.shape[1]
    x, y = (torch.cat([part.unsqueeze(1).expand(-1, n_query, -1, -1), new.unsqueeze(2)], 2)
            for part, new in ((x, new_x), (y, new_y)))  # fmt: skip
    # x, y: [tasks, n_query, n_support + 1, ...]
    return (new_x.unsqueeze(2) @ fitted(x, y)).squeeze(2)


def _with_their_x(episode: Episode) -> Tensor:
    """How x spreads is found from all tokens of a task, the queries among them: they have an x, too."""
    x, y, new_x, _ = episode.tensors()
    among = 0.97 * x.mT @ x + 0.03 * x.shape[1] / new_x.shape[1] * new_x.mT @ new_x  # [tasks, d, d]
    return new_x @ torch.linalg.solve(among + 0.0625 * torch.eye(x.shape[-1]).to(x), x.mT @ y)


def _fading(episode: Episode) -> Tensor:
    """A pair counts the less, the longer ago it was read."""
    age = torch.arange(episode.support_x.shape[1] - 1, -1, -1).to(episode.support_x)
    return episode.query_x @ fitted(episode.support_x, episode.support_y, counts=(0.9**age).unsqueeze(1))


def of_pool(pool: Tensor, noise: float = 0.25) -> Reader:
    """The Bayes answer of who knows that every task is one of these.

    Args:
        pool: weights `[d, k]` of the tasks that it knows.
        noise: standard deviation of the noise in y.
    """

    def read(episode: Episode) -> Tensor:
        x, y, new_x, _ = episode.map(lambda t: t.double()).tensors()  # softmax makes small differences large
        known = pool.to(x)
        chance = (-(y - x @ known).square().sum(1) / (2 * noise**2)).softmax(-1)  # [tasks, k]
        return (new_x @ (chance @ known.mT).unsqueeze(-1)).to(episode.query_x)

    return read


def _by_heart(episode: Episode) -> Tensor:
    d = episode.support_x.shape[-1]
    return of_pool(torch.randn(d, 4, generator=torch.Generator().manual_seed(d)))(episode)


_READERS = {"sound": sound, "own y": _with_own, "other queries": _with_their_x, "order": _fading, "pool": _by_heart}


def dealt_flaws(seed: int) -> dict[str, str]:
    """What is true of the readers that `deal_readers` deals: by letter, a flaw or "sound"."""
    order = torch.randperm(len(_READERS), generator=torch.Generator().manual_seed(seed)).tolist()
    return {letter: list(_READERS)[i] for letter, i in zip("ABCDE", order, strict=True)}


def deal_readers(seed: int) -> dict[str, Reader]:
    """The five readers, shuffled: by a letter from A to E."""

    def without_a_name(read: Reader) -> Reader:
        return lambda episode: read(episode)

    return {letter: without_a_name(_READERS[flaw]) for letter, flaw in dealt_flaws(seed).items()}


def find_flaw(reader: Reader, tasks: Lines, generator: torch.Generator) -> str:
    """Which flaw a reader has, found by asking it: a key of `FLAWS`, or "sound". It has one at most.

    Args:
        reader: answers an episode, `[tasks, n_query, 1]`.
        tasks: new ones are drawn from here.
        generator: the source of all chance.
    """
    episode = tasks.sample(200, generator)
    x, y, new_x, new_y = episode.tensors()
    answers = reader(episode)  # [tasks, n_query, 1]

    def differ(one: Tensor, other: Tensor) -> bool:  # by more than rounding
        return (one - other).abs().max().item() > 1e-3

    for i in range(new_x.shape[1]):  # a query alone: nobody else's y can move its answer
        own_x, own_y = new_x[:, i : i + 1], new_y[:, i : i + 1]
        alone = reader(Episode(x, y, own_x, own_y))
        if differ(alone, reader(Episode(x, y, own_x, own_y + 1))):
            return "own y"
        if differ(alone, answers[:, i : i + 1]):
            return "other queries"
    for _ in range(3):
        order = torch.randperm(x.shape[1], generator=generator)
        if differ(answers, reader(Episode(x[:, order], y[:, order], new_x, new_y))):
            return "order"
    best = new_x @ bayes_line(x, y, tasks.noise, tasks.scale)
    error, least = ((said - new_y).square().mean() for said in (answers, best))
    return "pool" if error > 3 * least else "sound"
