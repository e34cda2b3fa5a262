"""The sketchpad in a real JupyterLab: mouse, keyboard, the menu, and several views of one pad."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EXPLORER = """
import course_lib
from course_lib.learners import Learner
from course_lib.lessons.lesson00 import Sketchpad

class Darkness(Learner):
    def adapt(self, support_x, support_y, way=None):
        return support_x.flatten(2).sum(-1)
    def predict(self, adapted, query_x):
        return -(query_x.flatten(2).sum(-1, keepdim=True) - adapted.unsqueeze(1)).abs()

network = course_lib.load(course_lib.paths.pretrained("prototypical_scripts"))
pad = Sketchpad({"Scripts": network, "nothing": Darkness()})
pad
"""
SHAPES = [  # one a box, in parts of its side; the query repeats the third
    [(0.2, 0.2), (0.8, 0.8)],
    [(0.2, 0.8), (0.8, 0.2), (0.8, 0.8)],
    [(0.3, 0.1), (0.3, 0.9), (0.8, 0.9), (0.8, 0.5), (0.3, 0.5)],
    [(0.1, 0.5), (0.9, 0.5), (0.5, 0.1), (0.5, 0.9)],
    [(0.5, 0.1), (0.1, 0.9), (0.9, 0.9), (0.5, 0.1)],
    [(0.35, 0.15), (0.32, 0.85), (0.75, 0.9), (0.8, 0.55), (0.35, 0.5)],
]


@pytest.fixture(scope="module")
def page(lab):
    return lab.open([EXPLORER])


def box(page, number):
    return page.locator(".sketchpad svg").nth(number)


def answer(page):
    return page.get_by_role("status").filter(has_text=re.compile("symbol|query"))


def draw(page, number, shape):
    box(page, number).scroll_into_view_if_needed()
    area = box(page, number).bounding_box()
    places = [(area["x"] + x * area["width"], area["y"] + y * area["height"]) for x, y in shape]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_drawing_with_the_mouse_leads_to_an_answer_step_by_step(page):
    expect(answer(page)).to_contain_text("This is symbol 3")  # the drawings it opens with
    page.get_by_role("button", name="Clear all boxes").click()
    expect(answer(page)).to_contain_text("no box is filled")
    expect(page.locator(".sketchpad th.distance")).to_be_visible()  # the layout does not jump
    for number in range(5):
        draw(page, number, SHAPES[number])
        expect(box(page, number).locator("path")).to_have_count(1)
        expect(answer(page)).to_contain_text("one box is filled" if number == 0 else "Now draw one")
    draw(page, 5, SHAPES[2])
    expect(answer(page)).to_contain_text("This is symbol 3")
    expect(page.locator(".sketchpad tr.winner")).to_contain_text("3")
    expect(page.locator(".sketchpad td.distance span").filter(has_text=re.compile(r"\d\.\d"))).to_have_count(5)
    page.get_by_role("button", name="Clear Query").click()
    draw(page, 5, SHAPES[4])
    expect(answer(page)).to_contain_text("This is symbol 5")


def test_the_answer_has_room_also_in_a_narrow_window(page):
    size = page.viewport_size
    for width in (700, size["width"]):
        page.set_viewport_size({"width": width, "height": size["height"]})
        page.wait_for_timeout(300)
        table = page.locator(".sketchpad table").bounding_box()
        inside = page.locator(".sketchpad").bounding_box()
        assert table["width"] >= 300 and table["x"] + table["width"] <= inside["x"] + inside["width"] + 1, width


def test_undo_takes_one_stroke_and_the_image_follows(page):
    seen = page.get_by_label("The query as the network sees it")
    ink = "c => c.getContext('2d').getImageData(0, 0, 28, 28).data.filter((v, i) => i % 4 == 0 && v < 128).length"
    before = seen.evaluate(ink)
    draw(page, 5, [(0.1, 0.95), (0.9, 0.95)])
    expect(box(page, 5).locator("path")).to_have_count(2)
    page.get_by_role("button", name="Undo the last stroke of Query").click()
    expect(box(page, 5).locator("path")).to_have_count(1)
    page.wait_for_function(f"([c, before]) => ({ink})(c) === before", arg=[seen.element_handle(), before])
    assert before > 20


def test_the_menu_changes_the_learner_and_a_learner_without_distances_shows_none(page):
    menu = page.get_by_label("Learner trained on")
    menu.select_option("nothing")
    expect(page.locator(".sketchpad td.distance").first).to_be_hidden()
    expect(answer(page)).not_to_contain_text("prototype")
    menu.select_option("Scripts")
    expect(page.locator(".sketchpad td.distance").first).to_be_visible()
    expect(answer(page)).to_contain_text("prototype")


def test_everything_works_from_the_keyboard_alone(page):
    cells = page.locator(".jp-Cell, #notebook .cell").count()
    box(page, 0).focus()
    page.keyboard.press("Delete")
    expect(box(page, 0).locator("path")).to_have_count(0)
    page.keyboard.press("d")  # twice: in a notebook this deletes the cell
    page.keyboard.press("d")
    page.keyboard.press("ArrowRight")  # the second symbol, a fish: two strokes
    expect(box(page, 0).locator("path")).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(box(page, 0).locator("path")).to_have_count(1)
    for _ in range(4):  # past the three buttons to the next box
        page.keyboard.press("Tab")
    expect(box(page, 1)).to_be_focused()
    page.keyboard.press("ArrowLeft")  # the first symbol, a spiral
    expect(box(page, 1).locator("path")).to_have_count(1)
    box(page, 5).focus()
    for _ in range(3):  # from the flag to the umbrella
        page.keyboard.press("ArrowRight")
    expect(box(page, 5).locator("path")).to_have_count(2)
    page.get_by_role("button", name="Write an example in Symbol 4").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # from the key to the umbrella, too
    expect(answer(page)).to_contain_text("This is symbol 4")
    assert page.locator(".jp-Cell, #notebook .cell").count() == cells


def test_a_second_view_and_later_cells_see_the_same_drawings(lab):
    page = lab.open([EXPLORER + "\ndisplay(pad)\npad.drawings = [d[:1] for d in pad.drawings]\npad"])
    expect(page.locator(".sketchpad")).to_have_count(2)
    for number in (0, 1, 5, 6, 7, 11):  # both views
        expect(box(page, number).locator("path")).to_have_count(1)
    draw(page, 5, SHAPES[0])
    expect(box(page, 11).locator("path")).to_have_count(2)
