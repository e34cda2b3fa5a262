"""The wall explorer in a real JupyterLab: what is held back, how many words, and a marked language."""

import pytest
from playwright.sync_api import expect

from tests.lab import narrow

pytestmark = pytest.mark.browser

EXPLORER = """
import numpy as np
from course_lib.lessons.lesson10 import WallExplorer
from course_lib.lessons.lesson10.wall_picture import Side
draw = np.random.default_rng(0)
sides = {(wall, shot, asked): Side([f"{wall} {i}" for i in range(n)], ["plain counting", "learned prior", "network"],
                                   draw.uniform(30, 90, (3, n)))
         for wall, n in (("words", 60), ("languages", 17), ("families", 28)) for shot in (1, 5) for asked in (1, 5)}
WallExplorer(sides)
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("Held back: words.")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="Held back")


def changes(page, act, words: str):
    """Do something; then the words say so, and both pictures are others."""
    parts = ("columns", "moves")
    before = [page.locator(f"[data-part={part}]").inner_html() for part in parts]
    act()
    expect(said(page)).to_contain_text(words)
    for part, old in zip(parts, before, strict=True):
        page.wait_for_function(f"old => document.querySelector('[data-part={part}]').innerHTML !== old", arg=old)


def test_the_wall_by_mouse_and_by_keyboard(page):
    changes(page, page.get_by_role("button", name="families").click, "Held back: families.")
    changes(page, lambda: page.get_by_role("button", name="languages").press("Enter"), "Held back: languages.")
    assert page.locator("[data-part=moves] circle").count() == 2 * 17


def test_words_known_and_asked(page):
    changes(page, page.get_by_role("button", name="5", exact=True).first.click, "Held back: languages.")
    changes(page, page.get_by_role("button", name="5", exact=True).last.click, "Held back: languages.")


def test_a_language_is_marked(page):
    changes(
        page, lambda: page.get_by_label("mark", exact=True).select_option("languages 3"), "languages 3: plain counting"
    )
    changes(page, page.get_by_role("button", name="words", exact=True).click, "Held back: words.")
    expect(said(page)).not_to_contain_text("languages 3:")


def test_it_fits_a_narrow_window(page):
    with narrow(page):
        view = page.locator(".course-live").last
        expect(view).to_be_visible()
        assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
