"""Search what lesson 15 does not search itself: its stored table of regrets, and the maps that are stored.

`OMP_NUM_THREADS=1 python -m benchmarks.search` writes search_results.json and search_maps.safetensors in the room of
lesson 15; what stands there is not made again. About a minute a seed, on one thread.
"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

import click
import torch

from course_lib.lessons.lesson15 import search_results
from course_lib.lessons.lesson15.search_results import NEW, OTHERS, Searched
from course_lib.lessons.lesson15.settings import STORED, STORED_SEED, STORED_TASKS, Maps, maps, store
from course_lib.stored_rows import measure_missing

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.search"


@lru_cache(maxsize=1)
def maps_of(seed: int) -> Maps:
    """All tasks of a seed: to remember, and to search."""
    return maps(OTHERS + NEW, seed)


def measure(part: str, name: str, seed: int, others: int) -> Searched:
    """One row of the table."""
    return search_results.measure(part, name, seed, others, maps_of)


def said(row: Searched) -> str:
    """The mean regret after the first trial and at the end, thousandths of a nat."""
    regret = torch.tensor(row.regret) * (1000 * search_results.GRAIN)
    return f"{regret[:, 0].mean():.1f}, {regret[:, -1].mean():.1f}"


@click.command()
@click.option("--output", default=str(search_results.TABLE), show_default=True)
def main(output):
    """Measure what is missing and store it after every row."""
    if not STORED.exists():
        start = time.process_time()
        found = maps(STORED_TASKS, STORED_SEED)
        store(found, command=COMMAND, seconds=f"{time.process_time() - start:.1f}", torch=torch.__version__)
    known = search_results.read(output) if Path(output).exists() else {}
    measure_missing(known, search_results.planned(), measure,
                    lambda rows: search_results.write(rows, COMMAND, output), said)  # fmt: skip


if __name__ == "__main__":
    main()
