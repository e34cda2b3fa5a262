"""One outer step of MAML through course_lib and through other libraries: `python benchmarks/maml.py`

README.md says how the environment with those libraries is made. All get equal weights and data, and the meta-gradient
of each has to be that of course_lib to 1e-4 of its largest entry, or no time is printed for it. They take turns, so
that a busy machine is busy for all of them: compare ratios.
"""

import argparse
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from maml_libraries import higher, learn2learn, plain, queries_alone, torchopt
from step import plain as conv4_of_papers
from torch import nn

from course_lib import Episode
from course_lib.compute.batch_norm import batch_norms
from course_lib.compute.compiled import CompiledLosses
from course_lib.compute.memory import peak_bytes
from course_lib.compute.over_tasks import forced
from course_lib.learners import MAML
from course_lib.models import MLP, Conv4
from course_lib.tasks import Sinusoids
from course_lib.training import outer_step


@dataclass
class Setting:
    """What is computed: a network, tasks for it, and how it adapts."""

    name: str
    convolutions: bool
    steps: int
    order: int = 2

    @property
    def lr(self) -> float:
        """Inner learning rate."""
        return 0.1 if self.convolutions else 0.01

    def network(self) -> nn.Module:
        """Always with the same weights."""
        torch.manual_seed(0)
        return Conv4(out=5) if self.convolutions else MLP((1, 40, 40, 1))

    def episode(self) -> Episode:
        """25 sinusoids, 10 support points and 10 queries each; or 8 tasks, 5-way 1-shot, 75 queries, random images."""
        generator = torch.Generator().manual_seed(1)
        if not self.convolutions:
            return Sinusoids(10, 10).sample(25, generator)
        x = torch.rand(8, 80, 1, 28, 28, generator=generator)  # [tasks, support and query, 1, 28, 28]
        y = torch.arange(80).remainder(5).expand(8, -1)  # [tasks, support and query]
        return Episode(x[:, :5], y[:, :5], x[:, 5:], y[:, 5:])


SETTINGS = [
    Setting("sinusoid MLP, 5 steps", False, 5), Setting("sinusoid MLP, 5 steps, first order", False, 5, 1),
    Setting("Conv4-64, 1 step", True, 1),
    Setting("Conv4-64, 5 steps", True, 5), Setting("Conv4-64, 5 steps, first order", True, 5, 1),
]  # fmt: skip


def course(network, setting, episode, optimizer):
    """What `fit` runs."""
    learner = MAML(network, setting.steps, setting.lr, setting.order)

    def step():
        outer_step(learner.losses, optimizer, episode, at_once=learner.tasks_at_once)

    return step


def course_by_vmap(network, setting, episode, optimizer):
    """course_lib, with all tasks at once where it would take one after the other."""
    step = course(network, setting, episode, optimizer)

    def by_vmap():
        with forced(True):
            step()

    return by_vmap


def course_compiled(network, setting, episode, optimizer):
    """What `fit(compile=True)` runs."""
    learner = MAML(network, setting.steps, setting.lr, setting.order).train()
    losses = CompiledLosses(learner)

    def step():
        outer_step(losses, optimizer, episode, at_once=learner.tasks_at_once)

    return step


LIBRARIES = {
    "course_lib": course, "course_lib, compiled": course_compiled,
    "learn2learn": learn2learn, "higher": higher, "torchopt": torchopt, "plain loop": plain,
    "learn2learn, Conv4 as papers write it": learn2learn, "course_lib, vmap forced": course_by_vmap,
    "queries alone": queries_alone,
}  # fmt: skip
COMPILED = ("course_lib, compiled",)  # its tensors cannot be seen, and the compiler's memory would count


def prepare(library: str, setting: Setting, dtype: torch.dtype = torch.float32):
    """The step function, and the network it works on, with fresh weights; batch norm keeps no statistics."""
    network = setting.network()
    if library.endswith("as papers write it"):
        rewritten = nn.Sequential(*conv4_of_papers(), nn.Linear(64, 5))
        rewritten.load_state_dict(network.state_dict())
        network = rewritten
    network.to(dtype)
    for norm in batch_norms(network).values():
        norm.running_mean = norm.running_var = norm.num_batches_tracked = None
    episode = setting.episode().map(lambda t: t.to(dtype) if t.is_floating_point() else t)
    return LIBRARIES[library](network, setting, episode, torch.optim.Adam(network.parameters())), network


def meta_gradient(library: str, setting: Setting) -> list[torch.Tensor]:
    """What a step gives to the optimiser; in float64, where rounding cannot switch a ReLU."""
    step, network = prepare(library, setting, torch.float64)
    step()
    return [p.grad for p in network.parameters()]


def equal_ones(setting: Setting) -> list[str]:
    """The libraries that are here and find the same meta-gradient; a sentence about every other one."""
    right, equal = meta_gradient("course_lib", setting), []
    for library in [name for name in LIBRARIES if setting.convolutions or "papers" not in name]:
        try:
            mine = meta_gradient(library, setting)
        except (ImportError, ValueError) as error:
            print(f"{setting.name}: {library} is left out. {error}")
            continue
        gap = max((a - b).abs().max() for a, b in zip(mine, right, strict=True))
        apart = gap / max(b.abs().max() for b in right)
        if apart <= 1e-4 or library == "queries alone":
            equal.append(library)
        else:
            print(f"{setting.name}: {library} is left out. Its meta-gradient is off by {apart:.1e} of the largest.")
    return equal


def milliseconds(setting: Setting, libraries: list[str], turns: int) -> dict[str, list[float]]:
    """Of every step, the libraries taking turns; the first turn is a warm-up."""
    steps = {library: prepare(library, setting)[0] for library in libraries}
    taken = {library: [] for library in libraries}
    for turn in range(turns + 1):
        for library, step in steps.items():
            start = time.perf_counter()
            step()
            if turn:
                taken[library].append(1000 * (time.perf_counter() - start))
            elif library in COMPILED:
                print(f"{setting.name}: {library} took {time.perf_counter() - start:.0f} s to compile.")
    return taken


def grown(library: str, setting: Setting) -> float:
    """MB by which this process, if it is a fresh one, grows at most during its first step. Linux only."""
    step, _ = prepare(library, setting)
    kilobytes = [re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]]
    step()
    kilobytes += [re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]]
    return (int(kilobytes[1]) - int(kilobytes[0])) / 1000


def main():
    """Print a row a library and setting: median ms, how many times course_lib's (median over turns), and memory."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=15, help="for Conv4; the sinusoid network takes ten times as many")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of settings, from 0")
    parser.add_argument("--memory", nargs=2, metavar=("LIBRARY", "SETTING"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.memory:
        return print(grown(args.memory[0], SETTINGS[int(args.memory[1])]))
    print(f"{torch.get_num_threads()} threads\n")
    for index, setting in enumerate(SETTINGS):
        if args.only and index not in args.only:
            continue
        libraries = equal_ones(setting)
        taken = milliseconds(setting, libraries, args.turns * (1 if setting.convolutions else 10))
        print(f"\n| {setting.name} | ms | times course_lib's | tensors, MB | process, MB |\n|---|---|---|---|---|")
        for library in libraries:
            ratio = statistics.median(a / b for a, b in zip(taken[library], taken["course_lib"], strict=True))
            median = statistics.median(taken[library])
            if library in COMPILED:
                print(f"| {library} | {median:.2f} | {ratio:.3f} | | |", flush=True)
                continue
            tensors = peak_bytes(prepare(library, setting)[0]) / 1e6
            fresh = [sys.executable, __file__, "--memory", library, str(index)]
            process = float(subprocess.run(fresh, check=True, capture_output=True, text=True).stdout)
            print(f"| {library} | {median:.1f} | {ratio:.2f} | {tensors:.1f} | {process:.0f} |", flush=True)
        print()


if __name__ == "__main__":
    main()
