"""The comparison explorer of lesson 08: how many tasks a verdict on two learners needs, and what pairing is worth."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import numpy as np
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson08.comparison_picture import (
    COLOR,
    TESTS,
    Outcomes,
    describe,
    draw_comparison,
    draw_tests,
    reach,
    span,
)  # fmt: skip
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import Panel, View

SIZES = (10, 20, 30, 50, 100, 200, 400, 600, 1000)  # tasks of a test


class ComparisonExplorer(Explorer, w.VBox):
    """Two learners, tested again and again on so many tasks: their accuracies, and the difference with its interval.

    Args:
        scores: of each learner, by name, `[tasks]` accuracies (fractions) on the same tasks in the same order: they
            play all the tasks there are, and each test draws from them with replacement.
        first, second: which two are compared at first; the first two of `scores` when not given.
        n: tasks of a test at first, one of SIZES.
        seed: which test comes first.

    In `tests` is what was drawn; in `message` what is seen, in words.

    Raises:
        ValueError: if there are fewer than two learners, or their numbers of tasks differ.
    """

    def __init__(self, scores: dict[str, Tensor], first: str | None = None, second: str | None = None, n: int = 30,
                 seed: int = 0):  # fmt: skip
        if len(scores) < 2 or len({len(s) for s in scores.values()}) > 1:
            raise ValueError("a comparison needs two learners or more, scored on the same tasks.")
        self.scores, self.seed = scores, seed
        names = list(scores)
        style, layout = {"description_width": "initial"}, w.Layout(width="230px")
        self.first = w.Dropdown(options=names, value=first or names[0], description="first", style=style, layout=layout)
        self.second = w.Dropdown(options=names, value=second or names[1], description="second", style=style,
                                 layout=layout)  # fmt: skip
        self.n = w.SelectionSlider(options=SIZES, value=n, description="test tasks", style=style,
                                   layout=w.Layout(width="300px"))  # fmt: skip
        self.paired = w.Checkbox(True, description="paired: both meet the same tasks", indent=False,
                                 layout=w.Layout(width="max-content"))  # fmt: skip
        self.another = w.Button(description="Other tasks", icon="refresh")
        self._make_view()
        self.redraw()
        for control in (self.first, self.second, self.n, self.paired):
            control.observe(self.redraw, "value")
        self.another.on_click(lambda _: self.new_tests())

        def row(*children):
            return w.Box(children, layout=w.Layout(flex_flow="row wrap"))

        super().__init__([row(self.first, self.second), row(self.n, self.paired, self.another), self.view],
                         layout=w.Layout(max_width="1040px"))  # fmt: skip

    @property
    def names(self) -> tuple[str, str]:
        """The two learners that are compared."""
        return self.first.value, self.second.value

    def new_tests(self):
        """Draw other tasks for all tests."""
        self.seed += TESTS
        self.redraw()

    def redraw(self, _=None):
        """Draw the tests as the controls have it, and show them."""
        both = [self.scores[name] for name in self.names]
        self.x, self.y = span(*both, SIZES[0]), reach(*both, SIZES[0])
        with one_thread():
            self.tests = draw_tests(*both, self.n.value, self.paired.value, self.seed)
        self.message = describe(self.names, self.tests, self.n.value, self.paired.value)
        means, means_axes = draw_means(self.panels["means"], self.tests, self.x)
        gaps, gaps_axes = draw_gaps(self.panels["gaps"], self.tests, self.y)
        self.view.show(means=means, gaps=gaps, said=escape(self.message), key=_key(self.names),
                       **{"means-axes": means_axes, "gaps-axes": gaps_axes})  # fmt: skip

    def _make_view(self):
        self.panels = {"means": Panel("means", "Both learners in test 1", 430, 230),
                       "gaps": Panel("gaps", f"First minus second in {TESTS} tests", 580, 330)}  # fmt: skip
        means, gaps = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="narrow">{means}<div class="legend" data-part="key"></div></div>'
            f'<div class="wide">{gaps}</div></div><div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"The accuracies of two learners, and their difference in {TESTS} tests. {self.message}"
        return png(self.draw()), alt

    def draw(self):
        """The same panels with matplotlib, for readers without a front end."""
        return draw_comparison(self.names, self.tests, self.x, self.y)


def draw_means(panel: Panel, tests: Outcomes, x: tuple[float, float]) -> tuple[str, str]:
    """Accuracy of both learners in the first test, with intervals, and over all stored tasks (dotted): SVG, axes."""
    panel.scale(x, (-0.5, 1.5))
    drawn = []
    for row, color in enumerate((COLOR["first"], COLOR["second"])):
        mean, half, truth = (t[row].item() for t in (tests.means[:, 0], tests.halves[:, 0], tests.truth))
        drawn.append(panel.line([truth, truth], [0.7 - row, 1.3 - row], color, 1.5, "2 4"))
        drawn.append(panel.line([mean - half, mean + half], [1 - row] * 2, color, 3))
        drawn.append(panel.line([mean], [1 - row], color, 0, spots=6))
    return "".join(drawn), panel.axes("accuracy, %", "", _ticks(*x), [])


def draw_gaps(panel: Panel, tests: Outcomes, y: float) -> tuple[str, str]:
    """The difference in every test with its interval, coloured by what it says, and over all stored tasks (dotted)."""
    panel.scale((0.3, TESTS + 0.7), (-y, y))
    truth = (tests.truth[0] - tests.truth[1]).item()
    ends = panel.low[0], panel.high[0]
    drawn = [panel.line(ends, [0, 0], "#000000", 1), panel.line(ends, [truth, truth], "#808080", 1.5, "2 4")]
    rows = zip(tests.difference.tolist(), tests.half.tolist(), tests.verdicts, strict=True)
    for number, (mean, half, said) in enumerate(rows, start=1):
        drawn.append(panel.line([number] * 2, [mean - half, mean + half], COLOR[said], 3 if number == 1 else 2))
        drawn.append(panel.line([number], [mean], COLOR[said], 0, spots=6 if number == 1 else 4))
    return "".join(drawn), panel.axes("test", "difference, points", [1, *range(5, TESTS + 1, 5)], _ticks(-y, y))


def _ticks(low: float, high: float) -> np.ndarray:
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high)
    return ticks[(ticks >= low) & (ticks <= high)]


def _key(names: tuple[str, str]) -> str:
    said = (f"{names[0]} is better", f"{names[1]} is better", "the interval contains 0")
    spots = "".join(f'<span><svg width="14" height="12" viewBox="-7 -6 14 12"><circle r="5" fill="{color}"/></svg> '
                    f"{escape(text)}</span> " for color, text in zip(COLOR.values(), said, strict=True))  # fmt: skip
    return spots + "<span>dotted: over all stored tasks</span>"
