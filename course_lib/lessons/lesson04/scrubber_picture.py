"""The picture of the adaptation scrubber: what stays is drawn once for a task, the rest for each step."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageColor, ImageDraw
from torch import Tensor

from course_lib.episode import Episode
from course_lib.lessons.lesson04.adaptation import Adaptation
from course_lib.plots import COLORS
from course_lib.widgets.pixels import HEAD, SIDE, font

SCALE = 2  # screen pixels a pixel of an image
FRAME = 4  # pixels: the frame in the colour of the predicted class
STRIP = 20  # pixels below a query: predicted class, confidence, right or wrong
GAP = 8  # pixels between queries
BETWEEN = 30  # pixels between support set, query set and charts
CHART = 330  # pixels: width of the charts, with their labels
LEFT, BOTTOM = 52, 40  # pixels of a chart that its labels take
LINES = (("support", COLORS[5]), ("query", COLORS[0]))


class Picture:
    """Draws a task after any step. Its charts end at that step: what comes later is for the learner to guess.

    Args:
        episode: one task of grey images `[1, n, 1, height, width]`, ink 1.0 on paper 0.0, at most seven classes, n the
            same for every class.
        found: its answers by step.
    """

    def __init__(self, episode: Episode, found: Adaptation):
        self.found, self.way = found, episode.way
        self.order = episode.query_y[0].argsort(stable=True)  # queries by class
        self.columns = len(self.order) // self.way
        support, query = _by_class(episode.support_x, episode.support_y), _by_class(episode.query_x, episode.query_y)
        self.cell = query.shape[-1] + 2 * FRAME
        self.pitch = self.cell + STRIP + GAP  # from one row to the next
        self.left = SIDE + max(support.shape[1] * (support.shape[-1] + GAP), 92) + BETWEEN
        self.right = self.left + self.columns * (self.cell + GAP) + BETWEEN
        height = HEAD + self.way * self.pitch
        self.top, self.middle, self.bottom = HEAD, HEAD + (height - HEAD) // 2, height
        self.base = Image.new("RGB", (self.right + CHART, height), "white")
        draw = ImageDraw.Draw(self.base)
        for x, text in ((SIDE, "support set"), (self.left, "queries: predicted class, confidence")):
            draw.text((x, 4), text, "black", font(14))
        for label in range(self.way):
            y = self._row(label)
            draw.text((SIDE - 8, y + self.cell // 2), str(label), COLORS[label], font(16), anchor="rm")
            for i, image in enumerate(support[label]):
                at = (SIDE + i * (image.shape[-1] + GAP), y + FRAME)
                self.base.paste(_ink(image, COLORS[label]), at)
            for i, image in enumerate(query[label]):
                self.base.paste(_ink(image, "#000000"), (self._column(i) + FRAME, y + FRAME))
        accuracy = [("query", COLORS[0], 100 * found.accuracy[:, 0])]
        losses = [(*line, each[:, 0]) for line, each in zip(LINES, (found.support_loss, found.query_loss), strict=True)]
        self.charts = [_Chart(draw, (self.right, self.top, self.middle), "accuracy, %", accuracy, 0, 100),
                       _Chart(draw, (self.right, self.middle, self.bottom), "loss, nats", losses, *_decades(losses))]

    def draw(self, step: int) -> Image.Image:
        """The task after `step` steps."""
        sheet = self.base.copy()
        draw = ImageDraw.Draw(sheet)
        confidence, predicted = self.found.probabilities[step, 0, self.order].max(-1)  # [n_query] each
        for i, (p, label) in enumerate(zip(confidence.tolist(), predicted.tolist(), strict=True)):
            row, column = divmod(i, self.columns)
            x, y = self._column(column), self._row(row)
            color = COLORS[label]
            draw.rectangle((x, y, x + self.cell - 1, y + self.cell - 1), outline=color, width=FRAME)
            sign = "✓" if label == row else "✗"
            draw.text((x, y + self.cell + 2), f"{label}", color, font(14))
            draw.text((x + 13, y + self.cell + 4), f"{100 * p:.0f} %", "black", font(11))
            draw.text((x + self.cell, y + self.cell + 2), sign, "black", font(14), anchor="ra")
            if label != row:  # a second sign, which does not need colour: wrong answers are crossed out in a corner
                draw.line((x + self.cell - 16, y + FRAME, x + self.cell - FRAME, y + 16), "black", 2)
                draw.line((x + self.cell - 16, y + 16, x + self.cell - FRAME, y + FRAME), "black", 2)
        for chart in self.charts:
            chart.mark(draw, step)
        return sheet

    def _row(self, label: int) -> int:
        return HEAD + label * self.pitch

    def _column(self, i: int) -> int:
        return self.left + i * (self.cell + GAP)


class _Chart:
    """Lines over steps: the axes are drawn once, the lines for each step."""

    def __init__(self, draw, place: tuple[int, int, int], title: str, lines, low: float, high: float):
        left, top, bottom = place
        self.lines, self.low, self.high, self.log = lines, low, high, low > 0
        self.x0, self.x1, self.y0, self.y1 = left + LEFT, left + CHART - 14, bottom - BOTTOM, top + 24
        self.steps = len(lines[0][2]) - 1
        draw.text((self.x0, top + 2), title, "black", font(13))
        ticks = [low * 10.0**k for k in range(round(math.log10(high / low)) + 1)] if self.log else (0, 25, 50, 75, 100)
        for tick in ticks:
            y = self._y(tick)
            draw.line((self.x0, y, self.x1, y), "#dddddd")
            draw.text((self.x0 - 6, y), f"{tick:g}", "black", font(11), anchor="rm")
        for step in range(0, self.steps + 1, max(1, self.steps // 5)):
            draw.text((self._x(step), self.y0 + 4), str(step), "black", font(11), anchor="ma")
        draw.text(((self.x0 + self.x1) // 2, self.y0 + 19), "adaptation step", "black", font(12), anchor="ma")
        right = self.x1
        for name, color, _ in reversed(lines):
            draw.text((right, top + 2), name, "black", font(13), anchor="ra")
            _dot(draw, name)((right - 64, top + 6, right - 56, top + 14), color)
            right -= 78

    def mark(self, draw, step: int):
        """The lines up to where we are."""
        x = self._x(step)
        draw.line((x, self.y1, x, self.y0), "#808080", 1)
        for name, color, values in reversed(self.lines):
            points = [(self._x(i), self._y(v)) for i, v in enumerate(values[: step + 1].tolist())]
            draw.line(points, color, 2)
            for x, y in points:
                _dot(draw, name)((x - 3, y - 3, x + 3, y + 3), color)
            _dot(draw, name)((x - 6, y - 6, x + 6, y + 6), color, "black", 2)

    def _x(self, step: int) -> int:
        return round(self.x0 + (self.x1 - self.x0) * step / self.steps)

    def _y(self, value: float) -> int:
        value = min(max(value, self.low), self.high) if value == value else self.high  # nan: off the scale
        part = (math.log(value / self.low) / math.log(self.high / self.low) if self.log
                else (value - self.low) / (self.high - self.low))  # fmt: skip
        return round(self.y0 - (self.y0 - self.y1) * part)


def _dot(draw, name: str):
    """Squares for the support set, circles for queries: told apart without colour."""
    return draw.rectangle if name == "support" else draw.ellipse


def _decades(lines) -> tuple[float, float]:
    """Powers of ten around all losses, at least two and at most six."""
    values = np.concatenate([values.double().clamp(1e-5, 10).nan_to_num(10).numpy() for *_, values in lines])
    low, high = math.floor(math.log10(values.min())), math.ceil(math.log10(values.max()) - 1e-9)
    return 10.0 ** min(low, high - 2), 10.0**high


def _by_class(x: Tensor, y: Tensor) -> np.ndarray:
    """Images of the task, a row a class, enlarged: `[way, n, height, width]`, 0 ... 1."""
    x, y = x[0].cpu(), y[0].cpu()
    grid = x[y.argsort(stable=True)].unflatten(0, (int(y.max()) + 1, -1)).squeeze(2).clamp(0, 1).numpy()
    return grid.repeat(SCALE, -1).repeat(SCALE, -2)


def _ink(image: np.ndarray, color: str) -> Image.Image:
    """Ink of this colour on white paper."""
    ink = np.array(ImageColor.getrgb(color))
    return Image.fromarray((255 - image[..., None] * (255 - ink)).round().astype(np.uint8))
