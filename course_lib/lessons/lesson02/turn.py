"""When does transfer catch up with meta-learning? Stored trainings of both, more and longer than a learner waits for.

`python -m benchmarks.baselines_turn` trains them and writes the table beside this file.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.evaluation import Result
from course_lib.plots import COLORS, new_figure
from course_lib.statistics import ci95

TABLE = Path(__file__).with_name("turn.json")

METHODS = ("probe", "meta")
WORLDS = {"few": {"scripts": ("Georgian", "Cyrillic")}, "many": {"split": "train"}}  # what `Scripts` is given
NAMES = {"few": "two scripts, 260 classes", "many": "nine scripts, 2,249 classes"}  # in tables and pictures
STEPS = (50, 100, 200, 400, 800)
SEEDS = (0, 1, 2)  # of the trainings: first weights and training tasks

STUDENT = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78}  # in place of 1.96 for the mean of so few: Student's t, 95 %

#: What all trainings share; the lesson's quick profile has the same. JSON gives it back as it is.
SETTINGS = {
    "channels": 24,
    "training way": 20,
    "training shot": 1,
    "training query": 5,
    "lr": 0.01,
    "test way": 5,
    "test shot": 1,
    "test query": 15,
    "test tasks": 150,
    "test seed": 0,
}


@dataclass(frozen=True)
class Training:
    """One training and what it scored.

    Args:
        method: "probe" (pretraining on all classes, a linear probe in each task) or "meta" (prototypical network).
        world: "few" or "many" training classes, see WORLDS.
        steps: outer steps; each length is a training of its own, with its own schedule.
        seed: of the training. All trainings meet the same test tasks.
        right: right answers in each test task.
        loss: of the last ten training steps, nats.
        seconds: of the training, on one thread; processor time, so that other work beside it does not count.
        date, torch: when, and with which version.
    """

    method: str
    world: str
    steps: int
    seed: int
    right: tuple[int, ...]
    loss: float
    seconds: float
    date: str
    torch: str

    @property
    def identity(self) -> tuple:
        """What tells this training from the others."""
        return self.method, self.world, self.steps, self.seed

    @property
    def scores(self) -> Tensor:
        """`[tasks]` accuracy in each task, %, float64."""
        return 100 * torch.tensor(self.right, dtype=torch.float64) / (SETTINGS["test way"] * SETTINGS["test query"])


def read(path: Path | str = TABLE) -> dict[tuple, Training]:
    """The stored trainings by `(method, world, steps, seed)`.

    Raises:
        ValueError: if they were made with other settings than SETTINGS.
    """
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    different = [k for k in SETTINGS | found["settings"] if SETTINGS.get(k) != found["settings"].get(k)]
    if different:
        raise ValueError(f"{path} was made with another {different[0]}; delete it and run {found['command']} again.")
    trainings = [Training(**{**row, "right": tuple(row["right"])}) for row in found["trainings"]]
    return {training.identity: training for training in trainings}


def write(trainings: list[Training], command: str, path: Path | str = TABLE):
    """Store them with SETTINGS, one training a line; the old table stands until the new one is whole."""
    rows = ",\n".join(json.dumps(asdict(t), separators=(",", ":")) for t in trainings)
    head = f'"command":{json.dumps(command)},\n"settings":{json.dumps(SETTINGS)}'
    partial = Path(path).with_name(Path(path).name + ".partial")
    partial.write_text(f'{{{head},\n"trainings":[\n{rows}\n]}}\n', encoding="utf-8", newline="\n")
    partial.replace(path)


def accuracies(found: dict[tuple, Training], method: str, world: str) -> Tensor:
    """`[steps, trainings, tasks]` accuracy in %, float64, of the stored trainings."""
    return torch.stack([torch.stack([found[method, world, n, seed].scores for seed in SEEDS]) for n in STEPS])


def gaps(found: dict[tuple, Training], world: str) -> tuple[Tensor, Tensor, Tensor]:
    """How far the probe lies above the meta-learner, and how much of it can be luck, in points; each `[steps]`.

    Returns: the mean difference over trainings and tasks; half its 95 % interval over *tasks* (the trainings that we
    have, other test tasks); half its 95 % interval over *trainings* (other trainings, the tasks that we have).
    """
    difference = accuracies(found, "probe", world) - accuracies(found, "meta", world)  # [steps, trainings, tasks]
    over_tasks = torch.tensor([ci95(one) for one in difference.mean(1)])
    n = len(SEEDS)
    over_trainings = STUDENT[n] * difference.mean(2).std(1) / math.sqrt(n)
    return difference.mean((1, 2)), over_tasks, over_trainings


def verdict(gap: float, over_tasks: float, over_trainings: float) -> str:
    """Who is ahead, if neither luck can explain it."""
    if abs(gap) <= max(over_tasks, over_trainings):
        return "cannot tell"
    return "`probe` ahead" if gap > 0 else "`meta` ahead"


def plot_turn(found: dict[tuple, Training], mine: dict[tuple[str, str], tuple[int, Result]]) -> Figure:
    """Accuracy against steps, few classes at the left and many at the right.

    A small dot is one stored training; a line joins their means.

    Args:
        mine: for a method and a world, the steps of the learner's own training and its `Result`: a diamond with the
            interval over its test tasks.
    """
    figure, axes = new_figure(1, 2, width=8, height=4.2, sharey=True)
    for ax, world in zip(axes, WORLDS, strict=True):
        for method, color, aside in zip(METHODS, COLORS, (0.96, 1.04), strict=False):
            means = accuracies(found, method, world).mean(2)  # [steps, trainings]
            at = [n * aside for n in STEPS]  # side by side, so that no dot hides another
            ax.plot(at, means.mean(1), color=color, label=f"{method}, mean of {len(SEEDS)} trainings")
            ax.plot(at, means, ".", color=color, markersize=6)
            if (method, world) in mine:
                steps, result = mine[method, world]
                ax.errorbar(steps * aside**3, 100 * result.mean, 100 * result.ci95, fmt="D", color=color, capsize=4,
                            markerfacecolor="white", label=f"{method}, yours")  # fmt: skip
        ax.set(xscale="log", xlabel="training steps", title=NAMES[world])
        ax.set_xticks(STEPS, map(str, STEPS))
        ax.minorticks_off()
    axes[0].set_ylabel("accuracy, %")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
