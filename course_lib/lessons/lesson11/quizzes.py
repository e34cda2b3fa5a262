"""The self-test of lesson 11."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "the mirror": Quiz(
        "Hold your hands up as mirror images of each other, and move them so: the x-axis of an accelerometer (which "
        "measures a push along an axis) changes its sign from one wrist to the other. Which axes of the gyroscope "
        "(which measures a turn about an axis) change theirs?",
        {
            "x": "Try it: turn both hands about the axis that points from one to the other, as if to nod. In the "
            "mirror that turn looks the same.",
            "y and z": "A turn about x goes through the y-z plane, which the mirror leaves alone. A turn about y or z "
            "takes x along, and so is turned round.",
            "none: a mirror does not change how fast something turns": "Not how fast, but which way round: the mirror "
            "image of a right-handed screw is left-handed.",
        },
        right="y and z",
    ),
    "the fourth leak": Quiz(
        "No window, no recording and no arm of a tested person was trained on. Yet a mean and a deviation for each "
        "channel were computed over all people, before the split. Does it matter that the result changed by less than "
        "a point?",
        {
            "no: then it was no leak": "It was one that happened to be small. How small, one knows only after it has "
            "been repaired.",
            "no: means and deviations have no labels in them": "Nor do they need any: whoever differs from all others "
            "shifts the mean towards himself, and is seen as less odd than he will be in use.",
            "yes: in use, the next person is in no mean": "The test has to do what will be done in use. With ten "
            "people one of them is a tenth of the mean; with one odd sensor it may be much more.",
        },
        right="yes: in use, the next person is in no mean",
    ),
    "five people": Quiz(
        "Five people wear the watch, and calibration helps each of the five. Suppose that it does nothing, so that for "
        "each person it is up or down by chance. How often would all five still go the same way?",
        {
            "1 time in 5": "Each person is a coin: five coins fall in 32 ways.",
            "1 time in 16": "Of 32 ways in which five coins fall, two have all the same side. So five people cannot "
            "convince anybody who asks for 1 in 20, however many windows they gave. Ten can: 2 in 1,024.",
            "1 time in 200, since there were 200 windows": "Windows of one person go up or down together. What counts "
            "is people.",
        },
        right="1 time in 16",
    ),
    "three windows": Quiz(
        "A window of a person errs by as much as people differ from each other (both deviations are 1, errors are "
        "independent). With one window, the best trust in it is 1/2. With the mean of three windows?",
        {
            "1/2: trust belongs to the person": "It belongs to the evidence: the mean of three windows errs less.",
            "3/4": "The mean of three has the variance 1/3; people have 1. The best trust is 1 / (1 + 1/3): a prior "
            "that gives way as data come in.",
            "1: three windows outvote the population": "Not yet: the mean of three still errs, by 0.58. Full trust "
            "would be right for errors of 0.",
        },
        right="3/4",
    ),
    "why it forgets": Quiz(
        "A network knows seven exercises. It is fine-tuned on a person's windows of three of them, and then hardly "
        "ever names the other four. What makes it forget?",
        {
            "three windows are too few": "With three hundred windows of the same three exercises it forgets faster.",
            "the loss: in it, the other four are never right": "Each step lowers the probability of the classes that "
            "are not the label. Four of them never are, so they are only ever lowered. A prototype has no such part in "
            "the others' windows.",
            "the weights of the four classes are not trained, so they grow old": "They are trained, and that is the "
            "trouble: the softmax gives each of them a gradient at every step.",
        },
        right="the loss: in it, the other four are never right",
    ),
    "98.8 %": Quiz(
        "A network names 98.8 % of the ectopic beats and 98.8 % of the usual ones rightly. In the ward, 4 beats in 100 "
        "are ectopic. Of 100 alarms, about how many are false?",
        {
            "1": "Of 100 beats about one is wrong. But alarms are few, and most wrong answers are alarms.",
            "4": "That is how many beats in 100 are ectopic.",
            "23": "Of 10,000 beats, 400 are ectopic and 395 of them give an alarm. Of the 9,600 usual ones 115 do. "
            "So 115 of 510 alarms are false.",
        },
        right="23",
    ),
    "another point": Quiz(
        "with_prior raises the precision of a network for two classes, and lowers its recall a little. What has become "
        "of its curve of precision against recall?",
        {
            "it has moved up: the network is better now": "The network was not touched. For two classes, with_prior "
            "adds the same number to every beat's log odds, so the order of the beats is what it was.",
            "it is the same curve: another point of it is used": "A threshold moved. Which point is the best one "
            "depends on what a false alarm costs and what a missed beat costs.",
            "it has moved down: recall was lost": "At this threshold. Another threshold has it back, with the old "
            "precision.",
        },
        right="it is the same curve: another point of it is used",
    ),
    "what would show it": Quiz(
        "In all hospitals that you have data of, a machine hums whenever a beat is ectopic. Which of these shows "
        "whether the network reads the hum?",
        {
            "its accuracy for new patients of these hospitals": "There too the hum tells the class: whoever reads it "
            "is right.",
            "the accuracy for beats with hum, beside that for beats without": "All ectopic beats hum and no usual one "
            "does. So you would compare classes with each other, and learn which class is easier.",
            "the same beats once with hum and once without": "Nothing else differs between the two, so an answer that "
            "changes was the hum's. It needs no label, but it needs somebody who suspects the hum.",
        },
        right="the same beats once with hum and once without",
    ),
    "tomorrow": Quiz(
        "Windows to calibrate and windows to test came from one session: one day, one strap, ten healthy adults. The "
        "watch is taken off, and put on again tomorrow. What does the measured gain of calibration promise?",
        {
            "the same gain": "Only if the watch sits exactly as before. Nobody measured it.",
            "nothing certain: it was not measured, and is probably less": "What was calibrated is partly how the watch "
            "sat that day. A second visit would have to be recorded to know. And for people who are ill nothing was "
            "measured at all.",
            "nothing: with ten people one knows nothing": "Ten people say something about an eleventh who is like "
            "them: that is what the interval over people is for.",
        },
        right="nothing certain: it was not measured, and is probably less",
    ),
}
