"""Wrong labels, shifts, hands and a stream of scripts: the stored table of lesson 16, three trainings of each.

`OMP_NUM_THREADS=1 python -m benchmarks.robustness` writes robustness_results.json in the room of lesson 16 after every
training; what stands there is not trained again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click
import torch
from torch import Generator, Tensor

from course_lib import evaluate
from course_lib.compute.seeding import TRAIN, generator_for
from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson16 import robustness_results as table
from course_lib.lessons.lesson16 import stream
from course_lib.lessons.lesson16.half_size_scripts import SmallConv, SmallScripts
from course_lib.lessons.lesson16.hands_and_shift import (
    HANDS,
    SHIFTS,
    OtherHands,
    calibration_error,
    error_of_tasks,
    fitted_temperature,
)
from course_lib.lessons.lesson16.robustness_results import (
    MIXED_UP,
    QUERY,
    SEEDS,
    SHOT,
    STEPS,
    TESTED,
    TRAINED,
    WAY,
    Measured,
)
from course_lib.lessons.lesson16.wrong_labels import REPAIRS, compared, embedded, recalls
from course_lib.training import outer_step

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.robustness"


def tasks(split: str, shot: int = SHOT, way: int = WAY, query: int = QUERY, **knobs) -> SmallScripts:
    """Tasks with these hands."""
    return SmallScripts(way, shot, query, split, **knobs)


@cache
def trained(what: str, seed: int) -> PrototypicalNet:
    """A prototypical network, 16-way 5-shot on the training scripts."""
    torch.manual_seed(seed)
    learner, generator = PrototypicalNet(SmallConv()), Generator().manual_seed(seed)
    hands = [tasks("train", way=16, query=5, **knobs) for knobs in (HANDS.values() if what == "all hands" else [{}])]
    optimizer = torch.optim.Adam(learner.parameters(), lr=3e-3)
    for step in range(STEPS):
        hand = hands[int(torch.randint(len(hands), (), generator=generator))]
        outer_step(learner.train().losses, optimizer, hand.sample(1, generator_for(seed, TRAIN, step)))
    return learner.eval()


def rounded(numbers: Tensor) -> list[float | None]:
    """Four digits behind the point; null where there is no number."""
    return [None if number != number else round(number, 4) for number in numbers.flatten().tolist()]


def row(part: str, name: str, seed: int, scores: Tensor, over=None, ece=None) -> Measured:
    """A row of the table."""
    return Measured(part, name, seed, rounded(scores), over or {}, ece or {}, torch.__version__)


def of_wrong_labels(seed: int) -> list[Measured]:
    """All repairs with all kinds of wrong label; and where one hurts."""
    data = embedded(trained("ordinary hands", seed), tasks("test", SHOT + 1), MIXED_UP, seed=1)
    found = compared(data, Generator().manual_seed(1))
    rows = [row("wrong label", f"{name}, {wrong}", seed, scores) for (name, wrong), scores in found.items()]
    return rows + [row("recall", f"{name}, {group}", seed, change) for name in REPAIRS
                   for group, change in recalls(data, name, Generator().manual_seed(1)).items()]  # fmt: skip


def of_shifts(seed: int) -> list[Measured]:
    """Accuracy and calibration under each shift, with the temperature of validation tasks and without."""
    learner, rows = trained("ordinary hands", seed), []
    with torch.no_grad():
        e = tasks("validation").sample(TESTED, Generator().manual_seed(1))
        temperature = fitted_temperature(learner(e).flatten(0, 1), e.query_y.flatten())
    for name, knobs in SHIFTS.items():
        over, ece = {}, {}
        for scale, divide in (("as trained", 1.0), ("temperature", temperature)):
            scaled = PrototypicalNet(learner.backbone, temperature=divide)
            result = evaluate(scaled, tasks("test", **knobs), TESTED, seed=1)
            over[scale], ece[scale] = rounded(error_of_tasks(result)), round(calibration_error(result), 4)
        rows.append(row("shift", name, seed, result.scores, over, ece))
    return rows


def of_hands(seed: int, what: str) -> list[Measured]:
    """Accuracy for each hand: with a support set of ordinary hands, and with one of its own."""
    ordinary, rows = tasks("test"), []
    for name, knobs in HANDS.items():
        own = tasks("test", **knobs)
        for support, these in (("ordinary", OtherHands(ordinary, own)), ("own", own)):
            result = evaluate(trained(what, seed), these, TESTED, seed=1)
            rows.append(row("hands", f"{what}; {name}; {support} support", seed, result.scores))
    return rows


def of_stream(seed: int) -> list[Measured]:
    """What is right after each script, among its own characters and among all that came."""
    scripts, rows = stream.Stream(seed), []
    for name in table.STREAM:
        stages = list({
            "classifier": lambda: stream.classifier(scripts, seed, 0),
            "classifier, replay": lambda: stream.classifier(scripts, seed, stream.KEPT),
            "prototypes, stale": lambda: stream.moving_prototypes(scripts, seed, True),
            "prototypes, kept drawings": lambda: stream.moving_prototypes(scripts, seed, False),
            "meta-trained before": lambda: stream.still_prototypes(scripts, trained("ordinary hands", seed).backbone),
        }[name]())  # fmt: skip
        within = stream.history(iter(stages), lambda scores, seen: stream.right_within(scores))
        among = stream.history(iter(stages), stream.right_among)
        rows += [row("stream", f"{name}; own script", seed, within), row("stream", f"{name}; all seen", seed, among)]
    return rows


@click.command()
@click.option("--output", default=str(table.TABLE), show_default=True)
def main(output):
    """Measure what is missing and store it after every training."""
    torch.set_num_threads(1)
    known = table.read(output) if Path(output).exists() else {}
    for seed in SEEDS:
        parts = [("wrong label", "mean, clean", of_wrong_labels), ("shift", "none", of_shifts)]
        parts += [("hands", f"{what}; even; own support", lambda seed, what=what: of_hands(seed, what))
                  for what in TRAINED]  # fmt: skip
        parts.append(("stream", "classifier; own script", of_stream))
        for part, name, measure in parts:
            if (part, name, seed) in known:
                continue
            made = measure(seed)
            known |= {one.identity: one for one in made}
            table.write(list(known.values()), COMMAND, output)
            for one in made:
                told = [score for score in one.scores[-60:] if score is not None]
                click.echo(f"{one.identity}: {100 * sum(told) / len(told):.1f} {one.ece or ''}")


if __name__ == "__main__":
    main()
