"""The inner-loop explorer of lesson 03: see a network adapt to a task, step by step, from different starts."""

from __future__ import annotations

import asyncio
from html import escape

import ipywidgets as w
import torch
from torch import Tensor, nn

from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson03.descent import Descent, descend
from course_lib.lessons.lesson03.inner_loop_picture import draw_panels
from course_lib.lessons.lesson03.panels import draw_curves, draw_losses, draw_surface, legend
from course_lib.plots import COLORS, png
from course_lib.tasks import Sinusoids
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.points import EDGES, MOST, SupportPoints, curve_axes, sine_task
from course_lib.widgets.view import Panel, View

RATES = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
STEPS = 20  # adaptation steps at most
SIZE = torch.tensor([580.0, 430.0], dtype=torch.float64)  # of the plot with the curves, in pixels
PAUSE = 0.25  # seconds without input, after which the other starts follow: a drag need not wait for them


class InnerLoopExplorer(Explorer, w.VBox):
    """One task of sine waves, and what gradient descent makes of a chosen start: its curve after every step, the loss
    after every step, and the path of its weights on a plane through the task's own loss surface.

    Args:
        starts: by name, networks from a number to a number (they adapt by plain gradient descent) or learners of
            regression, at most six. They are not changed. A learner without a method `path` shows its curve alone.
        tasks: where tasks come from; `Sinusoids()` when `None`.
        steps: adaptation steps at first, 0 to STEPS.
        lr: inner learning rate at first.
        shot: support points at first, 0 to MOST; those of `tasks` when `None`.
        seed: which task comes first.

    In `points` are the support points, `[n, 2]`; in `truth`, the true curve over GRID; in `chosen`, the name of the
    start; in `descents`, a `Descent` by name; in `message`, what the picture says in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, starts: dict[str, nn.Module], tasks: Sinusoids | None = None, steps: int = 5, lr: float = 0.01,
                 shot: int | None = None, seed: int = 0):  # fmt: skip
        self.tasks = tasks or Sinusoids()
        shot = min(MOST, self.tasks.shot) if shot is None else shot
        _refuse_bad(starts, steps, lr, shot)
        self.starts, self.colors = dict(starts), dict(zip(starts, COLORS, strict=False))
        self.message, self._descents, self._before, self._pending = "", {}, {}, None
        self._refused = ""  # a sentence that stays until the points are others
        self._make_controls(steps, lr, shot)
        self.support = SupportPoints(self._points_changed, self._refuse)
        self._make_view()
        self.new_task(seed)
        for control in (self.menu, self.steps, self.lr):
            control.observe(self.redraw, "value")
        self.shots.observe(self._shots_changed, "value")
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    @property
    def points(self) -> Tensor:
        """The support points, `[n, 2]`."""
        return self.support.points

    @property
    def chosen(self) -> str:
        """The name of the start that is shown."""
        return self.menu.value

    @property
    def descents(self) -> dict[str, Descent]:
        """What each start becomes on the points where they are now, by name."""
        self._finish()
        return self._descents

    def new_task(self, seed: int):
        """Take the task that belongs to `seed`, with as many support points as the slider says."""
        self.seed = seed
        pool, self.truth = sine_task(self.tasks, seed)
        self.pool = apart(pool)
        self.support.put(self.pool[: self.shots.value], 0)

    def redraw(self, _=None):
        """Run the inner loop from the chosen start now; the rest follows after a moment without input."""
        if self._pending is not None:
            self._pending.cancel()
        with one_thread():
            self._before |= self._descents
            self._descents = {self.chosen: self._descend(self.chosen)}
            self._show()
        try:  # a kernel has an event loop; a script has none, and there nobody waits for a picture
            self._pending = asyncio.get_running_loop().call_later(PAUSE, self._finish)
        except RuntimeError:
            self._finish()

    def _descend(self, name: str) -> Descent:
        return descend(self.starts[name], self.points, self.truth, self.steps.value, self.lr.value)

    def _finish(self):
        """What can wait: the sliders of the chosen point, and the inner loop from the other starts."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self.support.show_chosen()
        missing = [name for name in self.starts if name not in self._descents]
        if not missing:
            return
        with one_thread():
            self._descents |= {name: self._descend(name) for name in missing}
            self._show()

    def _show(self):
        """Draw all panels. Starts that are not computed again yet stay where they were."""
        mine, color, steps = self._descents[self.chosen], self.colors[self.chosen], self.steps.value
        latest = self._before | self._descents
        others = {self.colors[name]: d for name, d in latest.items() if name != self.chosen}
        losses, losses_axes = draw_losses(self.panels["losses"], mine, color, others, steps)
        surface, surface_axes, caption = draw_surface(self.panels["surface"], mine, color, steps)
        self.message = f"{self._refused} {sentence(self._descents, self.chosen, len(self.points))}".strip()
        self.view.show(**{
            "curves": draw_curves(self.panels["curves"], self.truth, mine, color, others),
            "points": self.support.draw(self.panels["curves"]),
            "losses": losses, "losses-axes": losses_axes,
            "surface": surface, "surface-axes": surface_axes, "caption": caption,
            "legend": legend(self.colors, self.chosen), "said": escape(self.message),
        })  # fmt: skip

    def _points_changed(self):
        self._refused = ""
        if self.shots.value != len(self.points):
            self.shots.unobserve(self._shots_changed, "value")
            self.shots.value = len(self.points)
            self.shots.observe(self._shots_changed, "value")
        self.remove.disabled = not len(self.points)
        self.redraw()

    def _shots_changed(self, _):
        """Add points of the task that are not there yet, or take the last ones away."""
        points, n = self.points, self.shots.value
        fresh = [p for p in self.pool if not (points == p).all(1).any()]
        self.support.put(_stack([*points, *fresh][:n]), max(0, n - 1))

    def _refuse(self, sentence: str):
        self.message = self._refused = sentence
        self.view.show(said=escape(sentence))

    def _make_view(self):
        self.panels = {
            "curves": Panel(
                "curves", "Curve after every step (drag a point; click to add one)", *SIZE.int().tolist(), True
            ),
            "losses": Panel("losses", "Loss by step", 430, 215),
            "surface": Panel("surface", "Path of the weights", 430, 215),
        }
        curves, losses, surface = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="wide">{curves}<div class="legend" data-part="legend"></div></div>'
            f'<div class="narrow">{losses}{surface}<div class="caption" data-part="caption"></div></div></div>'
            '<div role="status" data-part="said"></div>',  # screen readers say the new text when it changes
            self.support.hear,
        )
        self.view.show(**{"curves-axes": curve_axes(self.panels["curves"])})

    def _make_controls(self, steps: int, lr: float, shot: int):
        style, layout = {"description_width": "initial"}, w.Layout(flex="1 1 280px", max_width="330px")
        self.menu = w.ToggleButtons(options=list(self.starts), description="start",
                                    style={"description_width": "initial", "button_width": "auto"},
                                    layout=w.Layout(width="max-content"))  # fmt: skip
        self.steps = w.IntSlider(steps, 0, STEPS, description="adaptation steps", style=style, layout=layout)
        self.lr = w.SelectionSlider(options=sorted({*RATES, lr}), value=lr, description="inner learning rate",
                                    style=style, layout=layout)  # fmt: skip
        self.shots = w.IntSlider(shot, 0, MOST, description="shots", style=style, layout=layout)
        self.another = w.Button(description="Another task", icon="refresh", layout=w.Layout(width="auto"))
        self.remove = w.Button(description="Remove the ringed point", icon="minus", layout=w.Layout(width="auto"))
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.remove.on_click(lambda _: self.support.remove())

    def _arrange(self) -> list[w.Widget]:
        def box(*children, **layout):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", min_width="0", **layout))

        return [
            box(self.menu, self.another, align_items="flex-end"),
            box(self.steps, self.lr, self.shots, align_items="center"),
            self.view,
            box(self.support.which, self.support.x, self.support.y, self.remove, align_items="center"),
        ]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        self._finish()
        alt = f"Curves, losses by step and the path of the weights on the loss surface. {self.message}"
        return png(self.draw()), alt

    def draw(self):
        """The same panels with matplotlib, for readers without a front end."""
        return draw_panels(self.descents, self.chosen, self.colors, self.points, self.truth, self.steps.value)


def sentence(descents: dict[str, Descent], chosen: str, shots: int) -> str:
    """What the panels show, in words."""
    if not shots:
        return "No support points, so there is nothing to adapt to: click on the plot or move the slider of shots."
    said, mine = f"{shots} support point{'s' * (shots != 1)}. From the {chosen} start", descents[chosen]
    done, support, query = len(mine.query) - 1, mine.support.tolist(), mine.query.tolist()
    if done < 0:
        said += ": no curve."
    elif mine.weights is None and done == 0:
        said += f": support loss {support[0]:.3g}, query loss {query[0]:.3g}."
    else:
        said += (f", after {done} step{'s' * (done != 1)}: support loss {support[0]:.3g} → {support[-1]:.3g}, "
                 f"query loss {query[0]:.3g} → {query[-1]:.3g}.")  # fmt: skip
    if mine.note:
        said += f" {mine.note[0].upper()}{mine.note[1:]}."
    others = [f"{name} {d.query[-1]:.3g}" for name, d in descents.items() if name != chosen and len(d.query)]
    return said + (f" Query loss of the other starts: {', '.join(others)}." if others else "")


def apart(points: Tensor, least: float = 13) -> Tensor:
    """The same points, but those that lie on one before them come last, so that each of the first ones is seen.

    Args:
        points: `[n, 2]`.
        least: how far apart two of them are to be, in pixels of the plot: a little more than a point is wide.
    """
    pixels = points / torch.from_numpy(EDGES[1] - EDGES[0]) * SIZE
    seen, hidden = [], []
    for i, at in enumerate(pixels):
        near = any((at - pixels[j]).norm() < least for j in seen)
        (hidden if near else seen).append(i)
    return points[seen + hidden]


def _stack(points: list[Tensor]) -> Tensor:
    return torch.stack(points) if points else torch.zeros(0, 2)


def _refuse_bad(starts, steps, lr, shot):
    if not isinstance(starts, dict) or not 1 <= len(starts) <= 6:
        raise ValueError('starts must be a dict of one to six networks or learners, such as {"random": MLP()}.')
    for name, start in starts.items():
        if not isinstance(start, nn.Module):
            raise ValueError(f"starts must map names to networks, but {name!r} is a {type(start).__name__}.")
    for name, value, most in (("steps", steps, STEPS), ("shot", shot, MOST)):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise ValueError(f"{name} must be a whole number from 0 to {most}, but it is {value!r}.")
    if not lr > 0:
        raise ValueError(f"lr must be above 0, but it is {lr!r}.")
