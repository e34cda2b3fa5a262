"""What the person explorer shows: a person's recordings with calibration windows, and the ten people's scores."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.figure import Figure

from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import LEFT, TOP, Panel, outline

AXES = dict(zip("xyz", (COLORS[0], COLORS[1], COLORS[2]), strict=True))  # of the accelerometer
CALIBRATION, ASKED = "#f5efdc", "#ececec"  # where calibration windows may lie, and where queries come from
WINDOW, GREY = "#E69F00", "#808080"
HEIGHT = 0.22  # of a row that 1 g fills, up and down
NAMES = 0.3  # of the longest recording: the space left of the signals, for the names of the exercises
TOP_SCORE = 111  # %, where the columns end: above 100 stand the means
CHANCE = 100 / 7
TALL, GRIP = 18, 12  # pixels: half the height of a window, and how far beside it the mouse still holds it


@dataclass(eq=False)
class Strip:
    """One person's seven recordings, and a calibration window in each.

    Args:
        signals: for each exercise acceleration in g, `[length, 3]`.
        names: the exercises.
        rate: measurements a second.
        parts: `[7, 2]`, seconds: where calibration ends and where the queries begin; both end with the recording.
        middles: `[7]`, seconds: the middle of each window.
        seconds: how long the windows are.
        labelled: `[7]`, bool: which exercises the person has labelled.
        chosen: the window that arrow keys move.
    """

    signals: list[np.ndarray]
    names: list[str]
    rate: float
    parts: np.ndarray
    middles: np.ndarray
    seconds: float
    labelled: list[bool]
    chosen: int

    @property
    def longest(self) -> float:
        """Seconds of the longest recording."""
        return max(map(len, self.signals)) / self.rate

    def second(self, right: float) -> float:
        """The second at a place from 0 to 1 across the picture."""
        return ((1 + NAMES) * right - NAMES) * self.longest

    def level(self, row: int) -> float:
        """The middle of a row, from the bottom up."""
        return len(self.signals) - row - 0.5

    def line(self, row: int, axis: int) -> tuple[np.ndarray, np.ndarray]:
        """A signal as it is drawn in its row: times, heights. Every second measurement is enough."""
        values = self.signals[row][::2, axis]
        heights = self.level(row) + (HEIGHT * values).clip(-0.48, 0.48)
        return np.arange(len(values)) * 2 / self.rate, heights

    def shades(self, row: int) -> list[tuple[float, float, str]]:
        """From where to where, in seconds, a row has which colour."""
        ends, begins = self.parts[row]
        return [(0, ends, CALIBRATION), (begins, len(self.signals[row]) / self.rate, ASKED)]


def draw_signals(panel: Panel, strip: Strip) -> tuple[str, str]:
    """All but the windows: SVG, axes. It changes with the person, the arm and the signs alone."""
    rows = len(strip.signals)
    panel.scale((-NAMES * strip.longest, strip.longest), (0, rows))
    drawn, axes = [], panel.axes("seconds", "", np.arange(0, strip.longest, 10), [])
    for row, name in enumerate(strip.names):
        for start, end, color in strip.shades(row):
            (left, bottom), (right, top) = panel.place([start, end], [strip.level(row) - 0.47, strip.level(row) + 0.47])
            drawn.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
                         f'height="{bottom - top:.1f}" fill="{color}"/>')  # fmt: skip
        for axis, color in enumerate(AXES.values()):
            at = panel.place(*strip.line(row, axis))
            drawn.append(f'<path d="{outline(at)}" fill="none" stroke="{color}" stroke-width="1.1"/>')
        x, y = panel.place([-0.01 * strip.longest], [strip.level(row)])[0]
        drawn.append(f'<text class="side" style="fill:#222" x="{x:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
    return "".join(drawn), axes


def draw_windows(panel: Panel, strip: Strip) -> str:
    """The calibration windows, to be dragged along their rows; those without a label are pale and dashed."""
    drawn, width = [], strip.seconds / strip.longest / (1 + NAMES) * panel.width
    for row, labelled in enumerate(strip.labelled):
        ((x, y),) = panel.place([strip.middles[row]], [strip.level(row)])
        box = f'x="{-width / 2:.1f}" y="{-TALL}" width="{width:.1f}" height="{2 * TALL}"'
        ring = f'x="{-width / 2 - 4:.1f}" y="{-TALL - 4}" width="{width + 8:.1f}" height="{2 * TALL + 8}"'
        looks = 'fill-opacity="0.45"' if labelled else 'fill-opacity="0.08" stroke-dasharray="4 3"'
        drawn.append(
            f'<g data-number="{row}" data-level="{y:.1f}" transform="translate({x:.1f},{y:.1f})"'
            f"{' class=chosen' * (row == strip.chosen)}>"
            f'<rect x="{-width / 2 - GRIP:.1f}" y="{-TALL}" width="{width + 2 * GRIP:.1f}" height="{2 * TALL}" '
            f'fill="transparent"/><rect class="ring" {ring} fill="none" stroke="black" stroke-width="2"/>'
            f'<rect class="window" {box} fill="{WINDOW}" stroke="black" {looks}/></g>'
        )
    return "".join(drawn)


def beside(n: int) -> np.ndarray:
    """Where the dots of n people stand beside the middle of a column, `[n]`: each person at a place of their own."""
    return np.linspace(-0.3, 0.3, n)


def draw_columns(panel: Panel, scores: dict[str, np.ndarray | None], person: int) -> tuple[str, str]:
    """A column a method: a dot a person, `[people]` in %, and a bar for their mean: SVG, axes."""
    panel.scale((-0.5, len(scores) - 0.5), (0, TOP_SCORE))
    drawn = [panel.line((-0.5, len(scores) - 0.5), (CHANCE, CHANCE), GREY, 1.5, "2 4")]
    axes = panel.axes("", "right, %", [], range(0, 101, 20))
    bottom = panel.place(np.arange(len(scores)), np.zeros(len(scores)))
    for column, (name, values) in enumerate(scores.items()):
        for i, word in enumerate(name.split(" + ") if " + " in name else name.split(" ", 1)):
            plus = "+ " * (i > 0 and " + " in name)
            axes += (f'<text x="{bottom[column, 0] + LEFT:.1f}" y="{bottom[column, 1] + TOP + 17 + 14 * i:.1f}">'
                     f"{plus}{escape(word)}</text>")  # fmt: skip
        if values is None:
            ((x, y),) = panel.place([column], [50])
            drawn.append(f'<text style="fill:#555" x="{x:.1f}" y="{y:.1f}">press Train</text>')
            continue
        at = panel.place(column + beside(len(values)), values)
        for i, (x, y) in enumerate(at):
            ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{COLORS[1]}" stroke-width="2.5"/>'
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLORS[0]}" opacity="0.8"/>'
                         + ring * (i == person))  # fmt: skip
        mean = values.mean()
        drawn.append(panel.line((column - 0.38, column + 0.38), (mean, mean), "#000000", 3))
        ((x, y),) = panel.place([column], [104])
        drawn.append(f'<text style="fill:#111;font-weight:bold" x="{x:.1f}" y="{y:.1f}">{mean:.0f}</text>')
    return "".join(drawn), axes


def legend() -> str:
    """What the colours mean; on white, as the plots are."""

    def box(color: str, more: str = "") -> str:
        return (f'<span style="display:inline-block;width:20px;height:11px;vertical-align:middle;background:{color};'
                f'{more}"></span>')  # fmt: skip

    def line(color: str) -> str:
        return (f'<span style="display:inline-block;width:22px;vertical-align:middle;border-top:3px solid {color}">'
                "</span>")  # fmt: skip

    def dot(inside: str) -> str:
        return f'<svg width="18" height="18" viewBox="-9 -9 18 18" style="vertical-align:middle">{inside}</svg>'

    ringed = (f'<circle r="4" fill="{COLORS[0]}"/><circle r="7.5" fill="none" stroke="{COLORS[1]}" '
              'stroke-width="2.5"/>')  # fmt: skip
    items = [*((line(color), f"acceleration {name}") for name, color in AXES.items()),
             (box(WINDOW, "opacity:0.6;border:1px solid black"), "calibration window"),
             (box(CALIBRATION, "border:1px solid #ccc"), "where it may lie"), (box(ASKED), "queries"),
             (dot(f'<circle r="4" fill="{COLORS[0]}"/>'), "a person"), (dot(ringed), "the person shown"),
             (line("#000000"), "mean of the ten")]  # fmt: skip
    return " ".join(f"<span>{mark} {text}</span>" for mark, text in items) + " <span>dotted: guessing</span>"


def draw_bench(strip: Strip, scores: dict[str, np.ndarray | None], person: int, said: str) -> Figure:
    """Both with matplotlib, for readers without a front end; `said` stands below."""
    figure, (left, right) = new_figure(1, 2, width=11, height=5.2, width_ratios=(1.35, 1))
    for row in range(len(strip.signals)):
        level, middle = strip.level(row), strip.middles[row]
        for start, end, color in strip.shades(row):
            left.fill_between((start, end), level - 0.47, level + 0.47, color=color, lw=0)
        for axis, (name, color) in enumerate(AXES.items()):
            left.plot(*strip.line(row, axis), color=color, lw=0.7, label=name if row == 0 else None)
        edges = middle - strip.seconds / 2, middle + strip.seconds / 2
        alpha, dash = (0.5, "-") if strip.labelled[row] else (0.1, "--")
        left.fill_between(edges, level - 0.45, level + 0.45, edgecolor="black", facecolor=WINDOW, alpha=alpha, ls=dash,
                          zorder=3)  # fmt: skip
    left.set_yticks([strip.level(row) for row in range(len(strip.signals))], strip.names)
    left.set(xlim=(0, strip.longest), ylim=(0, len(strip.signals)), xlabel="seconds",
             title=f"person {person + 1}: acceleration, calibration windows")  # fmt: skip
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, fontsize=8)
    right.axhline(CHANCE, color=GREY, ls=":")
    for column, values in enumerate(scores.values()):
        if values is None:
            right.text(column, 50, "press\nTrain", ha="center", color="#555555", fontsize=9)
            continue
        x = column + beside(len(values))
        right.plot(x, values, "o", color=COLORS[0], ms=4, alpha=0.8)
        right.plot(x[person], values[person], "o", mfc="none", mec=COLORS[1], mew=2, ms=10)
        right.plot((column - 0.38, column + 0.38), [values.mean()] * 2, color="black", lw=2.5)
        right.text(column, 104, f"{values.mean():.0f}", ha="center", weight="bold")
    names = [name.replace(" + ", "\n+ ").replace("from ", "from\n") for name in scores]
    right.set_xticks(range(len(scores)), names, fontsize=8)
    right.set(xlim=(-0.5, len(scores) - 0.5), ylim=(0, TOP_SCORE), yticks=range(0, 101, 20), ylabel="right, %",
              title="ten people, each a dot")  # fmt: skip
    figure.supxlabel(textwrap.fill(said, 150), fontsize=9)
    return figure
