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
    "no ReLU": Quiz(
        "Leave out every ReLU of a relation module, so that all its layers are linear. What can it no longer do?",
        {
            "give scores of its own to each pair": "The scores of pairs still differ: each is a part of the class "
            "plus a part of the query.",
            "name different classes for different queries": "The score is then a part of the class plus a part of the "
            "query. The query's part is the same for all classes, so the same class wins for every query.",
            "nothing: it is only slower": "It would even be faster. But look at what a sum of two parts can say about "
            "a pair.",
        },
        right="name different classes for different queries",
    ),
    "twenty classes": Quiz(
        "A relation network is trained on 20-way tasks with the squared error. Its loss stays at 0.05. Is that good?",
        {
            "yes, it is near 0": "How small is the loss of one and the same score for every pair?",
            "no": "One pair of twenty has the target 1, so 0.05 for every pair has a loss of 0.05 · 0.95, which is a "
            "little less.",
            "it depends on the shots": "What a constant answer gets depends on the number of classes alone.",
        },
        right="no",
    ),
    "product on the ring": Quiz(
        "A vector's dot product with itself need not be its largest. On the exact ring, could one shared embedding "
        "succeed with dot products in place of distances?",
        {
            "yes, for that reason": "One limit of distances is gone, the other not: a product is the same both ways.",
            "yes, with more dimensions": "Dimensions do not help: in any number a product is the same both ways.",
            "no": "A query at place p has to score higher with the class at p - 1 than with that at p + 1. A product "
            "is the same both ways. So products of neighbours would fall from pair to pair, all round the circle, and "
            "the first would be above itself.",
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
