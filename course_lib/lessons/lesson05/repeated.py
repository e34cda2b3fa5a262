"""Stored trainings of lesson 05: what one training cannot tell, since another draw of weights tells another story.

`python -m benchmarks.maml_family` trains them and writes the table beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.learners import MAML, MAMLPlusPlus, Reptile
from course_lib.tasks import Sinusoids

TABLE = Path(__file__).with_name("repeated.json")
SEEDS = (0, 1, 2, 3, 4)  # of the trainings: first weights, and which tasks come
STUDENT = 2.78  # in place of 1.96 for the mean of five numbers: Student's t, 95 %

#: Section 4: what is trained, by its name in tables: a function of a network, and outer steps.
VARIANTS: dict[str, tuple[Callable[[nn.Module], MAML], int]] = {
    "MAML": (lambda net: MAML(net, 5, 0.01), 300),
    "first order": (lambda net: MAML(net, 5, 0.01, order=1), 300),
    "first order, MAML's time": (lambda net: MAML(net, 5, 0.01, order=1), 450),  # see `time_of`
    "Reptile": (lambda net: Reptile(net, 5, 0.01, batch=None), 300),
    "ANIL": (lambda net: MAML(net, 5, 0.01, adapts="head"), 300),
    "Meta-SGD, 1 step": (lambda net: MAMLPlusPlus(net, 1, 0.01, rates="weight"), 300),
    "MAML, 1 step of 0.05": (lambda net: MAML(net, 1, 0.05), 300),  # a control: one step, as long as five of 0.01
}

#: Section 6: on how many curves (None: new ones at every step), and with which cure.
OVERFITTED: dict[str, tuple[int | None, dict[str, float]]] = {
    "ten curves": (10, {}),
    "and weight decay 0.3": (10, {"decay": 0.3}),
    "and dropout 0.1": (10, {"dropout": 0.1}),
    "and a pull of 10": (10, {"pull": 10.0}),
    "a hundred curves": (100, {}),
    "new curves at every step": (None, {}),
}
SHORT, LONGER = 350, (1400, 5600)  # outer steps of section 6; the longer ones without the cures
LONG_ONES = ("ten curves", "a hundred curves", "new curves at every step")


@dataclass(frozen=True)
class Training:
    """One training and what came of it.

    Args:
        name: a key of VARIANTS or of OVERFITTED.
        steps: outer steps.
        seed: of first weights and of tasks. All are judged by the same new curves.
        errors: mean squared error over tasks, by what was asked: "after 5", "the head", "new points", ...
        seconds: processor time on one thread: of the training alone for VARIANTS, with its judging for OVERFITTED.
            Where a training went on from a shorter one, of the rest.
        date, torch: when, and with which version.
    """

    name: str
    steps: int
    seed: int
    errors: dict[str, float]
    seconds: float
    date: str
    torch: str

    @property
    def identity(self) -> tuple[str, int, int]:
        """What tells this training from the others."""
        return self.name, self.steps, self.seed


def planned() -> list[tuple[str, int, int]]:
    """The name, outer steps and seed of every training that the table holds."""
    short = [(name, steps) for name, (_, steps) in VARIANTS.items()] + [(name, SHORT) for name in OVERFITTED]
    long = [(name, steps) for name in LONG_ONES for steps in LONGER]
    return [(name, steps, seed) for part in (short, long) for seed in SEEDS for name, steps in part]


def read(path: Path | str = TABLE) -> dict[tuple[str, int, int], Training]:
    """The stored trainings by `(name, steps, seed)`."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))["trainings"]
    return {made.identity: made for made in (Training(**row) for row in rows)}


def write(trainings: list[Training], command: str, path: Path | str = TABLE):
    """Store them, one training a line; the old table stands until the new one is whole."""
    rows = ",\n".join(json.dumps(asdict(t), separators=(",", ":")) for t in trainings)
    partial = Path(path).with_name(Path(path).name + ".partial")
    partial.write_text(f'{{"command":{json.dumps(command)},\n"trainings":[\n{rows}\n]}}\n', encoding="utf-8",
                       newline="\n")  # fmt: skip
    partial.replace(path)


def errors(found: dict, name: str, what: str, steps: int | None = None) -> Tensor:
    """`[trainings]`, float64: an error of every stored training of `name`, in the order of SEEDS.

    Args:
        found: what `read` gave.
        name: a key of VARIANTS or of OVERFITTED.
        what: which error.
        steps: outer steps; the shortest training of that name when `None`.
    """
    steps = steps or (VARIANTS[name][1] if name in VARIANTS else SHORT)
    return torch.tensor([found[name, steps, seed].errors[what] for seed in SEEDS], dtype=torch.float64)


def time_of(found: dict, name: str) -> Tensor:
    """`[trainings]` seconds of processor time of the trainings of `name`, one of VARIANTS."""
    return torch.tensor([found[name, VARIANTS[name][1], seed].seconds for seed in SEEDS], dtype=torch.float64)


def over_trainings(values: Tensor) -> tuple[float, float]:
    """The mean of five trainings, and half its 95 % interval over *trainings*."""
    return values.mean().item(), STUDENT * values.std().item() / math.sqrt(len(values))


def new_curves(n: int = 300, seed: int = 1000) -> Episode:
    """The test tasks of sections 4 and 6."""
    return Sinusoids(shot=10, query=100).sample(n, torch.Generator().manual_seed(seed))


@torch.no_grad()
def errors_after(learner: MAML, test: Episode, steps=(1, 5, 10)) -> dict[int, Tensor]:
    """Mean squared error `[tasks]` on the queries, after so many adaptation steps."""
    path = learner.path(test.support_x, test.support_y, max(steps))
    return {k: (learner.predict(path[k], test.query_x) - test.query_y).square().mean((1, 2)) for k in steps}
