"""Tables of trainings that a lesson reads and does not repeat: JSON with a row a line, so that a change can be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

import click
import torch


def read_rows(kind: type, path: Path | str) -> list:
    """The stored rows, each an instance of the data class `kind`."""
    return [kind(**row) for row in json.loads(Path(path).read_text(encoding="utf-8"))["rows"]]


def write_rows(rows: Iterable, path: Path | str, **head):
    """Store rows, instances of a data class, behind the entries of `head`, such as the command that made them. The old
    table stands until the new one is whole."""
    path = Path(path)
    lines = ",\n".join(json.dumps(asdict(row), separators=(",", ":")) for row in rows)
    entries = "".join(f"{json.dumps(name)}:{json.dumps(entry)},\n" for name, entry in head.items())
    partial = path.with_name(path.name + ".partial")
    partial.write_text(f'{{{entries}"rows":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")
    partial.replace(path)


def measure_missing(known: dict, planned: Iterable[tuple], measure: Callable, store: Callable[[list], None],
                    said: Callable[[object], str]):  # fmt: skip
    """Measure what is not known yet, on one thread, and store all after each: a run that was cut goes on there.

    Args:
        known: rows by identity; those that are measured are put there.
        planned: identities.
        measure: gives the row of an identity, taken apart.
        store: keeps rows.
        said: what to print of a row.
    """
    torch.set_num_threads(1)
    for identity in planned:
        if identity not in known:
            known[identity] = made = measure(*identity)
            click.echo(f"{identity}: {said(made)}")
            store(list(known.values()))
