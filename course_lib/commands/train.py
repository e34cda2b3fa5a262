"""`python -m course_lib train`."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path

import click
import torch

from course_lib import fit, save
from course_lib.commands.options import build, report, set_option, task_options, tasks_for
from course_lib.compute import distributed
from course_lib.compute.devices import pick_device
from course_lib.learners import LEARNERS, MAML, MetricLearner
from course_lib.learners.in_context import Reader
from course_lib.models import MLP, Conv4
from course_lib.tasks import AnyShot, Folder
from course_lib.tasks.all_classes import AllClasses

WITHIN_A_TASK = {"nearest_neighbour", "hausdorff", "linear_probe", "fine_tune"}  # these learn there only
TRAINED = sorted(set(LEARNERS) - WITHIN_A_TASK)


def learner_for(name: str, source, data: str, images: int, channels: int, features: int, chunk: int, given: dict):
    """An untrained learner with the backbone that suits it, and the tasks to train it on.

    Args:
        source: the task distribution; joint on images trains on all its classes instead, `images` of them a step.
        channels, features, chunk, given: see the options of `train`.
    """
    kind, look = LEARNERS[name], {}
    if isinstance(source, Folder):
        look = {"in_channels": source.pictures.shape[1], "size": source.pictures.shape[2]}
    if data == "sinusoids":
        if issubclass(kind, Reader):  # points are read as they are; it has to learn to read few and many
            return build(name, None, **given), AnyShot(source)
        backbone = MLP()
    elif issubclass(kind, MAML):  # its network answers itself, and takes few images at once
        backbone = Conv4(channels, out=source.way, **look)
    else:
        backbone = Conv4(channels, out=features or None, chunk=chunk or None, maps=name == "relation", **look)
    flat = channels * (look.get("size", 28) // 16) ** 2  # numbers that Conv4 gives
    if issubclass(kind, MetricLearner):
        if data == "sinusoids":
            raise ValueError(f"{name} needs classes, and sinusoids have none; train joint, maml or in_context on them.")
        sizes = {"relation": "channels", "siamese": "features", "matching": "features"}
        if name in sizes:  # they have layers of their own, which fit the backbone's output
            given = {sizes[name]: channels if name == "relation" else features or flat} | given
            if name == "relation" and look:
                given = {"size": ((look["size"] - 2) // 2 - 2) // 2} | given  # of its maps
    if issubclass(kind, Reader):
        given = {"inputs": features or flat, "outputs": 1 if given.get("each_class") else source.way} | given
    if name == "joint" and data != "sinusoids":
        source = AllClasses(source, images)
        return build(name, backbone, features or flat, source.way, **given), source
    return build(name, backbone, **given), source


@click.command()
@click.option("--learner", type=click.Choice(TRAINED), required=True,
              help="joint on images is pretraining: which of all training classes is it? A step takes as many images "
                   "as an episode of this way, shot and query holds. in_context and recurrent on sinusoids read 1 to "
                   "SHOT points.")  # fmt: skip
@task_options(query=5, split="train")
@click.option("--steps", default=1000, help="Outer steps.")
@click.option("--output", required=True, type=click.Path(dir_okay=False), help="The weights file to write.")
@click.option("--meta-batch", default=1, help="Tasks an outer step.")
@click.option("--lr", default=5e-3, help="Outer learning rate at its highest; it follows one cycle.")
@click.option("--channels", default=64, help="Filters in each block of Conv4.")
@click.option("--features", default=0, help="Numbers in an embedding of a metric learner; 0: as many as filters.")
@click.option("--chunk", default=72, help="Images that Conv4 takes at once, 0 for all: see course_lib.models.Conv4.")
@set_option(help="An argument of the learner, as in its docstring: --set steps=5 --set lr=0.4. Repeatable.")
@click.option("--rotations", is_flag=True, help="Quarter turns of a training class are classes of their own.")
@click.option("--hands", is_flag=True, help="Omniglot: draw every training image again by another hand.")
@click.option("--validate-every", default=0, help="Outer steps between validations, 0 for none.")
@click.option("--amp", is_flag=True, help="Compute in bfloat16 where that is safe.")
@click.option("--compile", is_flag=True, help="Compile the outer step with torch.compile.")
def train(learner, data, split, scheme, within_alphabet, way, shot, query, seed, device, as_json, steps, output,
          meta_batch, lr, channels, features, chunk, given, rotations, hands, validate_every, amp, compile,
          **folder):  # fmt: skip
    """Train a learner on episodes and save its weights. Run the same command again to resume a cut run."""
    where = pick_device(device)
    if learner == "joint" and data != "sinusoids" and validate_every:
        raise ValueError("joint names the training classes only, so it has no meta-validation: "
                         "leave --validate-every out.")  # fmt: skip
    if validate_every and folder["classes"]:
        raise ValueError("--classes leaves no classes for validation: leave --validate-every out.")
    made = partial(tasks_for, data, scheme=scheme, shot=shot, device=where, folder=folder)
    source = made(split=split, way=way, query=query, rotations=rotations, hands=hands, within_alphabet=within_alphabet)
    pictures = {"inverted": source.inverted, "classes": source.names} if data == "folder" else {}
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
    kept = how | ({"pictures": pictures} if pictures else {})
    save(model, output, command=shlex.join(["python", "-m", "course_lib", *sys.argv[1:]]), **kept)
    checkpoint.unlink()  # the weights are safe now
    report({"output": output, **how}, as_json, history)
