"""The self-test of lesson 08."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "paired or not": Quiz(
        "Two learners have 96.0 ± 0.5 % and 96.6 ± 0.5 % on the same 600 tasks. Is the second network better?",
        {
            "no, the intervals overlap": "What makes a task hard for both cancels in the difference, whose interval "
            "may be far narrower than these two.",
            "yes, by 0.6 points": "The paired difference may be 0.6 ± 0.7: then luck with the tasks could do this.",
            "these numbers cannot tell": "The paired difference may be 0.6 ± 0.2 or 0.6 ± 0.7; it needs the scores of "
            "both, task by task.",
        },
        right="these numbers cannot tell",
    ),
    "tasks or queries": Quiz(
        "One test has 20 tasks with 1,000 queries each, another 200 tasks with 100 queries each. Whose interval of the "
        "mean is narrower?",
        {
            "that of the 20 tasks": "More queries make the score of one task precise. What differs between tasks "
            "stays, and it is divided by 20 here, by 200 there.",
            "that of the 200 tasks": "In nearly all cases: tasks differ by more than queries within a task do, and "
            "there are ten times as many of them.",
            "both are equal, there are 20,000 queries": "Queries of a task share its support images, so they do not "
            "count as independent ones.",
        },
        right="that of the 200 tasks",
    ),
    "which temperature": Quiz(
        "Your learner is right in 97 % of the queries and its mean confidence is 99 %. Which temperature do you "
        "expect?",
        {
            "above 1": "It is too sure, so its scores must be drawn together.",
            "below 1": "That draws the scores apart: it would become surer still.",
            "1, since 99 and 97 are close": "Of 100 sure answers one may be wrong, and three are: too sure.",
        },
        right="above 1",
    ),
    "drawn apart": Quiz(
        "A bootstrap draws the tasks of the first learner, and separately those of the second. What is wrong?",
        {
            "nothing, both are drawn with replacement": "They are; but on other tasks the two scores are not related.",
            "the interval is too wide": "What makes a task hard for both no longer cancels: it is the interval of a "
            "comparison on different tasks.",
            "the interval is too narrow": "It is wider than the paired one, as long as the two scores go together.",
        },
        right="the interval is too wide",
    ),
    "twelve rates": Quiz(
        "You try twelve learning rates, each judged on the test tasks, and report the best with its interval. What is "
        "the remedy?",
        {
            "more test tasks": "They make the harm smaller, not good: the best of twelve noisy numbers is still too "
            "high, and the interval does not know of the other eleven.",
            "choose on validation tasks, use the test tasks once": "Then the number that is reported was not chosen "
            "because it is large.",
            "report the mean of all twelve": "That is honest about learning rates that nobody would use.",
        },
        right="choose on validation tasks, use the test tasks once",
    ),
    "one run each": Quiz(
        "You have one training of A and one of B, and 10,000 test tasks. A is ahead, 0.5 ± 0.1 points. What may you "
        "say?",
        {
            "method A is better": "Another seed may turn it round. About methods you need several trainings of each.",
            "this network of A is better on such tasks": "Very precisely so. And nothing about trainings that have not "
            "been made.",
            "nothing": "About these two networks and this kind of tasks it says a lot.",
        },
        right="this network of A is better on such tasks",
    ),
}
