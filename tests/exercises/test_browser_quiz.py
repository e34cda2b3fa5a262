"""A quiz and a prediction in a real JupyterLab: by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

QUIZ = """
from course_lib import predict, quiz
quiz("far")
guess = predict("How many of 100?", answer="nearly all", between=(0, 100))
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([QUIZ])
    expect(page.get_by_text("All squared distances grow by 10.")).to_be_visible()
    return page


def test_a_click_says_what_is_true_of_a_choice(page):
    expect(page.get_by_text("factor, which the division removes")).to_have_count(0)
    page.get_by_role("button", name="a", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="✗ a: They still add up to 1")).to_be_visible()


def test_keys_do_the_same(page):
    page.get_by_role("button", name="b", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="✓ c: Each exp(-d)")).to_be_visible()
    expect(page.get_by_text("They still add up to 1")).to_have_count(0)


def test_an_odd_prediction_is_a_sentence_and_no_error(page):
    expect(page.get_by_text("It should be a number from 0 to 100, but it is 'nearly all'.")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_where_the_buttons_are_gone_the_question_stays_and_their_place_is_hidden(page):
    place = page.locator(".jp-OutputArea-child", has=page.locator("button.jupyter-button"))
    expect(place).to_be_visible()
    place.evaluate("area => { area.dataset.place = 'quiz'; area.querySelectorAll('button').forEach(b => b.remove()) }")
    expect(page.locator("[data-place=quiz]")).to_be_hidden()
    expect(page.get_by_text("they become more equal")).to_be_visible()
