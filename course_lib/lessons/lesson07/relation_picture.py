"""The pictures of the relation heatmap: a table of scores, and a pair of images with its occlusion maps."""

from __future__ import annotations

import base64
from html import escape

import numpy as np
from matplotlib.patches import Rectangle
from PIL import Image, ImageColor
from torch import Tensor

from course_lib.episode import Episode
from course_lib.plots import COLORS, new_figure
from course_lib.widgets.pixels import png

LOW, HIGH = (np.array(ImageColor.getrgb(color)) for color in ("#f2f7fb", "#08396b"))  # scores 0 and 1: light to dark
LOSES, GAINS = (np.array(ImageColor.getrgb(color)) for color in (COLORS[1], COLORS[0]))
LARGE = 7  # screen pixels a pixel of an image, in a pair
KEY = ("Thick frame: the query's own class. ●: the answer, the highest score of the row. "
       "Dashed: the pair that is shown.")  # fmt: skip


def shade(score: float) -> tuple[str, str]:
    """The colour of a cell, and black or white for its number: whichever stands out more."""
    color = (LOW + (HIGH - LOW) * score).round().astype(int)
    linear = np.where(color <= 10, color / 3294.6, ((color / 255 + 0.055) / 1.055) ** 2.4)  # WCAG's luminance
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return _hex(color), "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


def heat(image: Tensor, lost: Tensor | None, most: float) -> Image.Image:
    """Ink over colours: orange where covering costs score, blue where it adds some, white where it does nothing.

    Args:
        image: `[1, height, width]`, ink 1.0 on paper 0.0.
        lost: score lost by pixel, `[height, width]`, or `None`: white paper.
        most: the loss that gets the full colour.
    """
    ink = image[0].clamp(0, 1).cpu().numpy()[..., None]  # [height, width, 1]
    paper = np.full((*ink.shape[:2], 3), 255.0)
    if lost is not None:
        part = (lost.cpu().numpy() / max(most, 1e-9)).clip(-1, 1)[..., None]
        paper += np.maximum(part, 0) * (LOSES - 255) + np.maximum(-part, 0) * (GAINS - 255)
    return Image.fromarray((paper * (1 - 0.8 * ink)).round().astype(np.uint8))  # of ink, the colour is still seen


def table(episode: Episode, scores: Tensor, order: list[int], names: list[str]) -> str:
    """Scores `[n_query, way]` as a table of buttons: a row a query, in this order; `names` are theirs."""
    support, query = episode.support_x[0], episode.query_x[0]
    first = [support_of(episode, label) for label in range(episode.way)]
    head = "".join(f"<th>class {c}<br>{_image(heat(support[i], None, 1), 32, '')}</th>" for c, i in enumerate(first))
    rows = []
    for q in order:
        row, own = scores[q].tolist(), int(episode.query_y[0, q])
        cells = [_cell(q * episode.way + c, value, c == own, value == max(row), f"{names[q]}, class {c}")
                 for c, value in enumerate(row)]  # fmt: skip
        rows.append(f"<tr><th>{escape(names[q])} {_image(heat(query[q], None, 1), 32, '')}</th>{''.join(cells)}</tr>")
    return f'<table class="scores"><tr><td></td>{head}</tr>{"".join(rows)}</table>'


def _cell(number: int, value: float, own: bool, answer: bool, name: str) -> str:
    paper, ink = shade(value)
    said = f"{name}: {value:.2f}" + ", the query's own class" * own + ", the answer" * answer
    # Jupyter's own keys stay away from what has the focus and says so; a table around it is not asked.
    return (f'<td><button data-pick="{number}" aria-label="{said}" aria-pressed="false" class="{"own" * own}" '
            f'data-lm-suppress-shortcuts="true" style="background:{paper};color:{ink}">'
            f'{"● " * answer}{value:.2f}</button></td>')  # fmt: skip


def pair(titles: list[str], images: list[Tensor], maps: list[Tensor | None], most: float) -> str:
    """Two images side by side, large, each with its map or without."""
    return "".join(
        f"<figure><b>{title}</b>{_image(heat(image, lost, most), LARGE * image.shape[-1], title)}</figure>"
        for title, image, lost in zip(titles, images, maps, strict=True)
    )


def bar(most: float, shown: bool) -> str:
    """The colour bar of the maps, or of no map."""
    if not shown:
        return ""
    return (f'<div class="bar" style="background:linear-gradient(to right,{_hex(GAINS)},white,{_hex(LOSES)})"></div>'
            f'<div class="ends"><span>{-most:.2f}</span><span>0</span><span>{most:.2f}</span></div>'
            "score lost when this place is covered (below 0: gained)")  # fmt: skip


def scale() -> str:
    """The colour bar of the table."""
    return (f'<div class="bar" style="background:linear-gradient(to right,{_hex(LOW)},{_hex(HIGH)})"></div>'
            '<div class="ends"><span>0</span><span>score</span><span>1</span></div>')  # fmt: skip


def support_of(episode: Episode, label: int) -> int:
    """The number of the first support example of a class."""
    return int((episode.support_y[0] == label).nonzero()[0])


def draw_figure(episode: Episode, scores: Tensor, order: list[int], names: list[str], chosen: tuple[int, int], titles,
                images, maps, most: float):  # fmt: skip
    """The same with matplotlib, for readers without a front end."""
    figure, axes = new_figure(1, 3, 11, 1.2 + 0.34 * len(order), width_ratios=(1.5, 1, 1))
    ax, way = axes[0], episode.way
    for row, q in enumerate(order):
        answer = int(scores[q].argmax())
        ax.imshow(heat(episode.query_x[0, q], None, 1), extent=(-0.7, 0.1, row + 0.9, row + 0.1))
        for c, value in enumerate(scores[q].tolist()):
            paper, ink = shade(value)
            ax.add_patch(Rectangle((c + 0.2, row), 1, 1, facecolor=paper, edgecolor="white"))
            ax.text(c + 0.7, row + 0.5, "● " * (c == answer) + f"{value:.2f}", color=ink, ha="center", va="center",
                    fontsize=8)  # fmt: skip
            if c == episode.query_y[0, q]:
                ax.add_patch(Rectangle((c + 0.24, row + 0.06), 0.92, 0.88, fill=False, edgecolor=COLORS[1], lw=2.5))
            if (q, c) == chosen:
                ax.add_patch(Rectangle((c + 0.2, row), 1, 1, fill=False, edgecolor="black", ls="--", lw=2, zorder=3))
    for c in range(way):
        ax.imshow(heat(episode.support_x[0, support_of(episode, c)], None, 1), extent=(c + 0.3, c + 1.1, -0.1, -0.9))
    ax.set(xlim=(-0.8, way + 0.2), ylim=(len(order), -1), xticks=np.arange(way) + 0.7, aspect="auto",
           xticklabels=[f"class {c}" for c in range(way)], yticks=np.arange(len(order)) + 0.5)  # fmt: skip
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_yticklabels([names[q] for q in order], fontsize=8)
    for ax, title, image, lost in zip(axes[1:], titles, images, maps, strict=True):
        ax.imshow(heat(image, lost, most), interpolation="nearest")
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        if lost is not None:
            ax.set_xlabel(f"orange: covering it costs up to {most:.2f}\nblue: adds as much", fontsize=8)
    return figure


def _hex(color) -> str:
    return "#" + "".join(f"{part:02x}" for part in color)


def _image(image: Image.Image, size: int, alt: str) -> str:
    data = base64.b64encode(png(image)).decode()
    return f'<img src="data:image/png;base64,{data}" width="{size}" alt="{escape(alt)}">'
