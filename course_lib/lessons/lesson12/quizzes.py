"""The self-test of lesson 12."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "held still": Quiz(
        "An arm that nobody has met is held still, its lower arm level, and its two torques are read again and again. "
        "How much do they tell of its payload?",
        {
            "nothing: without movement there is nothing to learn": "Gravity acts without movement, too: the elbow's "
            "torque is the weight that it holds.",
            "the payload plus half of the lower arm's mass, and no more": "The elbow holds both, and cannot tell one "
            "from the other. Reading it longer makes the sum more exact, not the parts. A prior can share it out.",
            "the payload itself, if one reads long enough": "Every reading is the same equation once more. A heavy "
            "payload on a light arm gives the same torques as a light one on a heavy arm.",
        },
        right="the payload plus half of the lower arm's mass, and no more",
    ),
    "an infinite condition number": Quiz(
        "An arm bends its elbow, and the shoulder stays where it is. The table of its five columns has an infinite "
        "condition number. What follows for the payload?",
        {
            "it cannot be told: the equations have no unique solution": "They have none, since the shoulder's friction "
            "can be anything. But all solutions have the same payload.",
            "it can be told: the unknown direction is the shoulder's friction alone": "A joint that does not move "
            "rubs at nothing. What is left of the payload's column is as large as when both joints swing.",
            "it can be told, but only with a prior": "A prior is needed for the shoulder's friction. The payload is "
            "told without one.",
        },
        right="it can be told: the unknown direction is the shoulder's friction alone",
    ),
    "taken off": Quiz(
        "A model has adapted to an arm with 2 kg on its hand, and controls it. The weight is taken off. What does the "
        "arm do in the first moment?",
        {
            "it draws its circle: it has become easier": "Easier for the motors. But they are told what it takes with "
            "2 kg, and get it.",
            "it leaps upwards": "The model still asks for the torques that hold 2 kg more. What was learned of one arm "
            "is wrong for the next, and it is wrong until enough of the new arm has been seen.",
            "it sinks": "That is what happens when a weight is hung on, and the model does not know of it.",
        },
        right="it leaps upwards",
    ),
    "nothing seen": Quiz(
        "A ridge head has been trained, and is given no point of a new arm at all. What does it answer?",
        {
            "0 for every torque": "So it would, if its weights were held at 0. They are held at a mean that was "
            "learned.",
            "what its mean says: torques of a usual arm": "With no point the solution is the mean. So the prior alone "
            "has to be of use, and training with short support sets sees to it.",
            "nothing: the matrix has no inverse": "F'F is 0 then, and the precision on the diagonal is not. The system "
            "can be solved.",
        },
        right="what its mean says: torques of a usual arm",
    ),
    "a spring": Quiz(
        "An arm has a spring in its elbow that the known equation does not have. Least squares finds the seven numbers "
        "from 1 s of movement, then from 6 s. What becomes of its error on another swing?",
        {
            "it goes to 0 as more is seen": "More data make the seven numbers more exact. None of the seven is a "
            "spring.",
            "it falls to some value and stays there": "Least squares finds the equation without a spring that is "
            "nearest to what it saw. What is left over is no noise, and no amount of data takes it away.",
            "it grows without end": "The numbers settle down. They settle at wrong ones.",
        },
        right="it falls to some value and stays there",
    ),
    "asked nearby": Quiz(
        "You measure how well an arm was learned from half a second, by the torques of the next half second of the "
        "same swing. Then you let it draw a circle. Which of the two errors do you expect to be larger?",
        {
            "the next half second: it was not seen either": "It was not, but the arm is still nearly where it was, at "
            "nearly that speed. A straight line through what was seen errs less there than on the circle, in three of "
            "four arms.",
            "the circle: it goes where nothing was seen": "A learner that knows what is near, and no more, looks good "
            "in the same swing. Judge it, and train it, by what it will be asked.",
            "they are alike: it is the same arm": "The same arm in other places, at other speeds. Only a learner that "
            "knows arms can tell one from the other.",
        },
        right="the circle: it goes where nothing was seen",
    ),
}
