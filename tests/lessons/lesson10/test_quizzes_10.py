"""What the quizzes of lesson 10 say is true."""

import torch
from torch import nn

from course_lib import evaluate
from course_lib.lessons.lesson10.bayes import ExactBayes, NaiveBayes, prior_of
from course_lib.lessons.lesson10.exact_rule import markov_scores
from course_lib.lessons.lesson10.invented import Invented
from course_lib.lessons.lesson10.lists import together
from course_lib.lessons.lesson10.quizzes import QUIZZES
from course_lib.sequences import CharCNN
from course_lib.tasks import Words
from course_lib.tasks.words import encode, words_of


def test_the_mean_over_padding_depends_on_the_batch_and_the_masked_one_does_not():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Embedding(27, 8, padding_idx=0), nn.Linear(8, 8)).eval()
    alone, together_ = (network(encode(words))[0].mean(0) for words in (["kala"], ["kala", "kuningaskunta"]))
    assert len("kala") == 4 and len("kuningaskunta") == 13
    assert (alone - together_).abs().max() > 0.05
    assert encode(["kala"])[0].ne(0).all()
    sound = CharCNN().eval()
    torch.testing.assert_close(sound(encode(["kala"])), sound(encode(["kala", "kuningaskunta"]))[:1])


def test_five_words_that_agree():
    logs = torch.tensor([[0.6, 0.4]]).log().expand(5, 2).unsqueeze(0)
    sure = together(logs, 5).softmax(-1)[0, 0, 0].item()
    assert QUIZZES["five that agree"].right == f"{100 * sure:.0f} %" == "88 %"
    assert round(0.6**5 / 0.4**5, 1) == 7.6 and f"{100 * (1 - 0.4**5):.0f} %" == "99 %"


def joint(counts, words, a):
    """The log probability of several words one after the other, each counted before the next is read."""
    score, seen = 0.0, counts.clone()
    for word in words:
        score = score + markov_scores(seen[None, None], word.view(1, 1, -1), a).item()
        for i, j in zip(word[:-1] - 1, word[1:] - 1, strict=True):
            seen[i, j] += 1
    return score


def test_five_words_of_one_invented_language_are_more_probable_than_their_product():
    task = Invented(1, 1, 5).sample(20, torch.Generator().manual_seed(0))
    counts = torch.zeros(6, 6, dtype=torch.float64)
    gaps = []
    for words in task.query_x:
        alone = sum(joint(counts, words[i : i + 1], 0.3) for i in range(5))
        gaps.append(joint(counts, words, 0.3) - alone)
        assert abs(joint(counts, words, 0.3) - joint(counts, words.flip(0), 0.3)) < 1e-9
    assert sum(gaps) / 20 > 5 and min(gaps) > 0
    assert QUIZZES["all at once"].right.startswith("no: the words that were read")


def test_a_strong_prior_names_as_many_and_is_unsure():
    prior = [tuple(part.double() for part in pair) for pair in prior_of(words_of("train"))]
    episode = Words(5, 5, 10, "families").sample(20, torch.Generator().manual_seed(0))
    said = {}
    with torch.no_grad():
        for strength in (0.001, 1.0, 1e4):
            scores = NaiveBayes(prior, strength)(episode)
            right = (scores.argmax(-1) == episode.query_y).double().mean().item()
            said[strength] = right, scores.softmax(-1).amax(-1).mean().item()
        nothing = NaiveBayes(prior, 0.0)(episode)
    assert abs(said[1e4][0] - said[1.0][0]) < 0.04 and said[1.0][0] > 0.4
    assert said[1e4][1] < 0.21 < 0.6 < said[1.0][1] < 0.9 < said[0.001][1]
    assert (nothing == -torch.inf).all(-1).double().mean() > 0.99  # without a prior, every class is impossible


def test_the_wall_stands_where_the_quiz_says():
    lists = {split: words_of(split) for split in ("train", "words", "languages", "families")}
    assert lists["words"].keys() <= lists["train"].keys()
    for split in ("languages", "families"):
        assert not lists[split].keys() & lists["train"].keys()


def knows_the_pool(tasks, episode):
    """Right answers of whoever knows the tables of all the languages that can come, and thinks them equally likely."""
    logs = tasks.pool.clamp(min=1e-30).log()  # [languages, letters, letters]

    def of_words(x):
        return logs[:, x[..., :-1] - 1, x[..., 1:] - 1].sum(-1)  # [languages, tasks, words]

    support = of_words(episode.support_x).unflatten(2, (episode.way, -1)).sum(-1)  # [languages, tasks, way]
    of_class = support.log_softmax(0)
    scores = (of_words(episode.query_x).unsqueeze(3) + of_class.unsqueeze(2)).logsumexp(0)  # [tasks, queries, way]
    return (scores.argmax(-1) == episode.query_y).double().mean().item()


def test_whoever_knows_the_languages_beats_the_exact_rule_at_home():
    tasks = Invented(5, 1, 10, pool=90)
    home = tasks.sample(100, torch.Generator().manual_seed(1))
    exact = evaluate(ExactBayes(), tasks, 100, seed=1).mean
    assert knows_the_pool(tasks, home) > exact + 0.05
    abroad = Invented(5, 1, 10).sample(100, torch.Generator().manual_seed(2))
    away = (ExactBayes()(abroad).argmax(-1) == abroad.query_y).double().mean().item()
    assert knows_the_pool(tasks, abroad) < away - 0.05
    assert QUIZZES["better than the best"].right == "the exact rule is exact for another question"
