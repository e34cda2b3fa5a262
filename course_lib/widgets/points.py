"""Support points of a sine wave that the learner moves: with the mouse, and from the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable

import bqplot as bq
import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from course_lib.tasks import Sinusoids

GRID = torch.linspace(-5, 5, 101).view(1, -1, 1)  # [1, 101, 1]: where curves are drawn
HIGH = 6.0  # the picture shows -HIGH ... HIGH
MOST = 20  # support points at once
EDGES = [-5, -HIGH], [5, HIGH]  # of the figure: lowest and highest x, y
STEP = 0.1  # by which a slider moves a point


def sine_task(tasks: Sinusoids, seed: int, shot: int = MOST) -> tuple[Tensor, Tensor]:
    """One task of `tasks`.

    Args:
        seed: which one; the curve is the same for every number of shots.
        shot: how many support points.

    Returns: the support points, `[shot, 2]`, float64, and the true curve over GRID, `[len(GRID)]`.
    """
    wide = Sinusoids(shot, GRID.shape[1], tasks.amplitude, tasks.phase, tasks.x_range)
    episode = wide.sample(1, torch.Generator().manual_seed(seed))
    # amplitude * sin(x - phase) = a sin(x) + b cos(x): two queries of the task say what a and b are
    waves = torch.cat([episode.query_x[0].sin(), episode.query_x[0].cos()], 1)  # [101, 2]
    a, b = torch.linalg.lstsq(waves, episode.query_y[0]).solution.flatten()
    truth = (a * GRID.sin() + b * GRID.cos()).flatten()  # [101]
    return torch.cat([episode.support_x[0], episode.support_y[0]], 1).double(), truth


class SupportPoints:
    """Points on a bqplot figure. Drag one, or choose one and move it with sliders; a click on the figure can add one.

    Args:
        scales: of the figure, `{"x": ..., "y": ...}`.
        changed: called without arguments whenever the points are other ones.
        refused: called with a sentence when a click would add one too many. Without it, a click adds none.

    `marks` belong into the figure; `which`, `x`, `y` are the sliders.
    """

    def __init__(self, scales: dict, changed: Callable, refused: Callable | None = None):
        self._changed, self._refused, self._known, self._rested = changed, refused, np.zeros((0, 2)), 0.0
        common = {"x": [], "y": [], "scales": scales, "colors": ["black"], "enable_hover": False}
        self.ring = bq.Scatter(**common, default_size=300, fill=False, stroke="black", stroke_width=1.2)  # fmt: skip
        # The wide edge is invisible and catches the mouse. When a mouse leaves a dot, bqplot tells the kernel, and
        # the drag waits for the answer; with this edge it takes 19 pixels between two events to leave.
        self.dots = bq.Scatter(**common, default_size=90, stroke="transparent", stroke_width=24, drag_size=1.5,
                               enable_move=True, update_on_move=True,
                               interactions={"click": "add"} if refused else {})  # fmt: skip
        self.marks = [self.ring, self.dots]
        self.dots.observe(self._from_figure, ["x", "y"])
        self.dots.on_drag_start(self._touched)
        self.dots.on_drag(self._dragged)
        self.dots.on_element_click(self._touched)
        style, layout = {"description_width": "initial"}, w.Layout(width="250px")
        self.which = w.IntSlider(1, 1, 1, description="or move point", style=style, layout=layout)
        self.x, self.y = (
            w.FloatSlider(value=0, min=-high, max=high, step=STEP, description=name, style=style, layout=layout)
            for name, high in (("to x", 5), ("to y", HIGH))
        )
        self.which.observe(lambda _: self.show_chosen(), "value")
        for slider in (self.x, self.y):
            slider.observe(self._from_slider, "value")

    @property
    def points(self) -> Tensor:
        """Where they are, `[n, 2]`, float64."""
        return torch.tensor(self._known)  # a copy

    @property
    def chosen(self) -> int:
        """The number of the chosen point, from 0; the one that was dragged, added or clicked last."""
        return self.which.value - 1

    def put(self, points: Tensor, chosen: int | None = None):
        """Put the points at `[n, 2]`, and choose one of them.

        Raises:
            ValueError: for more than MOST of them.
        """
        if len(points) > MOST:
            raise ValueError(f"there can be at most {MOST} support points, not {len(points)}.")
        self._known = points.double().numpy().reshape(-1, 2).copy()
        self._place()
        self.which.max = max(1, len(points))
        self.which.disabled = self.x.disabled = self.y.disabled = not len(points)
        if chosen is not None:
            self.which.value = chosen + 1
        self._changed()  # first: it is what the learner waits for
        self._show_ring()

    def remove(self):
        """Take the chosen point away, if there is one."""
        if len(self._known):
            rest = np.delete(self._known, self.chosen, axis=0)
            self.put(torch.tensor(rest), min(self.chosen, max(0, len(rest) - 1)))

    def _place(self):
        """Show the points where they are known to be."""
        self.dots.unobserve(self._from_figure, ["x", "y"])
        with self.dots.hold_sync():
            self.dots.x, self.dots.y = self._known.T
        self.dots.observe(self._from_figure, ["x", "y"])

    def _from_figure(self, _):
        if len(self.dots.x) != len(self.dots.y):  # half of a change; the other half comes at once
            return
        points = np.stack([self.dots.x, self.dots.y], 1).astype(float)
        if len(points) > MOST:
            self._place()
            return self._refused(f"There can be at most {MOST} support points; remove one first.")
        inside = points.clip(*EDGES)  # a point that is dragged off the figure stays at its edge
        if inside.shape != self._known.shape or (inside != self._known).any():
            self.put(torch.tensor(inside), len(points) - 1 if len(points) > len(self._known) else None)
        elif (inside != points).any():
            self._place()

    def _dragged(self, _, content: dict):
        """bqplot tells of a drag one message before it sends the new x and y. Answer at once, if the kernel rests at
        least half of the time: such messages are sent for every event of the mouse, and must not pile up."""
        began = time.monotonic()
        if began < self._rested or content["index"] >= len(self._known):
            return  # x and y will come, too
        self._known[content["index"]] = np.clip([content["point"]["x"], content["point"]["y"]], *EDGES)
        self._changed()
        self._show_ring()
        self._rested = time.monotonic() + (time.monotonic() - began)

    def drop(self, dots, content: dict):
        """Let the sliders follow when a drag ends: give this to `dots.on_drag_end`, or call `show_chosen` yourself."""
        self._rested = 0.0  # the last place must not be skipped: a browser would send the one before back, rounded
        self._dragged(dots, content)
        self.show_chosen()

    def _touched(self, _, content: dict):
        content = content.get("data", content)
        if isinstance(content, dict) and isinstance(content.get("index"), int):
            self.which.value = content["index"] + 1

    def _show_ring(self):
        at = self._known[self.chosen : self.chosen + 1]
        with self.ring.hold_sync():
            self.ring.x, self.ring.y = at.T
        return at.flatten()

    def show_chosen(self):
        """Let the ring and the sliders follow the chosen point. A browser needs some 40 ms to set two sliders, so they
        do not follow a point while it is dragged: call this when it has come to rest."""
        for slider, value in zip((self.x, self.y), self._show_ring(), strict=False):
            slider.unobserve(self._from_slider, "value")
            slider.value = value
            slider.observe(self._from_slider, "value")

    def _from_slider(self, change):
        points, axis = self.points, 0 if change["owner"] is self.x else 1
        if abs(change["new"] - points[self.chosen, axis]) <= STEP / 2 + 1e-9:
            return  # a browser rounds what it was told to show: that is no wish of the learner
        points[self.chosen, axis] = change["new"]
        self.put(points)
