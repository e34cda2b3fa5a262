"""The word explorer without a browser: what it says is what naive Bayes says, and letters get all of the evidence."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson10.bayes import NaiveBayes, flat_prior
from course_lib.lessons.lesson10.word_explorer import BOXES, WORDS, WordExplorer, evidence, read
from course_lib.lessons.lesson10.word_picture import answer_of, folded, letters, spread, tint
from course_lib.tasks.words import encode

FLAT = flat_prior()
SUPPORT = [["kala", "talo", "jokitie"], ["hest", "skov", "blad"], ["casa", "perro"]]
LISTS = {name: [2 * name.lower() + a + end for a in "aeiou" for end in ("ra", "li", "to")]
         for name in ("Ka", "Le", "Mi", "No", "Pu", "Ri")}  # fmt: skip


def prior(seed):
    """A prior in which each n-gram has numbers of its own."""
    generator = torch.Generator().manual_seed(seed)
    return [(0.01 + torch.rand(27**k, generator=generator), 20 + torch.rand(27**k, generator=generator))
            for k in (1, 2, 3)]  # fmt: skip


@pytest.fixture
def explorer():
    return WordExplorer(LISTS, {"plain counting": FLAT, "learned prior": prior(0)}, seed=1)


@pytest.mark.parametrize("given", [FLAT, prior(1)])
def test_the_evidence_of_all_n_grams_is_the_score_of_naive_bayes(given):
    words = ["kalatalo", "ost", "a"]
    x, q = encode([word for one in SUPPORT for word in one], 14)[None], encode(words, 14)[None]
    labels = torch.tensor([[0, 0, 0, 1, 1, 1, 2, 2]])
    learner = NaiveBayes(given)
    scores = learner.predict(learner.adapt(x, labels), q)[0]  # [3 words, 3 languages]
    found = evidence(SUPPORT, words, given)
    assert np.allclose([sum(rows.sum(0) for rows in word) for word in found], scores.numpy(), atol=1e-4)
    answer = answer_of(found)
    assert np.allclose(answer.shares, scores.sum(0).softmax(0).numpy(), atol=1e-5)
    assert (answer.first, answer.second) == tuple(scores.sum(0).argsort(descending=True)[:2].tolist())


def test_letters_share_the_whole_difference_between_the_first_two():
    words = ["kalatalo", "ost"]
    answer = answer_of(evidence(SUPPORT, words, prior(2)))
    assert [len(part) for part in answer.credit] == [8, 3]
    odds = np.log(answer.shares[answer.first] / answer.shares[answer.second])
    assert sum(part.sum() for part in answer.credit) == pytest.approx(odds, abs=1e-4)


def test_evidence_goes_to_the_letters_that_an_n_gram_covers():
    one = [np.array([0, 1.0, 2.0, 0]), np.array([4.0, 6.0, 8.0]), np.array([10.0, 20.0])]  # a word of two letters
    assert spread(one).tolist() == [1 + 4 + 3 + 5 + 10, 2 + 3 + 8 + 5 + 10]


def test_colours_say_for_and_against_and_how_much():
    strong, weak, none, against = (tint(x, 2.0) for x in (2.0, 0.5, 0.0, -2.0))
    assert none == "#ffffff" and len({strong, weak, none, against}) == 4
    blue = [int(color[5:], 16) - int(color[1:3], 16) for color in (strong, weak, against)]
    assert blue[0] > blue[1] > 0 > blue[2]
    shown = letters(["ab"], answer_of(evidence(SUPPORT, ["ab"], FLAT)))
    assert shown.count("<span") == 2


def test_what_folding_does_is_said():
    assert read("Ærø,  привет 12 kala") == [("Ærø", "aero"), ("привет", ""), ("kala", "kala")]
    said = folded(["<b>", "B"], [read("Ærø привет kala"), []])
    assert "Ærø → aero" in said and "привет → <i>nothing</i>" in said and "1 word unchanged" in said
    assert "&lt;b&gt;" in said and "<b>B</b>: no word" in said


def test_a_drawn_task_has_words_of_its_languages_and_none_twice(explorer):
    assert len(set(explorer.labels)) == BOXES and explorer.truth in explorer.labels
    for asked in (1, WORDS):
        explorer.asked.value = asked
        for name, words in zip(explorer.labels, explorer.support, strict=True):
            assert len(set(words)) == WORDS and set(words) <= set(LISTS[name])
        own = explorer.support[explorer.labels.index(explorer.truth)]
        assert len(explorer.words) == asked and not set(own) & set(explorer.words)
        assert f"The words are {explorer.truth}" in explorer.message
    before = explorer.message
    explorer.another.click()
    assert explorer.seed == 2 and explorer.message != before


def test_two_friends_and_their_own_languages(explorer):
    explorer.fill(["Ann", "", "", "Bo", ""], ["zazo ziza", "", " ", "фyф, gugu gaga", ""], "ZÄZA")
    assert explorer.labels == ["Ann", "Bo"] and explorer.words == ["zaza"]
    assert all(answer.first == 0 for answer in explorer.answers.values())
    assert "plain counting says Ann" in explorer.message and "The words are" not in explorer.message
    assert "фyф → <i>nothing</i>" in explorer.view.parts["folded"]


def test_it_answers_once_for_each_change_and_each_control_counts(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr(explorer.view, "show", lambda **parts: shown.append(parts))
    explorer.another.click()
    assert len(shown) == 1
    explorer.shown.value = "plain counting"
    explorer.query.value += "x"
    explorer.names[0].value = "Another"
    assert len(shown) == 4 and shown[1]["letters"] != shown[0]["letters"] and shown[3]["table"] != shown[2]["table"]
    explorer.empty.click()
    assert len(shown) == 5 and shown[4]["table"] == "" and explorer.answers is None


@pytest.mark.parametrize(("boxes", "query"), [
    (["", "", "", "", ""], ""), (["kala", "", "", "", ""], "kala"), (["kala", "hest", "", "", ""], ""),
    (["kala", "слово", "", "", ""], "kala"), (["kala", "hest", "", "", ""], "слово"),
])  # fmt: skip
def test_too_little_is_one_sentence_and_still_a_picture(explorer, boxes, query):
    explorer.fill([""] * BOXES, boxes, query)
    png, alt = explorer.snapshot()
    assert explorer.answers is None and "Two boxes with words and a query are needed" in alt
    assert Image.open(io.BytesIO(png)).size[0] > 500


def test_a_very_long_word_a_word_of_one_letter_and_markup(explorer):
    explorer.fill(["<i>a</i>", *"bcde"], ["a" * 500, "b", "", "", ""], "abba b <script>")
    assert explorer.answers and "<script>" not in "".join(map(str, explorer.view.parts.values()))
    assert "<i>a</i>" not in explorer.view.parts["table"]


def test_the_picture_has_the_words_of_the_widget(explorer):
    png, alt = explorer.snapshot()
    assert explorer.message in alt and Image.open(io.BytesIO(png)).size[0] > 800


def test_too_few_languages_get_a_sentence():
    with pytest.raises(ValueError, match="5 languages with 10 words or more are needed, but there are 1"):
        WordExplorer({"Ka": LISTS["Ka"], "La": ["x"]}, {"plain counting": FLAT})
