"""Figures that compare learners: all pairs of them, their calibration, their errors beside published ones."""

from __future__ import annotations

import torch
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.lessons.lesson08.calibration import Reliability
from course_lib.plots import COLORS, new_figure
from course_lib.statistics import ci95, paired_difference, unpaired_difference

_BOTH_WAYS = LinearSegmentedColormap.from_list("worse to better", [COLORS[1], "white", COLORS[0]])


def plot_differences(scores: dict[str, Tensor]) -> Figure:
    """Paired differences of all pairs of learners, the best at the top: row minus column, in points.

    A cell is coloured only where the 95 % interval does not contain 0; the others are left white, their number grey.

    Args:
        scores: of each learner `[tasks]` accuracies (fractions) on the same tasks.
    """
    names = sorted(scores, key=lambda name: -scores[name].mean())
    figure, ax = new_figure(width=8.6, height=1.4 + 0.38 * len(names))
    cells = [[paired_difference(scores[a], scores[b]) for b in names] for a in names]
    shown = [[100 * d if abs(d) > half else 0.0 for d, half in row] for row in cells]
    most = max(1.0, min(5.0, max(abs(v) for row in shown for v in row)))  # points; beyond 5 all are equally dark
    ax.imshow(shown, cmap=_BOTH_WAYS, vmin=-2 * most, vmax=2 * most, aspect="auto")
    for i, row in enumerate(cells):
        for j, (d, half) in enumerate(row):
            if i != j:
                color = "black" if abs(d) > half else "0.55"
                text = f"{100 * d:+.1f}" if abs(d) >= 0.0005 else "0.0"
                ax.text(j, i, text, ha="center", va="center", fontsize=9, color=color)
    ax.set_xticks(range(len(names)), names, rotation=35, ha="right")
    ax.set_yticks(range(len(names)), [f"{name}  {100 * scores[name].mean().item():.1f} %" for name in names])
    ax.tick_params(length=0)
    ax.set(xlabel="minus this learner", ylabel="this learner")
    return figure


def plot_reliability(found: dict[str, Reliability]) -> Figure:
    """Accuracy against confidence, a panel for each learner; a dot's area is how many answers it stands for."""
    columns = min(4, len(found))
    rows = -(-len(found) // columns)
    figure, axes = new_figure(rows, columns, width=2.3 * columns, height=2.5 * rows, sharex=True, sharey=True,
                              squeeze=False)  # fmt: skip
    for ax, (name, bins) in zip(axes.flat, found.items(), strict=False):
        full = bins.count > 0
        share = bins.count[full] / bins.count.sum()
        ax.plot([0, 1], [0, 1], color="0.6", lw=1, ls="--")
        ax.plot(bins.confidence[full], bins.accuracy[full], color=COLORS[0], lw=1)
        ax.scatter(
            bins.confidence[full], bins.accuracy[full], s=12 + 200 * share, color=COLORS[0], alpha=0.8, clip_on=False
        )
        ax.set(title=f"{name}\nerror {100 * bins.ece:.1f} points", xlim=(0, 1.03), ylim=(0, 1.03))
        ax.title.set_fontsize(9)
    for ax in list(axes.flat)[len(found) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel("accuracy")
    for ax in axes[-1]:
        ax.set_xlabel("confidence")
    return figure


def plot_errors(measured: dict[str, tuple[float, float]], published: dict[str, float]) -> Figure:
    """Error rates, the lowest at the top: measured ones with 95 % intervals, published ones as squares.

    Args:
        measured: by learner, the error and half the width of its interval, in %.
        published: by name, the error in %; papers seldom give an interval.
    """
    rows = [(error, name, half, COLORS[0], "o") for name, (error, half) in measured.items()]
    rows += [(error, name, None, COLORS[1], "s") for name, error in published.items()]
    rows.sort(reverse=True)
    figure, ax = new_figure(width=8, height=0.9 + 0.29 * len(rows))
    for row, (error, _, half, color, marker) in enumerate(rows):
        ax.errorbar(error, row, xerr=half, fmt=marker, color=color, capsize=3)
        text = f"{error:.1f}" if half is None else f"{error:.1f} ± {half:.1f}"
        ax.annotate(text, (error + (half or 0), row), (6, -3), textcoords="offset points", fontsize=8)
    ax.plot([], [], "o", color=COLORS[0], label="measured here")
    ax.plot([], [], "s", color=COLORS[1], label="published")
    ax.set_yticks(range(len(rows)), [name for _, name, *_ in rows])
    ax.set(xlabel="error, %", xlim=(0, 1.3 * rows[0][0]), ylim=(-0.6, len(rows) - 0.4))
    ax.legend(loc="upper right")
    return figure


def plot_pairing(scores: dict[str, Tensor], pairs: list[tuple[str, str]]) -> tuple[Figure, list[float], list[float]]:
    """How much narrower pairing makes the interval of each pair, against the correlation of the two scores.

    Args:
        scores: of each learner `[tasks]` accuracies on the same tasks.
        pairs: which are compared.

    Returns: the figure; for each pair the correlation over tasks; and the paired half-width divided by the unpaired.
    """
    both = [(scores[a].double(), scores[b].double()) for a, b in pairs]
    likeness = [torch.corrcoef(torch.stack(two))[0, 1].item() for two in both]
    ratio = [paired_difference(*two)[1] / unpaired_difference(*two)[1] for two in both]
    figure, ax = new_figure(height=3.2)
    across = 1 - torch.linspace(0, (1 - min(0.0, *likeness)) ** 0.5, 100) ** 2
    ax.plot(across, (1 - across).sqrt(), color="0.6", lw=1, label="square root of 1 − correlation")
    ax.axhline(1, color="gray", lw=1, ls=":")
    for with_pixels, color, label in ((False, COLORS[0], "pairs of learners"), (True, COLORS[1], "pairs with pixels")):
        chosen = [i for i, pair in enumerate(pairs) if ("pixels" in pair) == with_pixels]
        ax.plot([likeness[i] for i in chosen], [ratio[i] for i in chosen], "o", ms=4, color=color, label=label)
    ax.set(xlabel="correlation of the two scores over tasks", ylabel="paired width / unpaired", ylim=(0, 1.15))
    ax.legend(loc="lower left")
    return figure, likeness, ratio


def plot_trainings(runs: dict[str, Tensor]) -> Figure:
    """Accuracy of every training with its interval over tasks, a colour for each recipe.

    Args:
        runs: of each recipe `[trainings, tasks]` accuracies (fractions).
    """
    figure, ax = new_figure(height=3.2)
    for i, (name, found) in enumerate(runs.items()):
        means, halves = 100 * found.mean(1), [100 * ci95(one) for one in found]
        at = [seed + 0.2 * (i - (len(runs) - 1) / 2) for seed in range(len(found))]
        ax.errorbar(at, means, halves, fmt="os"[i % 2], color=COLORS[i], capsize=3, ms=5, label=name)
    ax.set(xlabel="training seed", ylabel="accuracy, %", xticks=range(len(found)))
    figure.legend(loc="outside upper center", ncols=len(runs), frameon=False)
    return figure
