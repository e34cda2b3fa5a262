"""Support points that the learner moves, of a sine wave at first: with the mouse, and from the keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from course_lib.tasks import Sinusoids
from course_lib.widgets.view import Panel

GRID = torch.linspace(-5, 5, 101).view(1, -1, 1)  # [1, 101, 1]: where curves are drawn
HIGH = 6.0  # the picture shows -HIGH ... HIGH
MOST = 20  # support points at once
EDGES = np.array([[-5, -HIGH], [5, HIGH]])  # of the plot: lowest and highest x, y
NUDGE = 0.02  # of the plot's width or height: how far an arrow key moves a point
STEPS = 100  # steps of a slider across the plot, or a few more: they are round numbers


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


def curve_axes(panel: Panel) -> str:
    """The axes of every plot with curves; they stay."""
    panel.scale(*EDGES.T)
    return panel.axes("x", "y", range(-4, 5, 2), range(-6, 7, 3))


class SupportPoints:
    """Points on a plot. Drag one, or choose one and move it with sliders; a click on the plot can add one.

    Args:
        changed: called without arguments whenever the points are other ones, or another one is chosen.
        refused: called with a sentence when a click would add one too many. Without it, a click adds none.
        most: how many there may be.

    `edges` are the lowest and highest x and y of the plot, `[2, 2]`; the sliders learn of a change from `show_chosen`.
    `which`, `x`, `y` are the sliders. Give `hear` to the `View` that shows the points.
    """

    def __init__(self, changed: Callable, refused: Callable | None = None, most: int = MOST):
        self._changed, self._refused, self._known = changed, refused, np.zeros((0, 2))
        self.most, self.edges, self._told = most, EDGES, {}
        style, layout = {"description_width": "initial"}, w.Layout(width="250px")
        self.which = w.IntSlider(1, 1, 1, description="or move point", style=style, layout=layout)
        self.x, self.y = (
            # Not continuous: else a browser that is given another range answers with its old value, moved into it.
            w.FloatSlider(value=0, min=low, max=high, step=round_step(low, high), description=name, style=style,
                          layout=layout, continuous_update=False)
            for name, low, high in zip(("to x", "to y"), *EDGES, strict=True)
        )  # fmt: skip
        self.which.observe(self._which_changed, "value")
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
            ValueError: for more than `most` of them.
        """
        if len(points) > self.most:
            raise ValueError(f"there can be at most {self.most} support points, not {len(points)}.")
        self._known = points.double().numpy().reshape(-1, 2).copy()
        self._choose(self.chosen if chosen is None else chosen)
        self._changed()

    def remove(self):
        """Take the chosen point away, if there is one."""
        if len(self._known):
            rest = np.delete(self._known, self.chosen, axis=0)
            self.put(torch.tensor(rest), min(self.chosen, max(0, len(rest) - 1)))

    def hear(self, content: dict):
        """Do what the learner wants: `{"move": number, "to": at}` while a point is dragged, `{"choose": number}` when
        it is dropped, `{"add": at}` for a click. `at` is from 0 to 1 across the plot, to the right and down.
        `{"nudge": steps}` moves the chosen point by so many steps of an arrow key, to the right and down."""
        if "nudge" in content:
            return self._nudge(*content["nudge"])
        number = content.get("move", content.get("choose", 0))
        if number >= len(self._known) and "add" not in content:
            return  # it was removed in the meantime
        if "choose" in content:
            self.which.value = number + 1
            return self.show_chosen()
        right, down = content["to"] if "move" in content else content["add"]
        at = self.edges[0] + (self.edges[1] - self.edges[0]) * [right, 1 - down]
        if "move" in content:
            points = self._known.copy()
            points[number] = at
            self.put(torch.tensor(points), number)
        elif self._refused and len(self._known) == self.most:
            self._refused(f"There can be at most {self.most} support points; remove one first.")
        elif self._refused:
            self.put(torch.tensor(np.vstack([self._known, at])), len(self._known))

    def _nudge(self, right: int, down: int):
        if len(self._known):
            points, step = self._known.copy(), NUDGE * (self.edges[1] - self.edges[0])
            points[self.chosen] = np.clip(points[self.chosen] + step * [right, -down], *self.edges)
            self.put(torch.tensor(points))
            self.show_chosen()

    def draw(self, panel: Panel) -> str:
        """The points in SVG. A wide disc that nobody sees catches the mouse."""
        return "".join(
            f'<g data-number="{i}" transform="translate({x:.1f},{y:.1f})"{" class=chosen" * (i == self.chosen)}>'
            '<circle r="14" fill="transparent"/><circle class="ring" r="10" fill="none" stroke="black"/>'
            '<circle class="dot" r="5.5" stroke="white"/></g>'
            for i, (x, y) in enumerate(panel.place(*self._known.T))
        )

    def show_chosen(self):
        """Let the sliders follow the chosen point. A browser needs some 40 ms to set two sliders, so they do not
        follow a point while it is dragged: call this when it has come to rest."""
        for slider, value, low, high in zip((self.x, self.y), self._known[self.chosen : self.chosen + 1].flatten(),
                                            *self.edges, strict=False):  # fmt: skip
            slider.unobserve(self._from_slider, "value")
            step = round_step(low, high)
            with slider.hold_sync(), slider.hold_trait_notifications():  # one message: it may lie outside the old range
                slider.min, slider.max, slider.step, slider.value = low, high, step, value
                self._told[slider] = value
                slider.readout_format = f".{max(2, math.ceil(-math.log10(step)))}f"
            slider.observe(self._from_slider, "value")

    def _choose(self, number: int):
        """Let the first slider say so, without an answer to it."""
        self.which.unobserve(self._which_changed, "value")
        self.which.max = max(1, len(self._known))
        self.which.value = number + 1
        self.which.observe(self._which_changed, "value")
        self.which.disabled = self.x.disabled = self.y.disabled = not len(self._known)

    def _which_changed(self, _):
        self.show_chosen()
        self._changed()  # the ring

    def _from_slider(self, change):
        points, slider, new = self.points, change["owner"], change["new"]
        if abs(new - self._told.get(slider, math.inf)) <= slider.step / 2 * (1 + 1e-6):
            return  # a browser rounds what it was told to show: that is no wish of the learner, however late it comes
        self._told[slider] = new
        points[self.chosen, 0 if slider is self.x else 1] = new
        self.put(points)


def round_step(low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten: the largest of them that makes STEPS steps or more from `low` to `high`."""
    step = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    return power * max(m for m in (1, 2, 5) if m * power <= step * (1 + 1e-9))
