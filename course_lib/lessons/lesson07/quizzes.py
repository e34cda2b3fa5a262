"""The self-test of lesson 07."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "pairs and parts": Quiz(
        "5-way, 75 queries, one support image a class. The first layer is computed image by image. For how many, "
        "and how many pairs does the second layer see?",
        {
            "375 images, 375 pairs": "That is the way by pairs. An image's part of the layer serves all its pairs.",
            "80 images, 375 pairs": "5 classes and 75 queries are 80; behind the ReLU there are 5 times 75 pairs.",
            "80 images, 80 pairs": "Each of the 75 queries meets each of the 5 classes: 375 pairs.",
        },
        right="80 images, 375 pairs",
    ),
    "second layer": Quiz(
        "Why is the second layer of the module not split the same way?",
        {
            "it is too small to matter": "Once the first layer is split, most multiplications are there.",
            "it is not linear": "It is as linear as the first. But look at what it is given.",
            "a ReLU stands before it": "ReLU of a sum is not the sum of two ReLUs, so its input is no longer a part of "
            "the class plus a part of the query.",
        },
        right="a ReLU stands before it",
    ),
    "three scores": Quiz(
        "A relation network gives a query of a 3-way task the scores 0.9, 0.8 and 0.1. What is wrong?",
        {
            "they should add up to 1": "A softmax would see to that. Here each pair has its own score, by a sigmoid.",
            "nothing": "The query is given to the first class; the second is nearly as good.",
            "sigmoid was applied twice": "Then all scores would lie between 0.5 and 0.73.",
        },
        right="nothing",
    ),
    "cosine on the ring": Quiz(
        "On the exact ring, could a prototypical network with cosine similarity succeed?",
        {
            "yes, it looks at directions": "Query and next class have the same direction, since they are one vector.",
            "yes, with enough training": "The proof leaves no room for training: it holds for every embedding.",
            "no": "The cosine of a vector with itself is 1, its largest value. So the own class can at best tie.",
        },
        right="no",
    ),
    "thirty tasks": Quiz(
        "You have thirty training tasks, and features that are nearly round clouds around each class, for support and "
        "query alike. What do you try first?",
        {
            "a relation network": "On such clouds it was below the distance with any number of tasks, and most of all "
            "with few.",
            "squared distance, no training": "It is nearly the right rule here, and needs no tasks at all.",
            "a prototypical network": "With few tasks its embedding was worse than none.",
        },
        right="squared distance, no training",
    ),
}
