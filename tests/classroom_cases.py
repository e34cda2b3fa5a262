"""What the tests of tools/classroom.py share: a learner's notebook of lesson 06, and one run of `collect`."""

import json
import subprocess
import sys
from pathlib import Path

from tools.classroom import student_edition
from tools.notebooks import LESSONS, ROOT, write

LESSON = next(lesson for lesson in LESSONS if lesson.name.startswith("06"))
DISTANCES = "def squared_distances(q, p):\n    return ((q[:, :, None] - p[:, None]) ** 2).sum(-1)"
LINEAR = "def as_linear(c):\n    return 2 * c, -(c**2).sum(-1)"
COSINES = "def cosine_similarities(q, p):\n    return F.cosine_similarity(q[:, :, None], p[:, None], -1)"
ANSWER = "member = F.one_hot(y).to(z.dtype)\n    return member.mT @ z / member.sum(1)[..., None]"
PROTOTYPES = f"def prototypes(z, y):\n    {ANSWER}"


def hand_in(path: Path, *changes, **cells: str):
    """Write lesson 06 with right answers to three exercises, and other cells in place of some: id with _ for -.

    Args:
        changes: functions that change the notebook further.
        cells: the new source of a cell; "" deletes the cell.
    """
    notebook = student_edition(LESSON)
    new = {"distances_exercise": DISTANCES, "prototypes_exercise": PROTOTYPES, "linear_exercise": LINEAR} | cells
    new = {name.replace("_", "-"): source for name, source in new.items()}
    assert set(new) <= {cell.id for cell in notebook.cells}, "the lesson has no such cell"
    for cell in notebook.cells:
        cell.source = new.get(cell.id, cell.source)
    notebook.cells = [cell for cell in notebook.cells if new.get(cell.id) != ""]
    for change in changes:
        change(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(notebook, path)


def collect(folder: Path, *options: str) -> tuple[dict, subprocess.CompletedProcess]:
    """Run `collect` on a folder: {(learner, exercise): (verdict, detail)}, and the process that ran."""
    command = ["tools/classroom.py", "collect", str(folder), "--output", str(folder / "results.csv"), *options]
    run = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
    found = json.loads(run.stdout) if "--json" in options and run.returncode == 0 else []
    return {(r["learner"], r["exercise"]): (r["verdict"], r["detail"]) for r in found}, run
