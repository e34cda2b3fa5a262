"""What the quizzes of lesson 08 say is true."""

import torch

from course_lib.lessons.lesson08 import scores
from course_lib.lessons.lesson08.quizzes import QUIZZES
from course_lib.statistics import ci95, paired_difference, unpaired_difference
from tools.notebooks import ROOT, read


def test_each_is_asked_in_the_lesson():
    text = "\n".join(cell.source for cell in read(ROOT / "notebooks" / "08_a_fair_comparison.ipynb").cells)
    assert all(f'quiz("{name}")' in text for name in QUIZZES)


def test_means_with_their_intervals_do_not_say_what_the_paired_one_is():
    """Two pairs of learners with the same means and spreads, one of them decided."""
    generator = torch.Generator().manual_seed(0)
    ease, other = 0.06 * torch.randn(2, 600, generator=generator, dtype=torch.float64)
    ease, other = (x - x.mean() for x in (ease, other))
    decided, open_ = ((0.966 + x + 0.1 * other, 0.960 + ease) for x in (ease, other))
    assert all(0.004 < ci95(s) < 0.006 for pair in (decided, open_) for s in pair)
    (a, half_a), (b, half_b) = (paired_difference(*pair) for pair in (decided, open_))
    assert abs(a - b) < 1e-6 and half_a < a and half_b > b
    assert QUIZZES["paired or not"].right == "these numbers cannot tell"


def test_few_tasks_with_many_queries_are_less_sure_than_many_with_few():
    """As the stored scores spread: between tasks by far more than within them."""
    found = scores.pick(scores.read()[0], "omniglot 5-way 1-shot")["maml"]
    p, between = found.mean, found.scores.var().item() - found.mean * (1 - found.mean) / 75
    variance = {(n, q): (between + p * (1 - p) / q) / n for n, q in ((20, 1000), (200, 100))}
    assert between > 0 and variance[20, 1000] > 3 * variance[200, 100]
    assert QUIZZES["tasks or queries"].right == "that of the 200 tasks"


def test_a_temperature_above_one_lowers_confidence():
    z = torch.tensor([3.0, 0.0, 1.0])
    assert (z / 2).softmax(0).max() < z.softmax(0).max() < (z / 0.5).softmax(0).max()
    assert QUIZZES["which temperature"].right == "above 1"


def test_drawing_apart_is_too_wide_where_scores_go_together():
    found = scores.pick(scores.read()[0], "omniglot 5-way 1-shot")
    one, other = (found[name].scores for name in ("prototypical", "matching"))
    assert unpaired_difference(one, other)[1] > 1.5 * paired_difference(one, other)[1]
