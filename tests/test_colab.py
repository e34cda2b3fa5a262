"""Lessons as on Colab, through papermill: Colab's packages, no course_lib, the notebook alone in an empty folder.

The repository's address is a local one, with the tag of this version. A lesson takes as long again as under nbval, so
`make test` runs one of them and asks of the others what can differ with Colab's packages: do their imports work, and
do their explorers pass their own tests, the first two of each file. `make reliability` runs all.
"""

import ast
import json
import os
import re
import shutil
import sys
import sysconfig
from types import SimpleNamespace

import pytest

from tests import colab
from tests.colab import call
from tools import notebooks

ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("COURSE_DATA", "PYTHONPATH")}
VIEW = notebooks.WIDGET
WHOLE = "15"  # run in `make test`: a short one, with explorers


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> str:
    """A git address of this checkout as it is now, with what is not committed yet."""
    if not (notebooks.ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("this copy of the course is not a git checkout")
    copy = tmp_path_factory.mktemp("repository")
    listed = call("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=notebooks.ROOT)
    for name in filter(None, listed.split("\0")):
        if (notebooks.ROOT / name).is_file():  # not one that was deleted and is still in the index
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(notebooks.ROOT / name, copy / name)
    call("git", "init", "--quiet", cwd=copy)
    call("git", "add", "--all", cwd=copy)
    call("git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "now", cwd=copy)
    call("git", "tag", f"v{notebooks.version()}", cwd=copy)
    return copy.as_uri()


def set_up(notebook, repository: str):
    """The set-up cell, changed to install from the local repository."""
    cell = notebooks.tagged(notebook, "setup")
    assert notebooks.address() in cell.source
    cell.source = cell.source.replace(notebooks.address(), repository)
    return cell


def listed(python) -> set[str]:
    return set(call(python, "-m", "pip", "list", "--format=freeze", env=ENVIRONMENT).splitlines())


@pytest.fixture(scope="module")
def session(repository, tmp_path_factory) -> SimpleNamespace:
    """A session of Colab in which the first cell of a lesson has run: it is the same in all of them."""
    folder = tmp_path_factory.mktemp("session")
    python = colab.session(folder)
    before = listed(python)
    cell = set_up(notebooks.read(notebooks.LESSONS[0]), repository)
    (folder / "setup.ipy").write_text(cell.source)
    said = call(python, "-m", "IPython", "setup.ipy", cwd=folder, env=ENVIRONMENT)
    return SimpleNamespace(folder=folder, python=python, before=before, said=said, after=listed(python))


def test_first_cell_changes_no_package_of_colab(session):
    assert {"ipywidgets==7.7.1", "ipython==7.34.0", "traitlets==5.7.1", "numpy==2.1.3"} < session.before
    assert "PyTorch" in session.said and "version" not in session.said
    assert session.before - session.after == set()
    new = {package.split("==")[0] for package in session.after - session.before}
    assert new == {"learning-to-learn", "jedi"}  # ipython asks for jedi, Colab leaves it out: any install brings it


def holds_others(model: str, state: dict) -> bool:
    """Whether a widget, or one inside it, is not of ipywidgets itself."""
    inside = re.findall(r"IPY_MODEL_(\w+)", json.dumps(state[model].state))
    module = state[model].model_module
    return not module.startswith("@jupyter-widgets/") or any(holds_others(child, state) for child in inside)


def test_imports_of_every_lesson(session):
    cells = [cell for path in notebooks.LESSONS for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    code = [ast.parse(cell.source) for cell in cells if plain(cell)]
    lines = {ast.unparse(node) for tree in code for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
    assert len(lines) > len(notebooks.LESSONS)
    call(session.python, "-c", "\n".join(sorted(lines)), cwd=session.folder, env=ENVIRONMENT)


def plain(cell) -> bool:
    """Whether a cell is plain Python, as all are but the first."""
    return "setup" not in cell.metadata.get("tags", [])


# pytest itself is none of Colab's packages: it is found last, beside this interpreter.
EXPLORERS = """
import sys
sys.path[:0], sys.path[len(sys.path):] = [""], [sys.argv.pop(1)]
import ipywidgets, pytest
assert ipywidgets.__version__ == "7.7.1"
first, *files = sys.argv[1:]

class Few:
    # Of each file only so many tests.
    def pytest_collection_modifyitems(self, items):
        by_file = {}
        for item in items:
            by_file.setdefault(item.path, []).append(item)
        items[:] = [item for found in by_file.values() for item in found[:int(first)]]

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-W", "ignore", *files], plugins=[Few()]))
"""


@pytest.mark.parametrize("first", [2, pytest.param(10_000, marks=pytest.mark.slow)])
def test_explorers_pass_their_tests_with_colabs_packages(session, first):
    files = [file for file in notebooks.ROOT.glob("tests/**/test_*.py") if "browser" not in file.name]
    files = [file for file in files if re.search("explorer|scrubber|sketchpad|heatmap|fallback", file.name)]
    assert len(files) >= 13
    beside = sysconfig.get_path("purelib")
    environment = ENVIRONMENT | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    call(session.python, "-c", EXPLORERS, beside, str(first), *sorted(files), cwd=notebooks.ROOT, env=environment)


def pace(path):
    """A lesson, marked slow if `make test` leaves it out."""
    return pytest.param(path, id=path.name, marks=[] if path.name.startswith(WHOLE) else pytest.mark.slow)


@pytest.mark.parametrize("path", [pace(path) for path in notebooks.LESSONS])
def test_lesson_runs_alone_on_colab(path, repository, session, tmp_path):
    notebook = notebooks.read(path)
    set_up(notebook, repository)
    folder = tmp_path / "content"
    folder.mkdir()
    notebooks.write(notebook, folder / "lesson.ipynb")

    papermill = (sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "colab")
    kernel = ENVIRONMENT | {"JUPYTER_PATH": str(session.folder / "share" / "jupyter")}
    call(*papermill, "-p", "PROFILE", "quick", "-p", "SEED", "1", "lesson.ipynb", "done.ipynb", cwd=folder, env=kernel)

    done = notebooks.read(folder / "done.ipynb")
    injected = notebooks.tagged(done, "injected-parameters")
    assert "SEED = 1" in injected.source
    code = [cell for cell in done.cells if cell.cell_type == "code" and cell.source.strip()]
    assert all(cell.execution_count for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    state = done.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    views = [output for output in outputs if VIEW in output.get("data", {})]
    others = [output for output in views if holds_others(output.data[VIEW]["model_id"], state)]
    told = [output for output in others if "colab" in output.metadata.get(VIEW, {})]
    assert views and told == others, "Colab is not told who draws a widget that is not of ipywidgets"
    where = call(session.python, "-c", "import course_lib; print(course_lib.__file__)", cwd=folder, env=ENVIRONMENT)
    assert where.startswith(str(session.folder))
