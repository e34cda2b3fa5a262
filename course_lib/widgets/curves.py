"""The curve explorer of lesson 02: drag the support points of a sine wave, see networks adapt from different starts."""

from __future__ import annotations

import bqplot as bq
import ipywidgets as w
import numpy as np
import torch
from torch import Tensor, nn

from course_lib.learners import FineTune
from course_lib.plots import COLORS, new_figure, png
from course_lib.tasks import Sinusoids
from course_lib.widgets.fallback import with_picture
from course_lib.widgets.points import GRID, HIGH, SupportPoints, sine_task

RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)


def adapted_curves(starts: dict[str, nn.Module], x: Tensor, y: Tensor, steps: int, lr: float) -> dict[str, Tensor]:
    """Fine-tune each start on the points `x`, `y` (both `[shot]`). Returns its curve over GRID, `[101]`, by name."""
    x, y = x.view(1, -1, 1).float(), y.view(1, -1, 1).float()  # one task
    found = {}
    for name, start in starts.items():
        learner = FineTune(start, steps, lr)
        with torch.no_grad():
            found[name] = learner.predict(learner.adapt(x, y), GRID.to(x)).flatten()
    return found


class CurveExplorer(w.VBox):
    """Support points to drag, and what networks make of them when they are fine-tuned from different starts.

    Args:
        starts: networks from a number to a number, by name. They are not changed.
        tasks: where new tasks come from, with at most MOST support points.
        steps, lr: adaptation steps and inner learning rate at first; `lr` is one of RATES.
        seed: which task comes first.

    In `points` are the support points, `[shot, 2]`; in `truth`, the true curve over GRID; in `curves`, the adapted
    networks over GRID; in `errors`, the mean squared error of each against the whole true curve.
    """

    def __init__(self, starts: dict[str, nn.Module], tasks: Sinusoids, steps=20, lr=0.01, seed=0):
        self.starts, self.tasks, self.seed = starts, tasks, seed
        self.before = adapted_curves(starts, GRID[0, :1], GRID[0, :1], 0, 0.1)
        self.curves, self.errors = {}, {}
        self._make_controls(steps, lr)
        self._make_figure()
        self.new_task(seed)
        super().__init__([w.HBox([self.steps, self.lr, self.button]), self.figure, self.text,
                          w.HBox([self.support.which, self.support.x, self.support.y])])  # fmt: skip

    def new_task(self, seed: int):
        """Draw the curve and the support points that belong to `seed`."""
        self.seed = seed
        points, self.truth = sine_task(self.tasks, seed, self.tasks.shot)
        self.true_line.y = self.truth.numpy()
        self.move(points)

    @property
    def points(self) -> Tensor:
        """The support points, `[shot, 2]`."""
        return self.support.points

    def move(self, points: Tensor):
        """Put the support points at `points [shot, 2]` and redraw."""
        self.support.put(points)
        self.support.show_chosen()

    def redraw(self, _=None):
        """Adapt to the points where they are now."""
        self.curves = adapted_curves(self.starts, *self.points.T, self.steps.value, self.lr.value)
        self.errors = {name: (curve - self.truth).square().mean().item() for name, curve in self.curves.items()}
        self.lines.y = np.stack([curve.numpy() for curve in self.curves.values()])
        said = [f"from the {name} {error:.2f}" for name, error in self.errors.items()]
        opening = f"Mean squared error over the whole curve after {self.steps.value} steps: "
        self.message = f"{opening}{'; '.join(said)}."
        keyed = "; ".join(f'<span style="color:{c}">■</span> {part}' for c, part in zip(COLORS, said, strict=False))
        self.text.value = (f'<div role="status" style="line-height:1.4">{opening}{keyed}.<br>Gray: the true curve. '
                           "Dashed: the networks before the first step.</div>")  # fmt: skip

    def _make_controls(self, steps: int, lr: float):
        style, narrow = {"description_width": "initial"}, w.Layout(width="300px")
        self.steps = w.IntSlider(steps, 0, 40, description="adaptation steps", style=style, layout=narrow)
        self.lr = w.SelectionSlider(options=RATES, value=lr, description="inner learning rate", style=style,
                                    layout=narrow)  # fmt: skip
        self.button = w.Button(description="Another task", icon="refresh")
        self.button.on_click(lambda _: self.new_task(self.seed + 1))
        self.text = w.HTML()
        for control in (self.steps, self.lr):
            control.observe(self.redraw, "value")

    def _make_figure(self):
        scales = {"x": bq.LinearScale(min=-5, max=5), "y": bq.LinearScale(min=-HIGH, max=HIGH)}
        grid, colors = GRID.flatten().numpy(), list(COLORS[: len(self.starts)])
        start = bq.Lines(x=grid, y=np.stack([curve.numpy() for curve in self.before.values()]), scales=scales,
                         colors=colors, line_style="dashed", stroke_width=1.5)  # fmt: skip
        self.true_line = bq.Lines(x=grid, y=0 * grid, scales=scales, colors=["#bbbbbb"], stroke_width=5)
        self.lines = bq.Lines(x=grid, y=start.y, scales=scales, colors=colors, stroke_width=2.5)
        self.support = SupportPoints(scales, self.redraw)
        self.support.dots.on_drag_end(self.support.drop)
        axes = [bq.Axis(scale=scales[name], label=name, side=side, grid_lines="none", label_color="gray")
                for name, side in (("x", "bottom"), ("y", "left"))]  # fmt: skip
        marks = [self.true_line, start, self.lines, *self.support.marks]
        self.figure = bq.Figure(marks=marks, axes=axes, animation_duration=0, background_style={"fill": "white"},
                                fig_margin={"top": 10, "bottom": 45, "left": 50, "right": 10},
                                layout=w.Layout(width="720px", height="340px"))  # fmt: skip

    def _repr_mimebundle_(self, **kwargs):
        alt = f"{len(self.points)} support points of a sine wave and curves through them. {self.message}"
        return with_picture(super()._repr_mimebundle_(**kwargs), png(self.draw()), alt)

    def draw(self):
        """The same picture with matplotlib, for readers without a front end."""
        figure, ax = new_figure(width=7.2, height=3.8)
        grid = GRID.flatten()
        ax.plot(grid, self.truth, color="#bbbbbb", linewidth=5, label="true curve")
        for color, (name, curve) in zip(COLORS, self.curves.items(), strict=False):
            ax.plot(grid, self.before[name], "--", color=color, linewidth=1.5)
            ax.plot(grid, curve, color=color, linewidth=2.5, label=f"from the {name}")
        ax.plot(*self.points.T, "o", color="black", label="support points")
        ax.set(xlabel="x", ylabel="y", xlim=(-5, 5), ylim=(-HIGH, HIGH))
        figure.legend(loc="outside upper center", ncols=2)
        return figure
