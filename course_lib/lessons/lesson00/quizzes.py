"""The self-test of lesson 00."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "swap": Quiz(
        "You swap the drawings of boxes 1 and 5. What changes in the answer?",
        {
            "nothing": "The answer names a box. The drawing it means now lies in another one.",
            "the numbers of the two symbols, and nothing else": "The query's distances are to drawings, not to boxes.",
            "all probabilities": "They depend on the distances to the five drawings, and the drawings are the same.",
        },
        right="the numbers of the two symbols, and nothing else",
    ),
    "twins": Quiz(
        "Two boxes hold the same symbol, and you draw it again. Its squared distances to them differ by 2. How do the "
        "two share their probability?",
        {
            "one half each": "That is so where both distances are equal.",
            "88 % and 12 %": "Of two weights whose exponents differ by 2, the larger has 1 / (1 + exp(-2)) of the sum.",
            "100 % and 0 %": "exp(-2) is 0.14: small, but far from 0.",
        },
        right="88 % and 12 %",
    ),
    "far": Quiz(
        "All squared distances grow by 10. What happens to the probabilities?",
        {
            "they shrink": "They still add up to 1, so they cannot all shrink.",
            "they become more equal": "What counts are differences of distances, and those stay as they were.",
            "they stay": "Each exp(-d) gets the same factor, which the division removes. So a probability does not "
            "show that everything is far away, as it is for a stranger.",
        },
        right="they stay",
    ),
    "turned": Quiz(
        "You want turned symbols to be named alike. What would you change?",
        {
            "the learning rate": "How fast it learns does not decide what it is asked to tell apart.",
            "the training tasks": "Turn each image of a class by an angle of its own, and do not call a turned copy "
            "another class: what varies within a class is what the network learns to overlook.",
            "the sketchpad's five boxes": "More or fewer examples are still compared as they stand.",
        },
        right="the training tasks",
    ),
    "learned": Quiz(
        "What did the network learn from your five drawings, and where is it kept?",
        {
            "in its weights, which have changed a little": "No step of training was taken: they are as before.",
            "nothing at all": "Then it could not name your symbols. Something was worked out from the drawings.",
            "in five prototypes, 64 numbers each": "They are what adapt returned, and they go when a box is cleared.",
        },
        right="in five prototypes, 64 numbers each",
    ),
}
