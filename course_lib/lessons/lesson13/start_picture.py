"""What the start explorer shows: J along the line of starts, two arrows, both slopes; as SVG and with matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from course_lib.lessons.lesson13.start_line import LINE, STEP, StartLine
from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import Panel, round_ticks

TRUE, COMMON, GREY, SHADE = COLORS[0], COLORS[1], "#909090", "#f3e3c8"  # shade: where the two point apart
EDGES, HIGH = (LINE[0].item() - 0.25, LINE[-1].item() + 0.25), (0.0, 1.02)
LONGEST, PER_SLOPE = 3.0, 12.0  # arrows: units of the line
ACROSS = "score of the risky arms (safe arm: 0)"


def panels() -> dict[str, Panel]:
    """J, with the start to drag on it, and the slopes."""
    found = {"value": Panel("value", "J, the reward of a pull after adapting (drag the start)", 560, 380, points=True),
             "slope": Panel("slope", "Slope of J, and what common code follows", 450, 380)}  # fmt: skip
    found["value"].scale(EDGES, HIGH)
    return found


def arrow_of(line: StartLine, at: int, score: bool) -> float:
    """How far an arrow goes along the line, to the right above 0."""
    slope = line.slope(score)[at].item()
    return float(np.clip(PER_SLOPE * slope, -LONGEST, LONGEST))


def parts(found: dict[str, Panel], line: StartLine, at: int, ends: dict[bool, int]) -> dict[str, str]:
    """All that changes, as SVG by the name of its part; `ends` are where the start at `at` would settle."""
    value, slope, u = found["value"], found["slope"], LINE.numpy()
    most = 1.15 * max(line.slope().abs().max().item(), line.path.abs().max().item(), 0.01)
    slope.scale(EDGES, (-most, most))
    drawn = [_shade(value, line), value.line(EDGES, (line.safe, line.safe), GREY, 1.5, "6 4")]
    drawn.append(value.line(u, line.value.numpy(), COLORS[6], 2.5))
    for score, color in ((True, TRUE), (False, COMMON)):
        ((x, y),) = value.place(u[[ends[score]]], line.value[[ends[score]]].numpy())
        radius = 10 if score else 6  # both are seen where they end together
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{"none" if score else color}" '
                     f'stroke="{color}" stroke-width="3"/>')  # fmt: skip
        drawn.append(_arrow(value, u[at], line.value[at].item(), arrow_of(line, at, score), color, score))
    ((x, y),) = value.place(u[[at]], line.value[[at]].numpy())
    curves = [_shade(slope, line), slope.line(EDGES, (0, 0), GREY, 1)]
    curves += [slope.line(u, line.slope(score).numpy(), color, 2.5) for score, color in ((True, TRUE), (False, COMMON))]
    curves.append(slope.line(u[[at, at]], (-most, most), GREY, 1, "3 4"))
    ticks = range(-4, 5, 2)
    return {
        "value": "".join(drawn), "slope": "".join(curves),
        "points": f'<g data-number="0" data-level="{y:.1f}" transform="translate({x:.1f},{y:.1f})">'
                  '<circle r="16" fill="transparent"/><circle class="dot" r="6.5" stroke="white"/></g>',
        "value-axes": value.axes(ACROSS, "reward", ticks, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        "slope-axes": slope.axes(ACROSS, "slope", ticks, round_ticks(-most, most)),
    }  # fmt: skip


def _shade(panel: Panel, line: StartLine) -> str:
    """A box behind each stretch where the two slopes point apart."""
    apart = np.concatenate([[False], line.disagree().numpy(), [False]]).astype(int)
    begins, ends = (np.flatnonzero(np.diff(apart) == sign) for sign in (1, -1))  # places on LINE; the end lies behind
    drawn = []
    for begin, end in zip(begins, ends - 1, strict=True):
        low, high = panel.place(LINE[[begin, end]].numpy() + [-STEP / 2, STEP / 2], np.full(2, panel.low[1]))[:, 0]
        drawn.append(f'<rect x="{low:.1f}" y="0" width="{high - low:.1f}" height="{panel.height}" fill="{SHADE}"/>')
    return "".join(drawn)


def _arrow(panel: Panel, u: float, value: float, length: float, color: str, above: bool) -> str:
    """An arrow beside the start: the true one above it, that of common code below."""
    (x, y), (end, _) = panel.place([u, u + length], [value, value])
    y += -18 if above else 18
    head = np.sign(length) * min(9.0, abs(end - x))
    return (f'<path d="M{x:.1f},{y:.1f}H{end - head:.1f}" stroke="{color}" stroke-width="4"/>'
            f'<path d="M{end:.1f},{y:.1f}l{-head:.1f},-7v14z" fill="{color}"/>')  # fmt: skip


def draw_start(line: StartLine, at: int, ends: dict[bool, int]) -> Figure:
    """The same panels with matplotlib, for readers without a front end."""
    figure, (left, right) = new_figure(1, 2, width=9.6, height=3.9)
    u, value = LINE.numpy(), line.value.numpy()
    left.axhline(line.safe, color=GREY, ls="--", label="what the safe arm pays")
    left.plot(u, value, color=COLORS[6], label="J")
    for score, color, name in ((True, TRUE, "the true slope"), (False, COMMON, "common code")):
        shift, length = (0.06 if score else -0.06), arrow_of(line, at, score)
        left.annotate("", (u[at] + length, value[at] + shift), (u[at], value[at] + shift),
                      arrowprops={"color": color, "width": 3, "headwidth": 9, "headlength": 8})  # fmt: skip
        left.plot(u[ends[score]], value[ends[score]], "o", color=color, mfc="none" if score else color,
                  ms=14 if score else 8, mew=2.5, label=f"where {name} ends")  # fmt: skip
        right.plot(u, line.slope(score), color=color, lw=2, label=name)
    left.plot(u[at], value[at], "o", color=COLORS[6], ms=8, label="the start")
    right.axhline(0, color=GREY, lw=1)
    for ax in (left, right):
        low, high = ax.get_ylim() if ax is right else HIGH
        ax.fill_between(u, low, high, where=line.disagree().numpy(), color=SHADE, zorder=0, lw=0)
        ax.set(xlim=EDGES, ylim=(low, high), xlabel=ACROSS)
    left.set(ylabel="reward of a pull after adapting")
    right.set(ylabel="slope of J")
    left.legend(fontsize=8, loc="lower right")
    right.legend(fontsize=9)
    return figure
