"""What tools/gpu_check.py measures on a device, a line `@ {...}` for each number as it comes.

python -m tools.gpu_measures maml|steps|compiled|sampling [--device cuda] [--quick]

Seconds are the median of steps that are waited for; memory is the most that PyTorch held on the GPU. `--quick` is a
rehearsal for a machine without one: everything is tiny, and the numbers mean nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

import torch

from benchmarks.flops import SETTINGS, STEPS, step_of
from course_lib.compute.over_tasks import forced
from course_lib.learners import MAML, PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import ImageTasks, Scripts, Sinusoids
from course_lib.training import outer_step


def say(table: str, **values):
    """One row."""
    print("@", json.dumps({"table": table} | values), flush=True)


class Meter:
    """Measures steps on a device."""

    def __init__(self, device: str, quick: bool):
        self.device, self.quick = torch.device(device), quick
        self.filters, self.seconds = (4, 0.0) if quick else (64, 2.0)

    def wait(self):
        """Until the device has done what it was told."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        elif self.device.type == "mps":
            torch.mps.synchronize()

    def measure(self, step) -> dict:
        """Milliseconds a step (three times at least, for some seconds), and the peak of memory in MB."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)
        step(), self.wait()  # a warm-up
        taken, end = [], time.perf_counter() + self.seconds
        while len(taken) < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            step(), self.wait()
            taken.append(1000 * (time.perf_counter() - start))
        found = {"ms": round(statistics.median(taken), 2), "steps": len(taken)}
        if self.device.type == "cuda":
            found["peak_mb"] = round(torch.cuda.max_memory_allocated(self.device) / 1e6)
        return found

    def row(self, table: str, make, total: int | None = None, **values):
        """Measure what `make()` gives and print its row, with the hours that `total` steps take; an error is a row too,
        and what follows goes on."""
        try:
            found = self.measure(make())
            if total:
                found["hours a run"] = round(found["ms"] * total / 3.6e6, 2)
            say(table, **values, **found)
        except Exception as error:  # whatever it is, it belongs into the report
            say(table, **values, error=f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")

    def maml(self):
        """MAML's outer step under vmap, by a loop, and the queries alone: below that no MAML can come."""
        sizes = [(2, 1)] if self.quick else [(8, 1), (8, 5), (32, 1), (32, 5)]
        for tasks, steps in sizes:
            for order in (2, 1):
                what = {"tasks": tasks, "steps of adaptation": steps, "order": order}
                for how, at_once in (("vmap", True), ("loop", False)):
                    with forced(at_once):
                        self.row("MAML, Conv4, 5-way 1-shot, 15 queries a class",
                                 lambda: self._maml(tasks, steps, order), how=how, **what)  # noqa: B023
            with forced(False):
                self.row("MAML, Conv4, 5-way 1-shot, 15 queries a class", lambda: self._queries(tasks),  # noqa: B023
                         how="queries alone", tasks=tasks)  # fmt: skip

    def _maml(self, tasks: int, steps: int, order: int):
        learner = MAML(Conv4(self.filters, out=5), steps, 0.4, order)
        return step_of(learner, tasks, 5, 15, self.device)

    def _queries(self, tasks: int):
        network = Conv4(self.filters, out=5).to(self.device)
        x, y = torch.rand(tasks * 75, 1, 28, 28), torch.arange(75).remainder(5).repeat(tasks)
        x, y = x.to(self.device), y.to(self.device)

        def step():
            network.zero_grad()
            torch.nn.functional.cross_entropy(network(x), y).backward()

        return step

    def steps(self):
        """The outer steps whose hours docs/scale.md reasons, in float32 and in bfloat16."""
        for name, make, tasks, _, way, query in SETTINGS[-1:] if self.quick else SETTINGS:
            for amp in (False, True):
                numbers = "bfloat16" if amp else "float32"

                def timed(make=make, tasks=tasks, way=way, query=query, amp=amp):
                    learner = PrototypicalNet(Conv4(4)) if self.quick else make()
                    return step_of(learner, *((1, 3, 1) if self.quick else (tasks, way, query)), self.device, amp)

                self.row("outer steps whose hours docs/scale.md reasons", timed, STEPS[name.split(",")[0]],
                         what=name, numbers=numbers)  # fmt: skip

    def compiled(self):
        """The prototypical step, as it is and with `fit(compile=True)`."""
        way, query = (3, 1) if self.quick else (60, 5)
        for how in ("as it is", "compiled"):

            def made(how=how):
                learner = PrototypicalNet(Conv4(self.filters)).to(self.device)
                step = step_of(learner, 1, way, query, self.device)
                if how == "as it is":
                    return step
                episode = Scripts(way, 1, query, device=self.device).sample(1, torch.Generator().manual_seed(0))
                losses, optimizer = torch.compile(learner.losses), torch.optim.Adam(learner.parameters())
                return lambda: outer_step(losses, optimizer, episode)

            self.row(f"prototypical step, {way}-way 1-shot, {query} queries a class", made, how=how)

    def sampling(self):
        """Drawing 5-way 1-shot 15-query episodes on the device."""
        images = torch.randint(0, 256, (50 if self.quick else 1623, 20, 28, 28), dtype=torch.uint8)
        sources = {
            "Scripts": lambda: Scripts(5, 1, 15, device=self.device),
            "as many images as Omniglot": lambda: ImageTasks(images, 5, 1, 15, device=self.device),
            "Sinusoids": lambda: Sinusoids(10, 10, device=self.device),
        }
        for name, make in sources.items():
            for batch in (1,) if self.quick else (1, 25, 100):

                def draw(make=make, batch=batch):
                    tasks, generator = make(), torch.Generator().manual_seed(0)
                    return lambda: tasks.sample(batch, generator)

                self.row("sampling on the device", draw, tasks=name, at_once=batch)


def main():
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("maml", "steps", "compiled", "sampling"))
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(0)
    getattr(Meter(args.device, args.quick), args.what)()


if __name__ == "__main__":
    main()
