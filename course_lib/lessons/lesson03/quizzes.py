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
    "beyond": Quiz(
        "One task in one dimension, the same loss for support and query, and α h = 1.5. Where does training to first "
        "order move the start?",
        {
            "to the lowest point c": "The exact gradient does: it has the factor 1 − α h = −0.5 twice, so the sign "
            "goes. First order has it once.",
            "away from c": "The step ends on the other side of c, and first order moves the start as θ′ should move: "
            "back across c, which for θ is away from it.",
            "nowhere: its gradient is 0": "It would be 0 if the step landed on c, at α h = 1. Here it goes beyond.",
        },
        right="away from c",
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
    "peeking": Quiz(
        "A meta-learner adapts to the query points as well, and all else in it is sound. Which of the three questions "
        "of exercise 5 finds that?",
        {
            "the first: does every parameter get a gradient?": "Every parameter gets one, through both sets.",
            "the second: is it the gradient of this loss?": "It is. The loss is another one than was meant, and the "
            "gradient is that of it.",
            "the third: is each task on its own?": "Each task peeks at its own query points alone.",
            "none of them": "Its gradient is right for the wrong loss. Compare with a start that is known: of the "
            "library, or worked out by hand.",
        },
        right="none of them",
    ),
}
