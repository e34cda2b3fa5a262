"""The rendered edition in a real browser: from a web server and from the disk, light and dark, and no other host."""

import functools
import http.server
import re
import threading

import pytest
from playwright.sync_api import expect

from tools.notebooks import LESSONS, read

pytestmark = pytest.mark.browser
WORD = "Bregman"  # stands in lesson 06 alone
BROKEN = """() => [...document.images].filter(i => !(i.naturalWidth > 0 && i.alt)).map(i => i.src)"""
FLAT = """() => [...document.querySelectorAll('math')].filter(m => m.getBoundingClientRect().height < 4).length"""
HIDDEN = """() => [...document.querySelectorAll('article details')].map(a => !a.lastElementChild.checkVisibility())"""
RAW = r"""() => {  // dollars in the prose: an equation that stayed LaTeX
  const copy = document.querySelector('article').cloneNode(true)
  copy.querySelectorAll('pre, code').forEach(part => part.remove())
  return copy.textContent.match(/\$[^$]+\$|\\(frac|sum|theta|lVert)/g) ?? []
}"""

CLIPPED = """() => [...document.querySelectorAll('article *')].filter(part => {  // over the edge, out of reach
  if (part.getBoundingClientRect().right <= innerWidth + 1) return false
  for (let p = part; p.tagName !== 'ARTICLE'; p = p.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return false
  return true
}).map(part => part.outerHTML.slice(0, 80))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def served(edition):
    """The address of the edition on a web server of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=edition)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def visit(browser, served):
    """`visit(path, scheme, start)` opens a page anew; whatever went wrong on the way fails the test in the end."""
    faults, contexts = [], []

    def visit(path: str, scheme: str = "light", start: str = served, width: int = 1400):
        contexts.append(browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        # One that is under way when the page is left counts as aborted.
        page.on("requestfailed", lambda r: r.failure == "net::ERR_ABORTED" or faults.append(f"{r.url} failed"))
        page.on("request", lambda r: r.url.startswith((start, "data:")) or faults.append(f"{r.url} was asked"))
        page.goto(f"{start}/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def colour(page, selector: str) -> tuple[float, float]:
    """How bright (0 to 255) the text of this element is, and the page behind it."""
    style = "element => [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor]"
    parts = page.locator(selector).first.evaluate(style)
    return tuple(sum(map(float, re.findall(r"[\d.]+", part)[:3])) / 3 for part in parts)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_shows_all_it_has(visit, path):
    page = visit(f"notebooks/{path.stem}.html")
    expect(page.locator("article h1").first).to_contain_text(path.stem[:2])
    assert page.evaluate(BROKEN) == [] and page.locator("article .cell_output img").count() > 0
    assert page.evaluate(RAW) == [] and page.evaluate(FLAT) == 0
    quizzes = sum("quiz(" in cell.source for cell in read(path).cells if cell.cell_type == "code")
    folded = page.evaluate(HIDDEN)
    assert all(folded) and (folded or quizzes)
    for question in page.locator("article details summary").all()[:1]:
        question.click()
        assert page.evaluate(HIDDEN)[0] is False
        question.click()
        assert page.evaluate(HIDDEN)[0] is True


def test_next_and_previous_go_through_all_lessons(visit):
    page = visit("index.html")
    names = [path.stem for path in LESSONS]
    for name in names:
        page.locator("a.next-page").click()
        page.wait_for_url(f"**/{name}.html")
    for name in reversed(names[:-1]):
        page.locator("a.prev-page").click()
        page.wait_for_url(f"**/{name}.html")
    listed = page.locator(".sidebar-tree a[href]").evaluate_all("links => links.map(a => a.href)")
    assert [link for link in listed if "/notebooks/" in link and names[0] not in link] == [
        page.url.replace(names[0], name) for name in names[1:]
    ]
    page.locator(".toc-tree a", has_text="Recap").click()
    expect(page.get_by_role("heading", name="Recap")).to_be_in_viewport()


@pytest.mark.parametrize("from_disk", [False, True], ids=["served", "from disk"])
def test_search_finds_the_lesson_with_the_word(visit, edition, served, from_disk):
    page = visit("index.html", start=edition.as_uri() if from_disk else served)
    page.get_by_role("textbox", name="Search").fill(WORD)
    page.keyboard.press("Enter")
    found = page.locator("#search-results ul.search > li > a")
    expect(found.first).to_contain_text("06")
    assert found.count() == 1
    found.first.click()
    expect(page.locator("article").get_by_text(WORD).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_colour_schemes(visit, scheme):
    page = visit(f"notebooks/{LESSONS[3].stem}.html", scheme)  # it has folded answers
    for selector in ("article p", "article pre", "article h1", ".sidebar-tree a", "article summary"):
        text, behind = colour(page, selector)
        assert abs(text - behind) > 90, (selector, text, behind)
    assert (behind < 60) == (scheme == "dark")


def test_a_phone_scrolls_a_wide_thing_and_not_the_page(visit):
    for path in LESSONS:
        page = visit(f"notebooks/{path.stem}.html", width=390)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 and page.evaluate(CLIPPED) == [], path.name
