"""The self-test of lesson 10."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "padding": Quiz(
        "A careless network takes the mean over all places of a row, padding too. It embeds kala: once alone, and "
        "once in a batch with kuningaskunta. Are the two embeddings of kala the same?",
        {
            "yes: the words of a batch do not meet": "They do not, but the longest of them says how far the others are "
            "filled up.",
            "yes: padding is 0, and adds nothing": "The numbers of the letters are 0. What a layer with a bias says of "
            "them is not; and even zeros would count in the divisor.",
            "no": "In the batch its row has 13 places in place of 4, and nine of them are padding. So an answer would "
            "depend on which other words are asked at the same time.",
        },
        right="no",
    ),
    "five that agree": Quiz(
        "Two languages. Five words of one language are asked, and each alone says A with 60 %. How sure may you be of "
        "A after all five?",
        {
            "60 %": "That is the average: what you would say of one of them. Five that agree are surer.",
            "88 %": "0.6 to the power of 5, against 0.4 to the power of 5: 7.6 to 1. That is what the sum of the logs "
            "says.",
            "99 %": "That would be 1 - 0.4 to the power of 5, the chance that five independent guesses are not all "
            "wrong. But it is known that all five are of one language.",
        },
        right="88 %",
    ),
    "all at once": Quiz(
        "(Section 7.) Five words of one invented language, and the exact rule. Is the log probability of all five in a "
        "class the sum of the five that markov_scores gives?",
        {
            "yes: the words are drawn independently": "They are for whoever knows the table of the language. You do "
            "not: the first word teaches you something about it, which you expect to see again in the second.",
            "no: the words that were read count for those after": "Each has been seen when the next one is read, just "
            "as the letters of a word have. All five are more probable than that product: they resemble one another.",
            "no: it depends on the order of the words": "A sum does not. And the exact probability of all five does "
            "not, either: in whatever order they are read, the same pairs have been counted in the end.",
        },
        right="no: the words that were read count for those after",
    ),
    "strength": Quiz(
        "Both numbers of the learned prior, shape and rate, are multiplied by 10,000, so that it outweighs what is "
        "seen in a task by far. Five languages, five words of each. How many queries are named rightly?",
        {
            "20 %: every language gets the same score": "Nearly the same. The largest still wins, and which one that "
            "is depends on the five words.",
            "about as many as before, but with 20 % for each language": "The differences between scores shrink, "
            "and their order hardly changes. Strength says how sure an answer is: a weak prior is, and often wrong.",
            "as many as with plain counting": "Plain counting has a prior, too, one that believes all n-grams to be "
            "equally frequent. The learned one keeps its means, however strong it is.",
        },
        right="about as many as before, but with 20 % for each language",
    ),
    "the wall": Quiz(
        "You will be given five words each of some languages of a family that none of the training languages belongs "
        "to. Behind which wall was measured what to expect?",
        {
            "new words of known languages": "There the languages themselves were trained on. What the network knows of "
            "them cannot help with yours.",
            "new languages of known families": "Nearer, but these have relatives in training. Yours have none.",
            "new families": "The wall has to stand in the test where it will stand in use.",
        },
        right="new families",
    ),
    "better than the best": Quiz(
        "(Section 7.) A network that was trained on a hundred or fewer invented languages, over and over, names their "
        "words better than the exact rule does. How can that be?",
        {
            "the exact rule is exact for another question": "It is the best for languages that are drawn anew. Whoever "
            "knows that only these can come has another prior, and another best answer, which fails abroad.",
            "naive Bayes is not exact": "The rule in question is not naive: it is the probability itself, for new "
            "languages.",
            "the network has learned a better rule for all languages": "No rule is better than the exact one for new "
            "languages, on average. On those, the same network is far below it.",
        },
        right="the exact rule is exact for another question",
    ),
}
