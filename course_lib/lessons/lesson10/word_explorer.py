"""The word explorer of lesson 10: words of your own in boxes, and whose word a query is, letter by letter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

import ipywidgets as w
import torch

from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson10 import word_picture as picture
from course_lib.lessons.lesson10.bayes import Prior
from course_lib.lessons.lesson10.counting import count_ngrams, naive_bayes, ngrams
from course_lib.lessons.lesson10.folding import fold
from course_lib.plots import png
from course_lib.tasks.sampler import pick_different
from course_lib.tasks.words import LETTERS, encode
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

BOXES, WORDS = 5, 5  # languages, and words of each, in a task that is drawn
MOST = 40  # letters of a word that are read: nobody types more by intent


class WordExplorer(Explorer, w.VBox):
    """Boxes of words, each of a language; a query of one or more words is named by two methods.

    Args:
        lists: words to draw tasks from, in the letters a to z, by the name of the language: BOXES or more languages of
            2 * WORDS words.
        priors: pseudo-counts by the name of the method, plain counting first.
        seed: which task comes first.

    In `answers` is what each method says, by its name; None while fewer than two boxes have words, or there is no
    query. In `message` what is seen, in words.

    Raises:
        ValueError: if there are too few languages or words to draw from.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]], priors: Mapping[str, Prior], seed: int = 0):
        self.lists = {name: words for name, words in lists.items() if len(words) >= 2 * WORDS}
        if len(self.lists) < BOXES:
            raise ValueError(f"{BOXES} languages with {2 * WORDS} words or more are needed, but there are "
                             f"{len(self.lists)}.")  # fmt: skip
        self.priors = dict(priors)
        self._make_controls()
        self.view = View(
            '<div class="row"><div class="wide"><div data-part="letters"></div><div data-part="key"></div>'
            '<div data-part="table"></div></div><div class="narrow"><b>What folding makes of the words</b>'
            '<div data-part="folded"></div></div></div><div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip
        self.new_task(seed)
        super().__init__([*(w.HBox(pair) for pair in zip(self.names, self.boxes, strict=True)), self.query,
                          w.Box([self.shown, self.asked, self.another, self.empty],
                                layout=w.Layout(flex_flow="row wrap")), self.view],
                         layout=w.Layout(max_width="1040px"))  # fmt: skip

    def _make_controls(self):
        style = {"description_width": "initial"}
        self.names = [w.Text(layout=w.Layout(width="150px"), placeholder=f"language {i + 1}") for i in range(BOXES)]
        self.boxes = [w.Text(layout=w.Layout(flex="1 1 auto", width="auto"), placeholder="its words")
                      for _ in range(BOXES)]  # fmt: skip
        self.query = w.Text(description="whose word?", style=style, layout=w.Layout(width="auto"),
                            placeholder="one word of one of these languages, or several")  # fmt: skip
        methods = list(self.priors)
        self.shown = w.ToggleButtons(
            options=methods,
            value=methods[-1],
            description="letters for",
            style=style | {"button_width": "auto"},
            layout=w.Layout(width="max-content"),
        )
        self.asked = w.Dropdown(options=[("1 word", 1), (f"{WORDS} words", WORDS)], value=1, description="query of",
                                style=style, layout=w.Layout(width="150px"))  # fmt: skip
        self.another = w.Button(description="Other languages", icon="refresh")
        self.empty = w.Button(description="Empty boxes", icon="eraser")
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.empty.on_click(lambda _: self.fill([""] * BOXES, [""] * BOXES, ""))
        self._listened = [*self.names, *self.boxes, self.query]
        for control in (*self._listened, self.shown):
            control.observe(self.redraw, "value")
        self.asked.observe(lambda _: self.new_task(self.seed), "value")

    def new_task(self, seed: int):
        """Take the languages, words and query that belong to `seed`."""
        self.seed, generator = seed, torch.Generator().manual_seed(seed)
        names = list(self.lists)
        names = [names[i] for i in pick_different((), len(names), BOXES, generator).tolist()]
        own = int(torch.randint(BOXES, (), generator=generator))
        chosen = []
        for name in names:
            places = pick_different((), len(self.lists[name]), 2 * WORDS, generator).tolist()
            chosen.append([self.lists[name][i] for i in places])
        self.truth = names[own]
        self.fill(names, [" ".join(words[:WORDS]) for words in chosen],
                  " ".join(chosen[own][WORDS : WORDS + self.asked.value]))  # fmt: skip

    def fill(self, names: Sequence[str], boxes: Sequence[str], query: str):
        """Put these texts in the boxes, and answer once."""
        for control in self._listened:
            control.unobserve(self.redraw, "value")
        for control, text in zip(self._listened, (*names, *boxes, query), strict=True):
            control.value = text
        for control in self._listened:
            control.observe(self.redraw, "value")
        self.redraw()

    def redraw(self, _=None):
        """Read the boxes and the query, and say whose it is."""
        typed = [read(box.value) for box in self.boxes]
        labels = [name.value.strip() or f"language {i + 1}" for i, name in enumerate(self.names)]
        folded = [[word for _, word in words if word] for words in typed]
        filled = [i for i, words in enumerate(folded) if words]
        asked = read(self.query.value)
        self.words = [word for _, word in asked if word]
        self.labels, self.support = [labels[i] for i in filled], [folded[i] for i in filled]
        self.answers = None
        if len(filled) > 1 and self.words:
            with one_thread():
                self.answers = {name: picture.answer_of(evidence(self.support, self.words, prior))
                                for name, prior in self.priors.items()}  # fmt: skip
        self.message = self._say()
        parts = {"letters": "", "key": "", "table": ""}
        if self.answers:
            answer = self.answers[self.shown.value]
            parts = {"letters": picture.letters(self.words, answer), "key": picture.key(self.labels, answer),
                     "table": picture.table(self.labels, self.answers)}  # fmt: skip
        self.view.show(folded=picture.folded([*labels, "query"], [*typed, asked]), said=escape(self.message), **parts)

    def _say(self) -> str:
        if not self.answers:
            return "Two boxes with words and a query are needed, in letters that can be folded to a to z."
        said = [f"{name} says {self.labels[a.first]} ({100 * a.shares[a.first]:.0f} %)"
                for name, a in self.answers.items()]  # fmt: skip
        return f"Whose is {' '.join(self.words)}? {'; '.join(said)}. {self._truth()}".strip()

    def _truth(self) -> str:
        """Of a task that was drawn and not changed: whose words they are."""
        drawn = self.truth in self.labels and set(self.words) <= set(self.lists.get(self.truth, ()))
        return f"The words are {self.truth}." if drawn else ""

    def draw(self):
        """The same with matplotlib, for readers without a front end."""
        return picture.draw_answers(self.labels, self.support, self.words, self.answers, self.shown.value)

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        return png(self.draw()), f"Words of some languages, a query, and how sure two methods are. {self.message}"


def read(text: str) -> list[tuple[str, str]]:
    """The words of a text, each as it was typed and folded: "" where it has a letter that cannot be folded.

    >>> read("Ærø, привет")
    [('Ærø', 'aero'), ('привет', '')]
    """
    words = [word for word in re.split(r"[\s,.;:!?()\d]+", text) if word]
    return [(word, (fold(word) or "")[:MOST]) for word in words]


def evidence(support: Sequence[Sequence[str]], words: Sequence[str], prior: Prior) -> list[list]:
    """What each n-gram of the query words says: see `answer_of`, which takes it.

    Args:
        support: folded words of each language.
        words: folded query words.
        prior: pseudo and total for order 1, 2, ...

    Returns: for each word and each order an array `[windows, way]` of logarithms; 0 where there is no n-gram.
    """
    known = encode([word for one in support for word in one])  # [n_support, length]
    labels = torch.cat([torch.full((len(one),), i) for i, one in enumerate(support)])[None]
    asked = encode(words)  # [words, longest]
    found: list[list] = [[] for _ in words]
    for order, (pseudo, total) in enumerate(prior, start=1):
        codes = ngrams(known, order, len(LETTERS))[None]  # [1, n_support, m]
        counts = count_ngrams(codes, labels, len(support), len(pseudo))
        windows = ngrams(asked, order, len(LETTERS))  # [words, windows]
        each = windows.reshape(1, -1, 1)  # each window is a query of its own
        scores = naive_bayes(counts, each, pseudo, total)[0].unflatten(0, windows.shape)  # [words, windows, way]
        for word, rows, of_word in zip(words, found, scores.numpy(), strict=True):
            rows.append(of_word[: len(word) + 3 - order])  # what is behind it is padding
    return found
