"""Keep the lessons in order: `address`, `run` and `check` (see --help of each)."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import click
import nbformat

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]  # they hold the address too

SETUP = """\
from contextlib import suppress

try:
    import course_lib
except ModuleNotFoundError:  # as on Colab: install the course, once in a session
    %pip install -q "git+{address}"
    import course_lib

with suppress(ModuleNotFoundError):  # Colab shows widgets only when asked to
    from google.colab import output
    output.enable_custom_widget_manager()

print(course_lib.describe_machine())"""

PARAMETERS = {"PROFILE": '"quick"', "SEED": "0"}

COLAB = "https://colab.research.google.com/github/"
BINDER = "https://mybinder.org/v2/gh/"
WIDGET = "application/vnd.jupyter.widget-view+json"


def address() -> str:
    """The repository's address, from the one place that has it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["project"]["urls"]["Repository"].removesuffix("/")
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", found):
        raise click.ClickException(f"pyproject.toml: Repository is {found!r}; Colab and Binder need https://github.com/OWNER/NAME.")
    return found


def slug() -> str:
    """OWNER/NAME."""
    return address().removeprefix("https://github.com/")


def badge(name: str) -> str:
    """The line that opens a lesson."""
    image = "https://colab.research.google.com/assets/colab-badge.svg"
    return f"[![Open in Colab]({image})]({COLAB}{slug()}/blob/main/notebooks/{name})"


def with_address(text: str) -> str:
    """A page's text with every badge, install line and clone command at the repository's address."""
    text = re.sub(re.escape(COLAB) + r"[\w.-]+/[\w.-]+/", f"{COLAB}{slug()}/", text)
    text = re.sub(re.escape(BINDER) + r"[\w.-]+/[\w.-]+/", f"{BINDER}{slug()}/", text)
    return re.sub(r"(git\+|git clone )https://github\.com/[\w.-]+/[\w.-]*\w", rf"\g<1>{address()}", text)


def read(path: Path):
    return nbformat.read(path, as_version=4)


def write(notebook, path: Path):
    nbformat.write(notebook, path)


def tagged(notebook, tag: str):
    """The cell with this tag, or None."""
    return next((cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])), None)


def clean(notebook):
    """Keep what a reader needs: drop machine details, timings and live widgets. Changes and returns the notebook.

    A widget needs a running kernel. What is stored is the picture that an explorer shows before it; on code hosts the
    picture is a picture, and not a part of a page.
    """
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        outputs = cell.get("outputs", [])
        for output, after in pairwise(list(outputs)):
            if "image/png" in output.get("data", {}) and WIDGET in after.get("data", {}):
                output.data.pop("text/html", None)
                outputs.remove(after)
        if "setup" in cell.metadata.get("tags", []):
            cell.outputs = []  # it says what machine this was
    return notebook


def stamp(notebook) -> str:
    """A hash of all code and outputs. `run` stores it: a lesson with another one was changed, or run elsewhere, since.

    The set-up cell is left out: it follows the repository's address.
    """
    code = [c for c in notebook.cells if c.cell_type == "code" and "setup" not in c.metadata.get("tags", [])]
    content = json.dumps([(cell.source, cell.outputs) for cell in code], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@click.group()
def main():
    """Keep the lessons in order."""


def _chosen(command):
    return click.argument("lessons", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))(command)


@main.command("address")
def address_command():
    """Write the address of pyproject.toml into every badge and first code cell."""
    for path in LESSONS:
        notebook = read(path)
        cell, setup = notebook.cells[0], tagged(notebook, "setup")
        line, _, rest = cell.source.partition("\n")
        cell.source = badge(path.name) + "\n" + (rest if line.startswith("[![Open in Colab]") else "\n" + cell.source)
        if setup is None:
            raise click.ClickException(f"{path.name} has no cell tagged setup; give its first code cell that tag.")
        setup.source = SETUP.format(address=address())
        for other in notebook.cells:
            if other.cell_type == "markdown":
                other.source = with_address(other.source)
        write(notebook, path)
    for path in PAGES:
        if path.exists():
            path.write_text(with_address(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


@main.command()
@_chosen
def run(lessons):
    """Run LESSONS (all when none is named) as they stand and store their outputs in them."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    for path in lessons or LESSONS:
        notebook = read(path)
        client = NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}},
            store_widget_state=False, record_timing=False,
        )  # fmt: skip
        start = time.perf_counter()
        try:
            client.execute()
        except CellExecutionError as error:
            raise click.ClickException(f"{path.name} stopped and was not stored.\n{error}") from error
        notebook = nbformat.reads(nbformat.writes(clean(notebook)), as_version=4)  # as it will be read
        notebook.metadata["course"] = {"stored": stamp(notebook)}
        write(notebook, path)
        click.echo(f"{path.name}: stored, ran for {time.perf_counter() - start:.0f} s")


@main.command()
@_chosen
def check(lessons):
    """List what is wrong with LESSONS (all when none is named) as they are stored."""
    from tools.lesson_checks import problems

    faults = [f"{p.name}: {fault}" for p in lessons or LESSONS for fault in problems(read(p), p.name, p.stat().st_size)]
    click.echo("\n".join(faults) or "Every lesson is in order.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
