"""A saved notebook, opened again: where each explorer was there is its picture, and running it brings it back."""

import runpy
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.browser

ROOMS = sorted(Path(__file__).parent.glob("lessons/*/test_browser_*.py"))
CELLS = [runpy.run_path(str(path))["EXPLORER"] for path in ROOMS]  # each makes and shows an explorer
SEEN = """() => ({  // what can be seen: pictures that are stored, explorers that are alive, and what they say instead
  pictures: [...document.querySelectorAll('figure[class^=course-] img')].filter(i => i.checkVisibility()
    && i.naturalWidth > 0 && i.alt.length > 20 && i.getBoundingClientRect().height > 100).length,
  alive: [...document.querySelectorAll('.course-live, .widget-image')].filter(e => e.checkVisibility()).length,
  lost: /Error displaying|not found|could not be|Loading widget/.test(document.body.innerText),
})"""


def sees(page, **wanted):
    page.wait_for_function(f"wanted => Object.entries(({SEEN})()).every(([k, v]) => v === wanted[k])", arg=wanted)


ALIVE = {"pictures": 0, "alive": len(CELLS), "lost": False}
STORED = {"pictures": len(CELLS), "alive": 0, "lost": False}


@pytest.fixture(scope="module", autouse=True)
def saved(lab):
    """A notebook with all explorers that was run, saved and closed; its kernel is gone."""
    sees(lab.open(CELLS), **ALIVE)
    lab.leave(save=True)
    return lab.folder / lab.name


def test_without_a_kernel_the_pictures_stand_there(lab):
    lab.enter(kernel=False)
    sees(lab.page, **STORED)
    lab.page.wait_for_timeout(500)  # ms; it stays so
    sees(lab.page, **STORED)
    lab.leave()


def test_with_a_new_kernel_the_pictures_stand_there_until_the_cells_are_run(lab):
    lab.enter()
    lab.page.wait_for_timeout(3_000)  # JupyterLab looks for a lost widget for two seconds
    sees(lab.page, **STORED)
    sees(lab.run_all(), **ALIVE)
    lab.leave()


def test_a_notebook_of_somebody_else_shows_its_pictures(lab, saved):
    """It is not trusted: no style, no widget."""
    notebook = nbformat.read(saved, as_version=4)
    notebook.cells[0].source += "\n# handed in"
    nbformat.write(notebook, saved)
    lab.enter()
    lab.page.wait_for_timeout(3_000)
    sees(lab.page, **STORED)
    assert lab.page.locator("figure[class^=course-]").count() == len(CELLS)
    assert lab.page.locator("style", has_text="course-live").count() == 0
