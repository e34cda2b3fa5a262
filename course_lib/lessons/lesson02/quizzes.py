"""The self-test of lesson 02."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "overlapping intervals": Quiz(
        "A colleague's method has 61.2 ± 0.8 %, the baseline 60.5 ± 0.8 %, on the same 600 tasks. Is it better?",
        {
            "yes, by 0.7 points": "The two intervals overlap: luck with the tasks could do this.",
            "no, the intervals overlap": "On the same tasks what makes a task hard cancels; the interval of the paired "
            "difference may be much narrower than these two.",
            "the paired difference has to say it": "It may be 0.7 ± 0.3, which is more than luck with the tasks, or "
            "0.7 ± 0.9, which is not. And that is about these two networks: methods differ if several trainings do.",
        },
        right="the paired difference has to say it",
    ),
    "all phases": Quiz(
        "Phases are drawn from 0 to 2π instead. What does a network predict that is trained on all tasks together?",
        {
            "a sine wave of the mean amplitude": "Waves of opposite phase cancel: the mean of the curves is flatter.",
            "zero": "With h = π the factor sin(h) / h is 0: every wave has one that cancels it.",
            "a sine wave with phase π": "The middle of the range is no more likely than any other phase here.",
        },
        right="zero",
    ),
    "one step": Quiz(
        "From W = 0, what does one step of the probe do on a 1-shot task?",
        {
            "it adds each support feature to its class": "All probabilities are equal at first, so a query gets the "
            "class whose support feature is most similar to its own.",
            "nothing: the gradient is 0 at W = 0": "The scores are 0 there, but the probabilities are 1 / way and not "
            "the labels.",
            "it finds the lowest loss": "It only goes that way; more steps would make the loss smaller still.",
        },
        right="it adds each support feature to its class",
    ),
    "many classes": Quiz(
        "Your training set has 50,000 classes with two images each. Which do you try first?",
        {
            "pretraining on all classes": "A last layer with 50,000 outputs sees each class twice in a pass: it needs "
            "very many steps.",
            "episodes": "A task needs a few classes with two images each, and there are very many. But measure both, "
            "and give pretraining the steps that it needs.",
            "training from scratch in each task": "Then 100,000 images are left unused.",
        },
        right="episodes",
    ),
}
