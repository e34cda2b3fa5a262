"""The family explorer in a real JupyterLab: boxes, sliders, keyboard."""

import pytest
from playwright.sync_api import expect

from course_lib.lessons.lesson05.family_picture import COLOR
from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson05 import FamilyExplorer
explorer = FamilyExplorer(("MAML", "first order"))
explorer
"""
TOY, TIME = ('[data-part="toy"]', '[data-part="time"]')


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("first order at")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="Where it settles")


def line(page, part, name):
    """The line of a variant in a panel."""
    return page.locator(f'{part} path[stroke="{COLOR[name]}"]')


@pytest.mark.arrows
@pytest.mark.parametrize("name", ["adaptation steps", "inner learning rate", "curvature"])
def test_a_key_on_a_slider_moves_words_paths_and_map(page, name):
    words, path = said(page).text_content(), line(page, TOY, "MAML").get_attribute("d")
    ring = page.locator(f"{TOY} path").first.get_attribute("d")
    slider(page, name).press("ArrowRight")
    expect(said(page)).not_to_have_text(words)
    expect(line(page, TOY, "MAML")).not_to_have_attribute("d", path)
    expect(page.locator(f"{TOY} path").first).not_to_have_attribute("d", ring)


def test_a_box_shows_and_hides_a_variant_by_keyboard_and_mouse(page):
    box = page.get_by_label("Reptile")
    box.focus()
    page.keyboard.press("Space")
    expect(said(page)).to_contain_text("Reptile at")
    for part in (TOY, TIME):
        expect(line(page, part, "Reptile")).to_have_count(1)
    box.click()
    expect(said(page)).not_to_contain_text("Reptile at")
    expect(line(page, TOY, "Reptile")).to_have_count(0)
