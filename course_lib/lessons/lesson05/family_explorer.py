"""The family explorer of lesson 05: where each variant of MAML goes on a toy of two weights, and what it costs."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import numpy as np
import torch
from matplotlib.ticker import MaxNLocator

from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson05.family_picture import COLOR, HIGH, LOW, MULTIPLES, START, draw_family, ring
from course_lib.lessons.lesson05.price import Prices, measure_prices
from course_lib.lessons.lesson05.toy import VARIANTS, Bowls, three_bowls
from course_lib.models import MLP
from course_lib.plots import png
from course_lib.tasks import Sinusoids
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import Panel, View, outline

RATES = (0.02, 0.05, 0.1, 0.15, 0.2)  # times 4, the largest curvature of the toy, below 1
STEPS = 10  # adaptation steps at most
DIFFERENCES = (1, 2, 4, 8, 16)
SHAPES = dict(zip(VARIANTS, (  # of the ends, around 0, 0
    "M-6,-6h12v12h-12z", "M-7,0a7,7 0 1,0 14,0a7,7 0 1,0 -14,0z", "M0,-8l6,8l-6,8l-6,-8z", "M-7,-6h14l-7,12z",
    "M-7,6h14l-7,-12z", "M6,-7v14l-12,-7z", "M-6,-7v14l12,-7z"), strict=True))  # fmt: skip


class FamilyExplorer(Explorer, w.VBox):
    """Outer paths of the chosen variants on three bowls, over MAML's own objective; beside them their price.

    Args:
        variants: which of `course_lib.lessons.lesson05.toy.VARIANTS` are shown at first.
        prices: what `measure_prices` found; measured here, on a sinusoid network, when `None`.
        lr, steps, difference: inner learning rate (one of RATES), adaptation steps (1 to STEPS) and how many times
            steeper the steep tasks are than the flat one (one of DIFFERENCES), at first.

    In `bowls` is the toy as it is set; in `chosen` the names that are shown; in `message` what is seen, in words.

    Raises:
        ValueError: if a variant is not known.
    """

    def __init__(self, variants=("joint", "MAML", "first order", "Reptile"), prices: Prices | None = None,
                 lr: float = 0.1, steps: int = 3, difference: int = 8):  # fmt: skip
        unknown = [name for name in variants if name not in VARIANTS]
        if unknown:
            raise ValueError(f"there is no variant {unknown[0]!r}; there are: {', '.join(VARIANTS)}.")
        self.prices = prices or _own_prices()
        self._make_controls(variants, lr, steps, difference)
        self._make_view()
        self.redraw()

        def row(*children):
            return w.Box(children, layout=w.Layout(flex_flow="row wrap"))

        super().__init__([row(*self.boxes.values()), row(self.lr, self.steps, self.difference), self.view],
                         layout=w.Layout(max_width="1040px"))  # fmt: skip

    @property
    def chosen(self) -> list[str]:
        """The variants that are shown."""
        return [name for name, box in self.boxes.items() if box.value]

    def redraw(self, _=None):
        """Work out the toy as the controls have it, and show it."""
        with one_thread(), torch.no_grad():
            self.bowls = three_bowls(self.difference.value, self.lr.value, self.steps.value)
            toy, said = draw_toy(self.panels["toy"], self.bowls, self.chosen), self._say()
        time, memory = (draw_price(self.panels[name], self.prices.steps, table, self.chosen, self.steps.value)
                        for name, table in self.tables.items())  # fmt: skip
        self.view.show(toy=toy, said=said, time=time, memory=memory)

    def _say(self) -> str:
        """Puts what is seen into `message`; gives it with the colours as HTML."""
        ends = {name: self.bowls.settles(name) for name in self.chosen}
        best = self.bowls.objective("MAML", self.bowls.settles("MAML"))
        said = {name: f"{name} at ({x:.2f}, {y:.2f}), {self.bowls.objective('MAML', end) / best:.3g}"
                for name, end in ends.items() for x, y in [end.tolist()]}  # fmt: skip
        opening = "Where it settles, and MAML's objective there as a multiple of its lowest value: "
        self.message = opening + ("; ".join(said.values()) or "nothing is chosen") + "."
        keyed = [f'<svg width="16" height="14" viewBox="-8 -8 16 16">{_end(name)}</svg> {escape(text)}'
                 for name, text in said.items()]  # fmt: skip
        return opening + ("; ".join(keyed) or "nothing is chosen") + "."

    def _make_controls(self, variants, lr: float, steps: int, difference: int):
        style, layout = {"description_width": "initial"}, w.Layout(width="310px")
        narrow = {"width": "auto", "margin": "2px 14px 2px 0"}
        self.boxes = {name: w.Checkbox(name in variants, description=name, indent=False, layout=w.Layout(**narrow))
                      for name in VARIANTS}  # fmt: skip
        self.lr = w.SelectionSlider(options=RATES, value=lr, description="inner learning rate", style=style,
                                    layout=layout)  # fmt: skip
        self.steps = w.IntSlider(steps, 1, STEPS, description="adaptation steps", style=style, layout=layout)
        self.difference = w.SelectionSlider(options=DIFFERENCES, value=difference, style=style,
                                            description="curvature, steep / flat", layout=layout)  # fmt: skip
        for control in (*self.boxes.values(), self.lr, self.steps, self.difference):
            control.observe(self.redraw, "value")

    def _make_view(self):
        self.panels = {"toy": Panel("toy", "Outer paths on the toy", 580, 430),
                       "time": Panel("time", "Time of an outer step", 430, 215),
                       "memory": Panel("memory", "Peak memory of an outer step", 430, 215)}  # fmt: skip
        toy, time, memory = (panel.frame for panel in self.panels.values())
        rings = ", ".join(f"{m:g}" for m in MULTIPLES)
        self.view = View(
            f'<div class="row"><div class="wide">{toy}</div><div class="narrow">{time}{memory}</div></div>'
            '<div role="status" data-part="said"></div>'
            f"<div>Rings: where MAML's objective is {rings} times its lowest value. Crosses: the tasks' lowest points. "
            "Dashed: the number of steps that is set.</div>", lambda _: None
        )  # fmt: skip
        self.panels["toy"].scale(*torch.stack([LOW, HIGH]).T.tolist())
        self.tables = {"time": {n: [1e3 * s for s in row] for n, row in self.prices.seconds.items()},
                       "memory": {n: [1e-6 * b for b in row] for n, row in self.prices.bytes.items()}}  # fmt: skip
        axes = {"toy-axes": self.panels["toy"].axes("first weight", "second weight", range(-2, 3), (-1, 0, 1))}
        for name, unit in (("time", "ms"), ("memory", "MB")):
            high = 1.1 * max(map(max, self.tables[name].values()))
            self.panels[name].scale((0, max(self.prices.steps)), (0, high))
            ticks = [t for t in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0, high) if 0 <= t <= high]
            across = range(0, max(self.prices.steps) + 1, 2)
            axes[f"{name}-axes"] = self.panels[name].axes("adaptation steps", unit, across, ticks)
        self.view.show(**axes)

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"Outer paths on a toy of two weights; time and memory of an outer step. {self.message}"
        return png(self.draw()), alt

    def draw(self):
        """The same panels with matplotlib, for readers without a front end."""
        return draw_family(self.bowls, self.chosen, self.prices)


def draw_toy(panel: Panel, bowls: Bowls, chosen: list[str]) -> str:
    """MAML's objective as rings, the tasks' lowest points, and the paths of the chosen variants, as SVG."""
    greys = np.linspace(185, 250, len(MULTIPLES)).round().astype(int)
    drawn = [f'<rect width="{panel.width}" height="{panel.height}" fill="#b0b0b0"/>']
    for multiple, grey in zip(reversed(MULTIPLES), greys, strict=True):  # the largest ring first, smaller ones over it
        at = panel.place(*ring(bowls, multiple).T.numpy())
        drawn.append(f'<path d="{outline(at)}Z" fill="#{grey:02x}{grey:02x}{grey:02x}" stroke="#7d7d7d" '
                     'stroke-width="0.7"/>')  # fmt: skip
    drawn += [f'<path d="M{x - 6:.1f},{y - 6:.1f}l12,12m0,-12l-12,12" stroke="#333" stroke-width="2.5"/>'
              for x, y in panel.place(*bowls.lowest.T.numpy())]  # fmt: skip
    drawn += [panel.line(*bowls.path(name, START).T.numpy(), COLOR[name], 2.5) for name in chosen]
    for name in chosen:
        ((x, y),) = panel.place(*bowls.settles(name)[:, None].numpy())
        drawn.append(f'<g transform="translate({x:.1f},{y:.1f})">{_end(name)}</g>')
    ((x, y),) = panel.place(*START[:, None].numpy())
    return "".join(drawn) + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="white" stroke="black" stroke-width="1.5"/>'


def draw_price(panel: Panel, steps, table: dict[str, list[float]], chosen: list[str], now: int) -> str:
    """The lines of the chosen variants, and where the slider of steps stands, as SVG."""
    drawn = [panel.line([now, now], panel.low[1:].tolist() + panel.high[1:].tolist(), "#808080", 1, "6 4")]
    drawn += [panel.line(steps, row, COLOR[name], 2.5, spots=3) for name, row in table.items() if name in chosen]
    return "".join(drawn)


def _end(name: str) -> str:
    return f'<path d="{SHAPES[name]}" fill="{COLOR[name]}" stroke="white" stroke-width="1.2"/>'


def _own_prices() -> Prices:
    episode = Sinusoids().sample(10, torch.Generator().manual_seed(0))
    with one_thread():
        return measure_prices(MLP((1, 40, 40, 1)), episode, (1, 2, 5, STEPS), turns=2)
