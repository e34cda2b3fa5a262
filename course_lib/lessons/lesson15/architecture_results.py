"""How well predictors order the 125 cells on the 100 tasks to test on, each of them made three times or more.

`OMP_NUM_THREADS=1 python -m benchmarks.judged_cells` writes the table beside this file. The truth there is the mean of
the trainings 0 to 2 of the cell table; the trainings 3 to 5 of the same cells are judged as predictors are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.statistics import ci95
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("architecture_results.json")
MADE, DRAWN = (0, 1, 2), tuple(range(10))  # seeds of everything that is trained; of choices of other tasks
OTHERS = (1, 3, 10, 30, 100, 300)  # how many other tasks some predictors learn from
READ_OTHERS = (30, 100, 300)  # and the meta-learned ones
FROM_THE_TASK = ("random", "operations counted", "gradient norm", "NASWOT", "SynFlow", "weight sharing", "DARTS",
                 "ten steps")  # fmt: skip
FROM_OTHERS = ("mean over other tasks", "mean over its family", "meta-learned")
TRIED = 5  # cells
CEILINGS = ("one training", "two trainings", "three trainings")
TRAINED_HERE = (*((name, 0) for name in CEILINGS), ("five cells tried", OTHERS[-1]))  # name, and other tasks


@dataclass(frozen=True)
class Predicted:
    """One predictor, made once, and how it orders the cells of 100 tasks.

    Args:
        name: one of FROM_THE_TASK or FROM_OTHERS, which see no trained cell of the task; one of CEILINGS, all cells
            trained; or "five cells tried".
        others: how many other tasks it learned from; 0 for those that know the task alone.
        seed: of what it draws: first weights, which other tasks; of a ceiling, which trainings.
        tau: Kendall's tau-b with the truth on each task.
        lost: points of accuracy, of 100, that its first choice lies below the best cell of each task.
        seconds: of processor time on one thread: for the scores of 100 tasks, and for what it learns before.
        torch: with which version.
    """

    name: str
    others: int
    seed: int
    tau: list[float]
    lost: list[float]
    seconds: list[float]
    torch: str

    @property
    def identity(self) -> tuple[str, int, int]:
        """What tells this row from the others."""
        return self.name, self.others, self.seed


def planned() -> list[tuple[str, int, int]]:
    """Name, other tasks and seed of everything that the table holds, the most wanted first."""
    fixed = ("operations counted", "mean over other tasks", "mean over its family", "three trainings")  # no luck
    found = [(name, 0, seed) for name in FROM_THE_TASK for seed in MADE if seed == 0 or name not in fixed]
    found += [(name, OTHERS[-1], seed) for name in FROM_OTHERS for seed in MADE if seed == 0 or name not in fixed]
    found += [("mean over other tasks", others, seed) for others in OTHERS[:-1] for seed in DRAWN]
    found += [("meta-learned", others, seed) for others in READ_OTHERS[:-1] for seed in MADE]
    here = [(name, others, seed) for name, others in TRAINED_HERE for seed in MADE if seed == 0 or name not in fixed]
    return found + here


def read(path: Path | str = TABLE) -> dict[tuple[str, int, int], Predicted]:
    """The stored rows by `identity`."""
    return {row.identity: row for row in read_rows(Predicted, path)}


def write(rows: list[Predicted], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def numbers(found: dict, name: str, what: str = "tau", others: int | None = None) -> Tensor:
    """What was measured of a predictor on each task, `[times made, 100]`, float64, by seed.

    Args:
        what: "tau" or "lost". others: as in `Predicted`; by default the most that there is.
    """
    rows = sorted((row for row in found.values() if row.name == name), key=lambda row: row.seed)
    others = max(row.others for row in rows) if others is None else others
    return torch.tensor([getattr(row, what) for row in rows if row.others == others], dtype=torch.float64)


def mean_and_interval(measured: Tensor) -> tuple[float, float]:
    """The mean of `[times made, tasks]`, and half its 95 % interval over tasks, each a mean over makings."""
    of_tasks = measured.mean(0)
    return of_tasks.mean().item(), ci95(of_tasks)


def difference(found: dict, first: str, second: str, what: str = "tau") -> tuple[float, float, Tensor]:
    """How much higher `first` is than `second`, task by task, both with the most other tasks.

    Returns: the mean difference; half its 95 % interval over tasks, each a mean over makings; and the difference of
        each making of `first` to the mean of all makings of `second`, `[makings]`.
    """
    gaps = numbers(found, first, what) - numbers(found, second, what).mean(0)  # [makings, tasks]
    return *mean_and_interval(gaps), gaps.mean(1)
