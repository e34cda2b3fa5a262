"""The relation heatmap in a real JupyterLab: cells by mouse and keyboard, and the other controls."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.learners import RelationNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.lessons.lesson07 import RelationHeatmap
torch.manual_seed(0)
heatmap = RelationHeatmap(RelationNet(Conv4(8, maps=True), channels=8), Scripts(3, 1, 2, split="test"))
heatmap
"""
PAIR = "[data-part=pair] img"


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("Query 1 of class 0 with class 0")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="The answer is class")


def cell(page, name):
    return page.get_by_role("button", name=name)


def shows(page, act, query: str, label: int):
    """Do something, and wait until this cell is marked and its pair is shown with words and maps."""
    before = page.locator(PAIR).first.get_attribute("src")
    act()
    expect(said(page)).to_contain_text(f"Query {query} with class {label}")
    expect(page.locator('[data-pick][aria-pressed="true"]')).to_have_count(1)
    expect(cell(page, f"query {query}, class {label}:")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f'{PAIR}[alt="query {query}"]')).to_have_count(1)
    expect(page.locator(f'{PAIR}[alt="support, class {label}"]')).to_have_count(1)
    expect(page.locator("[data-part=bar]")).to_contain_text("score lost when this place is covered")
    expect(page.locator(PAIR).first).not_to_have_attribute("src", before)


def test_a_click_on_a_cell_and_the_arrow_keys(page):
    shows(page, cell(page, "query 2 of class 1, class 2:").click, "2 of class 1", 2)
    shows(page, lambda: page.keyboard.press("ArrowUp"), "1 of class 1", 2)
    shows(page, lambda: page.keyboard.press("ArrowLeft"), "1 of class 1", 1)
    shows(page, lambda: page.keyboard.press("ArrowDown"), "2 of class 1", 1)
    shows(page, lambda: page.keyboard.press("ArrowRight"), "2 of class 1", 2)
    page.keyboard.press("ArrowRight")  # at the edge: stays
    expect(cell(page, "query 2 of class 1, class 2:")).to_be_focused()


def test_many_keys_at_once_end_at_the_last_cell(page):
    cell(page, "query 1 of class 0, class 0:").focus()
    shows(page, lambda: [page.keyboard.press(key) for key in ["ArrowDown"] * 5 + ["ArrowRight"] * 2], "2 of class 2", 2)


def test_the_side_that_is_occluded_and_another_task(page):
    both = page.locator(PAIR).last.get_attribute("src")
    page.get_by_role("button", name="query", exact=True).click()
    expect(page.locator(PAIR).last).not_to_have_attribute("src", both)  # no map on the support image
    expect(said(page)).to_contain_text("on the query")
    expect(said(page)).not_to_contain_text("on the support image")
    page.get_by_role("button", name="both").click()
    expect(page.locator(PAIR).last).to_have_attribute("src", both)
    shows(page, lambda: page.get_by_role("button", name="Another task").press("Enter"), "1 of class 0", 0)
