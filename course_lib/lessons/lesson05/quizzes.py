"""The questions of lesson 05: which variant for which budget, and the self-test."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "long inner loop": Quiz(
        "Your inner loop takes 100 adaptation steps, with a pull to the start, and comes to rest. You want its exact "
        "meta-gradient, and memory for about five steps is all that you have. What do you choose?",
        {
            "MAML": "It keeps all 100 steps, so its memory is many times too much.",
            "first order": "Its memory is small, but it leaves out every factor: that is not the exact gradient.",
            "Reptile": "Its memory is small, but it does not follow the query loss at all.",
            "implicit MAML": "Its gradient asks only where the inner loop arrived, so memory does not grow with the "
            "steps, and its solver is cheap beside 100 of them.",
            "ANIL": "It keeps the forward pass of all 100 steps: less than MAML, and still growing.",
        },
        right="implicit MAML",
    ),
    "little memory": Quiz(
        "Ten adaptation steps on the Conv4 of section 3, and 10 MB. Implicit MAML is out, since your inner loop does "
        "not come to rest. Which of the others fits and still follows the query loss?",
        {
            "first order": "It keeps nothing of the steps, and its outer step is the query gradient at the end.",
            "Reptile": "It fits, with about half of first order's memory. But it goes where adapting goes, and never "
            "asks a query loss. With 4 MB it would be your only choice. (Section 4 cannot tell their errors apart.)",
            "ANIL": "At ten steps it needs more than 10 MB.",
            "BOIL": "It needs as much memory as MAML.",
        },
        right="first order",
    ),
    "equal curvature": Quiz(
        "All tasks have the same curvature. Which variant do you choose?",
        {
            "MAML, to be safe": "It is safe, and it costs more than the others for the same start.",
            "the cheapest": "The weights of the tasks agree, so all settle at one start; even joint training does.",
            "implicit MAML": "It would settle where all others do, and pays for its solver.",
        },
        right="the cheapest",
    ),
    "one step of a pull": Quiz(
        "A pull to the start is added to the inner loss. With a single adaptation step, what does it change?",
        {
            "the step gets shorter": "At the start the distance is zero, so the pull has no slope there yet.",
            "nothing": "At the start the pull is zero and so is its gradient. It acts from the second step on.",
            "the step is cancelled": "That would take an infinitely strong pull, and more than one step.",
        },
        right="nothing",
    ),
    "no query set": Quiz(
        "Reptile needs no query set. What does it give up?",
        {
            "nothing": "Something has to tell it whether a step helps on examples that the step has not seen.",
            "it cannot adapt": "It adapts as MAML does, by gradient descent.",
            "it cannot see whether a step generalises": "It follows where training goes. Only drawing other examples "
            "at each step tells it something about generalising.",
        },
        right="it cannot see whether a step generalises",
    ),
    "from head to ANIL": Quiz(
        "A MAML network keeps its accuracy when only its head adapts. May you train the next one by ANIL?",
        {
            "yes, this proves it": "It was trained with all layers adapting, and it is one training.",
            "it is a good sign; train by ANIL and measure": "What a MAML network does without its body's steps is not "
            "yet what a network does that was trained so, and another training may differ.",
            "no": "It may well work: it does in the paper by Raghu et al.",
        },
        right="it is a good sign; train by ANIL and measure",
    ),
    "which disease": Quiz(
        "Error 0.1 on the points trained on, 0.9 on new points of the same curves, 1.0 on new curves. What helps?",
        {
            "more tasks": "They help, too, but nearly all of this gap is there on the old tasks already.",
            "more examples of each task": "The step from 0.1 to 0.9 is ordinary overfitting to the examples. Draw new "
            "points of the same curves at every step.",
            "nothing, it is meta-overfitting": "Meta-overfitting is the step from 0.9 to 1.0, the smaller part.",
        },
        right="more examples of each task",
    ),
}
