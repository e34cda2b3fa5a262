"""The ring of lesson 07, drawn: who stands where, and what a learner names."""

from __future__ import annotations

from matplotlib.figure import Figure
from torch import Tensor

from course_lib.plots import COLORS, new_figure

MIDDLE = {"ha": "center", "va": "center", "weight": "bold"}


def draw_ring(support: Tensor, query: Tensor, named: dict[str, Tensor | None]) -> Figure:
    """Support examples as discs and queries as squares, a little outside the disc with which they share their place.

    Args:
        support, query: `[way, 2]`, what `ring_task` says of one task.
        named: the class that is named for each query, `[way]`, by the title of its panel: the colour of the frame.
            `None` for frames that say nothing.
    """
    figure, panels = new_figure(1, len(named), width=4 * len(named), height=4.0)
    for ax, (title, classes) in zip(panels if len(named) > 1 else [panels], named.items(), strict=True):
        for k, (disc, square) in enumerate(zip(support.tolist(), (1.35 * query).tolist(), strict=True)):
            ax.scatter(*disc, s=260, color=COLORS[k])
            ax.annotate(str(k), disc, color="white", **MIDDLE)
            frame = "grey" if classes is None else COLORS[int(classes[k])]
            ax.scatter(*square, s=160, marker="s", facecolor="white", edgecolor=frame, lw=2.5)
            ax.annotate(str(k), square, color="black", **MIDDLE)
        ax.set(xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), aspect="equal", xlabel="x", ylabel="y", title=title)
    return figure
