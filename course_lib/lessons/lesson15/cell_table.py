"""The truth about the 125 cells: what every one of them reaches on 400 tasks, trained three times or more on each.

`OMP_NUM_THREADS=1 python -m benchmarks.architectures` writes the table beside this file, and trains what it lacks only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor

from course_lib.lessons.lesson15.cells import CELLS, JUDGED_ON, CellTasks, draw_tasks, errors, start, train_cell

TABLE = Path(__file__).with_name("cell_table.safetensors")
TASKS, TESTED = 400, 100  # all tasks; the first 100 are to test on, the others to learn from
SEEDS, MORE_SEEDS = 3, 3  # trainings of each cell on each task; and more of them on the tasks to test on
UNKNOWN = 255  # in the table: not trained yet. Nothing else gets that many of the 256 points wrong.


@cache
def table_tasks() -> CellTasks:
    """The 400 tasks of the table, in its order."""
    return draw_tasks(TASKS, seed=0)


def tested_tasks() -> CellTasks:
    """The 100 tasks that predictors are judged on."""
    return table_tasks()[:TESTED]


def other_tasks() -> CellTasks:
    """The 300 tasks that predictors may learn from."""
    return table_tasks()[TESTED:]


def trained_anew(seeds: list[int] | range, cell: int, tasks: list[int] | range) -> Tensor:
    """Wrong answers of a cell, trained from the starts that trainings of the table have, `[seeds, tasks]`.

    Args:
        seeds: which of the trainings, of 0 to 5. cell: its number in CELLS. tasks: numbers of tasks of the table.
    """
    tasks = list(tasks)
    starts = [start(TASKS, Generator().manual_seed(1000 * (seed + 1) + cell)) for seed in seeds]
    weights = [torch.cat([w[tasks] for w in parts]) for parts in zip(*starts, strict=True)]  # [seeds * tasks, ...]
    some = table_tasks()[tasks * len(starts)]
    trained = train_cell(weights, some.x, some.y, CELLS[cell])
    return errors(trained, some, CELLS[cell]).unflatten(0, (len(starts), len(tasks)))


def empty() -> dict[str, Tensor]:
    """A table in which nothing is known."""
    kinds = {"all": (SEEDS, len(CELLS), TASKS), "more": (MORE_SEEDS, len(CELLS), TESTED)}
    return {name: torch.full(shape, UNKNOWN, dtype=torch.uint8) for name, shape in kinds.items()}


def read(path: Path | str = TABLE) -> dict[str, Tensor]:
    """The stored counts of wrong answers, uint8: "all" `[3, 125, 400]` and "more" `[3, 125, 100]`."""
    return load_file(path)


def write(table: dict[str, Tensor], command: str, path: Path | str = TABLE):
    """Store the counts with the command that made them; the old table stands until the new one is whole."""
    partial = Path(path).with_name(Path(path).name + ".partial")
    save_file(table, partial, {"command": command, "torch": torch.__version__})
    partial.replace(path)


@cache
def stored() -> dict[str, Tensor]:
    """The table that ships."""
    return read()


def accuracies(counts: Tensor) -> Tensor:
    """The share of right answers, float64, from counts of wrong ones; a training that is not there gives nan."""
    return torch.where(counts == UNKNOWN, torch.nan, 1 - counts.double() / JUDGED_ON)


def tested_accuracies() -> Tensor:
    """Accuracies of six trainings of each cell on the tasks to test on, `[6, 125, 100]`, fractions."""
    table = stored()
    return accuracies(torch.cat([table["all"][:, :, :TESTED], table["more"]]))


def other_accuracies() -> Tensor:
    """Accuracies of three trainings of each cell on the tasks to learn from, `[3, 125, 300]`, fractions."""
    return accuracies(stored()["all"][:, :, TESTED:])
