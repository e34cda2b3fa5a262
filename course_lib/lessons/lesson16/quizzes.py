"""The self-test of lesson 16."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "one shot": Quiz(
        "A class has a single support example. What does influence to first order, the derivative in the example's "
        "weight, say of it?",
        {
            "it is the most important of all": "It is: without it the class is gone. But the derivative does not say "
            "so.",
            "nothing: exactly 0": "A mean of one example is that example, however much it weighs. The derivative is 0, "
            "and the truth, taking it out, is infinite: the class can no longer be chosen.",
            "it is infinite": "So says leaving it out, exactly. A weight of 0.99 in place of 1 changes no mean of one.",
        },
        right="nothing: exactly 0",
    ),
    "a map of edges": Quiz(
        "A map marks the strokes of a drawing, just as you would have. With all layers of the network new and random, "
        "the map is the same. What has it explained?",
        {
            "the network's answer: the strokes matter": "The random network gives another answer, and the map "
            "did not notice.",
            "the picture: it would mark strokes for any network": "A map that passes over what the network knows "
            "cannot explain what it says. It may still look right, and that is the trap.",
            "nothing can be said without a deletion curve": "A deletion curve may even fall: strokes do matter to most "
            "networks. That it did not change with the weights says enough.",
        },
        right="the picture: it would mark strokes for any network",
    ),
    "after filling": Quiz(
        "Patches are filled with black, the most important first, and the score falls. Does it show that the network "
        "used these patches?",
        {
            "yes: the score fell because they were gone": "Or because nothing like a picture with black squares was in "
            "training. Random patches, filled the same way, are the control.",
            "not alone: beside random patches it says something": "A score may fall for any patches. What counts is "
            "how much sooner it falls than with patches in random order.",
            "no: only gradients show what a network uses": "A gradient says what a small change does. It says nothing "
            "of a patch that is gone.",
        },
        right="not alone: beside random patches it says something",
    ),
    "a wrong label": Quiz(
        "One of five shots of a class has a wrong label: it is a stranger, and it moves farther and farther away. What "
        "becomes of the class's mean, and of its geometric median?",
        {
            "both go with it, the median more slowly": "The median stops: what counts is the direction of the "
            "stranger, not how far away it is.",
            "the mean goes with it, a fifth of the way; the median stays near the other four": "Distances that are not "
            "squared pull with the same strength from anywhere, so four outvote one.",
            "both stay: four of five are right": "A mean takes a fifth of the stranger, wherever that is. "
            "Ten thousand away, the mean is two thousand away.",
        },
        right="the mean goes with it, a fifth of the way; the median stays near the other four",
    ),
    "two are not enough": Quiz(
        "A class has two shots, and one label is wrong. Which prototype repairs it?",
        {
            "the geometric median": "Of two points each point between them has the same sum of distances. The loop "
            "begins at the mean, and stays there.",
            "the example that is nearest to the others": "Each of the two is as near to the other.",
            "none that looks at these two alone": "Nobody can say which of two is the stranger. It takes a third shot, "
            "or something else that is known: the other classes, or the queries.",
        },
        right="none that looks at these two alone",
    ),
    "cheap afterwards": Quiz(
        "Meta-training costs 1,000,000, and afterwards a task costs 10. Without it a task costs 30. You have 20,000 "
        "tasks. Which is cheaper?",
        {
            "meta-training: 10 is less than 30": "20,000 tasks save 20 each, 400,000 in all. The million does not come "
            "back.",
            "no meta-training": "600,000 beside 1,200,000. It pays from task 50,001 on.",
            "both cost the same": "That is at 50,000 tasks, where 20 each have brought back the million.",
        },
        right="no meta-training",
    ),
}
