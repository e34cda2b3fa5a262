"""Networks for heartbeats, the hospitals that they are trained in, and what became of them elsewhere.

`OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson11.hospitals` trains what is missing in `hospitals.json`, three
trainings of each, and stores it after each one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click
import torch
from torch import Generator, Tensor, nn

from course_lib.evaluation import evaluate
from course_lib.learners import Joint, Learner, PrototypicalNet
from course_lib.lessons.lesson11.heartbeats import SAMPLES, Heartbeats
from course_lib.lessons.lesson11.networks import train
from course_lib.stored_rows import measure_missing, read_rows, write_rows

TABLE = Path(__file__).with_name("hospitals.json")
COMMAND = "OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson11.hospitals"
SEEDS = (0, 1, 2)  # of the trainings: first weights, and which patients come
PATIENTS = 200  # of each test, the same for all
PREVALENCE = 0.04  # ectopic beats among a patient's beats, where they are rare
#: Where the hum lies where a network is used; of two, the first is that of the calibration, the support set.
CUES = {
    "no hum": None, "hum on ectopic beats": "ectopic", "hum at random": "random", "hum on usual beats": "usual",
    "calibrated with the cue, no hum": ("ectopic", None),
    "calibrated with the cue, hum at random": ("ectopic", "random"),
}  # fmt: skip


def beat_net(out: int | None = None, width: int = 32) -> nn.Sequential:
    """Three convolutions and a layer that knows where in a beat something was: `[n, 1, 96] -> [n, 64]`, or `[n, out]`.

    Beats are cut so that the heart contracts at one place, which the mean over time of `WindowNet` would forget.
    """
    layers = []
    for channels in (1, width, width):
        layers += [nn.Conv1d(channels, width, 7, padding=3), nn.GroupNorm(4, width), nn.ReLU(), nn.MaxPool1d(2)]
    layers += [nn.Flatten(), nn.Linear(width * SAMPLES // 8, 64)]
    return nn.Sequential(*layers, *([] if out is None else [nn.ReLU(), nn.Linear(64, out)]))


MAKE = {"global": lambda: Joint(beat_net(2)), "prototypical": lambda: PrototypicalNet(beat_net())}
#: Where a network is trained, and the cue there.
HOSPITALS = {"no hum": None, "hum on ectopic beats": "ectopic", "hum at random": "random"}


def train_beats(name: str, hospital: str = "no hum", seed: int = 0, **more) -> Learner:
    """A network of `MAKE`, trained on patients of one of the `HOSPITALS`; `more` is for `fit`."""
    tasks = Heartbeats(shot=2, query=16, cue=HOSPITALS[hospital])
    return train(MAKE[name], tasks, seed, meta_batch=8, **more)


@torch.no_grad()
def rare_beats(learner: Learner, n_patients: int = PATIENTS, shot: int = 5) -> tuple[Tensor, Tensor]:
    """Patients of whose beats four in a hundred are ectopic, the support set still balanced.

    Returns: the log odds of "ectopic" that the learner gives, and whether the beat is: both `[n_patients, 100]`.
    """
    tasks = Heartbeats(shot=shot, query=100, rare=PREVALENCE)
    parts = [tasks.sample(50, Generator().manual_seed(500 + i)) for i in range(n_patients // 50)]
    scores = torch.cat([learner(part).log_softmax(-1) for part in parts])  # [patients, 100, 2]
    return scores[..., 1] - scores[..., 0], torch.cat([part.query_y for part in parts]) == 1


@dataclass(frozen=True)
class Trained:
    """One training, or what needs none.

    Args:
        name: a key of `MAKE`, or "raw beats": nearest prototypes of the readings themselves.
        hospital: where it was trained; a key of `HOSPITALS`.
        seed: of the training.
        percent: balanced accuracy and half its 95 % interval over patients, by where it is used, a key of `CUES`.
        rare: for "as it is" and "prior added": how many beats are true alarms, false alarms, misses and neither.
        seconds: of processor time on one thread, for the training.
        torch: with which version.
    """

    name: str
    hospital: str
    seed: int
    percent: dict[str, tuple[float, float]]
    rare: dict[str, tuple[int, int, int, int]]
    seconds: float
    torch: str


def planned() -> list[tuple[str, str, int]]:
    """Name, hospital and seed of every row of the table."""
    return [("raw beats", "no hum", 0)] + [(n, h, seed) for seed in SEEDS for h in HOSPITALS for n in MAKE]


def measure(name: str, hospital: str, seed: int, patients: int = PATIENTS) -> Trained:
    """Train one of the table, and judge it everywhere."""
    start = time.process_time()
    learner = PrototypicalNet(nn.Flatten()) if name == "raw beats" else train_beats(name, hospital, seed)
    seconds = round(time.process_time() - start, 1)
    percent = {}
    for where, cue in CUES.items():
        found = evaluate(learner, Heartbeats(query=40, cue=cue), patients, seed=3)
        percent[where] = round(100 * found.mean, 2), round(100 * found.ci95, 2)
    odds, ectopic = rare_beats(learner, patients)
    prior = torch.tensor(PREVALENCE / (1 - PREVALENCE)).log()
    rare = {}
    for how, alarm in (("as it is", odds > 0), ("prior added", odds + prior > 0)):
        pairs = ((alarm, ectopic), (alarm, ~ectopic), (~alarm, ectopic), (~alarm, ~ectopic))
        rare[how] = tuple(int((a & b).sum()) for a, b in pairs)
    return Trained(name, hospital, seed, percent, rare, seconds, torch.__version__)


def read(path: Path | str = TABLE) -> dict[tuple[str, str, int], Trained]:
    """The stored rows by name, hospital and seed."""
    return {(row.name, row.hospital, row.seed): row for row in read_rows(Trained, path)}


def percent(found: dict, name: str, hospital: str, where: str) -> Tensor:
    """Balanced accuracies in percent of the three trainings, `[3]`, float64."""
    return torch.tensor([found[name, hospital, seed].percent[where][0] for seed in SEEDS], dtype=torch.float64)


def write(rows: list[Trained], path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    write_rows(rows, path, command=COMMAND)


@click.command()
@click.option("--output", default=str(TABLE), show_default=True)
def main(output):
    """Train what is missing, and store it after every training."""
    measure_missing(read(output) if Path(output).exists() else {}, planned(), measure,
                    lambda rows: write(rows, output),
                    lambda made: f"{made.percent} {made.rare} in {made.seconds} s")  # fmt: skip


if __name__ == "__main__":
    main()
