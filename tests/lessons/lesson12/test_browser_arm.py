"""The arm explorer in a real JupyterLab: it plays, weights are hung on while it does, and every control answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import narrow, slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.lessons.lesson12 import ArmExplorer
from course_lib.lessons.lesson12.known_equation import KnownEquation
from course_lib.tasks import Arms
arms = Arms(arms=40, seconds=1.0, shot=10, query=10).arms
ArmExplorer({"known equation": KnownEquation(arms), "cautious": KnownEquation(arms, noise=2.0)}, model="known equation")
"""
ARM = "[data-part=arm]"
#: Waits two seconds, and counts how often the arm was drawn anew.
DRAWN = """() => new Promise(done => {
  let count = 0
  const watch = new MutationObserver(() => count++)
  watch.observe(document.querySelector('[data-part=arm]'), {childList: true})
  setTimeout(() => { watch.disconnect(); done(count) }, 2000)
})"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("Press play")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="on the hand")


def button(page, icon: str):
    """A button of the row that plays, by its sign, in ipywidgets 7 as in 8."""
    return page.locator(f".widget-play button:has(.fa-{icon})")


def moves(page) -> bool:
    before = page.locator(ARM).inner_html()
    page.wait_for_timeout(600)  # ms
    return page.locator(ARM).inner_html() != before


def test_it_plays_pauses_and_starts_again(page):
    assert not moves(page)
    button(page, "play").click()
    assert moves(page)
    expect(said(page)).to_contain_text("The model believes in")
    assert page.evaluate(DRAWN) > 2  # of 50: this machine may be busy; how many there are is measured, not tested
    pause = button(page, "pause")
    pause.click()
    page.wait_for_timeout(500)
    assert not moves(page)
    button(page, "stop").click()
    expect(said(page)).to_contain_text("Press play")


def test_a_weight_is_hung_on_from_the_keyboard_while_it_plays(page):
    button(page, "play").click()
    slider(page, "weight on the hand").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(page.locator(f"{ARM} rect")).to_be_visible()
    expect(said(page)).to_contain_text("1.2 kg on the hand")
    page.wait_for_function(
        "() => /believes in (1.0|1.1|1.2|1.3|1.4) kg/.test(document.querySelector('[data-part=said]').textContent)"
    )
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{ARM} rect")).to_have_count(0)


def test_a_weight_is_hung_on_with_the_mouse(page):
    handle = slider(page, "weight on the hand")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(f"{ARM} rect")).to_be_visible()
    expect(said(page)).to_contain_text(re.compile(r"(0\.[3-9]|1\.\d) kg on the hand"))


def test_every_other_control_is_heard(page):
    page.get_by_role("button", name="hold still").click()
    expect(said(page)).to_contain_text("movement: hold still")
    page.get_by_role("button", name="true", exact=True).press("Enter")
    expect(said(page)).to_contain_text("model: true")
    slider(page, "learns from the last").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".widget-slider", has_text="learns from the last")).to_contain_text("0.5 s")
    page.get_by_role("button", name="circle", exact=True).click()
    expect(said(page)).to_contain_text("movement: circle")


def test_it_fits_a_narrow_window(page):
    with narrow(page):
        view = page.locator(".course-live").last
        expect(view).to_be_visible()
        assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
