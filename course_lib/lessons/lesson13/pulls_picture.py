"""What the pulls explorer shows: the pulls of three players, and what is known of each arm; SVG and matplotlib."""

from __future__ import annotations

from html import escape

from matplotlib.figure import Figure

from course_lib.lessons.lesson13.ten_pulls import PLAYERS, YOU, TenPulls
from course_lib.plots import COLORS, new_figure

PAID, SURE, EMPTY = COLORS[0], "#8a8a8a", "#ffffff"
SIDE, LEFT, HIGH = 46, 130, 36  # of a box; room for names; from row to row


def sign_of(match: TenPulls, arm: int) -> str:
    """How a box names an arm: s for the safe one, else its number."""
    name = match.arms[arm]
    return "s" if name.startswith("safe") else name.split()[1]


def fill_of(match: TenPulls, arm: int, reward: float) -> str:
    """Blue if it paid 1, white if it paid nothing, grey for the safe arm."""
    return SURE if match.arms[arm].startswith("safe") else PAID if reward > 0 else EMPTY


def shown(match: TenPulls, player: str) -> list[tuple[int, float]]:
    """The pulls of a player that may be seen: the others do not go ahead of you."""
    return list(zip(match.actions[player], match.rewards[player], strict=True))[: len(match.actions[YOU])]


def size(match: TenPulls) -> tuple[int, int]:
    """Width and height of the rows."""
    return LEFT + SIDE * match.world.pulls + 70, HIGH * (len(PLAYERS) + 1)


def rows(match: TenPulls) -> str:
    """A row of boxes for each player, and the sums; as SVG."""
    drawn = [_text(LEFT + SIDE * (i + 0.5), 24, f"{i + 1}", "#555") for i in range(match.world.pulls)]
    drawn.append(_text(LEFT + SIDE * match.world.pulls + 32, 24, "sum", "#555"))
    for row, player in enumerate(PLAYERS, 1):
        y = HIGH * row
        drawn.append(_text(LEFT - 10, y + 21, player, "#111", "end"))
        pulls = shown(match, player)
        for i in range(match.world.pulls):
            fill = fill_of(match, *pulls[i]) if i < len(pulls) else "#f4f4f4"
            drawn.append(f'<rect x="{LEFT + SIDE * i + 3}" y="{y + 2}" width="{SIDE - 6}" height="{HIGH - 6}" rx="4" '
                         f'fill="{fill}" stroke="#999"/>')  # fmt: skip
            if i < len(pulls):
                ink = "#111" if fill == EMPTY else "#fff"
                drawn.append(_text(LEFT + SIDE * (i + 0.5), y + 21, sign_of(match, pulls[i][0]), ink))
        total = sum(reward for _, reward in pulls)
        drawn.append(_text(LEFT + SIDE * match.world.pulls + 32, y + 21, f"{total:.1f}", "#111"))
    return "".join(drawn)


def _text(x: float, y: float, said: str, color: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" style="fill:{color};text-anchor:{anchor}">{escape(said)}</text>'


def table(match: TenPulls, worth: bool) -> str:
    """What you know of each arm; with `worth` also what it is worth now; at the end its true chance. HTML."""
    over, first = not match.left(), match.world.safe is not None
    worths = None if over or not worth else match.worth()
    best = max(worths) if worths else 0.0
    header = ["", "paid", "did not", "pays next, as far as you know"]
    header += ["worth now, with the best pulls after it"] * bool(worths) + ["it pays on average"] * over
    lines = [header]
    for arm, name in enumerate(match.arms):
        if first and arm == 0:
            line = [name, "", "", f"{match.world.safe:.2f}"]
        else:
            wins, losses = match.state()[arm - first]
            line = [name, f"{wins}", f"{losses}", f"{(wins + 1) / (wins + losses + 2):.2f}"]
        if worths:
            line.append(f"<b>{worths[arm]:.3f}</b>" if worths[arm] > best - 1e-9 else f"{worths[arm]:.3f}")
        lines.append(line + [f"{match.chances[arm]:.2f}"] * over)
    tags = ["th"] + ["td"] * len(match.arms)
    body = ("".join(f"<{tag}>{cell}</{tag}>" for cell in line) for tag, line in zip(tags, lines, strict=True))
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in body) + "</table>"


def draw_pulls(match: TenPulls, you: str) -> Figure:
    """The rows with matplotlib, for readers without a front end; `you` is the name of the first row."""
    figure, ax = new_figure(width=8.0, height=2.6)
    for row, player in enumerate(PLAYERS):
        pulls = shown(match, player)
        for i, (arm, reward) in enumerate(pulls):
            fill = fill_of(match, arm, reward)
            ink = "black" if fill == EMPTY else "white"
            ax.text(i + 1, row, sign_of(match, arm), ha="center", va="center", color=ink,
                    bbox={"boxstyle": "round", "facecolor": fill, "edgecolor": "#999999"})  # fmt: skip
        ax.text(match.world.pulls + 1.2, row, f"{sum(reward for _, reward in pulls):.1f}", ha="center", va="center")
    ax.text(match.world.pulls + 1.2, -0.8, "sum", ha="center", va="center")
    ax.set(xlim=(0.4, match.world.pulls + 1.7), ylim=(2.5, -0.9), xlabel="pull (blue: paid 1; white: 0; s: safe)")
    ax.set_xticks(range(1, match.world.pulls + 1))
    ax.set_yticks(range(3), [you, *PLAYERS[1:]])
    return figure
