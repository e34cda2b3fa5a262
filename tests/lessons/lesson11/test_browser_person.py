"""The person explorer in a real JupyterLab: windows by mouse and by arrow keys, each control, and a narrow window."""

import pytest
from playwright.sync_api import expect

from tests.lab import narrow, overhang, slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.lessons.lesson11 import PersonExplorer
from course_lib.lessons.lesson11.networks import make_global, make_prototypical
torch.manual_seed(0)
PersonExplorer([(make_global(), make_prototypical()) for _ in range(5)])
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("Left arm, signs as they are; 7 of 7 exercises labelled, 2.56 s of each.")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="arm")


def box(page, row):
    """Where a window is: left, top, width, height. In one call: an answer may replace it between two."""
    return page.evaluate(
        """row => {
      const b = document.querySelector(`.course-view [data-number="${row}"] .window`).getBoundingClientRect()
      return [b.x, b.y, b.width, b.height] }""",
        row,
    )


def changes(page, act, part="columns"):
    """Do something, and wait until the part has changed."""
    before = page.locator(f"[data-part={part}]").inner_html()
    act()
    page.wait_for_function("([p, old]) => document.querySelector(`[data-part=${p}]`).innerHTML !== old",
                           arg=[part, before])  # fmt: skip


def test_a_window_is_dragged_along_its_row_and_no_further_than_calibration_goes(page):
    x, y, width, height = box(page, 2)
    middle = x + width / 2, y + height / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 25, middle[1] + 60, steps=4)
    during = box(page, 2)
    assert abs(during[1] - y) < 2  # it stays in its row while the mouse leaves it
    page.mouse.up()
    expect(said(page)).to_contain_text("Not trained for these settings: fine-tuned, from scratch.")
    page.wait_for_function(
        """([x]) => Math.abs(document.querySelector('[data-number="2"] .window').getBoundingClientRect().x - x) < 3""",
        arg=[x - 25],
    )
    changes(page, lambda: page.mouse.click(middle[0] + 200, middle[1]), "points")  # far behind the calibration part
    ends = box(page, 2)
    assert ends[0] + ends[2] < middle[0] + 120
    assert page.locator("[data-number='2'].chosen").count() == 1


@pytest.mark.arrows
def test_arrow_keys_choose_a_window_and_move_it(page):
    page.locator(".course-view").focus()
    changes(page, lambda: page.keyboard.press("ArrowDown"), "points")
    assert page.locator("[data-number='3'].chosen").count() == 1
    x = box(page, 3)[0]
    changes(page, lambda: page.keyboard.press("ArrowLeft"), "points")
    assert box(page, 3)[0] < x - 1
    changes(page, lambda: slider(page, "trust in the person").press("ArrowLeft"))
    changes(page, lambda: slider(page, "calibration windows").press("ArrowLeft"), "points")
    expect(said(page)).to_contain_text("1.28 s of each")


def test_arm_signs_labels_and_person(page):
    changes(page, page.get_by_role("button", name="x", exact=True).click, "strip")
    expect(said(page)).to_contain_text("signs of x turned")
    changes(page, page.get_by_role("button", name="right", exact=True).click, "strip")
    expect(said(page)).to_contain_text("Right arm")
    changes(page, page.get_by_label("pendulum").click, "points")
    expect(said(page)).to_contain_text("6 of 7 exercises labelled")
    changes(page, lambda: slider(page, "person shown").press("ArrowRight"), "strip")
    expect(said(page)).to_contain_text("Person 2")


def test_two_are_trained_when_asked_to(page):
    button = page.get_by_role("button", name="Train these two")
    page.get_by_label("lend strangers' windows").click()
    expect(said(page)).to_contain_text("Not trained for these settings")
    button.click()
    expect(said(page)).not_to_contain_text("Not trained", timeout=60_000)
    expect(said(page)).to_contain_text("from scratch")
    expect(button).to_be_disabled()


def test_a_window_of_700_pixels_holds_it(page):
    with narrow(page):
        page.wait_for_timeout(500)
        wide = overhang(page)
        assert wide[0] <= 1 and wide[1] <= 1 and wide[2] > 250
