"""Words as they are written, and as the learner sees them."""

from __future__ import annotations

import unicodedata

from torch import Tensor

from course_lib.tasks.words import LETTERS

_AS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ɲ": "ny", "ƿ": "w", "ɟ": "j"}
_AS |= {mark: "" for mark in "'’ʻʼʹʿʾꞌɂʔǀǁǂǃ·"}  # apostrophes, glottal stops and clicks
_AS |= dict(zip("øđðłıŋəɛɔɓɗƙƴħŧɖƒɣʋĸǝɨʉɩǥ", "oddlineeobdkyhtdfgvkeiuig", strict=True))


def fold(word: str) -> str | None:
    """A word in the letters a to z: marks and apostrophes go, "Ærø" is "aero". `None` if a letter has no such form.

    >>> fold("Përshëndetje"), fold("привет")
    ('pershendetje', None)
    """
    bare = (ch for ch in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.category(ch).startswith("M"))
    folded = "".join(_AS.get(ch, ch) for ch in bare)
    return None if set(folded) - set(LETTERS) else folded


def decode(x: Tensor) -> list[str]:
    """The words of `[words, longest]`, without padding."""
    return ["".join(chr(ord("`") + i) for i in row if i) for row in x.tolist()]
