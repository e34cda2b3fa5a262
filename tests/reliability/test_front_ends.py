"""Every explorer, by mouse and by key, in the two front ends that `make test` does not drive; some minutes each."""

import subprocess
import sys
import sysconfig
import venv

import pytest

from tests import colab
from tools.notebooks import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def drive(python, which="browser"):
    """Run browser tests of the explorers against the Jupyter of this interpreter. Playwright is that of this one."""
    tests = ["tests/lessons", "tests/test_lab.py", "tests/test_browser_reopened.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-m", which, "--jupyter", str(python), *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8000:]


def test_the_classic_notebook_with_the_packages_of_colab():
    """notebook 6.5.7 with ipywidgets 7.7.1: the nearest thing to Colab's front end that can be had elsewhere."""
    drive(colab.python_of(colab.environment()))


def test_notebook_7(tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = colab.python_of(tmp_path / "env")
    packages = ("notebook>=7", "ipywidgets", "anywidget")
    colab.call(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", *packages)
    (colab.packages_of(tmp_path / "env") / "others.pth").write_text(sysconfig.get_path("purelib"))  # torch and the like
    drive(python, "browser and not arrows")
