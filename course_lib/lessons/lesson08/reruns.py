"""The same recipes trained again and again, with nothing changed but the seed. Stored trainings.

`OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson08.reruns` trains what is missing and writes the table beside
this file (20 trainings: about ten minutes on one core).
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import torch
from torch import Tensor

from course_lib.evaluation import evaluate
from course_lib.learners import PrototypicalNet, RelationNet
from course_lib.learners.base import Learner
from course_lib.models import Conv4
from course_lib.statistics import paired_difference
from course_lib.tasks import Scripts
from course_lib.training import fit

TABLE = Path(__file__).with_name("reruns.json")
SEEDS = tuple(range(10))  # of the trainings: first weights and training tasks
CHANNELS, STEPS, RATE, TESTED, QUERY = 16, 150, 5e-3, 600, 10
STUDENT = {3: 4.30, 10: 2.26}  # in place of 1.96 for the mean of so few numbers: Student's t, 95 %
#: The recipes: only the comparison differs.
RECIPES = {
    "prototypical": lambda: PrototypicalNet(Conv4(CHANNELS)),
    "relation": lambda: RelationNet(Conv4(CHANNELS, maps=True), CHANNELS, loss="cross_entropy"),
}


def train(name: str, seed: int, steps: int = STEPS) -> Learner:
    """One of RECIPES, trained 20-way 1-shot on `Scripts`."""
    torch.manual_seed(seed)
    learner = RECIPES[name]()
    fit(learner, Scripts(20, 1, 5, split="train"), steps, lr=RATE, seed=seed, progress=False, device="cpu")
    return learner


def right_answers(learner: Learner, n_tasks: int = TESTED) -> list[int]:
    """Right answers in each of the test tasks, which are the same for all: 5-way 1-shot, of unseen scripts."""
    episode = Scripts(5, 1, QUERY, split="test").sample(n_tasks, torch.Generator().manual_seed(0))
    return evaluate(learner, episode).correct.sum(1).tolist()


def read(path: Path | str = TABLE) -> dict[str, Tensor]:
    """Of each recipe `[trainings, tasks]`: the accuracy of every training in every test task, a fraction, float64."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))["right"]
    return {name: torch.tensor(found, dtype=torch.float64) / (5 * QUERY) for name, found in rows.items()}


def verdicts(pairs) -> tuple[int, int, int]:
    """How many of the pairs of `[tasks]` scores the paired interval calls first, second, or neither."""
    found = [paired_difference(a, b) for a, b in pairs]
    first, second = sum(d > half for d, half in found), sum(-d > half for d, half in found)
    return first, second, len(found) - first - second


def over_trainings(first: Tensor, second: Tensor, factor: float) -> tuple[float, float]:
    """How far recipe `first` lies above recipe `second`, counting trainings.

    Args:
        first: `[trainings, tasks]` accuracies. second: the same of the other recipe, with as many trainings or others.
        factor: how many standard errors the interval reaches to each side.

    Returns: the difference of the means and half the width of its interval, in units of the scores. A training is one
    number, its mean over tasks; the trainings of the two recipes are independent, so the variances of the means add up.
    """
    a, b = first.double().mean(1), second.double().mean(1)  # [trainings] each
    half = factor * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()


def each_two(trainings: Tensor):
    """All pairs of the trainings of one recipe."""
    return list(combinations(trainings, 2))


def main(path: Path | str = TABLE):
    """Train what is missing, and store after each training."""
    torch.set_num_threads(1)
    path = Path(path)
    found = json.loads(path.read_text(encoding="utf-8"))["right"] if path.exists() else {name: [] for name in RECIPES}
    for seed in SEEDS:
        for name, rows in found.items():
            if len(rows) <= seed:
                rows.append(right_answers(train(name, seed)))
                print(name, seed, f"{sum(rows[-1]) / len(rows[-1]) / 50:.4f}", flush=True)
                _write(found, path)


def _write(found: dict[str, list[list[int]]], path: Path):
    rows = ",\n".join(f'"{name}":[\n' + ",\n".join(json.dumps(r, separators=(",", ":")) for r in each) + "]"
                      for name, each in found.items())  # fmt: skip
    command = "OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson08.reruns"
    partial = path.with_name(path.name + ".partial")
    partial.write_text(f'{{"command":"{command}","torch":"{torch.__version__}",\n"right":{{\n{rows}}}}}\n',
                       encoding="utf-8", newline="\n")  # fmt: skip
    partial.replace(path)


if __name__ == "__main__":
    main()
