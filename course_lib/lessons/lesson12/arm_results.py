"""What lesson 12 states beyond what it trains itself: all models on the circle, with three trainings of each.

`OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson12.arm_results` trains what is missing in `arm_results.json` and
stores it after each training. With `--weights FOLDER` it trains the networks that ship, and writes them there.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import click
import torch
from torch import Tensor

from course_lib.learners import Joint, Learner
from course_lib.lessons.lesson12.arm_learners import RECIPES, WORLDS, fine_tuned, from_scratch, train, workshop
from course_lib.lessons.lesson12.control import follow_circle, inverse_of
from course_lib.lessons.lesson12.known_equation import KnownEquation
from course_lib.storage import save
from course_lib.stored_rows import measure_missing, read_rows, write_rows
from course_lib.tasks import Arms
from course_lib.tasks.arm import PERIOD, TORQUE_UNIT, inverse_dynamics

TABLE = Path(__file__).with_name("arm_results.json")
COMMAND = "OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson12.arm_results"
SEEDS = (0, 1, 2)  # of the training arms, of which of their moments come, and of first weights
SECONDS = (0.2, 1.0, 2.0)  # of movement to adapt to, from rest
N_ARMS, TEST, VALIDATION = 64, 1000, 2000  # test arms; and seeds of arms that no training sees
NOISES = (0.05, 0.1, 0.2, 0.4, 0.8)  # of which least squares gets the one that serves the validation arms best
WEIGHTS = ("recurrent", "MAML")  # networks that ship

#: By what training arms: names of models. All are judged on arms of their own world; those of "plain" on all.
PLANNED = {
    "plain": ("ridge head", "joint", "known equation", "true", "fine-tuned", "recurrent", "MAML", "from scratch",
              "ridge head, longer"),
    "spring": ("ridge head", "joint", "known equation", "true"),
    "sticky": ("ridge head", "joint", "known equation", "true"),
    "same swing": ("ridge head", "recurrent"),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One training and how 64 test arms then followed the circle.

    Args:
        world: what the training arms have, a key of `arm_learners.WORLDS`.
        name: of the model.
        seed: of the training.
        steps: outer steps; 0 where none are taken.
        seconds: of processor time on one thread, for the training.
        cm: error of the hand, in cm (`Track.cm`) of each of the test arms, by what these have and the seconds of
            movement that were adapted to: "plain, 0.2".
        torque: root mean square error on clean moments of the other swing, N m, a mean over arms, by the same.
        torch: with which version.
    """

    world: str
    name: str
    seed: int
    steps: int
    seconds: float
    cm: dict[str, list[float]]
    torque: dict[str, float]
    torch: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """What tells this row from the others."""
        return self.world, self.name, self.seed


@cache
def test_arms(world: str, seed: int = TEST) -> Arms:
    """Arms that no training sees. Those of all worlds have the same payloads, masses and frictions."""
    return Arms(shot=100, arms=N_ARMS, seed=seed, **({} if world == "same swing" else WORLDS[world]))


def tested(world: str, name: str) -> tuple[str, ...]:
    """What arms a model is judged on."""
    everywhere = world == "plain" and name in ("ridge head", "joint", "known equation")
    return ("plain", "spring", "sticky") if everywhere else ("plain",) if world == "same swing" else (world,)


def made(world: str, name: str, seed: int) -> Learner | None:
    """A model of the table, trained; `None` is the truth."""
    if name == "true":
        return None
    if name == "from scratch":
        return from_scratch(seed)
    tasks = workshop(world, seed)
    if name == "known equation":  # fair to it: what it is told of noise suits the hand, as it is judged by the hand
        each, arms = (KnownEquation(tasks.tasks.arms, noise) for noise in NOISES), test_arms(world, VALIDATION)
        return min(each, key=lambda learner: sum(judge(learner, arms, s)[0].mean() for s in SECONDS))
    if name == "fine-tuned":
        return fine_tuned(train("joint", tasks, seed))
    return train(name, tasks, seed)


@torch.no_grad()
def judge(learner: Learner | None, arms: Arms, seconds: float) -> tuple[Tensor, float]:
    """How a model does on arms after it has adapted to the first `seconds` of their first swing.

    Returns: error of the hand of each, `[arms]` in cm; and of the torques on clean moments of the other swing, in N m.
    """
    if learner is None:
        return follow_circle(arms.arms, partial(inverse_dynamics, arms.arms)).cm, 0.0
    n = round(seconds / PERIOD)
    adapted = learner.adapt(arms.x[:, 0, :n], arms.y[:, 0, :n])
    wrong = (learner.predict(adapted, arms.clean_x[:, 1]) - arms.y[:, 1]) * TORQUE_UNIT  # [arms, periods, 2]
    hand = follow_circle(arms.arms, inverse_of(learner, adapted)).cm
    return hand, wrong.square().mean((1, 2)).sqrt().mean().item()


def measure(world: str, name: str, seed: int) -> Measured:
    """Train one of the table and judge it."""
    start = time.process_time()
    learner = made(world, name, seed)
    spent, cm, torque = round(time.process_time() - start, 1), {}, {}
    for other in tested(world, name):
        for seconds in SECONDS[:1] if learner is None or isinstance(learner, Joint) else SECONDS:
            hand, wrong = judge(learner, test_arms(other), seconds)
            cm[f"{other}, {seconds:g}"] = [_short(value) for value in hand.tolist()]
            torque[f"{other}, {seconds:g}"] = _short(wrong)
    steps = RECIPES["joint" if name == "fine-tuned" else name].steps if name in (*RECIPES, "fine-tuned") else 0
    return Measured(world, name, seed, steps, spent, cm, torque, torch.__version__)


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def planned() -> list[tuple[str, str, int]]:
    """World, name and seed of every row of the table."""
    return [(world, name, seed) for seed in SEEDS for world, names in PLANNED.items() for name in names]


def read(path: Path | str = TABLE) -> dict[tuple[str, str, int], Measured]:
    """The stored rows by `identity`."""
    return {made.identity: made for made in read_rows(Measured, path)}


def payloads(path: Path | str = TABLE) -> Tensor:
    """The payload of each test arm, `[64]` in kg, float64."""
    return torch.tensor(json.loads(Path(path).read_text(encoding="utf-8"))["payloads"], dtype=torch.float64)


def write(rows: list[Measured], path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    held = [_short(value) for value in test_arms("plain").arms[:, 0].tolist()]
    write_rows(rows, path, command=COMMAND, payloads=held)


def cm(found: dict, name: str, seconds: float, world: str = "plain", tested: str | None = None) -> Tensor:
    """Errors of the hand, `[trainings, arms]` in cm, float64.

    Args:
        found: what `read` gave.
        name: of a model, see PLANNED.
        seconds: 0.2, 1 or 2; what does not adapt has one answer for all.
        world: what the training arms have.
        tested: what the test arms have; the same when `None` ("plain" for "same swing").
    """
    asked = tested or ("plain" if world == "same swing" else world)
    rows = [found[world, name, seed].cm for seed in SEEDS if (world, name, seed) in found]
    rows = [row.get(f"{asked}, {seconds:g}", row.get(f"{asked}, {SECONDS[0]:g}")) for row in rows]
    return torch.tensor(rows, dtype=torch.float64)


def mean_and_interval(errors: Tensor) -> tuple[float, float]:
    """The mean of `[trainings, arms]`, and half its 95 % interval over arms, each with the mean of its trainings."""
    of_arms = errors.mean(0)
    return of_arms.mean().item(), 1.96 * of_arms.std().item() / math.sqrt(len(of_arms))


@click.command()
@click.option("--output", default=str(TABLE), show_default=True)
@click.option("--weights", type=click.Path(file_okay=False), help="Train the networks that ship, into this folder.")
def main(output, weights):
    """Train what is missing and store it after every training."""
    torch.set_num_threads(1)
    if weights is not None:
        for name in WEIGHTS:
            start = time.process_time()
            learner = train(name)
            seconds = round(time.process_time() - start, 1)
            save(learner, Path(weights) / f"arm_{name.replace(' ', '_').lower()}.safetensors",
                 command=f"{COMMAND} --weights data/pretrained", seconds=seconds, steps=RECIPES[name].steps,
                 device="cpu")  # fmt: skip
            click.echo(f"{name} in {seconds} s")
        return
    found = read(output) if Path(output).exists() else {}

    def said(row: Measured) -> str:
        means = {asked: round(sum(each) / len(each), 2) for asked, each in row.cm.items()}
        return f"{means}, {row.torque} in {row.seconds} s"

    measure_missing(found, planned(), measure,
                    lambda _: write([found[one] for one in planned() if one in found], output), said)  # fmt: skip


if __name__ == "__main__":
    main()
