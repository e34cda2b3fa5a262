"""Lesson 11: a new person. What is looked at stands in `checks_leaks.py`, `checks_personal.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson11.alarms import precision_recall, with_prior
from course_lib.lessons.lesson11.checks_alarms import judge_alarms
from course_lib.lessons.lesson11.checks_cue import judge_cue
from course_lib.lessons.lesson11.checks_leaks import judge_split
from course_lib.lessons.lesson11.checks_personal import judge_personal
from course_lib.lessons.lesson11.checks_persons import judge_people
from course_lib.lessons.lesson11.checks_prevalence import judge_prior
from course_lib.lessons.lesson11.checks_seconds import judge_calibration
from course_lib.lessons.lesson11.cue import counterfactual_test
from course_lib.lessons.lesson11.first_seconds import calibration_windows
from course_lib.lessons.lesson11.personal import personal_prototypes
from course_lib.lessons.lesson11.persons import over_people
from course_lib.lessons.lesson11.splitting import split_by_person

EXERCISES = {
    "split_by_person": Exercise(
        split_by_person,
        judge_split,
        (
            "Whose window is it? Arms 6 and 7 belong to person 3: arm // 2. torch.isin asks many numbers at once.",
            "mask.nonzero().squeeze(1) gives the places where a mask is True, in rising order.",
            "seen = windows[train]; seen.mean((0, 2), keepdim=True) is [1, channels, 1]. std goes the same way, and so "
            "do amax and amin: where they are equal, deviation.masked_fill(still, 1) puts 1.",
        ),
    ),
    "calibration_windows": Exercise(
        calibration_windows,
        judge_calibration,
        (
            "Write down at which samples windows begin: 0, window, 2 * window, ... and then from shot * window + gap "
            "on.",
            "range(begin, len(signal) - window + 1, step) has all beginnings of query windows that fit.",
            "signal[i : i + window].mT is one window, [channels, window]; torch.stack makes one tensor of many. If the "
            "range is empty: raise ValueError.",
        ),
    ),
    "over_people": Exercise(
        over_people,
        judge_people,
        (
            "First make one number of each person: the mean of scores (or of scores - other) over their windows.",
            "values[person == who].mean() for who in person.unique(); and .double() turns True into 1 before that.",
            "The half-width is factor * each.std() / sqrt(number of people): std divides by the number minus 1. One "
            "person: math.inf.",
        ),
    ),
    "personal_prototypes": Exercise(
        personal_prototypes,
        judge_personal,
        (
            "Give `labelled` an axis for the features: labelled.unsqueeze(-1). torch.where then chooses row by row.",
            "Put the population in place of what is not labelled *first*: own.where(labelled.unsqueeze(-1), "
            "population).",
            "Then mix everywhere: where own is the population, any mixture of the two is the population, too, and no "
            "NaN is left that a gradient could meet.",
        ),
    ),
    "precision_recall": Exercise(
        precision_recall,
        judge_alarms,
        (
            "Write it for one threshold first: alarm = scores >= threshold. Hits are alarm & ectopic.",
            "scores.unique() has each score once, rising; .flip(0) turns them round.",
            "precision = hits / alarms, recall = hits / ectopic.sum(), for each threshold. ValueError where no beat is "
            "ectopic.",
        ),
    ),
    "with_prior": Exercise(
        with_prior,
        judge_prior,
        (
            "Bayes: the probability of a class, given the beat, is its share times how well the beat fits it, divided "
            "by the sum of that over all classes. In logs, a product is a sum.",
            "What fits is softmax(scores) / trained, up to a number that all classes share. Multiply that by here.",
            "Stay with logs: add here.log() to the scores, subtract trained.log(), and log_softmax over the last axis.",
        ),
    ),
    "counterfactual_test": Exercise(
        counterfactual_test,
        judge_cue,
        (
            "Draw from hum and from no_hum with two generators that have the same seed.",
            "learner.adapt(e.support_x, e.support_y, e.way) once, where e is the episode of no_hum. Then predict "
            "twice.",
            "answers = scores.argmax(-1), [n, n_query]. The share is (one != other).double().mean().",
        ),
    ),
}
