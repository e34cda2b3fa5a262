"""The relation heatmap of lesson 07: scores of every query with every class, and where in the images they come from."""

from __future__ import annotations

import copy
from html import escape

import ipywidgets as w
import torch
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.episode import Episode
from course_lib.learners import MetricLearner, RelationNet
from course_lib.lessons.lesson07.occlusion import (
    PATCH,
    class_scores,
    per_pixel,
    score_lost,
    score_of_query,
    score_of_support,
)  # fmt: skip
from course_lib.lessons.lesson07.relation_picture import KEY, bar, draw_figure, pair, scale, support_of, table
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

TRIES = 100  # tasks, until one has a wrong answer
SIDES = {"query": ("query",), "support": ("support",), "both": ("query", "support")}
HONEST = ("The map shows what the network is sensitive to, not how it reasons: to take ink away is also to change the "
          "shape.")  # fmt: skip


class RelationHeatmap(Explorer, w.VBox):
    """Queries by classes, each cell with its score; for one cell, the pair of images and their occlusion maps.

    Args:
        learner: a `RelationNet`, for relation scores, or another `MetricLearner`, for softmax probabilities. It is
            copied, and the copy runs in eval mode: no query changes the score of another.
        tasks: where tasks come from: grey images. Of a class with several support images the first is shown.
        seed: which task comes first.
        mistaken: whether to begin with the first task, from `seed` on, in which an answer is wrong, if one of the next
            TRIES has one.

    In `episode` is the task; in `scores`, `[n_query, way]`; in `chosen`, which query and class are shown; in
    `message`, what is seen, in words.

    Raises:
        ValueError: if the learner or the tasks are none of these.
    """

    def __init__(self, learner: MetricLearner, tasks, seed: int = 0, mistaken: bool = False):
        _refuse_bad(learner, tasks)
        self.learner, self.tasks = copy.deepcopy(learner).eval().cpu(), tasks  # the CPU is quick enough for one task
        self.word = "relation score" if isinstance(learner, RelationNet) else "probability"
        self.side = w.ToggleButtons(options=list(SIDES), value="both", description="occlude:",
                                    style={"description_width": "initial", "button_width": "auto"},
                                    layout=w.Layout(width="max-content"))  # fmt: skip
        self.another = w.Button(description="Another task", icon="refresh")
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.view = View(
            f'<div class="row"><div class="wide"><div data-part="table"></div>{scale()}<div>{KEY}</div></div>'
            '<div class="narrow"><div class="row" data-part="pair"></div><div data-part="bar"></div>'
            '<div role="status"><span data-part="said"></span> <span data-part="lost"></span></div>'
            f"<div>{HONEST}</div></div></div>", self._hear
        )  # fmt: skip
        tried = range(seed, seed + TRIES) if mistaken else ()
        self.new_task(next((i for i in tried if self._is_mistaken(i)), seed))
        self.side.observe(lambda _: self.pick(*self.chosen), "value")
        super().__init__([w.Box([self.side, self.another], layout=w.Layout(flex_flow="row wrap")), self.view],
                         layout=w.Layout(max_width="1040px"))  # fmt: skip

    def new_task(self, seed: int):
        """Take the task that belongs to `seed`, and show its first query with its own class."""
        self.seed, self.maps = seed, {}
        self.episode, self.scores = self._scored(seed)
        labels = self.episode.query_y[0]
        self.order = labels.argsort(stable=True).tolist()  # queries by class
        count = [int((labels[:q] == labels[q]).sum()) + 1 for q in range(len(labels))]
        self.names = [f"query {n} of class {label}" for n, label in zip(count, labels.tolist(), strict=True)]
        self.chosen = self.order[0], int(labels[self.order[0]])
        kept = {"table": table(self.episode, self.scores, self.order, self.names)}
        self.pick(*self.chosen, kept)

    def _scored(self, seed: int) -> tuple[Episode, Tensor]:
        """The task of `seed` and its scores, `[n_query, way]`."""
        episode = self.tasks.sample(1, torch.Generator().manual_seed(seed)).to("cpu")
        _refuse_episode(episode)
        with one_thread(), torch.inference_mode():
            adapted = self.learner.adapt(episode.support_x, episode.support_y, episode.way)
            return episode, class_scores(self.learner, adapted, self.learner.embed(episode.query_x))[0]

    def _is_mistaken(self, seed: int) -> bool:
        episode, scores = self._scored(seed)
        return bool((scores.argmax(-1) != episode.query_y[0]).any())

    def pick(self, query: int, label: int, kept: dict | None = None):
        """Show a query, by its number in the episode, with a class: at once the pair, and then its maps."""
        self.chosen = query, label
        if any((*self.chosen, side) not in self.maps for side in SIDES[self.side.value]):
            self._show(kept, [None, None])
        with one_thread(), torch.inference_mode():
            maps = [self.lost(side) if side in SIDES[self.side.value] else None for side in ("query", "support")]
        self._show(kept, maps)

    def lost(self, side: str) -> Tensor:
        """Score lost by place, `[rows, columns]`, when the chosen pair's "query" or "support" image is covered."""
        query, label = self.chosen
        if (query, label, side) not in self.maps:  # one goes to and fro
            at = support_of(self.episode, label)
            score = (score_of_query(self.learner, self.episode, label) if side == "query" else
                     score_of_support(self.learner, self.episode, query, at))  # fmt: skip
            image = self.episode.query_x[0, query] if side == "query" else self.episode.support_x[0, at]
            self.maps[query, label, side] = score_lost(score, image)
        return self.maps[query, label, side]

    def _hear(self, content: dict):
        if "pick" in content:
            self.pick(*divmod(content["pick"], self.episode.way))

    def _show(self, kept: dict | None, maps: list[Tensor | None]):
        """Show the chosen pair with these maps; words for both."""
        query, label = self.chosen
        own, answer = int(self.episode.query_y[0, query]), int(self.scores[query].argmax())
        verdict = "which is right" if answer == own else f"which is wrong: it is class {own}"
        said = (f"{self.names[query].capitalize()} with class {label}: {self.word} {self.scores[query, label]:.2f}. "
                f"The answer is class {answer} ({self.scores[query, answer]:.2f}), {verdict}.")  # fmt: skip
        lost = " ".join(_most(side, m, self.shots(label)) for side, m in zip(("query", "support"), maps, strict=True)
                        if m is not None)  # fmt: skip
        self.message = f"{said} {lost}"
        images = self.episode.query_x[0, query], self.episode.support_x[0, support_of(self.episode, label)]
        pixels = [m if m is None else per_pixel(m, *image.shape[1:]) for m, image in zip(maps, images, strict=True)]
        most = max([p.abs().max().item() for p in pixels if p is not None] + [0.01])  # less is no more than noise
        self.drawn = [self.names[query], f"support, class {label}"], images, pixels, most
        shown = any(m is not None for m in maps)
        parts = {"lost": escape(lost)} if shown else {}
        self.view.show(kept, pair=pair(*self.drawn), bar=bar(most, shown), said=escape(said),
                       picked=str(query * self.episode.way + label), **parts)  # fmt: skip

    def shots(self, label: int) -> int:
        """How many support images a class has."""
        return int((self.episode.support_y[0] == label).sum())

    def draw(self):
        """The same with matplotlib, for readers without a front end."""
        return draw_figure(self.episode, self.scores, self.order, self.names, self.chosen, *self.drawn)

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"Table of scores, queries by classes, and a pair of images. {self.message}"
        return png(self.draw()), alt


def _most(side: str, lost: Tensor, shots: int) -> str:
    """Where covering an image costs most, in words."""
    which = "the support image" if shots == 1 else f"the first of {shots} support images"
    which = "the query" if side == "query" else which
    row, column = divmod(int(lost.argmax()), lost.shape[1])
    if lost[row, column] < 0.005:
        return f"No patch on {which} costs 0.01 or more."
    down = ("upper", "middle", "lower")[3 * row // lost.shape[0]]
    across = ("left", "middle", "right")[3 * column // lost.shape[1]]
    where = "middle" if down == across else f"{down} {across}"
    return f"A patch of {PATCH} x {PATCH} pixels on {which} costs at most {lost[row, column]:.2f}, at the {where}."


def _refuse_bad(learner, tasks):
    if not isinstance(learner, MetricLearner):
        raise ValueError(f"learner must be a MetricLearner, such as RelationNet, but it is a {type(learner).__name__}.")
    if learner.describe is not None:
        raise ValueError("this learner is zero-shot: its classes have attributes and no support image to show.")
    if not hasattr(tasks, "sample"):
        raise ValueError(f"tasks must have a method `sample`, like Scripts(5, 1, 3), but got {type(tasks).__name__}.")


def _refuse_episode(episode: Episode):
    if not episode.is_classification or episode.support_x.shape[2:3] != (1,) or episode.support_x.ndim != 5:
        raise ValueError("tasks must be of grey images, [tasks, n, 1, height, width], with labels, "
                         f"but support_x is {list(episode.support_x.shape)}.")  # fmt: skip
