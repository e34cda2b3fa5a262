"""What the explorer of cells shows: the points of a task, and what cells reach on it; SVG and matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.lessons.lesson15.cells import LIVING, CellTasks
from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import Panel

CLASSES, OTHERS, MINE = (COLORS[0], COLORS[4]), "#8a8a8a", COLORS[1]
CLASS_NAMES = ("one class", "the other class")
EDGE, LOWEST, ROWS = 2.1, 40.0, 12.0  # of the square; of the accuracies, per cent; room for trials and for piles
Tried = list[tuple[int, int]]


def piles(reached: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Places of the cells that can learn: accuracies in whole per cent, and how high each lies on its pile."""
    across = np.sort(reached[LIVING].round().numpy())
    up = np.concatenate([np.arange(n) for n in np.unique(across, return_counts=True)[1]])
    return across, 0.3 + up * min(1.0, 7.0 / max(1, up.max()))


def panels() -> dict[str, Panel]:
    """The task, and the accuracies."""
    found = {"task": Panel("task", "The task", 330, 330), "reached": Panel("reached", "What cells reach", 560, 330)}
    found["task"].scale((-EDGE, EDGE), (-EDGE, EDGE))
    found["reached"].scale((LOWEST, 101), (0, ROWS))
    return found


def axes(found: dict[str, Panel]) -> dict[str, str]:
    """The axes of the panels; they stay."""
    return {"task-axes": found["task"].axes("first input", "second input", (-2, 0, 2), (-2, 0, 2)),
            "reached-axes": found["reached"].axes("accuracy, %", "", range(40, 101, 10), ())}  # fmt: skip


def draw(found: dict[str, Panel], task: CellTasks, reached: Tensor, tried: Tried, everything: bool) -> dict[str, str]:
    """Both panels as SVG: points; cells that were tried with their numbers, and guesses below them as rings."""
    points = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{CLASSES[int(label)]}" stroke="white"/>'
        for (x, y), label in zip(found["task"].place(*task.x[0].numpy().T), task.y[0].tolist(), strict=True)
    )
    cells = ""
    if everything:
        cells = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{OTHERS}"/>'
                        for x, y in found["reached"].place(*piles(reached)))  # fmt: skip
    for number, (cell, guess) in enumerate(tried, 1):
        height = ROWS - 0.6 - 0.8 * ((number - 1) % 14)
        (x, y), (ring, _) = found["reached"].place([reached[cell].item(), guess], [height, height])
        cells += (f'<path d="M{ring:.1f},{y:.1f}L{x:.1f},{y:.1f}" stroke="{MINE}" stroke-dasharray="2 2"/>'
                  f'<circle cx="{ring:.1f}" cy="{y:.1f}" r="5" fill="white" stroke="{MINE}" stroke-width="2"/>'
                  f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{MINE}"/><text x="{x:.1f}" y="{y + 4:.1f}" '
                  f'style="fill:#fff;font-size:10px">{number}</text>')  # fmt: skip
    return {"task": points, "reached": cells}


def key() -> str:
    """Which mark is which."""
    said = {f'<circle cx="7" cy="0" r="6" fill="{MINE}"/>': "a cell you tried",
            f'<circle cx="7" cy="0" r="5" fill="white" stroke="{MINE}" stroke-width="2"/>': "your guess",
            f'<circle cx="7" cy="0" r="3.5" fill="{OTHERS}"/>': "every cell"}  # fmt: skip
    said |= {f'<circle cx="7" cy="0" r="5" fill="{color}"/>': name
             for color, name in zip(CLASSES, CLASS_NAMES, strict=True)}  # fmt: skip
    return "".join(f'<span><svg width="16" height="14" viewBox="0 -7 16 14">{mark}</svg> {text}</span> '
                   for mark, text in said.items())  # fmt: skip


def draw_cells(task: CellTasks, reached: Tensor, tried: Tried, everything: bool) -> Figure:
    """The same panels with matplotlib, for readers without a front end."""
    figure, (left, right) = new_figure(1, 2, width=8.4, height=3.1, width_ratios=(1, 1.7))
    for label, color in enumerate(CLASSES):
        left.scatter(*task.x[0][task.y[0] == label].T, color=color, s=18, label=CLASS_NAMES[label])
    left.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xlabel="first input", ylabel="second input", aspect="equal",
             xticks=(-2, 0, 2), yticks=(-2, 0, 2))  # fmt: skip
    if everything:
        right.scatter(*piles(reached), color=OTHERS, s=10, label="every cell")
    for number, (cell, guess) in enumerate(tried, 1):
        height = ROWS - 0.6 - 0.8 * ((number - 1) % 14)
        right.plot([guess, reached[cell]], [height] * 2, ":", color=MINE)
        right.plot(guess, height, "o", mfc="white", mec=MINE, label="your guess" if number == 1 else None)
        right.plot(reached[cell], height, "o", color=MINE, label="a cell you tried" if number == 1 else None)
        right.text(reached[cell].item(), height, number, color="white", ha="center", va="center", fontsize=7,
                   bbox={"boxstyle": "circle", "fc": MINE, "ec": "none"})  # fmt: skip
    right.set(xlim=(LOWEST, 101), ylim=(0, ROWS), xlabel="accuracy, %", yticks=[])
    figure.legend(loc="outside lower center", ncols=5, fontsize=8)
    return figure
