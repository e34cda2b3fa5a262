"""The wall explorer of lesson 10: what is held back, three methods behind the wall, and which languages move."""

from __future__ import annotations

from html import escape

import ipywidgets as w
import numpy as np

from course_lib.lessons.lesson10 import three_trainings
from course_lib.lessons.lesson10.wall_picture import (
    DOWN,
    UP,
    Side,
    describe,
    draw_columns,
    draw_moves,
    draw_wall,
    reach,
    span,
)  # fmt: skip
from course_lib.plots import png
from course_lib.tasks.words import read_languages
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import Panel, View

ALL = "(none)"  # no language is marked
METHODS = {"plain counting": "plain", "learned prior": "prior", "network": "CNN"}  # their names in the stored table


class WallExplorer(Explorer, w.VBox):
    """The accuracy of three methods on the languages behind a wall: words, languages or families held back.

    Args:
        sides: what was measured, by wall, number of support words and number of query words; each combination is
            there.
        wall, shot, asked: which one is shown at first: the first of each when not given.

    In `side` is what is shown; in `message` what is seen, in words.

    Raises:
        ValueError: if a combination is missing, or one is asked for that is not there.
    """

    def __init__(self, sides: dict[tuple[str, int, int], Side], wall: str | None = None, shot: int | None = None,
                 asked: int | None = None):  # fmt: skip
        walls, shots, words = (list(dict.fromkeys(part)) for part in zip(*sides, strict=True))
        missing = [(a, b, c) for a in walls for b in shots for c in words if (a, b, c) not in sides]
        first = (wall or walls[0], shot or shots[0], asked or words[0])
        if missing or first not in sides:
            raise ValueError(f"there is no measurement of {(missing or [first])[0]}.")
        self.sides = sides
        style = {"description_width": "initial", "button_width": "auto"}

        def choice(name, options, value):
            return w.ToggleButtons(options=options, value=value, description=name, style=style,
                                   layout=w.Layout(width="max-content", margin="2px 14px 2px 2px"))  # fmt: skip

        self.wall = choice("held back:", walls, first[0])
        self.shot = choice("words known:", [(str(n), n) for n in shots], first[1])
        self.asked = choice("words asked:", [(str(n), n) for n in words], first[2])
        self.language = w.Dropdown(description="mark", style={"description_width": "initial"},
                                   layout=w.Layout(width="220px"))  # fmt: skip
        self._make_view()
        self._list_languages()
        self.redraw()
        self.wall.observe(self._new_wall, "value")
        for control in (self.shot, self.asked, self.language):
            control.observe(self.redraw, "value")

        def row(*children):
            return w.Box(children, layout=w.Layout(flex_flow="row wrap"))

        super().__init__([row(self.wall, self.language), row(self.shot, self.asked), self.view],
                         layout=w.Layout(max_width="1040px"))  # fmt: skip

    @property
    def side(self) -> Side:
        """What is shown."""
        return self.sides[self.wall.value, self.shot.value, self.asked.value]

    @property
    def chosen(self) -> str | None:
        """The language that is marked, if one is."""
        return None if self.language.value == ALL else self.language.value

    def redraw(self, _=None):
        """Draw the side as the controls have it, and show it."""
        if self._busy:
            return
        side = self.side
        self.message = describe(side, self.wall.value, self.chosen)
        columns, columns_axes = draw_columns(self.panels["columns"], side, self.y, self.chosen)
        moves, moves_axes = draw_moves(self.panels["moves"], side, self.far, self.chosen)
        self.view.show(columns=columns, moves=moves, said=escape(self.message),
                       **{"columns-axes": columns_axes, "moves-axes": moves_axes})  # fmt: skip

    def _new_wall(self, _):
        self._list_languages()
        self.redraw()

    def _list_languages(self):
        """The languages of this side; the marked one stays marked where it is among them."""
        names = [ALL, *sorted(self.side.languages)]
        kept = self.language.value if self.language.value in names else ALL
        self._busy = True  # one answer for one change
        self.language.options, self.language.value = names, kept
        self._busy = False

    def _make_view(self):
        self.y, self.far = span(list(self.sides.values())), reach(list(self.sides.values()))
        self.panels = {"columns": Panel("columns", "Right, by method (a line is a language)", 500, 360),
                       "moves": Panel("moves", "Above or below plain counting", 500, 360)}  # fmt: skip
        columns, moves = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="narrow">{columns}</div><div class="narrow">{moves}</div></div>'
            f'<div class="legend">{_key(next(iter(self.sides.values())).methods)}</div>'
            '<div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        return png(self.draw()), f"Three methods on the languages behind a wall. {self.message}"

    def draw(self):
        """The same panels with matplotlib, for readers without a front end."""
        return draw_wall(self.side, self.wall.value, self.y, self.far, self.chosen)


def stored_sides(found: dict) -> dict[tuple[str, int, int], Side]:
    """The wall as it is stored: what `three_trainings.read` gives, for a WallExplorer; languages by their names."""
    names = {language.code: language.name for language in read_languages()}
    sides = {}
    for wall in three_trainings.WALL[1:]:
        for shot in (1, 5):
            for asked in (1, 5):
                what = f"{wall}, {shot}, {asked}"
                codes, _ = three_trainings.by_language(found, "plain", what)
                scores = [three_trainings.by_language(found, name, what)[1].numpy() for name in METHODS.values()]
                sides[wall, shot, asked] = Side([names[code] for code in codes], list(METHODS), np.stack(scores))
    return sides


def _key(methods: list[str]) -> str:
    spots = ((UP, f"the {methods[-1]} is above {methods[0]}"), (DOWN, "below it"), ("#000000", "mean over languages"))
    drawn = "".join(f'<span><svg width="14" height="12" viewBox="-7 -6 14 12"><circle r="5" fill="{color}"/></svg> '
                    f"{escape(text)}</span> " for color, text in spots)  # fmt: skip
    ring = ('<span><svg width="14" height="12" viewBox="-7 -6 14 12"><circle r="4" fill="none" stroke="#000" '
            f'stroke-width="1.5"/></svg> right: the {methods[1]}</span> ')  # fmt: skip
    return drawn + ring + "<span>dotted: guessing</span>"
