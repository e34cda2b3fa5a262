"""What every instrument shows of every report in the failure cabinet, four trainings of each. A stored table.

`OMP_NUM_THREADS=1 python -m benchmarks.failure_cabinet` writes the table beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.lessons.lesson16.cabinet import FAULTS
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("cabinet_results.json")
SEEDS = (0, 1, 2, 3)
FITTED = (0, 1, 2)  # the limits in `diagnose` were chosen with these trainings in view; the others came afterwards


@dataclass(frozen=True)
class Opened:
    """One report, and all that can be read of it, in percent.

    Args:
        fault: a key of FAULTS.
        seed: of the training.
        headline: the accuracy that the report gives, and half its 95 % interval over tasks.
        readings: by instrument, a key of INSTRUMENTS: one number, or two, the worst- and the best-served person's.
        halves: by instrument, half the 95 % interval of the first one over tasks; 0 where characters were counted.
        truth: what the reader should have been told.
        seconds: of processor time on one thread, for training and readings.
        torch: with which version.
    """

    fault: str
    seed: int
    headline: tuple[float, float]
    readings: dict[str, list[float]]
    halves: dict[str, float]
    truth: float
    seconds: float
    torch: str

    @property
    def identity(self) -> tuple[str, int]:
        """What tells this row from the others."""
        return self.fault, self.seed


def planned() -> list[tuple[str, int]]:
    """Fault and seed of every row."""
    return [(fault, seed) for seed in SEEDS for fault in FAULTS]


def read(path: Path | str = TABLE) -> dict[tuple[str, int], Opened]:
    """The stored rows by fault and seed."""
    return {row.identity: row for row in read_rows(Opened, path)}


def write(rows: list[Opened], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def reading(found: dict, fault: str, instrument: str, which: int = 0) -> Tensor:
    """What an instrument shows of the trainings with this fault: `[trainings]`, float64, percent.

    Args:
        found: as `read()` gives it.
        fault: a key of FAULTS. instrument: a key of INSTRUMENTS.
        which: of "people", 0 for the worst-served person, 1 for the best-served.
    """
    return torch.tensor([found[fault, seed].readings[instrument][which] for seed in SEEDS], dtype=torch.float64)


def headlines(found: dict, fault: str) -> Tensor:
    """What the reports say: `[trainings]`, float64, percent."""
    return torch.tensor([found[fault, seed].headline[0] for seed in SEEDS], dtype=torch.float64)


def truths(found: dict, fault: str) -> Tensor:
    """What they should have said: `[trainings]`, float64, percent."""
    return torch.tensor([found[fault, seed].truth for seed in SEEDS], dtype=torch.float64)


#: The decision by rules: the first that holds names the fault. In words, for a checklist.
RULES = (
    ("leak", "a test character was seen in training"),
    ("transduction", "asked class by class, it falls by 10 points or more"),
    ("cue", "with margins painted over, it falls by 10 points or more"),
    ("elsewhere", "training and test drawings are told apart 80 times in 100 or more"),
    ("few tasks", "it is 18 points better or more on its training tasks"),
    ("unfair", "the worst-served person lies 45 points or more below the best-served"),
    ("mislabelled", "the shots agree with each other 10 points less often than the answers are right"),
    ("healthy", "none of these"),
)


def diagnose(headline: float, readings: Mapping[str, list[float]]) -> str:
    """The fault that the instruments tell of, by RULES.

    Args:
        headline: the accuracy that a report gives, percent.
        readings: by instrument, as in `Opened`; all of them but "fresh", which no rule needs.
    """
    gap = {name: headline - values[0] for name, values in readings.items()}
    holds = (
        readings["overlap"][0] > 0, gap["company"] >= 10, gap["margin"] >= 10, readings["apart"][0] >= 80,
        gap["training"] <= -18, readings["people"][1] - readings["people"][0] >= 45, gap["shots"] >= 10, True,
    )  # fmt: skip
    return next(fault for (fault, _), true in zip(RULES, holds, strict=True) if true)
