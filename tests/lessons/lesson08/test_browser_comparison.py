"""The comparison explorer in a real JupyterLab: number of tasks, pairing, learners and other tasks."""

import pytest
from playwright.sync_api import expect

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.lessons.lesson08 import ComparisonExplorer
ease, a, b = torch.randn(3, 600, generator=torch.Generator().manual_seed(0))
scores = {"alpha": 0.90 + 0.04 * ease + 0.02 * a, "beta": 0.89 + 0.04 * ease + 0.02 * b, "gamma": 0.6 + 0.1 * a}
ComparisonExplorer(scores)
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(said(page)).to_contain_text("alpha minus beta")
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="Test 1,")


def changes(page, act, words: str):
    """Do something; then the words say so and the picture of the differences is another."""
    before = page.locator("[data-part=gaps]").inner_html()
    act()
    expect(said(page)).to_contain_text(words)
    page.wait_for_function("old => document.querySelector('[data-part=gaps]').innerHTML !== old", arg=before)
    assert page.locator("[data-part=gaps] circle").count() == 20


@pytest.mark.arrows
def test_a_key_on_the_slider_changes_the_number_of_tasks(page):
    changes(page, lambda: slider(page, "test tasks").press("ArrowRight"), "50 tasks")


def test_the_other_controls_by_mouse_or_keyboard(page):
    assert page.locator("[data-part=means] circle").count() == 2
    changes(page, lambda: page.get_by_label("paired: both meet the same tasks").press("Space"), "different tasks")
    changes(page, lambda: page.get_by_role("button", name="Other tasks").click(), "different tasks")
    changes(page, lambda: page.get_by_label("second", exact=True).select_option("gamma"), "alpha minus gamma")
