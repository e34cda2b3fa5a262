"""What a `full` run costs, without a GPU at hand: `python benchmarks/flops.py`. What it assumes: docs/scale.md.

Operations, calls and memory of an outer step are counted on the CPU; calls and memory with all tasks at once, as on a
GPU. Hours follow from them. The last table is for the lessons: the steps of their `full` profile that take most.
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from course_lib import Episode
from course_lib.compute.memory import peak_bytes
from course_lib.compute.over_tasks import forced
from course_lib.learners import MAML, PrototypicalNet
from course_lib.models import Conv4
from course_lib.training import outer_step

#: Float32 operations a second at best; the share of them that small convolutions reach; seconds that PyTorch needs to
#: start one operation; outer steps. All assumed: docs/scale.md says why.
PEAK = {"T4": 8.1e12, "A100": 19.5e12, "H100": 67e12}
SHARE, CALL = 0.1, 10e-6
STEPS = {"MAML": 60_000, "prototypical": 40_000}

#: Name, learner, tasks in a meta-batch of the paper, tasks counted here, way and queries a class; all are 1-shot.
SETTINGS = [
    ("MAML, 5-way, 1 step", lambda: MAML(Conv4(64, out=5), 1, 0.4), 32, 4, 5, 1),
    ("MAML, 5-way, 1 step, 15 queries", lambda: MAML(Conv4(64, out=5), 1, 0.4), 32, 2, 5, 15),
    ("MAML, 5-way, 5 steps", lambda: MAML(Conv4(64, out=5), 5, 0.4), 32, 4, 5, 1),
    ("MAML, 5-way, 5 steps, first order", lambda: MAML(Conv4(64, out=5), 5, 0.4, order=1), 32, 4, 5, 1),
    ("MAML, 20-way, 5 steps", lambda: MAML(Conv4(64, out=20), 5, 0.1), 16, 1, 20, 1),
    ("prototypical, 60-way", lambda: PrototypicalNet(Conv4(64)), 1, 1, 60, 5),
]


class Calls(TorchDispatchMode):
    """Counts the operations that would each start a kernel on a GPU: all but views."""

    def __init__(self):
        super().__init__()
        self.number = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        self.number += not operation.is_view
        return operation(*args, **(kwargs or {}))


def step_of(learner, tasks: int, way: int, query: int, device="cpu", amp: bool = False):
    """A function that takes one outer step on random images, 1-shot."""
    labels = torch.arange(way).expand(tasks, way)  # [tasks, way]
    x = torch.rand(tasks, way * (1 + query), 1, 28, 28)
    episode = Episode(x[:, :way], labels, x[:, way:], labels.repeat_interleave(query, 1), way).to(device)
    optimizer = torch.optim.Adam(learner.to(device).parameters())
    return lambda: outer_step(learner.losses, optimizer, episode, amp, learner.tasks_at_once)


def cost(make, tasks: int, counted: int, way: int, query: int):
    """Of an outer step: operations, calls, and bytes of tensors at once."""
    with FlopCounterMode(display=False) as flops:  # one task: the counter is wrong for grouped convolutions
        step_of(make(), 1, way, query)()
    with forced(True):  # as on a GPU
        step = step_of(make(), counted, way, query)
        step()  # the optimiser makes its state in the first step
        with Calls() as calls:
            step()
        memory = peak_bytes(step)  # it grows with the tasks, as operations do; calls do not
    return tasks * flops.get_total_flops(), calls.number, memory * tasks / counted


def hours(flops: float, calls: int, peak: float, steps: int) -> float:
    """Whichever takes longer, starting operations or computing them."""
    return steps * max(calls * CALL, flops / (SHARE * peak)) / 3600


def in_lessons():
    """Name and bytes of tensors at once; a part is measured, and the rest is more of the same."""
    network, learner = Conv4(64).eval(), PrototypicalNet(Conv4(64)).eval()
    images, five = torch.rand(300, 1, 28, 28), torch.rand(5, 5, 1, 28, 28)
    labels, queries = torch.arange(5).expand(5, 5), torch.rand(5, 75, 1, 28, 28)
    maml = MAML(Conv4(32, out=5), 1, 0.1).eval()
    with torch.no_grad():
        yield "06: 7,500 queries embedded at once", 25 * peak_bytes(lambda: network(images))
        yield "02: 25 test tasks, 80 images each", 5 * peak_bytes(
            lambda: learner.predict(learner.adapt(five, labels, 5), queries))  # fmt: skip
        with forced(True):  # as on a GPU
            yield "08: 25 test tasks of MAML, 80 images each", 5 * peak_bytes(
                lambda: maml.predict(maml.adapt(five, labels, 5), queries))  # fmt: skip
    yield "00: a training step, 360 images", peak_bytes(step_of(PrototypicalNet(Conv4(64)), 1, 60, 5))


def main():
    """Print the tables."""
    print("| 1-shot | tasks | GFLOP a step | calls a step | tensors, MB |\n|---|---|---|---|---|")
    table = []
    for name, make, tasks, counted, way, query in SETTINGS:
        flops, calls, memory = cost(make, tasks, counted, way, query)
        print(f"| {name} | {tasks} | {flops / 1e9:.0f} | {calls:,} | {memory / 1e6:,.0f} |", flush=True)
        of = [hours(flops / n, calls, peak, STEPS[name.split(",")[0]]) if n <= tasks else None
              for peak in PEAK.values() for n in (1, 8)]  # fmt: skip
        table.append(f"| {name} | " + " | ".join("–" if h is None else f"{h:.2f}" for h in of) + " |")
    columns = [f"{n} {gpu}" for gpu in PEAK for n in (1, 8)]
    print(f"\n| hours | {' | '.join(columns)} |\n|---|" + "---|" * len(columns), *table, sep="\n")
    print("\n| lesson, full profile | tensors, MB |\n|---|---|")
    for name, memory in in_lessons():
        print(f"| {name} | {memory / 1e6:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
