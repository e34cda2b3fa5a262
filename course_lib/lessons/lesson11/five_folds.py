"""What lesson 11 states of people beyond what it trains itself: three trainings, five folds, all ten people.

`OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson11.five_folds` measures what is missing in `five_folds.json`, and
stores it after each fold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import torch
from torch import Tensor

from course_lib.stored_rows import measure_missing, read_rows, write_rows
from course_lib.tasks.people import SIDES

TABLE = Path(__file__).with_name("five_folds.json")
COMMAND = "OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson11.five_folds"
SEEDS = (0, 1, 2)  # of the trainings: first weights, and which tasks come
PARTS = ("mirror", "right", "MAML")  # see `judged_people.py`; MAML is the slowest, and comes last
FOLDS = 5


@dataclass(frozen=True)
class Fold:
    """What the trainings of a part, with one seed, found for the two people that they did not see.

    Args:
        part: of the measurement.
        seed, fold: of the trainings, and who is tested.
        found: by what was asked, "scene; method; question", four percentages: left and right arm of the first person,
            and of the second. Of what is no accuracy of people, one number.
        seconds: of processor time on one thread, training and test, by part.
        torch: with which version.
    """

    part: str
    seed: int
    fold: int
    found: dict[str, list[float]]
    seconds: dict[str, float]
    torch: str


def planned() -> list[tuple[str, int, int]]:
    """Part, seed and fold of every row of the table."""
    every = [(part, seed, fold) for seed in SEEDS for part in PARTS for fold in range(FOLDS)]
    return sorted(every, key=lambda row: row[0] == "MAML")


def read(path: Path | str = TABLE) -> dict[tuple[str, int, int], Fold]:
    """The stored rows by part, seed and fold."""
    return {(row.part, row.seed, row.fold): row for row in read_rows(Fold, path)}


def write(rows: list[Fold], path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=COMMAND)


def trainings(found: dict, scene: str, method: str, asked: str, side: str | None = None) -> Tensor:
    """Accuracies in percent, `[3 trainings, 10 people]`, float64.

    Args:
        found: what `read` gave.
        scene, method, asked: see `judged_people`.
        side: "left" or "right"; `None` is the mean of a person's arms.
    """
    arms = _values(found, f"{scene}; {method}; {asked}").view(len(SEEDS), 2 * FOLDS, 2)  # [trainings, people, sides]
    return arms.mean(2) if side is None else arms[..., SIDES.index(side)]


def people(found: dict, scene: str, method: str, asked: str, side: str | None = None) -> Tensor:
    """One percentage a person, the mean of the three trainings: `[10]`. Arguments as in `trainings`."""
    return trainings(found, scene, method, asked, side).mean(0)


def number(found: dict, name: str) -> Tensor:
    """Of what is no accuracy of people: `[3 trainings, 5 folds]`. `name` is the whole key."""
    return _values(found, name).squeeze(-1)


def _values(found: dict, key: str) -> Tensor:
    """`[3 trainings, 5 folds, numbers]`."""
    rows = {place: row.found[key] for (_, *place), row in found.items() for place in [tuple(place)] if key in row.found}
    return torch.tensor([[rows[seed, fold] for fold in range(FOLDS)] for seed in SEEDS], dtype=torch.float64)


@click.command()
@click.option("--output", default=str(TABLE), show_default=True)
def main(output):
    """Measure what is missing, and store it after every fold."""
    from course_lib.lessons.lesson11.judged_people import judge

    measure_missing(read(output) if Path(output).exists() else {}, planned(),
                    lambda *identity: Fold(*identity, *judge(*identity), torch.__version__),
                    lambda rows: write(rows, output), lambda row: str(row.seconds))  # fmt: skip


if __name__ == "__main__":
    main()
