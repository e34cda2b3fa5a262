"""Outer steps a second of `fit` under torchrun, 1, 2 and 4 processes: `python benchmarks/scaling.py docs/scaling.png`

Each process has one thread. The numbers of processes take turns; a ratio is that to one process in the same turn. On a
busy machine several processes also get more of it than one does, so the speeds say little: then look at the work, which
is the CPU time that all processes together spend on a step.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import matplotlib.pyplot as plt
import torch

from course_lib import fit
from course_lib.learners import MAML
from course_lib.models import MLP, Conv4
from course_lib.plots import COLORS
from course_lib.tasks import Scripts, Sinusoids

#: For each: the learner, its tasks, tasks in a meta-batch, and steps between two readings of the clock.
SETTINGS = {
    "MAML, sinusoids, 1 step, 25 tasks": (lambda: MAML(MLP(), 1), Sinusoids, 25, 60),
    "MAML, Conv4-32, 1 step, 8 tasks": (lambda: MAML(Conv4(32, out=5), 1, 0.4), lambda: Scripts(5, 1, 5), 8, 2),
}
PROCESSES = (1, 2, 4)


class Timed:
    """Tasks that note the time, and the CPU time of this process, whenever some are drawn."""

    def __init__(self, tasks):
        self.tasks, self.noted = tasks, []

    def sample(self, n, generator):
        """As the tasks do."""
        self.noted.append((time.perf_counter(), time.process_time()))
        return self.tasks.sample(n, generator)


def in_each_process():
    """Print seconds and CPU seconds of a step in every setting, as one line of JSON. The first steps are a warm-up."""
    found = {}
    for name, (learner, tasks, meta_batch, steps) in SETTINGS.items():
        timed = Timed(tasks())
        fit(learner(), timed, 3 * steps + 1, meta_batch=meta_batch, log_every=steps, device="cpu", progress=False)
        found[name] = [(b - a) / (2 * steps) for a, b in zip(timed.noted[steps], timed.noted[-1], strict=True)]
    print(json.dumps(found) + "\n", end="", flush=True)


def measure(processes: int, threads: int = 1) -> dict[str, tuple[float, float]]:
    """Seconds of a step in every setting, and CPU seconds that all processes together spend on it."""
    command = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}", __file__, "--worker"]
    printed = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True,
                             env=os.environ | {"OMP_NUM_THREADS": str(threads)}).stdout  # fmt: skip
    each = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return {name: (max(p[name][0] for p in each), sum(p[name][1] for p in each)) for name in SETTINGS}


def draw(speeds: dict, path):
    """Speed against number of processes, a line a setting."""
    figure, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
    cores = os.cpu_count()
    ax.plot(PROCESSES, [min(n, cores) for n in PROCESSES], ":", color="gray", label=f"all of {cores} cores")
    for (name, of_each), color, marker in zip(speeds.items(), COLORS, "os", strict=False):
        ax.plot(PROCESSES, [of_each[n, 1] for n in PROCESSES], marker=marker, color=color, label=name)
    ax.set(xlabel="processes", ylabel="outer steps a second\n(one process: 1)", xticks=PROCESSES, ylim=(0, None))
    ax.legend(loc="upper left", fontsize="small")
    figure.savefig(path, dpi=150)


def main():
    """Print a table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("picture", nargs="?", help="the PNG file to write")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        return in_each_process()
    ways = [*((n, 1) for n in PROCESSES), (1, os.cpu_count())]
    loads, turns = [], []
    for _ in range(args.turns):
        turns.append({way: measure(*way) for way in ways})
        loads.append(os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"))
    print(f"{os.cpu_count()} cores, load {min(loads):.1f} to {max(loads):.1f}, torch {torch.__version__}, "
          f"{args.turns} turns\n")  # fmt: skip
    print("| | " + " | ".join(f"{p} process{'es' * (p > 1)}, {t} thread{'s' * (t > 1)}" for p, t in ways) + " |")
    print("|---|" + "---|" * len(ways))
    speeds = {}
    for name in SETTINGS:
        speeds[name] = {way: statistics.median(t[1, 1][name][0] / t[way][name][0] for t in turns) for way in ways}
        work = [statistics.median(t[way][name][1] / t[1, 1][name][1] for t in turns) for way in ways]
        milliseconds = 1000 * statistics.median(t[1, 1][name][0] for t in turns)
        for what, row in ((f"{name} ({milliseconds:.0f} ms): speed", speeds[name].values()), ("work", work)):
            print(f"| {what} | " + " | ".join(f"{ratio:.2f}" for ratio in row) + " |")
    if args.picture:
        draw(speeds, args.picture)


if __name__ == "__main__":
    main()
