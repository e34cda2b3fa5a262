"""What an outer step costs: seconds, and memory at its peak, for each member of the MAML family."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from torch import nn

from course_lib.compute.memory import peak_bytes
from course_lib.episode import Episode
from course_lib.learners import MAML, ImplicitMAML, Reptile
from course_lib.learners.base import Learner

#: The family, by the names of the lesson: functions of a backbone and a number of adaptation steps.
FAMILY: dict[str, Callable[[nn.Module, int], Learner]] = {
    "MAML": lambda net, steps: MAML(net, steps),
    "first order": lambda net, steps: MAML(net, steps, order=1),
    "Reptile": lambda net, steps: Reptile(net, steps, lr=0.01),
    "implicit MAML": lambda net, steps: ImplicitMAML(net, steps, lr=0.01),
    "ANIL": lambda net, steps: MAML(net, steps, adapts="head"),
    "BOIL": lambda net, steps: MAML(net, steps, adapts="body"),
}


@dataclass(eq=False)
class Prices:
    """What was measured.

    Args:
        steps: numbers of adaptation steps.
        turns: by name, for each of `steps` the seconds that one outer step took, turn by turn.
        bytes: by name, what tensors hold at the peak of it; see `course_lib.compute.memory.peak_bytes`.
    """

    steps: tuple[int, ...]
    turns: dict[str, list[list[float]]]
    bytes: dict[str, list[int]]

    @property
    def seconds(self) -> dict[str, list[float]]:
        """By name, of one outer step at each of `steps`: the quickest of the turns."""
        return {name: [min(taken) for taken in row] for name, row in self.turns.items()}

    def times(self, name: str, other: str = "MAML", at: int = -1) -> float:
        """How many times the seconds of `other` a step of `name` takes: the quickest turn against the quickest."""
        return self.seconds[name][at] / self.seconds[other][at]

    def affordable(self, steps: int, megabytes: float = inf, times_maml: float = inf) -> list[str]:
        """The variants whose outer step keeps within a budget.

        Args:
            steps: adaptation steps, one of those that were measured.
            megabytes: at the peak.
            times_maml: how many times as long as MAML's it may take, quickest against quickest.
        """
        if steps not in self.steps:
            raise ValueError(f"measured were {', '.join(map(str, self.steps))} adaptation steps, and not {steps}.")
        at = self.steps.index(steps)
        return [name for name, row in self.bytes.items()
                if row[at] <= 1e6 * megabytes and self.times(name, at=at) <= times_maml]  # fmt: skip


def measure_prices(backbone: nn.Module, episode: Episode, steps=(1, 2, 4, 8), names=None, turns: int = 3) -> Prices:
    """Measure one outer step (both losses and the backward pass) of each member of the family.

    Args:
        backbone: the network; its gradients are cleared.
        episode: the meta-batch.
        steps: numbers of adaptation steps.
        names: which members; all when `None`.
        turns: so often is the time taken. The members take turns, so that a busy moment of the machine hits all alike.
    """
    names = list(FAMILY if names is None else names)
    learners = {(name, k): FAMILY[name](backbone, k).train() for name in names for k in steps}
    peaks = {key: peak_bytes(lambda learner=learner: _outer_step(learner, episode))  # this is the warm-up as well
             for key, learner in learners.items()}  # fmt: skip
    taken = {key: [] for key in learners}
    for _ in range(turns):
        for key, learner in learners.items():
            begin = time.perf_counter()
            _outer_step(learner, episode)
            taken[key].append(time.perf_counter() - begin)
    return Prices(
        tuple(steps), {name: [taken[name, k] for k in steps] for name in names},
        {name: [peaks[name, k] for k in steps] for name in names},
    )  # fmt: skip


def _outer_step(learner: Learner, episode: Episode):
    learner.zero_grad()
    at_once = learner.tasks_at_once or episode.n_tasks
    for part in episode.split(at_once):
        learner.losses(part)[1].backward()
    sum(p.grad.sum() for p in learner.backbone.parameters()).item()  # a GPU answers only when all is done
