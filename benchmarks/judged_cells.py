"""Judge what lesson 15 tells good cells from bad ones by, against the stored truth.

`OMP_NUM_THREADS=1 python -m benchmarks.judged_cells` writes architecture_results.json in the room of lesson 15 after
each row; what stands there is not measured again. Some five minutes of one thread, after benchmarks.architectures.
"""

from __future__ import annotations

import time
from functools import cache

import click
import torch
from torch import Generator, Tensor

from benchmarks.missing import train_missing
from course_lib.lessons.lesson15 import architecture_results, predictors
from course_lib.lessons.lesson15.architecture_results import CEILINGS, MADE, TRIED, Predicted
from course_lib.lessons.lesson15.cell_table import other_accuracies, other_tasks, tested_accuracies, tested_tasks
from course_lib.lessons.lesson15.cells import LIVING
from course_lib.lessons.lesson15.set_predictor import meta_train
from course_lib.lessons.lesson15.shared_weights import darts, weight_sharing

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.judged_cells"
TASK_ALONE = {
    "random": predictors.random_scores,
    "operations counted": predictors.counted_operations,
    "gradient norm": predictors.gradient_norm,
    "NASWOT": predictors.naswot,
    "SynFlow": predictors.synflow_scores,
    "weight sharing": weight_sharing,
    "DARTS": darts,
    "ten steps": predictors.ten_steps,
}


@cache
def known() -> tuple[Tensor, Tensor, Tensor]:
    """The truth `[125, 100]`; further trainings of the same, `[3, 125, 100]`; and what cells reach on other tasks,
    `[125, 300]`. Means of the trainings that the table has."""
    tested = tested_accuracies()
    return tested[: len(MADE)].nanmean(0), tested[len(MADE) :], other_accuracies().nanmean(0)


def scores(name: str, others: int, seed: int) -> tuple[Tensor, float]:
    """What a predictor says, `[100, 125]`, and the seconds that it took to learn it before it saw the tasks."""
    if name in CEILINGS:
        some = [(seed + i) % len(MADE) for i in range(1 + CEILINGS.index(name))]
        return torch.where(LIVING, known()[1][some].mean(0).T, -torch.inf), 0.0
    if name in TASK_ALONE:
        return TASK_ALONE[name](tested_tasks(), Generator().manual_seed(seed)), 0.0
    chosen = torch.randperm(len(other_tasks()), generator=Generator().manual_seed(seed))[:others].tolist()
    learned, reached = other_tasks()[chosen], known()[2][:, chosen]
    if name == "mean over other tasks":
        return predictors.mean_elsewhere(reached, tested_tasks()), 0.0
    if name == "mean over its family":
        return predictors.mean_of_family(reached, learned, tested_tasks()), 0.0
    if name == "five cells tried":
        tried = predictors.trials_to_make(reached, TRIED)
        return predictors.after_trials(reached, tried, known()[1][seed, tried]), 0.0
    begun = time.process_time()
    net = meta_train(learned, reached, seed)
    return net.scores(tested_tasks()), time.process_time() - begun


def measure(name: str, others: int, seed: int) -> Predicted:
    """One row of the table."""
    begun = time.process_time()
    found, learning = scores(name, others, seed)
    if known()[0].isnan().any() or found.isnan().any():
        raise click.ClickException("the cell table is not whole yet: run benchmarks.architectures first.")
    seconds = [round(time.process_time() - begun - learning, 2), round(learning, 1)]
    tau, lost = predictors.judged(found, known()[0])
    rounded = ([round(number, digits) for number in part.tolist()] for part, digits in ((tau, 4), (lost, 3)))
    return Predicted(name, others, seed, *rounded, seconds, torch.__version__)


@click.command()
@click.option("--output", default=str(architecture_results.TABLE), show_default=True)
def main(output):
    """Measure what is missing and store it after every row."""

    def said(row):
        return f"tau {sum(row.tau) / len(row.tau):.3f}, lost {sum(row.lost) / len(row.lost):.2f}"

    train_missing(architecture_results, architecture_results.planned(), measure, COMMAND, output, said)


if __name__ == "__main__":
    main()
