"""Train the networks of lesson 01, sections 5 and 6, with SEED 0 ... 9: `python -m benchmarks.transfer` writes the
lesson's stored table. It takes some ten minutes on two cores.

It runs the lesson's own cells, so what is stored is of the code that a learner sees. Each of the ten trainings is then
scored on the same tasks: what differs between them is the luck of training and not of the test tasks.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform

import click
import torch

from course_lib import evaluate
from course_lib.lessons.lesson01.transfer import TABLE
from course_lib.tasks import Scripts
from course_lib.tasks.sampler import pick_different
from course_lib.tasks.splits import shared_images, split_by_group
from tools.notebooks import ROOT, read

LESSON = ROOT / "notebooks" / "01_tasks_and_episodes.ipynb"
CELLS = ("imports", "album", "split-use", "train-helper", "image-leak-cell", "diversity-train")
TASKS, TEST_SEED = 300, 1234


def code() -> dict[str, str]:
    """The lesson's cells that train, by id."""
    return {cell.id: cell.source for cell in read(LESSON).cells if cell.id in CELLS}


def digest(cells: dict[str, str]) -> str:
    """Of the code that the table comes from; it is stored with the table, so a test can see that one is too old."""
    return hashlib.sha256("\n\n".join(cells.values()).encode()).hexdigest()[:16]


def trainings(cells: dict[str, str], seed: int) -> dict:
    """The scores, in percent, of the networks that the lesson trains with this SEED."""
    names = {"PROFILE": "quick", "SEED": seed, "pick_different": pick_different, "shared_images": shared_images,
             "split_by_group": split_by_group}  # fmt: skip
    for name, source in cells.items():
        exec(compile(source, name, "exec"), names)

    def score(network, tasks) -> float:
        return round(100 * evaluate(network, tasks, TASKS, seed=TEST_SEED).mean, 2)

    networks, kinds = names["networks"], names["kinds"]
    unseen = Scripts(way=5, shot=1, query=15, split="test", **names["shaky"])
    return {
        "own": {k: score(networks[k], Scripts(way=5, shot=1, query=15, **kinds[k][1])) for k in kinds},
        "unseen": {k: score(networks[k], unseen) for k in kinds},
        "exams": {k: {exam: round(100 * result.mean, 2) for exam, result in results.items()}
                  for k, results in names["split_scores"].items()},
    }  # fmt: skip


def together(rows: list):
    """A list of nested dicts as one dict of lists."""
    return {k: together([row[k] for row in rows]) for k in rows[0]} if isinstance(rows[0], dict) else rows


@click.command()
@click.option("--seeds", type=click.IntRange(1), default=10, show_default=True)
def main(seeds):
    """Write the lesson's stored table."""
    cells, rows = code(), []
    for seed in range(seeds):
        rows.append(trainings(cells, seed))
        click.echo(f"SEED {seed}: {json.dumps(rows[-1])}")
    trained = {"date": str(datetime.date.today()), "torch": torch.__version__, "python": platform.python_version(),
               "threads": torch.get_num_threads()}  # fmt: skip
    table = {"code": digest(cells), "trained": trained, "seeds": seeds, "tasks": TASKS, **together(rows)}
    text = json.dumps(table, indent=1)
    TABLE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
