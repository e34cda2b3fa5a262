"""Words of one language: what must hold of any lists, against plain loops."""

import random

import pytest

from course_lib.lessons.lesson10 import leaks
from course_lib.lessons.lesson10.one_language import words_of_one_language


def some_lists(seed):
    """Lists that share words, some of them copies, with capitals and repeated words."""
    draw = random.Random(seed)
    words = [a + b for a in "kmpst" for b in "aeiou"]
    lists = {name: draw.sample(words, draw.randint(2, 12)) for name in "ABCDEF"}
    lists["G"] = [*lists["A"], draw.choice(words)]
    return {name: [w.upper() if draw.random() < 0.3 else w for w in own + own[:2]] for name, own in lists.items()}


def by_hand(languages, copy):
    kept = []
    for name, words in languages.items():
        own = sorted({word.lower() for word in words})
        if not any(sum(word in other for word in own) / len(own) >= copy for _, other in kept):
            kept.append((name, own))
    return {name: [w for w in own if sum(w in other for _, other in kept) == 1] for name, own in kept}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("copy", [0.5, 0.75, 1.0])
def test_it_is_a_plain_loop(seed, copy):
    languages = some_lists(seed)
    found = words_of_one_language(languages, str.lower, copy)
    assert found == by_hand(languages, copy) and list(found) == list(by_hand(languages, copy))


def test_what_folding_leaves_nothing_of_is_left_out():
    folds = {"kala": "kala", "кала": None, "'": ""}
    assert words_of_one_language({"A": list(folds), "B": ["kala2"]}, lambda w: folds.get(w, w)) == {
        "A": ["kala"], "B": ["kala2"],
    }  # fmt: skip


def test_a_list_of_which_folding_leaves_nothing_is_no_copy():
    languages = {"A": ["kala"], "B": ["кала"], "C": ["kuu"]}
    found = words_of_one_language(languages, lambda word: word if word.isascii() else None)
    assert found == {"A": ["kala"], "B": [], "C": ["kuu"]}


def test_a_copy_takes_all_words_of_a_language_unless_it_goes_first():
    lists = leaks.read()["lists"]
    pair = {code: lists[code] for code in ("cgg", "nyn")}
    assert list(words_of_one_language(pair, str)) == ["cgg"]
    assert words_of_one_language(pair, str)["cgg"] == sorted(set(pair["cgg"]))
    both = words_of_one_language(pair, str, 1.1)  # no list is a copy
    assert len(both["cgg"]) < 10 and len(both["nyn"]) < 10
