"""What `check` looks at in precision and recall, and in shares of classes that change; which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import form
from course_lib.lessons.lesson11.alarms import precision_recall
from course_lib.lessons.lesson11.refusing import must_refuse


def _beats(n: int, ectopic: int, seed: int, digits: int | None = None) -> tuple[Tensor, Tensor]:
    """Beats of which some are ectopic, and look like it; rounded scores are equal for some of them."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.zeros(n, dtype=torch.bool)
    label[torch.randperm(n, generator=generator)[:ectopic]] = True
    scores = 1.3 * torch.randn(n, generator=generator) + 1.6 * label - 2
    return (scores if digits is None else (scores * 10**digits).round() / 10**digits), label


def _alarm_cases() -> dict[str, tuple[Tensor, Tensor]]:
    return {
        "100 beats, 4 of them ectopic": _beats(100, 4, 0),
        "30 beats with few different scores": _beats(30, 6, 1, 0),
        "25 beats, scores with one decimal": _beats(25, 5, 2, 1),
        "8 beats that are all ectopic": _beats(8, 8, 3),
        "12 beats that all have the same score": (torch.full((12,), 0.5), _beats(12, 3, 4)[1]),
    }


def _counts(scores: Tensor, ectopic: Tensor, thresholds: Tensor, above=torch.ge) -> tuple[Tensor, ...]:
    """Hits, alarms, ectopic beats, and all beats, at each threshold."""
    alarm = above(scores, thresholds.unsqueeze(1))  # [thresholds, n]
    n = torch.tensor(float(len(scores)))
    return (alarm & ectopic).sum(1).float(), alarm.sum(1).float(), ectopic.sum().float(), n


def _falling(scores: Tensor) -> Tensor:
    return scores.unique().flip(0)


def _curve(of=None, thresholds=_falling, above=torch.ge):
    """Two curves from the counts, with one thing otherwise."""
    of = of or (lambda hits, alarms, positive, n: (hits / alarms, hits / positive))
    return lambda s, e: of(*_counts(s, e, thresholds(s), above))


def _one_by_one(order):
    """A threshold for each beat, in an order that tells equal scores apart."""

    def answer(scores, ectopic):
        hits = ectopic[order(scores)].cumsum(0)
        return hits / torch.arange(1, len(scores) + 1), hits / hits[-1]

    return answer


def _first_of_equals(scores, ectopic):
    """The highest beat of each group of equal scores, before the others are counted."""
    order = scores.argsort(descending=True, stable=True)
    ranked, hits = scores[order], ectopic[order].cumsum(0)
    first = torch.cat([torch.ones(1, dtype=torch.bool), ranked[1:] != ranked[:-1]])
    return (hits / torch.arange(1, len(scores) + 1))[first], (hits / hits[-1])[first]


def _or_else(value: float):
    """Precision where there is no alarm."""
    return lambda hits, alarms, positive, n: ((hits / alarms).nan_to_num(nan=value), hits / positive)


def _labels_left(scores, ectopic):
    """Labels in the order in which they came beside scores that are sorted."""
    return precision_recall(scores.sort(descending=True, stable=True).values, ectopic)


def _with_end(scores, ectopic):
    precision, recall = precision_recall(scores, ectopic)
    return torch.cat([torch.ones(1), precision]), torch.cat([torch.zeros(1), recall])


def _with_last(scores, ectopic):
    precision, recall = precision_recall(scores, ectopic)
    return torch.cat([precision, torch.ones(1)]), torch.cat([recall, torch.zeros(1)])


def _changed(change):
    return lambda s, e: tuple(change(part) for part in precision_recall(s, e))


def _thresholds_of_ectopic(scores, ectopic):
    return _curve(thresholds=lambda s: _falling(s[ectopic]))(scores, ectopic)


def _until_all_found(scores, ectopic):
    """No threshold below the one at which recall is 1."""
    precision, recall = precision_recall(scores, ectopic)
    n = int((recall < 1).sum()) + 1
    return precision[:n], recall[:n]


def _of_rounded(change):
    return lambda scores, ectopic: precision_recall(change(scores), ectopic)


_EQUALS = ("each beat has a threshold of its own, also among equal scores. Beats with the same score give an alarm "
           "together: one threshold for each *different* score.")  # fmt: skip
_ALARMS = [
    (_curve(thresholds=lambda s: s.unique()), "the thresholds go from the lowest to the highest: turn them round."),
    (_curve(above=torch.gt), "there is an alarm *at* the threshold, too: >=, not >."),
    *((_curve(_or_else(value), above=torch.gt), "there is an alarm *at* the threshold, too: >=, not >. Then there is "
       "an alarm at each threshold, and nothing is divided by 0.") for value in (0.0, 1.0)),
    (_curve(thresholds=lambda s: s.sort(descending=True).values), "a score that stands several times is several "
     "thresholds here, with the same numbers each time: one for each *different* score."),
    (_one_by_one(lambda s: s.argsort(descending=True)), _EQUALS),
    (_one_by_one(lambda s: s.argsort(descending=True, stable=True)), _EQUALS),
    (_first_of_equals, "of beats with equal scores only the first is counted. All of them give an alarm at that "
     "threshold."),
    (_labels_left, "the scores are sorted, but `ectopic` is not sorted along: ectopic[order]."),
    *((lambda s, e, turned=turned: tuple(part.flip(0) if i in turned else part for i, part in enumerate(
        precision_recall(s, e))), f"{name} goes from the lowest threshold to the highest: turn it round.")
      for turned, name in (((0,), "precision"), ((1,), "recall"))),
    (_one_by_one(lambda s: s.argsort()), "the beats are sorted from the lowest score to the highest. Alarms begin with "
     "the highest."),
    (_one_by_one(lambda s: s.argsort(stable=True)), "the beats are sorted from the lowest score to the highest. Alarms "
     "begin with the highest."),
    (_curve(above=torch.eq), "only beats with just this score are looked at. There is an alarm at *or above* the "
     "threshold."),
    (_curve(lambda h, a, p, n: (h / p / (h / p + (a - h) / (n - p)), h / p)), "this is the precision as if half of the "
     "beats were ectopic. Count alarms: hits / alarms."),
    (_one_by_one(lambda s: torch.arange(len(s))), "the beats are not sorted by their scores."),
    (lambda s, e: precision_recall(s, e)[::-1], "the two are exchanged: precision first (of the alarms, how many were "
     "ectopic), then recall."),
    (lambda s, e: (s.unique().flip(0), precision_recall(s, e)[1]), "these are the thresholds in place of precision."),
    (_curve(lambda h, a, p, n: (h / a, h / n)), "recall is divided by all beats. Divide by the ectopic ones."),
    (_curve(lambda h, a, p, n: (h / n, h / p)), "precision is divided by all beats. Divide by the alarms."),
    (_curve(lambda h, a, p, n: ((h + n - p - (a - h)) / n, h / p)), "this is accuracy in place of precision: beats "
     "without an alarm do not belong there."),
    (_curve(lambda h, a, p, n: (h / a, (h + n - p - (a - h)) / n)), "this is accuracy in place of recall: usual beats "
     "do not belong there."),
    (_curve(lambda h, a, p, n: (h / a, a / n)), "this is the share of beats with an alarm, in place of recall. Of the "
     "*ectopic* beats, which share has one?"),
    (_curve(lambda h, a, p, n: (h / a, (a - h) / (n - p))), "this is the share of the *usual* beats that gave an "
     "alarm. Recall asks about the ectopic ones."),
    (_curve(lambda h, a, p, n: ((a - h) / (n - p), h / p)), "this is the share of the usual beats that gave an alarm, "
     "in place of precision: of the alarms, which share was ectopic?"),
    (_curve(lambda h, a, p, n: (h / a, 1 - (a - h) / (n - p))), "this is the share of the usual beats that gave *no* "
     "alarm (specificity), in place of recall."),
    (_curve(lambda h, a, p, n: ((a - h) / a, h / p)), "this is the share of *false* alarms, in place of precision."),
    (_curve(lambda h, a, p, n: (h / a, (p - h) / p)), "this is the share of the ectopic beats that were *missed*, in "
     "place of recall."),
    (_curve(lambda h, a, p, n: ((a - h) / a, (a - h) / (n - p))), "`ectopic` is read the wrong way round: True is "
     "ectopic."),
    (_curve(lambda h, a, p, n: (h, a)), "these are numbers of beats. Divide: hits by alarms, and hits by ectopic "
     "beats."),
    (_curve(lambda h, a, p, n: (h / p, h / p)), "precision is divided by the ectopic beats. Divide by the alarms."),
    (_curve(lambda h, a, p, n: (h / a, h / a)), "recall is divided by the alarms. Divide by the ectopic beats."),
    (_curve(lambda h, a, p, n: (h / a, 2 * h / (a + p))), "this is F1 in place of recall."),
    (_thresholds_of_ectopic, "only scores of ectopic beats are thresholds. Those of the other beats are, too: there "
     "precision falls."),
    (_until_all_found, "the thresholds end where all ectopic beats are found (recall 1). Those below that are missing: "
     "recall stays 1 there, and precision goes on."),
    *((_of_rounded(lambda s, d=d: (s * 10**d).round() / 10**d), f"the scores are rounded (decimals: {d}), so scores "
       "that differ become one threshold. Leave them as they are.") for d in (0, 1, 2, 3)),
    *((_of_rounded(lambda s, d=d: s.round(decimals=d)), f"the scores are rounded (decimals: {d}), so scores that "
       "differ become one threshold. Leave them as they are.") for d in (1, 2, 3)),
    (_curve(above=torch.le), "there is an alarm where the score is at or *below* the threshold: it should be at or "
     "above."),
    (_with_end, "there is a point too many in front, for a threshold above all scores. Nobody gets an alarm there: "
     "only the scores themselves are thresholds."),
    (_with_last, "there is a point too many at the end (precision 1, recall 0). Only the scores themselves are "
     "thresholds."),
    (_changed(lambda x: x[:-1]), "the lowest score is no threshold here (are they taken between the scores?). It is "
     "one: every beat gives an alarm there."),
    (_changed(lambda x: x[1:]), "the highest threshold is missing."),
    (_changed(lambda x: x.long()), "the numbers are cut to whole ones: / divides, // does not."),
    (_changed(lambda x: x.long().float()), "the numbers are cut to whole ones: / divides, // does not."),
    (lambda s, e: ((pr := precision_recall(s, e))[0].flip(0).cummax(0).values.flip(0), pr[1]), "the precision of lower "
     "thresholds is carried over to higher ones (interpolated). Give it as it is at each threshold."),
    (_changed(lambda x: x.mean()), "this is the mean over the thresholds. One number for each threshold is asked for."),
    (_curve(thresholds=lambda s: torch.linspace(1, 0, 11)), "the thresholds are not the scores: a score can be any "
     "number, also below 0."),
    (_curve(thresholds=lambda s: torch.linspace(0, 1, 11)), "the thresholds are not the scores: a score can be any "
     "number, also below 0."),
]  # fmt: skip


def _one_number(call) -> bool:
    """Whether a result has the same size for any scores."""
    try:
        found = [call(*args) for args in _alarm_cases().values()]
    except Problem:
        return False
    if not all(isinstance(pair, tuple | list) and pair and isinstance(pair[0], Tensor) for pair in found):
        return False
    return len({pair[0].numel() for pair in found}) == 1


def _in_another_order(call) -> bool:
    """Whether all thresholds are there, perhaps several times, but do not fall."""
    pairs = []
    for args in list(_alarm_cases().values())[:3]:
        try:
            found = call(*args)
            pairs.append(set(zip(*(part.double().mul(1e4).round().tolist() for part in pair), strict=True))
                          for pair in (found, precision_recall(*args)))  # fmt: skip
        except (Problem, AttributeError, TypeError, ValueError):
            return False
    return all(one == other for one, other in pairs)


def _in_float64(found):
    """Pairs of tensors of any floating point type, in one: which one it is does not matter here."""
    if not isinstance(found, tuple | list):
        return found
    return tuple(x.double() if isinstance(x, Tensor) and x.is_floating_point() else x for x in found)


_ALL = "\n  Where all beats are ectopic, precision is 1 and recall rises. Only where *none* is, has recall no meaning."


def judge_alarms(call):
    """`precision_recall`: rare classes, equal scores, all of one kind, none ectopic."""
    names = ("precision", "recall")
    first = call(*_beats(20, 3, 9))
    if isinstance(first, Tensor) and 2 in first.shape:
        raise Problem(f"it returned {form(first)}. Return two tensors: precision, recall.")
    if isinstance(first, tuple | list) and len(first) == 3:
        raise Problem("it returned three things. Return two, precision and recall: the thresholds are not asked for.")
    if isinstance(first, tuple | list) and len(first) == 2 and any(isinstance(part, list) for part in first):
        raise Problem(f"precision and recall should be two tensors, but there is {form(first[0])}. "
                      "torch.tensor(...) makes one of a list of numbers.")  # fmt: skip

    def pair(*args):
        return _in_float64(call(*args))

    def wanted(*args):
        return _in_float64(precision_recall(*args))

    mistakes = [(lambda *args, formula=formula: _in_float64(formula(*args)), message) for formula, message in _ALARMS]
    try:
        compare(pair, wanted, _alarm_cases(), mistakes, names, ("threshold",))
    except Problem as problem:
        known = any(str(problem) == message for _, message in _ALARMS)
        if "it stopped" in str(problem):
            all_of_one_kind = "raise ValueError" in str(problem) and "all ectopic" in str(problem)
            said = str(problem).replace(" Does the code count on its sizes?", _ALL) if all_of_one_kind else str(problem)
            raise Problem(said) from None
        if not known and _in_another_order(call):
            raise Problem("the numbers are right, but their order is not: the thresholds go from the highest to the "
                          "lowest, each different score once.") from None  # fmt: skip
        if not known and _one_number(call):
            raise Problem("there are as many thresholds, whatever the scores are. The thresholds are the scores "
                          "themselves, each different one once: scores.unique().") from None  # fmt: skip
        raise
    also(pair, wanted, {"a single beat": (torch.tensor([0.3]), torch.tensor([True]))}, "There is one threshold.")
    also(pair, wanted, {"scores in float64 that differ in the tenth digit": (
        torch.tensor([1.0, 1.0 + 1e-10, 0.5, 1.0 - 1e-10], dtype=torch.float64),
        torch.tensor([True, False, True, False]))}, "Two scores that differ are two "
        "thresholds, however near they are. Rounding, .float() or a sigmoid makes them equal.")  # fmt: skip
    must_refuse(call, (torch.tensor([0.1, 0.7, 0.3]), torch.zeros(3, dtype=torch.bool)), "where no beat is ectopic,")
    keeps_names(call, "scores", "ectopic")
