"""What `check` looks at in the results sections and in the reports of several runs of lesson 08, and known mistakes."""

from __future__ import annotations

import difflib

import torch

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson08.results_sections import (
    DEALT,
    FLAWS,
    SECTIONS,
    honest_result,
    name_flaws,
    simulate_runs,
    stopped_by,
)  # fmt: skip

_NUDGES = {
    "A": "of what are there many here, and of what are there few? Queries of one task are not independent.",
    "B": "which tasks decided when to stop, and on which was the result measured?",
    "C": "what exactly was shuffled? Ask where the four turns of one character can end up.",
    "D": "what do the 75 queries of a task have in common while batch normalisation is in training mode?",
    "E": "how many networks did the learner have, how many the baseline, and which of them is reported?",
    "F": "which characters had the network seen before the first episode?",
    "G": "what would somebody score who calls every query a stranger?",
    "H": "who looked for good settings of each of the two learners, and how long?",
    "I": "who decides at which step a training ends?",
    "J": "what does the interval say about a gain of 0? And what do ten networks change about 20 tasks?",
}
#: Why a flaw is not the one, wherever it is not.
_NOT = {
    "best of seeds": "no run is picked out of several there",
    "leaking split": "nothing there says that training saw the test classes",
    "no baseline": "another learner is named there, with its number",
    "test-set early stopping": "no training there is stopped by its test tasks",
    "too few tasks": "so many tasks are enough for the claim",
    "unequal tuning": "nothing there says that settings were searched for one learner alone",
    "unreported transduction": "nothing there says that queries inform one another",
    "wrong measure": "accuracy over classes with equally many queries is what the task asks for",
}
_NOT_HERE = {
    ("A", "wrong measure"): "accuracy is what the task asks for. What stands beside it, behind ±, is the trouble",
    ("B", "leaking split"): "no test class is trained on. Something else was taken from the test tasks",
    ("D", "leaking split"): "no test class was seen in training. What happens, happens while testing",
    ("E", "test-set early stopping"): "each run was stopped by validation; something else was chosen by the test",
    ("E", "unequal tuning"): "ten trainings against one are unequal, but nobody searched for settings",
    ("F", "unequal tuning"): "no settings were searched for. But the two do not start from the same knowledge",
    ("G", "leaking split"): "to see the five is what a support set is for",
    ("J", "best of seeds"): "all ten networks are reported, none is picked out",
}


def judge_flaws(call):
    """`name_flaws`: the sections of a deal, a known flaw for each, and the right one; the hint asks about the text."""
    answer = call()
    if not isinstance(answer, dict):
        raise Problem('it should return a dict, {letter: name of a flaw, ...}: {"G": "...", ...}. It returned '
                      f"{form(answer)}.")  # fmt: skip
    if set(answer) <= set(FLAWS):
        raise Problem("it is turned round: the letter of the section comes first, then the name of its flaw.")
    for letter, flaw in answer.items():
        if letter not in SECTIONS:
            raise Problem(f"{letter!r} is no section. The keys are the letters beside the texts, such as 'G'.")
        if not isinstance(flaw, str):
            raise Problem(f"{letter}: give the one main flaw, by its name in quotes, not {form(flaw)}.")
        if flaw not in FLAWS:
            _refuse_name(letter, flaw)
    if len(answer) < DEALT:
        raise Problem(f"{DEALT} sections were dealt to you, and your answer has {len(answer)}: "
                      f"{', '.join(answer)}.")  # fmt: skip
    right = name_flaws()
    wrong = [letter for letter in answer if answer[letter] != right[letter]]
    if wrong:
        letter, flaw = wrong[0], answer[wrong[0]]
        why_not = _NOT_HERE.get((letter, flaw), _NOT[flaw])
        raise Problem(f"{len(answer) - len(wrong)} of {len(answer)} are right. {letter} is not {flaw!r}: {why_not}. "
                      f"Ask: {_NUDGES[letter]}")  # fmt: skip


def _refuse_name(letter: str, flaw: str):
    meant = next((name for name, meaning in FLAWS.items() if meaning == flaw), None)
    if meant:
        raise Problem(f"{letter}: that is what a flaw means. Give its short name, {meant!r}.")
    near = difflib.get_close_matches(flaw, FLAWS, 1)
    end = f" Is it {near[0]!r}?" if near else f" The names are: {', '.join(FLAWS)}."
    raise Problem(f"{letter}: there is no flaw {flaw!r} in the table.{end}")


def _stopped(validation, test):
    return stopped_by(validation, test).double()  # [runs]


def _both(values):
    return values.double().mean().item(), values.double().std().item()


def _spread(formula):
    """A mistake in the spread, beside the right mean."""
    return lambda v, t: (_stopped(v, t).mean().item(), float(formula(v, t)))


def _last_of_the_best(v, t):
    places = torch.arange(v.shape[1])
    return t.gather(1, ((v == v.amax(1, keepdim=True)) * places).argmax(1, keepdim=True))[:, 0]


def _first_peak(v, t):
    """Where validation stops rising for the first time."""
    stops = [next((i for i in range(len(row) - 1) if row[i + 1] <= row[i]), len(row) - 1) for row in v.tolist()]
    return t[torch.arange(len(t)), torch.tensor(stops)]


def _best_test_of_ties(v, t):
    return t.masked_fill(v < v.amax(1, keepdim=True), -1).amax(1)


def _deviations(v, t):
    return ((_stopped(v, t) - _stopped(v, t).mean()) ** 2).sum()


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
    (lambda v, t: _both(t.flatten()), "it takes all checkpoints of all runs. A run gives one network: that of its best "
                                      "validation."),
    (lambda v, t: _both(t.gather(0, v.argmax(0, keepdim=True))[0]), "it looks for the best *run* at each checkpoint. "
                                                                    "argmax runs over the checkpoints, axis 1."),
    (lambda v, t: _both(t[:, v.argmax(1)].flatten()), "test[:, stops] reads every stop in every run. Run i needs its "
                                                      "own stop alone: gather along axis 1, or test[arange, stops]."),
    (lambda v, t: _both(t.gather(1, v.argmin(1, keepdim=True))[:, 0]), "each run stops where validation is *lowest*. "
                                                                       "These are accuracies: the highest is best."),
    (lambda v, t: _both(_last_of_the_best(v, t)), "where two checkpoints are equally good in validation it takes the "
                                                  "later one. Take the earlier."),
    (lambda v, t: _both(_best_test_of_ties(v, t)), "where checkpoints are equally good in validation it takes the one "
                                                   "with the best *test*. That is choosing by the test: take the "
                                                   "earlier one."),
    (lambda v, t: _both(_first_peak(v, t)), "each run stops at the first checkpoint after which validation does not "
                                            "rise. That may be a small bump: take the best of all checkpoints."),
    (lambda v, t: _both(_stopped(v[:10], t[:10])), "it looks at the first ten runs. All runs count, however many there "
                                                   "are."),
    (lambda v, t: (_stopped(v[:10], t[:10]).mean().item(), (_deviations(v[:10], t[:10]) / 9).sqrt().item()),
     "it counts on ten runs. All runs count, however many there are: divide by their number, and by that minus 1."),
    (_spread(lambda v, t: (_deviations(v, t) / 9) ** 0.5), "the standard deviation divides by 9, whatever the number "
                                                           "of runs. Divide by that number minus 1."),
    (_spread(lambda v, t: (_deviations(v, t) / 10) ** 0.5), "the standard deviation divides by 10, whatever the number "
                                                            "of runs. Divide by that number minus 1."),
    (_spread(lambda v, t: _stopped(v, t).std(correction=0)),
     "the standard deviation divides by the number of runs; divide by that minus 1, as Tensor.std does by default."),
    (_spread(lambda v, t: _stopped(v, t).std() / len(t) ** 0.5),
     "the second number is a standard error. What is wanted is how much *runs* differ: the standard deviation."),
    (_spread(lambda v, t: 1.96 * _stopped(v, t).std() / len(t) ** 0.5),
     "the second number is half a 95 % interval of the mean. What is wanted is how much *runs* differ: the standard "
     "deviation."),
    (_spread(lambda v, t: 1.96 * _stopped(v, t).std()), "the second number is 1.96 standard deviations. Give one."),
    (_spread(lambda v, t: _stopped(v, t).var()), "the second number is the variance; take its root."),
    (_spread(lambda v, t: t.double().std()), "the second number is the spread over all checkpoints. What is wanted is "
                                             "how much the *chosen* networks differ."),
    (_spread(lambda v, t: v.amax(1).double().std()), "the second number is the spread of the validation accuracies. "
                                                     "Take that of the test accuracies that you averaged."),
    (_spread(lambda v, t: t.amax(1).double().std()), "the second number is the spread of the highest test accuracies. "
                                                     "Take that of the ones that you averaged."),
    (_spread(lambda v, t: _stopped(v, t).max() - _stopped(v, t).min()),
     "the second number is the range, highest minus lowest: it grows with the number of runs. Take the standard "
     "deviation."),
    (lambda v, t: _both(_stopped(v, t))[::-1], "the two numbers are exchanged: the mean comes first."),
]  # fmt: skip

#: In the mean, whatever the spread is.
_MEAN_MISTAKES = [
    (lambda v, t: t.max(), "it reports the highest test accuracy of all runs and checkpoints. That is chosen twice by "
                           "the test tasks: by best of seeds and by early stopping."),
    (lambda v, t: _stopped(v, t).max(), "it reports the run that is best on the test tasks: best of seeds. All runs "
                                        "count: take their mean."),
    (lambda v, t: t.flatten()[v.argmax()], "it reports the one run with the best validation. That is not cheating, but "
                                           "says nothing of the other runs: take the mean over all."),
    (lambda v, t: _stopped(v, t).median(), "it reports the median of the runs. The mean is asked for."),
]  # fmt: skip


def _run_cases():
    """Runs of several sizes; and runs whose validation is as coarse as that of few tasks, so that it has ties."""
    for runs, checkpoints in ((6, 12), (4, 9), (13, 9)):
        made = simulate_runs(runs, checkpoints)
        yield f"{runs} runs with {checkpoints} checkpoints", (made.validation, made.test)
    made = simulate_runs(5, 12, seed=3)
    yield "validation with ties", (made.validation.mul(100).round() / 100, made.test)


def _numbers(function):
    def numbers(validation, test):
        answer = function(validation, test)
        pair = isinstance(answer, tuple | list) or (isinstance(answer, torch.Tensor) and answer.ndim == 1)
        if not pair or len(answer) != 2:
            raise Problem("it should return two numbers, the mean over runs and the standard deviation over runs. It "
                          f"returned {form(answer)}.")  # fmt: skip
        for value, name in zip(answer, ("the mean", "the standard deviation"), strict=True):
            if as_number(value) is None:
                raise Problem(f"{name} should be a number over all runs, but it is {form(value)}.")
        return tuple(as_number(value) for value in answer)

    return numbers


def judge_honest(call):
    """`honest_result`: by value, on runs of several sizes; also when only the mean is a known wrong one."""
    cases = dict(_run_cases())
    right, means = _numbers(honest_result), [_numbers(call)(*case)[0] for case in cases.values()]
    for formula, message in _MEAN_MISTAKES:
        wrong = [float(formula(*case)) for case in cases.values()]
        honest = [right(*case)[0] for case in cases.values()]
        if all(abs(m - w) < 1e-6 for m, w in zip(means, wrong, strict=True)) and means != honest:
            raise Problem(message)
    compare(_numbers(call), right, cases, _RUN_MISTAKES, ("the mean over runs", "the standard deviation over runs"))
