"""The three panels of the inner-loop explorer: curves, losses, and the path of the weights on the loss surface."""

from __future__ import annotations

import io
import math
from html import escape

import bqplot as bq
import ipywidgets as w
import numpy as np
import torch
from matplotlib.ticker import MaxNLocator
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from course_lib.widgets.descent import Descent, loss_surface, plane_of, window
from course_lib.widgets.points import GRID, HIGH

LEFT = 58  # pixels: from the left edge of a panel to its plot
GREY = "#808080"  # legible on white and on the dark theme
FAINT = 0.55  # opacity of the starts that were not chosen
PIXELS = (288, 480)  # height and width of the surface's image
BANDS = 10  # about so many shades of grey on the surface
EDGE = 255  # place in the palette of the line between two bands
HUGE = 1e3  # curves beyond this are out of sight, and a browser need not draw them farther


def _axes(scales: dict, x: str, y: str) -> list[bq.Axis]:
    common = {"grid_lines": "none", "tick_format": "~g", "label_color": GREY}
    return [bq.Axis(scale=scales["x"], label=x, label_offset="32px", **common),
            bq.Axis(scale=scales["y"], label=y, orientation="vertical", label_offset="42px", **common)]  # fmt: skip


def _ticks(low: float, high: float) -> list[float]:
    """Four or so round numbers between the two."""
    return [t for t in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]


def _fixed(low: float, high: float) -> bq.LinearScale:
    return bq.LinearScale(min=low, max=high, allow_padding=False)


def _figure(marks: list, axes: list, height: str) -> bq.Figure:
    return bq.Figure(marks=marks, axes=axes, animation_duration=0, background_style={"fill": "white"}, padding_y=0,
                     fig_margin={"top": 8, "bottom": 42, "left": LEFT, "right": 12}, display_toolbar=False,
                     layout=w.Layout(width="auto", height=height, min_width="0", align_self="stretch"))  # fmt: skip


def _set(mark: bq.Mark, **values):
    """Change several traits of a mark in one message."""
    with mark.hold_sync():
        for name, value in values.items():
            setattr(mark, name, value)


def fade(n: int) -> list[float]:
    """Opacities of `n` curves, from the first step to the last but one: later ones are stronger."""
    return [0.15 + 0.6 * (i + 1) / n for i in range(n)]


class Curves:
    """The true curve, the chosen start's curve after every step, and the last curves of the other starts."""

    def __init__(self):
        self.scales = {"x": _fixed(-5, 5), "y": _fixed(-HIGH, HIGH)}
        grid = GRID.flatten().numpy()

        def lines(**options):
            return bq.Lines(x=grid, y=0 * grid, scales=self.scales, **options)

        self.truth = lines(colors=["#bbbbbb"], stroke_width=6)
        self.others = lines(stroke_width=2, line_style="dashed", visible=False)
        self.first = lines(stroke_width=2, line_style="dotted")
        self.between = lines(stroke_width=1.5)
        self.last = lines(stroke_width=3)
        self.marks = [self.truth, self.others, self.first, self.between, self.last]

    def make(self, marks: list[bq.Mark]):
        """The figure, with `marks` on top."""
        axes = _axes(self.scales, "x", "y")
        axes[0].tick_values, axes[1].tick_values = range(-4, 5, 2), range(-6, 7, 3)
        self.figure = _figure(self.marks + marks, axes, "430px")

    def show(self, descent: Descent, color: str):
        """The chosen start."""
        curves = descent.curves.clamp(-HUGE, HUGE).double().numpy()
        nothing, between = np.full(GRID.shape[1], np.nan), curves[1:-1]
        _set(self.last, y=curves[-1] if len(curves) else nothing, colors=[color])
        _set(self.first, y=curves[0] if len(curves) else nothing, colors=[color])
        if len(between):
            n = len(between)
            _set(self.between, y=between, colors=[color] * n, opacities=fade(n), visible=True)
        else:
            self.between.visible = False

    def show_others(self, others: dict[str, Descent]):
        """The other starts, by colour."""
        last = {color: d.curves[-1].clamp(-HUGE, HUGE).double().numpy() for color, d in others.items() if len(d.curves)}
        if last:
            _set(self.others, y=np.stack(list(last.values())), colors=list(last), opacities=[FAINT] * len(last))
        self.others.visible = bool(last)


class Losses:
    """Support and query loss before the first step, after it, and so on, on a log scale."""

    def __init__(self):
        self.scales = {"x": bq.LinearScale(min=0, max=1), "y": bq.LogScale(min=0.01, max=10)}

        def lines(**options):
            return bq.Lines(x=[0, 1], y=[1, 1], scales=self.scales, visible=False, **options)

        self.others = lines(stroke_width=1.5, line_style="dashed")
        self.support = lines(stroke_width=2.5, marker="circle", marker_size=25)
        self.query = lines(stroke_width=2, line_style="dashed", marker="circle", marker_size=25)
        self.axes = _axes(self.scales, "adaptation step", "mean squared error")
        self.figure = _figure([self.others, self.query, self.support], self.axes, "215px")

    def show(self, descent: Descent, color: str, steps: int):
        """The chosen start. `steps` is what was asked for: there may be fewer."""
        self.scales["x"].max = max(1, steps)
        self.axes[0].tick_values = list(range(0, max(1, steps) + 1, max(1, math.ceil(steps / 5))))
        self._scale([descent])
        for mark, values in ((self.support, descent.support), (self.query, descent.query)):
            mark.visible = len(values) > 0 and not values.isnan().any() and (len(values) > 1 or not steps)
            if mark.visible:
                n = max(2, len(values))  # bqplot wants two numbers at least
                x, y = np.resize(np.arange(len(values)), n), np.resize(_positive(values), n)
                _set(mark, x=x, y=y, colors=[color])

    def show_others(self, descent: Descent, others: dict[str, Descent]):
        """The query losses of the other starts, by colour."""
        self._scale([descent, *others.values()])
        queries = {color: _positive(d.query) for color, d in others.items() if len(d.query) > 1}
        if queries:
            y = np.full((len(queries), max(map(len, queries.values()))), np.nan)
            for row, values in zip(y, queries.values(), strict=True):
                row[: len(values)] = values
            _set(self.others, x=np.arange(y.shape[1]), y=y, colors=list(queries), opacities=[FAINT] * len(y))
        self.others.visible = bool(queries)

    def _scale(self, descents: list[Descent]):
        """From a power of ten to another, around all losses that are shown."""
        all_losses = torch.cat([torch.cat([d.support, d.query]) for d in descents])
        shown = _positive(all_losses[~all_losses.isnan()])
        low, high = (math.floor(np.log10(shown.min())), math.ceil(np.log10(shown.max()))) if len(shown) else (-2, 1)
        high = max(high, low + 1)
        self.scales["y"].min, self.scales["y"].max = 10.0**low, 10.0**high
        self.axes[1].tick_values = [10.0**k for k in range(low, high + 1)]


def _positive(values: Tensor) -> np.ndarray:
    return values.double().clamp(1e-6, 1e6).numpy()  # zero has no place on a log scale


class Surface:
    """The support loss on a plane through the first and the last weights, and the path projected onto it."""

    def __init__(self):
        self.scales = {"x": _fixed(0, 1), "y": _fixed(0, 1)}
        self.axes = _axes(self.scales, "from start to end", "across")
        self.image = w.Image(format="png", value=bands(torch.ones(2, 2))[0])
        self.ground = bq.Image(image=self.image, scales=self.scales, pixelated=False)
        self.path = bq.Lines(x=[0, 1], y=[0, 1], scales=self.scales, stroke_width=2, marker="circle", marker_size=20)
        ends = {"scales": self.scales, "x": [0], "y": [0], "enable_hover": False, "stroke_width": 2}
        self.start = bq.Scatter(**ends, default_size=90)
        self.end = bq.Scatter(**ends, default_size=110, marker="diamond")
        self.marks = [self.ground, self.path, self.start, self.end]
        self.figure = _figure(self.marks, self.axes, "215px")
        self.caption = w.HTML()
        #: What is shown: `(plane, places [points, 2], low [2], high [2], losses [rows, columns])`, or `None`.
        self.shown = None

    def show(self, descent: Descent, color: str, steps: int):
        """The plane of this path, or why there is none."""
        self.shown = survey(descent, steps)
        for mark in self.marks:
            mark.visible = self.shown is not None
        if self.shown is None:
            self.caption.value = _small(f"Empty: {why_flat(descent)}.")
            return
        plane, places, low, high, losses = self.shown
        self.image.value, factor = bands(losses)
        (x, y), (left, bottom), (right, top) = places[: steps + 1].T.double().numpy(), low.tolist(), high.tolist()
        for axis, least, most in ((self.axes[0], left, right), (self.axes[1], bottom, top)):
            _set(axis.scale, min=least, max=most)
            axis.tick_values = _ticks(least, most)
        _set(self.ground, x=[left, right], y=[bottom, top])
        _set(self.path, x=x, y=y, colors=[color])
        _set(self.start, x=x[:1], y=y[:1], colors=["white"], stroke=color)
        _set(self.end, x=x[-1:], y=y[-1:], colors=[color], stroke="white")
        share = plane.share(descent.weights[: steps + 1]) if steps else 1
        self.caption.value = _small(caption(losses, factor, share))


def survey(descent: Descent, steps: int):
    """The plane of a path and the loss over the part of it that is shown; see `Surface.shown`. `None` without them."""
    plane = None if descent.loss is None else plane_of(descent.weights, steps)
    if plane is None:
        return None
    places = plane.coordinates(descent.weights)
    low, high = window(places[: max(steps, 1) + 1])
    return plane, places, low, high, loss_surface(descent.loss, plane, low, high)


def why_flat(descent: Descent) -> str:
    """Why there is no surface."""
    if descent.note:
        return descent.note
    return "there is no support point, so there is no support loss" if descent.loss is None else "no weight moves"


def caption(losses: Tensor, factor: float, share: float) -> str:
    """What the picture of the surface shows, in a sentence."""
    low, high = losses.min().item(), losses.max().item()
    return (f"Support loss from {low:.2g} (white) to {high:.2g} (dark), {factor:.3g} times as much from line to line. "
            f"The plane holds {100 * share:.0f} % of the path's squared length.")  # fmt: skip


def smooth(logs: Tensor) -> Tensor:
    """A smooth surface through the computed numbers: `[rows, columns]` becomes PIXELS."""
    return F.interpolate(logs[None, None], PIXELS, mode="bicubic", align_corners=True)[0, 0]


def log_losses(losses: Tensor) -> Tensor:
    """Base-2 logarithms, of what has one; a loss that overflows counts as very large."""
    return losses.nan_to_num(1e30).clamp(1e-9, 1e30).log2()


def _small(text: str) -> str:
    return f'<div style="line-height:1.3;font-size:12px;padding:0 12px 0 {LEFT}px">{text}</div>'


def bands(losses: Tensor) -> tuple[bytes, float]:
    """A map of a loss: shades of grey, light where it is low, with a line from band to band.

    Args:
        losses: `[rows, columns]`, the first row at the bottom.

    Returns: the image as PNG, and the factor by which the loss grows from one line to the next.
    """
    logs = log_losses(losses)
    span = (logs.max() - logs.min()).item()
    width = 2.0 ** round(math.log2(max(span, 1e-3) / BANDS))
    fine = smooth(logs).flip(0)  # an image's row 0 is at the top
    band = (fine / width).floor()
    place = (band - band.min()).clamp(0, EDGE - 1).to(torch.uint8)
    edge = torch.zeros_like(place, dtype=torch.bool)
    edge[1:] |= place[1:] != place[:-1]
    edge[:, 1:] |= place[:, 1:] != place[:, :-1]
    n = max(1, int(place.max()))
    grey = [255 - round(105 * min(i / n, 1)) for i in range(EDGE)] + [125]
    image = Image.fromarray(place.masked_fill(edge, EDGE).numpy(), "P")
    image.putpalette([value for value in grey for _ in range(3)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue(), 2.0**width


def legend(colors: dict[str, str], chosen: str) -> str:
    """One legend for all panels, on white as they are: what the colours of the starts and the kinds of lines mean."""

    def line(color: str, style: str = "solid", width: float = 3, opacity: float = 1) -> str:
        return (f'<span style="display:inline-block;width:26px;vertical-align:middle;opacity:{opacity};'
                f'border-top:{width}px {style} {color}"></span>')  # fmt: skip

    def spot(fill: str, edge: str, more: str = "border-radius:50%") -> str:
        return (f'<span style="display:inline-block;width:9px;height:9px;vertical-align:middle;background:{fill};'
                f'border:2px solid {edge};{more}"></span>')  # fmt: skip

    mine = colors[chosen]
    items = [(line("#bbbbbb", width=6), "true curve"), (spot("black", "white"), "support point")]
    items += [(line(c), f"<b>{escape(n)}</b>") if n == chosen else (line(c, "dashed", 2, FAINT), escape(n))
              for n, c in colors.items()]  # fmt: skip
    items += [
        (line(mine, "dotted", 2), "before the first step"), (line(mine, width=2, opacity=0.4), "after earlier steps"),
        (line(mine, width=2.5), "support loss"), (line(mine, "dashed", 2), "query loss"),
        (spot("white", mine), "start"), (spot(mine, "white", "transform:rotate(45deg)"), "end of the path"),
    ]  # fmt: skip
    text = " ".join(f'<span style="white-space:nowrap;margin-right:12px">{m} {t}</span>' for m, t in items)
    style = f"background:white;color:#222;line-height:1.6;padding:2px 6px;margin:0 12px 0 {LEFT}px"
    return f'<div style="{style}">{text}</div>'
