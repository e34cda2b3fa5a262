"""The failure cabinet of lesson 16: open instruments, each for a price, and name what is wrong with a report."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import torch

from course_lib.arguments import check_whole
from course_lib.lessons.lesson16 import cabinet_picture as picture
from course_lib.lessons.lesson16 import cabinet_results
from course_lib.lessons.lesson16.cabinet import FAULTS, SHOT, WAY
from course_lib.lessons.lesson16.instruments import INSTRUMENTS, TESTED
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

POINTS, WRONG = 20, 6  # of a report; what a wrong name costs
ASK = "– choose –"


class CabinetExplorer(Explorer, w.VBox):
    """Reports of really trained networks, each with a fault or with none. Readings are stored: nothing is trained.

    A report is worth POINTS. An instrument costs its price, a wrong name WRONG; the right name brings what is left.

    Args:
        seed: of the order in which reports come.

    In `row` is the report, in `opened` the instruments that were opened, in `denied` the wrong names that were given,
    in `left` what it is still worth, in `scores` the points of the reports that are done; in `message` what is seen, in
    words.

    Raises:
        ValueError: if the seed is no whole number of 0 or more.
    """

    def __init__(self, seed: int = 0):
        check_whole(0, seed=seed)
        self.found = list(cabinet_results.read().values())
        self.order = torch.randperm(len(self.found), generator=torch.Generator().manual_seed(seed)).tolist()
        self.place, self.scores = 0, []
        self._make_controls()
        self.view = View(
            f'<figure><svg viewBox="0 0 {picture.WIDTH} {picture.HEIGHT}" role="img" aria-label="Readings of the '
            f'instruments"><rect class="paper" width="{picture.WIDTH}" height="{picture.HEIGHT}"/>'
            f'<g data-part="rows"></g></svg></figure><div class="legend"><span><span style="color:{picture.SAID}">■'
            f'</span> what the report says</span> <span><span style="color:{picture.READ}">●</span> an accuracy</span> '
            f'<span><span style="color:{picture.READ}">□</span> percent of something else</span> <span>'
            f'<span style="color:{picture.GREY}">●</span> shown afterwards, not paid for</span></div>'
            '<div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip
        self.view.layout.max_width = "600px"
        self._begin()
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    def look(self, name: str):
        """Open an instrument, a key of INSTRUMENTS, and pay for it."""
        if self.over or name in self.opened:
            return
        self.opened.append(name)
        self.left = max(0, self.left - INSTRUMENTS[name].price)
        self._show(f"{INSTRUMENTS[name].question} {picture.words(self.row.readings[name])}.")

    def answer(self, fault: str):
        """Say what is wrong with the report: a key of FAULTS. What was wrong once costs nothing a second time."""
        if self.over or fault in self.denied:
            return
        if fault == self.row.fault:
            self._close("Right.")
            return
        self.denied.append(fault)
        self.left = max(0, self.left - WRONG)
        if not self.left:
            self._close("No, and no point is left.")
            return
        self._show(f"No: it is not “{FAULTS[fault].name}”. That cost {WRONG} points.")

    def next(self):
        """The next report. After the last one comes the first again."""
        self.place = (self.place + 1) % len(self.order)
        self._begin()

    def _begin(self):
        self.row, self.opened, self.denied = self.found[self.order[self.place]], [], []
        self.left, self.over, self.menu.value = POINTS, False, ""
        self._show("")

    def _close(self, verdict: str):
        self.over = True
        self.scores.append(self.left)
        fault = FAULTS[self.row.fault]
        lesson = "this lesson" if fault.lesson == "16" else f"lesson {fault.lesson}"
        self._show(f"{verdict} The answer: {fault.name}. {fault.what} The report said {self.row.headline[0]:.0f} %; on "
                   f"{fault.truth} it is {self.row.truth:.0f} %. {fault.why} (Told in {lesson}.)")  # fmt: skip

    def _show(self, news: str):
        for name, button in self.buttons.items():
            button.disabled = self.over or name in self.opened
        self.menu.disabled = self.over
        self._choose()
        accuracy, half = self.row.headline
        count = f"Report {self.place + 1} of {len(self.order)}"
        if not news:
            news = (f"A network says: accuracy {accuracy:.1f} ± {half:.1f} %, {TESTED} tasks of {WAY} classes with "
                    f"{SHOT} shots. What is wrong with that, if anything?")  # fmt: skip
        worth = f"It brought {self.left} points" if self.over else f"It is worth {self.left} points now"
        done = len(self.scores)
        tally = f" Mean of {done} report{'s' * (done != 1)}: {sum(self.scores) / done:.1f}." if done else ""
        self.message = f"{count}. {news} {worth}.{tally}"
        self.view.show(rows=picture.rows(self.row, self.opened, self.over), said=escape(self.message))

    def _make_controls(self):
        self.buttons = {}
        for name, instrument in INSTRUMENTS.items():
            button = w.Button(description=f"{instrument.label} ({instrument.price})", tooltip=instrument.question,
                              layout=w.Layout(width="auto"))  # fmt: skip
            button.on_click(lambda _, name=name: self.look(name))
            self.buttons[name] = button
        options = [(ASK, ""), *((fault.name, name) for name, fault in FAULTS.items())]
        self.menu = w.Dropdown(options=options, description="What is wrong:", style={"description_width": "initial"},
                               layout=w.Layout(width="380px", max_width="97%"))  # fmt: skip
        self.name_it = w.Button(description="name it", icon="check", layout=w.Layout(width="auto"))
        self.another = w.Button(description="next report", icon="arrow-right", layout=w.Layout(width="auto"))
        self.name_it.on_click(lambda _: self.answer(self.menu.value))
        self.another.on_click(lambda _: self.next())
        self.menu.observe(self._choose, "value")

    def _choose(self, _=None):
        self.name_it.disabled = self.over or self.menu.value in ("", *self.denied)

    def _arrange(self) -> list[w.Widget]:
        def box(*children):
            return w.Box(children, layout=w.Layout(flex_flow="row wrap", align_items="center", min_width="0"))

        said = w.HTML("Instruments, with the points that each one costs:")
        return [said, box(*self.buttons.values()), self.view, box(self.menu, self.name_it, self.another)]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        shown = list(INSTRUMENTS) if self.over else self.opened
        return png(picture.draw_readings(self.row, shown)), f"Instruments that look into a report. {self.message}"
