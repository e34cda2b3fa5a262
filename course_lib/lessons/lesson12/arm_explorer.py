"""The arm explorer of lesson 12: hang a weight on an arm while it draws a circle, and take it off again."""

from __future__ import annotations

import math
from html import escape

import ipywidgets as w
import torch
from torch import Tensor

from course_lib.arguments import check_whole
from course_lib.compute.devices import one_thread
from course_lib.learners import Learner
from course_lib.lessons.lesson12 import arm_picture as picture
from course_lib.lessons.lesson12.arm_run import MOVES, SHOWN, TRUE, ArmRun, story
from course_lib.plots import png
from course_lib.tasks.arm import PERIOD
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

WINDOWS = (0.2, 0.5, 1.0, 2.0, 4.0)  # s
FRAME = 2  # periods in a picture: 25 pictures a second
MOST = 6 * FRAME  # periods in one go: up to six pictures in a row are left out, and then the arm moves more slowly
SAID_EVERY = 50  # periods: screen readers need not hear of every picture
HOURS = round(3600 / PERIOD)


class ArmExplorer(Explorer, w.VBox):
    """An arm that draws a circle in real time, with a weight on a slider, and a model that adapts as it moves.

    Args:
        learners: by name, one to five of them, which say torques for `[1, n, 10]` (see `network_input`). The model
            "true", which knows the arm, is added.
        arm: the arm's parameters, `[7]`; 1 kg a link and middling friction when not given.
        model: the name of the one that drives at first; the last of the learners when not given.
        seed: of the measurement noise.

    The button "play" counts periods of control, 25 times a second. The arm is driven by as many as have passed: a slow
    kernel leaves out pictures and no time, as far as MOST allows. In `run` is the arm as it moves; in `message` what is
    seen, in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, learners: dict[str, Learner], arm: Tensor | None = None, model: str | None = None,
                 seed: int = 0):  # fmt: skip
        check_whole(0, seed=seed)
        if not isinstance(learners, dict) or not 1 <= len(learners) <= 5 or TRUE in learners:
            raise ValueError('learners must be a dict of one to five, such as {"learned features": head}, none "true".')
        for name, learner in learners.items():
            if not isinstance(learner, Learner):
                raise ValueError(f"learners must map names to learners, but {name!r} is a {type(learner).__name__}.")
        self.names = [*learners, TRUE]
        if model is not None and model not in self.names:
            raise ValueError(f"model must be one of {', '.join(self.names)}, but it is {model!r}.")
        arm = torch.tensor([0.0, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0]) if arm is None else arm
        if arm.shape != (7,):
            raise ValueError(f"arm must have seven parameters, [7], but it is {list(arm.shape)}.")
        self.learners, self.arm, self.seed, self.message = learners, arm.clone(), seed, ""
        self._make_controls(model or list(learners)[-1])
        self.panels = picture.panels()
        frames = {name: panel.frame for name, panel in self.panels.items()}
        self.view = View(
            f'<div class="row"><div class="narrow">{frames["arm"]}</div><div class="narrow">{frames["off"]}'
            f'{frames["weight"]}</div></div><div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip
        self.view.show(**picture.axes(self.panels))
        self.start_again()
        self.play.observe(self._played, "value")
        for control in (self.weight, self.window, self.move, self.model):
            control.observe(self._changed, "value")
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    def start_again(self):
        """Put the arm on its circle, with nothing remembered."""
        with one_thread():
            self.run = ArmRun(self.learners, self.arm, self.seed)
            self._set()
            self._show(speak=True)

    def advance(self, periods: int):
        """Drive the arm on for so many periods, and show it."""
        before = self.run.periods
        with one_thread():
            self.run.advance(periods)
            self._show(speak=before // SAID_EVERY != self.run.periods // SAID_EVERY)

    def _played(self, change):
        if change["new"] < change["old"]:  # its button to stop sets the count back
            self.start_again()
        else:
            self.advance(min(change["new"] - change["old"], MOST))

    def _changed(self, _):
        self._set()
        self._show(speak=True)

    def _set(self):
        """Hand the controls on to the run."""
        run = self.run
        run.weight, run.window, run.move, run.model = (
            control.value for control in (self.weight, self.window, self.move, self.model)
        )

    def _show(self, speak: bool):
        color = picture.color_of(self.run.model, self.names)
        parts = {"arm": picture.draw_arm(self.panels["arm"], self.run, color),
                 **picture.draw_curves(self.panels, self.run, color)}  # fmt: skip
        self.message = sentence(self.run)
        if speak:
            parts["said"] = escape(self.message)
        self.view.show(**parts)

    def _make_controls(self, model: str):
        style, layout = {"description_width": "initial"}, w.Layout(flex="1 1 280px", max_width="360px")
        buttons = {"style": {"description_width": "initial", "button_width": "auto"},
                   "layout": w.Layout(width="max-content", margin="2px 14px 2px 2px")}  # fmt: skip
        self.play = w.Play(value=0, min=0, max=HOURS, step=FRAME, interval=round(1000 * FRAME * PERIOD),
                           show_repeat=False)  # fmt: skip
        self.weight = w.FloatSlider(value=0.0, min=0.0, max=2.0, step=0.1, description="weight on the hand, kg",
                                    readout_format=".1f", style=style, layout=layout)  # fmt: skip
        self.window = w.SelectionSlider(options=[(f"{s:g} s", s) for s in WINDOWS], value=1.0, style=style,
                                        description="learns from the last", layout=layout)  # fmt: skip
        self.model = w.ToggleButtons(options=self.names, value=model, description="model:", **buttons)
        self.move = w.ToggleButtons(options=MOVES, description="movement:", **buttons)

    def _arrange(self) -> list[w.Widget]:
        def box(*children, **layout):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", min_width="0",
                                                   align_items="center", **layout))  # fmt: skip

        return [box(self.play, self.weight, self.window), box(self.model, self.move), self.view]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        run = self.shown_run()
        figure = picture.draw_run(run, picture.color_of(run.model, self.names))
        return png(figure), f"An arm draws a circle, and its model adapts. {sentence(run)}"

    def shown_run(self) -> ArmRun:
        """The run, or where nothing was played one in which a weight was hung on and taken off."""
        if self.run.periods:
            return self.run
        told = ArmRun(self.learners, self.arm, self.seed)
        told.model, told.window = self.model.value, self.window.value
        with one_thread():
            story(told)
        return told


def sentence(run: ArmRun) -> str:
    """What is seen, in words."""
    said = f"{run.time:.0f} s; model: {run.model}; movement: {run.move}; {run.weight:.1f} kg on the hand."
    if not run.moments:
        return said + " Press play."
    recent = [moment for moment in run.moments if moment.time > run.time - 2]
    worst = max(moment.off for moment in run.moments)
    mean = math.sqrt(sum(moment.off**2 for moment in recent) / len(recent))
    return (f"{said} In the last 2 s the hand was off by {mean:.1f} cm (root mean square); at worst, in the last "
            f"{SHOWN:g} s, by {worst:.0f} cm. The model believes in {recent[-1].believed:.1f} kg.")  # fmt: skip
