"""The context explorer in a real JupyterLab: mouse, sliders, keyboard, worlds and readers, and a narrow window."""

import pytest
from playwright.sync_api import expect

from tests.lab import narrow, overhang, slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.learners import InContext
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson09 import ContextExplorer, context_worlds
from course_lib.models import MLP
from course_lib.tasks import GaussianProcess, Lines
torch.manual_seed(0)
one, two = (InContext(width=16, layers=1) for _ in range(2))
explorer = ContextExplorer({
    "sine waves": context_worlds.sines({"sine waves": one}, MAML(MLP())),
    "lines": context_worlds.lines({"4 lines": one, "endless lines": two}, Lines(1, intercept=True)),
    "smooth curves": context_worlds.curves(InContext(width=16, layers=1, spread=True), GaussianProcess()),
})
explorer
"""
CURVES = ".course-view [data-part=curves]"


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(points(page)).to_have_count(5)
    return page


def points(page):
    return page.locator(".course-view [data-number] .dot")


def said(page):
    return page.get_by_role("status").filter(has_text="point")


def changes(page, act):
    """Do something, and wait until the curves have changed."""
    before = page.locator(CURVES).evaluate("e => e.outerHTML")
    act()
    page.wait_for_function("([p, old]) => document.querySelector(p).outerHTML !== old", arg=[CURVES, before])


def middle(page, number):
    """Of a point, in one call: an answer of the kernel may replace it between two."""
    return page.evaluate(
        """number => {
      const box = document.querySelectorAll(".course-view [data-number] .dot")[number].getBoundingClientRect()
      return [box.x + box.width / 2, box.y + box.height / 2]
    }""",
        number,
    )


def choose(page, name):
    """Press one of the toggle buttons, unless it is pressed."""
    changes(page, lambda: page.get_by_role("button", name=name, exact=True).click())


def test_a_point_that_is_dragged_takes_the_curves_with_it(page):
    expect(said(page)).to_contain_text("true curve, x from")
    points(page).nth(2).hover()
    x, y = middle(page, 2)

    def drag():
        page.mouse.down()
        page.mouse.move(x + 20, y - 40, steps=4)
        page.mouse.up()

    changes(page, drag)
    expect(said(page)).to_contain_text("there is no true curve")
    page.wait_for_function(
        """([x, y]) => [...document.querySelectorAll(".course-view .dot")].some(dot => {
      const box = dot.getBoundingClientRect()
      return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 5 })""",
        arg=[x + 20, y - 40],
    )
    expect(page.locator(".widget-slider", has_text="or move point").locator(".widget-readout")).to_have_text("3")


def test_a_click_adds_a_point_and_the_button_removes_it(page):
    area = page.locator(".course-view .field").bounding_box()
    changes(page, lambda: page.mouse.click(area["x"] + area["width"] / 2, area["y"] + 25))
    expect(points(page)).to_have_count(6)
    expect(said(page)).to_contain_text("1 outside the grey area")  # at the top edge, far above all of training
    changes(page, lambda: page.get_by_role("button", name="Remove the ringed point").click())
    expect(points(page)).to_have_count(5)


@pytest.mark.arrows
def test_everything_works_from_the_keyboard(page):
    changes(page, lambda: slider(page, "shots").press("ArrowRight"))
    expect(points(page)).to_have_count(6)
    changes(page, lambda: slider(page, "adaptation steps of MAML").press("ArrowRight"))
    expect(page.locator(".course-view .legend")).to_contain_text("MAML, 100 steps")
    page.locator(".course-view").focus()
    changes(page, lambda: page.keyboard.press("ArrowUp"))
    expect(said(page)).to_contain_text("there is no true curve")
    page.get_by_role("button", name="Another task").focus()
    changes(page, lambda: page.keyboard.press("Enter"))
    expect(said(page)).to_contain_text("true curve, x from")


def test_worlds_readers_and_tasks_are_switched(page):
    choose(page, "lines")
    expect(page.locator(".course-view .legend")).to_contain_text("ridge")
    expect(slider(page, "adaptation steps of MAML")).to_be_hidden()
    choose(page, "4 lines")
    expect(said(page)).to_contain_text("reads, trained on 4 lines")
    choose(page, "three times larger")
    choose(page, "smooth curves")
    expect(page.locator(".course-view .legend")).to_contain_text("its 95 % band")
    expect(page.get_by_role("button", name="4 lines", exact=True)).to_be_hidden()
    choose(page, "sine waves")
    expect(slider(page, "adaptation steps of MAML")).to_be_visible()


def test_a_window_of_700_pixels_holds_it(page):
    with narrow(page):
        page.wait_for_timeout(500)
        wide = overhang(page)
        assert wide[0] <= 1 and wide[1] <= 1 and wide[2] > 250
