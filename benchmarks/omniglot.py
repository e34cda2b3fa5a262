"""How soon a prototypical network reaches 95 % on unseen alphabets: `COURSE_DATA=... python benchmarks/omniglot.py`

Each row is a run of its own with the settings of the command line (60-way 1-shot, Conv4-64, one cycle of the rate).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from course_lib import evaluate, load, storage
from course_lib.tasks import Omniglot

TRAIN = "-m course_lib train --learner prototypical --data omniglot --way 60 --shot 1 --seed 0"


def main():
    """Print a table: outer steps, seconds of training, and 5-way 1-shot accuracy on 600 test tasks."""
    print("| outer steps | seconds | 5-way 1-shot, % |\n|---|---|---|")
    for steps in (25, 50, 100, 200):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "w.safetensors"
            command = [sys.executable, *TRAIN.split(), "--steps", str(steps), "--output", path]
            subprocess.run(command, check=True, capture_output=True)
            result = evaluate(load(path), Omniglot(split="test"), 600, seed=1)
            seconds = storage.notes(path)["notes"]["seconds"]
        print(f"| {steps} | {seconds:.0f} | {100 * result.mean:.1f} ± {100 * result.ci95:.1f} |", flush=True)


if __name__ == "__main__":
    main()
