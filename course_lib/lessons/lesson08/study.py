"""A registered prediction: what is claimed, and by how many tasks it will be judged, before anything is measured."""

from __future__ import annotations

from torch import Tensor

from course_lib.statistics import tasks_needed

#: What a registration says.
FIELDS = {
    "first": "the learner that you expect to be better",
    "second": "the learner that it is compared with",
    "at_least": "by how many points of accuracy, 0 or more",
    "half": "half the width of the interval that you want for the difference, in points",
    "tasks": "how many test tasks both will meet",
    "because": "why you expect it, in a sentence",
    "change_my_mind": "which result would change your mind, in a sentence with a number in it",
}
FEWEST, MOST = 30, 400  # tasks of a study: fewer make the interval too narrow, more take minutes


def planned(pilot: dict[str, Tensor], first: str, second: str, half: float) -> int:
    """How many tasks a study needs for an interval of ± `half` points, but no fewer than FEWEST, no more than MOST.

    Args:
        pilot: of each learner `[tasks]` scores, in points, on the same tasks of a first small test.
        first, second: the two that are compared.
        half: half the width that is wanted, in points.
    """
    return min(MOST, max(FEWEST, tasks_needed(pilot[first] - pilot[second], half)))


def verdict(at_least: float, low: float, high: float) -> str:
    """Whether an interval supports the claim that a difference is `at_least` so large.

    Args:
        at_least: the claim, in points.
        low, high: ends of the 95 % interval of the difference, in points.

    Returns: "supported" if the whole interval is at or above the claim, "refuted" if all of it is below, and
    "undecided" if the claim lies inside.
    """
    if low >= at_least:
        return "supported"
    return "refuted" if high < at_least else "undecided"


def study(pilot: dict[str, Tensor], low: float, high: float) -> tuple[dict, str]:
    """A registration, an example of one, and its verdict on the interval that was found afterwards.

    Args:
        pilot: of each learner `[tasks]` scores, in points, on the same tasks of a first small test.
        low, high: ends of the 95 % interval of accuracy of `first` minus that of `second`, in points.

    Returns: the registration, with the keys of `FIELDS`, which does not depend on the result; and the verdict.
    """
    registration = {
        "first": "prototypical",
        "second": "maml",
        "at_least": 5.0,
        "half": 2.0,
        "tasks": planned(pilot, "prototypical", "maml", 2.0),
        "because": "It was trained on 60-way tasks: a harder question forces finer distinctions.",
        "change_my_mind": "An interval of the difference that lies below 5 points as a whole.",
    }
    return registration, verdict(registration["at_least"], low, high)
