"""The command line: `python -m course_lib train | evaluate | doctor`."""

from __future__ import annotations

import ast
import inspect
import json as json_format
import shlex
import sys
import time
from functools import partial
from pathlib import Path

import click
import torch

from course_lib import evaluate as evaluate_learner
from course_lib import fit, load, save, tasks
from course_lib.compute import distributed
from course_lib.compute.devices import pick_device
from course_lib.learners import LEARNERS, MAML, MetricLearner, meant
from course_lib.models import MLP, Conv4
from course_lib.tasks.all_classes import AllClasses
from course_lib.tasks.omniglot import SPLITS

DATA = ("scripts", "omniglot", "sinusoids")
WITHIN_A_TASK = {"nearest_neighbour", "hausdorff", "linear_probe", "fine_tune"}  # these learn there only
TRAINED = sorted(set(LEARNERS) - WITHIN_A_TASK)


class _Group(click.Group):
    """Shows the library's own errors as the one sentence that they are."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except (ValueError, OSError, FloatingPointError, KeyError) as error:
            raise click.ClickException(error.args[0] if isinstance(error, KeyError) else str(error)) from error


@click.group(cls=_Group, context_settings={"show_default": True})
def main():
    """Train and judge the meta-learners of the course."""


def _task_options(query: int, split: str):
    def add(command):
        for option in reversed((
            click.option("--data", type=click.Choice(DATA), required=True, help="Where the tasks come from."),
            click.option("--split", type=click.Choice(SPLITS["alphabets"]), default=split,
                         help="Which classes. background, small1 and small2 are Lake's sets of Omniglot."),
            click.option("--scheme", type=click.Choice(tuple(SPLITS)), default="alphabets",
                         help="How Omniglot is split: by alphabet (Lake) or by shuffled characters (MAML)."),
            click.option("--within-alphabet", is_flag=True, help="Omniglot: a task's classes are of one alphabet."),
            click.option("--way", default=5, help="Classes in a task."),
            click.option("--shot", default=1, help="Support examples a class."),
            click.option("--query", default=query, help="Query examples a class."),
            click.option("--seed", default=0),
            click.option("--device", default="auto", help="auto, cpu, cuda or mps."),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object as the last line."),
        )):  # fmt: skip
            command = option(command)
        return command

    return add


def tasks_for(data, split, way, shot, query, device, rotations=False, **omniglot):
    """The tasks that the options name; `omniglot` holds those that only Omniglot has."""
    if data == "sinusoids":  # curves are drawn from one family: there are no classes to split
        return tasks.Sinusoids(shot=shot, query=query, device=device)
    sizes = {"way": way, "shot": shot, "query": query, "split": split, "rotations": rotations, "device": device}
    if data == "scripts":
        if asked := [name for name in ("hands", "within_alphabet") if omniglot.get(name)]:
            raise ValueError(f"--{asked[0].replace('_', '-')} is for --data omniglot; Scripts has hands of its own.")
        return tasks.Scripts(**sizes)
    return tasks.Omniglot(**sizes, **omniglot)


def _arguments(context, option, given) -> dict:
    """`--set steps=5 --set adapts=head` as `{"steps": 5, "adapts": "head"}`."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"write NAME=VALUE, such as steps=5, in place of {text!r}.")
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value  # a word
    return found


_set = partial(click.option, "--set", "given", multiple=True, metavar="NAME=VALUE", callback=_arguments)


def _build(name: str, backbone, *sizes, **given):
    name, given = meant(name, given)
    known = [p for p in inspect.signature(LEARNERS[name]).parameters][1:]
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"{name} has no {unknown[0]!r} to --set; it has {', '.join(known) or 'nothing'}.")
    return LEARNERS[name](backbone, *sizes, **given)


def learner_for(name: str, source, data: str, images: int, channels: int, features: int, chunk: int, given: dict):
    """An untrained learner with the backbone that suits it, and the tasks to train it on.

    Args:
        source: the task distribution; joint on images trains on all its classes instead, `images` of them a step.
        channels, features, chunk, given: see the options of `train`.
    """
    kind = LEARNERS[name]
    if data == "sinusoids":
        backbone = MLP()
    elif issubclass(kind, MAML):  # its network answers itself, and takes few images at once
        backbone = Conv4(channels, out=source.way)
    else:
        backbone = Conv4(channels, out=features or None, chunk=chunk or None, maps=name == "relation")
    if issubclass(kind, MetricLearner):
        if data == "sinusoids":
            raise ValueError(f"{name} needs classes, and sinusoids have none; train joint or maml on them.")
        sizes = {"relation": "channels", "siamese": "features", "matching": "features"}
        if name in sizes:  # they have layers of their own, which fit the backbone's output
            given = {sizes[name]: features or channels} | given
    if name == "joint" and data != "sinusoids":
        source = AllClasses(source, images)
        return _build(name, backbone, channels, source.way, **given), source  # Conv4 gives `channels` features
    return _build(name, backbone, **given), source


@main.command()
@click.option("--learner", type=click.Choice(TRAINED), required=True,
              help="joint on images is pretraining: which of all training classes is it? A step takes as many images "
                   "as an episode of this way, shot and query holds.")  # fmt: skip
@_task_options(query=5, split="train")
@click.option("--steps", default=1000, help="Outer steps.")
@click.option("--output", required=True, type=click.Path(dir_okay=False), help="The weights file to write.")
@click.option("--meta-batch", default=1, help="Tasks an outer step.")
@click.option("--lr", default=5e-3, help="Outer learning rate at its highest; it follows one cycle.")
@click.option("--channels", default=64, help="Filters in each block of Conv4.")
@click.option("--features", default=0, help="Numbers in an embedding of a metric learner; 0: as many as filters.")
@click.option("--chunk", default=72, help="Images that Conv4 takes at once, 0 for all: see course_lib.models.Conv4.")
@_set(help="An argument of the learner, as in its docstring: --set steps=5 --set lr=0.4. Repeatable.")
@click.option("--rotations", is_flag=True, help="Quarter turns of a training class are classes of their own.")
@click.option("--hands", is_flag=True, help="Omniglot: draw every training image again by another hand.")
@click.option("--validate-every", default=0, help="Outer steps between validations, 0 for none.")
@click.option("--amp", is_flag=True, help="Compute in bfloat16 where that is safe.")
@click.option("--compile", is_flag=True, help="Compile the loss with torch.compile.")
def train(learner, data, split, scheme, within_alphabet, way, shot, query, seed, device, as_json, steps, output,
          meta_batch, lr, channels, features, chunk, given, rotations, hands, validate_every, amp,
          compile):  # fmt: skip
    """Train a learner on episodes and save its weights. Run the same command again to resume a cut run."""
    where = pick_device(device)
    if learner == "joint" and data != "sinusoids" and validate_every:
        raise ValueError("joint names the training classes only, so it has no meta-validation: "
                         "leave --validate-every out.")  # fmt: skip
    made = partial(tasks_for, data, scheme=scheme, shot=shot, device=where)
    source = made(split=split, way=way, query=query, rotations=rotations, hands=hands, within_alphabet=within_alphabet)
    torch.manual_seed(seed)  # the first weights
    model, source = learner_for(learner, source, data, way * (shot + query), channels, features, chunk, given)
    checkpoint = Path(f"{output}.checkpoint")
    history = fit(
        model, source, steps,
        meta_batch=meta_batch, lr=lr, seed=seed, device=str(where),
        schedule=lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps),
        validation=made(split="validation", way=way if isinstance(model, MAML) else 5, query=15)
        if validate_every else None,
        validate_every=validate_every or steps, checkpoint=checkpoint, amp=amp, compile=compile,
        progress=sys.stderr.isatty(),
    )  # fmt: skip
    if history.stopped == "interrupted":
        raise click.ClickException(f"interrupted after {history.step[-1:]} steps; the same command goes on from there.")
    if not distributed.is_first():  # of several processes, one writes and prints
        return
    how = {"seconds": round(history.seconds_spent(), 1), "steps": steps, "device": where.type,
           "outer_loss": history.outer[-1]}  # fmt: skip
    if history.validation:
        how["validation"] = {"steps": history.validation_step, "scores": history.validation}
    save(model, output, command=shlex.join(["python", "-m", "course_lib", *sys.argv[1:]]), **how)
    checkpoint.unlink()  # the weights are safe now
    _report({"output": output, **how}, as_json, history)


@main.command()
@click.argument("weights", type=click.Path(dir_okay=False))
@_task_options(query=15, split="test")
@click.option("--tasks", "n_tasks", default=600, help="How many tasks.")
@click.option("--learner", type=click.Choice(sorted(LEARNERS)),
              help="Judge this learner with the file's backbone, in place of the learner in the file.")  # fmt: skip
@_set(help="Another number of adaptation steps, inner learning rate or way to combine shots than in training: "
           "--set steps=5; with --learner, any of its arguments. Repeatable.")  # fmt: skip
@click.option("--batch-norm", type=click.Choice(("inductive", "transductive")), default="inductive",
              help="Statistics from training or of the support set, or of the batch at hand.")  # fmt: skip
def evaluate(weights, data, split, scheme, within_alphabet, way, shot, query, seed, device, as_json, n_tasks, learner,
             given, batch_norm):  # fmt: skip
    """Judge a weights file on fresh tasks: mean and 95 % confidence interval."""
    where = pick_device(device)
    model = load(weights)
    if learner:
        model = _build(learner, model.backbone, **given)
    elif fixed := sorted(set(given) - ({"steps", "lr", "shots"} & set(model.config))):
        raise ValueError(f"{fixed[0]!r} cannot be changed after training; steps, lr and shots can, where a learner has "
                         "them. To change more, name the learner again with --learner.")  # fmt: skip
    else:
        model.config.update(given)
    if isinstance(model.backbone, MLP) != (data == "sinusoids"):
        raise ValueError(f"{weights} was not trained for tasks like {data}; evaluate it on --data of its own kind.")
    made = tasks_for(data, split, way, shot, query, where, scheme=scheme, within_alphabet=within_alphabet)
    start = time.perf_counter()
    result = evaluate_learner(model.to(where), made, n_tasks, seed=seed, batch_norm=batch_norm)
    numbers = {"weights": weights, "data": data, "split": split, "way": way, "shot": shot, "query": query, "seed": seed,
               "batch_norm": batch_norm, **given, "seconds": round(time.perf_counter() - start, 2)}  # fmt: skip
    _report(result.as_dict() | numbers, as_json, result)


@main.command()
def doctor():
    """What this machine has, what is missing, and the remedy."""
    from course_lib.doctor import report

    click.echo(report())


def _report(numbers: dict, as_json: bool, text):
    click.echo(json_format.dumps(numbers) if as_json else str(text))
