"""What choices of training are worth: way, shot, distance, temperature, episodes or none. Ten stored trainings of each.

`python -m course_lib.lessons.lesson06.choices` trains them again and writes the table beside this file (about ten
minutes on one core).
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.evaluation import evaluate
from course_lib.learners import Joint, Learner, PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.tasks.all_classes import AllClasses
from course_lib.training import fit

TABLE = Path(__file__).with_name("choices.json")
SEEDS = range(10)  # of the trainings: first weights and training tasks
STUDENT = 2.26  # in place of 1.96, for the mean of ten: Student's t, 95 %
CHANNELS, STEPS, RATE = 24, 120, 1e-2
SCRIPTS = ("Georgian", "Cyrillic")
#: Way, shot and queries of a training task, tasks a step, and what else the learner is given.
EPISODES = {
    "20-way": (20, 1, 5, 1, {}),
    "5-way": (5, 1, 5, 4, {}),
    "3-shot": (20, 3, 3, 1, {}),
    "3 queries": (20, 1, 3, 1, {}),  # beside it, 3-shot has more support images and no other difference
    "squared, T learned": (20, 1, 5, 1, {"learn_temperature": True}),
    "cosine, T = 1": (20, 1, 5, 1, {"distance": "cosine"}),
    "cosine, T learned": (20, 1, 5, 1, {"distance": "cosine", "temperature": 0.1, "learn_temperature": True}),
}
CHOICES = (*EPISODES, "supervised")


def one_cycle(optimizer):
    """A learning rate that rises and falls once."""
    return torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS)


def train(name: str, seed: int) -> Learner:
    """One of CHOICES, trained; the supervised one with prototypes in place of its last layer."""
    torch.manual_seed(seed)
    backbone = Conv4(CHANNELS)
    if name == "supervised":
        tasks, tasks_a_step = AllClasses(Scripts(20, 1, 5, scripts=SCRIPTS), batch=120), 1
        learner = Joint(backbone, features=CHANNELS, classes=tasks.way)
    else:
        way, shot, query, tasks_a_step, given = EPISODES[name]
        tasks, learner = Scripts(way, shot, query, scripts=SCRIPTS), PrototypicalNet(backbone, **given)
    fit(learner, tasks, STEPS, meta_batch=tasks_a_step, lr=RATE, seed=seed, schedule=one_cycle, progress=False,
        device="cpu").must_be_whole()  # fmt: skip
    return PrototypicalNet(backbone) if name == "supervised" else learner


def tests() -> dict[int, Episode]:
    """The test tasks by shot, the same for all trainings: 5-way tasks of unseen scripts."""
    return {shot: Scripts(5, shot, 5, split="test").sample(n, torch.Generator().manual_seed(1000 + shot))
            for shot, n in ((1, 400), (5, 200))}  # fmt: skip


def read() -> dict[str, dict[int, Tensor]]:
    """Accuracy in % on the test tasks, by choice and by shot of the test: `[trainings]`, in the order of SEEDS."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["trainings"]
    of = {(row["choice"], row["seed"]): row for row in rows}
    return {name: {shot: torch.tensor([of[name, seed][f"{shot}-shot"] for seed in SEEDS], dtype=torch.float64)
                   for shot in (1, 5)} for name in CHOICES}  # fmt: skip


def over_trainings(values: Tensor) -> tuple[float, float]:
    """The mean of ten trainings, and half its 95 % interval over *trainings*."""
    return values.mean().item(), STUDENT * values.std().item() / math.sqrt(len(values))


def main():
    """Train all and write the table."""
    rows, asked = [], tests()
    for name in CHOICES:
        for seed in SEEDS:
            learner = train(name, seed)
            found = {f"{shot}-shot": round(100 * evaluate(learner, episode).mean, 2) for shot, episode in asked.items()}
            rows.append({"choice": name, "seed": seed, **found})
            print(rows[-1], flush=True)
    settings = {
        "outer steps": STEPS,
        "test tasks": {k: e.n_tasks for k, e in asked.items()},
        "torch": torch.__version__,
    }
    text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    TABLE.write_text(
        f'{{"settings":{json.dumps(settings)},\n"trainings":[\n{text}\n]}}\n', encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
