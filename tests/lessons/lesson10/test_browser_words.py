"""The word explorer in a real JupyterLab: typing in boxes, the query, the letters, and the buttons."""

import pytest
from playwright.sync_api import expect

from tests.lab import narrow

pytestmark = pytest.mark.browser

EXPLORER = """
from course_lib.lessons.lesson10 import NaiveBayes, WordExplorer, flat_prior
lists = {name: [start + a + end for a in "aeiou" for end in ("ra", "li", "to")]
         for name, start in {"Ka": "kaka", "Le": "lele", "Mi": "mimi", "No": "nono", "Pu": "pupu"}.items()}
WordExplorer(lists, {"plain counting": flat_prior(), "learned prior": flat_prior(1.0)}, seed=0)
"""
LETTERS = "[data-part=letters] span"


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("The words are")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="Whose is")


def query(page):
    return page.get_by_placeholder("one word of one of these languages")


def box(page, number):
    return page.get_by_placeholder("its words").nth(number)


def test_a_query_that_is_typed_is_named_and_its_letters_are_coloured(page):
    query(page).fill("mimi")
    expect(said(page)).to_contain_text("plain counting says Mi")
    expect(page.locator(LETTERS)).to_have_text(list("mimi"))
    assert "rgb" in page.locator(LETTERS).first.evaluate("letter => getComputedStyle(letter).backgroundColor")
    query(page).press("End")
    page.keyboard.type(" nono")
    expect(page.locator(LETTERS)).to_have_text(list("miminono"))


def test_words_of_ones_own_in_any_script(page):
    page.get_by_role("button", name="Empty boxes").click()
    expect(page.get_by_role("status").filter(has_text="Two boxes with words")).to_be_visible()
    box(page, 0).fill("zäzo ziza, слово")
    page.get_by_placeholder("language 1").fill("Ann's")
    box(page, 3).fill("gugu gaga")
    query(page).fill("zaza")
    expect(said(page)).to_contain_text("says Ann's")
    expect(page.locator("[data-part=folded]")).to_contain_text("zäzo → zazo, слово → nothing; 1 word unchanged")
    expect(page.locator("[data-part=table] tr")).to_have_count(3)


def test_the_method_whose_letters_are_shown_and_other_languages(page):
    query(page).fill("zaga")
    expect(page.locator(LETTERS)).to_have_text(list("zaga"))
    before = page.locator("[data-part=letters]").inner_html()
    page.get_by_role("button", name="plain counting").press("Enter")
    page.wait_for_function("old => document.querySelector('[data-part=letters]').innerHTML !== old", arg=before)
    page.get_by_role("button", name="Other languages").press("Enter")
    expect(said(page)).to_contain_text("The words are")
    page.get_by_label("query of", exact=True).select_option("5 words")
    expect(page.locator("[data-part=letters] > div")).to_have_count(5)


def test_it_fits_a_narrow_window(page):
    with narrow(page):
        view = page.locator(".course-live").last
        expect(view).to_be_visible()
        assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1")
