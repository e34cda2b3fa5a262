"""The start explorer of lesson 13: drag a start along a line, and see where it goes by the true gradient, and else."""

from __future__ import annotations

import ipywidgets as w

from course_lib.arguments import check_number, check_whole
from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson13 import start_picture as picture
from course_lib.lessons.lesson13.start_line import FAR, LINE, STEP, safe_share, start_line
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

BASELINE = 0.5  # what a risky arm pays on average
SAFE, PULLS, RATES = (0.05, 0.95), 8, (1.0, 2.0, 4.0, 8.0, 16.0)


class StartExplorer(Explorer, w.VBox):
    """The exact bandit of three arms: J along the line of starts, its slope, and the slope that common code follows.

    Args:
        safe: what the safe arm pays, from 0.05 to 0.95.
        pulls: before adapting, 1 to 8.
        lr: inner learning rate, one of RATES.
        u: score of the risky arms at first, from -5 to 5.

    In `line` is what was worked out, in `at` the place of the start on it, in `ends` where it settles by the true slope
    (`True`) and by the path part alone (`False`); in `message` what is seen, in words.

    Raises:
        ValueError: if a number lies outside its range.
    """

    def __init__(self, safe: float = 0.5, pulls: int = 4, lr: float = 8.0, u: float = 0.0):
        check_whole(pulls=pulls)
        check_number(*SAFE, safe=safe)
        check_number(LINE[0].item(), LINE[-1].item(), u=u)
        if pulls > PULLS or lr not in RATES:
            raise ValueError(f"pulls must be 1 to {PULLS}, and lr one of {RATES}, but they are {pulls} and {lr}.")
        style, layout = {"description_width": "initial"}, w.Layout(flex="1 1 260px", max_width="330px")
        self.safe = w.FloatSlider(value=safe, min=SAFE[0], max=SAFE[1], step=0.05, description="the safe arm pays",
                                  style=style, layout=layout)  # fmt: skip
        self.pulls = w.IntSlider(pulls, 1, PULLS, description="pulls before adapting", style=style, layout=layout)
        self.lr = w.SelectionSlider(options=RATES, value=lr, description="inner learning rate", style=style,
                                    layout=layout)  # fmt: skip
        self.u = w.FloatSlider(value=u, min=LINE[0].item(), max=LINE[-1].item(), step=STEP, description="or: the start",
                               style=style, layout=layout)  # fmt: skip
        self.baseline = w.Checkbox(False, description="adapt with a baseline: each reward minus 0.5", indent=False,
                                   layout=w.Layout(width="auto"))  # fmt: skip
        self.panels = picture.panels()
        frames = {name: panel.frame for name, panel in self.panels.items()}
        names = {picture.TRUE: "the true gradient (ring: where it ends)",
                 picture.COMMON: "common code, the path part (disc)",
                 picture.SHADE: "here they point apart"}  # fmt: skip
        key = " ".join(f'<span><span style="color:{color}">■</span> {name}</span>' for color, name in names.items())
        self.view = View(
            f'<div class="row"><div class="wide">{frames["value"]}</div><div class="narrow">{frames["slope"]}</div>'
            f'</div><div class="legend">{key} <span>dashed: what the safe arm pays</span></div>'
            '<div role="status" data-part="said"></div>', self.hear
        )  # fmt: skip
        for control in (self.safe, self.pulls, self.lr, self.baseline):
            control.observe(self._work_out, "value")
        self.u.observe(lambda change: self.move(round(change["new"] / STEP) + FAR), "value")
        self.at = round(u / STEP) + FAR
        self._work_out()
        controls = w.Box([self.safe, self.pulls, self.lr, self.u, self.baseline], layout=w.Layout(flex_flow="row wrap"))
        super().__init__([controls, self.view], layout=w.Layout(max_width="1040px"))

    def hear(self, content: dict):
        """What the learner does with mouse or arrow keys: see `SupportPoints.hear`. A click moves the start there."""
        if "choose" in content:
            self.u.value = LINE[self.at].item()  # it need not follow while the start is dragged
        elif "nudge" in content:
            self.move(self.at + 4 * content["nudge"][0])
            self.u.value = LINE[self.at].item()
        else:
            right, _ = content.get("to") or content["add"]
            low, high = picture.EDGES
            self.move(round((low + (high - low) * right) / STEP) + FAR)

    def move(self, at: int):
        """Put the start at place `at` of LINE, or at the end that is nearer."""
        self.at = min(2 * FAR, max(0, at))
        self._show()

    def _work_out(self, _=None):
        with one_thread():
            self.line = start_line(self.safe.value, self.pulls.value, self.lr.value,
                                   BASELINE if self.baseline.value else 0.0)  # fmt: skip
        self._show()

    def _show(self):
        self.ends = {score: self.line.settles(self.at, score) for score in (True, False)}
        self.message = self._say()
        self.view.show(**picture.parts(self.panels, self.line, self.at, self.ends), said=self.message)

    def _say(self) -> str:
        line, at = self.line, self.at
        share = 100 * safe_share(LINE[at]).item()
        ends = {score: f"{line.value[end]:.3f}, {100 * safe_share(LINE[end]):.0f} % safe"
                for score, end in self.ends.items()}  # fmt: skip
        apart = "They point apart." if line.disagree()[at] else "They point the same way."
        slopes = f"The slope is {line.slope()[at]:+.3f}, the path part alone {line.path[at]:+.3f}."
        return (f"This start pulls the safe arm in {share:.0f} % of its pulls; after adapting a pull earns "
                f"{line.value[at]:.3f}. {slopes} {apart} From here the true gradient ends at {ends[True]}; common code "
                f"at {ends[False]}.")  # fmt: skip

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"Left J along a line of starts, right its slope and that of common code. {self.message}"
        return png(picture.draw_start(self.line, self.at, self.ends)), alt
