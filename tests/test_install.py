"""tools/install.py against two indexes on disk, the packages' and PyTorch's own, both with a torch of a few bytes.

A machine without an NVIDIA GPU takes the build for the CPU; where that cannot be had, the usual one, soon and with one
sentence. The course stands in as a package that is built without the network.
"""

import os
import socket
import subprocess
import sys
import time
import venv
import zipfile

import pytest

from tools.install import CPU_INDEX, ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one build only")
SENTENCE = "PyTorch for the CPU cannot be had"
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """
import shutil

def build_editable(folder, config_settings=None, metadata_directory=None):
    return shutil.copy("course-1-py3-none-any.whl", folder) and "course-1-py3-none-any.whl"
"""


def wheel(folder, name, version, *metadata):
    """An empty package, with the page on which pip finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    file, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        lines = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata, "")
        archive.writestr(f"{info}/METADATA", "\n".join(lines))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    with (folder / "index.html").open("a") as page:
        page.write(f'<a href="{file.name}">{file.name}</a>\n')


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A folder with a Python, the course, and the two indexes."""
    here = tmp_path_factory.mktemp("machine")
    for version in ("2.13.0", "2.14.0"):
        wheel(here / "packages/torch", "torch", version, "Requires-Dist: filelock")
        wheel(here / "pytorch/torch", "torch", f"{version}+cpu", "Requires-Dist: filelock")
    wheel(here / "packages/filelock", "filelock", "1.0")
    wheel(here / "pytorch/filelock", "filelock", "99.0")  # what nobody asked that index for
    course = here / "course"
    wheel(course, "course", "1", "Provides-Extra: lab", "Requires-Dist: torch>=2.6")
    (course / "constraints.txt").write_text("torch==2.13.0\n")
    (course / "pyproject.toml").write_text(PROJECT)
    (course / "backend.py").write_text(BACKEND)
    (course / "tools").mkdir()
    venv.create(here / "env", with_pip=True)
    return here


@pytest.fixture
def install(machine, monkeypatch):
    """`install(...)` runs the tool on a machine with or without a GPU; returns torch's version and what was said."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "TORCH"))}
    settings |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": (machine / "packages").as_uri()}
    settings["PATH"] = f"{machine}/bin:{os.environ['PATH']}"
    python = machine / "env/bin/python"
    subprocess.run([python, "-m", "pip", "uninstall", "-qqy", "torch", "filelock"], check=True, env=settings)
    source = (ROOT / "tools/install.py").read_text(encoding="utf-8")
    assert CPU_INDEX in source

    def run(index=None, gpu=False, **more):
        (machine / "bin").mkdir(exist_ok=True)
        (machine / "bin/nvidia-smi").write_text(f"#!/bin/sh\nexit {0 if gpu else 9}\n")  # 9: no driver is loaded
        (machine / "bin/nvidia-smi").chmod(0o755)
        tool = machine / "course/tools/install.py"
        tool.write_text(source.replace(CPU_INDEX, index or (machine / "pytorch").as_uri()))
        done = subprocess.run([python, tool, "lab"], capture_output=True, text=True, env=settings | more)
        assert done.returncode == 0, done.stderr
        listed = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True, env=settings).stdout
        versions = dict(line.split("==") for line in listed.split() if "==" in line)
        assert versions["filelock"] == "1.0"
        return versions["torch"], done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    ("gpu", "asked", "version"),
    [(False, "", "2.13.0+cpu"), (True, "", "2.13.0"), (False, "cuda", "2.13.0"), (True, "cpu", "2.13.0+cpu")],
)
def test_which_torch_a_machine_takes(install, gpu, asked, version):
    assert install(gpu=gpu, TORCH=asked) == (version, "")


def test_without_an_answer_the_usual_one_is_taken_soon(install):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.perf_counter()
        version, said = install(f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.perf_counter() - start < 20  # 6 of them are tools/install.py's patience
    assert version == "2.13.0" and said.count("\n") == 1 and SENTENCE in said


def test_a_second_time_nothing_is_asked(install):
    install()
    assert install("http://127.0.0.1:9") == ("2.13.0+cpu", "")
    assert install(gpu=True) == ("2.13.0+cpu", "")  # TORCH=cuda


def test_an_index_without_this_torch_is_no_answer_either(install, tmp_path):
    wheel(tmp_path / "torch", "torch", "2.12.0+cpu")
    version, said = install(tmp_path.as_uri())
    assert version == "2.13.0" and SENTENCE in said


def test_what_is_not_offered_is_refused(machine):
    for words, sentence in ((["everything"], "invalid choice"), (["lab"], "can be cpu or cuda")):
        done = subprocess.run([sys.executable, ROOT / "tools/install.py", *words], capture_output=True, text=True,
                              env=os.environ | {"TORCH": "rocm"})  # fmt: skip
        assert done.returncode and sentence in done.stderr
