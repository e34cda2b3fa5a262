"""What the arm explorer shows: the arm on its circle, how far it is off, what its model believes; SVG, matplotlib."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from course_lib import plots
from course_lib.lessons.lesson12.arm_run import SHOWN, TRUE, ArmRun, Moment, fine_circle
from course_lib.plots import COLORS
from course_lib.tasks.arm import LINK, hand
from course_lib.widgets.view import Panel, outline

#: One colour a model, in every figure of the lesson.
MODEL_COLORS = {"no adaptation": COLORS[1], "known equation": COLORS[2], "learned features": COLORS[0], TRUE: COLORS[6]}
OTHERS = (COLORS[3], COLORS[4], COLORS[5])  # for models that go by another name
ACROSS, UP = (-0.55, 1.15), (-1.2, 0.5)  # what is seen of the arm's plane, m
OFF = (0.05, 300.0)  # cm, on a log scale
KILOGRAMS = (-0.6, 2.6)
CM, NOW = (0.1, 1, 10, 100), "s (now is 0)"
GREY, METAL, STEEL = "#b0b0b0", "#707070", "#303030"


def color_of(name: str, names: list[str]) -> str:
    """The colour of a model among the models of an explorer."""
    others = [one for one in names if one not in MODEL_COLORS]
    return MODEL_COLORS[name] if name in MODEL_COLORS else OTHERS[others.index(name) % len(OTHERS)]


def panels() -> dict[str, Panel]:
    """The arm, and two curves."""
    found = {"arm": Panel("arm", "The arm from the side (m)", 450, 430),
             "off": Panel("off", "The hand is off by", 450, 215),
             "weight": Panel("weight", "The weight (grey), and what the model believes", 450, 215)}  # fmt: skip
    found["arm"].scale(ACROSS, UP)
    found["off"].scale((-SHOWN, 0), OFF, log=True)
    found["weight"].scale((-SHOWN, 0), KILOGRAMS)
    return found


def axes(found: dict[str, Panel]) -> dict[str, str]:
    """The axes of the panels; they stay."""
    past = np.arange(-SHOWN, 1, 2)
    return {
        "arm-axes": found["arm"].axes("", "", [-0.5, 0, 0.5, 1], [-1, -0.5, 0, 0.5]),
        "off-axes": found["off"].axes("", "cm", past, CM),
        "weight-axes": found["weight"].axes(NOW, "kg", past, [0, 1, 2]),
    }


def wanted_circle() -> Tensor:
    """The circle that the hand should draw, `[51, 2]` m."""
    positions = fine_circle()[0][::80]
    return hand(torch.cat([positions, torch.zeros_like(positions)], 1))[[*range(len(positions)), 0]]


def places(run: ArmRun) -> Tensor:
    """Shoulder, elbow and hand, `[3, 2]` m."""
    q1 = run.state[0, 0]
    return torch.stack([torch.zeros(2), LINK * torch.stack([q1.cos(), q1.sin()]), hand(run.state)[0]])


def side_of(weight: float) -> float:
    """The side of the square that hangs on the hand, m: its area grows with the weight."""
    return 0.13 * max(weight, 0.0) ** 0.5


def draw_arm(panel: Panel, run: ArmRun, color: str) -> str:
    """The circle, where the hand should be (ring), its path of the last two seconds, the arm and its weight."""
    drawn = [panel.line(*wanted_circle().T.numpy(), GREY, 2, "5 4")]
    if len(run.trail) > 1:
        drawn.append(panel.line(*torch.stack(list(run.trail)).T.numpy(), color, 2))
    at, (ring,) = panel.place(*places(run).T.numpy()), panel.place(*run.wanted_hand()[:, None].numpy())
    (x, y), side = at[2], side_of(run.weight) * panel.width / (ACROSS[1] - ACROSS[0])
    if side:
        drawn.append(f'<path d="M{x:.1f},{y:.1f}v18" stroke="{METAL}" stroke-width="2"/><rect x="{x - side / 2:.1f}" '
                     f'y="{y + 18:.1f}" width="{side:.1f}" height="{side:.1f}" fill="{METAL}"/>')  # fmt: skip
    drawn.append(f'<path d="{outline(at)}" fill="none" stroke="{STEEL}" stroke-width="9" stroke-linecap="round" '
                 'stroke-linejoin="round" opacity="0.75"/>')  # fmt: skip
    drawn += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{r}" fill="{fill}" stroke="{STEEL}" stroke-width="2"/>'
              for (a, b), r, fill in zip(at, (8, 6, 6), (STEEL, "white", color), strict=True)]  # fmt: skip
    drawn.append(f'<circle cx="{ring[0]:.1f}" cy="{ring[1]:.1f}" r="10" fill="none" stroke="#111" stroke-width="1.5"/>')
    return "".join(drawn)


def history(moments, now: float) -> np.ndarray:
    """What the curves show, `[4, n]`: seconds (now is 0), cm, kg and kg, each kept within its panel."""
    if not moments:
        return np.zeros((4, 0))
    time, off, weight, believed = np.array([Moment(*moment) for moment in moments]).T
    return np.stack([time - now, np.clip(off, *OFF), weight, np.clip(believed, *KILOGRAMS)])


def draw_curves(found: dict[str, Panel], run: ArmRun, color: str) -> dict[str, str]:
    """Both curves, and the last values as text."""
    time, off, weight, believed = history(run.moments, run.time)
    if not len(time):
        return {"off": "", "weight": ""}
    last = run.moments[-1]
    return {
        "off": found["off"].line(time, off, color, 2) + _text(found["off"], f"{last.off:.1f} cm"),
        "weight": found["weight"].line(time, weight, GREY, 6) + found["weight"].line(time, believed, color, 2)
        + _text(found["weight"], f"{last.believed:.1f} kg"),
    }  # fmt: skip


def _text(panel: Panel, said: str) -> str:
    return (f'<text x="{panel.width - 8}" y="20" style="fill:#111;font-weight:bold;text-anchor:end;stroke:#fff;'
            f'stroke-width:4px;paint-order:stroke">{said}</text>')  # fmt: skip


def draw_run(run: ArmRun, color: str) -> Figure:
    """The same panels with matplotlib, for readers without a front end."""
    with plots.plt.rc_context(plots.STYLE):
        figure = plots.plt.figure(figsize=(9.2, 4.4))
        figure.set_layout_engine("constrained", h_pad=0.12)  # room for the title above axes of equal aspect
        shown = figure.subplot_mosaic([["arm", "off"], ["arm", "weight"]], width_ratios=(1, 1.1))
    _draw_arm(shown["arm"], run, color)
    time, off, weight, believed = history(run.moments, run.time)
    shown["off"].plot(time, off, color=color)
    shown["off"].set(xlim=(-SHOWN, 0), ylim=OFF, yscale="log", ylabel="hand off by, cm")
    shown["off"].set_yticks(CM, [f"{tick:g}" for tick in CM])
    shown["weight"].plot(time, weight, color=GREY, lw=5, label="the weight")
    shown["weight"].plot(time, believed, color=color, label="what the model believes")
    shown["weight"].set(xlim=(-SHOWN, 0), ylim=KILOGRAMS, xlabel=NOW, ylabel="kg")
    shown["weight"].legend(fontsize=9)
    return figure


def _draw_arm(ax, run: ArmRun, color: str):
    ax.plot(*wanted_circle().T, "--", color=GREY, lw=1.5, label="where it should go")
    if run.trail:
        ax.plot(*torch.stack(list(run.trail)).T, color=color, lw=1.5, label="hand, last 2 s")
    at, side = places(run), side_of(run.weight)
    x, y = at[2].tolist()
    ax.add_patch(Rectangle((x - side / 2, y - 0.08 - side), side, side, color=METAL))
    ax.plot(*at.T, color=STEEL, lw=6, alpha=0.75, solid_capstyle="round")
    ax.plot(x, y, "o", color=color, markeredgecolor=STEEL, ms=7)
    ax.plot(*run.wanted_hand(), "o", mfc="none", mec="black", ms=12)
    ax.set(xlim=ACROSS, ylim=UP, aspect="equal", xlabel="m", ylabel="m", title=f"model: {run.model}")
    ax.legend(loc="lower right", fontsize=9)
