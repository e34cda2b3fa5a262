"""Keep the lessons in order: `address`, `run` and `check` (see --help of each)."""

from __future__ import annotations

import re
import sys
import time
import tomllib
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

    A widget needs a running kernel. What is stored instead is the picture that it showed beside itself.
    """
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data.pop(WIDGET, None)
                output.metadata.pop(WIDGET, None)
    return notebook


def problems(notebook, name: str, size: int = 0) -> list[str]:
    """What is wrong with a lesson as it is stored, a sentence each; `size` is its file's, in bytes."""
    found = []
    if size > 1_000_000:
        found.append(f"the file has {size:,} bytes, more than a million: store smaller figures.")
    if "widgets" in notebook.metadata:
        found.append("it stores the state of widgets: run tools/notebooks.py run.")
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith(badge(name)):
        found.append("the first cell does not open with the Colab badge: run make address.")
    setup, parameters = tagged(notebook, "setup"), tagged(notebook, "parameters")
    if setup is None or setup.source != SETUP.format(address=address()):
        found.append("the cell tagged setup is missing or not the usual one: run make address.")
    for variable, value in PARAMETERS.items():
        if parameters is None or not re.search(rf"^{variable} = {value}", parameters.source, re.M):
            found.append(f"the cell tagged parameters does not say {variable} = {value}.")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if code[:2] != [setup, parameters]:
        found.append("the first two code cells are not setup and parameters.")
    for count, cell in enumerate((cell for cell in code if cell.source.strip()), start=1):
        where = f"cell {cell.id}"
        if cell.execution_count != count:
            found.append(f"{where} has run as {cell.execution_count}, not {count}: run tools/notebooks.py run.")
        lines = len(cell.source.splitlines())
        if lines > 25:
            found.append(f"{where} has {lines} lines, more than 25: move some to course_lib.")
        for output in cell.outputs:
            found += [f"{where} {fault}" for fault in _output_problems(output)]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and ("![](" in cell.source or re.search(r"<img(?![^>]*\balt=)", cell.source)):
            found.append(f"cell {cell.id} has a picture without alternative text.")
    return found


def _output_problems(output) -> list[str]:
    found = []
    if output.output_type == "error":
        found.append(f"stores an error, {output.ename}.")
    if output.get("name") == "stderr":
        found.append("stores a warning or other output on stderr.")
    data = output.get("data", {})
    if WIDGET in data:
        found.append("shows a widget with no picture beside it for readers without a kernel.")
    if "image/png" in data and not output.metadata.get("image/png", {}).get("alt"):
        found.append("shows a figure without alternative text: use course_lib.plots.show.")
    text = output.get("text", "") + "".join(str(v) for k, v in data.items() if k.startswith("text/"))
    if re.search(r"/root/|/tmp/|/home/|/Users/|site-packages|\b[A-Z]:\\", text):
        found.append("shows a path of the machine that it ran on.")
    if re.search(r" at 0x[0-9a-f]{6,}", text):
        found.append("shows a memory address, which changes with every run.")
    return found


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
        write(clean(notebook), path)
        click.echo(f"{path.name}: stored, ran for {time.perf_counter() - start:.0f} s")


@main.command()
@_chosen
def check(lessons):
    """List what is wrong with LESSONS (all when none is named) as they are stored."""
    faults = [f"{p.name}: {fault}" for p in lessons or LESSONS for fault in problems(read(p), p.name, p.stat().st_size)]
    click.echo("\n".join(faults) or "Every lesson is in order.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
