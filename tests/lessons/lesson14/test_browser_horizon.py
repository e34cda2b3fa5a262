"""The horizon explorer in a real JupyterLab: both sliders by key and mouse; what was tried stays; a narrow window."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import narrow, slider

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson14 import HorizonExplorer
HorizonExplorer(1, 0.1)
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("planned 1 step ahead")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="Noise")


def changes(page, act, words):
    """Do something; then the words say so, and the rates are others."""
    before = page.locator("[data-part=rates]").inner_html()
    act()
    expect(said(page)).to_contain_text(words)
    page.wait_for_function("old => document.querySelector('[data-part=rates]').innerHTML !== old", arg=before)


def test_a_key_on_each_slider_plans_anew_and_what_was_tried_stays(page):
    changes(page, lambda: slider(page, "plans ahead").press("ArrowRight"), "planned 2 steps ahead")
    tried = page.locator("[data-part=tried] b")
    expect(tried.nth(0)).to_have_text(re.compile(r"0\.\d{3}"))
    expect(tried.nth(1)).to_have_text(re.compile(r"0\.\d{3}"))
    expect(tried.nth(2)).to_have_text("–")
    changes(page, lambda: slider(page, "noise").press("ArrowRight"), "Noise 0.2")
    expect(tried.nth(0)).to_have_text("–")


def test_the_horizon_is_dragged_with_the_mouse(page):
    box = slider(page, "plans ahead").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 500, y, steps=4)
        page.mouse.up()

    changes(page, drag, "planned 200 steps ahead")


def test_it_fits_a_narrow_window(page):
    with narrow(page):
        view = page.locator(".course-live").last
        expect(view).to_be_visible()
        assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
