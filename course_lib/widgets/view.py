"""Plots that Python draws as SVG and a browser shows: all changes in one message, and points to drag."""

from __future__ import annotations

from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.ticker import MaxNLocator

_HERE = Path(__file__).parent
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 8, 42  # around the plot, for numbers and labels
DASHED = "7 5"  # a line of dashes: lengths of stroke and gap


class View(anywidget.AnyWidget):
    """A page of HTML whose named parts change.

    Args:
        page: HTML. What has the attribute `data-part="name"` is filled with the part of that name.
        hear: called with what the learner does with points, a dict: see `SupportPoints.hear`.

    One comm message carries all parts: a message costs a browser and a server more than the drawing of a curve does.
    Only what is `kept` does not travel again when nothing but other parts change: for images.
    """

    _esm = (_HERE / "view.js").read_text(encoding="utf-8")
    _css = (_HERE / "view.css").read_text(encoding="utf-8")

    page = traitlets.Unicode().tag(sync=True)
    parts = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)

    def __init__(self, page: str, hear):
        super().__init__(page=page)
        self.on_msg(lambda _, content, __: hear(content))

    def show(self, kept: dict[str, str] | None = None, **parts: str):
        """Show HTML or SVG by name of the part. The number makes every answer a change: the browser waits for one."""
        with self.hold_sync():  # one message
            self.kept = self.kept if kept is None else kept
            self.parts = self.parts | parts | {"number": self.parts.get("number", 0) + 1}


class Panel:
    """A plot of `width` by `height`, in units that are pixels where there is space for them.

    `frame` is its place in a page. What its methods return is SVG for the parts `name` and `name-axes`.
    """

    def __init__(self, name: str, title: str, width: int, height: int, points: bool = False):
        self.width, self.height = width - LEFT - RIGHT, height - TOP - BOTTOM
        place = f'x="{LEFT}" y="{TOP}" width="{self.width}" height="{self.height}"'
        dots = f'<g data-part="points" transform="translate({LEFT},{TOP})"></g>' if points else ""
        self.frame = (
            f'<figure><b>{title}</b><svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
            f'<rect class="{"paper field" if points else "paper"}" {place}/><g data-part="{name}-axes"></g>'
            f'<svg {place}><g data-part="{name}"></g></svg>{dots}</svg></figure>'
        )

    def scale(self, x: tuple[float, float], y: tuple[float, float], log: bool = False):
        """The lowest and highest x and y; with `log`, y on a log scale."""
        self.log, y = log, np.log10(y) if log else y
        self.low, self.high = np.array([x[0], y[0]]), np.array([x[1], y[1]])

    def place(self, x, y) -> np.ndarray:
        """Numbers `[n]` to where they are drawn, `[n, 2]`: to the right and down."""
        at = (np.stack([x, np.log10(y) if self.log else y], 1) - self.low) / (self.high - self.low)
        return np.stack([at[:, 0], 1 - at[:, 1]], 1) * [self.width, self.height]

    def line(self, x, y, color: str, width: float, dash: str = "", opacity: float = 1, spots: float = 0) -> str:
        """A line through points `[n]`, `[n]`, with spots of this radius on them."""
        at = self.place(x, y)
        drawn = (f'<path d="{outline(at)}" fill="none" stroke="{color}" stroke-width="{width}" '
                 f'stroke-dasharray="{dash}" opacity="{opacity:.2f}"/>')  # fmt: skip
        return drawn + "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{spots}" fill="{color}"/>'
                               for a, b in (at if spots else ()))  # fmt: skip

    def axes(self, x: str, y: str, x_ticks, y_ticks) -> str:
        """Labels, and numbers at the ticks."""
        across = self.place(x_ticks, np.full(len(x_ticks), 10.0 ** self.low[1] if self.log else self.low[1]))[:, 0]
        down = self.place(np.full(len(y_ticks), self.low[0]), y_ticks)[:, 1] + TOP
        bottom = TOP + self.height
        drawn = [f'<path d="M{LEFT + a:.1f},{bottom}v5"/><text x="{LEFT + a:.1f}" y="{bottom + 17}">{tick:g}</text>'
                 for a, tick in zip(across, x_ticks, strict=True)]  # fmt: skip
        drawn += [f'<path d="M{LEFT},{b:.1f}h-5"/><text class="side" x="{LEFT - 8}" y="{b + 4:.1f}">{tick:g}</text>'
                  for b, tick in zip(down, y_ticks, strict=True)]  # fmt: skip
        return "".join(drawn) + (
            f'<path d="M{LEFT},{TOP}v{self.height}h{self.width}"/>'
            f'<text x="{LEFT + self.width / 2}" y="{bottom + 36}">{x}</text>'
            f'<text transform="translate(13,{TOP + self.height / 2}) rotate(-90)">{y}</text>'
        )


def round_ticks(low: float, high: float) -> list[float]:
    """Four or so round numbers between the two."""
    return [round(t, 9) for t in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]


def outline(at: np.ndarray) -> str:
    """The outline in SVG of a line through places `[n, 2]`."""
    return ("M" + "L%.1f,%.1f" * len(at) % tuple(at.flatten())).replace("ML", "M")
