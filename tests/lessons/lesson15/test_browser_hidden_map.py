"""The explorers of lesson 15 in a real JupyterLab: clicks, keys, buttons and menus; the end shows what was hidden."""

import pytest
from playwright.sync_api import expect

from tests.lab import narrow

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.lessons.lesson15 import HiddenMapExplorer
from course_lib.lessons.lesson15.strategies import BestElsewhere, LearnedPrior
maps = torch.linspace(0.9, 0.2, 128).repeat(2, 1)
others = torch.rand(3, 128, generator=torch.Generator().manual_seed(0))
HiddenMapExplorer(maps, {"in order": BestElsewhere(maps.flip(1))}, LearnedPrior(others), trials=3)
"""


CELLS = """
from course_lib.lessons.lesson15 import CellExplorer
from course_lib.lessons.lesson15.cells import draw_tasks
CellExplorer(draw_tasks(2, 0), torch.linspace(0.5, 0.75, 125)[:, None].repeat(1, 2))
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER, CELLS])
    expect(said(page)).to_contain_text("128 settings, 3 trials")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="rate")


def test_a_click_tries_keys_and_a_button_try_and_the_end_shows_the_map(page):
    field = page.locator(".course-view .field")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 1.5 / 16, box["y"] + box["height"] * 7.5 / 8)
    expect(said(page)).to_contain_text("Trial 1: loss 0.856")
    expect(said(page)).to_contain_text("Framed: rate 0.00018, weight decay 0.0001")
    page.locator(".course-view").first.focus()
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("Framed: rate 0.00034, weight decay 0.0001")
    page.keyboard.press("ArrowUp")
    expect(said(page)).to_contain_text("Framed: rate 0.00034, weight decay 0.00044")
    page.get_by_label("small squares").check()
    page.wait_for_function("() => document.querySelectorAll('[data-part=cells] rect').length === 128 + 127")
    page.get_by_role("button", name="try the framed setting").press("Enter")
    expect(said(page)).to_contain_text("Trial 2: loss 0.806")
    expect(page.locator("[data-part=table]")).not_to_contain_text("above the best")
    page.mouse.click(box["x"] + box["width"] * 15.5 / 16, box["y"] + box["height"] * 0.5 / 8)
    expect(said(page)).to_contain_text("The best of this map has a loss of 0.200: rate 1, weight decay 3.2")
    expect(page.locator("[data-part=table]")).to_contain_text("above the best")
    page.get_by_label("trials of").select_option("in order")
    expect(page.locator("[data-part=cells]")).to_contain_text("0.89")
    page.get_by_role("button", name="another map").click()
    expect(said(page)).to_contain_text("Map 2: 128 settings")


def test_a_cell_is_chosen_by_menus_and_tried(page):
    for edge in ("0 > 1", "0 > 2", "1 > 2"):
        page.get_by_label(edge).select_option("sine")
    page.get_by_role("button", name="try this cell").click()
    told = page.get_by_role("status").filter(has_text="Task 1")
    expect(told).to_contain_text("sine, sine, sine: you guessed 75; it reaches 75.0 %")
    page.get_by_role("button", name="show all cells").click()
    expect(told).to_contain_text("The best of 116 cells")


def test_both_fit_a_narrow_window(page):
    with narrow(page):
        for view in page.locator(".course-live").all():
            expect(view).to_be_visible()
            assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
