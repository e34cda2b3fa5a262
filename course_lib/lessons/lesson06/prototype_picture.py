"""What the prototype explorer shows, in SVG and HTML for a browser and as a static figure."""

from __future__ import annotations

import base64
import textwrap
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from PIL import Image
from torch import Tensor

from course_lib import plots
from course_lib.lessons.lesson06.plane import Plane, middle, regions
from course_lib.plots import COLORS
from course_lib.widgets.pixels import png
from course_lib.widgets.view import Panel, outline, round_ticks

SHADE = 0.22  # opacity of a region
SUPPORT, QUERY, LARGE = 27, 17, 112  # pixels: side of an image
CROSS = "M5,-14l8,8m0,-8l-8,8"  # beside a query in the wrong region


@dataclass(eq=False)
class Scene:
    """All that is drawn.

    Args:
        plane: the task as the chosen network embeds it.
        images: support images, then queries, `[n, height, width]`, ink 1.0 on paper 0.0.
        names: what the classes show, in the order of their labels.
        at: where the support points lie, `[n_support, 2]`.
        distance: "euclidean" or "cosine".
        edges: the lowest and highest x and y that are shown, `[2, 2]`.
        looked: the number of the image that is shown large.
    """

    plane: Plane
    images: Tensor
    names: list[str]
    at: Tensor
    distance: str
    edges: np.ndarray
    looked: int

    def __post_init__(self):
        self.near = self.plane.scores(self.at, self.distance)
        self.near_whole = self.plane.scores(self.at, self.distance, whole=True)
        self.means = self.plane.prototypes(self.at)
        self.regions = regions(self.means, self.distance, self.edges)
        self.right = self.plane.right(self.near[1])  # [n_query]
        self.right_whole = self.plane.right(self.near_whole[1])
        self.labels = self.plane.support_y.tolist() + self.plane.query_y.tolist()

    @property
    def projected(self) -> bool:
        """Whether the plane is less than the embedding."""
        return is_projected(self.plane)

    def distances(self, whole: bool) -> list[float]:
        """Of the image that is looked at, to each prototype: squared distances, or cosines."""
        support, query = self.near_whole if whole else self.near
        near = [*support, *query][self.looked]
        return (near if self.distance == "cosine" else -near).tolist()

    def say(self, number: float) -> str:
        """A distance or a cosine as text; cosines of neighbours differ late."""
        return f"{number:.4f}" if self.distance == "cosine" else f"{number:.3g}"


def is_projected(plane: Plane) -> bool:
    """Whether a plane is less than the embedding."""
    return plane.support_z.shape[1] > 2


def axis_names(plane: Plane) -> tuple[str, str]:
    """What the axes are."""
    if is_projected(plane):
        return "direction of largest spread", "direction of second largest spread"
    return "first number of the embedding", "second number of the embedding"


def image_parts(images: Tensor, key: str) -> str:
    """Images `[n, height, width]` for `<use href="#key-number">`: 1 pixel a side, paper white, ink black."""
    drawn = []
    for i, image in enumerate((255 - 255 * image.clamp(0, 1)).round().byte().numpy() for image in images):
        data = base64.b64encode(png(Image.fromarray(image))).decode()
        drawn.append(f'<image id="{key}-{i}" width="1" height="1" href="data:image/png;base64,{data}"/>')
    return f"<defs>{''.join(drawn)}</defs>"


def draw_regions(panel: Panel, scene: Scene) -> str:
    """The regions with their numbers, and the origin where it has a meaning."""
    drawn, numbers = [], []
    for k in reversed(range(len(scene.regions))):  # of classes that are equally near, the first one wins: it is on top
        corners = scene.regions[k]
        if len(corners) < 3:
            continue
        drawn.append(f'<path d="{outline(panel.place(*corners.T))}Z" fill="white"/>'
                     f'<path d="{outline(panel.place(*corners.T))}Z" fill="{COLORS[k]}" fill-opacity="{SHADE}" '
                     f'stroke="white" stroke-width="2"/>')  # fmt: skip
        ((x, y),) = panel.place(*middle(corners)[:, None])
        numbers.append(f'<text x="{x:.1f}" y="{y + 14:.1f}" style="fill:{COLORS[k]};font-size:40px;opacity:0.45">'
                       f"{k}</text>")  # fmt: skip
    drawn += numbers
    if scene.distance == "cosine":
        ((x, y),) = panel.place([0], [0])
        drawn.append(f'<path d="M{x - 7:.1f},{y:.1f}h14m-7,-7v14" stroke="black" stroke-width="2"/>')
    return "".join(drawn)


def draw_queries(panel: Panel, scene: Scene, key: str) -> str:
    """The queries in round frames. A part of its own: while a support image is dragged they stay, most of the time, and
    a browser need not draw them again."""
    drawn, first = [], len(scene.at)
    for i, (x, y) in enumerate(panel.place(*scene.plane.query_at.T.numpy())):
        color, looked = COLORS[scene.labels[first + i]], " class=chosen" * (first + i == scene.looked)
        wrong = "" if scene.right[i] else f'<path d="{CROSS}" stroke="black" stroke-width="2.5"/>'
        drawn.append(f'<g data-look="{first + i}" transform="translate({x:.1f},{y:.1f})"{looked}>'
                     f'<circle class="ring" r="16" fill="none" stroke="black" stroke-width="2"/>'
                     f'<circle r="12.5" fill="white" stroke="{color}" stroke-width="3"/>'
                     f"{_use(key, first + i, QUERY)}{wrong}</g>")  # fmt: skip
    return "".join(drawn)


def draw_points(panel: Panel, scene: Scene, key: str) -> str:
    """Prototypes as diamonds with their numbers, and support images in square frames, tied to their prototype."""
    means, places = panel.place(*scene.means.T.numpy()), panel.place(*scene.at.T.numpy())
    drawn = [f'<path d="M{x:.1f},{y:.1f}L{means[k][0]:.1f},{means[k][1]:.1f}" stroke="{COLORS[k]}" stroke-width="2"/>'
             for k, (x, y) in zip(scene.labels, places, strict=False)]  # fmt: skip
    drawn += [f'<g transform="translate({x:.1f},{y:.1f})"><path d="M0,-29L29,0L0,29L-29,0Z" fill="{COLORS[k]}" '
              'fill-opacity="0.75" stroke="black" stroke-width="1.5"/></g>'
              for k, (x, y) in enumerate(means)]  # fmt: skip
    half = SUPPORT / 2 + 1.5
    for i, (x, y) in enumerate(places):
        looked = " class=chosen" * (i == scene.looked)
        drawn.append(
            f'<g data-number="{i}" data-look="{i}" transform="translate({x:.1f},{y:.1f})"{looked}>'
            f'<rect class="ring" x="{-half - 4}" y="{-half - 4}" width="{2 * half + 8}" height="{2 * half + 8}" '
            f'fill="none" stroke="black" stroke-width="2"/><rect class="frame" x="{-half}" y="{-half}" '
            f'width="{2 * half}" height="{2 * half}" fill="white" stroke="{COLORS[scene.labels[i]]}" stroke-width="3"/>'
            f"{_use(key, i, SUPPORT)}</g>"
        )
    drawn += [f'<g transform="translate({x:.1f},{y - 27:.1f})"><circle r="9" fill="white" stroke="black" '
              f'stroke-width="1.5"/><text y="4.5" style="fill:black;font-weight:bold">{k}</text></g>'
              for k, (x, y) in enumerate(means)]  # fmt: skip
    return "".join(drawn)


def draw_axes(panel: Panel, plane: Plane, edges: np.ndarray) -> str:
    """The axes of the plane, from the lowest to the highest x and y in `edges`, `[2, 2]`."""
    (left, bottom), (right, top) = edges
    return panel.axes(*axis_names(plane), round_ticks(left, right), round_ticks(bottom, top))


def title(scene: Scene) -> str:
    """Which image is looked at."""
    n, k = len(scene.at), scene.labels[scene.looked]
    kind = f"Support image {scene.looked + 1}" if scene.looked < n else f"Query {scene.looked - n + 1}"
    return f"{kind}: class {k}, {scene.names[k]}"


def detail(scene: Scene, key: str) -> str:
    """The image that is looked at, large, and how near it is to each prototype, in HTML."""
    best = max if scene.distance == "cosine" else min
    columns = [scene.distances(whole) for whole in (False, True)[: 1 + scene.projected]]
    rows = "".join(
        f'<tr><th style="border-left:12px solid {COLORS[k]}">{k}</th>'
        + "".join(f"<td{' class=best' * (c[k] == best(c))}>{scene.say(c[k])}</td>" for c in columns)
        + "</tr>"
        for k in range(scene.plane.way)
    )
    heads = ("in the plane", "whole embedding")[: len(columns)]
    measure = "Cosine with" if scene.distance == "cosine" else "Squared distance to"
    return (f'<b>{escape(title(scene))}</b><div class="row"><svg width="{LARGE + 6}" height="{LARGE + 6}" '
            f'viewBox="{-LARGE / 2 - 3} {-LARGE / 2 - 3} {LARGE + 6} {LARGE + 6}"><rect x="{-LARGE / 2}" '
            f'y="{-LARGE / 2}" width="{LARGE}" height="{LARGE}" fill="white" '
            f'stroke="{COLORS[scene.labels[scene.looked]]}" stroke-width="5"/>{_use(key, scene.looked, LARGE)}</svg>'
            f'<table><tr><th colspan="{1 + len(columns)}">{measure} each prototype</th></tr><tr><th></th>'
            f"{''.join(f'<th>{head}</th>' for head in heads)}</tr>{rows}</table></div>")  # fmt: skip


def legend() -> str:
    """What the marks mean; on white, as the plot is."""

    def mark(inside: str) -> str:
        return f'<svg width="18" height="18" viewBox="-9 -9 18 18" style="vertical-align:middle">{inside}</svg>'

    items = (
        ('<rect x="-7" y="-7" width="14" height="14" fill="white" stroke="#555" stroke-width="3"/>', "support image"),
        ('<path d="M0,-8L8,0L0,8L-8,0Z" fill="#999" stroke="black"/>', "prototype, the mean of its class"),
        ('<circle r="6.5" fill="white" stroke="#555" stroke-width="3"/>', "query in its own class's colour"),
        ('<path d="M-5,-5l10,10m0,-10l-10,10" stroke="black" stroke-width="2.5"/>', "in another class's region"),
        (f'<rect x="-8" y="-8" width="16" height="16" fill="#555" fill-opacity="{SHADE}"/>', "region of a class"),
    )
    return " ".join(f"<span>{mark(inside)} {escape(text)}</span>" for inside, text in items)


def _use(key: str, number: int, side: float) -> str:
    return f'<use href="#{key}-{number}" transform="translate({-side / 2},{-side / 2}) scale({side})"/>'


def draw_scene(scene: Scene, said: str) -> Figure:
    """The same with matplotlib, for readers without a front end; `said` stands below."""
    with plots.plt.rc_context(plots.STYLE):
        figure = plots.plt.figure(figsize=(9.2, 5.6))
        ax, side = figure.subplots(1, 2, width_ratios=(2.6, 1))
        ax.set(xlim=scene.edges[:, 0], ylim=scene.edges[:, 1], aspect="equal",
               **dict(zip(("xlabel", "ylabel"), axis_names(scene.plane), strict=True)))  # fmt: skip
        for k in reversed(range(len(scene.regions))):
            if len(scene.regions[k]) > 2:
                ax.fill(*scene.regions[k].T, facecolor="white")
                ax.fill(*scene.regions[k].T, facecolor=(COLORS[k], SHADE), edgecolor="white", linewidth=1.5)
                ax.text(*middle(scene.regions[k]), str(k), color=COLORS[k], fontsize=28, alpha=0.45, ha="center",
                        va="center", zorder=2)  # fmt: skip
        if scene.distance == "cosine":
            ax.plot(0, 0, "+", color="black", markersize=12, markeredgewidth=2)
        first = len(scene.at)
        for i, place in enumerate(scene.plane.query_at):
            _stamp(ax, scene, first + i, place, 0.36, "circle,pad=0.12")
            if not scene.right[i]:
                ax.annotate("×", place.tolist(), (8, 3), textcoords="offset points", fontsize=14, zorder=6)
        for k, mean in enumerate(scene.means):
            for i in (i for i in range(first) if scene.labels[i] == k):
                ax.plot(*zip(mean.tolist(), scene.at[i].tolist(), strict=True), color=COLORS[k], zorder=3.5)
            ax.plot(*mean.tolist(), "D", color=COLORS[k], markeredgecolor="black", markersize=27, alpha=0.75, zorder=4)
            ax.annotate(str(k), mean.tolist(), (0, 18), textcoords="offset points", ha="center", weight="bold",
                        zorder=7, bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white"})  # fmt: skip
        for i, place in enumerate(scene.at):
            _stamp(ax, scene, i, place, 0.5, "square,pad=0.1")
        _draw_detail(side, scene)
        figure.supxlabel(textwrap.fill(said, 130), fontsize=9)
    return figure


def _stamp(ax, scene: Scene, number: int, place: Tensor, zoom: float, frame: str):
    image = OffsetImage(1 - scene.images[number].numpy(), zoom=zoom, cmap="gray", norm=plots.plt.Normalize(0, 1))
    edge = {"boxstyle": frame, "edgecolor": COLORS[scene.labels[number]], "linewidth": 2}
    ax.add_artist(AnnotationBbox(image, place.tolist(), pad=0, bboxprops=edge, zorder=5))


def _draw_detail(ax, scene: Scene):
    ax.axis("off")
    ax.set_title(textwrap.fill(title(scene), 32), fontsize=9)
    inset = ax.inset_axes((0.2, 0.66, 0.6, 0.32))
    inset.imshow(1 - scene.images[scene.looked].numpy(), cmap="gray", vmin=0, vmax=1)
    inset.set(xticks=[], yticks=[])
    inset.spines[:].set(visible=True, color=COLORS[scene.labels[scene.looked]], linewidth=2.5)
    columns = [scene.distances(whole) for whole in (False, True)[: 1 + scene.projected]]
    heads = ["class", "in the plane", "whole\nembedding"][: 1 + len(columns)]
    rows = [[str(k), *(scene.say(c[k]) for c in columns)] for k in range(scene.plane.way)]
    measure = "cosine with" if scene.distance == "cosine" else "squared distance to"
    ax.text(0.5, 0.6, f"{measure} each prototype", ha="center", transform=ax.transAxes, fontsize=9)
    table = ax.table([heads, *rows], loc="upper center", bbox=(0, 0.08, 1, 0.5), cellLoc="center")
    table.auto_set_font_size(False)
    table.set_fontsize(8)
