"""What the wall explorer shows: accuracy by language and method on one side of a wall, in SVG and with matplotlib."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import Panel

UP, DOWN, GREY = COLORS[0], COLORS[1], "#808080"  # the network above plain counting, below it, and what is neither
ORDER = "languages, in the order of the network's gain"


@dataclass(frozen=True)
class Side:
    """Accuracy of three methods on the languages behind one wall, for one number of shots and of query words.

    Args:
        languages: their names.
        methods: the names of the methods, in the order of the columns: the first is what the others are compared with.
        scores: `[methods, languages]`, %; a mean over trainings, where there are several.
        chance: accuracy of guessing, %.
    """

    languages: list[str]
    methods: list[str]
    scores: np.ndarray
    chance: float = 20.0

    @property
    def means(self) -> np.ndarray:
        """`[methods]`: each language counts once."""
        return self.scores.mean(1)

    @property
    def moves(self) -> np.ndarray:
        """`[languages]`: the last method minus the first, points."""
        return self.scores[-1] - self.scores[0]

    @property
    def order(self) -> np.ndarray:
        """The languages from the one that loses most to the one that gains most."""
        return np.argsort(self.moves, kind="stable")


def describe(side: Side, wall: str, chosen: str | None) -> str:
    """What is seen, in words."""
    first, last = side.methods[0], side.methods[-1]
    means = ", ".join(f"{name} {mean:.1f}" for name, mean in zip(side.methods, side.means, strict=True))
    up, order = int((side.moves > 0).sum()), side.order
    best, worst = order[-1], order[0]
    said = (f"Held back: {wall}. Right, in %, each language counting the same: {means}. The {last} is ahead of {first} "
            f"in {up} of {len(side.languages)} languages. Most in {side.languages[best]} ({side.moves[best]:+.0f} "
            f"points), least in {side.languages[worst]} ({side.moves[worst]:+.0f}).")  # fmt: skip
    if chosen in side.languages:
        values = side.scores[:, side.languages.index(chosen)]
        own = ", ".join(f"{name} {value:.0f}" for name, value in zip(side.methods, values, strict=True))
        said += f" {chosen}: {own}."
    return said


def span(sides: list[Side]) -> tuple[float, float]:
    """The accuracies that a panel must hold, so that all sides share one scale."""
    low, high = min(side.scores.min() for side in sides), max(side.scores.max() for side in sides)
    return 10 * np.floor(min(low, sides[0].chance) / 10), min(100.0, 10 * np.ceil(high / 10))


def reach(sides: list[Side]) -> float:
    """How far from 0 the panel of differences must go."""
    return float(10 * np.ceil(max(np.abs(side.scores[1:] - side.scores[0]).max() for side in sides) / 10))


def draw_columns(panel: Panel, side: Side, y: tuple[float, float], chosen: str | None) -> tuple[str, str]:
    """A thin line a language from column to column, a thick one for their mean: SVG, axes."""
    panel.scale((-0.5, len(side.methods) - 0.5), y)
    x = np.arange(len(side.methods))
    drawn = [panel.line((-0.5, len(x) - 0.5), [side.chance] * 2, GREY, 1.5, "2 4")]
    for name, values in zip(side.languages, side.scores.T, strict=True):
        if name != chosen:
            drawn.append(panel.line(x, values, GREY, 1, opacity=0.45))
    drawn.append(panel.line(x, side.means, "#000000", 3.5, spots=6))
    if chosen in side.languages:
        i = side.languages.index(chosen)
        color = UP if side.moves[i] > 0 else DOWN
        drawn.append(panel.line(x, side.scores[:, i], color, 4, "9 4", spots=5))
    for at, mean in zip(panel.place(x, side.means), side.means, strict=True):
        drawn.append('<text style="fill:#111;font-weight:bold;stroke:#fff;stroke-width:5px;paint-order:stroke" '
                     f'x="{at[0]:.1f}" y="{at[1] - 12:.1f}">{mean:.1f}</text>')  # fmt: skip
    axes = panel.axes("", "right, %", [], np.arange(y[0], y[1] + 1, 20))
    bottom = panel.place(x, np.full(len(x), y[0]))
    for at, name in zip(bottom, side.methods, strict=True):
        axes += f'<text x="{at[0] + 58:.1f}" y="{at[1] + 28:.1f}">{name}</text>'
    return "".join(drawn), axes


def draw_moves(panel: Panel, side: Side, y: float, chosen: str | None) -> tuple[str, str]:
    """By language, in order, the last method minus the first (spots), and the one between (rings): SVG, axes."""
    n = len(side.languages)
    panel.scale((0, n + 1), (-y, y))
    drawn = [panel.line((0, n + 1), (0, 0), "#000000", 1)]
    between = side.scores[1] - side.scores[0]
    for place, i in enumerate(side.order, start=1):
        color = UP if side.moves[i] > 0 else DOWN
        drawn.append(panel.line([place] * 2, [0, side.moves[i]], color, 2 if n > 30 else 4, opacity=0.7))
        at = panel.place([place] * 2, [side.moves[i], between[i]])
        marked = side.languages[i] == chosen
        drawn.append(f'<circle cx="{at[0, 0]:.1f}" cy="{at[0, 1]:.1f}" r="{7 if marked else 4}" fill="{color}"/>'
                     f'<circle cx="{at[1, 0]:.1f}" cy="{at[1, 1]:.1f}" r="{7 if marked else 4}" fill="none" '
                     'stroke="#000000" stroke-width="1.5"/>')  # fmt: skip
    return "".join(drawn), panel.axes(ORDER, f"points above {side.methods[0]}", [1, n],
                                      np.arange(-y, y + 1, 10 if y <= 30 else 20))  # fmt: skip


def draw_wall(side: Side, wall: str, y: tuple[float, float], far: float, chosen: str | None) -> Figure:
    """Both panels with matplotlib, for readers without a front end."""
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.8)
    x = np.arange(len(side.methods))
    for values in side.scores.T:
        left.plot(x, values, color=GREY, lw=0.8, alpha=0.45)
    left.plot(x, side.means, "o-", color="black", lw=3)
    for at, mean in zip(x, side.means, strict=True):
        left.annotate(f"{mean:.1f}", (at, mean), (0, 9), textcoords="offset points", ha="center", weight="bold",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85})  # fmt: skip
    left.axhline(side.chance, color=GREY, ls=":")
    left.set(xticks=x, xlim=(-0.4, len(x) - 0.6), ylim=y, ylabel="right, %", title=f"held back: {wall}")
    left.set_xticklabels(side.methods)
    if chosen in side.languages:
        i = side.languages.index(chosen)
        left.plot(x, side.scores[:, i], "s--", color=UP if side.moves[i] > 0 else DOWN, lw=2.5, label=chosen)
        left.legend()
    place, moves = np.arange(1, len(side.languages) + 1), side.moves[side.order]
    colors = [UP if move > 0 else DOWN for move in moves]
    right.bar(place, moves, color=colors, alpha=0.7, label=side.methods[-1])
    right.plot(place, (side.scores[1] - side.scores[0])[side.order], "o", mfc="none", color="black", ms=4,
               label=side.methods[1])  # fmt: skip
    right.axhline(0, color="black", lw=1)
    right.set(ylim=(-far, far), xlabel=ORDER, ylabel=f"points above {side.methods[0]}", xticks=[])
    right.legend(loc="upper left")
    return figure
