"""The curve explorer of lesson 02: drag the support points of a sine wave, see networks adapt from different starts."""

from __future__ import annotations

import ipywidgets as w
import torch
from torch import Tensor, nn

from course_lib.learners import FineTune
from course_lib.plots import COLORS, new_figure, png
from course_lib.tasks import Sinusoids
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.points import GRID, HIGH, SupportPoints, curve_axes, sine_task
from course_lib.widgets.view import DASHED, Panel, View

RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)
APART = 9  # pixels between two dots of 11: both can be seen, and taken hold of


def adapted_curves(starts: dict[str, nn.Module], x: Tensor, y: Tensor, steps: int, lr: float) -> dict[str, Tensor]:
    """Fine-tune each start on the points `x`, `y` (both `[shot]`). Returns its curve over GRID, `[101]`, by name."""
    found = {}
    for name, start in starts.items():
        learner, of = FineTune(start, steps, lr), next(start.parameters())
        task = (t.view(1, -1, 1).to(of.device, torch.float32) for t in (x, y))  # one
        with torch.no_grad():
            found[name] = learner.predict(learner.adapt(*task), GRID.to(of.device)).flatten().cpu()
    return found


class CurveExplorer(Explorer, w.VBox):
    """Support points to drag, and what networks make of them when they are fine-tuned from different starts.

    Args:
        starts: networks from a number to a number, by name. They are not changed.
        tasks: where new tasks come from, with at most MOST support points.
        steps, lr: adaptation steps and inner learning rate at first; `lr` is one of RATES.
        seed: which task comes first. A task with a support point hidden by another is passed over.

    In `points` are the support points, `[shot, 2]`; in `truth`, the true curve over GRID; in `curves`, the adapted
    networks over GRID; in `errors`, the mean squared error of each against the whole true curve.
    """

    def __init__(self, starts: dict[str, nn.Module], tasks: Sinusoids, steps=20, lr=0.01, seed=0):
        self.starts, self.tasks, self.seed = starts, tasks, seed
        self.before = adapted_curves(starts, GRID[0, :1], GRID[0, :1], 0, 0.1)
        self.curves, self.errors = {}, {}
        self._make_controls(steps, lr)
        self._make_view()
        self.new_task(seed)
        super().__init__([w.HBox([self.steps, self.lr, self.button]), self.view,
                          w.HBox([self.support.which, self.support.x, self.support.y])])  # fmt: skip

    def new_task(self, seed: int):
        """Draw the curve and the support points of the first task from `seed` on that hides no point behind another."""
        for self.seed in range(seed, seed + 100):
            points, self.truth = sine_task(self.tasks, self.seed, self.tasks.shot)
            places = torch.as_tensor(self.panel.place(*points.T))  # [shot, 2], pixels
            if len(places) < 2 or torch.pdist(places).min() >= APART:
                break
        self.move(points)

    def hear(self, content: dict):
        """What the learner does with the mouse; a click beside the points changes nothing, and is told so."""
        if "add" in content:
            self.view.show(said=f"{self._said}<br>No point is there. Drag one of the {len(self.points)} black points.")
        else:
            self.support.hear(content)

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
        said = [f"from the {name} {error:.2f}" for name, error in self.errors.items()]
        opening = f"Mean squared error over the whole curve after {self.steps.value} steps: "
        self.message = f"{opening}{'; '.join(said)}."
        keyed = "; ".join(f'<span style="color:{c}">■</span> {part}' for c, part in zip(COLORS, said, strict=False))
        lines = [(self.truth, "#bbbbbb", 5)]
        lines += [(curve, c, 1.5, DASHED) for c, curve in zip(COLORS, self.before.values(), strict=False)]
        lines += [(curve, c, 2.5) for c, curve in zip(COLORS, self.curves.values(), strict=False)]
        self._said = f"{opening}{keyed}.<br>Grey: the true curve. Dashed: the networks before the first step."
        self.view.show(
            curves="".join(self.panel.line(GRID.flatten(), *line) for line in lines),
            points=self.support.draw(self.panel),
            said=self._said,
        )

    def _make_controls(self, steps: int, lr: float):
        style, narrow = {"description_width": "initial"}, w.Layout(width="300px")
        self.steps = w.IntSlider(steps, 0, 40, description="adaptation steps", style=style, layout=narrow)
        self.lr = w.SelectionSlider(options=RATES, value=lr, description="inner learning rate", style=style,
                                    layout=narrow)  # fmt: skip
        self.button = w.Button(description="Another task", icon="refresh")
        self.button.on_click(lambda _: self.new_task(self.seed + 1))
        for control in (self.steps, self.lr):
            control.observe(self.redraw, "value")

    def _make_view(self):
        self.panel = Panel("curves", "Curves (drag a point)", 720, 340, points=True)
        self.support = SupportPoints(self.redraw)
        self.view = View(f'{self.panel.frame}<div role="status" data-part="said"></div>', self.hear)
        self.view.layout.max_width = "720px"
        self.view.show(**{"curves-axes": curve_axes(self.panel)})

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"{len(self.points)} support points of a sine wave and curves through them. {self.message}"
        return png(self.draw()), alt

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
