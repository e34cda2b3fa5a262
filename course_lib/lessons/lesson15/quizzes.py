"""The self-test of lesson 15."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "the best second trial": Quiz(
        "Setting 0 is the best on average over other tasks, setting 1 the second best. Setting 1 fails on the same "
        "tasks as setting 0. Which setting belongs in the second place of a portfolio?",
        {
            "setting 1: it is the second best": "As a first trial it is. But where it is good, setting 0 is too, and "
            "where setting 0 fails, it fails with it.",
            "the one that lowers the mean of the best so far most": "It may be bad on average, if it is good where "
            "setting 0 fails: after two trials we keep the better one.",
            "the one that is least like setting 0": "It may be bad everywhere. To differ is no merit by itself.",
        },
        right="the one that lowers the mean of the best so far most",
    ),
    "five tasks": Quiz(
        "The covariance of 128 settings is found on 5 other tasks, and is used as it is, without a kernel. What does "
        "the posterior believe of a new task?",
        {
            "that its losses differ from the mean in 4 directions, and in no other": "Five lists of losses, with "
            "their mean taken off, span 4 directions. In the other 124 the variance is 0, and no trial changes that.",
            "that nothing is known, since 5 tasks are too few": "It is the other way round: it is surer than it may "
            "be. A variance that was never seen is 0.",
            "the same as with 500 tasks, with more noise": "500 tasks could span all 128 directions.",
        },
        right="that its losses differ from the mean in 4 directions, and in no other",
    ),
    "a wide bell": Quiz(
        "Two settings have the same mean, a little above the best loss so far. One has a standard deviation of 0.1, "
        "the other of 0.3. Which one has the higher expected improvement?",
        {
            "the surer one": "Where it is surely a little worse than the best, there is nothing to gain.",
            "the one with 0.3": "Both halves of the bell get wider, but only one counts: what is worse than the best "
            "is not kept.",
            "both have the same: their means are the same": "The mean gain would be the same. Expected improvement "
            "counts a loss above the best as 0.",
        },
        right="the one with 0.3",
    ),
    "eighty-one": Quiz(
        "81 settings, rungs at 1, 3, 9, 27 and 81 steps, and one in three goes on. A full training is 81 steps. How "
        "many full trainings does successive halving cost?",
        {
            "fewer than 4": "81 x 1 + 27 x 2 + 9 x 6 + 3 x 18 + 1 x 54 is 297 steps: 3.7 full trainings, for 81 "
            "settings that were tried at least a little.",
            "about 27": "A third goes on, but only for a few steps, and then again a third.",
            "81": "That is the price if all of them are trained to the end.",
        },
        right="fewer than 4",
    ),
    "luck of one and of two": Quiz(
        "Two trainings of the same architectures agree with Kendall's tau of 0.5. Somebody knows what each "
        "architecture is worth, apart from luck. What is that person's tau with the mean of three trainings, if worth "
        "and luck are normal?",
        {
            "0.5: nobody can agree with the truth better than it does with itself": "Two trainings have two lucks "
            "between them. Somebody without luck agrees with one training at 0.64, and better with a mean.",
            "about 0.77": "The mean of three has a third of the luck's variance. It is still luck, so it is not 1.",
            "1: who knows the worth knows the order": "The order of the worths, but not that of the measured means.",
        },
        right="about 0.77",
    ),
    "nothing seen of the data": Quiz(
        "SynFlow is computed for 125 architectures with one set of first weights. Then the task changes: other points, "
        "other labels. What becomes of the scores?",
        {
            "they stay as they are": "No point and no label is in them. A score that is blind to the task can say "
            "which architectures are good in general, as the mean over other tasks does.",
            "they change where the new task is harder": "What would they know it from? The input is all ones.",
            "they change for architectures that use the inputs in another way": "The input is all ones, whatever the "
            "task is.",
        },
        right="they stay as they are",
    ),
}
