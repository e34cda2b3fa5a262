"""The horizon explorer of lesson 14: plan the rates of a training so many steps ahead, and see where it ends."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from course_lib.lessons.lesson14 import horizon_picture as picture
from course_lib.lessons.lesson14.horizon_plan import HORIZONS, STEPS, ends_at, planned
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

NOISES = (0.1, 0.2, 0.5, 1.0, 2.0)


class HorizonExplorer(Explorer, w.VBox):
    """The noisy quadratic: sliders for how many steps ahead rates are planned, and for the noise.

    Args:
        horizon: at first, one of HORIZONS.
        noise: at first, one of NOISES.

    In `tried` are the losses after all steps that were seen, by noise and horizon; in `message` what is seen, in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, horizon: int = HORIZONS[0], noise: float = 1.0):
        if horizon not in HORIZONS:
            raise ValueError(f"horizon must be one of {', '.join(map(str, HORIZONS))}, but it is {horizon!r}.")
        if noise not in NOISES:
            raise ValueError(f"noise must be one of {', '.join(map(str, NOISES))}, but it is {noise!r}.")
        for each in NOISES:
            planned(picture.WHOLE, each)  # these take longest, and each picture has one of them
        self.tried = {each: {} for each in NOISES}
        style = {"description_width": "initial"}
        layout = w.Layout(flex="1 1 280px", max_width="420px", margin="2px 24px 2px 2px")
        self.horizon = w.SelectionSlider(options=[(f"{h} steps" if h > 1 else "1 step", h) for h in HORIZONS],
                                         value=horizon, description="plans ahead", style=style,
                                         layout=layout)  # fmt: skip
        self.noise = w.SelectionSlider(options=[(f"{n:g}", n) for n in NOISES], value=noise, description="noise",
                                       style=style, layout=layout)  # fmt: skip
        self.panels = picture.panels()
        rates, losses = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="narrow">{rates}</div><div class="narrow">{losses}</div></div>'
            f'<div class="legend">{picture.key()}</div><div data-part="tried"></div>'
            '<div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip
        self.view.show(**picture.axes(self.panels))
        self.redraw()
        for control in (self.horizon, self.noise):
            control.observe(self.redraw, "value")
        row = w.Box([self.horizon, self.noise], layout=w.Layout(flex_flow="row wrap", min_width="0"))
        super().__init__([row, self.view], layout=w.Layout(max_width="1040px"))

    def redraw(self, _=None):
        """Plan as the sliders say, and show it."""
        horizon, noise = self.horizon.value, self.noise.value
        self.tried[noise][horizon] = ends_at(horizon, noise)
        self.message = sentence(horizon, noise)
        self.view.show(**picture.draw(self.panels, horizon, noise), tried=picture.tried_so_far(self.tried[noise]),
                       said=escape(self.message))  # fmt: skip

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        figure = picture.draw_schedules(self.horizon.value, self.noise.value)
        return png(figure), f"Rates that are planned ahead, and the loss that they give. {self.message}"


def sentence(horizon: int, noise: float) -> str:
    """What is seen, in words."""
    whole, flat = picture.losses(horizon, noise)[:, -1]
    first = planned(horizon, noise)[0][0]
    steps = f"{horizon} step" + "s" * (horizon > 1)
    return (f"Noise {noise:g}, planned {steps} ahead: the first rate is {first:.2f}; after {STEPS} steps the mean "
            f"loss is {whole:.3f}, of which {flat:.3f} lies in the flat direction. Planned one step ahead it is "
            f"{ends_at(picture.GREEDY, noise):.3f}, planned all {STEPS} steps ahead "
            f"{ends_at(picture.WHOLE, noise):.3f}.")  # fmt: skip
