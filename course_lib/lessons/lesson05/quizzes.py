"""The questions of lesson 05: which variant for which budget, and the self-test."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "long inner loop": Quiz(
        "Your inner loop takes 100 adaptation steps and comes to rest. You want the exact meta-gradient of what it "
        "does, and memory for about five steps is all that you have. What do you choose?",
        {
            "MAML": "It keeps all 100 steps, so its memory is many times too much.",
            "first order": "Its memory is small, but it leaves out every factor: that is not the exact gradient.",
            "Reptile": "Its memory is small, but it does not follow the query loss at all.",
            "implicit MAML": "Its gradient asks only where the inner loop arrived, so memory does not grow with the "
            "steps, and its solver is cheap beside 100 of them. It adapts with a pull to the start, though.",
            "ANIL": "It keeps the head's part of all 100 steps: less than MAML, and still growing.",
        },
        right="implicit MAML",
    ),
    "same seconds": Quiz(
        "On sinusoids you have the time for 300 outer steps of MAML, or 450 of first order. Memory does not matter. "
        "What do the five stored trainings say?",
        {
            "MAML is better": "With as many steps, yes. With as much time its mean is a little lower, but by less than "
            "the interval over trainings.",
            "first order is better": "Its mean is a little higher: more steps have closed most of the gap, not all.",
            "they cannot be told apart": "So choose by something else, such as memory or simpler code, or train both "
            "several times on your own tasks.",
        },
        right="they cannot be told apart",
    ),
    "one step on the device": Quiz(
        "You train on a large computer. Then the network goes to a small device, which has the time for a single "
        "adaptation step. Which training of section 4 do you choose?",
        {
            "MAML": "After one step instead of five its error is more than twice as large as that of Meta-SGD.",
            "first order": "After one step it is worse still than MAML.",
            "Meta-SGD": "After its one step it is where MAML is after five. The learned rates take as much room as the "
            "weights.",
            "ANIL": "It needs its five steps, too. That the body stays put makes each step cheap, but not better.",
        },
        right="Meta-SGD",
    ),
    "little memory": Quiz(
        "Ten adaptation steps on the Conv4 of section 3, and 10 MB. Implicit MAML is out, since your inner loop does "
        "not come to rest. Which of the others would you try first?",
        {
            "first order": "It fits, it follows the query loss, and in section 4 its error is lower than Reptile's, if "
            "by little.",
            "Reptile": "It fits, with half of first order's memory. But in section 4 its error is the highest of all. "
            "With 4 MB it would be your only choice.",
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
