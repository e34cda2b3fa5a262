"""Train the learners of lesson 07 ten times: its stored table.

`OMP_NUM_THREADS=1 python -m benchmarks.relation_networks` writes ten_trainings.json in the room of lesson 07 after each
training; what stands there is not trained again. 310 trainings: about 15 minutes on one core.
"""

from __future__ import annotations

import time
from datetime import date

import click
import torch

from benchmarks.missing import train_missing
from course_lib import evaluate, fit
from course_lib.learners.metric import MetricLearner
from course_lib.lessons.lesson07 import ten_trainings
from course_lib.lessons.lesson07.ten_trainings import IMAGES, SMALL, VECTORS, Training
from course_lib.lessons.lesson07.vectors import Clouds, Ring
from course_lib.tasks import FewTasks, Scripts, Syllabics

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.relation_networks"
JUDGE, N_TEST = 1000, 300  # seed and number of the test tasks, the same for all trainings


def make(world: str, name: str):
    """A learner that is not trained, its training tasks, and how many of them an outer step takes."""
    if world == "images":
        return IMAGES[name](), Scripts(5, 1, 5, split="train"), 4
    if world == "syllables":
        return ten_trainings.zero_shot(), Syllabics(20, 1, "train"), 4
    tasks = vectors(world)
    return (VECTORS | SMALL)[name](2 if world == "ring" else 20), tasks, 16


def vectors(world: str):
    """The ring, or clouds that are turned."""
    return Ring(way=5, noise=0.05) if world == "ring" else Clouds(features=20, turn=float(world.split()[-1]))


def judged(world: str, name: str, learner: MetricLearner) -> dict[str, float]:
    """Its accuracies on the test tasks, in percent."""

    def score(tasks, n: int, who=learner, **how):
        return 100 * evaluate(who, tasks, n, seed=JUDGE, **how).mean

    if world == "images":
        test = Scripts(5, 1, 5, split="test")
        found = {"one shot": score(test, N_TEST), "transductive": score(test, N_TEST, batch_norm="transductive")}
        if name == "relation, squared error":
            five = Scripts(5, 5, 5, split="test")
            found |= {
                f"five, {how}": score(five, N_TEST, ten_trainings.with_shots(learner, how)) for how in ("sum", "mean")
            }
        return found
    if world == "syllables":
        unseen, seen = (score(Syllabics(5, 5, part), min(N_TEST, 200)) for part in ("test", "train"))
        by_vowel = ten_trainings.among_own_consonant(learner, 20, JUDGE)
        return {"unseen": unseen, "seen": seen, "seen, own consonant": 100 * by_vowel[0],
                "unseen, own consonant": 100 * by_vowel[1]}  # fmt: skip
    if world == "ring":
        return {"exact": score(Ring(way=5), N_TEST), "noise": score(vectors(world), N_TEST)}
    return {"new tasks": score(vectors(world), N_TEST)}


def train(world: str, name: str, n_tasks: int | None, steps: int, seed: int) -> Training:
    """One training of the table, on the CPU."""
    start = time.process_time()
    torch.manual_seed(seed)
    learner, tasks, meta_batch = make(world, name)
    tasks = tasks if n_tasks is None else FewTasks(tasks, n_tasks, seed)
    fit(learner, tasks, steps, meta_batch=meta_batch, lr=3e-3, seed=seed, device="cpu", progress=False)
    seconds = round(time.process_time() - start, 1)
    found = {asked: round(value, 2) for asked, value in judged(world, name, learner).items()}
    return Training(world, name, n_tasks, steps, seed, found, seconds, date.today().isoformat(), torch.__version__)


@click.command()
@click.option("--output", default=str(ten_trainings.TABLE), show_default=True)
def main(output):
    """Train what is missing and store it after every training."""
    train_missing(ten_trainings, ten_trainings.planned(), train, COMMAND, output, lambda made: str(made.percent))


if __name__ == "__main__":
    main()
