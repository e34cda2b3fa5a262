"""What the scripts of stored trainings have in common: go on where a cut run stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course_lib.stored_rows import measure_missing


def train_missing(table, planned: Iterable[tuple], train: Callable, command: str, output: str | Path,
                  said: Callable[[object], str]):  # fmt: skip
    """Train what the table at `output` lacks, on one thread, and store it after every training.

    Args:
        table: the module of the table, with its `read(path)`, by identity, and `write(trainings, command, path)`.
        planned: identities.
        train: gives the training of an identity, taken apart.
        command: how the table is made.
        said: what to print of a training.
    """
    known = table.read(output) if Path(output).exists() else {}
    measure_missing(known, planned, train, lambda rows: table.write(rows, command, output),
                    lambda made: f"{said(made)} in {made.seconds} s")  # fmt: skip
