"""What every learner of the course scored, task by task: the stored measurements that lesson 08 reads.

`python -m benchmarks.scores` measures them from the weights that ship and writes `data/scores.json`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from course_lib.lessons.lesson08.calibration import Reliability
from course_lib.paths import data_dir
from course_lib.statistics import ci95


@dataclass(eq=False)
class Score:
    """One learner on one kind of task. Within a group all learners meet the same tasks in the same order.

    Args:
        group: the kind of task, e.g. "omniglot 5-way 1-shot".
        name: the learner, e.g. "prototypical".
        weights: the file in `data/pretrained`, or "" for a learner without weights.
        digest: of that file (`digest`): whether the score is of the weights that ship now.
        way, shot, query: the size of each task.
        seed: which tasks; see `course_lib.evaluate`.
        batch_norm: "inductive" or "transductive".
        given: what was set at test time, e.g. `{"steps": 5}`.
        right: correct answers in each task, of `way * query`.
        precision, recall, loss: macro precision and recall, cross-entropy in nats; means over tasks.
        bins: the reliability of its answers: three lists, count, confidence and accuracy of each bin.
        paper: the accuracy that the method's paper reports, in %, where it has this setting.
    """

    group: str
    name: str
    weights: str
    digest: str
    way: int
    shot: int
    query: int
    seed: int
    batch_norm: str = "inductive"
    given: dict = field(default_factory=dict)
    right: list[int] = field(default_factory=list)
    precision: float = 0.0
    recall: float = 0.0
    loss: float = 0.0
    bins: dict[str, list[float]] = field(default_factory=dict)
    paper: float | None = None

    @property
    def identity(self) -> tuple:
        """What tells this score from others, and from one of other weights."""
        given = tuple(self.given.items())
        return self.group, self.name, self.weights, self.digest, self.batch_norm, given, self.paper

    @property
    def tasks(self) -> int:
        """How many tasks."""
        return len(self.right)

    @property
    def scores(self) -> Tensor:
        """`[tasks]` accuracy in each task, a fraction, float64."""
        return torch.tensor(self.right, dtype=torch.float64) / (self.way * self.query)

    @property
    def mean(self) -> float:
        """Mean accuracy, a fraction."""
        return self.scores.mean().item()

    @property
    def ci95(self) -> float:
        """Half the width of the 95 % confidence interval of the mean over tasks."""
        return ci95(self.scores)

    @property
    def reliability(self) -> Reliability:
        """How often answers of each confidence are right."""
        return Reliability(*(torch.tensor(self.bins[k]) for k in ("count", "confidence", "accuracy")))

    @property
    def ece(self) -> float:
        """Expected calibration error, a fraction."""
        return self.reliability.ece

    def __repr__(self):
        return f"{self.name}, {self.group}: {100 * self.mean:.1f} ± {100 * self.ci95:.1f} % ({self.tasks} tasks)"


@dataclass(eq=False)
class Training:
    """What it cost to train one weights file, and how well it did on the way.

    Args:
        steps: outer steps in all.
        images: images that went through the backbone in training, support and query.
        milliseconds: of one outer step, on one core of a machine with nothing else to do: the quickest of some.
        peak_bytes: what tensors hold at the peak of one outer step; see `course_lib.compute.memory.peak_bytes`.
        parameters: meta-parameters of the learner.
        validation: `(step, accuracy)` pairs on tasks of the validation alphabets, or none.
    """

    steps: int
    images: int
    milliseconds: float
    peak_bytes: int
    parameters: int
    validation: list[tuple[int, float]] = field(default_factory=list)


def read(path=None) -> tuple[list[Score], dict[str, Training]]:
    """All stored scores, and the training of each weights file by its name.

    Args:
        path: `None` is what ships with the course.

    Raises:
        FileNotFoundError, ValueError: if the file is not there or is not one that `write` wrote.
    """
    path = Path(path) if path is not None else data_dir() / "scores.json"
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}; measure the scores with: python -m benchmarks.scores")
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return [Score(**row) for row in stored["scores"]], {k: Training(**t) for k, t in stored["training"].items()}
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} does not hold scores of this course; measure them: python -m benchmarks.scores"
        ) from error


def pick(scores: list[Score], group: str) -> dict[str, Score]:
    """The scores of one group, by learner.

    Raises:
        KeyError: if there is no such group; says which there are.
    """
    found = {score.name: score for score in scores if score.group == group}
    if not found:
        there = ", ".join(dict.fromkeys(score.group for score in scores))
        raise KeyError(f"there is no group {group!r} of scores; there are: {there}.")
    return found


def digest(path) -> str:
    """The first 12 digits of a file's SHA-256."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def write(scores: list[Score], training: dict[str, Training], path):
    """Store them, a line a score so that a change can be read. An old file stands until the new one is whole."""
    path = Path(path)
    lines = ",\n".join(json.dumps(asdict(score), separators=(",", ":")) for score in scores)
    costs = ",\n".join(f"{json.dumps(k)}:{json.dumps(asdict(t), separators=(',', ':'))}" for k, t in training.items())
    partial = path.with_name(path.name + ".partial")
    partial.write_text(f'{{"scores":[\n{lines}\n],"training":{{\n{costs}\n}}}}\n', encoding="utf-8", newline="\n")
    partial.replace(path)
