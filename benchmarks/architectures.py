"""Train every cell of lesson 15 on every task, three times or more: the table that the lesson calls the truth.

`OMP_NUM_THREADS=1 python -m benchmarks.architectures` writes cell_table.safetensors in the room of lesson 15 after each
cell; what stands there is not trained again. Some twenty minutes of one thread.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import torch

from course_lib.lessons.lesson15 import cell_table
from course_lib.lessons.lesson15.cell_table import (
    MORE_SEEDS,
    SEEDS,
    TABLE,
    TASKS,
    TESTED,
    UNKNOWN,
    empty,
    trained_anew,
)
from course_lib.lessons.lesson15.cells import CELLS

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.architectures"


#: What is trained side by side: trainings and tasks. Early parts let the lesson do with a table that is not whole.
PARTS = (((0,), range(TASKS)), (range(1, SEEDS), range(TESTED)), (range(SEEDS, SEEDS + MORE_SEEDS), range(TESTED)),
         (range(1, SEEDS), range(TESTED, TASKS)))  # fmt: skip


def train_table(path: Path):
    """Train what the table at `path` lacks, and store it after every cell."""
    torch.set_num_threads(1)
    table = cell_table.read(path) if path.exists() else empty()
    for seeds, tasks in PARTS:
        for cell in range(len(CELLS)):
            rows = [(table["all"][seed] if seed < SEEDS else table["more"][seed - SEEDS])[cell] for seed in seeds]
            if any((row[tasks.start : tasks.stop] == UNKNOWN).any() for row in rows):
                begun = time.process_time()
                for row, wrong in zip(rows, trained_anew(seeds, cell, tasks), strict=True):
                    row[tasks.start : tasks.stop] = wrong  # a view of the table
                cell_table.write(table, COMMAND, path)
                click.echo(f"trainings {[*seeds]}, cell {cell}: {time.process_time() - begun:.1f} s")


@click.command()
@click.option("--table", default=str(TABLE), show_default=True)
def main(table):
    """Measure what is missing and store it after every row."""
    train_table(Path(table))


if __name__ == "__main__":
    main()
