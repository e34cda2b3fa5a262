"""The prototype explorer of lesson 06: move a support point, and its class's prototype and the regions follow."""

from __future__ import annotations

import asyncio
import copy
from html import escape
from uuid import uuid4

import ipywidgets as w
import torch
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.learners import Learner, PrototypicalNet
from course_lib.learners.distances import NEARNESS
from course_lib.lessons.lesson06 import prototype_picture as picture
from course_lib.lessons.lesson06.plane import Plane
from course_lib.plots import png
from course_lib.tasks import ImageTasks
from course_lib.tasks.scripts.glyphs import spell
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.points import SupportPoints
from course_lib.widgets.view import Panel, View

WAYS, SHOTS, QUERIES = 6, 5, 5  # classes, support images and queries a class, at most
PAUSE = 0.25  # seconds without input, after which sliders follow what the mouse has done


class PrototypeExplorer(Explorer, w.VBox):
    """Support images and queries of one task where a network puts them on a plane, the prototypes, and the region in
    which each prototype is the nearest. Support points can be dragged.

    An embedding of two numbers is shown as it is, a longer one is projected: see `Plane`.

    Args:
        learners: by name, prototypical networks, at most six. They are copied, not changed.
        tasks: where tasks come from. Its way, shot and query are those at first, as far as WAYS, SHOTS and QUERIES go.
        seed: which task comes first. Of one seed, a task with fewer classes or shots is a part of the larger one.

    In `plane` is the embedded task; in `points`, where its support points lie now, `[n_support, 2]`; in `scene`, what
    is drawn; in `message`, what it says in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, learners: dict[str, Learner], tasks: ImageTasks, seed: int = 0):
        _refuse_bad(learners, tasks)
        self.learners = {name: copy.deepcopy(learner).eval() for name, learner in learners.items()}
        self.tasks = copy.copy(tasks)  # always the largest task; the sliders say which part of it is shown
        self.tasks.way, self.tasks.shot = min(WAYS, len(tasks.images)), SHOTS
        self.tasks.query = min(QUERIES, tasks.query)
        self.tasks._check_examples()
        self.key, self.looked, self._pending = f"image-{uuid4().hex[:8]}", 0, None
        self._make_controls(tasks, next(iter(learners.values())).config["distance"])
        self.support = SupportPoints(self._points_changed, most=WAYS * SHOTS)
        self._make_view()
        self.new_task(seed)
        for control in (self.menu, self.way, self.shot):
            control.observe(self.embed, "value")
        self.distance.observe(lambda _: self._frame(), "value")
        self.query.observe(self._query_changed, "value")
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    @property
    def points(self) -> Tensor:
        """Where the support points lie now, `[n_support, 2]`."""
        return self.support.points

    def new_task(self, seed: int):
        """Take the task that belongs to `seed`."""
        self.seed, self._known = seed, {}
        with one_thread():
            episode = self.tasks.sample(1, torch.Generator().manual_seed(seed))
        # sample picks the classes first, so a generator in the same state picks them again.
        classes = self.tasks.pick_classes(1, torch.Generator().manual_seed(seed))[0]
        self.names = [spell(self.tasks.names[i]) for i in classes]
        parts = ((episode.support_x, SHOTS), (episode.query_x, self.tasks.query))
        # [way, shot + query, 1, height, width]
        self.pool = torch.cat([x[0].unflatten(0, (-1, n)) for x, n in parts], 1)
        self.embed()

    def embed(self, _=None):
        """Put the images of the task where the chosen network has them."""
        way, shot = self.way.value, self.shot.value
        with one_thread():
            z = self._embeddings(way, shot)  # [way, shot + query, features]
        labels = torch.arange(way)[:, None].expand(z.shape[:2])
        parts = [part.flatten(0, 1) for x in (z, labels) for part in (x[:, :shot], x[:, shot:])]
        self.plane = Plane(parts[0], parts[2], parts[1], parts[3], way)
        pool = torch.cat([self.pool[:way, :shot].flatten(0, 1), self.pool[:way, SHOTS:].flatten(0, 1)])
        self.images, self._fresh = pool[:, 0].cpu(), True  # [n_support + n_query, height, width]
        self.put_back()

    def _embeddings(self, way: int, shot: int) -> Tensor:
        """Of the part of the task that is shown, `[way, shot + query, features]`, float64. No image is embedded twice
        by one network."""
        known, learner = self._known.setdefault(self.menu.value, {}), self.learners[self.menu.value]
        cells = [(k, i) for k in range(way) for i in (*range(shot), *range(SHOTS, self.pool.shape[1]))]
        missing = [cell for cell in cells if cell not in known]
        if missing:
            x = torch.stack([self.pool[cell] for cell in missing])[None]  # [1, n, 1, height, width]
            with torch.no_grad():
                z = learner.embed(x.to(next(learner.parameters(), x).device))[0]  # [n, features]
            known |= dict(zip(missing, z.cpu().double(), strict=True))
        return torch.stack([known[cell] for cell in cells]).unflatten(0, (way, -1))

    def put_back(self, _=None):
        """Put all support points where the network has them."""
        self._frame(self.plane.support_at)

    def _frame(self, at: Tensor | None = None):
        """Show all points, and the support points at `[n_support, 2]` if that is given."""
        at = self.points if at is None else at
        aspect = self.panel.width / self.panel.height
        self.support.edges = self.plane.window(at, self.distance.value, aspect)
        self.panel.scale(*self.support.edges.T)
        self._axes = picture.draw_axes(self.panel, self.plane, self.support.edges)
        looked = self.looked
        self.support.put(at, min(self.support.chosen, len(at) - 1))
        if looked != self.looked:
            self.look(min(looked, len(self.images) - 1))

    def _points_changed(self):
        self.looked = self.support.chosen
        self.redraw()

    def look(self, number: int):
        """Show an image large: support images count from 0, queries after them."""
        if 0 <= number < len(self.images):
            self.looked = number
            self.redraw()

    def hear(self, content: dict):
        """Do what the learner wants: `{"look": number}` under the mouse, or what `SupportPoints.hear` knows."""
        if "look" in content:
            self.look(content["look"])
        else:
            self.support.hear(content)

    def redraw(self):
        """Draw the points where they are now."""
        self.scene = picture.Scene(self.plane, self.images, self.names, self.points, self.distance.value,
                                   self.support.edges, self.looked)  # fmt: skip
        self.message = sentence(self.scene, self.shot.value, self.menu.value)
        kept = {"images": picture.image_parts(self.images, self.key)} if self._fresh else None
        self._fresh = False
        self.view.show(kept, **{
            "plane": picture.draw_regions(self.panel, self.scene), "plane-axes": self._axes,
            "queries": picture.draw_queries(self.panel, self.scene, self.key),
            "points": picture.draw_points(self.panel, self.scene, self.key),
            "detail": picture.detail(self.scene, self.key), "said": escape(self.message), "caption": honest(self.scene),
        })  # fmt: skip
        if self._pending is not None:
            self._pending.cancel()
        try:  # a kernel has an event loop; a script has none, and there nobody waits for a picture
            self._pending = asyncio.get_running_loop().call_later(PAUSE, self._finish)
        except RuntimeError:
            self._finish()

    def _finish(self):
        """What can wait: the sliders."""
        self._pending = None
        self.support.show_chosen()
        self.query.unobserve(self._query_changed, "value")
        self.query.max = len(self.images) - len(self.points)
        self.query.value = max(1, self.looked - len(self.points) + 1)
        self.query.observe(self._query_changed, "value")

    def _query_changed(self, change):
        self.look(len(self.points) + change["new"] - 1)

    def _make_controls(self, tasks: ImageTasks, distance: str):
        style, layout = {"description_width": "initial"}, w.Layout(width="250px")
        buttons = {"style": {"description_width": "initial", "button_width": "auto"},
                   "layout": w.Layout(width="max-content")}  # fmt: skip
        self.menu = w.ToggleButtons(options=list(self.learners), description="network", **buttons)
        self.distance = w.ToggleButtons(options=list(NEARNESS), value=distance, description="distance", **buttons)
        way, shot = max(2, min(tasks.way, self.tasks.way)), min(tasks.shot, SHOTS)
        self.way = w.IntSlider(way, 2, self.tasks.way, description="way", style=style, layout=layout)
        self.shot = w.IntSlider(shot, 1, SHOTS, description="shot", style=style, layout=layout)
        self.query = w.IntSlider(1, 1, 1, description="or look at query", style=style, layout=layout)
        self.another = w.Button(description="Another task", icon="refresh", layout=w.Layout(width="auto"))
        self.back = w.Button(description="Put points back", icon="undo", layout=w.Layout(width="auto"))
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.back.on_click(self.put_back)

    def _make_view(self):
        self.panel = Panel("plane", "Embedding (drag a support image)", 640, 500, True)
        plane = '<g data-part="plane"></g>'
        frame = self.panel.frame.replace(plane, f'{plane}<g data-part="queries"></g>')
        self.view = View(
            '<svg width="0" height="0" style="position:absolute" data-part="images"></svg>'
            f'<div class="row"><div class="wide">{frame}<div class="legend">{picture.legend()}</div></div>'
            '<div class="narrow"><div data-part="detail"></div><p role="status" data-part="said"></p>'
            '<p data-part="caption"></p></div></div>',  # role=status: screen readers say the new text when it changes
            self.hear,
        )

    def _arrange(self) -> list[w.Widget]:
        def box(*children, **layout):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", min_width="0", **layout))

        return [
            box(self.menu, self.distance, align_items="flex-end"),
            box(self.way, self.shot, self.another, self.back, align_items="center"),
            self.view,
            box(self.support.which, self.support.x, self.support.y, self.query, align_items="center"),
        ]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"Images of a task on a plane, with prototypes and their regions. {self.message}"
        return png(self.draw()), alt

    def draw(self):
        """The same with matplotlib, for readers without a front end."""
        return picture.draw_scene(self.scene, f"{self.message} {honest(self.scene)}")


def sentence(scene: picture.Scene, shot: int, name: str) -> str:
    """What the picture says, in words."""
    n, right, whole = len(scene.right), int(scene.right.sum()), int(scene.right_whole.sum())
    said = (f"Network: {name}. {scene.plane.way}-way {shot}-shot, {scene.distance} distance: {right} of {n} queries "
            f"are right{f' in the plane, {whole} of {n} in the whole embedding' * scene.projected}.")  # fmt: skip
    moved = int((scene.at != scene.plane.support_at).any(1).sum())
    return said + (f" {moved} support point{'s' * (moved > 1)} moved." if moved else "")


def honest(scene: picture.Scene) -> str:
    """What the plane loses, in a sentence."""
    features = scene.plane.support_z.shape[1]
    if not scene.projected:
        number = "one number" if features == 1 else "two numbers"
        return f"The network gives {number} an image, so the plane is the whole embedding."
    return (f"The plane is a projection: of {features} numbers an image it keeps the two directions in which these "
            f"images differ most, {100 * scene.plane.share:.0f} % of their squared spread. What it loses can tell "
            "classes apart.")  # fmt: skip


def _refuse_bad(learners, tasks):
    if not isinstance(learners, dict) or not 1 <= len(learners) <= 6:
        raise ValueError('learners must be a dict of one to six networks, such as {"mine": PrototypicalNet(Conv4())}.')
    for name, learner in learners.items():
        if not isinstance(learner, PrototypicalNet):
            raise ValueError(f"learners must map names to prototypical networks, but {name!r} is a "
                             f"{type(learner).__name__}; wrap a backbone: PrototypicalNet(backbone).")  # fmt: skip
        if learner.describe is not None:
            raise ValueError(f"{name!r} makes prototypes from attributes, and this explorer shows support images; "
                             "give a PrototypicalNet without attributes.")  # fmt: skip
    if not isinstance(tasks, ImageTasks) or len(tasks.images) < 2:
        raise ValueError(f"tasks must be tasks over images of two classes or more, such as Scripts, not {tasks!r}.")
