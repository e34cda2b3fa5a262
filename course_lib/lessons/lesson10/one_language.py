"""Leaks in lists of words: copies of a list, and words that stand in several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable


def words_of_one_language(
    languages: dict[str, list[str]], fold: Callable[[str], str | None], copy: float = 0.9
) -> dict[str, list[str]]:
    """Of each language the words that name it: those that stand in no other language.

    1. What counts is what the learner will see, so all words are folded first. A word for which `fold` gives None, or
       nothing, is left out, and a word that is there twice counts once.
    2. Then, in the order of `languages`, copies are left out: a language is a copy if at least the share `copy` of its
       own words stands in the list of one language before it that was kept. If copies stayed, both would lose nearly
       every word in the next step. A language of which folding leaves no word is no copy.
    3. Of each language that is left stay the words that no other one has of those that are left.

    Args:
        languages: for each language its words as they were found: in any order, and some of them several times.
        fold: gives the letters of a word that the learner will see, `fold("Mái") == "mai"`; None where it has others.
        copy: the share of words from which a language is a copy.

    Returns: for each language that is no copy, in the order of `languages`, its own folded words, each once, in
    alphabetical order. A language that has no word of its own keeps an empty list.
    """
    kept: dict[str, set[str]] = {}
    for name, words in languages.items():
        folded = {fold(word) for word in words} - {None, ""}
        if not any(folded and len(folded & other) >= copy * len(folded) for other in kept.values()):
            kept[name] = folded
    n_languages = Counter(word for words in kept.values() for word in words)
    return {name: sorted(word for word in words if n_languages[word] == 1) for name, words in kept.items()}
