"""Train the reports of lesson 16's failure cabinet, and read every instrument.

`OMP_NUM_THREADS=1 python -m benchmarks.failure_cabinet` writes cabinet_results.json in the room of lesson 16 after each
report; what stands there is not measured again.
"""

from __future__ import annotations

import time

import click
import torch

from benchmarks.missing import train_missing
from course_lib.lessons.lesson16 import cabinet_results
from course_lib.lessons.lesson16.cabinet import make_report
from course_lib.lessons.lesson16.cabinet_results import Opened
from course_lib.lessons.lesson16.instruments import INSTRUMENTS, headline, truth

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.failure_cabinet"


def measure(fault: str, seed: int) -> Opened:
    """One row of the table."""
    start = time.process_time()
    report = make_report(fault, seed)
    said = headline(report)
    found = {name: instrument.measure(report) for name, instrument in INSTRUMENTS.items()}
    told = truth(report)
    return Opened(
        fault, seed, (*said.values, said.half), {name: list(reading.values) for name, reading in found.items()},
        {name: reading.half for name, reading in found.items()}, told, round(time.process_time() - start, 1),
        torch.__version__,
    )  # fmt: skip


@click.command()
@click.option("--output", default=str(cabinet_results.TABLE), show_default=True)
def main(output):
    """Measure what is missing and store it after every row."""
    train_missing(cabinet_results, cabinet_results.planned(), measure, COMMAND, output,
                  lambda row: f"{row.headline[0]} {row.readings} truth {row.truth}")  # fmt: skip


if __name__ == "__main__":
    main()
