"""Train the probe and the meta-learner of lesson 02 for longer, and several times.

`OMP_NUM_THREADS=1 python -m benchmarks.baselines_turn` writes turn.json in the room of lesson 02 after each training;
what stands there is not trained again. 60 trainings of 310 steps on average: about 15 minutes on one core.
"""

from __future__ import annotations

import time
from datetime import date
from itertools import product

import click
import torch

from benchmarks.missing import train_missing
from course_lib import evaluate, fit
from course_lib.learners import Joint, LinearProbe, PrototypicalNet
from course_lib.lessons.lesson02 import turn
from course_lib.lessons.lesson02.turn import SEEDS, SETTINGS, STEPS, WORLDS, Training
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.tasks.all_classes import AllClasses

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.baselines_turn"


def size(of: str) -> dict:
    """Way, shot and query of the "training" or the "test" tasks."""
    return {k: SETTINGS[f"{of} {k}"] for k in ("way", "shot", "query")}


def train(method: str, world: str, steps: int, seed: int) -> Training:
    """Train as the lesson's `trained` does, on the CPU, and score it on the test tasks."""

    def one_cycle(optimizer):
        return torch.optim.lr_scheduler.OneCycleLR(optimizer, SETTINGS["lr"], total_steps=steps)

    tasks = Scripts(**size("training"), **WORLDS[world])
    torch.manual_seed(seed)
    learner = PrototypicalNet(Conv4(SETTINGS["channels"]))
    if method == "probe":
        n = SETTINGS["training way"] * (SETTINGS["training shot"] + SETTINGS["training query"])
        tasks = AllClasses(tasks, batch=n)  # as many images a step
        learner = Joint(learner.backbone, features=SETTINGS["channels"], classes=tasks.way)
    start = time.process_time()
    history = fit(learner, tasks, steps, lr=SETTINGS["lr"], seed=seed, schedule=one_cycle, progress=False, device="cpu")
    seconds = time.process_time() - start
    if method == "probe":
        learner = LinearProbe(learner.backbone)
    test = Scripts(**size("test"), split="test")
    result = evaluate(learner, test, SETTINGS["test tasks"], seed=SETTINGS["test seed"])
    return Training(method, world, steps, seed, tuple(result.correct.sum(1).tolist()), round(history.outer[-1], 4),
                    round(seconds, 1), date.today().isoformat(), torch.__version__)  # fmt: skip


@click.command()
@click.option("--output", default=str(turn.TABLE), show_default=True)
def main(output):
    """Train what is missing and store it after every training."""
    planned = [(method, world, steps, seed)
               for seed, world, steps, method in product(SEEDS, WORLDS, STEPS, turn.METHODS)]  # fmt: skip
    train_missing(turn, planned, train, COMMAND, output,
                  lambda made: f"{made.scores.mean():.1f} %, loss {made.loss}")  # fmt: skip


if __name__ == "__main__":
    main()
