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
            "at the labels: they are not dealt afresh": "Then the outer loss falls, too: the network knows its "
            "training classes by heart, queries and all.",
        },
        right="at the meta-gradient: does it reach the start?",
    ),
    "three curves": Quiz(
        "Another training: inner and outer loss are both 0.05, and accuracy on validation scripts is at chance. Why?",
        {
            "the inner learning rate is too small": "Then the inner loss would stay near that of a guess, unless "
            "something else than adapting brings it down.",
            "labels are not dealt afresh: each class keeps its number": "The network learns by heart which training "
            "class has which number. It needs no support set, and new classes have no number that it knows.",
            "the meta-gradient does not arrive": "Then the start would stay as it is, and the outer loss with it.",
        },
        right="labels are not dealt afresh: each class keeps its number",
    ),
    "seven classes, equal rows": Quiz(
        "A head is trained with equal rows, and many steps. Can it answer a 7-way task?",
        {
            "no: it has five outputs": "They all start from the same row, and a sixth can be one more copy of it.",
            "yes: new rows are copies of the one that all have": "There is only one row to learn, so its number of "
            "copies is free. This is a second reason for such a head.",
            "yes, as any head can": "A row that was never trained has no start. Equal rows have a common one.",
        },
        right="yes: new rows are copies of the one that all have",
    ),
    "all queries at once": Quiz(
        "A paper reports 98.7 % and sends all queries of a task through batch norm at once. Is that cheating?",
        {
            "yes, in every case": "It solves another problem, the transductive one. Many do, and say so.",
            "no, if it says so": "Then readers can compare it with others that do the same. It must not stand beside "
            "methods that answer one query at a time.",
            "no: labels of queries are never seen": "Labels are not, but the mixture is: every class is there equally "
            "often. Whoever is silent about it compares two problems.",
        },
        right="no, if it says so",
    ),
}  # fmt: skip
