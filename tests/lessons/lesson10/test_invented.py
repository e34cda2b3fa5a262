"""Invented languages, queries of several words, the network that writes a classifier, and the leaks that were found."""

import pytest
import torch

from course_lib import evaluate, fit
from course_lib.learners import NearestNeighbour
from course_lib.lessons.lesson10 import leaks
from course_lib.lessons.lesson10.exact_rule import count_pairs
from course_lib.lessons.lesson10.invented import Invented
from course_lib.lessons.lesson10.lists import by_class, over_languages, right_answers, together
from course_lib.lessons.lesson10.writer import Writer
from course_lib.sequences import CharCNN


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_words_have_the_letters_and_lengths_that_were_asked_for():
    episode = Invented(4, 3, 2, letters=5, length=6).sample(7, seeded())
    assert episode.support_x.shape == (7, 12, 6) and episode.query_x.shape == (7, 8, 6) and episode.way == 4
    assert episode.support_x.dtype == torch.int64
    assert set(episode.support_x.unique().tolist()) == {1, 2, 3, 4, 5}


def test_one_seed_gives_one_episode_and_shots_are_drawn_with_it():
    tasks = Invented(shot=(1, 3, 9))
    assert torch.equal(tasks.sample(2, seeded(5)).query_x, tasks.sample(2, seeded(5)).query_x)
    assert {tasks.sample(1, seeded(i)).support_x.shape[1] for i in range(40)} == {5, 15, 45}


def test_a_language_follows_its_table():
    """What follows each letter, in a thousand words of one language, against the row of its table."""
    tasks = Invented(2, 1000, 1, pool=2, letters=3, alpha=1.0)
    episode = tasks.sample(1, seeded())
    counts = count_pairs(episode.support_x, episode.support_y, 2, 3)[0]  # [way, letters, letters]
    shares = counts / counts.sum(-1, keepdim=True)
    errors = [(shares - tasks.pool[order]).abs().max() for order in ([0, 1], [1, 0])]  # labels are dealt per task
    assert min(errors) < 0.03 < max(errors)
    first = torch.bincount(episode.support_x[..., 0].flatten(), minlength=4)[1:] / 2000
    assert (first - 1 / 3).abs().max() < 0.04


def test_rows_vary_as_a_dirichlet_distribution_says():
    tables = Invented(alpha=0.3)._tables(5000, seeded())
    assert torch.allclose(tables.sum(-1), torch.ones(()).double())
    variance = (1 / 6) * (5 / 6) / (6 * 0.3 + 1)  # of an entry of a Dirichlet row
    assert tables.var().item() == pytest.approx(variance, rel=0.02)


def test_a_pool_holds_so_many_languages_and_the_seed_says_which():
    assert torch.equal(Invented(pool=4, seed=1).pool, Invented(pool=4, seed=1).pool)
    assert not torch.equal(Invented(pool=4, seed=1).pool, Invented(pool=4, seed=2).pool)
    with pytest.raises(ValueError):
        Invented(shot=0)


def test_words_together_multiply_their_probabilities():
    scores = torch.randn(2, 6, 4, dtype=torch.float64)
    p = scores.softmax(-1)
    for words in (1, 2, 3, 6):
        found = together(scores, words)
        assert found.shape == (2, 6 // words, 4)
        for task in range(2):
            for i in range(6 // words):
                product = p[task, i * words : (i + 1) * words].prod(0)
                assert torch.allclose(found[task, i].exp(), product)
    with pytest.raises(ValueError, match="6 queries"):
        together(scores, 4)


def test_right_answers_by_class_and_by_language():
    scores = torch.tensor([[[2.0, 0], [3, 0], [0, 1], [5, 0]], [[0.0, 1], [3, 0], [0, 1], [0, 1]]])
    labels = torch.tensor([[0, 0, 1, 1]] * 2)
    right = right_answers(scores, labels)
    assert right.tolist() == [[True, True, True, False], [False, True, True, True]]
    assert right_answers(scores, labels, 2).tolist() == [[True, False], [True, True]]
    by = by_class(right, 2)
    assert by.tolist() == [[1, 0.5], [0.5, 1]]
    assert over_languages(by, torch.tensor([[7, 3], [3, 9]])).tolist() == [0.5, 1.0, 1.0]  # 3, 7, 9


def test_the_writer_is_its_formula_and_its_support_set_is_a_set():
    torch.manual_seed(0)
    learner = Writer(CharCNN(6, features=8), features=8, hidden=5).double().eval()
    episode = Invented(3, 2, 4).sample(1, seeded())
    s, y, q = episode.support_x, episode.support_y, episode.query_x
    scores = learner.predict(learner.adapt(s, y, 3), q)
    z = learner.backbone(s[0])
    seen = torch.stack([torch.cat([z[y[0] == k].mean(0), torch.tensor([2.0]).double().log() / 2]) for k in range(3)])
    weights = learner.write(seen) + learner.skip(seen)
    assert torch.allclose(scores[0], learner.look(learner.backbone(q[0])) @ weights.T / 8**0.5)
    turn = torch.randperm(6)
    assert torch.allclose(learner.predict(learner.adapt(s[:, turn], y[:, turn], 3), q), scores)
    assert torch.allclose(learner.predict(learner.adapt(s, y, 3), q[:, 2:3]), scores[:, 2:3])


def test_the_writer_learns():
    torch.manual_seed(0)
    learner, tasks = Writer(CharCNN(6, features=16), features=16), Invented(3, 3, 5, alpha=0.1)
    before = evaluate(learner, tasks, 30).accuracy
    fit(learner, tasks, 60, meta_batch=4, lr=3e-3, device="cpu", progress=False)
    assert evaluate(learner, tasks, 30).accuracy > before + 0.15


def test_shared_words_and_overlap():
    lists = {"a": ["ja", "nein", "ja"], "b": ["ja", "no"], "c": ["no", "si", "ja"]}
    assert leaks.shared_words(lists) == {"ja": 3, "no": 2}
    assert leaks.overlap(lists["a"], lists["b"]) == 0.5 and leaks.overlap([], ["x"]) == 0


def test_the_leaks_that_were_found_are_those_of_the_lists_that_are_kept():
    found = leaks.read()
    assert found["languages"] == 213 and 60 < found["percent_shared"] < 70
    assert all(len(words) == len(set(words)) for words in found["lists"].values())
    first, second, percent = found["copies"][0]
    assert round(100 * leaks.overlap(found["lists"][first], found["lists"][second]), 1) == percent
    word, times = found["most_shared"][0]
    assert times > 100 and sum(word in words for words in found["lists"].values()) >= 8


def test_words_are_not_compared_as_pixels():
    with pytest.raises(ValueError, match="floating point"):
        evaluate(NearestNeighbour(), Invented(), 1)
