"""The prototype explorer in a real JupyterLab: mouse, sliders, keyboard, networks and distances."""

import pytest
from playwright.sync_api import expect

from tests.lab import slider

pytestmark = pytest.mark.browser

EXPLORER = """
import torch
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.lessons.lesson06 import PrototypeExplorer
torch.manual_seed(0)
networks = {"eight numbers": PrototypicalNet(Conv4(8)), "two numbers": PrototypicalNet(Conv4(8, out=2))}
explorer = PrototypeExplorer(networks, Scripts(3, 2, 3, split="test"))
explorer
"""
REGIONS, DETAIL = (f".course-view [data-part={name}]" for name in ("plane", "detail"))


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open([EXPLORER])
    expect(page.locator(".course-view [data-number]")).to_have_count(6)
    return page


def said(page):
    return page.get_by_role("status").filter(has_text="queries are right")


def changes(page, act, part=REGIONS):
    """Do something, and wait until a part has changed."""
    before = page.locator(part).evaluate("e => e.outerHTML")
    act()
    page.wait_for_function("([p, old]) => document.querySelector(p).outerHTML !== old", arg=[part, before])


def middle(page, selector, number):
    """Of one of several elements, in pixels of the page."""
    return page.evaluate("""([selector, number]) => {
      const box = document.querySelectorAll(selector)[number].getBoundingClientRect()
      return [box.x + box.width / 2, box.y + box.height / 2]
    }""", [selector, number])


def drag_away(page, right, down):
    """Drag the uppermost of the support images at one place; returns its number."""
    x, y = middle(page, ".course-view [data-number]", 5)
    number = page.evaluate("at => +document.elementFromPoint(...at).closest('[data-number]').dataset.number", [x, y])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
    page.wait_for_timeout(600)  # until the sliders have followed, which must move nothing
    return number, (x + right, y + down)


def test_a_support_image_that_is_dragged_takes_regions_and_prototype_with_it(page):
    dragged = {}
    changes(page, lambda: dragged.update([drag_away(page, -40, -30)]))
    ((number, want),) = dragged.items()
    page.wait_for_function("""([s, i, [x, y]]) => {
      const box = document.querySelectorAll(s)[i].getBoundingClientRect()
      return Math.abs(box.x + box.width / 2 - x) < 4 && Math.abs(box.y + box.height / 2 - y) < 4
    }""", arg=[".course-view [data-number]", number, want])
    expect(said(page)).to_contain_text("moved")  # how many is asked without a browser, where no slider can answer late
    expect(page.locator(DETAIL)).to_contain_text(f"Support image {number + 1}: class {number // 2}")
    changes(page, lambda: page.get_by_role("button", name="Put points back").click())
    expect(said(page)).not_to_contain_text("moved")


def test_an_image_under_the_mouse_is_shown_large_with_its_distances(page):
    queries = ".course-view [data-part=queries] [data-look]"
    expect(page.locator(queries)).to_have_count(9)
    for number in range(9):  # one that no other covers
        x, y = middle(page, queries, number)
        seen = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('[data-look]').dataset.look", [x, y])
        if seen == str(6 + number):
            break
    changes(page, lambda: page.mouse.move(x, y), DETAIL)
    expect(page.locator(DETAIL)).to_contain_text(f"Query {number + 1}: class {number // 3}")
    expect(page.locator(f"{DETAIL} td")).to_have_count(6)  # three prototypes, in the plane and in the whole embedding
    loaded = "() => new Promise(done => { const i = new Image(); i.onload = () => done(i.naturalWidth); i.src = " \
             "document.querySelector('.course-view image').getAttribute('href') })"  # fmt: skip
    assert page.evaluate(loaded) == 28
    drawn = page.locator(f"{DETAIL} use")
    assert drawn.get_attribute("href") == "#" + page.locator(".course-view image").nth(6 + number).get_attribute("id")


@pytest.mark.arrows
def test_everything_works_from_the_keyboard(page):
    slider(page, "or move point").press("End")
    before = middle(page, ".course-view [data-number]", 5)[0]
    changes(page, lambda: slider(page, "to x").press("Home"))
    page.wait_for_function("([s, x]) => document.querySelectorAll(s)[5].getBoundingClientRect().x < x - 5",
                           arg=[".course-view [data-number]", before])  # fmt: skip
    expect(said(page)).to_contain_text("moved")
    changes(page, lambda: slider(page, "or look at query").press("ArrowRight"), DETAIL)
    expect(page.locator(DETAIL)).to_contain_text("Query 2: class 0")
    changes(page, lambda: slider(page, "way").press("ArrowRight"))
    expect(page.locator(".course-view [data-number]")).to_have_count(8)
    changes(page, lambda: slider(page, "shot").press("ArrowLeft"))
    expect(page.locator(".course-view [data-number]")).to_have_count(4)
    page.get_by_role("button", name="Another task").focus()
    changes(page, lambda: page.keyboard.press("Enter"))


@pytest.mark.arrows
def test_arrow_keys_move_the_point_that_was_clicked_and_the_page_stays(page):
    x, y = middle(page, ".course-view [data-number]", 0)
    chosen = page.evaluate("at => +document.elementFromPoint(...at).closest('[data-number]').dataset.number", [x, y])
    page.mouse.click(x, y)
    page.wait_for_timeout(600)  # until the sliders have followed
    where = "() => document.querySelector('.course-view').getBoundingClientRect().y"
    before, place = page.evaluate(where), middle(page, ".course-view [data-number]", chosen)
    for key, across, up in (("ArrowRight", 1, 0), ("ArrowUp", 0, 1), ("ArrowUp", 0, 1), ("ArrowLeft", -1, 0)):
        changes(page, lambda key=key: page.keyboard.press(key))
        after = middle(page, ".course-view [data-number]", chosen)
        moved = [after[0] - place[0], place[1] - after[1]]
        assert [round(m / 5) > 0 for m in moved] == [across > 0, up > 0], (key, moved)
        assert [round(m / 5) < 0 for m in moved] == [across < 0, up < 0], (key, moved)
        place = after
    expect(said(page)).to_contain_text("moved")
    assert page.evaluate(where) == before
    changes(page, lambda: page.get_by_role("button", name="Put points back").click())


def test_network_and_distance_are_switched_and_what_the_plane_loses_is_said(page):
    lost = page.locator(".course-view [data-part=caption]")
    expect(lost).to_contain_text("of 8 numbers an image")
    changes(page, lambda: page.get_by_role("button", name="two numbers").click())
    expect(lost).to_contain_text("the plane is the whole embedding")
    changes(page, lambda: page.get_by_role("button", name="cosine").click())
    expect(said(page)).to_contain_text("cosine distance")
    expect(page.locator(DETAIL)).to_contain_text("Cosine with each prototype")
    expect(said(page)).not_to_contain_text("moved")  # the sliders have other ends now, and no point has followed them


def test_after_a_restart_of_the_kernel_no_point_follows_the_mouse_and_the_picture_says_why(lab):
    page = lab.open([EXPLORER])
    expect(page.locator(".course-view [data-number]")).to_have_count(6)
    if not page.evaluate("() => Boolean(window.jupyterapp)"):
        pytest.skip("the classic notebook asks before it restarts")
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_selector(".jupyter-widgets-disconnected .course-view, .course-view.jupyter-widgets-disconnected")
    before = middle(page, ".course-view [data-number]", 5)
    drag_away(page, -40, -30)
    assert middle(page, ".course-view [data-number]", 5) == before
    said = "e => getComputedStyle(e.querySelector('.course-view') ?? e, '::before').content"
    assert "restarted" in page.locator(".jupyter-widgets-disconnected").first.evaluate(said)
