"""The inner-loop explorer in a real JupyterLab: mouse, sliders, keyboard, and the menu of starts."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.learners import Joint
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.lessons.lesson03 import InnerLoopExplorer
torch.manual_seed(0)
explorer = InnerLoopExplorer({"first": MLP(), "second": MLP(), "no steps": Joint(MLP())}, Sinusoids(shot=5))
explorer
"""
CURVE, SURFACE, LOSSES = (f".course-view [data-part={name}]" for name in ("curves", "surface", "losses"))


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(points(page)).to_have_count(5)
    expect(said(page)).to_contain_text("second")  # the other starts have followed
    return page


def points(page):
    return page.locator(".course-view [data-number] .dot")


def said(page):
    return page.get_by_role("status").filter(has_text="support point")


def changes(page, act, *parts):
    """Do something, and wait until what is said and the curve (or other parts) have changed."""
    words = said(page).text_content()
    before = [page.locator(part).first.evaluate("e => e.outerHTML") for part in parts or (CURVE,)]
    act()
    expect(said(page)).not_to_have_text(words)
    for part, old in zip(parts or (CURVE,), before, strict=True):
        page.wait_for_function("([p, old]) => document.querySelector(p).outerHTML !== old", arg=[part, old])


def middle(page, number):
    """Of a point, in one call: an answer of the kernel may replace it between two."""
    return page.evaluate("""number => {
      const box = document.querySelectorAll(".course-view [data-number] .dot")[number].getBoundingClientRect()
      return [box.x + box.width / 2, box.y + box.height / 2]
    }""", number)


def drag(page, number, right, down):
    point = points(page).nth(number)
    point.hover()
    x, y = middle(page, number)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()


def eventually(page, condition):
    """The page may be a frame or two behind what was asserted before."""
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come true within five seconds")


def height(page, number):
    """Of the middle of a point, in pixels from the top of the page."""
    return middle(page, number)[1]


def test_a_point_that_is_dragged_takes_the_curve_the_loss_and_the_surface_with_it(page):
    points(page).nth(2).hover()  # a point is drawn larger under the mouse
    place = height(page, 2)
    changes(page, lambda: drag(page, 2, 20, -60), CURVE, SURFACE, LOSSES)
    eventually(page, lambda: abs(height(page, 2) - (place - 60)) < 5)
    expect(said(page)).to_contain_text("5 support points")
    expect(page.locator(".widget-slider", has_text="or move point").locator(".widget-readout")).to_have_text("3")


def test_a_click_adds_a_point_and_the_button_removes_it(page):
    area = page.locator(".course-view .field").bounding_box()
    changes(page, lambda: page.mouse.click(area["x"] + area["width"] / 2, area["y"] + 40))
    expect(points(page)).to_have_count(6)
    expect(said(page)).to_contain_text("6 support points")
    changes(page, lambda: page.get_by_role("button", name="Remove the ringed point").click())
    expect(points(page)).to_have_count(5)


@pytest.mark.arrows
def test_everything_works_from_the_keyboard(page):
    changes(page, lambda: slider(page, "adaptation steps").press("ArrowRight"))
    expect(said(page)).to_contain_text("after 6 steps")
    changes(page, lambda: slider(page, "inner learning rate").press("ArrowRight"))
    changes(page, lambda: slider(page, "shots").press("ArrowRight"))
    expect(points(page)).to_have_count(6)
    slider(page, "or move point").press("Home")
    before = height(page, 0)
    changes(page, lambda: slider(page, "to y").press("PageUp"))
    eventually(page, lambda: height(page, 0) < before)
    page.get_by_role("button", name="Another task").focus()
    changes(page, lambda: page.keyboard.press("Enter"))


def test_the_starts_are_switched_and_one_without_steps_says_so(page):
    changes(page, lambda: page.get_by_role("button", name="second").click())
    expect(said(page)).to_contain_text("From the second start")
    changes(page, lambda: page.get_by_role("button", name="no steps").click())
    expect(page.get_by_text("Empty: Joint does not say what happens between its steps")).to_be_visible()
    expect(said(page)).to_contain_text(re.compile(r"no steps start: support loss [\d.]+"))
    expect(page.locator(SURFACE)).to_be_empty()
    changes(page, lambda: page.get_by_role("button", name="first").click())
    expect(page.locator(f"{SURFACE} path").first).to_be_visible()
