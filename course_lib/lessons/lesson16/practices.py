"""Five pieces of advice for meta-learning, and what the stored tables of earlier lessons say of each.

Nothing is trained here: every number is a difference between two columns of a table that ships with an earlier lesson.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.lessons.lesson01.transfer import ten_trainings as transfer
from course_lib.lessons.lesson02 import turn
from course_lib.lessons.lesson03.ten_starts import ten_trainings as ten_starts
from course_lib.lessons.lesson05 import repeated
from course_lib.lessons.lesson07 import ten_trainings as relations
from course_lib.lessons.lesson09 import measured as readers
from course_lib.lessons.lesson10 import three_trainings as words
from course_lib.lessons.lesson11 import five_folds
from course_lib.lessons.lesson13 import rl_results
from course_lib.lessons.lesson14 import rules_results

#: In place of 1.96, for the mean of so few trainings: Student's t, 95 %.
STUDENT = {3: 4.30, 5: 2.78, 10: 2.26}


@dataclass(frozen=True, eq=False)
class Evidence:
    """One measurement that speaks for a piece of advice, or sets it a limit.

    Args:
        lesson: where it was measured, such as "05".
        compared: what is subtracted from what, in words.
        unit: of the difference: "points" (of accuracy in percent), "error", "loss", ...
        differences: `[trainings]`, float64: one number a training.
        speaks_for: whether it supports the advice, or limits it.
    """

    lesson: str
    compared: str
    unit: str
    differences: Tensor
    speaks_for: bool

    @property
    def mean(self) -> float:
        """Over trainings."""
        return self.differences.mean().item()

    @property
    def half(self) -> float:
        """Half the 95 % interval over trainings."""
        n = len(self.differences)
        return STUDENT[n] * self.differences.std().item() / math.sqrt(n)

    @property
    def seen(self) -> bool:
        """Whether the interval leaves out 0."""
        return abs(self.mean) > self.half


def _tensor(values) -> Tensor:
    return torch.as_tensor(values, dtype=torch.float64)


def _start_simple() -> list[Evidence]:
    found, rings, rules = turn.read(), relations.read(), rules_results.read()
    few, at = [turn.accuracies(found, name, "few").mean(2) for name in turn.METHODS], turn.STEPS.index(800)
    long, short = (few[0] - few[1])[at], (few[0] - few[1])[0]  # [trainings]: probe minus meta-learner
    ring = [relations.percent(rings, "ring", name, "exact") for name in ("relation", "prototypical")]
    gap = rules_results.difference(rules, "learned", "Adam, falling")[2]
    return [
        Evidence("02", "pretraining and a linear probe − meta-training, 800 steps", "points", long, True),
        Evidence("14", "a learned update rule − Adam with a falling rate", "loss", gap, True),
        Evidence("02", "the same two with 50 steps", "points", short, False),
        Evidence("07", "on the ring: a learned comparison − prototypes", "points", ring[0] - ring[1], False),
    ]


def _vary_tasks() -> list[Evidence]:
    table, lines = transfer(), readers.read()
    unseen, own = (_tensor(table[where]["D"]) - _tensor(table[where]["A"]) for where in ("unseen", "own"))
    errors = {
        pool: readers.numbers(lines, f"lines of {pool} tasks", "error, new tasks, 10 points")
        for pool in (4, 256, "endless")
    }
    return [
        Evidence("01", "many characters, shaky hands − few, still hands: on new scripts", "points", unseen, True),
        Evidence("09", "256 training tasks − 4, on new tasks", "error", errors[256] - errors[4], True),
        Evidence("01", "the same two, each on tasks of its own kind", "points", own, False),
        Evidence("09", "endless training tasks − 256, on new tasks", "error", errors["endless"] - errors[256], False),
    ]


def _first_order() -> list[Evidence]:
    family, starts, acting = repeated.read(), ten_starts(), rl_results.read()

    def minus_maml(name: str) -> Tensor:
        return repeated.errors(family, name, "after 5") - repeated.errors(family, "MAML", "after 5")

    returns = [rl_results.values(acting, "walkers", name, "returns")[:, 1] for name in ("first order", "MAML")]
    return [
        Evidence("05", "first order − MAML, in the same time", "error", minus_maml("first order, MAML's time"), True),
        Evidence("13", "first order − MAML, walkers, after one step", "return", returns[0] - returns[1], True),
        Evidence("05", "first order − MAML, in as many steps", "error", minus_maml("first order"), False),
        Evidence("03", "first order − MAML with one step", "error",
                 _tensor(starts["first order"]) - _tensor(starts["exact"]), False),
    ]  # fmt: skip


def _regularise() -> list[Evidence]:
    family, people = repeated.read(), five_folds.read()

    def minus_ten(name: str) -> Tensor:
        return repeated.errors(family, name, "new curves") - repeated.errors(family, "ten curves", "new curves")

    def trusted(method: str, seconds: str) -> Tensor:
        return five_folds.trainings(people, "mirror", method, seconds).mean(1)  # [3 trainings], mean over people

    half = "global features, trust 0.5"
    mixed = [trusted(half, s) - trusted("global features", s) for s in ("0.32 s", "2.56 s")]
    return [
        Evidence("11", "half trust in a person's 0.32 seconds − full trust", "points", mixed[0], True),
        Evidence("11", "the same with 2.56 seconds", "points", mixed[1], False),
        Evidence("05", "weight decay in the outer loop − none", "error", minus_ten("and weight decay 0.3"), False),
        Evidence("05", "dropout in both loops − none", "error", minus_ten("and dropout 0.1"), False),
        Evidence("05", "a pull to the start in the inner loop − none", "error", minus_ten("and a pull of 10"), False),
        Evidence("05", "a hundred training curves − ten", "error", minus_ten("a hundred curves"), False),
    ]


def _watch_losses() -> list[Evidence]:
    family, found = repeated.read(), words.read()

    def error(kind: str, steps: int) -> Tensor:
        return repeated.errors(family, "ten curves", kind, steps)

    def later(wall: str) -> Tensor:
        late, early = (words.percent(found, "curve", "CNN", f"{wall}, 5, 1", n) for n in (4800, 600))
        return late - early

    return [
        Evidence("05", "ten curves, 5,600 steps: new curves − the points trained on", "error",
                 error("new curves", 5600) - error("same points", 5600), True),
        Evidence("10", "4,800 steps − 600: words trained on", "points", later("train"), True),
        Evidence("10", "4,800 steps − 600: other words of these languages", "points", later("words"), False),
        Evidence("10", "4,800 steps − 600: other families", "points", later("families"), False),
    ]  # fmt: skip


#: The advice, and where its evidence comes from.
ADVICE = {
    "start simple": _start_simple,
    "vary the tasks": _vary_tasks,
    "scale with first order": _first_order,
    "regularise both loops": _regularise,
    "watch both losses": _watch_losses,
}


def evidence() -> dict[str, list[Evidence]]:
    """By advice, in the order of `ADVICE`: the measurements that support it or limit it."""
    return {advice: make() for advice, make in ADVICE.items()}
