"""The failure cabinet in a real JupyterLab: instruments by mouse and key, a name from the menu, a narrow window."""

import re

import pytest
from playwright.sync_api import expect

from tests.lab import narrow

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson16.cabinet_explorer import CabinetExplorer
CabinetExplorer(0)
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("It is worth 20 points now")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text=re.compile(r"Report \d+ of"))


def button(page, name):
    return page.get_by_role("button", name=name)


def test_instruments_are_opened_by_mouse_and_by_key(page):
    button(page, re.compile("worst and best person")).click()
    expect(said(page)).to_contain_text(re.compile(r"it serves best\? \d+ and \d+ %.* worth 18 points"))
    button(page, re.compile("on its training tasks")).press("Enter")
    expect(said(page)).to_contain_text("worth 17 points")
    expect(button(page, re.compile("on its training tasks"))).to_be_disabled()


def test_names_are_chosen_from_the_menu_until_all_is_told(page):
    menu = page.get_by_label("What is wrong:")
    expect(button(page, "name it")).to_be_disabled()
    names = [name for name in menu.locator("option").all_inner_texts() if "choose" not in name]
    for name in names:
        menu.select_option(label=name)
        before = said(page).inner_text()
        button(page, "name it").click()
        expect(said(page)).not_to_have_text(before)
        if "The answer:" in said(page).inner_text():
            break
    expect(said(page)).to_contain_text("Mean of 1 report")
    outside = page.locator(".course-view svg").evaluate("""svg => {
      const paper = svg.getBoundingClientRect()
      return [...svg.querySelectorAll("text")].filter(text => {
        const at = text.getBoundingClientRect()
        return at.left < paper.left || at.right > paper.right }).map(text => text.textContent) }""")
    assert not outside, "every reading is seen whole"
    button(page, "next report").click()
    expect(said(page)).to_contain_text("Report 2 of")


def test_it_fits_a_narrow_window(page):
    with narrow(page):
        view = page.locator(".course-live").last
        expect(view).to_be_visible()
        assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
