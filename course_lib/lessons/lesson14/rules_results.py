"""What lesson 14 states of update rules beyond what it trains itself: learned ones with 1 and 10 times the training,
tuned ones, and the LSTM on quadratics, each made three times or more.

`OMP_NUM_THREADS=1 python -m benchmarks.training_rules` writes the table beside this file, and the rule that ships.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.lessons.lesson14.learned_rule import CUT, OUTER, STEPS
from course_lib.lessons.lesson14.tuned_classics import CLASSICS
from course_lib.statistics import ci95
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("rules_results.json")
SEEDS, TEN = (0, 1, 2), tuple(range(10))
TESTED, TUNED_ON = 100, 32  # problems: to judge, the same for all; and to choose a rate on, others for each seed
TEST, TUNING = 1000, 2000  # seeds of problems that no meta-training sees

#: What a rule is judged on: steps, and what `SmallNetworks` takes. Data, and the points of each step, are the same.
WORLDS = {
    "as trained": (STEPS, {}),
    "longer": (5 * STEPS, {}),
    "ReLU": (STEPS, {"activation": "relu"}),
    "wider": (STEPS, {"hidden": 40}),
}
#: Learned rules: trainings of 16 problems, steps that the outer gradient goes through, and seeds.
RECIPES = {"learned": (OUTER, CUT, TEN), "learned, 10 times": (10 * OUTER, CUT, SEEDS)}
#: The LSTM on quadratics: trainings of 64 problems. It is judged after 100 steps.
LSTM_OUTER = 30


@dataclass(frozen=True)
class Judged:
    """One rule, made once, and what it does to 100 test problems.

    Args:
        part: "networks"; "tuned there", classics whose rate falls, chosen in each other world; or "quadratics".
        name: a key of RECIPES; one of CLASSICS; on quadratics "LSTM" and "conjugate gradients" too.
        seed: of the meta-training and the first weights, or of the problems that a rate was chosen on.
        ends: the loss of each test problem at the end, by world. In part "networks" a classic has the rate that was
            best as trained in all worlds. On quadratics: "as trained"; conjugate gradients "10 steps", and
            "10 steps, 32 bits".
        curve: the mean over test problems before each step and after the last, as trained ("tuned there": with ReLU).
        rates: of classics, by world those that were chosen.
        outer: trainings that a learned rule learned from; 0 for others.
        seconds: of processor time on one thread, to make it: meta-training (its share, where rules of several seeds are
            trained side by side), or the choice of rates.
        torch: with which version.
    """

    part: str
    name: str
    seed: int
    ends: dict[str, list[float]]
    curve: list[float]
    rates: dict[str, float]
    outer: int
    seconds: float
    torch: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """What tells this row from the others."""
        return self.part, self.name, self.seed


def planned() -> list[tuple[str, str, int]]:
    """Part, name and seed of everything that the table holds, the most wanted first."""
    found = [("networks", "learned", seed) for seed in TEN]
    found += [("networks", name, seed) for name in CLASSICS for seed in SEEDS]
    found += [("networks", "learned, 10 times", seed) for seed in SEEDS]
    found += [("quadratics", name, seed) for name in CLASSICS for seed in SEEDS]
    found += [("quadratics", "conjugate gradients", 0)]
    found += [("tuned there", name, seed) for name in CLASSICS if name.endswith("falling") for seed in SEEDS]
    return found + [("quadratics", "LSTM", seed) for seed in SEEDS]


def read(path: Path | str = TABLE) -> dict[tuple[str, str, int], Judged]:
    """The stored rows by `identity`."""
    return {row.identity: row for row in read_rows(Judged, path)}


def write(rows: list[Judged], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def ends(found: dict, name: str, world: str = "as trained", part: str = "networks") -> Tensor:
    """Losses at the end, `[times made, problems]`, float64, by seed: see `Judged`."""
    rows = sorted((row for row in found.values() if (row.part, row.name) == (part, name)), key=lambda row: row.seed)
    return torch.tensor([row.ends[world] for row in rows], dtype=torch.float64)


def mean_and_interval(losses: Tensor) -> tuple[float, float]:
    """The mean of `[times made, problems]`, and half its 95 % interval over problems, each a mean over makings."""
    of_problems = losses.mean(0)
    return of_problems.mean().item(), ci95(of_problems)


def difference(found: dict, first: str, second: str, world: str = "as trained", part: str = "networks"):
    """How much higher the rule `first` of networks ends than `second` of this part, problem by problem.

    Returns: the mean difference; half its 95 % interval over problems, each a mean over makings; and the difference of
        each making of `first` to the mean of all makings of `second`, `[makings]`.
    """
    gaps = ends(found, first, world) - ends(found, second, world, part).mean(0)  # [makings, problems]
    return *mean_and_interval(gaps), gaps.mean(1)
