"""The three explorers of lesson 13 in a real JupyterLab: mouse, keyboard, each control."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import narrow, slider

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson13 import StartExplorer
StartExplorer(u=-0.8)
"""
PULLS = """
from course_lib.lessons.lesson13 import PullsExplorer, RecurrentPolicy
from course_lib.tasks.bandits import Bandits
PullsExplorer(RecurrentPolicy(Bandits(3, 4, 0.6), hidden=4))
"""
WALKERS = """
from course_lib.lessons.lesson13 import WalkersExplorer, new_walker
WalkersExplorer({"random start": new_walker(0), "another": new_walker(1)})
"""
START, WALKER, PULL = (re.compile(words) for words in ("This start pulls", "goal at", "pulls: choose an arm|Pull \\d"))


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER, PULLS, WALKERS])
    expect(said(page, START)).to_contain_text("They point apart")
    return page


def said(page, words):
    return page.get_by_role("status").filter(has_text=words)


def drag(page, point, right, down):
    point.hover()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()


def test_a_start_is_dragged_along_its_line_and_moved_from_the_keyboard(page):
    view = page.locator(".course-view", has=page.locator('[data-part="slope"]'))
    drag(page, view.locator("[data-number]"), 100, -40)  # not to where J is level
    expect(said(page, START)).to_contain_text("They point the same way")
    words = said(page, START).text_content()
    page.keyboard.press("ArrowLeft")
    expect(said(page, START)).not_to_have_text(words)
    for name in ("the safe arm pays", "pulls before adapting", "inner learning rate", "or: the start"):
        words = said(page, START).text_content()
        slider(page, name).press("ArrowLeft")
        expect(said(page, START)).not_to_have_text(words)
    words = said(page, START).text_content()
    page.get_by_label("adapt with a baseline").check()
    expect(said(page, START)).not_to_have_text(words)


def test_arms_are_pulled_and_the_others_follow(page):
    rows = page.locator('[data-part="rows"]')
    expect(rows.locator('rect[fill="#f4f4f4"]')).to_have_count(12)
    page.get_by_role("button", name="safe arm").click()
    expect(rows.locator('rect[fill="#f4f4f4"]')).to_have_count(9)
    page.get_by_label("show what each arm is worth now").check()
    expect(page.locator('[data-part="table"]')).to_contain_text("worth now")
    for _ in range(3):
        page.get_by_role("button", name="arm 2").press("Enter")
    expect(said(page, PULL)).to_contain_text("Mean of 1 bandit")
    expect(page.get_by_role("button", name="arm 2")).to_be_disabled()
    page.get_by_role("button", name="another bandit").click()
    expect(rows.locator('rect[fill="#f4f4f4"]')).to_have_count(12)


def test_a_goal_is_dragged_and_every_control_is_heard(page):
    view = page.locator(".course-view", has=page.locator('[data-part="plane"]'))
    plane = view.locator('[data-part="plane"]')
    before = said(page, WALKER).text_content()
    drag(page, view.locator("[data-number]"), -90, 60)
    expect(said(page, WALKER)).not_to_have_text(before)
    slider(page, "adaptation steps").press("ArrowRight")
    expect(said(page, WALKER)).to_contain_text("After 1 step its return")
    for act in (lambda: page.get_by_label("sparse: pay 1 near the goal").check(),
                lambda: page.get_by_role("button", name="another", exact=True).click(),
                lambda: page.get_by_role("button", name="other luck").click()):  # fmt: skip
        drawn = plane.inner_html()
        act()
        page.wait_for_function("html => document.querySelector('[data-part=plane]').innerHTML !== html", arg=drawn)
    expect(said(page, WALKER)).to_contain_text(re.compile(r"another, .* met the goal"))


def test_they_fit_a_narrow_window(page):
    with narrow(page):
        for view in page.locator(".course-live").all():
            assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
