"""What the scripts of stored trainings have in common: go on where a cut run stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
import torch


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
    torch.set_num_threads(1)
    known = table.read(output) if Path(output).exists() else {}
    for identity in planned:
        if identity not in known:
            known[identity] = made = train(*identity)
            click.echo(f"{identity}: {said(made)} in {made.seconds} s")
            table.write(list(known.values()), command, output)
