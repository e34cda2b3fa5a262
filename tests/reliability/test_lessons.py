"""Every lesson where things are not as they should be: a read-only checkout, no network, no home folder, little memory,
a kernel restarted in the middle, two lessons at once. Minutes a lesson: `make reliability` runs them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.notebooks import LESSONS, ROOT

HERE = Path(__file__).parent
BY_NAME = {path.stem[:2]: path for path in LESSONS}
every_lesson = pytest.mark.parametrize("number", BY_NAME)
MEMORY = 512  # MB that a lesson may take beyond Python with PyTorch imported
MORE = {"00": 600, "02": 600, "06": 620, "08": 570}  # these miss it, and shall not get worse
IMPORT = """
import torch
print(next(int(line.split()[1]) * 1024 / 1e6 for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""


def start(path, *plan, prefix=(), without=(), **environment):
    """A lesson by a plan (see play.py) in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COURSE_DATA", *without)}
    command = [*prefix, sys.executable, str(HERE / "play.py"), str(path), *plan]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=kept | environment, text=True, **pipes)


def finish(process) -> list[dict]:
    """What play.py measured; the test fails where a cell did."""
    printed, errors = process.communicate(timeout=3600)
    assert process.returncode == 0, errors[-3000:]
    return json.loads(printed.splitlines()[-1])


def guarded(folder, log, *before) -> dict[str, str]:
    """The environment of a process that may not write into `folder`, nor leave the machine (guard/sitecustomize.py)."""
    path = os.pathsep.join([str(HERE / "guard"), *map(str, before)])
    return {"PYTHONPATH": path, "GUARD_FOLDER": str(folder), "GUARD_LOG": str(log)}


def contents(folder) -> dict:
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in Path(folder).rglob("*") if p.is_file()}


def obeying_permissions() -> list[str]:
    """root may write where nobody may; on Linux it can give that up before it starts a program."""
    if not hasattr(os, "getuid") or os.getuid() != 0 or not shutil.which("setpriv"):
        return []
    less = "-dac_override,-dac_read_search"
    return ["setpriv", f"--inh-caps={less}", f"--bounding-set={less}"]


@pytest.fixture(scope="module")
def read_only(tmp_path_factory):
    """A copy of what a learner clones, in which nobody may write."""
    copy = tmp_path_factory.mktemp("checkout") / "course"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "cache")
    for name in ("course_lib", "notebooks", "data", "pyproject.toml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, copy / name)
    everything = [copy, *copy.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield copy
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_guard_sees_what_it_should(tmp_path):
    code = """
import os, socket, sqlite3
def refused(act):
    try:
        act()
    except OSError:
        return True
for act in (lambda: open("a", "w"), lambda: os.mkdir("b"), lambda: os.open("c", os.O_CREAT | os.O_WRONLY),
            lambda: sqlite3.connect("d"), lambda: os.rename("here", "e"), lambda: os.remove("here"),
            lambda: socket.create_connection(("192.0.2.1", 80), 1), lambda: socket.getaddrinfo("example.org", 80)):
    assert refused(act)
open("here").close(), sqlite3.connect(":memory:").close(), open(os.devnull, "w").close()
"""
    (tmp_path / "here").touch()
    environment = os.environ | guarded(tmp_path, tmp_path.parent / "log")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert len((tmp_path.parent / "log").read_text().splitlines()) == 8


@pytest.mark.slow
@every_lesson
def test_read_only_without_network_without_home_in_512_mb(number, read_only, tmp_path):
    """Nothing is written into the checkout, nothing is asked for outside the machine, the home folder is none."""
    log, before = tmp_path / "log", contents(read_only)
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "home")  # below a file there can be no folder, for root neither
    (run,) = finish(start(
        read_only / "notebooks" / BY_NAME[number].name, "all", prefix=obeying_permissions(), without=("COURSE_DATA",),
        HOME=nowhere, USERPROFILE=nowhere, **guarded(read_only, log, read_only),
    ))  # fmt: skip
    assert log.read_text() == "" and contents(read_only) == before
    if run["peak_mb"] is None or not sys.platform.startswith("linux"):
        return
    bare = float(subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout)
    more = run["peak_mb"] - bare
    print(f"lesson {number}: {run['seconds']:.0f} s, {run['peak_mb']:.0f} MB, {more:.0f} of them beyond PyTorch")
    assert more < MORE.get(number, MEMORY)


@pytest.mark.slow
def test_home_is_not_set():
    finish(start(BY_NAME["03"], "all", without=("HOME", "USERPROFILE")))


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("ip")), reason="Linux alone has these")
def test_no_network_in_the_kernel_of_the_system():
    bare = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]  # Jupyter talks to itself through lo
    if subprocess.run([*bare, "true"], capture_output=True).returncode:
        pytest.skip("this system does not let us make a network of our own")
    finish(start(BY_NAME["00"], "all", prefix=bare))


@pytest.mark.slow
@every_lesson
def test_restarted_in_the_middle_and_run_twice(number):
    finish(start(BY_NAME[number], "half", "restart", "all", "all"))


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), [("00", "05"), ("03", "03"), ("05", "05"), ("06", "07")])
def test_two_at_once_in_one_checkout(one, other):
    for process in [start(BY_NAME[one], "all"), start(BY_NAME[other], "all")]:
        finish(process)
