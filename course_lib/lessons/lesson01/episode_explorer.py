"""The episode explorer of lesson 01: turn the knobs of a task distribution and see the tasks that it makes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import escape

import ipywidgets as w
import torch

from course_lib.compute.devices import one_thread
from course_lib.episode import Episode
from course_lib.lessons.lesson01.sheet import describe, draw_sheet
from course_lib.tasks.scripts.glyphs import characters, spell
from course_lib.tasks.scripts.scripts import Scripts
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.pixels import png

SPLITS = {"all training scripts": "train", "all validation scripts": "validation", "all test scripts": "test"}


def written_by(way: int, shot: int, query: int, source="train", **knobs) -> Scripts:
    """`Scripts` of a split, or of the one script that `source` names."""
    chosen = {"split": source} if source in SPLITS.values() else {"scripts": (source,)}
    return Scripts(way, shot, query, **chosen, **knobs)


class EpisodeExplorer(Explorer, w.VBox):
    """Dials for a task distribution, and the episode that it draws, redrawn at every change.

    Args:
        make: a function of some of `way, shot, query, source, slant, wobble, pen, rotations` that returns an
            `ImageTasks`; the explorer has a dial for each argument that `make` names. Here: `Scripts`.
        settings: where the dials stand at first, and `seed`.

    In `episode` is what is shown, or `None` if there is no such task; in `message`, then, the reason.
    """

    def __init__(self, make: Callable | None = None, seed: int = 0, **settings):
        self.make = make or written_by
        named = inspect.signature(self.make).parameters
        every = any(p.kind is p.VAR_KEYWORD for p in named.values())
        self.dials = {name: dial for name, dial in _dials().items() if name in named or every}
        for name, value in settings.items():
            if name not in self.dials:
                raise ValueError(f"the explorer has no dial {name!r}; it has {', '.join(self.dials)}.")
            self.dials[name].value = value
        self.seed = seed
        self.episode: Episode | None = None
        self.message = ""
        self.image = w.Image(format="png", layout=w.Layout(align_self="flex-start", max_width="100%"))
        self.text = w.HTML()
        self.button = w.Button(description="Another episode", icon="refresh", tooltip="Draw from the same distribution")
        self.button.on_click(lambda _: self.redraw(self.seed + 1))
        for dial in self.dials.values():
            dial.observe(lambda _: self.redraw(), "value")
        grid = w.GridBox([*self.dials.values(), self.button],
                         layout=w.Layout(grid_template_columns="repeat(auto-fill, 310px)"))  # fmt: skip
        self.redraw()
        super().__init__([grid, self.image, self.text])

    def redraw(self, seed: int | None = None):
        """Draw the episode that the dials and the seed name, or say why there is none."""
        self.seed = self.seed if seed is None else seed
        with one_thread():
            self._draw()
        # role=status: screen readers say the new text when it changes.
        self.text.value = f'<div role="status" style="line-height:1.4">{escape(self.message)}</div>'
        self.image.layout.display = None if self.episode else "none"

    def _draw(self):
        try:
            tasks = self.make(**{name: dial.value for name, dial in self.dials.items()})
        except ValueError as error:
            self.episode, self.message = None, f"No such task: {error}"
            return
        self.episode = tasks.sample(1, torch.Generator().manual_seed(self.seed))
        # sample picks the classes first, so a generator in the same state picks them again.
        classes = tasks.pick_classes(1, torch.Generator().manual_seed(self.seed))[0]
        self.message = describe(self.episode, [spell(tasks.names[i]) for i in classes])
        self.image.value = png(draw_sheet(self.episode))

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        return bytes(self.image.value), self.message


def _dials() -> dict[str, w.Widget]:
    style, layout = {"description_width": "90px"}, w.Layout(width="300px")

    def whole(name: str, value: int, low: int, high: int):
        return w.IntSlider(value, low, high, description=name, style=style, layout=layout)

    def real(name: str, value: float, low: float, high: float):
        return w.FloatSlider(value=value, min=low, max=high, step=0.05, description=name, style=style, layout=layout)

    sources = list(SPLITS.items()) + [(f"{name} ({split})", name) for name, (split, _) in characters().items()]
    return {
        "way": whole("way", 5, 1, 20),
        "shot": whole("shot", 1, 1, 10),
        "query": whole("query a class", 5, 1, 15),
        "source": w.Dropdown(options=sources, value="train", description="characters", style=style, layout=layout),
        # `Scripts` takes larger numbers; beyond these it no longer looks like handwriting.
        "slant": real("slant", 0.15, 0.0, 0.5),
        "wobble": real("wobble (px)", 1.7, 0.0, 3.0),
        "pen": real("pen (px)", 1.4, 0.3, 3.0),
        "rotations": w.Checkbox(False, description="rotated copies", style=style, layout=layout),
    }
