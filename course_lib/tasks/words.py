"""Few-shot language identification: whose word is it? Real words of 134 languages, from the Unicode CLDR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_one_of, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode
from course_lib.paths import data_dir
from course_lib.tasks.sampler import pick_different, support_and_query

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 14  # letters of a word of the table
SPLITS = ("train", "validation", "words", "languages", "families")
VALIDATION = ("Turkic", "Basque", "Austroasiatic", "Quechuan")
TEST = ("Uralic", "Austronesian", "Afro-Asiatic", "Eskimo-Aleut", "Dravidian", "Tai-Kadai", "Tupian", "Je", "Siouan")


class Language(NamedTuple):
    """A language of the table: CLDR code, English name, branch ("Germanic"), family ("Indo-European"), sorted words."""

    code: str
    name: str
    branch: str
    family: str
    words: tuple[str, ...]


@cache
def read_languages() -> tuple[Language, ...]:
    """The table that ships, `data/words.txt`, by code. Each word is of one language; `tools/word_table.py` made it."""
    lines = (data_dir() / "words.txt").read_text(encoding="ascii").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(Language(*about, tuple(words.split())) for *about, words in rows)


def encode(words: Sequence[str], longest: int | None = None) -> Tensor:
    """Words in the letters a to z as numbers, int64: a is 1, z is 26, and 0 fills up behind the end (padding).

    Returns: `[words, longest]`, where `longest` is that of the longest word if it is not given.

    Raises:
        ValueError: for another letter, or a word that is longer than a row.
    """
    longest = max([*map(len, words), 1]) if longest is None else longest
    for word in words:
        if len(word) > longest or set(word) - set(LETTERS):
            raise ValueError(f"a word must have the letters a to z, {longest} at most, but it is {word!r}.")
    text = "".join(word.ljust(longest, "`") for word in words)  # the sign ` stands before a, as 0 before 1
    return torch.tensor(list(text.encode("ascii")), dtype=torch.long).sub(ord("`")).view(len(words), longest)


def words_of(split: str) -> dict[str, tuple[str, ...]]:
    """The words of each language in a split, by code. Where the wall stands between training and test is one word:

    - "train": languages of Indo-European, Niger-Congo, Nilotic, Songhay and Khoe, without what is held back below;
    - "words": other words of the same languages, a quarter of each list of 120 words or more;
    - "languages": other languages of the same families, each with relatives of its branch in training;
    - "families": families of which training has no language: Uralic, Austronesian, Afro-Asiatic and others;
    - "validation": Turkic, Basque, Vietnamese and Quechua.
    """
    check_one_of(SPLITS, split=split)
    branches, found = Counter(), {}
    for code, _, branch, family, words in read_languages():
        many = len(words) >= 120
        side = "validation" if family in VALIDATION else "families" if family in TEST else "train"
        if side == "train" and branches[branch] % 5 == 2:  # the third language of its branch, the eighth, and so on
            side = "languages"
        branches[branch] += 1
        if side == split == "train" and many:
            found[code] = tuple(word for i, word in enumerate(words) if i % 4)
        elif side == split:
            found[code] = words
        elif (side, split) == ("train", "words") and many:
            found[code] = words[::4]
    return found


class Words:
    """A distribution over tasks: some words of each of `way` languages, and whose word is this one?

    Args:
        way: languages in a task.
        shot: support words a language.
        query: query words a language. Queries of one language stand side by side, so that any `n` that divides `query`
            makes them queries of `n` words.
        split: "train", or where the wall stands between training and test: see `words_of`.
        device: where episodes are made.
        lists: words of one's own in place of a split, by the name of the language.

    Raises:
        ValueError: for an unknown split, or for fewer languages with enough words than a task needs.
    """

    def __init__(self, way=5, shot=5, query=10, split="train", device="cpu", *, lists=None):
        check_whole(way=way, shot=shot, query=query)
        lists = words_of(split) if lists is None else lists
        self.way, self.shot, self.query, self.split = way, shot, query, split
        self.names = [name for name, words in lists.items() if len(words) >= shot + query]
        if way > len(self.names):
            raise ValueError(f"a {way}-way task needs {way} languages of {shot} + {query} words, but there are "
                             f"{len(self.names)}; use fewer.")  # fmt: skip
        longest = max(LONGEST, *(len(word) for name in self.names for word in lists[name]))
        coded = [encode(lists[name], longest) for name in self.names]
        self.sizes = torch.tensor([len(words) for words in coded])  # [languages], words of each
        self.starts = self.sizes.cumsum(0) - self.sizes  # [languages], where each begins in x
        self.x = torch.cat(coded).to(pick_device(device))  # [words, letters]

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` tasks: support `[n_tasks, way * shot, letters]` and query `[n_tasks, way * query, letters]`,
        int64 with 0 behind the end of a word, ordered language by language."""
        return self.draw(n_tasks, generator)[0]

    def draw(self, n_tasks: int, generator: Generator | None = None) -> tuple[Episode, Tensor]:
        """What `sample` gives, and the languages of the classes: their places in `names`, `[n_tasks, way]`."""
        check_draw(n_tasks, generator)
        languages = pick_different((n_tasks,), len(self.names), self.way, generator)  # [tasks, way]
        chosen = pick_different((n_tasks, self.way), self.sizes[languages], self.shot + self.query, generator)
        x = self.x[(self.starts[languages].unsqueeze(-1) + chosen).to(self.x.device)]  # [tasks, way, words, letters]
        return Episode(*support_and_query(x, self.shot), self.way), languages

    def __repr__(self):
        return (f"Words({len(self.names)} languages of {self.split!r}, {self.way}-way {self.shot}-shot "
                f"{self.query}-query, {self.x.device})")  # fmt: skip
