"""What `check` looks at in the greedy portfolio, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson15.checks_special import Through, special
from course_lib.lessons.lesson15.portfolio import portfolio


def _drawn(tasks: int, n: int, seed: int) -> Tensor:
    """Losses in 64ths, which are exact; settings differ on the whole, and by groups of tasks. No two are equal."""
    g = torch.Generator().manual_seed(seed)
    group = torch.rand(3, n, generator=g)[torch.arange(tasks) % 3]  # [tasks, n]
    scale = 2.0 ** (torch.arange(tasks) % 4 - 1).unsqueeze(1)  # tasks of several sizes, [tasks, 1]
    losses = 0.3 + 1.2 * group + 0.4 * torch.rand(tasks, n, generator=g) + 0.2 * torch.rand(n, generator=g)
    return (scale * (64 * losses).round() / 64).double()


@cache
def _cases() -> dict[str, tuple]:
    few = torch.tensor([[0.125, 0.25, 1.0], [0.125, 0.25, 1.0], [1.0, 0.8125, 0.125]], dtype=torch.float64)
    return {
        "three tasks and three settings, a list of 2": (few, 2),
        "six tasks and eight settings, a list of 3": (_drawn(6, 8, 40), 3),
        "nine tasks and seven settings with large losses, a list of 4": (64 * _drawn(9, 7, 25), 4),
        "eight tasks and eight settings, a list of 3": (_drawn(8, 8, 45), 3),
        "a list of one": (_drawn(5, 6, 7), 1),
    }


def _greedy(
    joined=lambda lowest, losses, chosen: torch.minimum(lowest, losses),
    over=lambda found: found.mean(0),
    keep=lambda lowest, losses, k: torch.minimum(lowest, losses[:, [k]]),
    begin=torch.inf,
    pick=lambda means: means.argmin().item(),
    twice=False,
    taken=torch.inf,
    first=lambda losses: [],
    table=lambda losses: losses,
    end=lambda chosen, means: chosen,
    steps=lambda length: length,
):
    """The portfolio once more, with places to go wrong.

    Args:
        joined: what a list with each setting added is worth on each task, `[tasks, n]`, of (lowest `[tasks, 1]`,
            losses, chosen); over: the score of each setting from that.
        keep: the lowest after setting k was added; begin: before the first.
        pick: of the scores; twice: whether a setting may come again; taken: the score of one that was chosen.
        first: those with which the list begins; table: the losses that are looked at.
        end: what is returned, of (chosen, their scores); steps: how many, of `length`.
    """  # fmt: skip

    def answer(losses, length):
        given = losses
        losses, chosen, scores = table(losses), [], []
        lowest = torch.full_like(losses[:, :1], begin)
        begun = first(given)
        for j in range(steps(length)):
            means = over(joined(lowest, losses, chosen))
            worst = taken if pick(torch.tensor([0.0, 1.0])) == 0 else -taken
            if not twice and chosen:
                means = means.clone()
                means[chosen] = worst
            k = begun[j] if j < len(begun) else pick(means)
            chosen.append(k)
            scores.append(means[k].item())
            lowest = keep(lowest, losses, k)
        return end(chosen, scores)

    return answer


def _taken_out(losses, length):
    chosen, lowest = [], torch.full_like(losses[:, :1], torch.inf)
    for _ in range(length):
        k = torch.minimum(lowest, losses).mean(0).argmin().item()
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, [k]])
        losses = torch.cat([losses[:, :k], losses[:, k + 1 :]], 1)
    return chosen


def _best_set(losses, length):
    sets = combinations(range(losses.shape[1]), length)
    return list(min(sets, key=lambda some: losses[:, list(some)].amin(1).mean().item()))


def _uncovered(losses, length):
    chosen, left = [], torch.arange(len(losses))
    for _ in range(length):
        means = losses[left].mean(0) if len(left) else losses.mean(0)
        means[chosen] = torch.inf
        chosen.append(means.argmin().item())
        left = left[losses[left].argmin(1) != chosen[-1]]
    return chosen


def _where_bad(bad):
    """After the first, the best on those tasks `[tasks]` on which the list is bad, of its lowest losses `[tasks]`."""

    def answer(losses, length):
        chosen = [losses.mean(0).argmin().item()]
        while len(chosen) < length:
            means = losses[bad(losses[:, chosen].amin(1))].mean(0)
            means[chosen] = torch.inf
            chosen.append(means.argmin().item())
        return chosen

    return answer


def _in_turn(losses, length):
    order = dict.fromkeys(losses.argmin(1).tolist() + list(range(losses.shape[1])))
    return list(order)[:length]


def _wins(losses, length):
    return (
        torch.bincount(losses.argmin(1), minlength=losses.shape[1])
        .argsort(descending=True, stable=True)[:length]
        .tolist()
    )


def _spread(losses: Tensor) -> Tensor:
    return (losses - losses.mean(1, keepdim=True)) / losses.std(1, keepdim=True)


_LOWEST = "Keep the lowest loss so far on each task, and look at torch.minimum(lowest so far, losses)."
_GREEDY = "Each next one is chosen *with* those before: the mean over tasks of the lowest loss so far."
_MISTAKES = [
    (lambda losses, length: losses.mean(0).argsort()[:length].tolist(), "these are the settings that are best on "
     "average, one by one. The second should help where the first fails. " + _LOWEST),
    (_greedy(keep=lambda lowest, losses, k: losses[:, [k]]), "only the setting before is kept in mind, not the best of "
     "*all* before. The lowest so far is torch.minimum(lowest, losses[:, k])."),
    (_greedy(pick=lambda means: means.argmax().item()), "the highest mean is taken. These are losses: argmin."),
    (lambda losses, length: losses.mean(0).argsort(descending=True)[:length].tolist(), "the highest mean is taken. "
     "These are losses, and the lowest is wanted."),
    (_greedy(joined=lambda lowest, losses, chosen: torch.maximum(lowest, losses), begin=-torch.inf,
             keep=lambda lowest, losses, k: torch.maximum(lowest, losses[:, [k]])), "the *highest* loss so far is "
     "kept. Of several trials we keep the best: torch.minimum."),
    *((_greedy(joined=lambda lowest, losses, chosen: torch.maximum(lowest, losses), begin=begin, over=over,
               keep=lambda lowest, losses, k: torch.maximum(lowest, losses[:, [k]]),
               pick=lambda means: means.argmax().item()), "losses are taken for something to make high: the highest so "
       "far is kept, and made as high as can be. Low is good: torch.minimum and argmin.")
      for begin in (0.0, -torch.inf) for over in (lambda found: found.mean(0), lambda found: found.amax(0))),
    (_greedy(keep=lambda lowest, losses, k: lowest if lowest.isfinite().all() else losses[:, [k]]), "only the *first* "
     "setting is kept in mind. The third is chosen with the first two: lowest = torch.minimum(lowest, losses[:, k])."),
    (_where_bad(lambda low: [low.argmax().item()]), "after the first, only the task on which the list is worst so far "
     "decides. The mean over *all* tasks counts. " + _LOWEST),
    *((_where_bad(bad), "after the first, only tasks on which the list is bad so far decide. What is lost or gained on "
       "all others counts too. " + _LOWEST) for bad in (
        lambda low: low >= low.mean(), lambda low: low >= low.median(), lambda low: low > low.median())),
    (_greedy(begin=0.0), "the lowest loss so far begins at 0, and nothing is below that. Before the first trial it is "
     "infinite."),
    *((_greedy(begin=b), f"the lowest loss so far begins at {b:g}, and some losses are above that. Before the first "
       "trial it is infinite.") for b in (1.0, 10.0)),
    (_greedy(taken=0.0), "the mean of a chosen setting becomes 0, which is the lowest of all: it comes again and "
     "again. Set it to infinity."),
    *((_greedy(taken=taken), "the mean of a chosen setting becomes a number that some means are above, so that it may "
       "come again. Set it to infinity.") for taken in (1.0, 2.0, 10.0)),
    (_greedy(over=lambda found: found.median(0).values), "the median over tasks is taken. The *mean* is wanted."),
    (_greedy(over=lambda found: found.amax(0)), "the worst task decides. The *mean* over tasks is wanted."),
    (_greedy(over=lambda found: found.amin(0)), "the easiest task decides. The *mean* over tasks is wanted."),
    (lambda losses, length: losses.amin(0).argsort()[:length].tolist(), "each setting is judged by its lowest loss on "
     "any task. The mean over tasks counts. " + _GREEDY),
    (lambda losses, length: _greedy()(losses.T, length), "tasks and settings are exchanged. losses is [tasks, n]: the "
     "mean over tasks is .mean(0)."),
    (_greedy(over=lambda found: found.mean(1)), "the mean is over settings. losses is [tasks, n]: the mean over tasks "
     "is .mean(0)."),
    (_wins, "it counts on how many tasks each is the best. How low the loss is counts: the mean over tasks. "
     + _GREEDY),
    (_in_turn, "each task gives its own best setting, in turn. " + _GREEDY),
    (_greedy(over=lambda found: -found.mean(0), joined=lambda lowest, losses, chosen: (losses < lowest).double()),
     "it counts on how many tasks a setting is better than the list. By *how much* counts, too: the mean of the "
     "lowest loss."),
    (_greedy(table=lambda losses: losses.argsort(1).argsort(1).double()), "the places of settings on each task are "
     "compared, not their losses."),
    *((_greedy(table=table), "each task's losses are rescaled before the mean is taken (by their spread, their lowest, "
       "or a logarithm). They are wanted as they are.") for table in (
        _spread, lambda losses: losses / losses.amin(1, keepdim=True), torch.log)),
    (_greedy(end=lambda chosen, means: sorted(chosen)), "the list is sorted. It is wanted in the order in which the "
     "settings were chosen."),
    (_best_set, "this is the best *set* of this size, among all sets. A list is wanted that is built one by one: the "
     "first is the best alone, and stays."),
    (_taken_out, "a chosen setting is taken out of the table, and then all that come after it have other indices. Keep "
     "the table, and set its mean to infinity."),
    (_uncovered, "tasks on which a chosen setting is the best of all are left out, and on the others what was chosen "
     "is forgotten. " + _LOWEST),
    (_greedy(first=lambda losses: [0]), "the list begins with setting 0. It begins with the lowest mean."),
    (_greedy(first=lambda losses: losses.mean(0).argsort()[:2].tolist()), "the first *two* are the best on average. "
     "Only the first is: the second is chosen with the first in mind."),
    (_greedy(first=lambda losses: _wins(losses, 1)), "the list begins with the setting that is best on most tasks. It "
     "begins with the lowest mean loss."),
    (_greedy(joined=lambda lowest, losses, chosen: losses if not chosen
             else -(losses - losses[:, chosen[:1]]).abs()), "after the first, those that differ most from it are "
     "taken, also where they are worse. " + _LOWEST),
    (_greedy(end=lambda chosen, means: means), "these are the means. The *indices* of the settings are wanted."),
    (_greedy(end=lambda chosen, means: list(zip(chosen, means, strict=True))), "pairs of index and mean are returned. "
     "The indices alone are wanted."),
    (_greedy(end=lambda chosen, means: [*reversed(chosen)]), "the list is the wrong way round: the first is to be "
     "tried first."),
    (_greedy(end=lambda chosen, means: chosen[-1]), "only the last index is returned. The whole list is wanted."),
    (_greedy(end=lambda chosen, means: chosen[0]), "only the first index is returned. The whole list is wanted."),
    (_greedy(end=lambda chosen, means: [k + 1 for k in chosen]), "the settings are counted from 1. Indices begin with "
     "0."),
    (_greedy(steps=lambda length: length - 1), "one setting is missing: `length` are wanted."),
    (_greedy(steps=lambda length: length + 1), "there is one setting too many: `length` are wanted."),
]  # fmt: skip


def _stops(losses, length, rest=None):
    """No more settings when none helps, or the rest in another order."""
    found, lowest = [], torch.inf
    for k in portfolio(losses, length):
        value = losses[:, [*found, k]].amin(1).mean().item()
        if not value < lowest:
            break
        found, lowest = [*found, k], value
    if rest is None:
        return found
    order = [k for k in rest(losses) if k not in found]
    return (found + order)[:length]


_TWICE = "a setting comes twice. When none helps any more, all are equally good: set the mean of those that were " \
         "chosen to infinity, so that the next index comes."  # fmt: skip
_LAST = "of several that are equally good it takes the last. The task says: the lowest index."
_NONE_HELPS = [
    (_greedy(pick=lambda means: len(means) - 1 - means.flip(0).argmin().item()), _LAST),
    (_greedy(twice=True), _TWICE),
    (lambda losses, length: (f := _stops(losses, length)) + [f[-1]] * (length - len(f)), _TWICE),
    (_stops, "the list ends where no setting helps any more. `length` settings are wanted: the lowest index comes "
     "next."),
    (lambda losses, length: _stops(losses, length, lambda losses: losses.mean(0).argsort(stable=True).tolist()), "when "
     "none helps any more, the rest comes in the order of its mean loss. Then all are equally good, and the task says: "
     "the lowest index."),
    (lambda losses, length: _stops(losses, length, lambda losses: list(range(losses.shape[1]))[::-1]), _LAST),
]  # fmt: skip


def _indices(found):
    """A list, also where they are a tensor or an array."""
    return found.tolist() if isinstance(found, Tensor | np.ndarray) and found.ndim == 1 else found


def judge_portfolio(call):
    """`portfolio`: several tables, equal settings, tables where nothing helps any more."""

    run = Through(call, lambda losses, length: _indices(call(losses, length)))
    try:
        compare(run, portfolio, _cases(), _MISTAKES)
        none_helps = torch.tensor([[0.5, 1.0, 0.25, 2.0, 0.75], [0.5, 0.125, 1.0, 1.5, 0.25]], dtype=torch.float64)
        one_wins = torch.tensor([[0.5, 0.75, 0.25, 1.5], [1.0, 2.0, 0.5, 0.75]], dtype=torch.float64)
        equal = torch.tensor([[3.0, 1.0, 1.0, 2.0], [2.0, 1.5, 1.5, 0.5]], dtype=torch.float64)
        special(run, portfolio, {"two settings that are equal on all tasks": (equal, 2)}, _NONE_HELPS[:1],
                "Of equal ones, the lowest index.")  # fmt: skip
        special(run, portfolio, {
            "two tasks, whose best settings are both in the list before it ends": (none_helps, 5),
            "a setting that is the best on all tasks": (one_wins, 3),
        }, _NONE_HELPS, "When none helps any more, the lowest index that is not in the list comes next.")  # fmt: skip
        special(run, portfolio, {"losses of float32 [40, 128], a list of 10": (_many(), 10)}, [], "This is a table as "
                "large as the lesson's.")  # fmt: skip
    except Problem as problem:
        raise Problem(_in_words(str(problem))) from None


@cache
def _many() -> Tensor:
    return _drawn(40, 128, 1).float()


def _in_words(said: str) -> str:
    said = re.sub(r"in returned value (\d+), the numbers differ: it should be (\S+), but it is (\S+)\.",
                  r"in place \1 of the list should be setting \2, but it is \3.", said)  # fmt: skip
    said = re.sub(r"in returned value (\d+),", r"in place \1 of the list,", said)
    return re.sub(r"it should return (\d+) things, but", r"it should return \1 indices, but", said)
