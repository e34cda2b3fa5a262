"""The sketchpad of lesson 00: draw symbols in a browser, and a learner names the next. `sketch.py` has the maths."""

from __future__ import annotations

from pathlib import Path

import anywidget
import torch
import traitlets
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.lessons.lesson00.drawing import SYMBOLS, write
from course_lib.lessons.lesson00.sketch import WAY, Answer, Sketch, percent, read_drawings
from course_lib.widgets.fallback import Explorer

_HERE = Path(__file__).parent


class Sketchpad(Explorer, anywidget.AnyWidget):
    """Five boxes for symbols, one example each, and a box for the drawing to be named.

    It opens with drawings of the course in its boxes; every stroke that the learner adds gives a new answer. In
    `sketch` are the drawings and the answer, for cells that want to look at them.

    Args:
        learners: `{name: Learner}`; a menu switches between them.
        seed: of the hand that writes the example drawings.

    Raises:
        ValueError: if `learners` is not such a dict.
    """

    _esm = (_HERE / "sketchpad.js").read_text(encoding="utf-8")
    _css = (_HERE / "sketchpad.css").read_text(encoding="utf-8")

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
    drawings = traitlets.Any().tag(sync=True)  # anything may come from a browser: read_drawings looks at it
    shown = traitlets.Dict().tag(sync=True)  # the answer, in numbers and bytes
    colors = traitlets.List(list(plots.COLORS[:WAY])).tag(sync=True)

    def __init__(self, learners, seed: int = 0):
        self.sketch = Sketch(learners)
        self._generator = torch.Generator().manual_seed(seed)
        self._symbols = [*range(WAY), 2]  # which example each box shows or showed last
        drawings = [self._example(box, 0) for box in range(WAY + 1)]
        super().__init__(names=list(learners), chosen=self.sketch.chosen, drawings=drawings)
        self._update()
        self.observe(self._update, ["drawings", "chosen"])
        self.on_msg(self._message)

    def _example(self, box: int, step: int) -> list:
        """The example drawing that is `step` further for this box, in a fresh hand."""
        self._symbols[box] = (self._symbols[box] + step) % len(SYMBOLS)
        strokes = write(list(SYMBOLS)[self._symbols[box]], self._generator)
        return [(stroke * 1000).round().div(1000).tolist() for stroke in strokes]

    def _message(self, _, content, __):
        """`{"example": box, "step": 1 or -1}` from the browser asks for another example drawing in a box."""
        box, step = (content.get(key) for key in ("example", "step")) if isinstance(content, dict) else (None, None)
        if box in range(WAY + 1) and step in (1, -1):
            self.drawings = [self._example(i, step) if i == box else d for i, d in enumerate(self.drawings)]

    def _update(self, _=None):
        try:
            if self.chosen not in self.sketch.learners:
                raise ValueError(f"there is no learner {self.chosen!r}; there are: {', '.join(self.names)}.")
            self.sketch.chosen = self.chosen
            self.sketch.draw(read_drawings(self.drawings))
            answer = self.sketch.answer()
        except ValueError as error:  # a learner may refuse too: its sentence is shown where the answer would be
            answer = Answer(str(error), [])
        self.shown = {
            "sentence": answer.sentence,
            "classes": answer.classes,
            "winner": answer.winner,
            "probabilities": _numbers(answer.probabilities),
            "distances": _numbers(answer.distances),
            "measures": self.sketch.measures,  # whether there is a column for distances, empty or not
            "pixels": (255 * self.sketch.images).to(torch.uint8).numpy().tobytes(),  # 6 x 28 x 28
        }

    def snapshot(self) -> tuple[bytes, str]:
        """The same content as a static figure, and in words."""
        alt = "The sketchpad: five symbols, a sixth drawing, and the answer. " + self.sketch.answer().sentence
        return plots.png(draw_answer(self.sketch)), alt


def _numbers(values) -> list | None:
    return None if values is None else values.tolist()


def draw_answer(sketch: Sketch) -> Figure:
    """Draw a sketch and the answer to it: the six images that the network sees, and bars with numbers below."""
    answer = sketch.answer()
    with plots.plt.rc_context(plots.STYLE):
        figure = plots.plt.figure(figsize=(7.0, 3.6))
    figure.suptitle(answer.sentence, fontsize=10)
    grid = figure.add_gridspec(2, 6, height_ratios=(1, 1.25))
    for box, image in enumerate(sketch.images.numpy()):
        ax = figure.add_subplot(grid[0, box])
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title="query" if box == WAY else f"symbol {box + 1}")
    if answer.probabilities is None:
        return figure
    bars = [("probability", answer.probabilities, percent)]
    if answer.distances is not None:
        bars.insert(0, ("squared distance to the prototype", answer.distances, "{:.1f}".format))
    for i, (label, values, write_number) in enumerate(bars):
        values = values.tolist()
        ax = figure.add_subplot(grid[1, 6 // len(bars) * i : 6 // len(bars) * (i + 1)])
        drawn = ax.barh(
            [f"symbol {c + 1}" for c in answer.classes], values, color=[plots.COLORS[c] for c in answer.classes]
        )
        ax.bar_label(drawn, map(write_number, values), padding=3)
        ax.set(xlabel=label, xlim=(0, 1.45 * max(*values, 1e-9)))  # room for the numbers
        ax.locator_params(axis="x", nbins=4)
        ax.invert_yaxis()
    return figure
