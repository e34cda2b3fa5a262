"""From an input to changed pixels, in a real JupyterLab in Chromium. `python -m benchmarks.widgets`

The clock starts with the browser's own time stamp of the input event. It stops in the page after the frame in which
the watched part of the widget has changed, so the way to the kernel and back and the drawing are all counted.
"""

import math
import random
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import find_chromium
from tests.lab import Lab, open_browser

TURNS = 60
WATCH = """([event, selector]) => {
  let start = null
  const watched = document.querySelector(selector)
  window.latencies = []
  document.addEventListener(event, e => { start = e.timeStamp }, true)
  new MutationObserver(() => {
    if (start === null) return
    const began = start
    start = null
    const ready = watched.decode ? watched.decode() : Promise.resolve()  // a new picture has to be decoded first
    ready.then(() => requestAnimationFrame(() => {  // before the next frame is painted; the message arrives after it
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => window.latencies.push(performance.now() - began)
      port2.postMessage(null)
    }))
  }).observe(watched, { subtree: true, childList: true, characterData: true, attributes: true })
}"""


@dataclass
class Row:
    """One input of one widget. `act(page, turn)` makes it; the answer is a change under `watched`."""

    name: str
    cell: str
    event: str
    watched: str
    act: Callable


def draw_a_stroke(page, turn: int):
    """A scribble in the query box of the sketchpad, which is empty before."""
    query = page.locator(".sketchpad svg").nth(5)
    query.press("Delete")
    page.get_by_text("Now draw one").wait_for()
    area = query.bounding_box()
    page.mouse.move(area["x"] + 40, area["y"] + 40)
    page.mouse.down()
    for _ in range(6):
        x, y = (random.uniform(0.1, 0.9) * area[side] for side in ("width", "height"))
        page.mouse.move(area["x"] + x, area["y"] + y, steps=6)
    page.mouse.up()


def press_a_key(name: str):
    """Right and left arrow in turn, on a slider of the episode explorer."""

    def act(page, turn: int):
        page.locator(".widget-slider", has_text=name).get_by_role("slider").press(("ArrowRight", "ArrowLeft")[turn % 2])

    return act


EXPLORER = """
from course_lib.lessons.lesson01 import EpisodeExplorer
EpisodeExplorer(way={way}, shot=1, query={query})
"""
SKETCHPAD = """
import course_lib
from course_lib.lessons.lesson00 import Sketchpad
pad = Sketchpad({"Scripts": course_lib.load(course_lib.paths.pretrained("prototypical_scripts"))})
pad
"""


def step_and_back(page, turn: int):
    """One adaptation step more or less, from the keyboard."""
    page.get_by_role("slider").first.press("ArrowRight" if turn % 2 else "ArrowLeft")


CURVES = """
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.lessons.lesson02 import CurveExplorer
explorer = CurveExplorer({"one network": MLP(), "other network": MLP()}, Sinusoids(shot=10), steps=20)
explorer
"""


def drag_a_point(page, turn: int):
    """One move of a support point that is held: the last one, in circles."""
    if turn == 0:
        point = page.locator(".course-view [data-number]").last  # no other lies on it
        point.hover()  # when it has come to rest
        page.wait_for_timeout(500)  # an explorer of images draws again for what is under the mouse
        place = point.bounding_box()
        page.start = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        page.mouse.down()
    x, y = page.start
    page.mouse.move(x + 30 * math.sin(turn / 4 + 1), y + 30 * math.cos(turn / 4 + 1))  # some 8 pixels from the last


INNER_LOOP = """
import torch
from course_lib.models import MLP
from course_lib.lessons.lesson03 import InnerLoopExplorer
torch.manual_seed(0)
explorer = InnerLoopExplorer({name: MLP() for name in ("one", "two", "three")}, steps=STEPS)
explorer
"""
FAMILY = """
from course_lib.lessons.lesson05.toy import VARIANTS
from course_lib.lessons.lesson05 import FamilyExplorer
explorer = FamilyExplorer(VARIANTS)
explorer
"""
SCRUBBER = """
import course_lib
from course_lib.tasks import Scripts
from course_lib.lessons.lesson04 import AdaptationScrubber
learner = course_lib.load(course_lib.paths.pretrained("maml_scripts"))
AdaptationScrubber({"MAML": learner}, Scripts(5, 1, 5, split="test"), step=5)
"""


def another_task(page, turn: int):
    """The button, from the keyboard."""
    page.get_by_role("button", name="Another task").press("Enter")


PROTOTYPES = """
import course_lib
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.lessons.lesson06 import PrototypeExplorer
trained = course_lib.load(course_lib.paths.pretrained("prototypical_scripts"))
PrototypeExplorer({"after": trained, "before": PrototypicalNet(Conv4(64))}, Scripts(WAY, SHOT, 5, split="test"))
"""
REGIONS = ".course-view [data-part=plane]"


def switch_network(page, turn: int):
    """The buttons of the networks in turn, from the keyboard."""
    page.get_by_role("button", name=("before", "after")[turn % 2]).press("Enter")


HEATMAP = """
import torch
from course_lib.learners import RelationNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.lessons.lesson07 import RelationHeatmap
torch.manual_seed(0)
heatmap = RelationHeatmap(RelationNet(Conv4(64, maps=True)), Scripts(5, 1, 12, split="test"))
heatmap
"""


def pick_a_cell(page, turn: int):
    """A click on a cell that was not shown before: one a row."""
    page.locator(".scores tr").nth(60 - turn % 60).locator("button").nth(turn // 60 + 2).click()


CONTEXT = """
import course_lib
from course_lib.learners import InContext
from course_lib.lessons.lesson09 import ContextExplorer, context_worlds, measured
from course_lib.paths import pretrained
from course_lib.tasks import GaussianProcess
maml, lines, curves = (course_lib.load(pretrained(name)) for name in (
    "maml_sinusoids_10", "reader_lines_endless", "reader_curves"))
worlds = {"WAVES": context_worlds.sines({"waves": InContext()}, maml),
          "LINES": context_worlds.lines({"endless": lines}, measured.on_a_plane()),
          "CURVES": context_worlds.curves(curves, GaussianProcess())}
ContextExplorer({"WORLD": worlds["WORLD"]}, shot=10)
"""

CURVE, SURFACE = ".course-view [data-part=curves]", ".course-view [data-part=surface]"
ROWS = [
    Row("sketchpad: end of a stroke, new answer", SKETCHPAD, "pointerup", ".sketchpad .answer", draw_a_stroke),
    Row("curves: one step more, new curves", CURVES, "keydown", CURVE, step_and_back),
    Row("family explorer, all variants: key on `adaptation steps`", FAMILY, "keydown", ".course-view [data-part=toy]",
        press_a_key("adaptation steps")),
    Row("episode explorer, 5-way: key on `way`", EXPLORER.format(way=5, query=5), "keydown", ".widget-image",
        press_a_key("way")),
    Row("episode explorer, 15-way 15-query: key on `wobble`", EXPLORER.format(way=15, query=15), "keydown",
        ".widget-image", press_a_key("wobble")),
    Row("scrubber: a key on the slider, new answers", SCRUBBER, "keydown", ".widget-image", step_and_back),
    Row("scrubber: another task, ten steps computed", SCRUBBER, "keydown", ".widget-image", another_task),
    *(
        Row(f"prototype explorer, {way}-way {shot}-shot: {act}",
            PROTOTYPES.replace("WAY", way).replace("SHOT", shot), *row)
        for way, shot in (("5", "1"), ("6", "5"))
        for act, *row in (
            ("a support point moves", "pointermove", REGIONS, drag_a_point),
            ("another task", "keydown", REGIONS, another_task),
            ("another network", "keydown", REGIONS, switch_network),
        )
    ),
    Row("relation heatmap: a click on a cell, its pair", HEATMAP, "click", "[data-part=said]", pick_a_cell),
    *(
        Row(f"inner-loop explorer, {steps} steps: {act}, new {what}", INNER_LOOP.replace("STEPS", steps), *row)
        for steps in ("5", "10")
        for act, what, *row in (
            ("a point moves", "curve", "pointermove", CURVE, drag_a_point),
            ("a point moves", "surface", "pointermove", SURFACE, drag_a_point),
            ("a key on the slider", "curve", "keydown", CURVE, step_and_back),
        )
    ),
    *(
        Row(f"context explorer, {world.lower()}, 10 points: a point moves", CONTEXT.replace('["WORLD"]', f'["{world}"]')
            .replace("WORLD", world.lower()), "pointermove", CURVE, drag_a_point)
        for world in ("WAVES", "LINES", "CURVES")
    ),
]  # fmt: skip


def measure(lab: Lab, row: Row) -> list[float]:
    """Milliseconds of each turn; the first turn is a warm-up."""
    page = lab.open([row.cell])
    page.locator(row.watched).first.wait_for()
    page.evaluate(WATCH, [row.event, row.watched])
    page.mouse.up()  # of the row before
    for turn in range(TURNS + 1):
        row.act(page, turn)
        page.wait_for_function("turn => window.latencies.length > turn", arg=turn)
    return page.evaluate("window.latencies")[1:]


def main():
    """Print a table: median and 95th percentile in ms, over 60 inputs."""
    random.seed(0)
    print("| input | median, ms | 95th percentile, ms |\n|---|---|---|")
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser(find_chromium()) as browser,
        Lab(Path(folder), browser) as lab,
    ):
        for row in ROWS:
            taken = measure(lab, row)
            print(f"| {row.name} | {statistics.median(taken):.0f} | {statistics.quantiles(taken, n=20)[-1]:.0f} |")


if __name__ == "__main__":
    main()
