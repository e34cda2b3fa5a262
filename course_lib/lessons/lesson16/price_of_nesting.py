"""What nested loops cost: operations, bytes and seconds, counted on a small network and reasoned for a large one; and
watt-hours, by an assumed power."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_lib.compute.memory import peak_bytes
from course_lib.compute.over_tasks import forced
from course_lib.episode import Episode
from course_lib.learners import MAML, FineTune, Learner, LinearProbe, PrototypicalNet

RATE = 0.1  # of inner steps: no price depends on it

#: Learners that are meta-trained: functions of a body, a network with a head, and inner steps.
TRAINED: dict[str, Callable[[nn.Module, nn.Module, int], Learner]] = {
    "prototypical": lambda body, whole, steps: PrototypicalNet(body),
    "first-order MAML": lambda body, whole, steps: MAML(whole, steps, RATE, order=1),
    "MAML": lambda body, whole, steps: MAML(whole, steps, RATE),
}
#: What meets a new task. MAML of either order adapts alike. From scratch, every weight is trained.
ADAPTED: dict[str, Callable[[nn.Module, nn.Module, int], Learner]] = {
    "prototypical": TRAINED["prototypical"],
    "frozen, linear layer": lambda body, whole, steps: LinearProbe(body, steps),
    "MAML": TRAINED["first-order MAML"],
    "from scratch": lambda body, whole, steps: FineTune(body, steps),
}


@dataclass(frozen=True)
class Price:
    """What one task costs.

    Args:
        name: of the learner. steps: of its inner loop; 0 if it has none.
        flop: floating-point operations of convolutions and matrix products; an addition and a multiplication are two.
        bytes: that tensors hold at the peak, see `course_lib.compute.memory.peak_bytes`.
        seconds: of the quickest turn.
    """

    name: str
    steps: int
    flop: int
    bytes: int
    seconds: float


def training_prices(make: Callable[[int | None], nn.Module], episode: Episode, steps=(1, 2, 4, 8), turns: int = 3):
    """What one task of meta-training costs: both losses and the backward pass.

    Args:
        make: `make(None)` gives a body, `make(way)` the network with a head, such as `lambda out: SmallConv(32, out)`.
        episode: one task.
        steps: of inner loops, for each of which MAML is measured.
        turns: so often is the time taken, after a first one that does not count.

    Returns: a list of `Price`, by the names of TRAINED.
    """

    def outer_step(learner: Learner):
        learner.train().zero_grad()
        learner.losses(episode)[1].backward()

    return _prices(TRAINED, make, episode, steps, turns, outer_step)


def new_task_prices(make: Callable[[int | None], nn.Module], episode: Episode, steps=(5, 20), turns: int = 3):
    """What a new task costs: to adapt to its support set, and to answer its queries. As `training_prices`, by the names
    of ADAPTED."""

    def meet(learner: Learner):
        with torch.no_grad():
            learner.eval()(episode)

    return _prices(ADAPTED, make, episode, steps, turns, meet)


def _prices(ways: dict, make: Callable, episode: Episode, steps, turns: int, run: Callable) -> list[Price]:
    if episode.n_tasks != 1:
        raise ValueError(f"the price is of one task, but there are {episode.n_tasks}: use episode.task(0).")
    found = []
    with forced(False):  # the counter is wrong for grouped convolutions, as tasks at once have them
        for name, way in ways.items():
            for k in (0,) if name == "prototypical" else steps:
                learner = way(make(None), make(episode.way), k)
                with FlopCounterMode(display=False) as flops:  # this is the warm-up as well
                    run(learner)
                peak, taken = peak_bytes(lambda learner=learner: run(learner)), []
                for _ in range(turns):
                    begin = time.perf_counter()
                    run(learner)
                    taken.append(time.perf_counter() - begin)
                found.append(Price(name, k, flops.get_total_flops(), peak, min(taken)))
    return found


def reasoned_flop(name: str, support: float, query: float, steps: int) -> float:
    """What one task of meta-training costs, from a forward pass alone: to first order, for any network.

    A backward pass costs about two forward passes: one product for the gradient of the inputs, one for that of the
    weights. So a step of training costs 3. Differentiating through such a step takes the backward pass of all that it
    did, about twice its price: 3 + 6. The loss of the queries costs 3 of theirs in each case. The last part is an upper
    bound: the first layer, whose inputs need no gradient, is cheaper.

    Args:
        name: of TRAINED. steps: of the inner loop.
        support, query: operations of a forward pass over the support set, and over the queries.
    """
    if name not in TRAINED:
        raise ValueError(f"name must be one of {', '.join(TRAINED)}, but it is {name!r}.")
    each = {"prototypical": 0, "first-order MAML": 3, "MAML": 9}[name] * support
    return 3 * query + (3 * support if name == "prototypical" else steps * each)


def reasoned_bytes(name: str, weights: float, activations: float, steps: int) -> float:
    """What has to be kept at once, at least: weights of each inner step, and activations that a backward pass reads.

    First order keeps one step: its weights, its gradient and its activations. MAML keeps every step: the weights that
    it arrived at, its activations, and as much again of its backward pass, which is differentiated too.

    Args:
        name: of TRAINED. weights, activations: bytes of the weights, and of what one forward pass keeps.
        steps: of the inner loop.
    """
    kept = {"prototypical": activations, "first-order MAML": 2 * weights + activations,
            "MAML": steps * (weights + 2 * activations) + activations}  # fmt: skip
    return kept[name]


def watt_hours(seconds: float, watts: float) -> float:
    """The energy of a computation that draws `watts` for so many seconds. Nothing here measures watts: they are
    assumed, and the answer is as good as they are."""
    return watts * seconds / 3600


def seconds_of(flop: float, flop_per_second: float) -> float:
    """How long so many operations take at a speed that is reached, not the one on a data sheet."""
    return flop / flop_per_second
