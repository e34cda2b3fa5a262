"""Lesson 10: words. What is looked at stands in `checks_padding.py`, `checks_languages.py` and the like."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson10.checks_counting import judge_naive_bayes
from course_lib.lessons.lesson10.checks_exact import judge_exact
from course_lib.lessons.lesson10.checks_languages import judge_languages
from course_lib.lessons.lesson10.checks_padding import judge_mean
from course_lib.lessons.lesson10.checks_prior import judge_prior
from course_lib.lessons.lesson10.checks_together import judge_together
from course_lib.lessons.lesson10.counting import naive_bayes
from course_lib.lessons.lesson10.exact_rule import markov_scores
from course_lib.lessons.lesson10.learned_prior import learned_prior
from course_lib.lessons.lesson10.lists import together
from course_lib.lessons.lesson10.one_language import words_of_one_language
from course_lib.sequences import masked_mean

EXERCISES = {
    "masked_mean": Exercise(
        masked_mean,
        judge_mean,
        (
            "words != 0 is True where a letter stands. Give it a last axis, so that it meets `values`: .unsqueeze(-1).",
            "Set padding to 0 first: values.masked_fill(~letter, 0). Then add over the places, axis -2.",
            "Divide by letter.sum(-2).clamp(min=1): the number of letters, and 1 for a word that has none.",
        ),
    ),
    "words_of_one_language": Exercise(
        words_of_one_language,
        judge_languages,
        (
            "Begin with a set of folded words for each language: a set has each word once. `&` is what two sets share.",
            "Go through the languages in order, and keep a dict of those that are no copy. Compare each new one with "
            "those in this dict, one after the other: own and len(own & other) >= copy * len(own).",
            "Count in the dict how many languages have each word (collections.Counter), and keep those with 1.",
        ),
    ),
    "naive_bayes": Exercise(
        naive_bayes,
        judge_naive_bayes,
        (
            "First a table of log probabilities, [tasks, way, ngrams], from counts, pseudo and total alone.",
            "A loop may read it: for task t, class k and the n-grams g of a query that are not -1, add table[t, k, g].",
            "table = ((counts + pseudo) / (counts.sum(-1, keepdim=True) + total)).log(). Then, for each query, "
            "word = word[word >= 0], and table[t, :, word].sum(-1) has the scores of all its classes.",
        ),
    ),
    "learned_prior": Exercise(
        learned_prior,
        judge_prior,
        (
            "rates = counts / counts.sum(1, keepdim=True). What you fit is how a column of it varies.",
            "variance = rates.var(0) - (rates / n).mean(0), where n = counts.sum(1, keepdim=True): each with its own.",
            "mean / variance is the rate, and shape is mean times that. For a rate of at most `strongest`, the "
            "variance has to be at least mean / strongest: variance.maximum(...).",
        ),
    ),
    "markov_scores": Exercise(
        markov_scores,
        judge_exact,
        (
            "Write it for one task, class and word first, as a loop over pairs of letters: zip(word, word[1:]).",
            "seen = counts[t, k].clone(); for each pair i, j: add log((seen[i - 1, j - 1] + a) / (seen[i - 1].sum() + "
            "letters * a)).",
            "Behind each pair: seen[i - 1, j - 1] += 1. And stop where j is 0.",
        ),
    ),
    "together": Exercise(
        together,
        judge_together,
        (
            "Make log-probabilities of the scores first, over the classes.",
            "scores.log_softmax(-1) is [tasks, n_query, way]. Cut its second axis into groups of `words`, and add.",
            "x.unflatten(1, (-1, words)) is [tasks, groups, words, way]; then .sum(2).",
        ),
    ),
}
