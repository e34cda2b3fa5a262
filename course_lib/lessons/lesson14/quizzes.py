"""The self-test of lesson 14."""

from course_lib.exercises.quiz import Quiz

QUIZZES = {
    "forwards or backwards": Quiz(
        "A training of 50 steps has 20,000 hyperparameters, one decay for each weight. All derivatives are wanted. "
        "Which way is cheaper in time?",
        {
            "forwards: it keeps nothing": "It keeps nothing of the steps, but it carries a derivative for each "
            "hyperparameter: 20,000 vectors beside the weights.",
            "backwards: one pass gives all of them": "It is the other way round with memory: all 50 steps are kept. "
            "One rate and a million steps: forwards. Many numbers and few steps: backwards.",
            "finite differences: two trainings": "Two trainings give one derivative. For all of them it takes 40,000.",
        },
        right="backwards: one pass gives all of them",
    ),
    "beyond the edge": Quiz(
        "With a rate far too large, the derivative of the last loss in the log rate is 1,000,000,000. Two trainings "
        "whose log rates are 0.00002 apart give a difference that says something else. What is wrong?",
        {
            "the derivative: so large a number is an error": "It is as exact as it was at small rates, but for "
            "rounding. It is the slope of a curve that turns many times in between.",
            "nothing: both are right, and neither helps": "The loss is jagged there. A slope holds as far as the next "
            "turn, and that is nearer than any step that one would take.",
            "the difference: its two trainings are too far apart, and nearer ones would help to go down": "Nearer ones "
            "would come to the derivative. But a step down such a slope lands anywhere.",
        },
        right="nothing: both are right, and neither helps",
    ),
    "a short series": Quiz(
        "Twenty decays are tuned by Adam with the implicit gradient. Of the Neumann series you take one term in place "
        "of a hundred. What happens to the gradient?",
        {
            "it points somewhere else": "It turns by 2 to 22 degrees in nine of ten regressions that we drew, and "
            "by 43 in one. What it loses most is length.",
            "it gets much shorter, and turns somewhat": "Between a fifth and four tenths of its length is left in "
            "those ten. Adam divides each number by its own past size, so it does not see that all are smaller. It "
            "sees signs: of 20, 15 to 20 are right.",
            "it gets longer": "All terms point more or less the same way here, and one of them is less than their sum.",
        },
        right="it gets much shorter, and turns somewhat",
    ),
    "the best next step": Quiz(
        "On the noisy quadratic, a schedule takes the rate that makes the next loss as low as it can be, every time. "
        "How does it end, beside the best constant rate?",
        {
            "lower: it is best at every step": "It is best for one step, two hundred times. That is another question.",
            "higher: it lowers the rate too soon": "A low rate quiets the steep direction at once, which pays at once. "
            "Going along the flat direction pays later, and later does not count.",
            "the same: both settle where noise and pull are even": "In the steep direction they may. In the flat one "
            "the low rates have hardly moved.",
        },
        right="higher: it lowers the rate too soon",
    ),
    "in pieces": Quiz(
        "A rule is trained in pieces of 20 steps, and is used for 100. What can its outer gradient not see?",
        {
            "the last 80 steps of a training": "It sees all of them: the next piece goes on where the last one ended.",
            "what a step does to losses more than 20 steps later": "The graph is cut there. That is the bias of a "
            "short horizon: a schedule that pays late is not learned.",
            "that gradients are noisy": "The rule reads gradients of the examples that were drawn, noise and all.",
        },
        right="what a step does to losses more than 20 steps later",
    ),
    "nan wins": Quiz(
        "Mean losses for three rates are [0.4, nan, 0.2]: the second rate blew a training up. Which rate does "
        "torch.argmin choose?",
        {
            "the first": "0.4 is no minimum of anything here.",
            "the second": "In torch nan wins, in min as in max, so that trouble is not overlooked. Then it is "
            "chosen as the best rate, if nobody looks. Make it infinite first.",
            "the third": "So one would like it. torch.where(means.isfinite(), means, torch.inf).argmin() gives it.",
        },
        right="the second",
    ),
}
