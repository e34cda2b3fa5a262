"""The panels of the inner-loop explorer as a static figure, for readers without a front end."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course_lib import plots
from course_lib.lessons.lesson03.descent import Descent
from course_lib.lessons.lesson03.panels import FAINT, LINE, caption, fade, shades, survey, why_flat
from course_lib.widgets.points import GRID, HIGH


def draw_panels(descents: dict[str, Descent], chosen: str, colors: dict[str, str], points: Tensor, truth: Tensor,
                steps: int) -> Figure:  # fmt: skip
    """Curves, losses and surface.

    Args:
        descents: by name of the start, as from `descend`.
        chosen: the start that is shown step by step.
        colors: by name.
        points: support points, `[n, 2]`.
        truth: the true curve, `[len(GRID)]`.
        steps: adaptation steps that were asked for.
    """
    mine, color = descents[chosen], colors[chosen]
    others = {name: d for name, d in descents.items() if name != chosen and len(d.query)}
    with plots.plt.rc_context(plots.STYLE):
        figure = plots.plt.figure(figsize=(9.2, 5.4))
        grid = figure.add_gridspec(2, 2, width_ratios=(1.35, 1))
        fit, losses, surface = (figure.add_subplot(place) for place in (grid[:, 0], grid[0, 1], grid[1, 1]))
        _draw_curves(fit, mine, others, colors, color, points, truth, chosen)
        _draw_losses(losses, mine, others, colors, color, steps)
        _draw_surface(surface, mine, color, steps)
        known = {}
        for ax in (fit, losses, surface):
            known |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
        figure.legend(known.values(), known, loc="outside lower left", ncols=5, fontsize=9)
    return figure


def _draw_curves(ax, mine, others, colors, color, points, truth, chosen):
    x = GRID.flatten()
    ax.plot(x, truth, color="#bbbbbb", linewidth=6, label="true curve")
    for name, descent in others.items():
        ax.plot(x, descent.curves[-1], "--", color=colors[name], alpha=FAINT, label=name)
    between = mine.curves[1:-1]
    for curve, opacity in zip(between, fade(len(between)), strict=True):
        (line,) = ax.plot(x, curve, color=color, alpha=opacity, linewidth=1.5)
    if len(between):
        line.set_label("after earlier steps")
    if len(mine.curves) > 1:
        ax.plot(x, mine.curves[0], ":", color=color, label="before the first step")
    if len(mine.curves):
        ax.plot(x, mine.curves[-1], color=color, linewidth=3, label=chosen)
    ax.plot(*points.T, "o", color="black", markeredgecolor="white", markersize=8, label="support point")
    ax.set(xlabel="x", ylabel="y", xlim=(-5, 5), ylim=(-HIGH, HIGH), title="Curve after every step")


def _draw_losses(ax, mine, others, colors, color, steps):
    for name, descent in others.items():
        if len(descent.query) > 1:
            ax.plot(descent.query, "--", color=colors[name], alpha=FAINT)
    if len(mine.query) > 1 or not steps:
        ax.plot(mine.query, "o--", color=color, markersize=4, label="query loss")
        ax.plot(mine.support, "o-", color=color, markersize=4, label="support loss")
    else:
        _say(ax, f"Empty: {mine.note}.")
    ax.set(xlabel="adaptation step", ylabel="mean squared error", yscale="log", title="Loss by step")
    ax.set_xlim(-0.1, max(1, steps) + 0.1)
    ax.xaxis.get_major_locator().set_params(integer=True)


def _draw_surface(ax, mine, color, steps):
    ax.set_title("Path of the weights")
    shown = survey(mine, steps)
    if shown is None:
        ax.set(xticks=[], yticks=[])
        return _say(ax, f"Empty: {why_flat(mine)}.")
    plane, places, low, high, losses = shown
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    logs, levels, greys, factor = shades(losses)
    u, v = np.linspace(left, right, logs.shape[1]), np.linspace(bottom, top, logs.shape[0])
    ax.contourf(u, v, logs, levels=[*levels, np.inf], colors=greys)
    ax.contour(u, v, logs, levels=levels, colors=LINE, linewidths=0.6, linestyles="solid")
    x, y = places[: steps + 1].T
    ax.plot(x, y, "o-", color=color, markersize=3)
    common = {"color": color, "linestyle": "none", "markersize": 8}
    ax.plot(x[:1], y[:1], marker="o", markerfacecolor="white", markeredgewidth=2, label="start", **common)
    ax.plot(x[-1:], y[-1:], marker="D", markeredgecolor="white", label="end of the path", **common)
    ax.set(xlabel="from start to end", ylabel="across", xlim=(left, right), ylim=(bottom, top))
    share = plane.share(mine.weights[: steps + 1]) if steps else 1
    ax.annotate(textwrap.fill(caption(losses, factor, share), 58), (0, -0.32), xycoords="axes fraction", fontsize=8,
                va="top")  # fmt: skip


def _say(ax, text: str):
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", wrap=True, fontsize=9)
