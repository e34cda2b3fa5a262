"""What the word explorer shows: how each method shares its belief among languages, and which letters decided."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.plots import COLORS, new_figure

FOR, AGAINST = COLORS[5], COLORS[4]  # sky blue and amber: dark letters can be read on both
METHODS = ("plain counting", "learned prior")
BAR = {"plain counting": "#808080", "learned prior": COLORS[2]}


@dataclass(frozen=True)
class Answer:
    """What one method says of a query.

    Args:
        shares: `[way]` probabilities of the languages, which add up to 1.
        first, second: the places of the most and the second most likely.
        credit: for each query word an array `[letters]`: by how much, in nats, a letter speaks for the first language
            and against the second. All of them together are the logarithm of how many times likelier it is.
    """

    shares: np.ndarray
    first: int
    second: int
    credit: list[np.ndarray]


def answer_of(scores: list[list[np.ndarray]]) -> Answer:
    """What the n-grams of a query say.

    Args:
        scores: for each query word and each order k, `[windows, way]`: the logarithm of the probability that a language
            gives to an n-gram. The word has a border before and behind it; window j begins at place j, so that it
            covers the letters j - 1 ... j + k - 2, as far as there are letters.
    """
    total = sum(windows.sum(0) for word in scores for windows in word)  # [way]
    shares = np.exp(total - total.max())
    first, second = np.argsort(-total, kind="stable")[:2]
    credit = [spread([windows[:, first] - windows[:, second] for windows in word]) for word in scores]
    return Answer(shares / shares.sum(), int(first), int(second), credit)


def spread(evidence: list[np.ndarray]) -> np.ndarray:
    """Evidence of a word's n-grams, an array `[windows]` an order, divided evenly among the letters of each window.

    Borders get nothing. Returns `[letters]`; its sum is that of the evidence.
    """
    letters = len(evidence[0]) - 2  # a window of order 1 is one place, and two places are borders
    credit = np.zeros(letters)
    for k, row in enumerate(evidence, start=1):
        for j, value in enumerate(row):
            covered = [i for i in range(j - 1, j + k - 1) if 0 <= i < letters]
            for i in covered:
                credit[i] += value / len(covered)
    return credit


def tint(value: float, most: float) -> str:
    """The colour of a letter: the more it decides, the stronger."""
    color = np.array(to_rgb(FOR if value > 0 else AGAINST))
    part = min(1.0, abs(value) / max(most, 1e-9))
    return to_hex(1 + part * (color - 1))


def letters(words: list[str], answer: Answer) -> str:
    """The words of a query, each letter on its colour."""
    most = max(np.abs(part).max() for part in answer.credit)
    rows = []
    for word, credit in zip(words, answer.credit, strict=True):
        tiles = "".join(
            f'<span title="{value:+.2f}" style="display:inline-block;min-width:1.1em;padding:2px 3px;margin:1px;'
            f'text-align:center;background:{tint(value, most)};color:#111">{letter}</span>'
            for letter, value in zip(word, credit, strict=True)
        )  # fmt: skip
        rows.append(f'<div aria-label="{word}" style="font-size:18px;white-space:nowrap;overflow-x:auto">{tiles}</div>')
    return "".join(rows)


def key(names: list[str], answer: Answer) -> str:
    """What the colours of the letters mean."""
    sides = ((FOR, f"speaks for {names[answer.first]}"), (AGAINST, f"for {names[answer.second]}, the next likely"))
    return "".join(f'<span style="background:{color};color:#111;padding:0 5px;margin-right:8px">{escape(text)}</span>'
                   for color, text in sides)  # fmt: skip


def table(names: list[str], answers: dict[str, Answer]) -> str:
    """How sure each method is of each language, with bars."""
    head = "".join(f"<th>{method}</th>" for method in answers)
    rows = []
    for i, name in enumerate(names):
        cells = "".join(
            f'<td><span style="display:inline-block;height:10px;width:{110 * a.shares[i]:.0f}px;'
            f'background:{BAR[method]}"></span> {"●" * (i == a.first)} {100 * a.shares[i]:.0f} %</td>'
            for method, a in answers.items()
        )  # fmt: skip
        rows.append(f"<tr><th>{escape(name)}</th>{cells}</tr>")
    return f'<table style="width:100%"><tr><td></td>{head}</tr>{"".join(rows)}</table>'


def folded(names: list[str], kept: list[list[tuple[str, str]]]) -> str:
    """What folding made of each word: `(as typed, folded)`, which is "" where no letter is left."""
    rows = []
    for name, words in zip(names, kept, strict=True):
        said = ", ".join(f"{escape(a)} → {escape(b) or '<i>nothing</i>'}" for a, b in words if a != b)
        same = sum(a == b for a, b in words)
        unchanged = f"{same} word{'s' * (same != 1)} unchanged" if same else ""
        rows.append(f"<div><b>{escape(name)}</b>: {'; '.join(filter(None, (said, unchanged))) or 'no word'}</div>")
    return "".join(rows)


def draw_answers(names: list[str], support: list[list[str]], words: list[str], answers: dict[str, Answer] | None,
                 shown: str) -> Figure:  # fmt: skip
    """The same with matplotlib, for readers without a front end: boxes, letters of the query, and shares.

    Args:
        names: of the languages that have words.
        support: their words, folded.
        words: of the query, folded.
        answers: of each method; `None` where there is nothing to answer.
        shown: the method whose letters are coloured.
    """
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.9, width_ratios=(1.35, 1))
    left.set(xlim=(0, 1), ylim=(0, 1))
    left.axis("off")
    for i, (name, known) in enumerate(zip(names, support, strict=True)):
        left.text(0, 0.97 - 0.1 * i, _fit(name, 16), weight="bold", va="center", fontsize=9)
        left.text(0.24, 0.97 - 0.1 * i, _fit("  ".join(known), 52), va="center", fontsize=9)
    place = np.arange(len(names))
    if answers:
        _draw_query(left, 0.92 - 0.1 * len(names), words, answers[shown])
        first, second = (names[i] for i in (answers[shown].first, answers[shown].second))
        left.text(0, 0.01, f"letters ({shown}): blue for {first}, amber for {second}", fontsize=9)
        for row, (method, a) in enumerate(answers.items()):
            right.barh(place + 0.4 * row - 0.2, 100 * a.shares, 0.36, color=BAR[method], label=method)
        right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    right.set(xlim=(0, 100), xlabel="how sure, %")
    right.set_yticks(place, [_fit(name, 16) for name in names])
    right.invert_yaxis()
    return figure


def _draw_query(ax, top: float, words: list[str], answer: Answer):
    most = max(np.abs(part).max() for part in answer.credit)
    step = min(0.09, 0.42 / len(words))
    longest = max(map(len, words))
    wide = min(0.045, 0.76 / longest)
    ax.text(0, top, "query", weight="bold", va="center", fontsize=9)
    for row, (word, credit) in enumerate(zip(words, answer.credit, strict=True)):
        for column, (letter, value) in enumerate(zip(word, credit, strict=True)):
            x, y = 0.24 + wide * column, top - step * row
            ax.add_patch(Rectangle((x, y - 0.45 * step), 0.9 * wide, 0.9 * step, color=tint(value, most)))
            ax.text(x + 0.45 * wide, y, letter, ha="center", va="center", fontsize=11 if longest < 18 else 6)


def _fit(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
