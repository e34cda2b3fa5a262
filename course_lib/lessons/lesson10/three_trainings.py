"""Stored trainings of lesson 10: the wall, more training, other encoders, invented languages, with three seeds each.

`python -m benchmarks.words` trains them and writes the table beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from course_lib.learners import MAML, Learner, PrototypicalNet
from course_lib.lessons.lesson10.writer import Writer
from course_lib.sequences import GRU, LSTM, CharCNN, Transformer

TABLE = Path(__file__).with_name("three_trainings.json")
SEEDS = (0, 1, 2)  # of trainings: first weights, which tasks come, and which languages a pool of invented ones holds
WALL = ("train", "words", "languages", "families")  # splits, from near to far
CURVE = (0, 100, 300, 600, 1200, 2400, 4800)  # outer steps after which a network of "more training" is judged
POOL = 80  # invented languages, about as many as there are real ones to train on
STEPS = {"CNN": 1200, "GRU": 1200, "LSTM": 1200, "Transformer": 350, "pretrained CNN": 1200, "MAML, GRU": 250,
         "endless": 1500, "pool": 1500}  # fmt: skip

#: Learners of words, not trained. All but MAML train with 20 languages and five words of each, one task an outer step.
NETWORKS: dict[str, Callable[[], Learner]] = {
    "CNN": lambda: PrototypicalNet(CharCNN()),
    "GRU": lambda: PrototypicalNet(GRU()),
    "LSTM": lambda: PrototypicalNet(LSTM()),
    "Transformer": lambda: PrototypicalNet(Transformer()),
    "MAML, GRU": lambda: MAML(GRU(out=5), steps=3, lr=0.3, order=1),
}
RATES = {
    "Transformer": 3e-3,
    "MAML, GRU": 3e-3,
    "invented": 3e-3,
    "curve": 2e-3,
}  # outer learning rates other than 5e-3


def set_network() -> Writer:
    """The network that learns invented languages: it writes a classifier for each task."""
    return Writer(CharCNN(6))


@dataclass(frozen=True)
class Training:
    """One training and what came of it; also what needs none, with seed 0 and no steps.

    Args:
        part: "wall", "curve", "encoders", "invented".
        name: "plain", "prior", or a key of STEPS; in the part "invented" also what needs no training: "exact",
            "believes 1" (Bayes' rule with another concentration than the true 0.3), "counting" (plain, by n-grams).
        steps: outer steps.
        seed: of the training. All are judged on the same test tasks.
        percent: accuracies, 5-way, by what was asked. Real words: "families, 5, 1" is split, words known of each
            language, words of a query. Invented ones: "fresh, 5" is world and words known, "own, 5" is on the languages
            of the training, "exact, own, 5" what the exact rule for fresh ones scores there; "nats, fresh, 5" is
            cross-entropy.
        languages: for the wall, by what was asked, the accuracy of each language, by its code.
        seconds: of processor time on one thread.
        date, torch: when, and with which version.
    """

    part: str
    name: str
    steps: int
    seed: int
    percent: dict[str, float]
    seconds: float
    date: str
    torch: str
    languages: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, int, int]:
        """What tells this training from the others."""
        return self.part, self.name, self.steps, self.seed


def planned() -> list[tuple[str, str, int, int]]:
    """Part, name, outer steps and seed of everything that the table holds, the most wanted first."""
    found = [("wall", name, 0, 0) for name in ("plain", "prior")]
    found += [("invented", name, 0, 0) for name in ("exact", "believes 1", "counting")]
    found += [("wall", "CNN", STEPS["CNN"], seed) for seed in SEEDS]
    found += [("invented", name, STEPS[name], seed) for seed in SEEDS for name in ("endless", "pool")]
    found += [("curve", "CNN", steps, seed) for seed in SEEDS for steps in CURVE]
    names = [name for name in STEPS if name not in ("CNN", "endless", "pool")]
    return found + [("encoders", name, STEPS[name], seed) for name in names for seed in SEEDS]


def read(path: Path | str = TABLE) -> dict[tuple, Training]:
    """The stored trainings by `identity`."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))["trainings"]
    return {made.identity: made for made in (Training(**row) for row in rows)}


def write(trainings: list[Training], command: str, path: Path | str = TABLE):
    """Store them, one training a line; the old table stands until the new one is whole."""
    rows = ",\n".join(json.dumps(asdict(t), separators=(",", ":")) for t in trainings)
    partial = Path(path).with_name(Path(path).name + ".partial")
    partial.write_text(f'{{"command":{json.dumps(command)},\n"trainings":[\n{rows}\n]}}\n', encoding="utf-8",
                       newline="\n")  # fmt: skip
    partial.replace(path)


def percent(found: dict, part: str, name: str, asked: str, steps: int | None = None) -> Tensor:
    """An accuracy in percent of every stored training of a method.

    Args:
        found: what `read` gave.
        part, name, asked: as in `Training`.
        steps: outer steps; those of STEPS when `None`, and 0 for what is not trained.

    Returns: `[trainings]`, float64, in the order of SEEDS; of what is not trained there is one.
    """
    steps = STEPS.get(name, 0) if steps is None else steps
    made = [found[part, name, steps, seed].percent[asked] for seed in SEEDS if (part, name, steps, seed) in found]
    return torch.tensor(made, dtype=torch.float64)


def by_language(found: dict, name: str, asked: str) -> tuple[list[str], Tensor]:
    """The wall, language by language: a mean over the trainings of a method.

    Args:
        found: what `read` gave.
        name: "plain", "prior" or "CNN".
        asked: such as "families, 5, 1".

    Returns: the codes of the languages, and `[languages]` accuracies in percent, float64.
    """
    steps = STEPS.get(name, 0)
    made = [found["wall", name, steps, seed].languages[asked] for seed in SEEDS if ("wall", name, steps, seed) in found]
    codes = sorted(made[0])
    return codes, torch.tensor([[one[code] for code in codes] for one in made], dtype=torch.float64).mean(0)


def difference(found: dict, first: str, second: str, asked: str) -> tuple[float, float]:
    """How far `first` is ahead of `second` behind the wall, in points, with half the 95 % interval over *languages*.

    Languages are what a claim about languages has to count: tasks share them. Arguments as in `by_language`.
    """
    values = by_language(found, first, asked)[1] - by_language(found, second, asked)[1]  # [languages]
    return values.mean().item(), student(len(values)) * values.std().item() / math.sqrt(len(values))


def student(n: int) -> float:
    """What stands in place of 1.96 for the mean of n numbers, 95 %: Student's t, to 0.01 for n from 5 on."""
    freedom = n - 1
    g = 1.959964  # Cornish-Fisher: Abramowitz and Stegun 1964, 26.7.5
    terms: Sequence[float] = (
        (g**3 + g) / 4,
        (5 * g**5 + 16 * g**3 + 3 * g) / 96,
        (3 * g**7 + 19 * g**5 + 17 * g**3 - 15 * g) / 384,
        (79 * g**9 + 776 * g**7 + 1482 * g**5 - 1920 * g**3 - 945 * g) / 92160,
    )
    return g + sum(term / freedom ** (i + 1) for i, term in enumerate(terms))
