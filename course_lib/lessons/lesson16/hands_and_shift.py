"""Test tasks that differ from training in one knob: other pens, other leanings, shakier hands; and groups of hands,
for which one mean hides who is served worse."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Generator, Tensor

from course_lib.evaluation import Result
from course_lib.lessons.lesson08.calibration import reliability
from course_lib.tasks.images import ImageTasks

#: Shifts by name: arguments of `Scripts` for support and query sets alike. "none" is what training had.
SHIFTS = {
    "none": {},
    "a pen of 3": {"pen": 3.0},
    "shakier": {"wobble": 3.4},
    "leaning": {"slant": 0.6},
}
#: Hands by name, as the knobs of `Scripts` have them. The support set is a mixture of all; each is judged alone.
HANDS = {
    "even": {"slant": 0.0, "wobble": 0.8, "pen": 1.4},
    "ordinary": {},
    "broad pen": {"pen": 2.6},
    "shaky": {"wobble": 3.4},
    "leaning": {"slant": 0.6},
}


class OtherHands:
    """Tasks whose support set is written by one kind of hand and whose queries by another.

    Args:
        support, query: image tasks that differ in the hand alone: the same characters, way, shot and query.

    Raises:
        ValueError: if they differ in more.
    """

    def __init__(self, support: ImageTasks, query: ImageTasks):
        if any(getattr(support, what) != getattr(query, what) for what in ("names", "way", "shot", "query")):
            raise ValueError("support and query must be tasks over the same characters, of one way, shot and query.")
        self.support, self.query, self.way = support, query, support.way

    def sample(self, n_tasks: int, generator: Generator | None = None):
        """`n_tasks` tasks: the support sets of the one, the query sets of the other, of the same characters."""
        if generator is None:
            generator = Generator().manual_seed(int(torch.randint(2**31, ())))
        state = generator.get_state()
        first = self.support.sample(n_tasks, generator)
        generator.set_state(state)  # the same numbers again: the same characters, and hands that differ in a knob
        return replace(self.query.sample(n_tasks, generator), support_x=first.support_x, support_y=first.support_y)


def calibration_error(result: Result, temperature: float = 1.0, bins: int = 10) -> float:
    """The expected calibration error of a result, a fraction: see lesson 08."""
    return reliability(result.confidence, result.correct, bins).ece


def error_of_tasks(result: Result) -> Tensor:
    """How much more sure than right a learner is, `[tasks]`: mean confidence minus accuracy of each task. It has a sign
    and an interval over tasks; the expected calibration error, a mean of sizes, has neither."""
    return (result.confidence.double() - result.correct.double()).mean(1)


def fitted_temperature(scores: Tensor, labels: Tensor) -> float:
    """The number that scores are divided by for the least cross-entropy: by golden sections between 1/20 and 20.

    Args:
        scores: `[n, way]`, of validation tasks. labels: `[n]`.

    Source: temperature scaling, Guo et al. 2017 (arXiv:1706.04599), read second-hand.
    """
    scores = scores.double()
    own = scores.gather(1, labels.unsqueeze(1)).squeeze(1)  # [n]

    def loss(log_temperature: float) -> float:
        t = math.exp(log_temperature)
        return ((scores / t).logsumexp(1) - own / t).mean().item()

    low, high, part = -math.log(20), math.log(20), (math.sqrt(5) - 1) / 2
    for _ in range(40):  # cross-entropy has one minimum in 1 / t, so in log t as well
        left, right = high - part * (high - low), low + part * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return math.exp((low + high) / 2)


def worst_and_best(scores: dict[str, Tensor]) -> tuple[str, str, Tensor]:
    """The group of lowest and that of highest mean, and how far they lie apart task by task, `[tasks]`.

    Args:
        scores: by group `[tasks]`, or `[trainings, tasks]`; entry i of all belongs to the same task.
    """
    means = {name: values.mean().item() for name, values in scores.items()}
    worst, best = min(means, key=means.get), max(means, key=means.get)
    return worst, best, scores[best] - scores[worst]
