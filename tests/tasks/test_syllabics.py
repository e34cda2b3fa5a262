"""Zero-shot tasks on Canadian syllabics, and how they are judged."""

import unicodedata

import pytest
import torch

from course_lib.models import Conv4
from course_lib.tasks import Syllabics
from course_lib.tasks.scripts.glyphs import line_map, open_font
from course_lib.tasks.syllabics import CONSONANTS, VOWELS


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def syllables(attributes):
    """`[..., 19]` descriptions as text, read without the code under test."""
    consonant, vowel = attributes[..., :15].argmax(-1).flatten(), attributes[..., 15:].argmax(-1).flatten()
    return [CONSONANTS[c] + VOWELS[v] for c, v in zip(consonant.tolist(), vowel.tolist(), strict=True)]


def test_an_episode_describes_its_classes_and_shows_images_of_them():
    tasks = Syllabics(way=4, query=3)
    episode = tasks.sample(5, seeded())
    assert episode.support_x.shape == (5, 4, 19) and episode.query_x.shape == (5, 12, 1, 28, 28) and episode.way == 4
    assert episode.support_y.tolist() == [[0, 1, 2, 3]] * 5
    assert episode.query_y.tolist() == [[0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]] * 5
    assert (episode.support_x.sum(-1) == 2).all() and (episode.support_x[..., :15].sum(-1) == 1).all()
    assert episode.query_x.min() >= 0 and episode.query_x.max() <= 1
    assert (episode.query_x.amax((2, 3, 4)) > 0.5).all()  # there is ink in every image
    again = tasks.sample(5, seeded())
    assert torch.equal(episode.query_x, again.query_x) and torch.equal(episode.support_x, again.support_x)
    for task in episode.support_x:
        assert len(set(syllables(task))) == 4


def test_names_attributes_and_characters_belong_together():
    tasks = Syllabics(60, 1, split="all")
    assert syllables(tasks.attributes) == tasks.names and len(set(tasks.names)) == 60
    assert (tasks.consonants, tasks.vowels) == (CONSONANTS, VOWELS)
    font = open_font("DejaVuSans")
    for name, maps in zip(tasks.names, tasks.images, strict=True):
        glyph = unicodedata.lookup(f"CANADIAN SYLLABICS {name}")
        assert torch.equal(maps[0], line_map([glyph], font)[0])


def test_an_image_shows_the_syllable_that_its_label_describes():
    tasks = Syllabics(60, 4, split="all")
    tasks.slant = tasks.wobble = 0.0
    episode = tasks.sample(1, seeded())
    drawn = torch.nn.functional.adaptive_avg_pool2d(tasks.images[:, 0].float() / 255, 28).flatten(1)  # [60, 784]
    written = episode.query_x.flatten(2)[0].view(60, 4, 784).mean(1)
    nearest = torch.nn.functional.normalize(written) @ torch.nn.functional.normalize(drawn).T  # [labels, classes]
    found = [tasks.names[i] for i in nearest.argmax(1)]
    hits = sum(a == b for a, b in zip(found, syllables(episode.support_x), strict=True))
    assert hits > 20  # of 60, where mixed-up labels would give about one; the hands move and scale


@pytest.mark.parametrize("holdout", range(4))
def test_every_consonant_and_vowel_of_a_held_out_syllable_is_seen_in_training(holdout):
    train, test, all_ = (Syllabics(2, 1, split=s, holdout=holdout) for s in ("train", "test", "all"))
    assert len(train.names) == 45 and len(test.names) == 15 and not set(train.names) & set(test.names)
    assert set(train.names) | set(test.names) == set(all_.names)
    assert (train.attributes[:, :15].sum(0) == 3).all() and (train.attributes[:, 15:].sum(0) >= 11).all()
    assert (test.attributes[:, :15].sum(0) == 1).all() and (test.attributes[:, 15:].sum(0) >= 3).all()
    assert train.seen.all() and not test.seen.any()
    assert {n for n, s in zip(all_.names, all_.seen, strict=True) if s} == set(train.names)
    drawn = syllables(train.sample(100, seeded()).support_x)
    assert set(drawn) <= set(train.names)


def test_each_syllable_is_held_out_once():
    parts = [Syllabics(2, 1, split="test", holdout=h).names for h in range(4)]
    assert sorted(sum(parts, [])) == sorted(Syllabics(2, 1, split="all").names)


@pytest.mark.parametrize("wrong, said", [
    ({"split": "validation"}, "split must be"),
    ({"holdout": 4}, "holdout must be"),
    ({"way": 16, "split": "test"}, "16-way task needs 16 classes"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(wrong, said):
    with pytest.raises(ValueError, match=said):
        Syllabics(**wrong)


def test_a_learner_reads_unseen_syllables():
    from course_lib.evaluation import evaluate
    from course_lib.learners.prototypical import PrototypicalNet
    from course_lib.training import fit

    torch.manual_seed(0)
    learner = PrototypicalNet(Conv4(32), "cosine", 0.1, attributes=19, features=32)
    fit(learner, Syllabics(45, 2), 60, lr=3e-3, progress=False, device="cpu")
    test = Syllabics(15, 5, split="test")
    told = evaluate(learner, test, 8).accuracy
    test.attributes = test.attributes.roll(1, 0)  # the same classes under wrong descriptions
    assert told > 0.15 and evaluate(learner, test, 8).accuracy < 0.12  # chance is 1 in 15
