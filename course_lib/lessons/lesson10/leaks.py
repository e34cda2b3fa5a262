"""What leaks in lists of words: words that several languages share, and whole lists under two names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("leaks.json")


def shared_words(lists: Mapping[str, Collection[str]]) -> dict[str, int]:
    """The words that stand in the lists of two languages or more, and in how many.

    Args:
        lists: the words of each language, by its name. A word that stands twice in one list counts once.

    >>> shared_words({"Finnish": ["panama", "kreikka"], "Estonian": ["panama", "kreeka"]})
    {'panama': 2}
    """
    times = Counter(word for words in lists.values() for word in sorted(set(words)))
    return {word: n for word, n in times.items() if n > 1}


def overlap(first: Collection[str], second: Collection[str]) -> float:
    """Which part of the shorter of two lists stands in the other one too, 0 to 1."""
    first, second = set(first), set(second)
    return len(first & second) / max(1, min(len(first), len(second)))


def read() -> dict:
    """What `tools/word_table.py` found before it took the leaks out.

    Returns: "babel", its version; how many "languages" and "words", and how many "different" words; "percent_shared",
        the part of the words that stand in another language, too; "most_shared", pairs of a word and in how many
        languages; "copies", the pairs of languages that overlap most: two codes and a percentage; "left_out", codes
        without a family; "lists", all the words of a few languages, by code.
    """
    found = json.loads(TABLE.read_text(encoding="ascii"))
    return found | {"lists": {code: words.split() for code, words in found["lists"].items()}}
