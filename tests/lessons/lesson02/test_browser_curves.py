"""The curve explorer in a real JupyterLab: dragging a point, the keyboard, the button."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.lessons.lesson02 import CurveExplorer
torch.manual_seed(0)
explorer = CurveExplorer({"one network": MLP(), "other network": MLP()}, Sinusoids(shot=5))
explorer
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(points(page)).to_have_count(5)
    return page


def points(page):
    return page.locator(".course-view [data-number] .dot")


def readout(page, name):
    return page.locator(".widget-slider", has_text=name).locator(".widget-readout")


def said(page):
    return page.get_by_role("status").filter(has_text="Mean squared error").inner_text()


def test_dragging_a_point_moves_the_curves(page):
    before, height, dot = said(page), readout(page, "to y"), points(page).first
    shown = height.text_content()
    dot.scroll_into_view_if_needed()
    area = dot.bounding_box()
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y + 55, steps=5)
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="Mean squared error")).not_to_have_text(before)
    expect(height).not_to_have_text(shown)  # the keyboard goes on from where the mouse stopped
    page.wait_for_timeout(300)  # a point is drawn afresh with every answer: let the last one come
    assert dot.bounding_box()["y"] - area["y"] > 30


def test_a_click_beside_the_points_is_answered(page):
    field = page.locator(".course-view svg").first
    field.scroll_into_view_if_needed()
    area, dots = field.bounding_box(), [dot.bounding_box() for dot in points(page).all()]
    places = [(area["x"] + area["width"] * x / 10, area["y"] + area["height"] * y / 10)
              for x in range(2, 9) for y in range(2, 9)]  # fmt: skip
    page.mouse.click(*max(places, key=lambda p: min(abs(p[0] - d["x"]) + abs(p[1] - d["y"]) for d in dots)))
    expect(page.get_by_role("status").filter(has_text="No point is there.")).to_have_count(1)
    expect(points(page)).to_have_count(5)


@pytest.mark.arrows
def test_the_keyboard_changes_the_steps_and_moves_a_point(page):
    before = said(page)
    slider(page, "adaptation steps").press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text=re.compile("after 21 steps"))).to_have_count(1)
    before, dot = said(page), points(page).first.bounding_box()
    slider(page, "to y").press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="Mean squared error")).not_to_have_text(before)
    page.get_by_role("button", name="Another task").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Mean squared error")).not_to_have_text(before)
    page.wait_for_timeout(300)
    assert points(page).first.bounding_box() != dot
