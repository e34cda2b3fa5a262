"""What `check` looks at in a registered prediction of lesson 08."""

from __future__ import annotations

import re

import torch

from course_lib.exercises.engine import Problem
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson08.study import FEWEST, FIELDS, MOST, planned, verdict
from course_lib.statistics import tasks_needed

#: Learners of the lesson's live comparison, which a registration can name.
LEARNERS = ("prototypical", "matching", "relation", "siamese", "centroid", "linear_probe", "maml", "fomaml", "anil",
            "reptile", "pixels")  # fmt: skip
_VERDICTS = ("supported", "refuted", "undecided")
_NUMBERS = re.compile(r"\b(zero|half|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty)\b", re.I)


def _pilot(seed: int, own: float) -> dict[str, torch.Tensor]:
    """A first small test: what makes a task hard is shared, and `own` is how much learners differ in a task, points."""
    generator = torch.Generator().manual_seed(seed)
    ease = 12 * torch.randn(30, generator=generator, dtype=torch.float64)
    alone = torch.randn(len(LEARNERS), 30, generator=generator, dtype=torch.float64)
    return {name: (75 - 3 * i + ease + own * alone[i]).clamp(0, 100) for i, name in enumerate(LEARNERS)}


def judge_study(call):
    """`study`: the form of the registration, that it does not depend on the result, the plan, and the verdict."""
    pilots = [_pilot(0, 6.0), _pilot(1, 9.0)]
    for pilot in pilots:
        registration = _registration(call, pilot, 0.0, 0.0)
        _refuse_names(registration)
        _refuse_numbers(registration)
        _refuse_sentences(registration)
        claim = float(registration["at_least"])
        for low, high in _intervals(claim):
            if _registration(call, pilot, low, high) != registration:
                raise Problem("the registration changes with the result. It must be the same whatever is found: that "
                              "is what registering is for.")  # fmt: skip
    _refuse_plan([(pilot, _registration(call, pilot, 0.0, 0.0)) for pilot in pilots])
    _judge_verdict(call, pilots[0], float(_registration(call, pilots[0], 0.0, 0.0)["at_least"]))


def _intervals(claim: float):
    return ((claim + 1, claim + 2), (claim - 2, claim - 1), (claim - 1, claim + 1), (claim - 3, claim + 0.5),
            (claim, claim + 2), (claim - 2, claim))  # fmt: skip


def _judge_verdict(call, pilot, claim: float):
    for low, high in _intervals(claim):
        said, right = call(pilot, low, high)[1], verdict(claim, low, high)
        if said not in _VERDICTS:
            raise Problem(f'the verdict must be "supported", "refuted" or "undecided", but it is {said!r}.')
        if said == right:
            continue
        case = f"you claim at least {claim:g} points; for an interval from {low:g} to {high:g} you say {said!r}. "
        if low == claim:
            raise Problem(case + "Its lowest value is exactly what you claim, and at least means that or more: "
                          "supported.")  # fmt: skip
        if high == claim:
            raise Problem(case + "Its highest value is exactly what you claim, so not all of it lies below: undecided.")
        if right == "undecided":
            raise Problem(case + "The claim lies inside the interval, so both answers are possible: undecided.")
        raise Problem(case + f"All of the interval is {'above' if right == 'supported' else 'below'} the claim. "
                      "Compare its ends with at_least, not with 0.")  # fmt: skip


def _registration(call, pilot, low: float, high: float) -> dict:
    answer = call(pilot, low, high)
    if isinstance(answer, dict):
        raise Problem("it returns the registration alone. Return two things, a pair: the registration (a dict) and the "
                      "verdict (a word).")  # fmt: skip
    if not isinstance(answer, tuple | list) or len(answer) != 2 or not isinstance(answer[0], dict):
        raise Problem("it should return two things, a pair: the registration (a dict) and the verdict (a word). It "
                      f"returned {form(answer)}.")  # fmt: skip
    return dict(answer[0])


def _refuse_names(registration: dict):
    if missing := [field for field in FIELDS if field not in registration]:
        raise Problem(f"the registration has no {missing[0]!r}: {FIELDS[missing[0]]}.")
    if more := [field for field in registration if field not in FIELDS]:
        raise Problem(f"{more[0]!r} is no part of the registration. What is known only afterwards stands beside it: "
                      "return the pair registration, verdict.")  # fmt: skip
    for field in ("first", "second"):
        if registration[field] not in LEARNERS:
            raise Problem(f"{field} is {registration[field]!r}; choose one of {', '.join(LEARNERS)}.")
    if registration["first"] == registration["second"]:
        raise Problem("first and second are the same learner.")


def _refuse_numbers(registration: dict):
    claim, half, tasks = (as_number(registration[field]) for field in ("at_least", "half", "tasks"))
    if claim is None or not 0 <= claim <= 80:
        raise Problem(f"at_least is a number of points from 0 to 80, but it is {registration['at_least']!r}. Expect "
                      "the other one to be better? Exchange first and second.")  # fmt: skip
    if 0 < claim < 0.1:
        raise Problem(f"at_least is {claim:g} *points*. Did you mean {100 * claim:g}? 0.02 of all are 2 points.")
    if half is None or not half > 0:
        raise Problem(f"half is a number of points above 0, but it is {registration['half']!r}.")
    if half < 0.1:
        raise Problem(f"half is {half:g} *points*. Did you mean {100 * half:g}? 0.02 of all are 2 points.")
    if tasks is None or not tasks.is_integer():
        raise Problem(f"tasks must be a whole number, but it is {registration['tasks']!r}.")


def _refuse_plan(found: list[tuple[dict, dict]]):
    """The number of tasks is the planned one, for both pilots; else say where it comes from, if that can be seen."""

    def are(formula) -> bool:
        return all(r["tasks"] == formula(p, r["first"], r["second"], float(r["half"])) for p, r in found)

    if are(planned):
        return

    def of(scores, scale=1.0, limits=True):
        def tasks(pilot, first, second, half):
            n = tasks_needed(scores(pilot, first, second), half * scale)
            return min(MOST, max(FEWEST, n)) if limits else n

        return tasks

    def gap(pilot, first, second):
        return pilot[first] - pilot[second]

    points = "half and the pilot's scores are both in points: no factor of 100 is needed."
    for formula, message in (
        (of(gap, limits=False), f"the limits are missing: no fewer than {FEWEST} tasks (the interval would be too "
                                f"narrow) and no more than {MOST} (they take minutes)."),
        (of(lambda p, a, b: p[a]), "it plans with the scores of `first`. What is to be known is the *difference*: plan "
                                   "with pilot[first] - pilot[second]."),
        (of(lambda p, a, b: p[b]), "it plans with the scores of `second`. What is to be known is the *difference*: "
                                   "plan with pilot[first] - pilot[second]."),
        (of(gap, 0.01), points), (of(gap, 100.0), points), (of(gap, 0.5), "it takes half for the whole width."),
        (of(lambda p, a, b: torch.cat([p[a], p[b]])), "it plans with the scores of both, one after the other. Plan "
                                                      "with the difference, task by task."),
    ):  # fmt: skip
        if are(formula):
            raise Problem(message)
    pilot, r = found[0]
    want = planned(pilot, r["first"], r["second"], float(r["half"]))
    same = " It is the same for every pilot." if found[0][1]["tasks"] == found[1][1]["tasks"] else ""
    raise Problem(f"tasks is not what tasks_needed(pilot[first] - pilot[second], half) plans, no fewer than {FEWEST} "
                  f"and no more than {MOST}: with the check's own pilot and your half that is {want}, not "
                  f"{r['tasks']}.{same}")  # fmt: skip


def _refuse_sentences(registration: dict):
    for field in ("because", "change_my_mind"):
        if not _is_sentence(registration[field]):
            raise Problem(f"{field} should be a sentence of four different words or more, in any language: "
                          f"{FIELDS[field]}.")  # fmt: skip
    if registration["because"].strip() == registration["change_my_mind"].strip():
        raise Problem("because and change_my_mind are the same sentence. One says why you expect it, the other which "
                      "result would change your mind.")  # fmt: skip
    said = registration["change_my_mind"]
    if not any(c.isnumeric() for c in said) and not _NUMBERS.search(said):
        raise Problem("change_my_mind has no number in it. Which result would change your mind: below how many points?")


def _is_sentence(text) -> bool:
    """Four different words; or eight different letters where a language writes no spaces."""
    if not isinstance(text, str):
        return False
    words = {word for word in re.findall(r"\w+", text.lower()) if len(word) > 1 or word in ("a", "i")}
    wide = {c for c in text if c.isalpha() and ord(c) > 0x2E7F}  # Chinese, Japanese and Korean letters begin here
    return len(words) >= 4 or len(wide) >= 8
