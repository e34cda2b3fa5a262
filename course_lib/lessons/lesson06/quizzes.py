"""The self-test of lesson 06."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "take the root": Quiz(
        "You replace the squared distance by the distance itself, and keep the mean as prototype. What stays?",
        {
            "the nearest prototype": "The root keeps the order, so each query still belongs to the same class. (Its "
            "softmax is another one, and training follows the softmax.)",
            "the mean is the centre": "Of distances that are not squared the geometric median has the lowest sum, not "
            "the mean.",
            "the classifier is linear": "The score is now the length of q - c, and no weight and bias give that. (The "
            "borders between two classes stay straight all the same.)",
        },
        right="the nearest prototype",
    ),
    "uneven classes": Quiz(
        "One class has a single example, another has ten. What does a prototypical network make of it?",
        {
            "it prefers the class with ten": "Each class has one prototype, and only distances count: how many "
            "examples are behind a prototype plays no part.",
            "it answers as always": "Each class has its mean. The mean of one is noisier than that of ten, and nothing "
            "in the method takes that into account.",
            "it cannot answer": "A mean of one example is that example.",
        },
        right="it answers as always",
    ),
    "one shot": Quiz(
        "One shot. A matching network as in section 6 and a prototypical network have the same backbone, the same "
        "distance and the same temperature. How do their answers differ?",
        {
            "not at all": "Each prototype is the one example, so the softmax over prototypes is the softmax over "
            "examples. (With full-context embeddings, which section 6 leaves out, they would differ.)",
            "the matching network is softer": "Both take the softmax of the same nearness over the same points.",
            "only the prototypical network is linear": "With one example a class they are the same function.",
        },
        right="not at all",
    ),
    "sure cosines": Quiz(
        "Two classes, embeddings after a ReLU, cosines at temperature 1. How sure can an answer be?",
        {
            "73 %": "1 / (1 + 1/e): cosine 1 with the right prototype and 0 with the other.",
            "88 %": "1 / (1 + e^-2) would take a cosine of -1, and after a ReLU there is none below 0. (At temperature "
            "0.1 it would be 1 to four digits all the same: 1 / (1 + e^-10).)",
            "100 %": "That needs a difference of scores without a limit. Cosines differ by 1 here.",
        },
        right="73 %",
    ),
    "zero-shot paper": Quiz(
        "A zero-shot paper reports 70 % on unseen classes. What do you ask first?",
        {
            "how large the network is": "That says little about what the 70 % are 70 % of.",
            "which classes could be answered": "If only unseen classes were allowed, ask for the generalised accuracy: "
            "seen classes among the choices, both accuracies, and their harmonic mean.",
            "how many images the unseen classes had": "None, by the meaning of zero-shot.",
        },
        right="which classes could be answered",
    ),
}
