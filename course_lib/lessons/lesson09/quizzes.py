"""The self-test of lesson 09."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "two layers": Quiz(
        "In a Transformer each query looks at the support pairs and not at other queries. But the pairs look at the "
        "queries. May an answer depend on what else is asked?",
        {
            "no, since no query looks at another": "Not in one layer. But what has a pair become in the second?",
            "yes, with two layers or more": "In the first layer the pairs take in the queries; in the second each "
            "query reads the pairs, and with them all the others.",
            "yes, in any case": "With a single layer a query reads the pairs as they were before they looked at "
            "anything.",
        },
        right="yes, with two layers or more",
    ),
    "better than Bayes": Quiz(
        "A reader was trained on four lines. On points of these four it errs far less than ridge with the right "
        "strength, which is the Bayes answer. How can that be?",
        {
            "a Bayes answer can be beaten by a better network": "Not on average over tasks of its own prior. Which "
            "prior is that of ridge here?",
            "it was lucky in its tasks": "It does so every time: a few points tell which of the four it is.",
            "it knows another prior": "Ridge expects any line. Who knows that there are four needs only to find out "
            "which one. The Bayes answer to that prior is what the reader comes near; on a fifth line it is lost.",
        },
        right="it knows another prior",
    ),
    "an average": Quiz(
        "A single layer of softmax attention, as in lesson 06, has the support pairs' y as its values. All y that it "
        "has seen lie between -1 and 1. Can it answer 1.5?",
        {
            "yes, if a query is like several pairs": "Their weights add up to 1 all the same.",
            "no": "Softmax weights are above 0 and add up to 1, so the answer is an average of the y. Without the "
            "softmax there is no such bound, and a step of gradient descent goes beyond what it has seen.",
            "yes, with longer keys": "Longer keys make one weight nearly 1 and the others nearly 0. That is an "
            "average, too.",
        },
        right="no",
    ),
    "far away": Quiz(
        "Curves of a Gaussian process with spread 1, noise 0.1. How wide is the exact answer's spread at a place "
        "that is far from all points seen?",
        {
            "0.1, the noise": "That is all that is left where very many points were seen.",
            "about 1": "There the points say nothing. What is left is the prior: the root of 1 + 0.01.",
            "it grows without end": "A line's would. But these curves come back: their height is known to be about 1 "
            "everywhere, before any point is seen.",
        },
        right="about 1",
    ),
    "below the noise": Quiz(
        "The y of all points have noise of variance 0.0625, those of queries, too. A reader's mean squared error over "
        "many new tasks is 0.05. What do you think of it?",
        {
            "it is better than ridge, well done": "Who knew the line itself would err 0.0625. What can it know "
            "beyond the line?",
            "it has been trained for long enough": "Training cannot tell what noise a new point will have.",
            "it knows something of the queries' y": "Nobody can foresee noise that has not been drawn yet. An error "
            "below it is a leak, however small the gain looks.",
        },
        right="it knows something of the queries' y",
    ),
    "three times the size": Quiz(
        "Ridge with the strength for weights of size 1 is given lines whose weights are three times as large: three "
        "numbers in x, and a single point each. By how much does it err more than with the right strength?",
        {
            "hardly": "Either strength is small beside the squares in one x, so both follow the point. Nearly all of "
            "the error is what one point cannot tell: two of three directions.",
            "nine times as much": "Nine is by how much the strength is wrong, and the squares of the weights grow. "
            "But which part of the error has to do with the strength?",
            "a hundred times as much": "So much a trained reader may lose with ten points. Ridge is a formula, and has "
            "no range.",
        },
        right="hardly",
    ),
}
