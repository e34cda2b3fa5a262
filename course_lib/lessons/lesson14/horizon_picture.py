"""What the horizon explorer shows: rates and losses of a schedule, of greed and of the best; SVG and matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from course_lib.lessons.lesson14.horizon_plan import CURVATURES, HORIZONS, STEPS, loss_of, planned
from course_lib.plots import COLORS, new_figure
from course_lib.widgets.view import Panel

GREEDY, WHOLE = HORIZONS[0], HORIZONS[-1]
COLOR = {"yours": COLORS[0], "greedy": COLORS[1], "whole": COLORS[2]}  # here and in the lesson
RATES, LOSSES = (0.006, 1.3), (0.008, 4.0)  # on log scales
RATE_TICKS, LOSS_TICKS, STEP_TICKS = (0.01, 0.1, 1), (0.01, 0.1, 1), (0, 50, 100, 150, 200)


def losses(horizon: int, noise: float) -> np.ndarray:
    """The mean loss before the first step and after each, `[2, STEPS + 1]`: in all, and in the flat direction."""
    path = planned(horizon, noise)[1]
    return np.array([[loss_of(squares) for squares in path], [CURVATURES[1] * flat / 2 for _, flat in path]])


def schedules(horizon: int) -> dict[str, int]:
    """The horizons that are drawn, by name, the learner's last: it lies on top."""
    return {"greedy": GREEDY, "whole": WHOLE, "yours": horizon}


def panels() -> dict[str, Panel]:
    """Rates, and losses."""
    found = {"rates": Panel("rates", "The rate of each step", 490, 300),
             "losses": Panel("losses", "The mean loss", 490, 300)}  # fmt: skip
    found["rates"].scale((0, STEPS), RATES, log=True)
    found["losses"].scale((0, STEPS), LOSSES, log=True)
    return found


def axes(found: dict[str, Panel]) -> dict[str, str]:
    """The axes of the panels; they stay."""
    return {"rates-axes": found["rates"].axes("step", "rate", STEP_TICKS, RATE_TICKS),
            "losses-axes": found["losses"].axes("after so many steps", "loss", STEP_TICKS, LOSS_TICKS)}  # fmt: skip


def draw(found: dict[str, Panel], horizon: int, noise: float) -> dict[str, str]:
    """Both panels as SVG. Dashed: greedy and whole; dotted: the flat direction's part of the learner's loss."""
    rates, losing = "", ""
    for name, ahead in schedules(horizon).items():
        dash, width = ("", 3) if name == "yours" else ("7 5", 2)
        rate, loss = np.array(planned(ahead, noise)[0]), losses(ahead, noise)
        rates += found["rates"].line(np.arange(STEPS), rate, COLOR[name], width, dash)
        losing += found["losses"].line(np.arange(STEPS + 1), loss[0], COLOR[name], width, dash)
        if name == "yours":
            seen = np.clip(loss[1], LOSSES[0], None)
            losing += found["losses"].line(np.arange(STEPS + 1), seen, COLOR[name], 2, "2 4")
    return {"rates": rates, "losses": losing}


def key() -> str:
    """Which line is which."""
    said = {"yours": ("", "your horizon"),
            "greedy": ("7 5", "one step ahead (greedy)"), "whole": ("7 5", f"all {STEPS} steps ahead"),
            "flat": ("2 4", "your horizon: flat direction")}  # fmt: skip
    return "".join(
        f'<span><svg width="34" height="12" viewBox="0 -6 34 12"><path d="M0,0h34" stroke-width="3" '
        f'stroke="{COLOR.get(name, COLOR["yours"])}" stroke-dasharray="{dash}"/></svg> {text}</span> '
        for name, (dash, text) in said.items()
    )


def tried_so_far(tried: dict[int, float]) -> str:
    """The losses after all steps of the horizons that were tried, as HTML that wraps; the others are left open."""
    cells = "".join(
        f'<span style="white-space:nowrap;margin-right:12px" data-horizon="{h}">{h}: '
        f"<b>{f'{tried[h]:.3f}' if h in tried else '–'}</b></span> "
        for h in HORIZONS
    )
    return f"<div>Loss after {STEPS} steps, by horizon: {cells}</div>"


def draw_schedules(horizon: int, noise: float) -> Figure:
    """The same panels with matplotlib, for readers without a front end, and for the lesson."""
    figure, (left, right) = new_figure(1, 2, width=9, height=3.3)
    names = {
        "yours": f"horizon {horizon}" + " (greedy)" * (horizon == GREEDY),
        "greedy": "greedy",
        "whole": f"horizon {WHOLE}",
    }
    for name, ahead in schedules(horizon).items():
        style = {"color": COLOR[name], "lw": 2.5 if name == "yours" else 1.5, "ls": "-" if name == "yours" else "--"}
        label = names[name] if name == "yours" or ahead != horizon else None
        left.plot(planned(ahead, noise)[0], label=label, **style)
        right.plot(losses(ahead, noise)[0], **style)
    right.plot(losses(horizon, noise)[1], color=COLOR["yours"], ls=":", label=f"horizon {horizon}: flat direction")
    for ax, limits, ticks, name in ((left, RATES, RATE_TICKS, "rate"), (right, LOSSES, LOSS_TICKS, "mean loss")):
        ax.set(xlabel="step", ylabel=name, yscale="log", ylim=limits, xlim=(0, STEPS))
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    figure.legend(loc="outside upper center", ncols=4, fontsize=9)
    return figure
