"""Counting, the learned prior and the exact rule, against plain loops, closed forms and integrals."""

import math
from itertools import product

import pytest
import torch

from course_lib import evaluate
from course_lib.lessons.lesson10.bayes import ORDERS, ExactBayes, NaiveBayes, flat_prior, ngrams_of, prior_of
from course_lib.lessons.lesson10.counting import naive_bayes, ngrams
from course_lib.lessons.lesson10.exact_rule import count_pairs, markov_scores
from course_lib.lessons.lesson10.invented import Invented
from course_lib.lessons.lesson10.learned_prior import learned_prior
from course_lib.tasks import Words
from course_lib.tasks.words import encode, words_of

LISTS = {"one": ("kala", "maja", "lava"), "two": ("fisch", "haus", "tal", "schach"), "three": ("aa", "b", "fha")}


def spelled(word, order):
    """The n-grams of a word as texts, by hand: the border is a sign of its own, and alone it is none."""
    found = [f"_{word}_"[i : i + order] for i in range(len(word) + 3 - order)]
    return [gram for gram in found if gram.strip("_")]


def number(gram):
    return sum((ord(ch) - 96 if ch != "_" else 0) * 27**i for i, ch in enumerate(reversed(gram)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("length", [6, 9])
def test_ngrams_are_those_of_the_spelled_word_with_any_padding(order, length):
    words = [word for one in LISTS.values() for word in one if len(word) <= length]
    for word, codes in zip(words, ngrams(encode(words, length), order, 26), strict=True):
        assert sorted(c for c in codes.tolist() if c >= 0) == sorted(map(number, spelled(word, order)))


@pytest.mark.parametrize("order", ORDERS)
def test_counts_of_languages_are_those_of_a_loop(order):
    counts = ngrams_of(LISTS, order)
    for row, words in zip(counts, LISTS.values(), strict=True):
        grams = [gram for word in words for gram in spelled(word, order)]
        assert row.sum() == len(grams) and all(row[number(gram)] == grams.count(gram) for gram in set(grams))


def by_hand(support, query, prior):
    """The scores of naive Bayes for words in lists, one list a class."""
    scores = []
    for words in support:
        score = 0.0
        for order, (pseudo, total) in zip(ORDERS, prior, strict=True):
            grams = [gram for word in words for gram in spelled(word, order)]
            for gram in spelled(query, order):
                i = number(gram)
                more = pseudo.double().sum() if total is None else total[i].double()
                score += math.log((grams.count(gram) + pseudo[i].item()) / (len(grams) + more.item()))
        scores.append(score)
    return scores


@pytest.mark.parametrize("prior", [flat_prior(0.3), prior_of(LISTS)], ids=["flat", "learned"])
def test_naive_bayes_is_a_loop_over_the_ngrams_of_a_word(prior):
    support = [LISTS["one"], LISTS["two"]]
    queries = ["kala", "schal", "zzz"]
    learner = NaiveBayes(prior)
    x, y = encode([word for words in support for word in words])[None], torch.tensor([[0] * 3 + [1] * 4])
    found = learner.predict(learner.adapt(x, y), encode(queries, 9)[None])[0]
    for row, query in zip(found, queries, strict=True):
        assert row.tolist() == pytest.approx(by_hand(support, query, prior), rel=1e-4)


def test_the_prior_has_the_moments_of_the_rates_less_the_noise_of_counting():
    """In float64, written with loops; and languages that are drawn from a gamma prior give it back."""
    counts = ngrams_of(LISTS, 1).double()
    shape, rate = learned_prior(counts)
    rates = [[c / sum(row) for c in row] for row in counts.tolist()]
    for i in range(27):
        each = [row[i] for row in rates]
        mean = sum(each) / 3
        var = (
            sum((r - mean) ** 2 for r in each) / 2
            - sum(r / sum(row) for r, row in zip(each, counts.tolist(), strict=True)) / 3
        )
        assert (shape[i] / rate[i]).item() == pytest.approx(mean + 1e-6, rel=1e-9)
        assert rate[i].item() == pytest.approx(min(1000.0, (mean + 1e-6) / var if var > 0 else math.inf), rel=1e-9)
    torch.manual_seed(0)
    true_shape, true_rate = torch.tensor([2.0, 30.0]).double(), torch.tensor([20.0, 50.0]).double()
    drawn = torch.distributions.Gamma(true_shape, true_rate).sample((4000,))  # [languages, 2], rates
    counts = torch.poisson(300 * drawn)
    rest = 300 - counts.sum(1, keepdim=True)  # so that every language has 300 n-grams
    shape, rate = learned_prior(torch.cat([counts, rest], 1))
    assert torch.allclose(shape[:2], true_shape, rtol=0.15) and torch.allclose(rate[:2], true_rate, rtol=0.15)


@pytest.mark.parametrize("n, total, shape, rate", [(0, 40, 1.5, 12.0), (3, 40, 2.0, 55.0), (9, 25, 4.0, 8.0)])
def test_a_smoothed_rate_is_the_mean_after_seeing_counts(n, total, shape, rate):
    """Poisson counts with a gamma prior, the mean integrated numerically: (n + shape) / (total + rate)."""
    r = torch.linspace(1e-9, 6, 2_000_001, dtype=torch.float64)
    log = (n + shape - 1) * r.log() - (total + rate) * r
    weight = (log - log.max()).exp()
    mean = (weight * r).sum() / weight.sum()
    counts = torch.tensor([[[n, total - n]]], dtype=torch.float64)
    prior = torch.tensor([shape, 1.0]).double(), torch.tensor([rate, 1.0]).double()
    score = naive_bayes(counts, torch.tensor([[[0]]]), *prior)
    assert score.exp().item() == pytest.approx(mean.item(), rel=1e-4)


def test_strength_goes_from_nothing_known_to_nothing_learned():
    prior = prior_of(LISTS)
    x, y = encode(["kala", "haus"])[None], torch.tensor([[0, 1]])
    q = encode(["kaus"])[None]

    def scores(strength):
        learner = NaiveBayes(prior, strength)
        return learner.predict(learner.adapt(x, y), q)[0, 0]

    assert scores(0.0).isneginf().all()  # each class lacks an n-gram of the query
    assert scores(1e9).diff().abs() < 1e-3 < scores(1.0).diff().abs()  # the five words hardly count


def test_the_learned_prior_helps_on_real_families_that_it_never_met():
    tasks = Words(5, 5, 10, "families")
    plain, learned = (evaluate(NaiveBayes(p), tasks, 100, seed=3) for p in (None, prior_of(words_of("train"))))
    assert learned.mean > plain.mean + 0.01 and learned.losses.mean() < plain.losses.mean()


def probability(word, counts, alpha):
    """Of a word after its first letter, all tables integrated out: a ratio of Dirichlet normalisers, row by row."""
    letters = len(counts)
    seen = [[float(c) for c in row] for row in counts]
    after = [row[:] for row in seen]
    for a, b in zip(word, word[1:], strict=False):
        after[a - 1][b - 1] += 1
    log_b = lambda row: sum(math.lgamma(c + alpha) for c in row) - math.lgamma(sum(row) + letters * alpha)  # noqa: E731
    return math.exp(sum(log_b(b) - log_b(a) for a, b in zip(seen, after, strict=True)))


@pytest.mark.parametrize("alpha", [0.3, 1.0, 2.5])
def test_the_exact_rule_is_a_ratio_of_dirichlet_integrals(alpha):
    torch.manual_seed(0)
    counts = torch.randint(0, 4, (1, 2, 3, 3)).double()
    words = torch.tensor(list(product((1, 2, 3), repeat=4)))  # all 81 words of four letters
    scores = markov_scores(counts, words[None], alpha)[0]  # [words, way]
    for row, word in zip(scores, words.tolist(), strict=True):
        by_integral = [math.log(probability(word, one.tolist(), alpha)) for one in counts[0]]
        assert row.tolist() == pytest.approx(by_integral, abs=1e-9)
    first = words[:, 0] == 1
    assert scores[first].exp().sum(0).tolist() == pytest.approx([1, 1])  # probabilities of all that can follow


def test_the_exact_rule_is_what_many_drawn_tables_say():
    """The average over tables from the prior, weighted by how probable each makes the words that were seen."""
    torch.manual_seed(0)
    seen, query, alpha = torch.tensor([[[1, 2, 2, 1, 2]]]), torch.tensor([[[2, 1, 2, 2, 1]]]), 0.7
    tables = torch.distributions.Dirichlet(torch.full((2,), alpha).double()).sample((400_000, 2))  # [n, before, after]

    def under(word):
        return torch.stack([tables[:, a - 1, b - 1] for a, b in zip(word, word[1:], strict=False)]).prod(0)

    weight = under(seen[0, 0].tolist())
    drawn = (weight * under(query[0, 0].tolist())).sum() / weight.sum()
    counts = count_pairs(seen, torch.tensor([[0]]), 1, 2).double()
    assert markov_scores(counts, query, alpha).exp().item() == pytest.approx(drawn.item(), rel=0.01)


def test_nothing_beats_the_exact_rule_where_its_belief_is_true():
    tasks = Invented(shot=2)
    exact = evaluate(ExactBayes(), tasks, 200, seed=1)
    others = [ExactBayes(1.0), ExactBayes(0.05), NaiveBayes(flat_prior(letters=6), letters=6)]
    for other in others:
        worse = evaluate(other, tasks, 200, seed=1)
        assert exact.losses.mean() < worse.losses.mean() and exact.mean > worse.mean


@pytest.mark.parametrize("learner", [NaiveBayes(), ExactBayes()], ids=["naive", "exact"])
def test_what_every_learner_keeps(learner):
    """The order of the support set does not count, renamed classes are renamed, queries do not feel one another."""
    episode = Invented(3, 2, 4).sample(2, torch.Generator().manual_seed(0))
    s, y, q, way = episode.support_x, episode.support_y, episode.query_x, episode.way
    scores = learner.predict(learner.adapt(s, y, way), q)
    turn, names = torch.randperm(6), torch.tensor([2, 0, 1])
    assert torch.allclose(learner.predict(learner.adapt(s[:, turn], y[:, turn], way), q), scores, atol=1e-5)
    renamed = learner.predict(learner.adapt(s, names[y], way), q)
    assert torch.allclose(renamed[..., names], scores, atol=1e-5)
    assert torch.allclose(learner.predict(learner.adapt(s, y), q[:, 3:5]), scores[:, 3:5], atol=1e-5)
