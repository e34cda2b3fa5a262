"""What lesson 15 states of searches beyond what it runs itself: three tables of tasks, each of another seed.

`OMP_NUM_THREADS=1 python -m benchmarks.search` writes the table beside this file, and the maps that are stored. The
settings of the strategies were chosen on the tasks of another seed (99).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Generator, Tensor

from course_lib.lessons.lesson15.settings import SETTINGS, Maps
from course_lib.lessons.lesson15.stopping_early import PLANS, full_trials, halve
from course_lib.lessons.lesson15.strategies import (
    STRATEGIES,
    LearnedPrior,
    chosen_of,
    make_all,
    of_each,
    regrets_of,
    searches,
)
from course_lib.statistics import ci95
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("search_results.json")
SEEDS = (101, 102, 103)  # none is that of the stored maps
OTHERS, NEW, TRIALS = 240, 60, 10  # tasks to remember, tasks to search, trials of a search
USUAL, FEW, MANY = 60, 10, 240  # how many of the others a search remembers
REPEATS = {"random": 20, "process from nothing": 5}  # searches of each task by strategies that draw
GRAIN = 1e-4  # nats; regrets are stored as whole numbers of it
#: The learned prior again: with the kernel alone as its covariance; and with losses above 0.8 as they are.
MEAN_ONLY, NOT_CUT = "learned prior, mean only", "learned prior, not cut"


@dataclass(frozen=True)
class Searched:
    """One way to search 60 new tasks of a seed.

    Args:
        part: "search", or "halving" for stopping early.
        name: one of STRATEGIES, MEAN_ONLY, NOT_CUT; or one of PLANS.
        seed: of all tasks.
        others: how many tasks it remembers; 0 if none.
        regret: of each task after each trial, `[tasks][trials]`, in GRAIN: means over repeats; "halving": at the end.
        test: of each task, the loss of 200 other points with the setting that was best, in GRAIN.
        price: full trials that one search costs.
        torch: with which version.
    """

    part: str
    name: str
    seed: int
    others: int
    regret: list[list[int]]
    test: list[int]
    price: float
    torch: str

    @property
    def identity(self) -> tuple[str, str, int, int]:
        """What tells this row from the others."""
        return self.part, self.name, self.seed, self.others


def planned() -> list[tuple[str, str, int, int]]:
    """Part, name, seed and number of others of everything that the table holds."""
    memory = [name for name in STRATEGIES if name not in REPEATS]
    found = [("search", name, 0) for name in REPEATS] + [("search", name, USUAL) for name in memory]
    found += [("search", name, others) for others in (FEW, MANY) for name in memory]
    found += [("search", name, USUAL) for name in (MEAN_ONLY, NOT_CUT)]
    found += [("halving", name, USUAL if plan.remembers else 0) for name, plan in PLANS.items()]
    return [(part, name, seed, others) for seed in SEEDS for part, name, others in found]


def measure(part: str, name: str, seed: int, others: int, maps_of: Callable[[int], Maps]) -> Searched:
    """One row, from `maps_of(seed)`: the first OTHERS tasks are those to remember, the rest is searched."""
    found, generator = maps_of(seed), Generator().manual_seed(seed)
    known, new = found.loss[:others], found[OTHERS:]
    if part == "halving":
        plan = PLANS[name]
        won, steps = halve(plan, new, known, generator, 1 if plan.remembers else REPEATS["random"])
        tried, price = won[..., None], full_trials(steps)  # [tasks, repeats, 1]
    else:
        tried, price = searches(_strategy(name, known), new.loss, TRIALS, generator, REPEATS.get(name, 1)), TRIALS
    test = of_each(new.test, chosen_of(tried, new.loss)[..., None]).mean((1, 2))  # [tasks]
    return Searched(part, name, seed, others, whole(regrets_of(tried, new.loss)), whole(test), price, torch.__version__)


def _strategy(name: str, known: Tensor):
    if name == MEAN_ONLY:
        return LearnedPrior(known, shrink=1.0)
    if name == NOT_CUT:
        return LearnedPrior(known, highest=torch.inf)
    return make_all(known if len(known) else torch.zeros(2, len(SETTINGS)))[name]


def whole(nats: Tensor) -> list:
    """In GRAIN."""
    return (nats / GRAIN).round().int().tolist()


def read(path: Path | str = TABLE) -> dict[tuple[str, str, int, int], Searched]:
    """The stored rows by `identity`."""
    return {row.identity: row for row in read_rows(Searched, path)}


def write(rows: list[Searched], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def _rows(found: dict, name: str, others: int | None) -> list[Searched]:
    if others is None:
        others = 0 if name in REPEATS or (name in PLANS and not PLANS[name].remembers) else USUAL
    rows = [row for row in found.values() if (row.name, row.others) == (name, others)]
    if not rows:
        raise KeyError(f"no row of {name!r} remembers {others} tasks.")
    return sorted(rows, key=lambda row: row.seed)


def regret(found: dict, name: str, others: int | None = None) -> Tensor:
    """Of all searches by name, `[seeds, tasks, trials]`, float64, nats; of stopping early `[seeds, tasks, 1]`.

    Args:
        others: how many tasks it remembers: 60 unless said, none of those that remember nothing.
    """
    return GRAIN * torch.tensor([row.regret for row in _rows(found, name, others)], dtype=torch.float64)


def fresh_loss(found: dict, name: str, others: int | None = None) -> Tensor:
    """Losses of 200 other points with the setting that the search chose at its end, `[seeds, tasks]`, float64, nats."""
    return GRAIN * torch.tensor([row.test for row in _rows(found, name, others)], dtype=torch.float64)


def mean_and_interval(numbers: Tensor) -> tuple[float, float]:
    """The mean of `[seeds, tasks]`, and half its 95 % interval over all tasks."""
    return numbers.mean().item(), ci95(numbers.flatten())


def difference(found: dict, first: str, second: str, trial: int = TRIALS, others: int | None = None):
    """How much more regret `first` has than `second` after a trial (from 1; stopping early: at its end), task by task.

    Returns: the mean difference in nats; half its 95 % interval over all tasks; the mean of each seed, `[seeds]`. Where
        the interval does not contain 0 and all seeds have one sign, the two can be told apart.
    """
    a, b = (regret(found, name, others if name in STRATEGIES and name not in REPEATS else None)
            for name in (first, second))  # fmt: skip
    gaps = a[..., min(trial, a.shape[2]) - 1] - b[..., min(trial, b.shape[2]) - 1]  # [seeds, tasks]
    return *mean_and_interval(gaps), gaps.mean(1)


def told_apart(mean: float, half: float, seeds: Tensor) -> bool:
    """Whether a `difference` is more than luck with the tasks: an interval without 0, and one sign for all seeds."""
    return abs(mean) > half and bool((seeds * mean > 0).all())
