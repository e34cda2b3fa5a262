"""Keep the lessons in order: `address` and `run` (see --help of each); `lesson_checks.py` finds what is not."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import time
import tomllib
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import click
import nbformat

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CITATION.cff"]  # they hold the address too

# Colab draws the widgets of others only when asked to; anywidget asks when one is made, so no lesson has to.
SETUP = """\
COURSE = "git+{address}@v{version}"
try:
    import course_lib
except ModuleNotFoundError:  # as on Colab: install the course, once in a session
    %pip install -q {{COURSE}}
    import course_lib

if course_lib.__version__ != "{version}":
    print("This lesson is of version {version} and course_lib of", course_lib.__version__ + ": open the lesson of that",
          "version, or run %pip install", COURSE, "and restart the kernel.")
print(course_lib.describe_machine())"""

PARAMETERS = {"PROFILE": '"quick"', "SEED": "0"}

COLAB = "https://colab.research.google.com/github/"
KAGGLE = "https://kaggle.com/kernels/welcome?src=https://github.com/"
BINDER = "https://mybinder.org/v2/gh/"
WIDGET = "application/vnd.jupyter.widget-view+json"
RESULTS = "application/vnd.course-results+json"  # for programs (tools/sweep.py): no front end shows it
IGNORED = "nbval-ignore-output"  # the tag of a cell whose output the tests do not compare


def address() -> str:
    """The repository's address, from the one place that has it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["project"]["urls"]["Repository"].removesuffix("/")
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", found):
        raise click.ClickException(f"pyproject.toml: Repository is {found!r}; Colab and Binder need https://github.com/OWNER/NAME.")
    return found


def origin() -> str | None:
    """The address on GitHub that this checkout was cloned from, or None."""
    try:
        done = subprocess.run(["git", "-C", ROOT, "remote", "get-url", "origin"], capture_output=True, text=True)
    except FileNotFoundError:  # no git
        return None
    start = r"(?:https?://(?:[^/@]+@)?|git@|ssh://git@)github\.com[:/]"
    found = re.fullmatch(start + r"([\w.-]+/[\w.-]+?)(?:\.git)?/?", done.stdout.strip())
    return found and f"https://github.com/{found[1]}"


def version() -> str:
    """The version of the course, from the one place that has it; v and this is its tag."""
    text = (ROOT / "course_lib" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"', text, re.M)[1]


def setup_source() -> str:
    """The set-up cell: this version of the course from this address."""
    return SETUP.format(address=address(), version=version())


def slug() -> str:
    """OWNER/NAME."""
    return address().removeprefix("https://github.com/")


def badge(name: str) -> str:
    """The line that opens a lesson."""
    lesson = f"{slug()}/blob/main/notebooks/{name}"
    return (f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({COLAB}{lesson}) "
            f"[![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)]({KAGGLE}{lesson})")  # fmt: skip


def foot() -> str:
    """The line that closes a lesson."""
    return f"*A question is left, or something does not work? [Ask here]({address()}/issues).*"


def with_address(text: str) -> str:
    """A page's text with every badge, install line, clone command and place to ask at the repository's address."""
    for host in (COLAB, KAGGLE, BINDER):
        text = re.sub(re.escape(host) + r"[\w.-]+/[\w.-]+/", f"{host}{slug()}/", text)
    text = re.sub(r"^version: \S+$", f"version: {version()}", text, flags=re.M)  # of CITATION.cff
    before = r"git\+|git clone |repository-code: \"|\[Ask here\]\("
    return re.sub(rf"({before})https://github\.com/[\w.-]+/[\w.-]*\w", rf"\g<1>{address()}", text)


def embed(cell):
    """Make the pictures attached to a cell part of its text: Colab and GitHub show no attachment."""
    for name, versions in cell.pop("attachments", {}).items():
        [(kind, content)] = versions.items()
        cell.source = cell.source.replace(f"(attachment:{quote(name)})", f"(data:{kind};base64,{content.strip()})")


def read(path: Path):
    return nbformat.read(path, as_version=4)


def write(notebook, path: Path):
    nbformat.write(notebook, path)


def tagged(notebook, tag: str):
    """The cell with this tag, or None."""
    return next((cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])), None)


def markdown(notebook) -> list[tuple[str, str]]:
    """Id and text of each markdown cell, without code and without what pictures are made of."""
    code = re.compile(r"```.*?```|`[^`\n]*`|(?<=;base64,)[^)\"]*", re.S)
    return [(cell.id, code.sub("", cell.source)) for cell in notebook.cells if cell.cell_type == "markdown"]


def clean(notebook):
    """Keep what a reader needs: drop machine details, timings and live widgets. Changes and returns the notebook.

    A widget needs a running kernel. What is stored is what stands before it: an explorer's picture, a quiz's text. On
    code hosts the picture is a picture, and not a part of a page.
    """
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        outputs = cell.get("outputs", [])
        for output, after in pairwise(list(outputs)):
            if "text/plain" in output.get("data", {}) and WIDGET in after.get("data", {}):
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


def chosen_lessons(command):
    """The lessons that a command is for, as its argument."""
    return click.argument("lessons", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))(command)


@main.command("address")
def address_command():
    """Write the address of the repository, and the version, into every badge, link, first code cell and last line.

    The address is that of the git remote origin, if that is one on GitHub, and else that of pyproject.toml.
    """
    old, new = address(), origin()
    if new:
        _rewrite(ROOT / "pyproject.toml", lambda text: text.replace(f'Repository = "{old}', f'Repository = "{new}'))

    def moved(text: str) -> str:
        return with_address(re.sub(re.escape(old) + r"(?![\w-])", address(), text))

    for path in LESSONS:
        notebook = read(path)
        cell, setup = notebook.cells[0], tagged(notebook, "setup")
        line, _, rest = cell.source.partition("\n")
        cell.source = badge(path.name) + "\n" + (rest if line.startswith("[![Open in Colab]") else "\n" + cell.source)
        if setup is None:
            raise click.ClickException(f"{path.name} has no cell tagged setup; give its first code cell that tag.")
        setup.source = setup_source()
        for other in notebook.cells:
            if other.cell_type == "markdown":
                embed(other)
                other.source = moved(other.source)
        last = notebook.cells[-1]
        if not last.source.endswith(foot()):
            last.source = f"{last.source.rstrip()}\n\n{foot()}"
        write(notebook, path)
    for path in filter(Path.exists, PAGES):
        _rewrite(path, moved)
    click.echo(f"Lessons and pages lead to {address()}.\nColab installs v{version()} from there: push that tag too.")


def _rewrite(path: Path, change):
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


@main.command()
@chosen_lessons
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


if __name__ == "__main__":
    main()
