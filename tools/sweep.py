"""Run one notebook with many settings, and put what its cell tagged `results` shows into one table and one plot.

    python tools/sweep.py notebooks/08_a_fair_comparison.ipynb --set SEED=0,1,2 --set WAY=5,20 --output build/sweep

A results cell shows JSON, {"a learner": {"accuracy": 0.97, "ci95": 0.003}, ...}: fractions, and half the width of the
95 % confidence interval over tasks. Runs that differ in SEED alone are averaged.
"""

from __future__ import annotations

import ast
import csv
import importlib.util
import itertools
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from nbformat.reader import NotJSONError

from tools.notebooks import RESULTS, read, tagged
from tools.sweep_table import as_text, average, plot


def parse_settings(texts: tuple[str, ...]) -> dict[str, list]:
    """`("SEED=0,1", "PROFILE=quick")` to `{"SEED": [0, 1], "PROFILE": ["quick"]}`."""
    settings = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not name.isidentifier() or not equals or not all(v.strip() for v in values.split(",")):
            raise click.UsageError(f"--set {text} is not NAME=VALUE,VALUE,...; write for example --set SEED=0,1,2.")
        if name in settings:
            raise click.UsageError(f"--set {name} is given twice; put all its values into one: --set {name}=0,1,2.")
        settings[name] = list(dict.fromkeys(_value(v.strip()) for v in values.split(",")))
    return settings


def _value(text: str):
    """A number, True, False or None as Python writes them; anything else is text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def sources(notebook) -> list[str]:
    """The code of a notebook, without the cell of parameters that papermill adds."""
    added = "injected-parameters"
    return [c.source for c in notebook.cells if c.cell_type == "code" and added not in c.metadata.get("tags", [])]


def has_run(output: Path, notebook, parameters: dict) -> bool:
    """Is `output` a run of this very code with these parameters? Only a whole run without an error has that name."""
    if not output.exists():
        return False
    done = read(output)
    return done.metadata.papermill.parameters == parameters and sources(done) == sources(notebook)


def run(path: Path, output: Path, parameters: dict, threads: int) -> str:
    """Run the notebook in a process of its own. Returns why it failed (and leaves NAME.unfinished.ipynb), or ""."""
    attempt = output.with_suffix(".unfinished.ipynb")
    output.unlink(missing_ok=True)  # the run of another code
    command = [sys.executable, "-m", "papermill", path, attempt, "--cwd", path.parent, "--no-progress-bar"]
    environment = {"OMP_NUM_THREADS": str(threads), **os.environ}
    process = subprocess.run([*command, "-y", json.dumps(parameters)], env=environment, capture_output=True, text=True)
    if process.returncode == 0:
        attempt.replace(output)
        return ""
    return (process.stderr.strip().splitlines() or [f"papermill ended with {process.returncode}"])[-1]


def collect(output: Path, parameters: dict) -> list[dict]:
    """One row for each learner of a run."""
    notebook = read(output)
    found = [o.data[RESULTS] for o in tagged(notebook, "results").outputs
             if RESULTS in o.get("data", {})]  # fmt: skip
    try:
        numbers = {learner: (float(n["accuracy"]), float(n["ci95"])) for learner, n in found[0].items()}
    except (IndexError, AttributeError, KeyError, TypeError, ValueError):
        return [parameters | {"status": 'its results cell does not show {"name": {"accuracy": a, "ci95": c}, ...}'}]
    seconds = round(notebook.metadata.papermill.duration, 1)
    return [parameters | {"learner": learner, "accuracy": accuracy, "ci95": half, "seconds": seconds, "status": "ok"}
            for learner, (accuracy, half) in numbers.items()]  # fmt: skip


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--set", "texts", multiple=True, required=True, help="NAME=VALUE,VALUE,... Repeat it for others.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for results.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Notebooks that run at a time.")
def main(notebook, texts, output, jobs):
    """Run NOTEBOOK once for each combination of values. What OUTPUT holds already is not run again."""
    settings = parse_settings(texts)
    try:
        source = read(notebook)
    except NotJSONError:
        raise click.UsageError(f"{notebook} is not a notebook; it should be an .ipynb file.") from None
    if importlib.util.find_spec("papermill") is None:
        raise click.ClickException("papermill is not installed here; install it: python tools/install.py teach")
    from papermill import inspect_notebook

    known = list(inspect_notebook(notebook))
    if unknown := [name for name in settings if name not in known]:
        has = f"it has {', '.join(known)}" if known else "it has no cell tagged parameters"
        raise click.UsageError(f"{notebook.name} has no parameter {', '.join(unknown)}; {has}.")
    if tagged(source, "results") is None:
        raise click.UsageError(f"{notebook.name} has no cell tagged results, so there is nothing to put into a table.")
    output.mkdir(parents=True, exist_ok=True)
    runs = [dict(zip(settings, values, strict=True)) for values in itertools.product(*settings.values())]

    def one(parameters: dict) -> list[dict]:
        name = "_".join(f"{name}-{value}" for name, value in parameters.items())
        target = output / (re.sub(r"[^\w.+-]", "-", name) + ".ipynb")
        if not has_run(target, source, parameters):
            reason = run(notebook.resolve(), target, parameters, max(1, (os.cpu_count() or 1) // jobs))
            if reason:
                return [parameters | {"status": f"failed: {reason}"}]
        return collect(target, parameters)

    rows = []
    with ThreadPoolExecutor(jobs) as pool:
        for k, found in enumerate(pool.map(one, runs), start=1):
            rows += found
            click.echo(f"{k} of {len(runs)}: {runs[k - 1]}: {found[0]['status']}")
    with (output / "results.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*settings, "learner", "accuracy", "ci95", "seconds", "status"])
        writer.writeheader()
        writer.writerows(rows)
    if table := average(rows, list(settings)):
        plot(table, output / "results.png")
        click.echo("\n" + as_text(table))
    failed = sum(row["status"] != "ok" for row in rows)
    click.echo(f"\n{len(runs) - failed} of {len(runs)} runs are in {output / 'results.csv'} and results.png.")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
