"""The episode explorer in a real JupyterLab: a slider, the button, the menu."""

import pytest

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson01 import EpisodeExplorer
EpisodeExplorer(way=5, shot=1, query=5)
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    page.get_by_role("status").get_by_text("A 5-way 1-shot task").wait_for()
    return page


@pytest.mark.arrows
def test_a_key_on_a_slider_redraws(page):
    picture, said = page.locator(".widget-image"), page.get_by_role("status")
    for dial, words in (("way", "A 6-way 1-shot task"), ("shot", "A 6-way 2-shot task")):
        before = picture.get_attribute("src")
        slider(page, dial).press("ArrowRight")
        said.get_by_text(words).wait_for()
        assert picture.get_attribute("src") != before


def test_the_button_and_the_menu_redraw(page):
    picture, said = page.locator(".widget-image"), page.get_by_role("status")
    before = picture.get_attribute("src")
    page.get_by_role("button", name="Another episode").press("Enter")
    page.wait_for_function("src => document.querySelector('.widget-image').src !== src", arg=before)
    page.get_by_label("characters").select_option("Lisu (validation)")
    said.get_by_text("-way task needs").wait_for()
    assert not picture.is_visible()
