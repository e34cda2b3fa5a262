"""What to use when: the stored table of lesson 16 that its decision page reads.

`OMP_NUM_THREADS=1 python -m benchmarks.decisions` writes decision_results.json in the room of lesson 16 after every
training; what stands there is not trained again. 66 trainings.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import torch

from course_lib import evaluate
from course_lib.compute.over_tasks import forced
from course_lib.compute.seeding import TRAIN, generator_for
from course_lib.learners import MAML, FineTune, Joint, Learner, LinearProbe, NearestNeighbour, PrototypicalNet
from course_lib.lessons.lesson16 import decision_results as table
from course_lib.lessons.lesson16.decision_results import QUERY, STEPS, TESTED, WAY, Decision
from course_lib.lessons.lesson16.half_size_scripts import SmallConv, small_tasks
from course_lib.tasks.all_classes import AllClasses
from course_lib.training import outer_step

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.decisions"
CHANNELS, COPIES = 16, 20  # filters; drawings of a training character
LR = 3e-3
INNER, RATE, TEST_INNER = 3, 0.1, 10  # of MAML: steps in training, their rate, steps at test; by validation scripts


def new_learner(kind: str, classes: int) -> Learner:
    """What is trained, with new weights."""
    if kind == "pretrained":
        return Joint(SmallConv(CHANNELS), CHANNELS, classes)
    if kind == "prototypical":
        return PrototypicalNet(SmallConv(CHANNELS))
    return MAML(SmallConv(CHANNELS, out=WAY), INNER, RATE, order=1 if "first" in kind else 2)


def training_tasks(kind: str, classes: int, shot: int, seed: int):
    """What it is trained on, and tasks a step."""
    if kind == "pretrained":
        return AllClasses(small_tasks("train", 1, 1, classes=classes, copies=COPIES, seed=seed), 128), 1
    way, meta_batch = (16, 1) if kind == "prototypical" else (WAY, 4)
    return small_tasks("train", shot, 5, way, classes=classes, copies=COPIES, seed=seed), meta_batch


def answering(name: str, learner: Learner) -> Learner:
    """What answers test tasks with what was trained."""
    if name == "pretrained, nearest mean":
        return PrototypicalNet(learner.backbone)
    if "MAML" in name:
        return MAML(learner.backbone, TEST_INNER, RATE)
    return LinearProbe(learner.backbone) if name == "pretrained, linear layer" else learner


def train(kind: str, classes: int, shot: int, seed: int) -> list[Decision]:
    """One training, and all its rows: after a quarter of the steps, and at the end."""
    torch.manual_seed(seed)
    if not kind:
        learners = {"nearest pixels": NearestNeighbour(), "from scratch": FineTune(SmallConv(CHANNELS))}
        return [judged(name, learners[name], key, 0, 0.0) for key in table.identities(kind, classes, shot, seed)
                for name in key[:1]]  # fmt: skip
    learner, (tasks, meta_batch) = new_learner(kind, classes), training_tasks(kind, classes, shot, seed)
    optimizer, steps, spent, rows = torch.optim.Adam(learner.parameters(), lr=LR), STEPS[kind][shot], 0.0, []
    for step in range(steps):
        episode = tasks.sample(meta_batch, generator_for(seed, TRAIN, step))
        start = time.process_time()
        outer_step(learner.train().losses, optimizer, episode)
        spent += time.process_time() - start
        if (done := (step + 1) / steps) in (0.25, 1.0):
            rows += [judged(key[0], answering(key[0], learner), key, step + 1, spent)
                     for key in table.identities(kind, classes, shot, seed) if key[3] == done]  # fmt: skip
    return rows


def judged(name: str, learner: Learner, key: tuple, steps: int, spent: float) -> Decision:
    """A row: what the learner answers on the test tasks."""
    tasks = small_tasks("test", key[2], QUERY, WAY)
    start = time.process_time()
    result = evaluate(learner, tasks, TESTED, seed=1)
    each = (time.process_time() - start) / TESTED
    right = [round(score, 4) for score in result.scores.tolist()]
    return Decision(*key, right, steps, float(f"{spent:.3g}"), float(f"{each:.2g}"), torch.__version__)


@click.command()
@click.option("--output", default=str(table.TABLE), show_default=True)
@click.option("--seeds", default=len(table.SEEDS), show_default=True, help="Stop after so many.")
def main(output, seeds):
    """Train what is missing and store it after every training."""
    torch.set_num_threads(1)
    known = table.read(output) if Path(output).exists() else {}
    for plan in table.planned():
        if plan[-1] >= seeds or all(key in known for key in table.identities(*plan)):
            continue
        with forced(True):  # as small as these networks are, tasks at once are quicker
            made = train(*plan)
        known |= {row.identity: row for row in made}
        table.write(list(known.values()), COMMAND, output)
        click.echo("; ".join(f"{row.identity} {100 * sum(row.scores) / TESTED:.1f} in {row.seconds} s, "
                             f"{row.test_seconds} s a task" for row in made))  # fmt: skip


if __name__ == "__main__":
    main()
