"""What lesson 16 states of wrong labels, shifts, hands and a stream of scripts, each with three trainings.

`OMP_NUM_THREADS=1 python -m benchmarks.robustness` makes the table beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("robustness_results.json")
SEEDS = (0, 1, 2)
STEPS, TESTED, WAY, SHOT, QUERY = 250, 60, 5, 5, 10  # outer steps; test tasks, their classes, shots and queries
MIXED_UP = 150  # test tasks with wrong labels

#: What was trained: on ordinary hands, or in each step on one of `hands_and_shift.HANDS`, drawn at random.
TRAINED = ("ordinary hands", "all hands")
#: Learners of the stream, see `stream.py`.
STREAM = ("classifier", "classifier, replay", "prototypes, stale", "prototypes, kept drawings", "meta-trained before")


@dataclass(frozen=True)
class Measured:
    """One quantity, of one training.

    Args:
        part: "wrong label", "recall", "shift", "hands" or "stream".
        name: what exactly: see `robustness_results.names`.
        seed: of the training. All meet the same test tasks; a stream has an order of its own for each seed.
        scores: of each test task. "wrong label", "shift" and "hands": accuracy, a fraction. "recall": its change. Of a
            stream: what was right after each script, row by row, null for those that had not come yet.
        over: of "shift", by what answers were divided ("as trained", "temperature"): confidence minus accuracy of each
            test task.
        ece: of "shift", likewise: the expected calibration error, a fraction.
        torch: with which version.
    """

    part: str
    name: str
    seed: int
    scores: list[float | None]
    over: dict[str, list[float]]
    ece: dict[str, float]
    torch: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """What tells this row from the others."""
        return self.part, self.name, self.seed


def read(path: Path | str = TABLE) -> dict[tuple[str, str, int], Measured]:
    """The stored rows by `identity`."""
    return {row.identity: row for row in read_rows(Measured, path)}


def write(rows: list[Measured], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def names(found: dict, part: str) -> list[str]:
    """What the table holds of a part, in its order."""
    return list(dict.fromkeys(name for of, name, _ in found if of == part))


def values(found: dict, part: str, name: str) -> Tensor:
    """Scores `[trainings, tasks]`, float64, by seed; of "stream" `[trainings, stages, scripts]`, NaN where nothing is
    known yet."""
    rows = [found[key] for seed in SEEDS if (key := (part, name, seed)) in found]
    if not rows:
        raise ValueError(f"the table has no {name!r} in {part!r}; it has {', '.join(names(found, part))}.")
    numbers = [[float("nan") if score is None else score for score in row.scores] for row in rows]
    scores = torch.tensor(numbers, dtype=torch.float64)  # [trainings, tasks]
    return scores.unflatten(1, (-1, round(scores.shape[1] ** 0.5))) if part == "stream" else scores


def too_sure(found: dict, name: str, scale: str = "as trained") -> tuple[Tensor, Tensor]:
    """Of a shift: confidence minus accuracy `[trainings, tasks]`, and the calibration errors `[trainings]`."""
    rows = [found["shift", name, seed] for seed in SEEDS if ("shift", name, seed) in found]
    over = torch.tensor([row.over[scale] for row in rows], dtype=torch.float64)
    return over, torch.tensor([row.ece[scale] for row in rows], dtype=torch.float64)
