"""Colab, as far as a test can have it: its packages version for version, and a stand-in for its own module."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from filelock import FileLock
from packaging.requirements import Requirement

from tools.notebooks import ROOT

PINS = ROOT / "tests" / "colab.txt"
# What google.colab does with widgets: once they are turned on, what a cell displays names the manager that draws them.
# It is imported when Python starts, as Colab does; anywidget looks there.
STAND_IN = """
from types import SimpleNamespace

_widgets = SimpleNamespace(_installed_url=None)
VIEW = "application/vnd.jupyter.widget-view+json"

def enable_custom_widget_manager():
    from IPython import get_ipython
    if _widgets._installed_url is None and get_ipython():  # there is none in tests
        _widgets._installed_url = "https://colab.example/manager.js"
        get_ipython().display_pub.register_hook(name_the_manager)

def name_the_manager(message):
    content = message["content"]
    if VIEW in content.get("data", {}):
        manager = {"custom_widget_manager": {"url": _widgets._installed_url}}
        content["metadata"].setdefault(VIEW, {})["colab"] = manager
    return message
"""


def call(*command, **options) -> str:
    """Run a command and return what it printed.

    Raises:
        AssertionError: if it failed, with the end of what it printed.
    """
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def environment() -> Path:
    """The folder of an environment with Colab's packages, made once (about half a minute) and kept in build/.

    Its interpreter is `python_of(environment())`. torch is that of the tests: it is big, and its version is no pin.
    """
    key = hashlib.sha256(repr((PINS.read_text(), sys.version, _torch())).encode())
    folder = ROOT / "build" / f"colab-{key.hexdigest()[:8]}"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{ROOT / 'build' / 'colab.lock'}"):  # two workers do not make it twice
        if not (folder / "ready").exists():
            for old in folder.parent.glob("colab-*"):
                shutil.rmtree(old)
            venv.create(folder)
            pip = (sys.executable, "-m", "pip", "--python", python_of(folder))
            call(*pip, "install", "--quiet", "--no-compile", "--no-deps", "-r", PINS)
            for entry in _torch():
                _share(entry, packages_of(folder) / entry.name)
            (folder / "ready").touch()
    return folder


def python_of(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def packages_of(folder: Path) -> Path:
    """Where an environment keeps its packages."""
    return Path(call(python_of(folder), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())


def session(folder: Path) -> Path:
    """A new session of Colab in `folder`, and its interpreter: the packages of `environment`, and room for more.

    What is installed in it stays in it. Jupyter finds its kernel, named colab, in folder/share/jupyter.
    """
    venv.create(folder)
    python, packages = python_of(folder), packages_of(folder)
    (packages / "google" / "colab").mkdir(parents=True)
    (packages / "google" / "colab" / "output.py").write_text(STAND_IN)
    (packages / "colab.pth").write_text(f"{packages_of(environment())}\nimport google.colab.output\n")
    call(python, "-m", "ipykernel", "install", "--prefix", folder, "--name", "colab")
    return python


def _torch() -> list[Path]:
    """The files and folders of torch, and of what only torch needs, beside this interpreter."""
    pinned = {_name(line.split("==")[0]) for line in PINS.read_text().splitlines()}
    found, ask = {}, ["torch"]
    for name in ask:  # grows while it is read
        if name not in pinned and name not in found:
            found[name] = importlib.metadata.distribution(name)
            needs = map(Requirement, found[name].requires or [])
            ask += [_name(need.name) for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    entries = {(each, file.parts[0]) for each in found.values() for file in each.files if file.parts[0] != ".."}
    return sorted({Path(each.locate_file(top)) for each, top in entries})


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _share(entry: Path, place: Path):
    try:
        place.symlink_to(entry, target_is_directory=entry.is_dir())
    except OSError:  # as on Windows, where a link asks for a right that few have
        (shutil.copytree if entry.is_dir() else shutil.copy2)(entry, place)
