"""The three panels of the inner-loop explorer: curves, losses, and the path of the weights on the loss surface."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import torch
from contourpy import contour_generator  # matplotlib's own
from torch import Tensor
from torch.nn import functional as F

from course_lib.lessons.lesson03.descent import Descent, loss_surface, plane_of, window
from course_lib.widgets.points import GRID
from course_lib.widgets.view import DASHED, Panel, outline, round_ticks

FAINT = 0.55  # opacity of the starts that were not chosen
FINE = (25, 41)  # rows and columns of the surface that is drawn
BANDS = 10  # about so many shades of grey on the surface
LINE = "#7d7d7d"  # the line between two bands
HUGE = 1e3  # curves beyond this are out of sight, and a browser need not draw them farther
DOTTED = "2 4"


def fade(n: int) -> list[float]:
    """Opacities of `n` curves, from the first step to the last but one: later ones are stronger."""
    return [0.15 + 0.6 * (i + 1) / n for i in range(n)]


def draw_curves(panel: Panel, truth: Tensor, descent: Descent, color: str, others: dict[str, Descent]) -> str:
    """The true curve, the last curves of the other starts (by colour), the chosen start's curve after every step."""

    def line(curve: Tensor, *style) -> str:
        return panel.line(GRID.flatten(), curve.clamp(-HUGE, HUGE).double(), *style)

    drawn = [line(truth, "#bbbbbb", 6)]
    drawn += [line(d.curves[-1], c, 2, DASHED, FAINT) for c, d in others.items() if len(d.curves)]
    between = descent.curves[1:-1]
    if len(descent.curves) > 1:
        drawn.append(line(descent.curves[0], color, 2, DOTTED))
    drawn += [line(curve, color, 1.5, "", opacity) for curve, opacity in zip(between, fade(len(between)), strict=True)]
    drawn += [line(curve, color, 3) for curve in descent.curves[-1:]]
    return "".join(drawn)


def draw_losses(panel: Panel, descent: Descent, color: str, others: dict[str, Descent], steps: int) -> tuple[str, str]:
    """Support and query loss before the first step, after it, and so on, on a log scale; of the other starts (by
    colour) the query loss. `steps` is what was asked for: there may be fewer. Returns: the lines, and the axes."""
    of_steps = {c: d.query for c, d in others.items() if len(d.query) > 1}
    mine = {} if len(descent.query) < 2 and steps else {DASHED: descent.query, "": descent.support}
    mine = {dash: values for dash, values in mine.items() if len(values) and not values.isnan().any()}
    shown = _positive(torch.cat([*of_steps.values(), *mine.values(), torch.ones(0)]))
    low, high = (math.floor(np.log10(shown.min())), math.ceil(np.log10(shown.max()))) if len(shown) else (-2, 1)
    high, width = max(high, low + 1), max(1, steps)
    panel.scale((-0.03 * width, 1.03 * width), (10.0**low, 10.0**high), log=True)
    drawn = [panel.line(range(len(q)), _positive(q), c, 1.5, DASHED, FAINT) for c, q in of_steps.items()]
    drawn += [panel.line(range(len(v)), _positive(v), color, 2, dash, 1, 3) for dash, v in mine.items()]
    every = max(1, math.ceil(width / 5)), max(1, math.ceil((high - low) / 6))
    ticks = range(0, width + 1, every[0]), [10.0**k for k in range(low, high + 1, every[1])]
    return "".join(drawn), panel.axes("adaptation step", "mean squared error", *ticks)


def _positive(values: Tensor) -> np.ndarray:
    return values.double().clamp(1e-6, 1e6).numpy()  # zero has no place on a log scale


def draw_surface(panel: Panel, descent: Descent, color: str, steps: int) -> tuple[str, str, str]:
    """The support loss on a plane through the first and the last weights, and the path projected onto it.

    Returns: the surface with the path, the axes, and what they show in words; when there is no plane, only why.
    """
    found = survey(descent, steps)
    if found is None:
        return "", "", f"Empty: {why_flat(descent)}."
    plane, places, low, high, losses = found
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    panel.scale((left, right), (bottom, top))
    logs, levels, greys, factor = shades(losses)
    at = (np.linspace(0, 1, n) for n in logs.shape[::-1])
    generator = contour_generator(*at, logs, fill_type="OuterOffset")
    drawn = []
    for level, grey in zip(levels, greys, strict=True):  # each over the one before
        for area, cuts in zip(*generator.filled(level, math.inf), strict=True):
            area = np.stack([area[:, 0], 1 - area[:, 1]], 1) * [panel.width, panel.height]
            d = "".join(outline(area[i:j]) for i, j in zip(cuts[:-1], cuts[1:], strict=True))
            drawn.append(f'<path d="{d}" fill="{grey}" fill-rule="evenodd" stroke="{LINE}" stroke-width="0.7"/>')
    path = places[: steps + 1].T.double().numpy()
    drawn.append(panel.line(*path, color, 2, spots=2.5))
    (x0, y0), (x1, y1) = panel.place(*path[:, [0, -1]])
    drawn.append(f'<circle cx="{x0:.1f}" cy="{y0:.1f}" r="5" fill="white" stroke="{color}" stroke-width="2"/>'
                 f'<path d="M{x1:.1f},{y1 - 7:.1f}l7,7l-7,7l-7,-7z" fill="{color}" stroke="white" stroke-width="1.5"/>')
    share = plane.share(descent.weights[: steps + 1]) if steps else 1
    axes = panel.axes("from start to end", "across", round_ticks(left, right), round_ticks(bottom, top))
    return "".join(drawn), axes, caption(losses, factor, share)


def survey(descent: Descent, steps: int):
    """The plane of a path and the loss over the part of it that is shown; `(plane, places [points, 2],
    low [2], high [2], losses [rows, columns])`. `None` without them."""
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


def smooth(logs: Tensor, size: tuple[int, int] = FINE) -> Tensor:
    """A smooth surface through the computed numbers: `[rows, columns]` becomes `size`."""
    return F.interpolate(logs[None, None], size, mode="bicubic", align_corners=True)[0, 0]


def log_losses(losses: Tensor) -> Tensor:
    """Base-2 logarithms, of what has one; a loss that overflows counts as very large."""
    return losses.nan_to_num(1e30).clamp(1e-9, 1e30).log2()


def shades(losses: Tensor) -> tuple[np.ndarray, list[float], list[str], float]:
    """A map of a loss: shades of grey, light where it is low, with a line from band to band.

    Args:
        losses: `[rows, columns]`.

    Returns: base-2 logarithms of the loss over a finer grid, FINE; where each band begins; its shade; and the factor
    by which the loss grows from one line to the next.
    """
    logs = smooth(log_losses(losses)).double().numpy()
    width = 2.0 ** round(math.log2(max(np.ptp(logs), 1e-3) / BANDS))
    levels = width * np.arange(logs.min() // width, logs.max() // width + 1)
    greys = [255 - round(105 * i / max(1, len(levels) - 1)) for i in range(len(levels))]
    return logs, levels.tolist(), [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in greys], 2.0**width


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
    return " ".join(f"<span>{mark} {text}</span>" for mark, text in items)
