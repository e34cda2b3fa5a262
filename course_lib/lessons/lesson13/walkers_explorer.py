"""The walkers explorer of lesson 13: drag a goal, and step through how a walker adapts to it from what it is paid."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import numpy as np
import torch

from course_lib.arguments import check_whole
from course_lib.compute.devices import one_thread
from course_lib.learners import ActingMAML
from course_lib.lessons.lesson13 import walkers_picture as picture
from course_lib.lessons.lesson13.fan_of_walks import STEPS, WALKS, fan
from course_lib.plots import png
from course_lib.tasks import Navigation
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.points import SupportPoints
from course_lib.widgets.view import View


class WalkersExplorer(Explorer, w.VBox):
    """Walks of a policy before it adapts to a goal, and after one, two, three steps of policy gradient.

    Args:
        walkers: by name, one to four.
        goal: where it lies at first, x and y from -1 to 1. In training goals lie within 0.5.
        seed: of the luck; "other luck" goes on to the next.

    In `fan` is what the chosen walker does, in `goal` where the goal is, `[2]`; in `message` what is seen, in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, walkers: dict[str, ActingMAML], goal: tuple[float, float] = (0.4, 0.3), seed: int = 0):
        check_whole(0, seed=seed)
        good = isinstance(walkers, dict) and 1 <= len(walkers) <= 4
        if not good or not all(isinstance(walker, ActingMAML) for walker in walkers.values()):
            raise ValueError('walkers must be a dict of one to four, such as {"MAML": train_walker()}.')
        if len(goal) != 2 or max(map(abs, goal)) > picture.EDGE:
            raise ValueError(f"goal must be x and y from -1 to 1, but it is {tuple(goal)}.")
        self.walkers, self.seed, self.panels = walkers, seed, picture.panels()
        self.support = SupportPoints(self._work_out, most=1)
        self.support.edges = np.array([[-1.0, -1.0], [1.0, 1.0]]) * picture.EDGE
        self._make_controls()
        frames = {name: panel.frame for name, panel in self.panels.items()}
        key = (f'<span><span style="color:{picture.GOAL}">■</span> dashed: who knows the goal</span> '
               '<span>● goal (dashed ring: paid in it)</span> <span>○ start</span> '
               f'<span><span style="color:{picture.WALK}">■</span> walks</span> '
               f'<span><span style="color:{picture.GREY}">■</span> dashed: standing still</span>')  # fmt: skip
        self.view = View(
            f'<div class="row"><div class="narrow">{frames["plane"]}</div><div class="narrow">{frames["returns"]}'
            f'<div class="legend">{key}</div><div role="status" data-part="said"></div></div></div>', self._hear
        )  # fmt: skip
        self.view.show(**picture.axes(self.panels))
        self.support.put(torch.tensor([goal]))
        self.support.show_chosen()
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    @property
    def goal(self) -> torch.Tensor:
        """Where the goal is, `[2]`."""
        return self.support.points[0].float()

    def _hear(self, content: dict):
        """A click beside the goal moves it there."""
        self.support.hear({"move": 0, "to": content["add"]} if "add" in content else content)
        if "add" in content:
            self.support.show_chosen()

    def _work_out(self, _=None):
        with one_thread():
            self.fan = fan(self.walkers[self.which.value], self.goal, self.sparse.value, self.seed)
            self.known = Navigation(steps=self.fan.walks.shape[2] - 1).known_goal(self.goal).item()
        self._show()

    def _show(self, _=None):
        sparse = self.sparse.value
        self.message = self._say()
        drawn = picture.parts(self.panels, self.fan, self.step.value, self.goal, sparse, self.known)
        self.view.show(**drawn, points=self.support.draw(self.panels["plane"]), said=escape(self.message))

    def _say(self) -> str:
        step, found = self.step.value, self.fan
        x, y = self.goal.tolist()
        said = (f"{self.which.value}, goal at ({x:.2f}, {y:.2f}). After {step} step{'s' * (step != 1)} its return is "
                f"{found.returns[step]:.2f}; who knows the goal has {self.known:.2f}.")  # fmt: skip
        still = -self.goal.square().sum().item() * (found.walks.shape[2] - 1)  # the return of standing still
        if min(found.returns.min().item(), still) < picture.LOW:
            said += f" What is below {picture.LOW:g} is drawn at {picture.LOW:g}."
        if not step:
            return said
        if not self.sparse.value:
            return f"{said} The last step moved the parameters by {found.moved[step - 1]:.2f}."
        paid, moved = found.paid[step - 1], found.moved[step - 1]
        return (f"{said} Of the {WALKS} walks that the last step learned from, {paid} met the goal: the parameters "
                f"moved by {moved:.2f}.")  # fmt: skip

    def _make_controls(self):
        style = {"description_width": "initial"}
        self.which = w.ToggleButtons(options=list(self.walkers), description="start:",
                                     style={"description_width": "initial", "button_width": "auto"},
                                     layout=w.Layout(width="max-content", margin="2px 14px 2px 2px"))  # fmt: skip
        self.step = w.IntSlider(0, 0, STEPS, description="adaptation steps", style=style,
                                layout=w.Layout(flex="1 1 240px", max_width="320px"))  # fmt: skip
        self.sparse = w.Checkbox(False, description="sparse: pay 1 near the goal, else nothing", indent=False,
                                 layout=w.Layout(width="auto"))  # fmt: skip
        self.luck = w.Button(description="other luck", icon="refresh", layout=w.Layout(width="auto"))
        self.luck.on_click(self._other_luck)
        self.step.observe(self._show, "value")
        for control in (self.which, self.sparse):
            control.observe(self._work_out, "value")
        self.support.x.description, self.support.y.description = "or: goal x", "goal y"

    def _other_luck(self, _):
        self.seed += 1
        self._work_out()

    def _arrange(self) -> list[w.Widget]:
        def box(*children):
            return w.Box(children, layout=w.Layout(flex_flow="row wrap", align_items="center", min_width="0"))

        return [box(self.which, self.step), box(self.sparse, self.luck, self.support.x, self.support.y), self.view]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        figure = picture.draw_fan(self.fan, self.step.value, self.goal, self.sparse.value, self.known, self.which.value)
        return png(figure), f"Walks from the middle of a plane, and a goal; returns by step. {self.message}"
