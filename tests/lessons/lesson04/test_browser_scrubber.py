"""The adaptation scrubber in a real JupyterLab: the slider by keyboard and mouse, and the other controls."""

import pytest
from playwright.sync_api import expect

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.learners import MAML
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.lessons.lesson04 import AdaptationScrubber
torch.manual_seed(0)
learners = {name: MAML(Conv4(8, out=5), 1, 0.4) for name in ("one", "other")}
scrubber = AdaptationScrubber(learners, Scripts(5, 1, 5, split="test"))
scrubber
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("Before the first step, one")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="queries are right")


def changes(page, act, words: str):
    """Do something, wait until `words` are said, and make sure that the picture is another one."""
    picture = page.locator(".widget-image")
    before = picture.get_attribute("src")
    act()
    expect(said(page)).to_contain_text(words)
    page.wait_for_function("src => document.querySelector('.widget-image').src !== src", arg=before)


@pytest.mark.arrows
def test_scrubbing_by_keyboard(page):
    changes(page, lambda: slider(page, "adaptation step").press("ArrowRight"), "After 1 step, one")
    changes(page, lambda: slider(page, "adaptation step").press("End"), "After 10 steps, one")
    changes(page, lambda: slider(page, "inner learning rate").press("ArrowRight"), "After 10 steps, one")
    changes(page, lambda: slider(page, "adaptation step").press("Home"), "Before the first step")


def test_scrubbing_by_mouse(page):
    start = slider(page, "adaptation step").bounding_box()
    bar = page.locator(".widget-slider", has_text="adaptation step").locator(".noUi-base, .ui-slider")
    width = bar.bounding_box()["width"]
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2

    def drag():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 0.5 * width, y, steps=6)
        page.mouse.up()

    changes(page, drag, "After 5 steps, one")


def test_another_task_and_the_other_controls(page):
    another = page.get_by_role("button", name="Another task")
    changes(page, lambda: another.press("Enter"), "After 5 steps, one")
    changes(page, another.click, "After 5 steps, one")
    changes(page, lambda: page.get_by_role("button", name="other", exact=True).click(), "After 5 steps, other")
    changes(page, lambda: page.get_by_role("button", name="transductive").click(), "After 5 steps, other")


def test_it_says_when_the_kernel_is_busy_with_another_cell(page):
    if not page.evaluate("() => Boolean(document.querySelector('.jp-Notebook-ExecutionIndicator'))"):
        pytest.skip("only JupyterLab's toolbar says that the kernel is busy")
    waits = page.locator(".course-waits")
    expect(waits).to_be_hidden()
    page.evaluate("""() => {
      const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel
      kernel.requestExecute({code: 'import time; time.sleep(3)'})
    }""")
    expect(waits).to_be_visible()
    expect(waits).to_be_hidden(timeout=10_000)
