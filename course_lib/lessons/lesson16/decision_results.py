"""What to use when: ways to learn from a few drawings against the training characters there are, the shots and the
seconds, each trained three times.

`OMP_NUM_THREADS=1 python -m benchmarks.decisions` makes the table beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.statistics import ci95
from course_lib.stored_rows import read_rows, write_rows

TABLE = Path(__file__).with_name("decision_results.json")
SEEDS = (0, 1, 2)
CLASSES = (16, 128, 1024)  # training characters, of each 20 drawings; drawn by the seed
SHOTS = (1, 5, 20)  # of a test task; for 20 the learner that was trained for 5 is taken
TESTED, WAY, QUERY = 60, 5, 15  # tasks, the same for all; classes in one, and queries of a class

#: Training steps of each learner that meta-learns or pretrains, by shots of a training task: about as many seconds.
STEPS = {
    "pretrained": {0: 500},
    "prototypical": {1: 560, 5: 400},
    "first-order MAML": {1: 88, 5: 56},
    "MAML": {1: 56, 5: 32},
}
#: What answers a test task, by what it was trained as; "" is not trained on other characters at all.
ANSWERS = {
    "": ("nearest pixels", "from scratch"),
    "pretrained": ("pretrained, nearest mean", "pretrained, linear layer"),
    "prototypical": ("prototypical",),
    "first-order MAML": ("first-order MAML",),
    "MAML": ("MAML",),
}
NAMES = tuple(name for names in ANSWERS.values() for name in names)


@dataclass(frozen=True)
class Decision:
    """One learner, trained once, and how it does on 60 tasks of scripts that it has not seen.

    Args:
        name: one of NAMES.
        classes: training characters; 0 if it needs none.
        shot: examples of a class, in a test task.
        part: of its training steps that were done: 0.25 or 1.0; 0 if there are none.
        seed: of first weights, of the training characters and of their tasks. All meet the same test tasks.
        scores: accuracy of each test task, a fraction.
        steps: outer steps done.
        seconds: of processor time on one thread, for these steps.
        test_seconds: of processor time for one test task, adapting and answering 75 queries; a mean.
        torch: with which version.
    """

    name: str
    classes: int
    shot: int
    part: float
    seed: int
    scores: list[float]
    steps: int
    seconds: float
    test_seconds: float
    torch: str

    @property
    def identity(self) -> tuple[str, int, int, float, int]:
        """What tells this row from the others."""
        return self.name, self.classes, self.shot, self.part, self.seed


def planned() -> list[tuple[str, int, int, int]]:
    """Trained as, training characters, training shots and seed of every training, a whole seed before the next."""
    found = []
    for seed in SEEDS:
        found.append(("", 0, 0, seed))
        for classes in CLASSES:
            found += [(kind, classes, shot, seed) for kind, steps in STEPS.items() for shot in steps]
    return found


def identities(kind: str, classes: int, shot: int, seed: int) -> list[tuple[str, int, int, float, int]]:
    """The rows that a training of `planned` gives."""
    shots = {0: SHOTS, 1: (1,), 5: (5, 20)}[shot]
    parts = (0.25, 1.0) if kind else (0.0,)
    return [(name, classes, tested, part, seed) for part in parts for tested in shots for name in ANSWERS[kind]]


def read(path: Path | str = TABLE) -> dict[tuple, Decision]:
    """The stored rows by `identity`."""
    return {row.identity: row for row in read_rows(Decision, path)}


def write(rows: list[Decision], command: str, path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=command)


def scores(found: dict, name: str, shot: int, classes: int = 1024, part: float = 1.0) -> Tensor:
    """Accuracies `[trainings, tasks]`, fractions, float64, by seed; of what needs no training characters for any."""
    if name in ANSWERS[""]:
        classes, part = 0, 0.0
    rows = [found[key] for seed in SEEDS if (key := (name, classes, shot, part, seed)) in found]
    if not rows:
        raise ValueError(f"the table has no row of {name!r} with {classes} characters, {shot} shots, part {part}.")
    return torch.tensor([row.scores for row in rows], dtype=torch.float64)


def accuracy(found: dict, name: str, shot: int, classes: int = 1024, part: float = 1.0) -> tuple[float, float]:
    """The mean in percent, and half its 95 % interval over tasks, each a mean over trainings."""
    of_tasks = 100 * scores(found, name, shot, classes, part).mean(0)  # [tasks]
    return of_tasks.mean().item(), ci95(of_tasks)


def lead(found: dict, first: str, second: str, shot: int, classes: int = 1024, part: float = 1.0):
    """How far `first` is ahead of `second`, in points, task by task.

    Returns: the mean; half its 95 % interval over tasks, each a mean over trainings; and the lead in each training,
        `[trainings]`: only what all of these say alike is more than luck with a training.
    """
    gap = 100 * (scores(found, first, shot, classes, part) - scores(found, second, shot, classes, part))
    return gap.mean().item(), ci95(gap.mean(0)), gap.mean(1)  # from [trainings, tasks]


def seconds(found: dict, name: str, shot: int, classes: int = 1024, part: float = 1.0) -> tuple[float, float]:
    """Processor seconds of training, and of one test task: the medians over trainings."""
    if name in ANSWERS[""]:
        classes, part = 0, 0.0
    rows = [found[key] for seed in SEEDS if (key := (name, classes, shot, part, seed)) in found]
    return tuple(torch.tensor([getattr(row, what) for row in rows]).median().item()
                 for what in ("seconds", "test_seconds"))  # fmt: skip


def not_worse(found: dict, shot: int, classes: int, part: float = 1.0) -> tuple[str, list[str]]:
    """The learner with the highest mean, and all (itself first) that it does not beat: neither the interval of its lead
    over tasks lies above 0, nor does it lead in every training."""
    ranked = sorted(NAMES, key=lambda name: -accuracy(found, name, shot, classes, part)[0])
    best, alike = ranked[0], [ranked[0]]
    for name in ranked[1:]:
        mean, half, trainings = lead(found, best, name, shot, classes, part)
        if not (mean - half > 0 and (trainings > 0).all()):
            alike.append(name)
    return best, alike
