"""Train the relatives of MAML, and those that overfit, several times: the stored table of lesson 05.

`OMP_NUM_THREADS=1 python -m benchmarks.maml_family` writes repeated.json in the room of lesson 05 after each training;
what stands there is not trained again. 95 trainings: about 15 minutes on one core.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import torch

from benchmarks.missing import train_missing
from course_lib import fit
from course_lib.learners import MAML
from course_lib.lessons.lesson05 import overfitting, repeated
from course_lib.lessons.lesson05.repeated import OVERFITTED, VARIANTS, Training
from course_lib.models import MLP
from course_lib.tasks import Sinusoids

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.maml_family"


def trained(name: str, steps: int, seed: int) -> MAML:
    """A relative of MAML, trained as section 4 does."""
    torch.manual_seed(seed)
    learner = VARIANTS[name][0](MLP((1, 40, 40, 1)))
    fit(learner, Sinusoids(shot=10, query=10), steps, meta_batch=25, lr=3e-3, seed=seed, device="cpu", progress=False)
    return learner


def judged(name: str, learner: MAML) -> dict[str, float]:
    """Its errors on the test tasks."""
    test = repeated.new_curves()
    after = (0, 1) if "1 step" in name else (0, 1, 5, 10)
    errors = {f"after {k}": e.mean().item() for k, e in repeated.errors_after(learner, test, after).items()}
    if name == "MAML":  # section 5: what if a part adapts
        for part, what in (("head", "head"), ("body", "body"), ("last hidden layer", learner.backbone[2])):
            adapts = MAML(learner.backbone, 5, 0.01, adapts=what)
            errors[f"the {part}"] = repeated.errors_after(adapts, test, (5,))[5].mean().item()
    return errors


def overfitted(name: str, steps: int, seed: int, folder: Path) -> dict[str, float]:
    """Train as section 6 does, going on from a shorter training of `folder`; three errors."""
    n, cure = OVERFITTED[name]
    curves = overfitting.FewCurves(n or 10, seed)
    learner, _ = overfitting.overfit(curves if n else Sinusoids(shot=10, query=10), steps, seed, **cure,
                                     checkpoint=folder / f"{name} {seed}.pt")  # fmt: skip
    found = overfitting.three_errors(learner, curves, repeated.new_curves())
    return {kind: scores.mean().item() for kind, scores in found.items()}


def train(name: str, steps: int, seed: int, folder: Path) -> Training:
    """One training of the table, on the CPU."""
    start = time.process_time()
    if name in VARIANTS:  # these are compared by their seconds, so judging them does not count
        learner = trained(name, steps, seed)
        seconds = time.process_time() - start
        errors = judged(name, learner)
    else:
        errors = overfitted(name, steps, seed, folder)
        seconds = time.process_time() - start
    return Training(name, steps, seed, {k: round(e, 4) for k, e in errors.items()}, round(seconds, 1),
                    date.today().isoformat(), torch.__version__)  # fmt: skip


@click.command()
@click.option("--output", default=str(repeated.TABLE), show_default=True)
def main(output):
    """Train what is missing and store it after every training."""
    with TemporaryDirectory() as folder:
        train_missing(repeated, repeated.planned(), lambda *identity: train(*identity, Path(folder)), COMMAND, output,
                      lambda made: str(made.errors))  # fmt: skip


if __name__ == "__main__":
    main()
