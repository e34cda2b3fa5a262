"""The self-test of lesson 04."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "seven classes": Quiz(
        "A prototypical network (lesson 00) that was trained on 5-way tasks can answer a 7-way task. Why can MAML not?",
        {
            "seven classes need more adaptation steps": "Steps move rows of the head that are there. There is no sixth "
            "row, however many steps are taken.",
            "the start of a sixth row was never learned": "MAML's head has one row for each class. A prototypical "
            "network has no head: it compares distances to as many prototypes as there are.",
            "its batch norm was made for five classes": "Batch norm has numbers for each channel, not for each class.",
        },
        right="the start of a sixth row was never learned",
    ),
    "two losses": Quiz(
        "After a thousand outer steps the inner loss is 0.01 and the outer loss that of guessing. Where do you look?",
        {
            "at the inner learning rate: it is too small": "Then the inner loss would stay high: the inner loop works, "
            "the support set is learned.",
            "at the meta-gradient: does it reach the start?": "The inner loop works, but the start stays bad: "
            "a copy under no_grad, or an outer learning rate that is far too small.",
            "at the labels: they are not dealt afresh": "Then the outer loss would fall, and the inner one stay high.",
        },
        right="at the meta-gradient: does it reach the start?",
    ),
    "equal rows": Quiz(
        "The head starts with equal rows, and there are two adaptation steps. When does the body move?",
        {
            "never": "After the first step the rows differ, since each has moved towards the features of its class.",
            "in both steps": "In the first, what reaches the body is (p - e) W, a sum of p - e over the classes times "
            "one common row: zero.",
            "in the second step only": "The first step moves the head alone; then its rows differ, and the gradient "
            "passes.",
        },
        right="in the second step only",
    ),
    "all queries at once": Quiz(
        "A paper reports 98.7 % and sends all queries of a task through batch norm at once. Is that cheating?",
        {
            "yes, in every case": "It solves another problem, the transductive one. Many do, and say so.",
            "no, if it says so": "But its number must not stand beside those of methods that answer one "
            "query at a time.",
            "no: the labels of the queries are not used": "Not the labels, but their mixture: every class is there "
            "equally often, and the learner counts on it.",
        },
        right="no, if it says so",
    ),
    "one picture a day": Quiz(
        "A user sends one query image a day. Which of these must not be part of the learner's answer?",
        {
            "batch norm by the support set": "It needs no other query: inductive.",
            "batch norm by the batch at hand": "The batch is one image, or the images of one user, of one class: a "
            "mixture that training never showed.",
            "group norm": "It looks at one image at a time, in training and ever after.",
        },
        right="batch norm by the batch at hand",
    ),
}  # fmt: skip
