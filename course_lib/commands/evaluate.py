"""`python -m course_lib evaluate`."""

from __future__ import annotations

import time

import click

from course_lib import evaluate as evaluate_learner
from course_lib import load
from course_lib.commands.options import as_trained, build, report, set_option, task_options, tasks_for
from course_lib.compute.devices import pick_device
from course_lib.learners import LEARNERS
from course_lib.learners.in_context import Reader
from course_lib.models import MLP
from course_lib.storage import notes


@click.command()
@click.argument("weights", type=click.Path(dir_okay=False))
@task_options(query=15, split="test")
@click.option("--tasks", "n_tasks", default=600, help="How many tasks.")
@click.option("--learner", type=click.Choice(sorted(LEARNERS)),
              help="Judge this learner with the file's backbone, in place of the learner in the file.")  # fmt: skip
@set_option(help="Another number of adaptation steps, inner learning rate or way to combine shots than in training: "
           "--set steps=5; with --learner, any of its arguments. Repeatable.")  # fmt: skip
@click.option("--batch-norm", type=click.Choice(("inductive", "transductive")), default="inductive",
              help="Statistics from training or of the support set, or of the batch at hand.")  # fmt: skip
def evaluate(weights, data, split, scheme, within_alphabet, way, shot, query, seed, device, as_json, n_tasks, learner,
             given, batch_norm, **folder):  # fmt: skip
    """Judge a weights file on fresh tasks: mean and 95 % confidence interval."""
    where = pick_device(device)
    model = load(weights)
    if learner:
        model = build(learner, model.backbone, **given)
    elif fixed := sorted(set(given) - ({"steps", "lr", "shots"} & set(model.config))):
        raise ValueError(f"{fixed[0]!r} cannot be changed after training; steps, lr and shots can, where a learner has "
                         "them. To change more, name the learner again with --learner.")  # fmt: skip
    else:
        model.config.update(given)
    of_points = isinstance(model.backbone, MLP) or (isinstance(model, Reader) and model.backbone is None)
    if of_points != (data == "sinusoids"):
        raise ValueError(f"{weights} was not trained for tasks like {data}; evaluate it on --data of its own kind.")
    if data == "folder":
        trained, said = as_trained(model, weights), {name: value for name, value in folder.items() if value is not None}
        folder = trained | said
    made = tasks_for(data, split, way, shot, query, where, scheme=scheme, within_alphabet=within_alphabet,
                     folder=folder)  # fmt: skip
    trained_on = notes(weights)["notes"].get("pictures", {}).get("classes", ())
    if seen := set(trained_on) & set(getattr(made, "names", ())):
        click.echo(f"Warning: {len(seen)} of these {len(made.names)} classes were in the training.", err=True)
    start = time.perf_counter()
    result = evaluate_learner(model.to(where), made, n_tasks, seed=seed, batch_norm=batch_norm)
    numbers = {"weights": weights, "data": data, "split": split, "way": way, "shot": shot, "query": query, "seed": seed,
               "batch_norm": batch_norm, **given, "seconds": round(time.perf_counter() - start, 2)}  # fmt: skip
    report(result.as_dict() | numbers, as_json, result)
