"""Leaks in lists of words: copies of a list, and words that stand in several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from course_lib.tasks.words import fold


def words_of_one_language(
    languages: dict[str, list[str]], fold: Callable[[str], str | None] = fold
) -> dict[str, list[str]]:
    """Of each language the words that name it: those that stand in no other language.

    1. What counts is what the learner will see, so all words are folded first. A word for which `fold` gives None, or
       nothing, is left out.
    2. A language whose words are all the same as those of an earlier one, in whatever order, is a copy. It is left out
       before words are compared: or both would lose every word.
    3. Of each language that is left stay the words that no other one has.

    Args:
        languages: for each language its words as they were found: in any order, and some of them several times.
        fold: gives the letters of a word that the learner will see, `fold("Mái") == "mai"`; None where it has others.

    Returns: for each language that is no copy, in the order of `languages`, its folded words, each once, in
    alphabetical order. A language that has no word of its own keeps an empty list.
    """
    kept: dict[str, set[str]] = {}
    for name, words in languages.items():
        folded = {fold(word) for word in words} - {None, ""}
        if folded not in kept.values():
            kept[name] = folded
    n_languages = Counter(word for words in kept.values() for word in words)
    return {name: sorted(word for word in words if n_languages[word] == 1) for name, words in kept.items()}
