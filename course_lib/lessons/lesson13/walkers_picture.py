"""What the walkers explorer shows: a fan of walks, the goal, and returns by adaptation step; as SVG and matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from torch import Tensor

from course_lib.lessons.lesson13.fan_of_walks import NEAR, STEPS, Fan
from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import Panel

EDGE, LOW = 1.0, -12.0  # what is seen of the plane, to each side of the start; the lowest return
WALK, GOAL, GREY = COLORS[0], COLORS[2], "#909090"


def panels() -> dict[str, Panel]:
    """The plane with the goal to drag, and the returns."""
    found = {"plane": Panel("plane", "Walks (drag the goal)", 470, 450, points=True),
             "returns": Panel("returns", "Return", 450, 320)}  # fmt: skip
    found["plane"].scale((-EDGE, EDGE), (-EDGE, EDGE))
    found["returns"].scale((-0.2, STEPS + 0.2), (LOW, 0))
    return found


def axes(found: dict[str, Panel]) -> dict[str, str]:
    """The axes of the panels; they stay."""
    ticks = [-1, -0.5, 0, 0.5, 1]
    returns = found["returns"].axes("adaptation steps", "return", range(STEPS + 1), range(-12, 1, 3))
    return {"plane-axes": found["plane"].axes("x", "y", ticks, ticks), "returns-axes": returns}


def parts(found: dict[str, Panel], fan: Fan, step: int, goal: Tensor, sparse: bool, known: float) -> dict[str, str]:
    """All that changes, as SVG by the name of its part; `known` is the return of who knows the goal."""
    plane, returns = found["plane"], found["returns"]
    drawn = [plane.line(*np.clip(walk.numpy(), -2 * EDGE, 2 * EDGE).T, WALK, 1.3, opacity=0.5)
             for walk in fan.walks[step]]  # fmt: skip
    drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{WALK}"/>'
              for x, y in plane.place(*np.clip(fan.walks[step, :, -1].numpy(), -2 * EDGE, 2 * EDGE).T)]  # fmt: skip
    ((x, y),), ((a, b),) = plane.place([0], [0]), plane.place(*goal[:, None].numpy())
    drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="white" stroke="black" stroke-width="2"/>')
    if sparse:
        across, down = (NEAR / (2 * EDGE) * side for side in (plane.width, plane.height))
        drawn.append(f'<ellipse cx="{a:.1f}" cy="{b:.1f}" rx="{across:.1f}" ry="{down:.1f}" fill="none" '
                     f'stroke="{GOAL}" stroke-width="2" stroke-dasharray="4 3"/>')  # fmt: skip
    still = -goal.square().sum().item() * (fan.walks.shape[2] - 1)
    curves = [returns.line((-0.2, STEPS + 0.2), [max(level, LOW)] * 2, color, 1.5, dash)
              for level, color, dash in ((known, GOAL, "6 4"), (still, GREY, "6 4"))]  # fmt: skip
    heights = np.clip(fan.returns.numpy(), LOW, 0)
    curves.append(returns.line(range(STEPS + 1), heights, WALK, 2.5, spots=4))
    ((x, y),) = returns.place([step], heights[[step]])
    curves.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="{WALK}" stroke-width="2"/>')
    return {"plane": "".join(drawn), "returns": "".join(curves)}


def draw_fan(fan: Fan, step: int, goal: Tensor, sparse: bool, known: float, name: str) -> Figure:
    """The same panels with matplotlib, for readers without a front end."""
    figure, (left, right) = new_figure(1, 2, width=8.6, height=4.0)
    for walk in fan.walks[step]:
        left.plot(*walk.T, color=WALK, lw=1, alpha=0.5)
        left.plot(*walk[-1], "o", color=WALK, ms=3)
    left.plot(0, 0, "o", mfc="white", mec="black", label="start")
    left.plot(*goal, "o", color=GOAL, ms=9, label="goal")
    if sparse:
        left.add_patch(Circle(goal.tolist(), NEAR, fill=False, ec=GOAL, ls="--"))
    left.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), aspect="equal", xlabel="x", ylabel="y",
             title=f"{name}, after {step} steps")  # fmt: skip
    left.legend(fontsize=9)
    right.axhline(known, color=GOAL, ls="--", label="goal known")
    right.axhline(-goal.square().sum() * (fan.walks.shape[2] - 1), color=GREY, ls="--", label="standing still")
    right.plot(range(STEPS + 1), fan.returns.clamp(min=LOW), "o-", color=WALK, label=name)
    right.plot(step, fan.returns[step].clamp(min=LOW), "o", mfc="none", mec=WALK, ms=13)
    right.set(ylim=(LOW, 0.4), xlabel="adaptation steps", ylabel="return")
    right.set_xticks(range(STEPS + 1))
    right.legend(fontsize=9)
    return figure
