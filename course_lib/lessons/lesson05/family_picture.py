"""Pictures of the MAML family: outer paths on the toy, and what an outer step costs."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from torch import Tensor

from course_lib.lessons.lesson05.price import Prices
from course_lib.lessons.lesson05.toy import VARIANTS, Bowls
from course_lib.plots import COLORS, new_figure

COLOR = dict(zip(VARIANTS, (COLORS[6], COLORS[0], COLORS[1], COLORS[2], COLORS[3], COLORS[4], COLORS[5]), strict=True))
MARKER = dict(zip(VARIANTS, "sodv^<>", strict=True))
LOW, HIGH = torch.tensor([-2.0, -1.5]).double(), torch.tensor([2.0, 1.5]).double()  # corners of what is shown
MULTIPLES = (1.1, 1.3, 1.6, 2, 3, 4, 6, 8, 12)  # of the lowest value of MAML's objective: where its rings are drawn
START = torch.tensor([-1.7, 1.2]).double()


def ring(bowls: Bowls, multiple: float, points: int = 90) -> Tensor:
    """Where MAML's objective is so many times its lowest value: `[points, 2]`, an ellipse, since it is a bowl too."""
    end = bowls.settles("MAML")
    values, vectors = torch.linalg.eigh(bowls.pull("MAML").mean(0))
    radius = (2 * (multiple - 1) * bowls.objective("MAML", end) / values).sqrt()  # along each eigenvector
    turn = torch.linspace(0, 2 * torch.pi, points).to(end)
    return end + torch.stack([turn.cos(), turn.sin()], 1) * radius @ vectors.T


def draw_paths(ax, bowls: Bowls, variants, start: Tensor = START):
    """MAML's objective as rings, the tasks' lowest points as crosses, and each variant's path to where it settles."""
    ax.set_facecolor("0.69")
    for multiple, grey in zip(reversed(MULTIPLES), torch.linspace(0.73, 0.98, len(MULTIPLES)), strict=True):
        ax.fill(*ring(bowls, multiple).T, facecolor=f"{grey:.3f}", edgecolor="0.5", lw=0.6)
    for H, c in zip(bowls.curvature, bowls.lowest, strict=True):
        values, vectors = torch.linalg.eigh(H)
        width, height = (0.55 / values.sqrt()).tolist()  # an ellipse on which the task's loss is the same everywhere
        angle = torch.rad2deg(torch.atan2(*vectors[:, 0].flip(0))).item()
        ax.add_patch(Ellipse(c.tolist(), width, height, angle=angle, fill=False, color="0.25", ls=":"))
        ax.plot(*c, "x", color="0.25", ms=7, mew=2)
    for name in variants:
        path, end = bowls.path(name, start), bowls.settles(name)
        ax.plot(*path.T, "-", color=COLOR[name], lw=1.8)
        ax.plot(*end, MARKER[name], color=COLOR[name], ms=9, mec="white", label=name)
    ax.plot(*start, "o", color="white", mec="black", ms=7)
    ax.set(xlim=(LOW[0], HIGH[0]), ylim=(LOW[1], HIGH[1]), xlabel="first weight", ylabel="second weight")


def draw_prices(axes, prices: Prices, variants=None, steps: int | None = None):
    """Milliseconds on the first axis and megabytes on the second, of an outer step, against adaptation steps."""
    names = [name for name in prices.seconds if variants is None or name in variants]
    for ax, table, unit in ((axes[0], prices.seconds, 1e3), (axes[1], prices.bytes, 1e-6)):
        for name in names:
            ax.plot(prices.steps, [unit * value for value in table[name]], MARKER[name] + "-", color=COLOR[name], ms=5,
                    label=name)  # fmt: skip
        if steps is not None:
            ax.axvline(steps, color="0.6", ls=":")
        ax.set(xlabel="adaptation steps", ylim=(0, None))
    axes[0].set(ylabel="ms an outer step")
    axes[1].set(ylabel="peak memory, MB")


def draw_family(bowls: Bowls, variants, prices: Prices) -> Figure:
    """All three panels of the explorer."""
    figure, axes = new_figure(2, 2, width=9, height=4.6, width_ratios=(1.6, 1))
    big = axes[0, 0].get_gridspec()
    for ax in axes[:, 0]:
        ax.remove()
    ax = figure.add_subplot(big[:, 0])
    draw_paths(ax, bowls, variants)
    draw_prices(axes[:, 1], prices, variants, bowls.steps)
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=7, fontsize=9, frameon=False)
    return figure
