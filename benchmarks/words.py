"""Train what lesson 10 does not train itself, with three seeds: its stored table.

`OMP_NUM_THREADS=1 python -m benchmarks.words` writes three_trainings.json in the room of lesson 10 after each training;
what stands there is not trained again.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR

from benchmarks.missing import train_missing
from course_lib import evaluate, fit
from course_lib.episode import Episode
from course_lib.learners import Learner, LinearProbe, PrototypicalNet
from course_lib.learners.baselines import Joint
from course_lib.lessons.lesson10 import three_trainings
from course_lib.lessons.lesson10.bayes import ExactBayes, NaiveBayes, flat_prior, prior_of
from course_lib.lessons.lesson10.invented import Invented
from course_lib.lessons.lesson10.lists import by_class, right_answers
from course_lib.lessons.lesson10.three_trainings import NETWORKS, POOL, RATES, STEPS, WALL, Training
from course_lib.sequences import CharCNN
from course_lib.tasks import Words
from course_lib.tasks.words import words_of

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.words"
JUDGE, N_TEST = 1000, 300  # seed and number of the test tasks, the same for all
SHOTS, LONG = (1, 5), 5  # words known of each language; words of a long query
KEPT = TemporaryDirectory()  # where a training of the curve goes on from
UNTRAINED = {
    "exact": ExactBayes,
    "believes 1": lambda: ExactBayes(1.0),
    "counting": lambda: NaiveBayes(flat_prior(letters=6), letters=6),
}


class AllLanguages:
    """All training languages at once, each with its own label in every task: ordinary supervised training."""

    def __init__(self, query: int = 3):
        self.words = Words(len(words_of("train")), 1, query)

    def sample(self, n_tasks: int, generator=None) -> Episode:
        """As in `Words`; labels are places in `names`."""
        episode, languages = self.words.draw(n_tasks, generator)
        episode.support_y = languages.gather(1, episode.support_y)
        episode.query_y = languages.gather(1, episode.query_y)
        return episode


@torch.no_grad()
def judged(learner: Learner, splits, details: bool = False):
    """Accuracies in percent by what was asked, on the same tasks for every learner; and of each language."""
    learner.eval()
    percent, languages = {}, {}
    for split in splits:
        for shot in SHOTS:
            tasks = Words(5, shot, 25, split)
            episode, met = tasks.draw(N_TEST, torch.Generator().manual_seed(JUDGE))
            scores = torch.cat([learner(part) for part in episode.split(10)])
            for words in (1, LONG):
                asked = f"{split}, {shot}, {words}"
                right = by_class(right_answers(scores, episode.query_y, words), tasks.way)  # [tasks, way]
                percent[asked] = round(100 * right.mean().item(), 2)
                each = {tasks.names[i]: right[met == i].mean().item() for i in met.unique().tolist()}
                languages[asked] = {name: round(100 * value, 1) for name, value in each.items()}
    return percent, languages if details else {}


def train(part: str, name: str, steps: int, seed: int) -> Training:
    """One row of the table, on the CPU."""
    start = time.process_time()
    torch.manual_seed(seed)
    percent, languages, seconds = {"wall": wall, "encoders": encoders, "invented": invented, "curve": curve}[part](
        name, steps, seed, start)  # fmt: skip
    return Training(part, name, steps, seed, percent, seconds, date.today().isoformat(), torch.__version__, languages)


def spent(start: float) -> float:
    """Seconds of processor time."""
    return round(time.process_time() - start, 1)


def fitted(learner: Learner, tasks, steps: int, seed: int, lr: float = 5e-3, meta_batch: int = 1) -> Learner:
    """Trained with a rate that falls as a cosine."""
    fit(learner, tasks, steps, meta_batch=meta_batch, lr=lr, seed=seed, device="cpu", progress=False,
        schedule=lambda optimizer: CosineAnnealingLR(optimizer, steps))  # fmt: skip
    return learner


def wall(name: str, steps: int, seed: int, start: float):
    """Three methods, near and far from what was trained on."""
    if name == "CNN":
        learner = fitted(NETWORKS[name](), Words(20, 5, 5), steps, seed)
    else:
        learner = NaiveBayes(prior_of(words_of("train")) if name == "prior" else None)
    seconds = spent(start)
    return *judged(learner, WALL, details=True), seconds


def encoders(name: str, steps: int, seed: int, start: float):
    """Other networks, on new languages and new families."""
    far = WALL[-2:]
    if name == "pretrained CNN":
        body = CharCNN()
        fitted(Joint(body, 64, len(words_of("train"))), AllLanguages(), steps, seed)
        seconds = spent(start)
        last, mean = (judged(kind(body), far)[0] for kind in (LinearProbe, PrototypicalNet))
        return last | {f"prototypes, {asked}": value for asked, value in mean.items()}, {}, seconds
    maml = name.startswith("MAML")
    tasks = Words(5 if maml else 20, 5, 5)
    learner = fitted(NETWORKS[name](), tasks, steps, seed, RATES.get(name, 5e-3), 4 if maml else 1)
    seconds = spent(start)
    return *judged(learner, far), seconds


def curve(name: str, steps: int, seed: int, start: float):
    """More and more training of one network, with one rate: the training of a row goes on where the last one ended."""
    learner = NETWORKS[name]()
    if steps:
        fit(learner, Words(20, 5, 5), steps, lr=RATES["curve"], seed=seed, device="cpu", progress=False,
            checkpoint=Path(KEPT.name) / f"{seed}.pt")  # fmt: skip
    seconds = spent(start)
    splits = (*WALL, "validation")
    found = {split: 100 * evaluate(learner, Words(5, 5, 10, split), N_TEST, seed=JUDGE, batch=10).mean
             for split in splits}  # fmt: skip
    return {f"{split}, 5, 1": round(value, 2) for split, value in found.items()}, {}, seconds


def invented(name: str, steps: int, seed: int, start: float):
    """Languages that are drawn from a known distribution: fresh ones, and those of the network's own pool."""
    pool = POOL if name == "pool" else None
    if name in STEPS:
        tasks = Invented(shot=(1, 2, 3, 5, 8, 10), pool=pool, seed=seed)
        learner = fitted(three_trainings.set_network(), tasks, steps, seed, RATES["invented"], meta_batch=8)
    else:
        learner = UNTRAINED[name]()
    seconds = spent(start)
    worlds = {"fresh": {}} | ({"own": {"pool": POOL, "seed": seed}} if pool else {})
    percent = {}
    for world, how in worlds.items():
        for shot in (1, 2, 5, 10, 20):
            found = evaluate(learner, Invented(shot=shot, **how), N_TEST, seed=JUDGE, batch=10)
            percent[f"{world}, {shot}"] = round(100 * found.mean, 2)
            percent[f"nats, {world}, {shot}"] = round(found.losses.mean().item(), 4)
            if how:  # the exact rule for fresh languages, on the same tasks
                exact = evaluate(ExactBayes(), Invented(shot=shot, **how), N_TEST, seed=JUDGE, batch=10)
                percent[f"exact, {world}, {shot}"] = round(100 * exact.mean, 2)
    return percent, {}, seconds


@click.command()
@click.option("--output", default=str(three_trainings.TABLE), show_default=True)
def main(output):
    """Train what is missing and store it after every training."""
    train_missing(three_trainings, three_trainings.planned(), train, COMMAND, output, lambda made: str(made.percent))


if __name__ == "__main__":
    main()
