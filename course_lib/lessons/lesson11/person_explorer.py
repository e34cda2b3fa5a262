"""The person explorer of lesson 11: whose wrist, which seconds, which labels, how much trust, and who is right then."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import numpy as np
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.learners import Joint, PrototypicalNet
from course_lib.lessons.lesson11 import person_picture as picture
from course_lib.lessons.lesson11.bench import METHODS, Bench, Settings
from course_lib.lessons.lesson11.networks import LENGTHS
from course_lib.plots import png
from course_lib.tasks.people import RATE, SIDES
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import Panel, View

NUDGE = 0.05  # of a calibration part: how far an arrow key moves a window
TRAINED = METHODS[3:]  # these wait for the button


class PersonExplorer(Explorer, w.VBox):
    """Ten people, each answered by learners that were trained on the right arms of eight others.

    Args:
        learners: for each of the five `folds()` a global and a prototypical network, trained on its eight people's
            right arms.
        person: who is shown at first, 0 to 9.
        seed: which query windows are asked, which windows strangers lend, and with which weights scratch begins.

    In `scores` are the right answers of each method, `[10]` in %, or `None` for one that has to be trained first; in
    `settings` what the controls say; in `message` what is seen, in words.

    Raises:
        ValueError: if there are not five pairs of learners, or there is no such person.
    """

    def __init__(self, learners: list[tuple[Joint, PrototypicalNet]], person: int = 0, seed: int = 0):
        if isinstance(person, bool) or person not in range(10):
            raise ValueError(f"person must be a whole number from 0 to 9, but it is {person!r}.")
        self.bench, self.chosen, self._trained, self._drawn = Bench(learners, seed), 0, {}, None
        self.places = [0.5] * len(self.bench.names)  # of the windows: 0 and 1 are the ends of a calibration part
        self._make_controls(person)
        self._make_view()
        self.train()
        for control in (self.arm, *self.signs, self.window, *self.labels, self.trust, self.person, self.lend):
            control.observe(self.redraw, "value")
        self.button.on_click(self.train)
        super().__init__(self._arrange(), layout=w.Layout(max_width="1080px"))

    @property
    def settings(self) -> Settings:
        """What the controls say."""
        return Settings(side=self.arm.value, signs=tuple(-1 if sign.value else 1 for sign in self.signs),
                        window=self.window.value, places=tuple(self.places),
                        labelled=tuple(label.value for label in self.labels), lend=self.lend.value,
                        trust=self.trust.value)  # fmt: skip

    def train(self, _=None):
        """Train the two that learn on the wrist, for each of the ten people, and show what they answer."""
        settings = self.settings
        with one_thread():
            for i, name in enumerate(TRAINED):
                self.view.show(said=f"Training ({i + 1} of {len(TRAINED)}): {name}, ten people ...")
                self._trained[settings.of_training, name] = self.bench.trained(name, settings)
        self.redraw()

    def redraw(self, _=None):
        """Let all answer to the settings as they are now, and draw it."""
        settings, person = self.settings, self.person.value - 1
        with one_thread():
            self.scores = self.bench.scores(settings)
        self.scores |= {name: self._trained.get((settings.of_training, name)) for name in TRAINED}
        strip, kept = self._strip(settings, person), None
        if self._drawn != (person, settings.side, settings.signs):
            self._drawn = person, settings.side, settings.signs
            signals, axes = picture.draw_signals(self.panels["strip"], strip)
            kept = {"strip": signals, "strip-axes": axes}
        columns, axes = picture.draw_columns(self.panels["columns"], self.scores, person)
        self.button.disabled = all(self.scores[name] is not None for name in TRAINED)
        self.message = describe(settings, self.scores, person)
        self.view.show(kept, points=picture.draw_windows(self.panels["strip"], strip), columns=columns,
                       said=escape(self.message), **{"columns-axes": axes})  # fmt: skip

    def _strip(self, settings: Settings, person: int) -> picture.Strip:
        signals, parts, starts = self.bench.shown(settings, person)
        return picture.Strip(signals, self.bench.names, RATE, parts, (starts + settings.window / 2) / RATE,
                             settings.window / RATE, list(settings.labelled), self.chosen)  # fmt: skip

    def _hear(self, content: dict):
        """What the mouse or an arrow key does with a window: see `SupportPoints.hear`."""
        rows = len(self.places)
        if "nudge" in content:
            right, down = content["nudge"]
            self.chosen = min(max(self.chosen + down, 0), rows - 1)
            self.places[self.chosen] += NUDGE * right
        elif "choose" in content:
            self.chosen = content["choose"]
        else:
            right, down = content["to"] if "move" in content else content["add"]
            self.chosen = content["move"] if "move" in content else min(int(down * rows), rows - 1)
            strip = self._strip(self.settings, self.person.value - 1)
            start, free = strip.second(right) - strip.seconds / 2, strip.parts[self.chosen, 0] - strip.seconds
            self.places[self.chosen] = start / free
        self.places[self.chosen] = min(max(self.places[self.chosen], 0.0), 1.0)
        self.redraw()

    def _make_controls(self, person: int):
        style, wide = {"description_width": "initial"}, w.Layout(flex="1 1 260px", max_width="330px")
        self.arm = w.ToggleButtons(options=SIDES, value="left", description="arm", layout=w.Layout(width="max-content"),
                                   style={"description_width": "initial", "button_width": "auto"})  # fmt: skip
        self.signs = [w.ToggleButton(description=axis, tooltip=f"turn the sign of {axis}; the gyroscope's follow",
                                     layout=w.Layout(width="42px")) for axis in "xyz"]  # fmt: skip
        self.window = w.SelectionSlider(options=[(f"{n / RATE:.2f} s", n) for n in LENGTHS], value=LENGTHS[-1],
                                        description="calibration windows", style=style, layout=wide)  # fmt: skip
        self.trust = w.FloatSlider(value=1.0, min=0, max=1, step=0.05, description="trust in the person", style=style,
                                   layout=wide)  # fmt: skip
        apart = w.Layout(width="auto", margin="2px 10px 2px 2px")
        self.labels = [w.Checkbox(value=True, description=name, indent=False, layout=apart)
                       for name in self.bench.names]  # fmt: skip
        self.person = w.IntSlider(person + 1, 1, 10, description="person shown", style=style, layout=wide)
        self.lend = w.Checkbox(value=False, description="lend strangers' windows", indent=False,
                               layout=w.Layout(width="auto"))  # fmt: skip
        self.button = w.Button(description="Train these two", icon="play", layout=w.Layout(width="auto"),
                               tooltip="fine-tuned and from scratch, for ten people")  # fmt: skip

    def _make_view(self):
        self.panels = {"strip": Panel("strip", "The person's recordings (drag a window)", 600, 440, True),
                       "columns": Panel("columns", "Right answers of ten people", 600, 440)}  # fmt: skip
        strip, columns = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="narrow">{strip}</div><div class="narrow">{columns}</div></div>'
            f'<div class="legend">{picture.legend()}</div><div role="status" data-part="said"></div>', self._hear
        )  # fmt: skip

    def _arrange(self) -> list[w.Widget]:
        def box(*children):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", min_width="0",
                                                   align_items="center"))  # fmt: skip

        return [
            box(self.arm, w.Label("turn the signs of"), *self.signs, self.window, self.trust),
            box(w.Label("labelled:"), *self.labels, self.person),
            box(w.Label("fine-tuned, from scratch:"), self.lend, self.button),
            self.view,
        ]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        return png(self.draw()), f"A person's recordings, and how often five methods are right. {self.message}"

    def draw(self):
        """The same with matplotlib, for readers without a front end."""
        person = self.person.value - 1
        return picture.draw_bench(self._strip(self.settings, person), self.scores, person, self.message)


def describe(settings: Settings, scores: dict[str, Tensor | None], person: int) -> str:
    """What is seen, in words."""
    turned = "".join(axis for axis, sign in zip("xyz", settings.signs, strict=True) if sign < 0)
    n = sum(settings.labelled)
    said = f"{settings.side.capitalize()} arm, {f'signs of {turned} turned' if turned else 'signs as they are'}; "
    said += f"{n} of {len(settings.labelled)} exercises labelled, {settings.window / RATE:.2f} s of each. "
    said += "Right, in %, mean of ten people (and lowest): "
    known = {name: np.asarray(values) for name, values in scores.items() if values is not None}
    said += ", ".join(f"{name} {values.mean():.0f} ({values.min():.0f})" for name, values in known.items()) + ". "
    said += f"Person {person + 1}: " + ", ".join(f"{values[person]:.0f}" for values in known.values()) + "."
    waiting = [name for name in scores if name not in known]
    return said + (f" Not trained for these settings: {', '.join(waiting)}." if waiting else "")
