"""The self-test of lesson 13."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "whose credit": Quiz(
        "A start pulls arms, takes one step of REINFORCE, and pulls once more. Only the last pull counts. Common code "
        "differentiates that last reward through the step, and takes the first pulls for granted. What does it never "
        "tell the start?",
        {
            "that its first pulls found out which arm is good": "That is the missing term: it gives the pulls before "
            "adapting credit for what was earned after it. The usual surrogate loses it. It can be put back as a term "
            "of its own, or by bricks in the step of adaptation.",
            "how the step depends on the start": "That it does tell: it differentiates through the step.",
            "that the last pull was rewarded": "That reward is just what it differentiates. What led to it is missing.",
        },
        right="that its first pulls found out which arm is good",
    ),
    "a brick": Quiz(
        "x is a log probability. What is exp(x - x.detach()) good for, as it is always 1?",
        {
            "nothing: a constant has no derivative": "It is no constant: one of the two x is held fast, and the other "
            "one is not.",
            "it keeps numbers from growing too large": "It does not change the numbers at all.",
            "its derivative is that of x, and the number stays what it is": "The first derivative is that of the log "
            "probability; the second one has the product of two slopes of log p in it as well, which x alone does not "
            "have. In a step of adaptation that product is the pay for trying.",
        },
        right="its derivative is that of x, and the number stays what it is",
    ),
    "greedy is nearly best": Quiz(
        "Five arms of which nothing is known, ten pulls. Always pulling the arm that looks best earns 6.63 on average; "
        "the best strategy there is earns 6.66. A network earns 6.6. Has it learned to explore?",
        {
            "yes: it is near the best there is": "So is who never explores on purpose. The two are 0.03 apart.",
            "this setting cannot tell": "Greedy is within 0.04 of the best here. With a safe arm of 0.6 greedy never "
            "tries another, and earns 6.00 where 6.71 can be had: that tells them apart.",
            "no: it earns less than greedy": "Measured on some thousands of bandits, 0.03 may be luck with the "
            "bandits. And if it is not, greedy is as near the best.",
        },
        right="this setting cannot tell",
    ),
    "when a gamble pays": Quiz(
        "A safe arm pays 0.6 at each pull. Another arm pays with a chance that nobody knows, all being as likely. How "
        "many pulls must be left so that it is better to try the other one?",
        {
            "none: it pays 0.5 on average, and that is less": "So thinks greedy. But if it turns out well it can be "
            "pulled again, and if not, the safe arm is still there.",
            "1 or more: one should always look": "With one pull left nothing can be done with what it shows: 0.5 "
            "against 0.6.",
            "4 or more": "With 3 left both are nearly alike (1.78 against 1.80), with 4 the unknown arm is ahead (2.43 "
            "against 2.40). What a pull shows is worth more, the more pulls can use it.",
        },
        right="4 or more",
    ),
    "a reward that nobody meets": Quiz(
        "A walker is paid only within a small distance of its goal, and none of its 20 walks came there. Then it "
        "adapts by a step of policy gradient. What changes?",
        {
            "nothing": "All rewards are 0, so is every advantage, and so is the gradient. There is nothing to adapt "
            "to.",
            "it avoids where it has been": "A policy gradient learns from what was paid. That nothing was paid is no "
            "reason to go elsewhere, unless the policy has learned to take it for one, as a recurrent one can.",
            "it walks a little farther": "No number in the step says so: all rewards are 0.",
        },
        right="nothing",
    ),
    "more pulls": Quiz(
        "Without the missing term, the gradient's cosine with the true one is negative for one pull. Do more pulls put "
        "it right?",
        {
            "yes: with four pulls it is the true gradient": "With four its cosine is near 0: at right angles to the "
            "truth.",
            "they turn it towards the truth, and do not put it right": "At the start of the text the cosine is -0.49, "
            "-0.41, 0.07 and 0.35 with 1, 2, 4 and 8 pulls. The missing term stays as long as the whole gradient.",
            "no: it gets worse and worse": "It turns towards the truth, slowly.",
        },
        right="they turn it towards the truth, and do not put it right",
    ),
    "memory wiped": Quiz(
        "A recurrent policy finds a hidden goal in its first episode. Before the second one its memory is wiped. What "
        "does the second episode earn?",
        {
            "as much as before: the weights hold what was learned": "The weights hold how to search. Only its memory "
            "held where this goal is: no weight changes while it acts.",
            "no more than the first one earned": "It has to search again, if it still can. What it knew of this goal "
            "was in its memory, and how to search is in its weights.",
            "nothing: without a memory it cannot walk": "It begins every life with an empty memory, and searches well.",
        },
        right="no more than the first one earned",
    ),
    "a bonus for chance": Quiz(
        "One arm of eleven pays next to nothing, and says which of the others is the good one. What is a bonus for "
        "choosing at random good for in training?",
        {
            "it makes the trained policy better at choosing at random": "It falls to 0 in training. The best policy "
            "here leaves nothing to chance.",
            "it is paid to the policy, and so adds to its reward": "It counts in the loss alone. The rewards that are "
            "reported have no bonus in them.",
            "it keeps the policy trying, until it has met what the worst arm is good for": "Pulling the arm that says "
            "it is worth something only if what it said is then used. Who gives it up early never learns to read it.",
        },
        right="it keeps the policy trying, until it has met what the worst arm is good for",
    ),
}
