"""What several commands have in common: the options that say which tasks, and how a learner is built."""

from __future__ import annotations

import ast
import inspect
import json
from functools import partial
from pathlib import Path

import click

from course_lib import tasks
from course_lib.learners import LEARNERS, meant
from course_lib.storage import notes
from course_lib.tasks.omniglot import SPLITS

DATA = ("scripts", "omniglot", "sinusoids", "folder")
INVERT = {"auto": "auto", "yes": True, "no": False}


def task_options(query: int, split: str):
    """The options that say which tasks, with these queries and this split if nothing else is asked for."""

    def add(command):
        for option in reversed((
            click.option("--data", type=click.Choice(DATA), required=True, help="Where the tasks come from."),
            click.option("--split", type=click.Choice(SPLITS["alphabets"]), default=split,
                         help="Which classes. background, small1 and small2 are Lake's sets of Omniglot."),
            click.option("--scheme", type=click.Choice(tuple(SPLITS)), default="alphabets",
                         help="How Omniglot is split: by alphabet (Lake) or by shuffled characters (MAML)."),
            click.option("--within-alphabet", is_flag=True, help="Omniglot: a task's classes are of one alphabet."),
            click.option("--path", help="Your pictures: a folder that holds a folder for each class, or a table (csv) "
                         "of filename and label. For --data folder, like the next four."),
            click.option("--classes", help="A text file with a class a line: these, in place of a split."),
            click.option("--size", type=int, help="Height and width of pictures; 28, or what the weights were trained "
                         "with. 84 is usual for photos."),
            click.option("--colour", is_flag=True, default=None, help="Three channels in place of grey; weights know."),
            click.option("--invert", type=click.Choice(tuple(INVERT)), help="Make dark bright? auto does it for "
                         "drawings on white paper; weights that were trained on pictures know."),
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


def tasks_for(data, split, way, shot, query, device, rotations=False, folder=None, **omniglot):
    """The tasks that the options name; `folder` and `omniglot` hold those that only these data have."""
    given = {name: value for name, value in (folder or {}).items() if value is not None}
    if data == "folder":
        if asked := [name for name in ("hands", "within_alphabet") if omniglot.get(name)] + ["rotations"] * rotations:
            raise ValueError(f"--{asked[0].replace('_', '-')} is for characters, not for pictures of your own.")
        return _folder(way, shot, query, split, device, **given)
    if given:
        raise ValueError(f"--{[*given][0]} is for --data folder.")
    if data == "sinusoids":  # curves are drawn from one family: there are no classes to split
        return tasks.Sinusoids(shot=shot, query=query, device=device)
    sizes = {"way": way, "shot": shot, "query": query, "split": split, "rotations": rotations, "device": device}
    if data == "scripts":
        if asked := [name for name in ("hands", "within_alphabet") if omniglot.get(name)]:
            raise ValueError(f"--{asked[0].replace('_', '-')} is for --data omniglot; Scripts has hands of its own.")
        return tasks.Scripts(**sizes)
    return tasks.Omniglot(**sizes, **omniglot)


def _folder(way, shot, query, split, device, path=None, classes=None, size=28, colour=False, invert="auto"):
    if path is None:
        raise ValueError("--data folder needs --path: the folder (or table) of your pictures.")
    if classes is not None:
        if not Path(classes).is_file():
            raise FileNotFoundError(f"there is no file {classes}; --classes names one with a class a line.")
        lines = Path(classes).read_text(encoding="utf-8").splitlines()
        split = [line.strip() for line in lines if line.strip()]
    return tasks.Folder(path, way, shot, query, split, size=size, channels=3 if colour else 1, invert=INVERT[invert],
                        device=device)  # fmt: skip


def as_trained(model, weights) -> dict:
    """The options of pictures that suit the weights: size, colour, and, if pictures were what it was trained on,
    whether dark was made bright."""
    config, trained = getattr(model.backbone, "config", {}), notes(weights)["notes"].get("pictures", {})
    invert = {True: "yes", False: "no", None: "auto"}[trained.get("inverted")]
    return {"size": config.get("size", 28), "colour": config.get("in_channels") == 3, "invert": invert}


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


set_option = partial(click.option, "--set", "given", multiple=True, metavar="NAME=VALUE", callback=_arguments)


def build(name: str, backbone, *sizes, **given):
    """The learner of that name, with the arguments that --set gave."""
    name, given = meant(name, given)
    known = [p for p in inspect.signature(LEARNERS[name]).parameters][1:]
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"{name} has no {unknown[0]!r} to --set; it has {', '.join(known) or 'nothing'}.")
    return LEARNERS[name](backbone, *sizes, **given)


def report(numbers: dict, as_json: bool, text):
    """Print the numbers as one JSON object, or the text."""
    click.echo(json.dumps(numbers) if as_json else str(text))
