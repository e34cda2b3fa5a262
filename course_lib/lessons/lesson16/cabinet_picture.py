"""What the cabinet explorer shows: the headline of a report and the readings of instruments; SVG and matplotlib."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from matplotlib.figure import Figure

from course_lib.lessons.lesson16.cabinet_results import Opened
from course_lib.lessons.lesson16.instruments import INSTRUMENTS
from course_lib.plots import COLORS, new_figure

READ, SAID, GREY = COLORS[0], COLORS[1], "#767676"
NOT_ACCURACY = ("overlap", "apart")  # percent of something else: not to be held against the headline
WIDTH, LEFT, RIGHT, HIGH, TOP = 470, 16, 350, 34, 42  # narrow: its words must be readable on a tablet
HEIGHT = TOP + HIGH * len(INSTRUMENTS) + 34


def words(values: Collection[float]) -> str:
    """A reading in words: "91 %", or "45 and 94 %"."""
    return " and ".join(f"{value:.0f}" for value in values) + " %"


def rows(row: Opened, opened: Collection[str], over: bool) -> str:
    """A line for each instrument, as SVG: what it reads where it was opened, or, when the case is over, in any case
    (then what was not paid for is grey)."""
    bottom = TOP + HIGH * len(INSTRUMENTS)
    drawn = [f'<path d="M{_x(p):.1f},{TOP - 6}V{bottom}" stroke="#ddd" stroke-width="1"/>'
             + _text(_x(p), bottom + 16, f"{p}", "#555") for p in range(0, 101, 25)]  # fmt: skip
    drawn.append(_text((LEFT + RIGHT) / 2, bottom + 31, "percent", "#555"))
    at = _x(row.headline[0])
    drawn.append(f'<path d="M{at:.1f},{TOP - 14}V{bottom}" stroke="{SAID}" stroke-width="2.5"/>')
    drawn.append(_text(at, 20, f"the report says {row.headline[0]:.0f} %", SAID, weight="bold"))
    for i, (name, instrument) in enumerate(INSTRUMENTS.items()):
        y, seen = TOP + HIGH * (i + 0.5) + 7.5, name in opened  # y: of the marks; their name stands above them
        drawn.append(f'<path d="M0,{TOP + HIGH * i}H{WIDTH}" stroke="#ddd" stroke-width="1"/>')
        drawn.append(_text(LEFT + 2, y - 10, instrument.label, "#111" if seen else "#555", "start"))
        if not (seen or over):
            drawn.append(_text(RIGHT + 14, y + 4, "not opened", GREY, "start"))
            continue
        color, values = READ if seen else GREY, row.readings[name]
        drawn.append(_mark(name, values, y, color))
        drawn.append(_text(RIGHT + 14, y + 4, words(values), color, "start", "bold" if seen else "normal"))
    return "".join(drawn)


def _mark(name: str, values: list[float], y: float, color: str) -> str:
    places = [_x(value) for value in values]
    if name in NOT_ACCURACY:
        return (f'<rect x="{places[0] - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="white" '
                f'stroke="{color}" stroke-width="2.5"/>')  # fmt: skip
    line = f'<path d="M{min(places):.1f},{y:.1f}H{max(places):.1f}" stroke="{color}" stroke-width="2.5"/>'
    return line + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{color}"/>' for x in places)


def _x(percent: float) -> float:
    return LEFT + (RIGHT - LEFT) * percent / 100


def _text(x: float, y: float, said: str, color: str, anchor: str = "middle", weight: str = "normal") -> str:
    style = f"fill:{color};text-anchor:{anchor};font-weight:{weight};paint-order:stroke;stroke:white;stroke-width:3px"
    return f'<text x="{x:.1f}" y="{y:.1f}" style="{style}">{escape(said)}</text>'


def draw_readings(row: Opened, opened: Collection[str], title: str = "") -> Figure:
    """The same with matplotlib: for readers without a front end, and for a figure of one report."""
    figure, ax = new_figure(width=7.5, height=3.6)
    ax.axvline(row.headline[0], color=SAID, lw=2, label=f"the report says {row.headline[0]:.0f} %")
    labels = [instrument.label for instrument in INSTRUMENTS.values()]
    for i, name in enumerate(INSTRUMENTS):
        if name not in opened:
            ax.text(50, i, f"not opened (price {INSTRUMENTS[name].price})", color=GREY, ha="center", va="center",
                    fontsize=9)  # fmt: skip
            continue
        values = row.readings[name]
        hollow = {"mfc": "white", "mew": 2} if name in NOT_ACCURACY else {}
        ax.plot(values, [i] * len(values), "s-" if hollow else "o-", color=READ, **hollow)
        ax.text(104, i, words(values), color=READ, va="center", fontsize=9)
    ax.set(xlim=(-3, 103), ylim=(len(labels) - 0.4, -0.6), xlabel="percent", title=title)
    ax.set_yticks(range(len(labels)), labels)
    figure.legend(loc="outside upper right", fontsize=9)
    return figure
