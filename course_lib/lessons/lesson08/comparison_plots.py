"""Figures that compare learners: all pairs of them, their calibration, their errors beside published ones."""

from __future__ import annotations

import torch
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.lessons.lesson08.calibration import Reliability
from course_lib.plots import COLORS, new_figure
from course_lib.statistics import ci95, paired_difference, unpaired_difference

#: Marks and lines by family, so that a family is told by its form too.
FAMILIES = {
    "o-": ("prototypical", "matching", "relation", "siamese"),
    "s--": ("maml", "fomaml", "anil", "reptile"),
    "^:": ("centroid", "linear_probe", "fine_tune"),
}
#: A colour for each learner, none twice; those of the course first.
SHADES = dict(zip((name for names in FAMILIES.values() for name in names),
                  (*COLORS[:6], "#7F3C8D", "#8C510A", "#6E7B7B", "#B8B000", "#000000"), strict=True))  # fmt: skip
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
                ax.text(j, i, f"{100 * d:+.1f}", ha="center", va="center", fontsize=9, color=color)
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
        ax.scatter(bins.confidence[full], bins.accuracy[full], s=12 + 200 * share, color=COLORS[0], alpha=0.8,
                   clip_on=False)
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


def plot_costs(by_step: dict, by_seconds: dict, by_memory: dict) -> Figure:
    """Accuracy (%) against adaptation steps, seconds of training, and memory of a training step.

    Args:
        by_step, by_seconds: by learner, pairs (steps or seconds, accuracy) in order; one step or more.
        by_memory: by learner, one pair (megabytes, accuracy).
    """
    look = {name: mark for mark, names in FAMILIES.items() for name in names}
    figure, axes = new_figure(1, 3, width=10.5, height=3.9)
    lines = {}
    for ax, panel in zip(axes, (by_step, by_seconds, {name: [pair] for name, pair in by_memory.items()}), strict=True):
        for name, pairs in panel.items():
            (line,) = ax.plot(*zip(*pairs, strict=True), look[name], color=SHADES[name], markersize=5)
            lines[name] = line
    _label(axes[2], by_memory)
    ticks = sorted({step for pairs in by_step.values() for step, _ in pairs} - {2, 5})  # they have no room
    axes[0].set_xscale("log")
    axes[0].set_xticks(ticks, ticks)
    axes[0].minorticks_off()
    axes[0].set(xlabel="adaptation steps", ylabel="accuracy, %", title="test tasks")
    axes[1].set(xlabel="seconds of training, one core", title="validation tasks")
    axes[2].set(xlabel="peak memory of a step, MB", title="test tasks")
    axes[2].set_xlim(0, 1.3 * max(memory for memory, _ in by_memory.values()))  # room for names
    figure.legend(lines.values(), lines, loc="outside lower center", ncols=6, fontsize=9, frameon=False)
    return figure


def _label(ax, spots: dict[str, tuple[float, float]]):
    """The name beside each dot, moved up where it would cover another name."""
    low, high, right = (f(v[i] for v in spots.values()) for f, i in ((min, 1), (max, 1), (max, 0)))
    step, placed = 0.055 * (high - low or 1), []
    for name, (x, y) in sorted(spots.items(), key=lambda item: item[1][1]):
        near = [at for other, at in placed if abs(other - x) < 0.3 * right]
        at = max([y, *(before + step for before in near)])
        ax.annotate(name, (x + 0.035 * right, at), va="center", fontsize=7)
        placed.append((x, at))


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
