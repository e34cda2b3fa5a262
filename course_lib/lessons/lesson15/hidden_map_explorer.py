"""The hidden map of lesson 15: try settings by a click, beside strategies that try others on the same map."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import ipywidgets as w
from torch import Generator, Tensor

from course_lib.arguments import check_whole
from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson15 import hidden_map_picture as picture
from course_lib.lessons.lesson15.hidden_map import YOU, HiddenMap
from course_lib.lessons.lesson15.strategies import Strategy, search
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View


class HiddenMapExplorer(Explorer, w.VBox):
    """A map of settings; a click, or arrow keys and a button, tries one. Strategies try theirs at the same time.

    Args:
        maps: losses of all settings on some tasks, `[maps, settings]`.
        strategies: which play on the same maps, by name.
        memory: the one of them whose belief, after your trials, may be looked at; None: there is no box for it.
        grid: how settings lie on the map; without it the 128 settings of the lesson.
        trials: how many settings each player may try.
        seed: of the strategies that draw.

    In `game` is the map that is played, in `tally` what each player was above the best of the maps that were played to
    the end, `[(after one trial, after all), ...]` by name; in `message` what is seen, in words.

    Raises:
        ValueError: if `maps` has another number of settings than the grid, or trials is below 1.
    """

    def __init__(self, maps: Tensor, strategies: Mapping[str, Strategy], memory: Strategy | None = None,
                 grid: picture.Grid | None = None, trials: int = 10, seed: int = 0):  # fmt: skip
        check_whole(1, trials=trials)
        self.grid = grid or picture.settings_grid()
        if maps.ndim != 2 or maps.shape[1] != len(self.grid.columns) * len(self.grid.rows):
            wanted = len(self.grid.columns) * len(self.grid.rows)
            raise ValueError(f"maps must be [maps, {wanted}], not {list(maps.shape)}.")
        self.maps, self.strategies, self.memory, self.trials, self.seed = maps, strategies, memory, trials, seed
        self.number, self.tally = 0, {name: [] for name in (YOU, *strategies)}
        layout = w.Layout(width="auto")
        self.go = w.Button(description="try the framed setting", layout=layout)
        self.go.on_click(lambda _: self.try_setting(self.framed))
        self.end = w.Button(description="give up, show the map", layout=layout)
        self.end.on_click(lambda _: self.give_up())
        self.again = w.Button(description="another map", icon="refresh", layout=layout)
        self.again.on_click(lambda _: self.new_map())
        self.whose = w.Dropdown(options=[YOU], description="trials of", layout=w.Layout(width="260px"))
        self.believe = w.Checkbox(False, description="small squares: what the memory predicts",
                                  indent=False, layout=w.Layout(width="auto"))  # fmt: skip
        for control in (self.whose, self.believe):
            control.observe(lambda _: self._show(), "value")
        self.view = View(
            f'{self.grid.page()}<div class="legend">In a cell: which trial, and its loss. Dark blue: a loss of '
            f'{picture.LOWEST:g} or less; yellow: {picture.HIGHEST:g} or more; light grey: not tried yet; '
            'framed at the end: the lowest loss of the map.</div><div data-part="table"></div>'
            '<div role="status" data-part="said"></div>', self._hear
        )  # fmt: skip
        self.view.layout.max_width = "820px"
        self._begin()
        controls = w.Box([self.go, self.end, self.again, self.whose], layout=w.Layout(flex_flow="row wrap"))
        boxes = [self.believe] * (memory is not None)
        super().__init__([controls, *boxes, self.view], layout=w.Layout(max_width="1040px"))

    def try_setting(self, setting: int):
        """Try a setting, a number from 0; it is framed, too."""
        self.framed = setting
        known = setting in self.game.tried
        if self.game.try_setting(setting):
            self._count()
        self._show("This setting was tried before: choose another one." if known and not self.game.over else "")

    def give_up(self):
        """End the game before all trials are used."""
        if not self.game.over:
            self.game.give_up()
            self._show()

    def new_map(self):
        """The next map, with nothing tried yet; after the last one the first."""
        self.number = (self.number + 1) % len(self.maps)
        self._begin()

    def _begin(self):
        self.game = HiddenMap(self.maps[self.number], self._orders(self.number), self.trials)
        self.framed = self.grid.setting_at(0.5, 0.5)
        self._show()

    def _orders(self, number: int) -> dict[str, list[int]]:
        """What the strategies try on a map, by name."""
        with one_thread():
            luck = Generator().manual_seed(self.seed + number)
            return {name: search(each, self.maps[number], self.trials, luck)
                    for name, each in self.strategies.items()}  # fmt: skip

    def _count(self):
        if len(self.game.tried) == self.trials:
            for player in self.game.players:
                regrets = self.game.regrets(player)
                self.tally[player].append((regrets[0], regrets[-1]))

    def _hear(self, content: dict):
        if "nudge" in content:
            self.framed = self.grid.moved(self.framed, *content["nudge"])
            self._show()
        elif "add" in content:
            self.try_setting(self.grid.setting_at(*content["add"]))

    def _show(self, remark: str = ""):
        over = self.game.over
        self.go.disabled = self.end.disabled = over
        self.whose.disabled = not over
        names = self.game.players if over else (YOU,)
        if tuple(self.whose.options) != names:
            self.whose.options = names
        self.message = f"{remark} {self._say()}".strip()
        self.view.show(
            cells=picture.cells(self.grid, self.game, self.whose.value or YOU, self._belief()),
            frame="" if over else picture.frame(self.grid, self.framed), table=picture.table(self.game),
            said=escape(self.message)
        )  # fmt: skip

    def _belief(self) -> Tensor | None:
        """What the memory predicts of all settings, `[settings]`, after your trials; None if that is not asked for."""
        if self.memory is None or not self.believe.value or self.game.over:
            return None
        tried = self.game.tried
        with one_thread():
            return self.memory.belief(tried, self.maps[self.number][tried])[0]

    def _say(self) -> str:
        game, done = self.game, len(self.game.tried)
        framed = f"Framed: {self.grid.name(self.framed)}."
        if not done and not game.over:
            return (f"Map {self.number + 1}: {len(game.losses)} settings, {game.trials} trials. Click on a setting to "
                    f"try it; or move the frame with the arrow keys, and press the button. {framed}")  # fmt: skip
        said = ""
        if done:
            loss, lowest = game.losses[game.tried[-1]], game.best_so_far(YOU)[-1]
            said = f"Trial {done}: loss {loss:.3f}; your lowest is {lowest:.3f}. "
        if not game.over:
            return f"{said}{framed}"
        best = game.losses.index(game.lowest)
        said += f"The best of this map has a loss of {game.lowest:.3f}: {self.grid.name(best)}."
        return f"{said} {self._tally()}".strip()

    def _tally(self) -> str:
        n = len(self.tally[YOU])
        if not n:
            return ""
        means = {name: [sum(column) / n for column in zip(*found, strict=True)] for name, found in self.tally.items()}
        said = "; ".join(f"{name} {first:.3f} after one trial, {last:.3f} after {self.trials}"
                         for name, (first, last) in means.items())  # fmt: skip
        return f"Above the best, mean of {n} map{'s' * (n > 1)}: {said}."

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it. Before any trial: a game that has ended."""
        axes = f"{self.grid.x} across and {self.grid.y} upwards"
        if self.game.tried or self.game.over or not self.strategies:
            figure = picture.draw_map(self.grid, self.game, self.whose.value)
            return png(figure), f"A map of settings, {axes}. {self.message}"
        number = int(self.maps[-10:].amin(1).argmin()) + max(0, len(self.maps) - 10)  # easy, and seldom the first
        game = HiddenMap(self.maps[number], self._orders(number), self.trials)
        game.give_up()
        player = list(self.strategies)[-1]
        said = f"A game that was played to its end: the trials of {player}, and the map. Framed: the lowest loss."
        return png(picture.draw_map(self.grid, game, player, said)), f"A map of settings, {axes}. {said}"
