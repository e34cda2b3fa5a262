"""The episode explorer in a real JupyterLab: a slider, the button, the menu."""

import pytest

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson01 import EpisodeExplorer
EpisodeExplorer(way=5, shot=1, query=5)
"""


def test_keys_and_clicks_redraw_in_a_browser(lab):
    page = lab.open([EXPLORER])
    picture, said = page.locator(".widget-image"), page.get_by_role("status")
    said.get_by_text("A 5-way 1-shot task").wait_for()
    for dial, words in (("way", "A 6-way 1-shot task"), ("shot", "A 6-way 2-shot task")):
        before = picture.get_attribute("src")
        slider(page, dial).press("ArrowRight")
        said.get_by_text(words).wait_for()
        assert picture.get_attribute("src") != before
    before = picture.get_attribute("src")
    page.get_by_role("button", name="Another episode").press("Enter")
    page.wait_for_function("src => document.querySelector('.widget-image').src !== src", arg=before)
    page.get_by_label("characters").select_option("Lisu (validation)")
    said.get_by_text("a 6-way task needs 6 classes, but there are 3").wait_for()
    assert not picture.is_visible()
