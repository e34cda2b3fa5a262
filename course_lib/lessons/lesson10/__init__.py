"""What lesson 10 needs, words."""

from course_lib.lessons.lesson10 import leaks, three_trainings
from course_lib.lessons.lesson10.bayes import ExactBayes, NaiveBayes, flat_prior, ngrams_of, prior_of
from course_lib.lessons.lesson10.counting import count_ngrams, ngrams
from course_lib.lessons.lesson10.exact_rule import count_pairs
from course_lib.lessons.lesson10.folding import fold
from course_lib.lessons.lesson10.invented import Invented
from course_lib.lessons.lesson10.lists import by_class, right_answers
from course_lib.lessons.lesson10.wall_explorer import WallExplorer, stored_sides
from course_lib.lessons.lesson10.word_explorer import WordExplorer

__all__ = [
    "ExactBayes", "Invented", "NaiveBayes", "WallExplorer", "WordExplorer", "by_class", "count_ngrams", "count_pairs",
    "flat_prior", "fold", "leaks", "ngrams", "ngrams_of", "prior_of", "right_answers", "stored_sides",
    "three_trainings",
]  # fmt: skip
