"""The self-test of lesson 01."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "set sizes": Quiz(
        "A 20-way 5-shot task has 15 queries a class. How many images are in its support set and in its query set?",
        {
            "5 and 15": "Those are the images of one class; there are 20.",
            "100 and 300": "20 classes with 5 examples each, and with 15 queries each.",
            "100 and 15": "Every class is asked for 15 times.",
            "20 and 300": "There are 5 examples of each class, not one.",
        },
        right="100 and 300",
    ),
    "leaking share": Quiz(
        "A sampler picks support and query images independently out of 20 of each class, 1-shot. What share of the "
        "query images leaks?",
        {
            "none, they are drawn at random": "Two draws that know nothing of each other can hit the same image.",
            "1 in 400": "That is the chance of one certain image in both. Any of the 20 will do.",
            "1 in 20": "Whatever the query is, the one support image of its class is the same with probability 1 / 20.",
        },
        right="1 in 20",
    ),
    "shared classes": Quiz(
        "Meta-train and meta-test share classes, but no image. What does the test measure?",
        {
            "how well the network learns new classes": "It has met these classes in training.",
            "how well it knows those classes": "It could learn them in training, and needs no support set for that.",
            "nothing, the network has seen the answers": "It has not seen these images. Knowing a class is of use, and "
            "is not what was to be measured.",
        },
        right="how well it knows those classes",
    ),
    "two scores": Quiz(
        "Network X has 97 % on its own training tasks, network Y 90 %. Which do you take for new classes?",
        {
            "X": "Its own tasks may just be easier, as those of network A were.",
            "Y": "That harder tasks make a better network is possible, and not to be seen in these two numbers.",
            "these numbers do not say": "Measure both on the same tasks of unseen classes.",
        },
        right="these numbers do not say",
    ),
    "stuck": Quiz(
        "Labels are dealt afresh, and your network stays at a loss of ln(way). What does that suggest?",
        {
            "it does not use the support set": "ln(way) is the loss of guessing among way labels, and only the support "
            "set tells which label is which.",
            "the learning rate is too high": "Then the loss would jump about, mostly above that of guessing.",
            "it has learned its classes by heart": "Knowing the classes is of no use where labels are dealt: that is "
            "why they are.",
        },
        right="it does not use the support set",
    ),
}
