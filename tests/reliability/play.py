"""Run a lesson as JupyterLab does, by a plan: python tests/reliability/play.py LESSON STEP...

Steps: `all` runs every cell from the top, `half` the first half of them, `restart` begins a new kernel. The cells run
in the lesson's own folder. The last line printed is one JSON object: for each step its seconds and, where the system
tells, the most memory that the kernel has held until then, in MB.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient


def play(path: Path, plan: list[str]) -> list[dict]:
    """Follow the plan; raise nbclient's CellExecutionError where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}})
    steps = []
    with client.setup_kernel():
        for step in plan:
            start = time.perf_counter()
            if step == "restart":
                client.km.restart_kernel(now=True)
                client.kc.wait_for_ready(timeout=60)
            else:
                cells = list(enumerate(notebook.cells))
                for i, cell in cells if step == "all" else cells[: len(cells) // 2]:
                    client.execute_cell(cell, i)
            steps.append({"step": step, "seconds": round(time.perf_counter() - start, 1), "peak_mb": peak(client.km)})
    return steps


def peak(manager) -> float | None:
    """The most memory that the kernel process has had resident at once, in MB; None where the system does not say."""
    process = psutil.Process(manager.provisioner.pid)
    if psutil.WINDOWS:
        return process.memory_info().peak_wset / 1e6
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():  # macOS
        return None
    return next(int(line.split()[1]) * 1024 / 1e6 for line in status.read_text().splitlines() if line[:6] == "VmHWM:")


if __name__ == "__main__":
    print(json.dumps(play(Path(sys.argv[1]).resolve(), sys.argv[2:])))
