"""A registered prediction: what is claimed, before anything is measured, and the verdict on it."""

from __future__ import annotations

from collections.abc import Iterable

FEWEST, MOST = 30, 400  # tasks of a study: fewer make the interval too narrow, more take minutes


def missing(registration: dict, learners: Iterable[str]) -> str:
    """What a registration lacks before something may be measured, in a sentence; "" where it is whole.

    Args:
        registration: "first" and "second", names of two learners; "at_least", the claim, and "half", half the width of
            the interval that is wanted, in points; "because" and "change_my_mind", sentences.
        learners: names to choose from.
    """
    for field in ("first", "second", "at_least", "half", "because", "change_my_mind"):
        value = registration.get(field, ...)
        if value is ... or value == "":
            return f"put your answer in place of the three dots beside {field!r}."
    for field in ("first", "second"):
        if registration[field] not in learners:
            return f"{field} is {registration[field]!r}; choose one of {', '.join(learners)}."
    if registration["first"] == registration["second"]:
        return "first and second are the same learner."
    if not _is_number(registration["at_least"]) or not 0 <= registration["at_least"] <= 100:
        return "at_least is a number of points, 0 or more. Expect the other one to win? Exchange first and second."
    if not _is_number(registration["half"]) or not 0.1 <= registration["half"] <= 100:
        return "half is a number of points, 0.1 or more: 2 is two points of accuracy."
    return ""


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
