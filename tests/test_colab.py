"""Each lesson as on Colab, through papermill: no course_lib, the notebook alone in an empty folder.

A clean environment holds the third-party packages and nothing of the course; the repository's address is a local
one; and a stand-in for `google.colab` writes down that the widgets were turned on.
"""

import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from tools import notebooks

COLAB = """
from pathlib import Path

def enable_custom_widget_manager():
    Path("widgets_enabled").touch()
"""


def call(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout


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
    return copy.as_uri()


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The interpreter of a clean environment that sees this one's packages, except the course itself."""
    folder = tmp_path_factory.mktemp("clean")
    packages = folder / "packages"
    packages.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.suffix != ".pth" and not entry.name.startswith(("course_lib", "learning_to_learn", "pip")):
            (packages / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    venv.create(folder / "env", with_pip=True)
    found = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = call(found, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    (Path(site) / "packages.pth").write_text(str(packages))
    (packages / "google" / "colab").mkdir(parents=True)
    (packages / "google" / "colab" / "__init__.py").touch()
    (packages / "google" / "colab" / "output.py").write_text(COLAB)
    return found


@pytest.mark.parametrize("path", notebooks.LESSONS, ids=lambda path: path.name)
def test_lesson_runs_alone_on_colab(path, repository, python, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k not in ("COURSE_DATA", "PYTHONPATH")}
    call(python, "-m", "pip", "uninstall", "--quiet", "--yes", "learning-to-learn", env=environment)
    notebook = notebooks.read(path)
    setup = notebooks.tagged(notebook, "setup")
    setup.source = setup.source.replace(notebooks.address(), repository)
    notebooks.write(notebook, tmp_path / "lesson.ipynb")

    parameters = ("-p", "PROFILE", "quick", "-p", "SEED", "1")
    papermill = (python, "-m", "papermill", "--no-progress-bar", *parameters)
    call(*papermill, "lesson.ipynb", "done.ipynb", cwd=tmp_path, env=environment)

    done = notebooks.read(tmp_path / "done.ipynb")
    injected = notebooks.tagged(done, "injected-parameters")
    assert "SEED = 1" in injected.source
    assert all(cell.execution_count for cell in done.cells if cell.cell_type == "code" and cell.source.strip())
    assert (tmp_path / "widgets_enabled").exists()
    where = call(python, "-c", "import course_lib; print(course_lib.__file__)", cwd=tmp_path, env=environment)
    assert Path(where.strip()).is_relative_to(python.parent.parent)
