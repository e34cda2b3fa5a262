"""What the context explorer draws: in SVG for the browser, and with matplotlib for readers without one."""

from __future__ import annotations

import textwrap
from html import escape

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course_lib import plots
from course_lib.lessons.lesson09.context_worlds import Answer, World, closed
from course_lib.plots import COLORS
from course_lib.widgets.view import DASHED, Panel, outline, round_ticks

GREY, TRUE = "#ececec", "#b0b0b0"  # the training range, the true curve
DOTTED = "2 4"
#: Of the answers in their order: who reads, the formula, MAML. Colour, dashes, width.
STYLES = ((COLORS[0], "", 3.0), (COLORS[6], DASHED, 2.0), (COLORS[1], DOTTED, 2.5))
THIN = 0.9  # the edges of the formula's band, which is not filled: grey on grey is hard to tell apart
BAND, FAINT = 1.96, 0.18  # standard deviations of a 95 % interval, and how much of its colour it has
HUGE = 1e3  # curves beyond this are out of sight
INSIDE, EDGES = "its 95 % band", "edges of its 95 % band"


def draw_axes(panel: Panel, world: World) -> str:
    """The axes of a world."""
    (left, bottom), (right, top) = world.edges
    return panel.axes("x", "y", round_ticks(left, right), round_ticks(bottom, top))


def draw_curves(panel: Panel, world: World, answers: dict[str, Answer], truth: Tensor | None) -> str:
    """The grey area, the true curve if there is one, and the answers: bands under all the lines."""
    grid = world.grid
    drawn = [_area(panel, world.grey, GREY)]
    if truth is not None:
        drawn.append(panel.line(grid, truth, TRUE, 7))
    for answer, (color, dash, _) in zip(answers.values(), STYLES, strict=False):
        if answer.spread is not None and dash:
            drawn += [panel.line(grid, edge, color, THIN, dash) for edge in edges(answer)]
        elif answer.spread is not None:
            drawn.append(_area(panel, closed(grid, *edges(answer)), color, FAINT))
    for answer, (color, dash, width) in zip(answers.values(), STYLES, strict=False):
        drawn.append(panel.line(grid, _in_sight(answer.mean), color, width, dash))
    return "".join(drawn)


def edges(answer: Answer) -> tuple[Tensor, Tensor]:
    """The lower and the upper edge of the 95 % band of an answer, `[places]` each."""
    half = BAND * answer.spread
    return _in_sight(answer.mean - half), _in_sight(answer.mean + half)


def _in_sight(values: Tensor) -> Tensor:
    return values.nan_to_num(HUGE).clamp(-HUGE, HUGE)


def _area(panel: Panel, corners: Tensor, color: str, opacity: float = 1) -> str:
    at = outline(panel.place(*corners.T.numpy()))
    return f'<path d="{at}Z" fill="{color}" opacity="{opacity}"/>'


def between(x: np.ndarray, grid: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values at places `x` between those of the grid."""
    return np.interp(x, grid, values)


def legend(answers: dict[str, Answer], true: bool) -> str:
    """One legend, on white as the plot is."""

    def line(color: str, style: str, width: float) -> str:
        return (f'<span style="display:inline-block;width:26px;vertical-align:middle;'
                f'border-top:{width}px {style} {color}"></span>')  # fmt: skip

    def box(color: str, opacity: float = 1) -> str:
        return (f'<span style="display:inline-block;width:22px;height:11px;vertical-align:middle;'
                f'background:{color};opacity:{opacity}"></span>')  # fmt: skip

    kinds = {"": "solid", DASHED: "dashed", DOTTED: "dotted"}
    items = [(box(GREY), "points of training"), *([(line(TRUE, "solid", 6), "true curve")] if true else [])]
    for (name, answer), (color, dash, width) in zip(answers.items(), STYLES, strict=False):
        items.append((line(color, kinds[dash], width), escape(name)))
        if answer.spread is not None:
            items.append((line(color, kinds[dash], 1), EDGES) if dash else (box(color, FAINT), INSIDE))
    return " ".join(f"<span>{mark} {text}</span>" for mark, text in items)


def draw_world(world: World, points: Tensor, answers: dict[str, Answer], truth: Tensor | None, said: str) -> Figure:
    """The same as a figure.

    Args:
        points: support points, `[n, 2]`.
        answers: by name, the one who reads first.
        truth: over the world's grid, `[places]`, or `None`.
        said: words for it, under the figure.
    """
    figure, ax = plots.new_figure(width=8.4, height=5.0)
    grid = world.grid
    ax.fill(*world.grey.T, color=GREY, label="points of training")
    if truth is not None:
        ax.plot(grid, truth, color=TRUE, linewidth=6, label="true curve")
    styles = {"": "-", DASHED: "--", DOTTED: ":"}
    for (name, answer), (color, dash, width) in zip(answers.items(), STYLES, strict=False):
        if answer.spread is not None and dash:
            low, high = edges(answer)
            ax.plot(grid, low, styles[dash], color=color, linewidth=THIN, label=EDGES)
            ax.plot(grid, high, styles[dash], color=color, linewidth=THIN)
        elif answer.spread is not None:
            ax.fill(*closed(grid, *edges(answer)).T, color=color, alpha=FAINT, linewidth=0, label=INSIDE)
        ax.plot(grid, answer.mean, styles[dash], color=color, linewidth=width, label=name)
    ax.plot(*points.T, "o", color="black", markeredgecolor="white", markersize=8, label="support point", zorder=5)
    (left, bottom), (right, top) = world.edges
    ax.set(xlabel="x", ylabel="y", xlim=(left, right), ylim=(bottom, top))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize=9)
    ax.set_title(textwrap.fill(said, 110), fontsize=9, loc="left")
    return figure
