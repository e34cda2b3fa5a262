"""Run all code cells of a lesson on a device, in this process: python -m tests.device.lesson 06

The device is the one that COURSE_TEST_DEVICE names (see place.py), and `pick_device()` gives it in the lesson. After
each cell a line `@ {...}` says which, how many there are, the seconds so far, and how many megabytes of a GPU were held
at most: so a run that is cut off has said how far it came. The stand-in refuses here what CUDA or Apple's GPU refuse,
and its last line says which operations the lesson used that Apple's does not have.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import nullcontext

os.environ.setdefault("MPLBACKEND", "agg")

import torch
from IPython.core.interactiveshell import InteractiveShell

from tests.device import apple, place, standin
from tools.notebooks import LESSONS, read


def main():
    """Run it; the error of a cell that fails is raised."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lesson", choices=[path.stem[:2] for path in LESSONS])
    parser.add_argument("--profile", default="quick", choices=("quick", "full"))
    parser.add_argument("--cells", type=int, help="only so many of the first ones")
    args = parser.parse_args()
    (path,) = (path for path in LESSONS if path.stem[:2] == args.lesson)
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    device = place.use(place.wanted())
    os.chdir(path.parent)
    alone = device.type == standin.NAME
    shell, start = InteractiveShell.instance(), time.perf_counter()
    for number, cell in enumerate(cells[: args.cells], 1):
        more = f'\nPROFILE = "{args.profile}"' if "parameters" in cell.metadata.get("tags", []) else ""
        with standin.like_apple() if alone else nullcontext():
            shell.run_cell(cell.source + more).raise_error()
        said = {"cell": number, "of": len(cells), "seconds": round(time.perf_counter() - start, 1)}
        if device.type == "cuda":
            said["peak_mb"] = round(torch.cuda.max_memory_allocated(device) / 1e6)
        print("@", json.dumps(said), flush=True)
    if alone:
        print("@", json.dumps({"used": len(standin.USED), "lacking": apple.lacking(standin.USED)}))


if __name__ == "__main__":
    main()
