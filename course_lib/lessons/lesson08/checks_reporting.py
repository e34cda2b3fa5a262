"""What `check` looks at in lesson 08's results sections and in a registered prediction, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson08.results_sections import FLAWS, SECTIONS, honest_result, name_flaws, simulate_runs
from course_lib.lessons.lesson08.study import FIELDS, verdict

_NUDGES = {
    "A": "of what are there many here, and of what are there few? Queries of one task are not independent.",
    "B": "which tasks decided when to stop, and on which was the result measured?",
    "C": "what exactly was shuffled? Ask where the four turns of one character can end up.",
    "D": "what do the 75 queries of a task have in common while batch normalisation is in training mode?",
    "E": "how many networks did the learner have, how many the baseline, and which of them is reported?",
}
#: Learners of the lesson's live comparison, which a registration can name.
LEARNERS = ("prototypical", "matching", "relation", "siamese", "centroid", "linear_probe", "maml", "fomaml", "anil",
            "reptile", "pixels")  # fmt: skip


def judge_flaws(call):
    """`name_flaws`: every section, a known flaw, and the right one; the hint is a question about the text."""
    answer = call()
    if not isinstance(answer, dict) or set(answer) != set(SECTIONS):
        raise Problem(f"it should return a dict with the keys {', '.join(SECTIONS)}, each with the name of a flaw.")
    for letter, flaw in answer.items():
        if flaw not in FLAWS:
            raise Problem(f"{letter}: there is no flaw {flaw!r} in FLAWS; the names are: {', '.join(FLAWS)}.")
    wrong = [letter for letter, flaw in name_flaws().items() if answer[letter] != flaw]
    if wrong:
        right = len(SECTIONS) - len(wrong)
        raise Problem(f"{right} of {len(SECTIONS)} are right. Read {wrong[0]} again: {_NUDGES[wrong[0]]}")


def _stopped(validation, test):
    return test.gather(1, validation.argmax(1, keepdim=True))[:, 0]  # [runs]


def _both(values):
    return values.mean().item(), values.std().item()


def _one(value):
    """A number that the learner may give as the mean, with any spread: only the mean is compared."""
    return float(value)


_RUN_MISTAKES = [
    (lambda v, t: _both(t.amax(1)), "each run stops where its *test* accuracy is highest: that is test-set early "
                                    "stopping. Let validation choose the checkpoint, then read the test there."),
    (lambda v, t: _both(v.amax(1)), "it reports the validation accuracy. That was used to choose, so it is too high: "
                                    "read the test accuracy at the chosen checkpoint."),
    (lambda v, t: _both(t[:, -1]), "it takes the last checkpoint. Choose that of the best validation, in each run."),
    (lambda v, t: _both(t[:, v.mean(0).argmax()]), "one checkpoint is chosen for all runs. Each run has its own best "
                                                   "validation: argmax over the checkpoints, axis 1."),
    (lambda v, t: _both(t.mean(1)), "it averages over checkpoints. A run gives one network: that of its best "
                                    "validation."),
    (lambda v, t: _both(t.gather(0, v.argmax(0, keepdim=True))[0]), "it looks for the best *run* at each checkpoint. "
                                                                    "argmax runs over the checkpoints, axis 1."),
    (lambda v, t: (_stopped(v, t).mean().item(), _stopped(v, t).std(correction=0).item()),
     "the standard deviation divides by the number of runs; divide by that minus 1, as Tensor.std does by default."),
    (lambda v, t: (_stopped(v, t).mean().item(), _stopped(v, t).std().item() / len(t) ** 0.5),
     "the second number is a standard error. What is wanted is how much *runs* differ: the standard deviation."),
    (lambda v, t: (_stopped(v, t).mean().item(), _stopped(v, t).var().item()), "the second number is the variance; "
                                                                               "take its root."),
]  # fmt: skip

_MEAN_MISTAKES = [
    (lambda v, t: t.max(), "it reports the highest test accuracy of all runs and checkpoints. That is chosen twice by "
                           "the test tasks: by best of seeds and by early stopping."),
    (lambda v, t: _stopped(v, t).max(), "it reports the run that is best on the test tasks: best of seeds. All runs "
                                        "count: take their mean."),
    (lambda v, t: t.flatten()[v.argmax()], "it reports the one run with the best validation. That is not cheating, but "
                                           "says nothing of the other runs: take the mean over all."),
]  # fmt: skip


def judge_honest(call):
    """`honest_result`: by value, on runs of several sizes; also when only the mean is a known wrong one."""
    cases = [(runs.validation, runs.test) for runs in (simulate_runs(6, 12), simulate_runs(4, 9))]
    for validation, test in cases:
        answer = call(validation, test)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Problem("it should return two numbers: the mean over runs and the standard deviation over runs.")
        mean = float(torch.as_tensor(answer[0]).mean())
        for formula, message in _MEAN_MISTAKES:
            wrong = float(formula(validation, test))
            if abs(mean - wrong) < 1e-6 < abs(wrong - honest_result(validation, test)[0]):
                raise Problem(message)
    compare(lambda *args: tuple(float(x) for x in call(*args)), honest_result, cases, _RUN_MISTAKES,
            ("the mean over runs", "the standard deviation over runs"))  # fmt: skip


def judge_study(call):
    """`study`: the form of the registration, that it does not depend on the result, and that the verdict follows."""
    registration = _registration(call, 0.0, 0.0)
    _refuse_bad(registration)
    claim = float(registration["at_least"])
    for low, high in ((claim + 1, claim + 2), (claim - 2, claim - 1), (claim - 1, claim + 1), (claim - 3, claim + 0.5)):
        if _registration(call, low, high) != registration:
            raise Problem("the registration changes with the result. It must be the same whatever is found: that is "
                          "what registering is for.")  # fmt: skip
        said, right = call(low, high)[1], verdict(claim, low, high)
        if said not in ("supported", "refuted", "undecided"):
            raise Problem(f'the verdict must be "supported", "refuted" or "undecided", but it is {said!r}.')
        if said == right:
            continue
        case = f"you claim at least {claim:g} points; for an interval from {low:g} to {high:g} you say {said!r}. "
        if right == "undecided":
            raise Problem(case + "The claim lies inside the interval, so both answers are possible: undecided.")
        raise Problem(case + f"All of the interval is {'above' if right == 'supported' else 'below'} the claim. "
                      "Compare its ends with at_least, not with 0.")  # fmt: skip


def _registration(call, low: float, high: float):
    answer = call(low, high)
    if not isinstance(answer, tuple | list) or len(answer) != 2 or not isinstance(answer[0], dict):
        raise Problem("it should return two things: the registration (a dict) and the verdict (a word).")
    return dict(answer[0])


def _refuse_bad(registration: dict):
    if missing := [field for field in FIELDS if field not in registration]:
        raise Problem(f"the registration has no {missing[0]!r}: {FIELDS[missing[0]]}.")
    for field in ("first", "second"):
        if registration[field] not in LEARNERS:
            raise Problem(f"{field} is {registration[field]!r}; choose one of {', '.join(LEARNERS)}.")
    if registration["first"] == registration["second"]:
        raise Problem("first and second are the same learner.")
    claim, tasks = registration["at_least"], registration["tasks"]
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not 0 <= claim <= 80:
        raise Problem(f"at_least is a number of points from 0 to 80, but it is {claim!r}. Expect the other one to be "
                      "better? Exchange first and second.")  # fmt: skip
    if 0 < claim < 0.1:
        raise Problem(f"at_least is {claim:g} *points*. Did you mean {100 * claim:g}? 0.02 of all are 2 points.")
    if isinstance(tasks, bool) or not isinstance(tasks, int) or not 30 <= tasks <= 400:
        raise Problem(f"tasks must be a whole number from 30 (fewer give an interval that is too narrow) to 400 (more "
                      f"take minutes), but it is {tasks!r}.")  # fmt: skip
    for field in ("because", "change_my_mind"):
        if not isinstance(registration[field], str) or len(registration[field].split()) < 4:
            raise Problem(f"{field} should be a sentence of four words or more: {FIELDS[field]}.")
