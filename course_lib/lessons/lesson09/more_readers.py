"""Readers that `check` tries a learner's test on, beside those that the lesson deals.

Each is sound in another way, or has a flaw that a test with a gap does not see.
"""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.lessons.lesson09.readers import Reader, fitted, of_pool, sound
from course_lib.tasks.lines import least_squares, ridge


def by_least_squares(episode: Episode) -> Tensor:
    """Sound, and knows nothing of the noise."""
    return episode.query_x @ least_squares(episode.support_x, episode.support_y)


def held_down(episode: Episode) -> Tensor:
    """Sound, though it errs a little more than ridge with the true noise."""
    return episode.query_x @ ridge(episode.support_x, episode.support_y, 0.5)


def in_steps(episode: Episode) -> Tensor:
    """Sound: gradient descent from 0."""
    x, y, new_x, _ = episode.tensors()
    w = torch.zeros_like(x[:, :1].mT)
    for _ in range(60):
        w = w - 0.2 * x.mT @ (x @ w - y) / x.shape[1]
    return new_x @ w


def _wavy(episode: Episode) -> Tensor:
    """Sound, though it errs nearly as much as a sound reader may: 1.8 times as much as the Bayes answer."""
    said = sound(episode)
    return said + 0.387 * (5 * said).sin()


def on_a_grid(episode: Episode) -> Tensor:
    """Sound, and rounding shows nowhere: what differs by rounding only is rounded to one number."""
    return (1000 * sound(episode.map(lambda t: t.double()))).round().div(1000).float()


def _peeks(share: float) -> Reader:
    """A share of the answer is the query's own y."""
    return lambda episode: (1 - share) * sound(episode) + share * episode.query_y


def _sign(episode: Episode) -> Tensor:
    """The answer is moved a little towards the query's own y, wherever that is."""
    said = sound(episode)
    away = episode.query_y - said
    return said + 0.05 * away / (away.abs() + 1e-9)


def _when_far(episode: Episode) -> Tensor:
    """It trusts its own reading, unless the query's own y is far off."""
    said = sound(episode)
    return torch.where((episode.query_y - said).abs() <= 1, said, 0.8 * said + 0.2 * episode.query_y)


def in_the_middle(episode: Episode) -> Tensor:
    """A fifth of the answer to one query is its own y: to the one in the middle, and to a query alone."""
    said, middle = sound(episode).clone(), episode.query_x.shape[1] // 2
    said[:, middle] = 0.8 * said[:, middle] + 0.2 * episode.query_y[:, middle]
    return said


def _without_own(episode: Episode) -> Tensor:
    """The other queries stand in the context with their y, the query's own does not."""
    x, y, new_x, new_y = episode.tensors()
    answers = []
    for i in range(new_x.shape[1]):
        others = [j for j in range(new_x.shape[1]) if j != i]
        w = fitted(torch.cat([x, new_x[:, others]], 1), torch.cat([y, new_y[:, others]], 1))
        answers.append(new_x[:, i : i + 1] @ w)
    return torch.cat(answers, 1)


def _after_another(step: int) -> Reader:
    """A tenth of an answer is that to the query before it (step 1) or behind it (step -1), if there is one."""

    def read(episode: Episode) -> Tensor:
        said = sound(episode)
        other = said.clone()
        if step > 0:
            other[:, 1:] = said[:, :-1]
        else:
            other[:, :-1] = said[:, 1:]
        return 0.9 * said + 0.1 * other

    return read


def _counted(counts) -> Reader:
    """Support pairs count more or less by their place; `counts` is a function of how many there are."""

    def read(episode: Episode) -> Tensor:
        x, y, new_x, _ = episode.tensors()
        return new_x @ fitted(x, y, counts=counts(x.shape[1]).to(x).view(1, -1, 1))

    return read


def _at(n: int, *places: int, counts: float = 3.0) -> Tensor:
    each = torch.ones(n)
    each[list(places)] = counts
    return each


def _pool(k: int, seed: int) -> Reader:
    def read(episode: Episode) -> Tensor:
        d = episode.support_x.shape[-1]
        return of_pool(torch.randn(d, k, generator=torch.Generator().manual_seed(seed)))(episode)

    return read


def _nearest_of_pool(episode: Episode) -> Tensor:
    d = episode.support_x.shape[-1]
    pool = torch.randn(d, 8, generator=torch.Generator().manual_seed(8)).to(episode.support_x)
    own = fitted(episode.support_x, episode.support_y)  # [tasks, d, 1]
    return episode.query_x @ pool.mT[torch.cdist(own.mT, pool.mT.unsqueeze(0)).squeeze(1).argmin(-1)].unsqueeze(-1)


_WHOSE = ("It reads the other queries with their y, and never its own: when all query_y change at once, you cannot "
          "tell whose y moved an answer. Ask about one query alone.")  # fmt: skip
_ONE_AT_A_TIME = "Look at every query, not at one of them: each alone, and then beside the others."
_ORDERS = "Try several orders, drawn at random."

#: A reader in a few words: what is true of it, the reader, and what is said to a test that is wrong about it.
MORE = {
    "that solves least squares": ("sound", by_least_squares, ""),
    "that holds weights down more than it need": ("sound", held_down, ""),
    "that takes 60 steps of gradient descent": ("sound", in_steps, ""),
    "that errs 1.8 times as much as bayes_line": (
        "sound", _wavy, "A sound one may err twice as much, and one that knows a pool errs four times as much or more: "
        "set the limit between the two, and take many tasks."),
    "whose answer is its own y to a tenth": ("own y", _peeks(0.1), "When y changes by 1, its answer changes by 0.1: is "
                                           "your change too small, or your tolerance too large?"),
    "that moves 0.05 towards its own y": ("own y", _sign, "Its answer changes by 0.1 at most, when y changes its "
                                          "side: a large change of y makes sure of that."),
    "that takes its own y into account where it is far off": (
        "own y", _when_far, "Most of its answers are sound. Try many tasks and every query, and a large change of y."),
    "that looks at its own y for the query in the middle": (
        "own y", in_the_middle, "All other queries are answered soundly. Change the y of every query, not of one of "
        "them."),
    "that reads the other queries' pairs": ("other queries", _without_own, _WHOSE),
    "that mixes in the answer before": ("other queries", _after_another(1), "The first query is answered soundly. "
                                        + _ONE_AT_A_TIME),
    "that mixes in the answer behind": ("other queries", _after_another(-1), "The last query is answered soundly. "
                                        + _ONE_AT_A_TIME),
    "that reads the last pair three times": ("order", _counted(lambda n: _at(n, -1)), "One pair counts more, the last. "
                                             + _ORDERS),
    "that counts the first pair a fifth more": (
        "order", _counted(lambda n: _at(n, 0, counts=1.2)), "One pair counts a little more, the first. " + _ORDERS
        + " And look at the largest difference: in a mean over tasks, ups and downs cancel."),
    "that reads the first and the last pair three times": (
        "order", _counted(lambda n: _at(n, 0, -1)), "Both ends count alike, so it answers the same when the order is "
        "turned round. " + _ORDERS),
    "that reads the last three pairs alone": (
        "order", _counted(lambda n: (torch.arange(n) >= n - 3).float()), "It errs more than ridge, too, since it "
        "forgets; but what is wrong is that the order decides which pairs count. " + _ORDERS),
    "that knows 16 tasks": ("pool", _pool(16, 1), ""),
    "that knows 96 tasks": ("pool", _pool(96, 4), "Now and then a task is like one that it knows: take many tasks. On "
                            "average it errs five times as much as bayes_line: is your limit higher?"),
    "that answers with the nearest of 8 tasks": ("pool", _nearest_of_pool, ""),
}  # fmt: skip
