"""Score every learner of the course on the same tasks: `python -m benchmarks.scores` writes data/scores.json.

What stands in the file already, of the weights that ship now, is not measured again, so a cut run goes on.
"""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import torch

from course_lib import evaluate, learners, load, tasks
from course_lib.commands import options, train
from course_lib.compute.memory import peak_bytes
from course_lib.compute.seeding import TRAIN, generator_for
from course_lib.episode import Episode
from course_lib.lessons.lesson08 import scores
from course_lib.lessons.lesson08.calibration import reliability
from course_lib.lessons.lesson08.scores import Score, Training
from course_lib.paths import data_dir, pretrained
from course_lib.storage import notes
from course_lib.training import outer_step


@dataclass
class Row:
    """A score to measure: of the learner in the file `weights`, or of `learner` with the backbone in it."""

    group: str
    name: str
    weights: str
    data: object  # a function that makes the task distribution, or the episode of Lake's runs
    tasks: int = 600
    learner: str = ""
    given: dict = field(default_factory=dict)
    batch_norm: str = "inductive"
    paper: float | None = None


def omniglot(way, shot, query=15, **options):
    return lambda: tasks.Omniglot(way, shot, query, "test", **options)


METRIC = ("prototypical", "matching", "relation", "siamese")
GRADIENT = ("maml", "fomaml", "anil", "reptile")
#: Learners that take over the pretrained backbone, and one that needs none.
BASELINES = {
    "centroid": {"learner": "prototypical"},
    "linear_probe": {"learner": "linear_probe"},
    "fine_tune": {"learner": "fine_tune"},
}


def everyone(group: str, data, trained_on: str, heads: str = "", n: int = 600) -> list[Row]:
    """All learners of the fair comparison on one kind of task; `heads` names weights with 20 outputs, which ANIL and
    Reptile were not trained with."""
    rows = [Row(group, name, f"fair/{name}_{trained_on}", data, n) for name in METRIC]
    rows += [Row(group, name, f"fair/{name}{heads}_{trained_on}", data, n) for name in GRADIENT[: 2 if heads else 4]]
    rows += [Row(group, name, f"fair/joint_{trained_on}", data, n, **how) for name, how in BASELINES.items()]
    return [*rows, Row(group, "pixels", "", data, n, learner="nearest_neighbour")]


def plan() -> list[Row]:
    lake = lambda: tasks.LakeRuns().runs  # noqa: E731
    scripts = lambda: tasks.Scripts(5, 1, 15, "test")  # noqa: E731
    within = omniglot(20, 1, 5, within_alphabet=True)
    five = omniglot(5, 1)
    rows = everyone("omniglot 5-way 1-shot", five, "omniglot")
    rows += everyone("omniglot 20-way 1-shot", omniglot(20, 1, 5), "omniglot", "_20way")
    rows += everyone("within alphabet 20-way 1-shot", within, "omniglot", "_20way", 400)
    rows += everyone("lake", lake, "omniglot", "_20way")
    rows += everyone("scripts 5-way 1-shot", scripts, "scripts")
    rows += everyone("scripts to omniglot 5-way 1-shot", five, "scripts")
    rows += [Row("lake", "hausdorff", "", lambda: tasks.LakeRuns(size=105).runs, learner="hausdorff", paper=61.2)]
    for name, weights in LAKE.items():
        rows += [Row("lake", name, weights, lake), Row("within alphabet 20-way 1-shot", name, weights, within, 400)]
    rows += [Row("transductive 5-way 1-shot", name, f"fair/{name}_omniglot", five, batch_norm="transductive")
             for name in (*METRIC, *GRADIENT)]  # fmt: skip
    rows += [Row("adaptation steps", f"{name} {steps}", f"fair/{name}_omniglot", five, 200, given={"steps": steps})
             for name in GRADIENT for steps in (0, 1, 2, 3, 5, 10, 20)]  # fmt: skip
    rows += [Row("adaptation steps", f"fine_tune {steps}", "fair/joint_omniglot", five, 200, "fine_tune",
                 {"steps": steps}) for steps in (1, 5, 10, 20, 50)]  # fmt: skip
    rows += [Row("seeds", f"{name} {seed}", f"fair/{name}_omniglot" + f"_seed{seed}" * bool(seed), five)
             for name in ("prototypical", "relation", "maml") for seed in range(3)]  # fmt: skip
    return rows + papers()


#: Prototypical networks that are not of the fair comparison, for Lake's test.
LAKE = {
    "best": "lake_background",
    "small1": "lake_small1",
    "small2": "lake_small2",
    "prototypical_scripts": "prototypical_scripts",
}


#: The four settings of Omniglot in the papers: way and shot.
SETTINGS = ((5, 1), (5, 5), (20, 1), (20, 5))


def papers() -> list[Row]:
    """The weights that were trained for longer, on the random-character split of the papers, and what these report."""
    reported = {
        "prototypical": ("prototypical_characters", 98.8, 99.7, 96.0, 98.9),
        "matching": ("matching_omniglot", 98.1, 98.9, 93.8, 98.5),
        "relation": ("relation_omniglot", 99.6, 99.8, 97.6, 99.1),
    }
    rows = []
    for name, (weights, *numbers) in reported.items():
        for (way, shot), number in zip(SETTINGS, numbers, strict=True):
            made = omniglot(way, shot, scheme="characters")
            given = {"shots": "mean"} if name == "relation" and shot > 1 else {}
            rows.append(Row("papers", f"{name} {way}-way {shot}-shot", weights, made, given=given, paper=number))
    gradient = (
        ("maml", "maml_omniglot", 5, 1, {}, 98.7), ("maml", "maml_omniglot", 5, 5, {}, 99.9),
        ("maml", "maml_omniglot_20way", 20, 1, {}, 95.8), ("fomaml", "fomaml_omniglot", 5, 1, {}, None),
        ("anil", "anil_omniglot", 5, 1, {}, None), ("reptile", "reptile_omniglot", 5, 1, {"steps": 20}, 95.4),
    )  # fmt: skip
    for name, weights, way, shot, given, number in gradient:
        made = omniglot(way, shot, scheme="characters")
        for batch_norm in ("inductive", "transductive"):
            paper = 97.7 if name == "reptile" and batch_norm == "transductive" else number
            if name == "maml" and batch_norm == "inductive":
                paper = None  # the paper's code normalises with the queries
            rows.append(Row("papers", f"{name} {way}-way {shot}-shot {batch_norm}", weights, made, given=given,
                            batch_norm=batch_norm, paper=paper))  # fmt: skip
    return rows


def identity(row: Row) -> tuple:
    """What must be equal for a stored score to be this row's: its `Score.identity`."""
    there = scores.digest(pretrained(row.weights)) if row.weights else ""
    return row.group, row.name, row.weights, there, row.batch_norm, tuple(row.given.items()), row.paper


def measure(row: Row, n_tasks: int | None = None, seed: int = 1) -> Score:
    """Score a row, on fewer tasks if asked: the first of the same."""
    learner = load(pretrained(row.weights)) if row.weights else None
    if row.learner:
        learner = learners.LEARNERS[row.learner](learner and learner.backbone, **row.given)
    else:
        learner.config.update(row.given)
    made = row.data()
    first = made if isinstance(made, Episode) else made.sample(1)
    way = first.way
    result = evaluate(learner, made, n_tasks or row.tasks, seed=seed, batch_norm=row.batch_norm)
    bins = reliability(result.confidence, result.correct)
    means = (result.precision, result.recall, result.losses)
    return Score(
        row.group, row.name, row.weights, identity(row)[3], way, first.support_y.shape[1] // way,
        first.query_y.shape[1] // way, seed, row.batch_norm, row.given, result.correct.sum(1).tolist(),
        *(round(t.mean().item(), 5) for t in means),
        {k: [round(v, 4) for v in getattr(bins, k).tolist()] for k in ("count", "confidence", "accuracy")}, row.paper,
    )  # fmt: skip


def training(weights: str, turns: int = 5) -> Training:
    """What one outer step of the command in a weights file costs, here and now, on one thread."""
    header = notes(pretrained(weights))["notes"]
    given = train.train.make_context("train", shlex.split(header["command"])[4:]).params
    data, way, shot, query, batch = (given[k] for k in ("data", "way", "shot", "query", "meta_batch"))
    made = options.tasks_for(data, given["split"], way, shot, query, "cpu", given["rotations"],
                         **{k: given[k] for k in ("scheme", "hands", "within_alphabet")})  # fmt: skip
    torch.manual_seed(0)
    sizes = (given[k] for k in ("channels", "features", "chunk", "given"))
    learner, source = train.learner_for(given["learner"], made, data, way * (shot + query), *sizes)
    learner.train()
    optimizer = torch.optim.Adam(learner.parameters(), 1e-4)
    seconds = []

    def step(turn: int):
        episode = source.sample(batch, generator_for(0, TRAIN, turn))
        start = time.perf_counter()
        outer_step(learner.losses, optimizer, episode, at_once=learner.tasks_at_once)
        seconds.append(time.perf_counter() - start)

    for turn in range(turns):
        step(turn)
    peak = peak_bytes(lambda: step(turns))
    images = given["steps"] * batch * way * (shot + query)
    checked = header.get("validation", {"steps": [], "scores": []})
    return Training(given["steps"], images, round(1000 * min(seconds[:turns]), 1), peak,
                    sum(p.numel() for p in learner.parameters()),
                    [(s, round(v, 4)) for s, v in zip(checked["steps"], checked["scores"], strict=True)])  # fmt: skip


def _there(weights: str) -> bool:
    try:
        return bool(pretrained(weights))
    except FileNotFoundError as error:
        click.echo(f"Left out: {error}", err=True)
        return False


@click.command()
@click.option("--only", default="", help="Measure only groups whose name holds this.")
@click.option("--output", default=str(data_dir() / "scores.json"), show_default=True)
def main(only, output):
    """Measure what is missing and store it after every row."""
    torch.set_num_threads(1)
    stored, costs = scores.read(output) if Path(output).exists() else ([], {})
    rows = {identity(row): row for row in plan() if not row.weights or _there(row.weights)}
    known = {score.identity: score for score in stored}

    def store():
        scores.write([known[i] for i in rows if i in known], costs, output)

    for i, row in rows.items():
        if i not in known and only in row.group:
            start = time.perf_counter()
            known[i] = measured = measure(row)
            click.echo(f"{measured} in {time.perf_counter() - start:.0f} s")
            store()
    for weights in dict.fromkeys(row.weights for row in rows.values() if row.weights.startswith("fair/")):
        if weights not in costs and not only:
            costs[weights] = training(weights)
            click.echo(f"{weights}: {costs[weights].milliseconds} ms, {costs[weights].peak_bytes / 1e6:.0f} MB a step")
            store()


if __name__ == "__main__":
    main()
