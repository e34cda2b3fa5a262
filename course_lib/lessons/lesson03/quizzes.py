"""The self-test of lesson 03."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "straight loss": Quiz(
        "The support loss is a straight line in the parameters, so H = 0. What is the meta-gradient?",
        {
            "zero": "The factor I − αH is I there, not 0: a move of the start stays whole.",
            "the query gradient at the start": "The query loss is still taken at the adapted weights, which lie "
            "elsewhere.",
            "the query gradient at the adapted weights": "The factor is I, so first order is exact. A step moves the "
            "weights by the same amount from everywhere.",
        },
        right="the query gradient at the adapted weights",
    ),
    "landing": Quiz(
        "In one dimension α h = 1. What does the meta-gradient say of the start?",
        {
            "the same as first order": "First order is the query gradient at the adapted point, which need not be 0. "
            "The factor 1 − α h makes it 0.",
            "nothing: it is 0": "One step lands on the lowest point of the support loss from every start, so no start "
            "is better than another.",
            "move it to the lowest point c": "The step goes to c anyway, from everywhere.",
        },
        right="nothing: it is 0",
    ),
    "no step": Quiz(
        "MAML is trained with zero adaptation steps. Which learner of this lesson is that?",
        {
            "the joint start": "The outer loss is then the loss before any step, in the mean over tasks.",
            "the random start": "It is trained all the same: the query losses move the weights.",
            "the first-order start": "That one takes a step and leaves a factor out. Here there is no factor.",
        },
        right="the joint start",
    ),
    "useless flag": Quiz(
        "First-order code has create_graph=True, and detaches the adapted weights before the query loss. What does the "
        "flag do?",
        {
            "it makes the code second order": "The graph ends at the detached weights, so nothing goes back through "
            "the step.",
            "it costs memory and time, no more": "The graph of the gradient is kept, and cut off before it is used.",
            "it changes the adapted weights": "Their numbers are the same with the flag and without it.",
        },
        right="it costs memory and time, no more",
    ),
    "half a test": Quiz(
        "A colleague asks only whether each parameter gets a gradient that is finite and not all zero. Which of the "
        "five suspects get through?",
        {
            "B alone": "A, C and E have finite gradients too. They are the wrong ones.",
            "B and E": "A and C have gradients as well: those of first order.",
            "A, B, C and E": "Only D has no gradient at all. The other broken ones have one: of another loss, or to "
            "first order.",
        },
        right="A, B, C and E",
    ),
}
