"""Stored trainings of lesson 07: what one training cannot tell, since another draw of weights tells another story.

`python -m benchmarks.relation_networks` trains them and writes the table beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.learners import PrototypicalNet, RelationNet
from course_lib.learners.metric import MetricLearner
from course_lib.models import MLP, Conv4
from course_lib.tasks import Syllabics

TABLE = Path(__file__).with_name("ten_trainings.json")
SEEDS = tuple(range(10))  # of the trainings: first weights, and which tasks come
STUDENT = 2.26  # in place of 1.96 for the mean of ten numbers: Student's t, 95 %

#: Section 4: learners of images.
IMAGES: dict[str, Callable[[], MetricLearner]] = {
    "relation, squared error": lambda: RelationNet(Conv4(16, maps=True), channels=16),
    "relation, cross-entropy": lambda: RelationNet(Conv4(16, maps=True), channels=16, loss="cross_entropy"),
    "prototypical": lambda: PrototypicalNet(Conv4(16)),
}

#: Section 6: learners of vectors with so many features. With cross-entropy: see SMALL.
VECTORS: dict[str, Callable[[int], MetricLearner]] = {
    "prototypical": lambda n: PrototypicalNet(MLP((n, 64, 32))),
    "relation": lambda n: RelationNet(MLP((n, 64, 32)), channels=32, size=1, hidden=32, loss="cross_entropy"),
}
#: Section 3: with the squared error and few units some stay at the constant answer.
SMALL: dict[str, Callable[[int], MetricLearner]] = {
    "relation, squared error, 8 units": lambda n: RelationNet(MLP((n, 64, 32)), channels=32, size=1, hidden=8)
}
TURNS = (0, 60)  # degrees
N_TASKS = (20, 50, 100, 200, 500, None)  # training tasks; None: new ones at every step


def zero_shot() -> RelationNet:
    """Section 7: a relation network that compares images with descriptions of 19 numbers."""
    return RelationNet(Conv4(32), channels=32, size=1, hidden=32, loss="cross_entropy", attributes=19)


@dataclass(frozen=True)
class Training:
    """One training and what came of it.

    Args:
        world: "images", "ring", "clouds turned by 60", "syllables".
        name: a key of IMAGES, VECTORS or SMALL; "zero-shot".
        tasks: how many training tasks; None if they are new at every step.
        steps: outer steps.
        seed: of first weights and of tasks. All are judged on the same test tasks.
        percent: accuracies, by what was asked: "one shot", "five, sum", ...
        seconds: of processor time on one thread.
        date, torch: when, and with which version.
    """

    world: str
    name: str
    tasks: int | None
    steps: int
    seed: int
    percent: dict[str, float]
    seconds: float
    date: str
    torch: str

    @property
    def identity(self) -> tuple[str, str, int | None, int, int]:
        """What tells this training from the others."""
        return self.world, self.name, self.tasks, self.steps, self.seed


def clouds(turn: int) -> str:
    """The name of a world of clouds in the table."""
    return f"clouds turned by {turn}"


def planned() -> list[tuple[str, str, int | None, int, int]]:
    """World, learner, training tasks, outer steps and seed of every training that the table holds."""
    each = [("images", name, None, 200) for name in IMAGES]
    each += [("ring", name, None, 300) for name in VECTORS | SMALL]
    each += [(clouds(turn), name, n, 300) for turn in TURNS for name in VECTORS for n in N_TASKS]
    each += [("syllables", "zero-shot", None, 150)]
    return [(*what, seed) for seed in SEEDS for what in each]


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


def percent(found: dict, world: str, name: str, asked: str, steps: int = 300, tasks: int | None = None) -> Tensor:
    """An accuracy in percent of every stored training of a learner.

    Args:
        found: what `read` gave.
        world, name, steps, tasks: as in `Training`.
        asked: which accuracy.

    Returns: `[trainings]`, float64, in the order of SEEDS.
    """
    made = [found[world, name, tasks, steps, seed].percent[asked] for seed in SEEDS]
    return torch.tensor(made, dtype=torch.float64)


def over_trainings(values: Tensor) -> tuple[float, float]:
    """The mean of ten trainings, and half its 95 % interval over *trainings*."""
    return values.mean().item(), STUDENT * values.std().item() / math.sqrt(len(values))


def with_shots(learner: RelationNet, how: str) -> RelationNet:
    """The same weights, with another way to combine shots, "sum" or "mean"."""
    other = RelationNet(learner.backbone, **(learner.config | {"shots": how}))
    other.module = learner.module
    return other


@torch.no_grad()
def among_own_consonant(learner: RelationNet, n_tasks: int = 10, seed: int = 0) -> tuple[float, float]:
    """How often a syllable is told from the three others of its consonant: accuracies on syllables that training
    had, and on those that it had not. Here the consonant says nothing, so the vowel has to be read.

    Args:
        learner: takes descriptions, as `zero_shot` does.
        n_tasks: how often each of the 60 syllables is written.
        seed: of the hands that write them.
    """
    learner.eval()
    tasks = Syllabics(60, 1, "all")
    episode = Episode.cat(tasks.sample(1, torch.Generator().manual_seed(1000 * seed + i)) for i in range(n_tasks))
    scores = learner(episode)  # [tasks, 60 queries, 60 classes]
    consonant = episode.support_x[..., : len(tasks.consonants)].argmax(-1)  # [tasks, 60], of a class
    own = consonant.gather(1, episode.query_y)  # [tasks, 60], of a query
    answer = scores.masked_fill(own.unsqueeze(2) != consonant.unsqueeze(1), -math.inf).argmax(-1)
    right = (answer == episode.query_y).double()
    same = (episode.support_x.unsqueeze(2) == tasks.attributes).all(-1)  # [tasks, class, syllable]
    seen = tasks.seen[same.int().argmax(-1)].gather(1, episode.query_y)
    return right[seen].mean().item(), right[~seen].mean().item()
