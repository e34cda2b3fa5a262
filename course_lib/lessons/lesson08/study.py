"""A registered prediction: what is claimed, and by how many tasks it will be judged, before anything is measured."""

from __future__ import annotations

#: What a registration says.
FIELDS = {
    "first": "the learner that you expect to be better",
    "second": "the learner that it is compared with",
    "at_least": "by how many points of accuracy, 0 or more",
    "tasks": "how many test tasks both will meet",
    "because": "why you expect it, in a sentence",
    "change_my_mind": "which result would change your mind, in a sentence",
}


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


def study(low: float, high: float) -> tuple[dict, str]:
    """A registration, an example of one, and its verdict on the interval that was found afterwards.

    Args:
        low, high: ends of the 95 % interval of accuracy of `first` minus that of `second`, in points.

    Returns: the registration, with the keys of `FIELDS`, which does not depend on the result; and the verdict.
    """
    registration = {
        "first": "prototypical",
        "second": "maml",
        "at_least": 1.0,
        "tasks": 100,
        "because": "It was trained on 60-way tasks: a harder question forces finer distinctions.",
        "change_my_mind": "An interval of the difference that lies below 1 point as a whole.",
    }
    return registration, verdict(registration["at_least"], low, high)
