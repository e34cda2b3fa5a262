"""Stored trainings of lesson 13: walkers and recurrent policies, with three seeds or ten.

`python -m benchmarks.acting` trains them and writes the table beside this file, and the policies that ship.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.lessons.lesson13.walkers import WALKERS
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("rl_results.json")
SEEDS, TEN = (0, 1, 2), tuple(range(10))


@dataclass(frozen=True)
class Run:
    """One training and what came of it.

    Args:
        part: "walkers" or "policies".
        name: a key of WALKERS or "random start"; a key of RECIPES, or "informative, 0.05" for that bonus.
        seed: of the training. All are judged on the same tasks.
        values: what was measured, by name.
            Walkers: "returns" before adapting and after 1, 2, 3 steps of 20 trajectories, on 100 new goals, "ci", half
            the 95 % intervals over goals, and "lr", the inner rate: for "random start" and "pretrained" the best of six
            on other goals.
            Policies: "reward" of a life, always choosing what is most probable, with "ci" over 20,000 lives; "sampled",
            choosing by chance; "value": exact optimum less what 4,000 lives give away (`given_away`), with "value ci";
            "first": how often each action is the first. Grid: "episodes", "sampled", and "wiped": the reward of each
            episode, the last with the memory wiped between them.
        seconds: of processor time on one thread, for training.
        date, torch: when, and with which version.
    """

    part: str
    name: str
    seed: int
    values: dict
    seconds: float
    date: str
    torch: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """What tells this training from the others."""
        return self.part, self.name, self.seed


def planned() -> list[tuple[str, str, int]]:
    """Part, name and seed of everything that the table holds."""
    found = [("walkers", name, seed) for seed in SEEDS for name in (*WALKERS, "random start")]
    found += [("policies", name, 0) for name in ("informative, 0.2", "safe", "grid")]
    found += [("policies", name, seed) for name in ("safe", "grid") for seed in SEEDS[1:]]
    found += [("policies", f"informative, {bonus}", seed) for seed in TEN for bonus in (0.2, 0.05)
              if (bonus, seed) != (0.2, 0)]  # fmt: skip
    return found


def read(path: Path | str = TABLE) -> dict[tuple, Run]:
    """The stored trainings by `identity`."""
    return {run.identity: run for run in read_rows(Run, path)}


def write(runs: list[Run], command: str, path: Path | str = TABLE):
    """Store them, one training a line; the old table stands until the new one is whole."""
    write_rows(runs, path, command=command)


def values(found: dict, part: str, name: str, asked: str) -> Tensor:
    """One of the `values` of every training of a name, `[trainings, ...]`, float64, by seed.

    Args:
        found: what `read` gave.
        part, name, asked: as in `Run`.
    """
    rows = sorted((run.seed, run.values[asked]) for run in found.values() if (run.part, run.name) == (part, name))
    return torch.tensor([value for _, value in rows], dtype=torch.float64)
