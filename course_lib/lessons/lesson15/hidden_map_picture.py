"""What the hidden map shows: the settings that were tried, and at the end all of them; SVG, HTML and matplotlib."""

from __future__ import annotations

from html import escape

import matplotlib
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.lessons.lesson15.hidden_map import YOU, HiddenMap
from course_lib.lessons.lesson15.settings import DECAYS, RATES
from course_lib.plots import COLORS, new_figure

SIDE, HIGH = 44, 34  # of a cell
LEFT, TOP, BOTTOM = 84, 6, 46  # around the map, for numbers and labels
LOWEST, HIGHEST = 0.1, 1.0  # losses with the darkest and the lightest colour; others get the nearest of the two
HIDDEN, BEST = "#e4e4e4", COLORS[1]
COLORMAP = matplotlib.colormaps["cividis"]


def share(loss: float) -> float:
    """Where a loss lies between the darkest and the lightest colour, 0 to 1."""
    return min(1.0, max(0.0, (loss - LOWEST) / (HIGHEST - LOWEST)))


def color_of(loss: float) -> str:
    """Dark blue for a low loss, yellow for a high one."""
    return to_hex(COLORMAP(share(loss)))


def ink_on(loss: float) -> str:
    """Black or white: what can be read on the loss's colour."""
    return "#ffffff" if share(loss) < 0.5 else "#000000"


class Grid:
    """The map as columns and rows: setting `column * rows + row`, the lowest row at the bottom.

    Args:
        columns, rows: what is written at them, from left to right and from the bottom up.
        x, y: what they are.
    """

    def __init__(self, columns: list[str], rows: list[str], x: str, y: str):
        self.columns, self.rows, self.x, self.y = columns, rows, x, y
        self.width, self.height = SIDE * len(columns), HIGH * len(rows)
        self.apart = 1 + len(columns) // 10  # columns from number to number: long ones must not touch

    def at(self, setting: int) -> tuple[int, int]:
        """Column, counted from the left, and row, counted from the bottom."""
        return divmod(setting, len(self.rows))

    def setting_at(self, right: float, down: float) -> int:
        """The setting at a place on the map, 0 to 1 to the right and down."""
        column = min(len(self.columns) - 1, int(right * len(self.columns)))
        row = len(self.rows) - 1 - min(len(self.rows) - 1, int(down * len(self.rows)))
        return column * len(self.rows) + row

    def moved(self, setting: int, right: int, down: int) -> int:
        """The setting so many cells to the right and down, or the last one before the edge."""
        column, row = self.at(setting)
        column = min(len(self.columns) - 1, max(0, column + right))
        return column * len(self.rows) + min(len(self.rows) - 1, max(0, row - down))

    def name(self, setting: int) -> str:
        """The setting in words."""
        column, row = self.at(setting)
        return f"{self.x} {self.columns[column]}, {self.y} {self.rows[row]}"

    def corner(self, setting: int) -> tuple[int, int]:
        """Where its cell begins, from the map's upper left corner."""
        column, row = self.at(setting)
        return SIDE * column, HIGH * (len(self.rows) - 1 - row)

    def page(self) -> str:
        """The map's frame, with the axes; its parts are `cells` and `frame`. HTML."""
        place = f'x="{LEFT}" y="{TOP}" width="{self.width}" height="{self.height}"'
        bottom, middle = TOP + self.height, LEFT + self.width / 2
        said = [f'<text x="{LEFT + SIDE * (i + 0.5)}" y="{bottom + 17}">{label}</text>'
                for i, label in enumerate(self.columns) if i % self.apart == 0]  # fmt: skip
        said += [f'<text class="side" x="{LEFT - 6}" y="{bottom - HIGH * (i + 0.5) + 5}">{label}</text>'
                 for i, label in enumerate(self.rows)]  # fmt: skip
        return (
            f'<figure><svg viewBox="0 0 {LEFT + self.width + 8} {bottom + BOTTOM}" role="img" '
            f'style="font-size:14px" aria-label="A map of {len(self.columns) * len(self.rows)} settings">'
            f'<rect class="paper field" {place} style="cursor:pointer;touch-action:manipulation"/>'
            f'<svg {place}><g data-part="cells"></g><g data-part="frame"></g></svg>{"".join(said)}'
            f'<text x="{middle}" y="{bottom + 38}">{self.x}</text>'
            f'<text transform="translate(13,{TOP + self.height / 2}) rotate(-90)">{self.y}</text></svg></figure>'
        )


def settings_grid() -> Grid:
    """The 128 settings of the lesson."""
    rates, decays = ([f"{value:.2g}" for value in values] for values in (RATES, DECAYS))
    return Grid(rates, decays, "rate", "weight decay")


def cells(grid: Grid, game: HiddenMap, player: str = YOU, belief: Tensor | None = None) -> str:
    """All cells: those that the player tried with their losses, the others grey until the game is over. SVG.

    With a `belief`, losses `[settings]`, there is a small square of its colour on each that is still hidden.
    """
    order, drawn = game.shown(player), []
    for setting, loss in enumerate(game.losses):
        x, y = grid.corner(setting)
        tried = setting in order
        fill = color_of(loss) if tried or game.over else HIDDEN
        drawn.append(f'<rect x="{x + 1}" y="{y + 1}" width="{SIDE - 2}" height="{HIGH - 2}" fill="{fill}"/>')
        if belief is not None and not tried and not game.over:
            drawn.append(f'<rect x="{x + 12}" y="{y + 8}" width="{SIDE - 24}" height="{HIGH - 16}" '
                         f'fill="{color_of(float(belief[setting]))}"/>')  # fmt: skip
        if game.over and loss == game.lowest:
            drawn.append(f'<rect x="{x + 2}" y="{y + 2}" width="{SIDE - 4}" height="{HIGH - 4}" fill="none" '
                         f'stroke="{BEST}" stroke-width="4"/>')  # fmt: skip
        if tried:
            style = f"fill:{ink_on(loss)};text-anchor:middle"
            drawn.append(f'<text x="{x + SIDE / 2}" y="{y + 13}" style="{style};font-size:11px">'
                         f'{order.index(setting) + 1}.</text><text x="{x + SIDE / 2}" y="{y + 28}" '
                         f'style="{style};font-size:15px;font-weight:bold">{loss:.2f}</text>')  # fmt: skip
    return "".join(drawn)


def frame(grid: Grid, setting: int) -> str:
    """The frame that arrow keys move, black and white: it is seen on every colour. SVG."""
    x, y = grid.corner(setting)
    place = f'x="{x + 1.5}" y="{y + 1.5}" width="{SIDE - 3}" height="{HIGH - 3}" fill="none" stroke-width="3"'
    return f'<rect {place} stroke="#fff"/><rect {place} stroke="#000" stroke-dasharray="5 4"/>'


def table(game: HiddenMap) -> str:
    """The lowest loss so far of each player, by trial; at the end also how far that is above the map's. HTML."""
    head = ["lowest loss after trial", *map(str, range(1, game.trials + 1)), *["above the best"] * game.over]
    lines = ["".join(f"<th>{cell}</th>" for cell in head)]
    for player in game.players:
        found = [f"{loss:.2f}" for loss in game.best_so_far(player)]
        found += ["–"] * (game.trials - len(found))
        if game.over:
            found.append(f"<b>{game.regrets(player)[-1]:.3f}</b>" if game.shown(player) else "–")
        lines.append(f"<th>{escape(player)}</th>" + "".join(f"<td>{cell}</td>" for cell in found))
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">{rows}</table></div>'


def draw_map(grid: Grid, game: HiddenMap, player: str = YOU, title: str = "") -> Figure:
    """The map with matplotlib and a colour bar, for readers without a front end."""
    figure, ax = new_figure(width=8.4, height=3.6)
    order = game.shown(player)
    for setting, loss in enumerate(game.losses):
        column, row = grid.at(setting)
        tried = setting in order
        fill = color_of(loss) if tried or game.over else HIDDEN
        best = game.over and loss == game.lowest
        ax.add_patch(matplotlib.patches.Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, facecolor=fill,
                                                  edgecolor=BEST if best else "none", linewidth=3))  # fmt: skip
        if tried:
            ax.text(column, row, f"{order.index(setting) + 1}.\n{loss:.2f}", ha="center", va="center", fontsize=7,
                    color=ink_on(loss))  # fmt: skip
    ax.set(xlim=(-0.5, len(grid.columns) - 0.5), ylim=(-0.5, len(grid.rows) - 0.5), xlabel=grid.x, ylabel=grid.y)
    ax.set_xticks(range(len(grid.columns))[:: grid.apart], grid.columns[:: grid.apart], fontsize=8)
    ax.set_yticks(range(len(grid.rows)), grid.rows, fontsize=8)
    ax.set_title(title, fontsize=10)
    for side in ax.spines.values():
        side.set_visible(False)
    colors = matplotlib.cm.ScalarMappable(matplotlib.colors.Normalize(LOWEST, HIGHEST), COLORMAP)
    figure.colorbar(colors, ax=ax, label="loss, nats", extend="both")
    return figure
