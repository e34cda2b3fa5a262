"""Install the course, with the versions it was tested with, for the Python that runs this.

    python tools/install.py lab      to read the course
    python tools/install.py teach    and to run lessons as tests and in sweeps
    python tools/install.py dev      and to change it

On Linux the package index's PyTorch brings gigabytes of CUDA. A machine without an NVIDIA GPU takes PyTorch's own build
for the CPU instead; TORCH=cpu or TORCH=cuda in the environment says what to take. On macOS and Windows there is one
build only. It is pip that installs: uv is faster, but reads none of pip's settings, where schools keep their mirrors.
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PATIENCE = 6  # seconds to wait for a sign of life from it


def main():
    """Install the course with one of its sets of packages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extra", choices=("lab", "teach", "dev"))
    extra = parser.parse_args().extra
    if sys.platform == "linux" and not has_gpu() and not install_for_cpu():
        print(f"PyTorch for the CPU cannot be had from {CPU_INDEX}; the usual, large one is taken.", flush=True)
    if pip("install", "--no-compile", "-c", "constraints.txt", "-e", f".[{extra}]").returncode:
        sys.exit("The packages could not be installed (the reason stands above); check network and disk, then repeat.")
    if extra == "dev":  # tests compile what they import, which is a small part
        return
    # On every core, where pip compiles on one. A package may hold a file for another Python: no reason to complain.
    compile_all = [sys.executable, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", sysconfig.get_path("purelib")]
    subprocess.run(compile_all, capture_output=True)


def has_gpu() -> bool:
    """Whether there is an NVIDIA GPU to compute on, unless TORCH says what to believe."""
    wanted = os.environ.get("TORCH", "")
    if wanted not in ("", "cpu", "cuda"):
        sys.exit(f"TORCH is {wanted!r}; it can be cpu or cuda.")
    if wanted:
        return wanted == "cuda"
    tool = shutil.which("nvidia-smi")
    return tool is not None and subprocess.run([tool, "-L"], capture_output=True).returncode == 0


def install_for_cpu() -> bool:
    """Install torch alone, and from nowhere else than PyTorch's index: no other package can come from there."""
    torch = ("install", "--no-compile", "--no-deps", "-c", "constraints.txt", "torch")
    if pip(*torch, "--no-index", capture_output=True).returncode == 0:
        return True  # it is here, or in a folder that pip knows
    try:  # asked first, without patience: pip tries an index that does not answer again and again
        pip("index", "versions", "torch", "--index-url", CPU_INDEX, "--retries=0", f"--timeout={PATIENCE}",
            capture_output=True, timeout=PATIENCE, check=True)  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    return pip(*torch, "--index-url", CPU_INDEX).returncode == 0


def pip(*arguments: str, **options) -> subprocess.CompletedProcess:
    """Run this Python's pip in the folder of the course."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, **options)


if __name__ == "__main__":
    main()
