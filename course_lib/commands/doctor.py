"""What this machine has and what is missing: `python -m course_lib doctor`."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
import torch

from course_lib import paths
from course_lib.compute.devices import describe_machine

#: What a lesson needs, and what JupyterLab needs to show it (the `lab` extra).
LESSON_PACKAGES = ("torch", "numpy", "matplotlib", "ipywidgets", "anywidget", "pooch", "safetensors", "tqdm")
LAB_PACKAGES = ("jupyterlab",)

#: The browser halves of the widgets: folders that JupyterLab reads.
FRONT_ENDS = {"ipywidgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}


@click.command()
def doctor():
    """What this machine has, what is missing, and the remedy."""
    click.echo(report())


def report() -> str:
    """The whole picture as text; its last lines say what is missing and what to do, or that nothing is."""
    faults = problems()
    lines = [
        f"Learning to Learn on Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        describe_machine(),
        "devices here: " + ", ".join(_devices()),
        "packages: " + ", ".join(f"{name} {_version(name) or 'missing'}" for name in LESSON_PACKAGES + LAB_PACKAGES),
        "widgets in JupyterLab: " + ", ".join(f"{k} {'found' if _front_end(k) else 'missing'}" for k in FRONT_ENDS),
        "data: Scripts is built in; Omniglot " + _omniglot(),
        f"shipped weights: {', '.join(_weights()) or 'none'}",
    ]
    return "\n".join(lines + ([f"Missing: {fault}" for fault in faults] or ["Nothing is missing."]))


def problems() -> list[str]:
    """What keeps the course from working, a sentence each with its remedy; empty when all is well."""
    found = []
    lacking = [name for name in LESSON_PACKAGES if not _version(name)]
    if lacking:
        found.append(f"{', '.join(lacking)}; in the folder of the course run: python tools/install.py lab")
    if _version("jupyterlab"):  # Colab shows the widgets in its own way
        silent = [name for name in FRONT_ENDS if _version(name) and not _front_end(name)]
        if silent:
            found.append(
                f"the browser half of {', '.join(silent)}, so widgets stay still; reinstall in the environment that "
                f"runs JupyterLab: pip install --force-reinstall {' '.join(silent)} jupyterlab_widgets"
            )
    if not _weights():
        found.append(f"the weights that ship with the course ({paths.data_dir().name}/pretrained); clone it again.")
    named = os.environ.get("COURSE_DATA")
    if named and "://" not in named and not (Path(named) / "omniglot").is_dir():
        found.append(f"COURSE_DATA is {named!r}, which holds no folder omniglot; correct it or unset it.")
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _front_end(name: str) -> bool:
    """Looks where JupyterLab looks for extensions: the environment's own share/jupyter, and the system's or user's."""
    from jupyter_core.paths import jupyter_path

    return any((Path(folder) / FRONT_ENDS[name]).is_dir() for folder in jupyter_path("labextensions"))


def _devices() -> list[str]:
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return ["cpu", *gpus, *(["mps"] if torch.backends.mps.is_available() else [])]


def _omniglot() -> str:
    named = os.environ.get("COURSE_DATA")
    if named:
        return f"is read from COURSE_DATA, {named}"
    here = any(paths.cache_dir().glob("**/*omniglot*"))
    return "has been downloaded" if here else "is downloaded when a lesson first needs it (or read from COURSE_DATA)"


def _weights() -> list[str]:
    return sorted(path.stem for path in (paths.data_dir() / "pretrained").glob("*.safetensors"))
