"""The context explorer of lesson 09: move the points of a support set, and see what those who read it answer."""

from __future__ import annotations

import asyncio
from html import escape

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson09 import context_picture as picture
from course_lib.lessons.lesson09.context_worlds import Answer, World, inside, read
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.points import MOST, SupportPoints
from course_lib.widgets.view import Panel, View

STEPS = (0, 1, 10, 100)  # adaptation steps of MAML
AT_ONCE = 10  # so many are taken while a point is dragged; more follow after a moment without input
PAUSE = 0.25  # seconds without input, after which sliders follow what the mouse has done


class ContextExplorer(Explorer, w.VBox):
    """Support points on a plane, and the curves of those who answer from them: a learner that reads them, MAML where
    there is one, and the formula that knows the world. Grey is the area in which the points of training lay.

    Args:
        worlds: by name, one to four of them.
        shot: support points at first, 1 to MOST.
        seed: which task comes first.

    In `points` are the support points, `[n, 2]`; in `answers`, an `Answer` by name; in `truth`, the curve that the
    points were drawn from, or `None` once a point was moved or added; in `message`, what the picture says in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, worlds: dict[str, World], shot: int = 5, seed: int = 0):
        if not isinstance(worlds, dict) or not 1 <= len(worlds) <= 4:
            raise ValueError('worlds must be a dict of one to four worlds, such as {"sine waves": sines(...)}.')
        for name, world in worlds.items():
            if not isinstance(world, World):
                raise ValueError(f"worlds must map names to a World, but {name!r} is a {type(world).__name__}.")
        if isinstance(shot, bool) or not isinstance(shot, int) or not 1 <= shot <= MOST:
            raise ValueError(f"shot must be a whole number from 1 to {MOST}, but it is {shot!r}.")
        self.worlds, self.message, self._refused, self._pending = dict(worlds), "", "", None
        self.truth: Tensor | None = None
        self.answers: dict[str, Answer] = {}
        self._make_controls(shot)
        self.support = SupportPoints(self._points_changed, self._refuse)
        self._make_view()
        self.seed = seed
        self.source.observe(self._source_changed, "value")
        for control in (self.reader, self.steps):
            control.observe(self.redraw, "value")
        self._world_changed()
        self.menu.observe(self._world_changed, "value")
        self.shots.observe(self._shots_changed, "value")
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    @property
    def world(self) -> World:
        """The world that is shown."""
        return self.worlds[self.menu.value]

    @property
    def points(self) -> Tensor:
        """The support points, `[n, 2]`."""
        return self.support.points

    def new_task(self, seed: int):
        """Take the task that belongs to `seed`, with as many support points as the slider says."""
        self.seed, self._refused = seed, ""
        points, self.truth = self.world.sources[self.source.value](seed, self.shots.value)
        self._drawn = points
        self.support.put(points, 0)

    def redraw(self, _=None):
        """Let all answer to the points where they are now, and draw it. Many steps of MAML follow after a moment."""
        if self._pending is not None:
            self._pending.cancel()
        self.answers = self._answer(AT_ONCE)
        self._show()
        try:  # a kernel has an event loop; a script has none, and there nobody waits for a picture
            self._pending = asyncio.get_running_loop().call_later(PAUSE, self._finish)
        except RuntimeError:
            self._finish()

    def _show(self):
        world, panel = self.world, self.panel
        panel.scale(*zip(*world.edges, strict=True))
        outside = int((~inside(self.points, world.grey)).sum())
        self.message = f"{self._refused} {self._sentence(outside)}".strip()
        self.view.show(**{
            "curves": picture.draw_curves(panel, world, self.answers, self.truth),
            "curves-axes": picture.draw_axes(panel, world),
            "points": self.support.draw(panel), "legend": picture.legend(self.answers, self.truth is not None),
            "said": escape(self.message),
        })  # fmt: skip

    def _answer(self, most: int) -> dict[str, Answer]:
        """The answers of all, but that of MAML only if it takes at most so many steps."""
        world, points, grid, n = self.world, self.points, self.world.grid, self.steps.value
        name, rule = world.rule
        with one_thread():
            found = {self._reading(): read(world.readers[self.reader.value], points, grid), name: rule(points, grid)}
            if world.walker is not None and n <= most:
                found[f"MAML, {n} step{'s' * (n != 1)}"] = read(world.walker, points, grid, steps=n)
        return found

    def _reading(self) -> str:
        return "reads in context" if len(self.world.readers) == 1 else f"reads, trained on {self.reader.value}"

    def _sentence(self, outside: int) -> str:
        n = len(self.points)
        said = f"{n} point{'s' * (n != 1)}, {outside or 'none'} outside the grey area. "
        if self.truth is None:
            x, grid = self.points[:, 0].numpy(), self.world.grid.numpy()
            errors = {
                name: (torch.from_numpy(picture.between(x, grid, a.mean.numpy())) - self.points[:, 1])
                for name, a in self.answers.items()
            }
            said += "You moved points, so there is no true curve. Mean squared miss of the points: "
        else:
            x = self.world.grey[:, 0]
            here = (self.world.grid >= x.min()) & (self.world.grid <= x.max())
            errors = {name: (answer.mean - self.truth)[here] for name, answer in self.answers.items()}
            said += f"Mean squared error against the true curve, x from {x.min():.2g} to {x.max():.2g}: "
        return said + "; ".join(f"{name} {short(e.square().mean().item())}" for name, e in errors.items()) + "."

    def _points_changed(self):
        if not torch.equal(self.points, self._drawn[: len(self.points)]):
            self.truth = None
        self._refused = ""
        self.remove.disabled = len(self.points) < 2
        if self.shots.value != len(self.points):
            self.shots.unobserve(self._shots_changed, "value")
            self.shots.value = len(self.points)
            self.shots.observe(self._shots_changed, "value")
        self.redraw()

    def _finish(self):
        """What can wait: the sliders, and many steps of MAML."""
        self._pending = None
        self.support.show_chosen()
        if self.world.walker is not None and self.steps.value > AT_ONCE:
            self.answers = self._answer(max(STEPS))
            self._show()

    def _world_changed(self, _=None):
        """Show another world: its readers and sources of tasks, and a task of its own."""
        world = self.world
        for control, names, changed in (
            (self.reader, world.readers, self.redraw),
            (self.source, world.sources, self._source_changed),
        ):
            control.unobserve(changed, "value")
            control.options = list(names)
            control.value = list(names)[-1] if control is self.reader else list(names)[0]
            control.observe(changed, "value")
            control.layout.display = None if len(names) > 1 else "none"
        self.steps.layout.display = None if world.walker is not None else "none"
        self.support.edges = np.array(world.edges)
        self.new_task(self.seed)

    def _source_changed(self, _):
        self.new_task(self.seed)

    def _shots_changed(self, _):
        """The task as it was drawn, with so many points."""
        self.new_task(self.seed)

    def _remove(self, _=None):
        if len(self.points) > 1:  # there is nothing to read in an empty support set
            self.support.remove()

    def _refuse(self, sentence: str):
        self.message = self._refused = sentence
        self.view.show(said=escape(sentence))

    def _make_controls(self, shot: int):
        style, layout = {"description_width": "initial"}, w.Layout(flex="1 1 280px", max_width="330px")
        buttons = {"style": {"description_width": "initial", "button_width": "auto"}}
        self.menu, self.source, self.reader = (
            w.ToggleButtons(options=names, description=text, layout=w.Layout(width="max-content"), **buttons)
            for text, names in (("world", list(self.worlds)), ("tasks", ["-"]), ("trained on", ["-"]))
        )
        self.steps = w.SelectionSlider(options=STEPS, value=10, description="adaptation steps of MAML", style=style,
                                       layout=w.Layout(flex="1 1 280px", max_width="360px"))  # fmt: skip
        self.shots = w.IntSlider(shot, 1, MOST, description="shots", style=style, layout=layout)
        self.another = w.Button(description="Another task", icon="refresh", layout=w.Layout(width="auto"))
        self.remove = w.Button(description="Remove the ringed point", icon="minus", layout=w.Layout(width="auto"))
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.remove.on_click(self._remove)

    def _make_view(self):
        self.panel = Panel("curves", "Who answers what (drag a point; click to add one)", 760, 430, True)
        self.view = View(
            f'{self.panel.frame}<div class="legend" data-part="legend"></div>'
            '<div role="status" data-part="said"></div>',  # screen readers say the new text when it changes
            self.support.hear,
        )

    def _arrange(self) -> list[w.Widget]:
        def box(*children, **layout):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", min_width="0", **layout))

        return [
            box(self.menu, self.source, self.reader, align_items="flex-end"),
            box(self.shots, self.steps, self.another, align_items="center"),
            self.view,
            box(self.support.which, self.support.x, self.support.y, self.remove, align_items="center"),
        ]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        self._finish()
        return png(self.draw()), f"Support points, and the curves of those who answer from them. {self.message}"

    def draw(self):
        """The same with matplotlib, for readers without a front end."""
        return picture.draw_world(self.world, self.points, self.answers, self.truth, self.message)


def short(error: float) -> str:
    """An error in two digits; one that is only rounding is 0."""
    return "0" if error < 1e-6 else f"{error:.2g}"
