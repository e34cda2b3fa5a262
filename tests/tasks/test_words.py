"""Words: the table, the walls, and what an episode holds."""

from collections import Counter
from math import comb

import pytest
import torch

from course_lib import Episode
from course_lib.lessons.lesson10.folding import decode, fold
from course_lib.paths import data_dir
from course_lib.tasks import Words
from course_lib.tasks.words import LONGEST, SPLITS, TEST, VALIDATION, encode, read_languages, words_of

TABLE = read_languages()


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_table_is_small_and_holds_words_of_one_language_each():
    assert (data_dir() / "words.txt").stat().st_size < 500_000
    times = Counter(word for language in TABLE for word in language.words)
    assert len(TABLE) == 134 and len(times) == 49_671 and set(times.values()) == {1}
    for language in TABLE:
        assert len(language.words) >= 60 and list(language.words) == sorted(language.words)
        assert all(4 <= len(word) <= LONGEST and fold(word) == word for word in language.words)
    assert [language.code for language in TABLE] == sorted(language.code for language in TABLE)


def test_a_branch_is_in_one_family():
    assert len({language.branch for language in TABLE}) == len({(x.branch, x.family) for x in TABLE})


def test_no_word_is_in_two_splits_and_every_wall_stands_where_it_is_said():
    split = {name: words_of(name) for name in SPLITS}
    of = {language.code: language for language in TABLE}
    words = [word for lists in split.values() for words in lists.values() for word in words]
    assert len(words) == len(set(words))
    assert set(split["words"]) <= set(split["train"])  # the same languages, other words
    languages = [set(split[name]) for name in ("train", "validation", "languages", "families")]
    assert sum(map(len, languages)) == len(set().union(*languages)) == len(TABLE)
    families = [{of[code].family for code in codes} for codes in languages]
    assert families[2] <= families[0] and families[3] == set(TEST) and families[1] == set(VALIDATION)
    assert not families[0] & (families[1] | families[3]) and not families[1] & families[3]
    near = {of[code].branch for code in split["languages"]}
    assert near <= {of[code].branch for code in split["train"]}  # each has relatives in training
    assert [len(lists) for lists in split.values()] == [81, 7, 64, 18, 28]


def test_words_that_are_held_back_are_a_quarter_and_together_with_the_others_all():
    for language in TABLE:
        known, new = (words_of(split).get(language.code, ()) for split in ("train", "words"))
        if new:
            assert sorted(known + new) == list(language.words) and len(new) == -(-len(language.words) // 4)
        elif known:
            assert known == language.words and len(known) < 120


@pytest.mark.parametrize("word, folded", [
    ("Përshëndetje", "pershendetje"), ("Ærø", "aero"), ("łódź", "lodz"), ("ĳs", "ijs"), ("ŋɔɛ", "noe"),
    ("straße", "strasse"), ("oʻzbek", "ozbek"), ("İstanbul", "istanbul"), ("", ""), ("привет", None), ("a b", None),
    ("λ", None), ("co-op", None),
])  # fmt: skip
def test_folding(word, folded):
    assert fold(word) == folded


def test_letters_are_numbers_and_back():
    x = encode(["abz", "a"])
    assert x.tolist() == [[1, 2, 26], [1, 0, 0]] and x.dtype == torch.int64 and decode(x) == ["abz", "a"]
    assert encode(["ab"], 4).tolist() == [[1, 2, 0, 0]] and encode([], 3).shape == (0, 3)
    for wrong in (["é"], ["a b"], ["A"], ["a`"]):
        with pytest.raises(ValueError, match="letters a to z"):
            encode(wrong)
    with pytest.raises(ValueError, match="3 at most"):
        encode(["long"], 3)


@pytest.mark.parametrize("split", SPLITS)
def test_an_episode_holds_words_of_the_languages_that_are_said(split):
    tasks = Words(5, 3, 4, split)
    episode, languages = tasks.draw(6, seeded())
    assert isinstance(episode, Episode) and episode.way == 5
    assert episode.support_x.shape == (6, 15, LONGEST) and episode.query_x.shape == (6, 20, LONGEST)
    assert episode.support_x.dtype == torch.int64 and languages.shape == (6, 5)
    lists = words_of(split)
    for task in range(6):
        assert len(set(languages[task].tolist())) == 5
        for part in ("support", "query"):
            x, y = (getattr(episode, f"{part}_{axis}")[task] for axis in "xy")
            for word, label in zip(decode(x), y.tolist(), strict=True):
                assert word in lists[tasks.names[languages[task, label]]]
        both = decode(torch.cat([episode.support_x[task], episode.query_x[task]]))
        assert len(both) == len(set(both))  # no query is in the support set, and no word comes twice


def test_one_seed_gives_one_episode_and_sample_is_draw():
    tasks = Words(5, 2, 3)
    one, two, other = tasks.sample(3, seeded()), tasks.draw(3, seeded())[0], tasks.sample(3, seeded(1))
    assert all(torch.equal(a, b) for a, b in zip(one.tensors(), two.tensors(), strict=True))
    assert not torch.equal(one.support_x, other.support_x)


def test_every_word_of_a_language_is_equally_likely():
    lists = {"a": ["aaaa", "aaab", "aaac"], "b": ["bbba", "bbbb"]}
    words = decode(Words(2, 1, 1, lists=lists).sample(600, seeded()).support_x.flatten(0, 1))
    times = Counter(words)
    for word, share in (("aaaa", 1 / 3), ("aaac", 1 / 3), ("bbba", 1 / 2)):
        below = sum(comb(600, k) * share**k * (1 - share) ** (600 - k) for k in range(times[word] + 1))
        assert 1e-4 < below < 1 - 1e-4


def test_lists_of_ones_own_and_too_few_words():
    own = Words(2, 1, 2, lists={"ours": ["ba", "ab", "aabb"], "theirs": ["zy", "yz", "zz"], "short": ["q"]})
    assert own.names == ["ours", "theirs"] and own.sample(1).support_x.shape == (1, 2, LONGEST)
    with pytest.raises(ValueError, match="a 3-way task needs 3 languages of 1 \\+ 2 words, but there are 2"):
        Words(3, 1, 2, lists={"ours": ["ba", "ab", "aabb"], "theirs": ["zy", "yz", "zz"], "short": ["q"]})


@pytest.mark.parametrize("how", [{"split": "test"}, {"way": 0}, {"shot": 1.5}, {"way": 40, "split": "families"}])
def test_what_cannot_be_is_refused(how):
    with pytest.raises(ValueError):
        Words(**how)
