"""What several commands have in common: the options that say which tasks, and how a learner is built."""

from __future__ import annotations

import ast
import inspect
import json
from functools import partial

import click

from course_lib import tasks
from course_lib.learners import LEARNERS, meant
from course_lib.tasks.omniglot import SPLITS

DATA = ("scripts", "omniglot", "sinusoids")


def task_options(query: int, split: str):
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


set_option = partial(click.option, "--set", "given", multiple=True, metavar="NAME=VALUE", callback=_arguments)


def build(name: str, backbone, *sizes, **given):
    name, given = meant(name, given)
    known = [p for p in inspect.signature(LEARNERS[name]).parameters][1:]
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"{name} has no {unknown[0]!r} to --set; it has {', '.join(known) or 'nothing'}.")
    return LEARNERS[name](backbone, *sizes, **given)


def report(numbers: dict, as_json: bool, text):
    """Print the numbers as one JSON object, or the text."""
    click.echo(json.dumps(numbers) if as_json else str(text))
