"""One address and one version: `make address` writes them everywhere, and everything agrees."""

import os
import re
import sys

import pytest
import yaml

import course_lib
from tests.colab import call
from tests.lesson_cases import NAME, good
from tools import notebooks
from tools.notebooks import ROOT

PAGES = ("pyproject.toml", "README.md", "CITATION.cff")
LISTS = ("tools/owed.txt", "tools/numbers.txt", "tools/terms.txt")
VERSION = course_lib.__version__


def git(folder, *command):
    call("git", "-C", folder, *command)


@pytest.fixture
def fork(tmp_path):
    """A small copy of the course, as somebody has who pressed Fork and cloned."""
    code = ["course_lib/__init__.py", "tools/notebooks.py"]
    code += [f"tools/{path.name}" for path in (ROOT / "tools").glob("lesson_*.py")]
    for name in (*code, *LISTS, *PAGES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "notebooks").mkdir()
    for name in (NAME, "00_start_here.ipynb"):
        notebooks.write(good(), tmp_path / "notebooks" / name)
    git(tmp_path, "init", "--quiet")
    return tmp_path


def tool(fork, *command):
    run = [sys.executable, *command]
    return call(*run, cwd=fork, env=os.environ | {"PYTHONPATH": str(fork)})


def test_a_fork_has_its_own_address_after_one_command(fork):
    git(fork, "remote", "add", "origin", "git@github.com:some-one/their.course.git")
    ours = "https://github.com/some-one/their.course"
    said = tool(fork, "tools/notebooks.py", "address")
    assert said == f"Lessons and pages lead to {ours}.\nColab installs v{VERSION} from there: push that tag too.\n"
    lesson = notebooks.read(fork / "notebooks" / NAME)
    pages = [path.read_text(encoding="utf-8") for path in map(fork.joinpath, PAGES)]
    for page in [*pages, lesson.cells[0].source]:
        assert "some-one/their.course" in page and notebooks.slug() not in page
    assert f'"git+{ours}@v{VERSION}"' in notebooks.tagged(lesson, "setup").source
    assert tool(fork, "tools/lesson_checks.py") == "Every lesson is in order.\n"


def test_another_origin_leaves_the_address_of_pyproject(fork):
    git(fork, "remote", "add", "origin", "https://gitlab.com/a/b.git")
    assert notebooks.address() in tool(fork, "tools/notebooks.py", "address")
    assert (fork / "pyproject.toml").read_bytes() == (ROOT / "pyproject.toml").read_bytes()


@pytest.mark.parametrize("remote, found", [
    ("https://github.com/some-one/their.course.git", "https://github.com/some-one/their.course"),
    ("https://github.com/some-one/their.course/", "https://github.com/some-one/their.course"),
    ("https://me:secret@github.com/some-one/their.course", "https://github.com/some-one/their.course"),
    ("git@github.com:some-one/their.course.git", "https://github.com/some-one/their.course"),
    ("ssh://git@github.com/some-one/their.course", "https://github.com/some-one/their.course"),
    ("https://gitlab.com/a/b.git", None),
    ("https://github.com/a", None),
    ("/srv/git/course.git", None),
    (None, None),
])  # fmt: skip
def test_origin_is_an_address_on_github(remote, found, tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet")
    if remote:
        git(tmp_path, "remote", "add", "origin", remote)
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    assert notebooks.origin() == found


def test_one_version():
    """The one place is course_lib/__init__.py; the tag is v and it."""
    assert notebooks.version() == VERSION
    newest = re.search(r"^## (\S+) ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest[1] == VERSION, "CHANGELOG's first entry is not of the version in course_lib/__init__.py"
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert cited[1] == VERSION, "CITATION.cff: run make address"
    for path in notebooks.LESSONS:
        cell = notebooks.tagged(notebooks.read(path), "setup").source
        assert f"@v{VERSION}\"" in cell and cell.count(VERSION) == 3, f"{path.name}: run make address"


@pytest.mark.parametrize("installed", ["0.1.0", "9.0.0"], ids=["older", "newer"])
def test_a_lesson_that_meets_another_version_says_so(installed, tmp_path):
    (tmp_path / "course_lib.py").write_text(f'__version__ = "{installed}"\ndescribe_machine = lambda: "machine"\n')
    assert setup_says(tmp_path) == (
        f"This lesson is of version {VERSION} and course_lib of {installed}: open the lesson of that version, or run "
        f"%pip install git+{notebooks.address()}@v{VERSION} and restart the kernel.\nmachine\n"
    )


def test_a_lesson_that_meets_its_own_version_is_silent(tmp_path):
    (tmp_path / "course_lib.py").write_text(f'__version__ = "{VERSION}"\ndescribe_machine = lambda: "machine"\n')
    assert setup_says(tmp_path) == "machine\n"


def setup_says(folder):
    (folder / "setup.ipy").write_text(notebooks.setup_source())
    own = {"PYTHONPATH": str(folder), "IPYTHONDIR": str(folder / "ipython")}
    return call(sys.executable, "-m", "IPython", "--colors=nocolor", "setup.ipy", cwd=folder, env=os.environ | own)


def test_the_workflow_gives_a_version_its_tag(tmp_path):
    workflow = yaml.safe_load((ROOT / ".github/workflows/tag.yml").read_text(encoding="utf-8"))
    script = workflow["jobs"]["tag"]["steps"][-1]["run"]
    host, work = tmp_path / "host", tmp_path / "work"
    call("git", "init", "--quiet", "--bare", host)
    call("git", "clone", "--quiet", host, work)
    (work / "course_lib").mkdir()

    def push(text):
        (work / "course_lib" / "__init__.py").write_text(text)
        git(work, "add", "--all")
        git(work, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "now")
        said = call("bash", "-e", "-c", script, cwd=work)
        return said, call("git", "-C", host, "tag").split()

    assert push('__version__ = "1.0.0"\n') == ("", ["v1.0.0"])
    said, tags = push('__version__ = "1.0.0"\nmore = 1\n')
    assert said.startswith("::warning::course_lib has changed since v1.0.0") and tags == ["v1.0.0"]
    assert push('__version__ = "1.1.0"\n') == ("", ["v1.0.0", "v1.1.0"])
